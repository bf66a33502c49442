#!/usr/bin/env python3
"""Adapter of the conformance kit over a gateway: JSON lines on stdin and stdout, HTTP requests to a base URL.

  adapter.py --url http://127.0.0.1:8080 [--rpc http://127.0.0.1:5001 | --load 'COMMAND {}']   a gateway that runs
  adapter.py --daemon PROGRAM                                                                   one of its own: Kubo, cairn

What a case needs comes with it: a CAR, loaded by the RPC (dag import, routing put) or by a command that is given its file.
--trustless: only trustless answers are asked for.
"""
import argparse, atexit, contextlib, email.message, hashlib, http.client, io, json, os, re, shutil, signal, subprocess, sys, tarfile, tempfile, time, urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from lines import octets, serve  # noqa: E402

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("--url")
p.add_argument("--rpc")
p.add_argument("--load")
p.add_argument("--daemon")
p.add_argument("--trustless", action="store_true")
p.add_argument("--name")
args = p.parse_args()
work = tempfile.mkdtemp(prefix="kit-http-")
atexit.register(shutil.rmtree, work, True)


# ---- a gateway of its own ----

def start(program):
    """A daemon without a network; its gateway, its RPC and its version."""
    env = {**os.environ, "IPFS_PATH": os.path.join(work, "repo"), "IPFS_TELEMETRY": "off"}
    run = lambda *w: subprocess.run([program, *w], env=env, check=True, capture_output=True, text=True).stdout
    run("init", "--profile=test", "--empty-repo")
    for key, value in {"AutoConf.Enabled": False, "Bootstrap": [], "Routing.Type": "none", "Addresses.API": "/ip4/127.0.0.1/tcp/0", "Addresses.Gateway": "/ip4/127.0.0.1/tcp/0", "Gateway.NoFetch": True}.items():
        with contextlib.suppress(subprocess.CalledProcessError):
            run("config", "--json", key, json.dumps(value))
    log = os.path.join(work, "daemon.log")
    child = subprocess.Popen([program, "daemon", "--offline"], stdout=open(log, "wb"), stderr=subprocess.STDOUT, env=env)
    atexit.register(lambda: (child.send_signal(signal.SIGTERM), child.wait()))
    for _ in range(600):
        with open(log, encoding="utf-8", errors="replace") as f:
            text = f.read()
        if "Daemon is ready" in text:
            break
        if child.poll() is not None:
            sys.exit(text)
        time.sleep(0.05)
    with open(os.path.join(work, "repo", "gateway"), encoding="ascii") as f:
        url = f.read().strip()
    with open(os.path.join(work, "repo", "api"), encoding="ascii") as f:
        rpc = "http://127.0.0.1:" + f.read().strip().split("/")[4]
    return url, rpc, run("version", "--number").strip()


version = "?"
if args.daemon:
    args.url, args.rpc, version = start(args.daemon)
if not args.url:
    p.error("--url or --daemon")
base = urllib.parse.urlsplit(args.url)


# ---- loading ----

loaded = set()


def rpc(path, query, data):
    boundary = "kit" + os.urandom(8).hex()
    body = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    host = urllib.parse.urlsplit(args.rpc)
    c = http.client.HTTPConnection(host.hostname, host.port, timeout=60)
    c.request("POST", f"/api/v0/{path}?{urllib.parse.urlencode(query)}", body, {"Content-Type": "multipart/form-data; boundary=" + boundary})
    r = c.getresponse()
    text = r.read()
    c.close()
    if r.status != 200:
        sys.exit(f"{path}: {r.status} {text[:500]}")


def load(i):
    car = octets(i["car"]) if "car" in i else b""
    if car and (digest := hashlib.sha256(car).digest()) not in loaded:
        loaded.add(digest)
        if args.rpc:
            rpc("dag/import", {"pin-roots": "false"}, car)
        elif args.load:
            path = os.path.join(work, "fixture.car")
            with open(path, "wb") as f:
                f.write(car)
            subprocess.run(args.load.replace("{}", path), shell=True, check=True, stdout=subprocess.DEVNULL)
    for name, record in i.get("records", {}).items():
        if (name, record) not in loaded and args.rpc:
            loaded.add((name, record))
            rpc("routing/put", {"arg": "/ipns/" + name, "allow-offline": "true"}, octets(record))


# ---- what an answer holds ----

def varint(b, at):
    n = shift = 0
    while True:
        n |= (b[at] & 0x7f) << shift
        at, shift = at + 1, shift + 7
        if b[at - 1] < 0x80:
            return n, at


def base32(data):
    alphabet, out, word, have = "abcdefghijklmnopqrstuvwxyz234567", "", 0, 0
    for b in data:
        word, have = word << 8 | b, have + 8
        while have >= 5:
            have -= 5
            out += alphabet[word >> have & 31]
    return "b" + out + (alphabet[word << 5 - have & 31] if have else "")


def cid_at(b, at):
    """A CIDv1 at a place of a CAR, and where it ends."""
    start = at
    _, at = varint(b, at)
    _, at = varint(b, at)
    _, at = varint(b, at)
    size, at = varint(b, at)
    return b[start:at + size], at + size


def read_car(b):
    """CARv1: its roots, and the CIDs of its blocks, each of which is hashed (sha2-256)."""
    size, at = varint(b, 0)
    head, blocks = b[at:at + size], []
    roots, here = [], head.find(b"\xd8\x2a\x58")
    while here >= 0:
        n = head[here + 3]
        roots.append(base32(head[here + 5:here + 4 + n]))
        here = head.find(b"\xd8\x2a\x58", here + 4 + n)
    at += size
    while at < len(b):
        size, at = varint(b, at)
        cid, data = cid_at(b, at)
        if at + size > len(b):
            raise ValueError("the CAR is cut")
        if cid[2:4] == b"\x12\x20" and hashlib.sha256(b[data:at + size]).digest() != cid[4:]:
            raise ValueError("a block is not its CID's")
        blocks.append(base32(cid))
        at += size
    return {"version": 1 if b"gversion\x01" in head else 0, "roots": roots, "blocks": blocks}


def read_tar(b):
    kinds = {tarfile.REGTYPE: "file", tarfile.DIRTYPE: "directory", tarfile.SYMTYPE: "symlink"}
    with tarfile.open(fileobj=io.BytesIO(b)) as t:
        return [{"name": m.name, "type": kinds.get(m.type, "?"), "size": m.size} for m in t]


def outside(tar):
    """How many members of an archive, or of what there is of it, lie outside of the folder where it is unpacked."""
    names = []
    with contextlib.suppress(tarfile.TarError), tarfile.open(fileobj=io.BytesIO(tar)) as t:
        for m in t:
            names.append(m.name)
    return sum(n.startswith("/") or os.path.normpath(n).split("/")[0] == ".." for n in names)


def get(i):
    load(i)
    c = http.client.HTTPConnection(base.hostname, base.port, timeout=20)
    # the path as it is: nothing is escaped or joined here
    c.putrequest(i.get("method", "GET"), base.path.rstrip("/") + i["path"], skip_host="host" in {h.lower() for h in i.get("headers", {})}, skip_accept_encoding=True)
    for key, value in i.get("headers", {}).items():
        c.putheader(key, value)
    c.endheaders()
    r = c.getresponse()
    tar = r.headers.get_content_type() == "application/x-tar"
    try:
        data, whole = r.read(), True
    except http.client.IncompleteRead as e:
        data, whole = e.partial, False
        if not tar:
            raise ValueError("the answer broke off") from None
    finally:
        c.close()
    headers = {}
    for key, value in r.getheaders():
        headers[key.lower()] = headers[key.lower()] + ", " + value if key.lower() in headers else value
    out = {"status": r.status, "headers": headers, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "broken_off": not whole, "outside": outside(data) if tar else 0}
    if len(data) <= 1 << 16:
        out["body"] = data.hex()
    m = email.message.Message()
    for key in ("content-type", "content-disposition"):
        if key in headers:
            m[key] = headers[key]
    if "content-type" in headers:
        out["content_type"] = m.get_content_type()
        out["content_type_parameters"] = {k: v for k, v in m.get_params()[1:]}
    if "content-disposition" in headers:
        out["disposition"] = m.get_content_disposition()
        # the extended form counts where there are both (RFC 6266)
        extended = re.search(r"filename\*=utf-8''([^;]*)", headers["content-disposition"], re.I)
        out["disposition_filename"] = urllib.parse.unquote(extended[1]) if extended else m.get_filename()
    if "location" in headers:
        at = urllib.parse.urlsplit(headers["location"])
        out["location_path"] = at.path + ("?" + at.query if at.query else "")
    if data and out.get("content_type") == "application/vnd.ipld.car":
        out["car"] = read_car(data)
    if data and tar and whole:
        out["tar"] = read_tar(data)
    return out


def main():
    features = [] if args.trustless else ["gateway:deserialized"]
    if args.rpc:
        features.append("gateway:ipns")
    hello = {"name": args.name or (os.path.basename(args.daemon) if args.daemon else args.url), "version": version, "language": "HTTP", "features": features}
    serve(hello, {"gateway.get": get}, (OSError, ValueError, IndexError, http.client.HTTPException, tarfile.TarError))


main()
