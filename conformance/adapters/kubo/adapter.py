#!/usr/bin/env python3
"""Adapter of the conformance kit over a Kubo-like program, by its command line or by its RPC: JSON lines on stdin and stdout.

  adapter.py cli|rpc PROGRAM

It makes a repository of its own in a temporary folder and, for the RPC, starts a daemon there that talks to nobody.
"""
import atexit, base64, contextlib, hashlib, http.client, io, json, os, shutil, signal, struct, subprocess, sys, tarfile, tempfile, time, urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from lines import octets, serve  # noqa: E402

mode, program = sys.argv[1:3]
work = tempfile.mkdtemp(prefix="kit-kubo-")
atexit.register(shutil.rmtree, work, True)
environment = {**os.environ, "IPFS_PATH": os.path.join(work, "repo"), "IPFS_TELEMETRY": "off"}


class Refused(Exception):
    pass


# ---- the program ----

def shell(*words, data=b""):
    done = subprocess.run([program, *words], input=data, capture_output=True, env=environment)
    if done.returncode:
        raise Refused(done.stderr.decode("utf-8", "replace").strip() or f"exit status {done.returncode}")
    return done.stdout


class Daemon:
    child, port = None, 0

    def start(self):
        self.stop()
        log = os.path.join(work, "daemon.log")
        self.child = subprocess.Popen([program, "daemon", "--offline"], stdout=open(log, "wb"), stderr=subprocess.STDOUT, env=environment)
        for _ in range(600):
            with open(log, encoding="utf-8", errors="replace") as f:
                text = f.read()
            if "Daemon is ready" in text:
                break
            if self.child.poll() is not None:
                sys.exit(text)
            time.sleep(0.05)
        with open(os.path.join(work, "repo", "api"), encoding="ascii") as f:
            self.port = int(f.read().strip().split("/")[4])

    def stop(self):
        if self.child:
            self.child.send_signal(signal.SIGTERM)
            self.child.wait()
            self.child = None


daemon = Daemon()
atexit.register(daemon.stop)
settings = {}


def configure(**changes):
    """Settings that are read at start; the daemon is started again where they differ."""
    global settings
    if changes == settings:
        return
    daemon.stop()
    for key in {*settings, *changes}:
        value = changes.get(key)
        shell("config", "--json", "Import." + key, json.dumps(value))
    settings = changes
    if mode == "rpc":
        daemon.start()


class Response(http.client.HTTPResponse):
    """Keeps the trailer: an error in the middle of an answer stands there."""
    trailer = b""

    def _read_and_discard_trailer(self):
        while (line := self.fp.readline()) not in (b"\r\n", b"\n", b""):
            self.trailer += line


def multipart(files):
    """files: (name, kind, octets) with kind file, directory or symlink."""
    boundary, out = "kit-" + os.urandom(8).hex(), []
    for name, kind, data in files:
        type_ = {"file": "application/octet-stream", "directory": "application/x-directory", "symlink": "application/symlink"}[kind]
        out.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{urllib.parse.quote(name, safe="")}"\r\nContent-Type: {type_}\r\n\r\n'.encode() + data + b"\r\n")
    return b"".join(out) + f"--{boundary}--\r\n".encode(), {"Content-Type": "multipart/form-data; boundary=" + boundary}


def request(path, args, options, files=None):
    """POST /api/v0/path."""
    query = [("arg", a) for a in args] + list(options.items())
    body, headers = multipart(files) if files is not None else (b"", {})
    c = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=60)
    c.response_class = Response
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # refused before all was sent: the answer says why
        c.request("POST", f"/api/v0/{path}?{urllib.parse.urlencode(query)}", body, headers)
    r = c.getresponse()
    text = r.read()
    c.close()
    if r.status != 200:
        raise Refused(text.decode("utf-8", "replace"))
    if b"x-stream-error" in r.trailer.lower():
        raise Refused(r.trailer.decode("utf-8", "replace").strip())
    return text


def call(command, args=(), options=None, data=None):
    """One command with its options: by the RPC, or as words with the data on stdin or in a file. Answers what it wrote."""
    options = options or {}
    if mode == "rpc":
        return request(command, args, options, None if data is None else [("x", "file", data)])
    words = [*command.split("/"), *[f"--{k}={v}" for k, v in options.items()]]
    if data is not None:
        with tempfile.NamedTemporaryFile(dir=work) as f:
            f.write(data)
            f.flush()
            return shell(*words, "--", *args, f.name)
    return shell(*words, *(["--"] if args else []), *args)


def lines(text):
    out = [json.loads(l) for l in text.decode().splitlines() if l.strip()]
    for o in out:
        if isinstance(o, dict) and o.get("Type") == "error":
            raise Refused(o.get("Message", "error"))
    return out


# ---- CIDs ----

def formatted(text, form, **options):
    if mode == "rpc":
        o = json.loads(call("cid/format", [text], {"f": form, **options}))
        if o.get("ErrorMsg"):
            raise Refused(o["ErrorMsg"])
        return o["Formatted"]
    return call("cid/format", [text], {"f": form, **options}).decode().rstrip("\n")


def describe(text):
    version = formatted(text, "%V")  # with a base, a CIDv0 is shown as a CIDv1
    codec, hash_ = formatted(text, "%C %M", b="base16").split(" ")
    hash_ = hash_[1:] if hash_.startswith("f") else hash_
    version, codec = int(version), int(codec, 0)
    whole = hash_ if version == 0 else (varint(1) + varint(codec)).hex() + hash_
    return {"version": version, "codec": codec, "hash": hash_, "bytes": whole}


def varint(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7f | 0x80)
        n >>= 7
    return bytes(out) + bytes([n])


def cid_text(i):
    """The CID of an input as a text; a CIDv0 has none but its base58."""
    if "text" in i:
        return i["text"]
    data = octets(i["bytes"])
    v0 = data[:2] == b"\x12\x20" and len(data) == 34
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz" if v0 else "abcdefghijklmnopqrstuvwxyz234567"
    n, out = int.from_bytes(data, "big"), ""
    if not v0:
        n <<= -len(data) * 8 % 5
    while n:
        n, r = divmod(n, len(alphabet))
        out = alphabet[r] + out
    return out if v0 else "b" + out.rjust((len(data) * 8 + 4) // 5, "a")


def format_cid(i):
    return {"text": formatted(cid_text(i), "%s", **({"b": i["base"]} if "base" in i else {}))}


hash_names = {}


def hash_name(code):
    if not hash_names:
        if mode == "rpc":
            hash_names.update({o["Code"]: o["Name"] for o in json.loads(call("cid/hashes"))})
        else:
            hash_names.update({int(l.split()[0]): l.split()[1] for l in call("cid/hashes", options={"numeric": "true"}).decode().splitlines()})
    if code not in hash_names:
        raise Refused(f"no hash {code}")
    return hash_names[code]


def put_block(data, **options):
    text = call("block/put", options={"allow-big-block": "true", **options}, data=data)
    return json.loads(text)["Key"] if mode == "rpc" else text.decode().strip()


def sum_hash(i):
    options = {"mhtype": hash_name(i["code"]), "cid-codec": "raw"}
    if "size" in i:
        options["mhlen"] = i["size"]
    return {"bytes": describe(put_block(octets(i["data"]), **options))["hash"]}


codec_names = {0x55: "raw", 0x70: "dag-pb", 0x71: "dag-cbor", 0x0129: "dag-json", 0x72: "libp2p-key"}


def sum_cid(i):
    data, name = octets(i["data"]), hash_name(i["hash"])
    if i["version"] == 0:
        return {"text": put_block(data, format="v0", mhtype=name)}
    return {"text": put_block(data, **{"cid-codec": codec_names[i["codec"]], "mhtype": name})}


# ---- codecs ----

def to_value(v):
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, int):
        return {"int": str(v)}
    if isinstance(v, float):
        return {"float": struct.pack(">d", v).hex()}
    if isinstance(v, list):
        return [to_value(x) for x in v]
    if set(v) == {"/"}:
        inner = v["/"]
        if isinstance(inner, str):
            return {"link": inner}
        if isinstance(inner, dict) and set(inner) == {"bytes"} and isinstance(inner["bytes"], str):
            return {"bytes": base64.b64decode(inner["bytes"] + "=" * (-len(inner["bytes"]) % 4)).hex()}
    return {"map": [[k, to_value(x)] for k, x in v.items()]}


def put_node(data, read, write):
    text = call("dag/put", options={"input-codec": read, "store-codec": write, "pin": "false", "allow-big-block": "true"}, data=data)
    return json.loads(text)["Cid"]["/"] if mode == "rpc" else text.decode().strip()


def transcode(i):
    return {"bytes": call("block/get", [put_node(octets(i["bytes"]), i["from"], i["to"])]).hex()}


def decode(i):
    return {"value": to_value(json.loads(call("block/get", [put_node(octets(i["bytes"]), i["codec"], "dag-json")])))}


# ---- UnixFS ----

def import_options(i):
    o = {"cid-version": i["cid_version"], "raw-leaves": str(i["raw_leaves"]).lower(), "chunker": i["chunker"], "max-file-links": i["max_links"], "hash": i.get("hash", "sha2-256"), "pin": "false"}
    if i.get("layout") == "trickle":
        o["trickle"] = "true"
    if "mode" in i:
        o["mode"] = f"0{i['mode']:o}"
    if "mtime" in i:
        o["mtime"] = i["mtime"][0]
        if i["mtime"][1]:
            o["mtime-nsecs"] = i["mtime"][1]
    return o


def import_file(i):
    configure()
    data, options = octets(i["data"]), import_options(i)
    if mode == "rpc":
        return {"cid": lines(request("add", [], {**options, "quieter": "true"}, [("x", "file", data)]))[-1]["Hash"]}
    return {"cid": call("add", options={**options, "Q": "true"}, data=data).decode().strip()}


def import_tree(i):
    rule, threshold = i.get("shard", "links"), i.get("threshold", 256 << 10)
    wanted = {}
    if rule == "always":
        threshold = 1
    if rule != "links" or threshold != 256 << 10:
        wanted = {"UnixFSHAMTDirectorySizeThreshold": f"{threshold}B", "UnixFSHAMTDirectorySizeEstimation": "block" if rule == "block" else "links"}
    if i.get("fanout", 256) != 256:
        wanted["UnixFSHAMTDirectoryMaxFanout"] = i["fanout"]
    configure(**wanted)
    files = []

    def walk(name, node):
        if "entries" in node:
            files.append((name, "directory", b""))
            for inner, child in node["entries"]:
                walk(name + "/" + inner, child)
        elif "symlink" in node:
            files.append((name, "symlink", node["symlink"].encode()))
        else:
            files.append((name, "file", octets(node["data"])))
    walk("t", i["tree"])
    options = {**import_options(i), "hidden": "true"}
    if mode == "rpc":
        found = [o for o in lines(request("add", [], {**options, "recursive": "true"}, files)) if o.get("Name") == "t"]
        return {"cid": found[-1]["Hash"]}
    with tempfile.TemporaryDirectory(dir=work) as folder:
        for name, kind, data in files:
            path = os.path.join(folder, name)
            if kind == "directory":
                os.mkdir(path)
            elif kind == "symlink":
                os.symlink(data.decode(), path)
            else:
                with open(path, "wb") as f:
                    f.write(data)
        return {"cid": shell("add", "-r", "-Q", *[f"--{k}={v}" for k, v in options.items()], os.path.join(folder, "t")).decode().split()[-1]}


def read_tree(i):
    """A tree out of a CAR. The repository is emptied before: a block that is missing may not come from another case."""
    configure()
    call("repo/gc", options={"quiet": "true"})
    if mode == "rpc":
        for o in lines(call("dag/import", options={"pin-roots": "false", "allow-big-block": "true"}, data=octets(i["car"]))):
            if o.get("PinErrorMsg"):
                raise Refused(o["PinErrorMsg"])
    else:
        call("dag/import", options={"pin-roots": "false", "allow-big-block": "true"}, data=octets(i["car"]))
    seen = {}

    def walk(path, cid, depth):
        if depth > 64:
            raise Refused("too deep")
        kind = describe(cid)["codec"]
        what = {"path": path, "cid": cid}
        seen[path] = what
        if kind not in (0x55, 0x70):
            call("block/get", [cid])
            what["type"] = "other"
            return
        stat = stat_of(cid)
        if stat == "directory":
            what["type"] = "directory"
            for name, child in entries_of(cid):
                walk(name if not path else path + "/" + name, child, depth + 1)
        elif stat == "symlink":
            what["type"], what["target"] = "symlink", target_of(cid)
        else:
            content = call("cat", [cid])
            what["type"], what["size"], what["sha256"] = "file", len(content), hashlib.sha256(content).hexdigest()
    walk("", i["root"], 0)
    return {"entries": [seen[p] for p in sorted(seen)]}


def stat_of(cid):
    """"directory", "file" or "symlink"; of the last, `files stat` says that it is a file."""
    if describe(cid)["codec"] == 0x70:
        data = ((json.loads(call("dag/get", [cid])).get("Data") or {}).get("/") or {}).get("bytes", "")
        if base64.b64decode(data + "=" * (-len(data) % 4))[:2] == b"\x08\x04":
            return "symlink"
    if mode == "rpc":
        return json.loads(call("files/stat", ["/ipfs/" + cid]))["Type"]
    text = call("files/stat", ["/ipfs/" + cid]).decode()
    return next(l.split(": ")[1] for l in text.splitlines() if l.startswith("Type"))


def entries_of(cid):
    if mode == "rpc":
        return [(l["Name"], l["Hash"]) for l in json.loads(call("ls", [cid], {"resolve-type": "false", "size": "false"}))["Objects"][0]["Links"] or []]
    out = []
    for l in call("ls", [cid], {"resolve-type": "false", "size": "false"}).decode("utf-8", "surrogateescape").splitlines():
        child, _, name = l.partition(" ")
        out.append((name.rstrip("/"), child))
    return out


def target_of(cid):
    # the TAR archive of a link has its target
    if mode == "rpc":
        with tarfile.open(fileobj=io.BytesIO(call("get", [cid], {"archive": "true"}))) as t:
            return t.next().linkname
    path = os.path.join(work, "link")
    with contextlib.suppress(FileNotFoundError):
        os.remove(path)
    shell("get", "-o", path, cid)
    return os.readlink(path)


def cuts(i):
    configure()
    data = octets(i["data"])
    cid = import_file({**i, "cid_version": 1, "raw_leaves": True, "max_links": 1000, "data": i["data"]})["cid"]
    if not data:
        return {"lengths": []}

    def lengths(c):
        if describe(c)["codec"] == 0x55:
            return [len(call("block/get", [c]))]
        node = json.loads(call("dag/get", [c]))
        return [n for l in node["Links"] for n in ([l["Tsize"]] if describe(l["Hash"]["/"])["codec"] == 0x55 else lengths(l["Hash"]["/"]))]
    return {"lengths": lengths(cid)}


# ---- IPNS ----

def validate(i):
    options = {"verify": i["name"]}
    if mode == "cli":
        options["enc"] = "json"
    o = json.loads(call("name/inspect", options=options, data=octets(i["record"])))
    if not o["Validation"]["Valid"]:
        raise Refused(o["Validation"].get("Reason", "not valid"))
    e = o["Entry"]
    out = {"value": e["Value"], "sequence": str(e.get("Sequence", 0)), "ttl": str(e.get("TTL", 0))}
    if e.get("Validity"):
        day, _, fraction = e["Validity"].rstrip("Z").partition(".")
        out["validity"] = f"{day}.{fraction:0<9}Z"
    return out


def decode_base(i):
    data = call("multibase/decode", data=i["text"].encode("utf-8", "surrogatepass"))
    return {"base": prefixes()[i["text"][0]], "bytes": data.hex()}


known_prefixes = {}


def prefixes():
    """What the first character of a text says, as the program lists it."""
    if not known_prefixes:
        if mode == "rpc":
            known_prefixes.update({chr(o["Code"]): o["Name"] for o in json.loads(call("multibase/list"))})
        else:
            rows = [l.split() for l in call("multibase/list", options={"prefix": "true"}).decode().splitlines()]
            known_prefixes.update({r[0]: r[1] for r in rows if len(r) == 2})
    return known_prefixes


operations = {
    "multibase.encode": lambda i: {"text": call("multibase/encode", options={"b": i["base"]}, data=octets(i["bytes"])).decode()},
    "multibase.decode": decode_base,
    "multihash.sum": sum_hash, "cid.parse": lambda i: describe(i["text"]), "cid.format": format_cid, "cid.sum": sum_cid,
    "cid.to_v0": lambda i: {"text": formatted(cid_text(i), "%s", v="0")}, "cid.to_v1": lambda i: {"text": formatted(cid_text(i), "%s", v="1", **({"b": i["base"]} if "base" in i else {}))},
    "codec.decode": decode, "codec.transcode": transcode,
    "unixfs.import_file": import_file, "unixfs.import_tree": import_tree, "unixfs.read": read_tree, "chunker.cuts": cuts, "ipns.validate": validate,
}


def main():
    shell("init", "--profile=test", "--empty-repo")
    for key, value in {"AutoConf.Enabled": False, "Bootstrap": [], "Routing.Type": "none", "Addresses.API": "/ip4/127.0.0.1/tcp/0", "Addresses.Gateway": "/ip4/127.0.0.1/tcp/0"}.items():
        with contextlib.suppress(Refused):
            shell("config", "--json", key, json.dumps(value))
    if mode == "rpc":
        daemon.start()
    version = shell("version", "--number").decode().strip()
    bases = []
    for base in prefixes().values():
        with contextlib.suppress(Refused):
            call("multibase/encode", options={"b": base}, data=b"x")
            bases.append(base)
    hash_name(0x12)
    features = ["base:" + b for b in bases] + ["hash:" + h for h in hash_names.values()]
    features += ["codec:dag-cbor", "codec:dag-json", "codec:dag-pb", "codec:raw", "int:64", "chunker:rabin", "chunker:buzhash", "chunker:parse", "hamt:fanout", "unixfs:metadata"]
    hello = {"name": os.path.basename(program), "version": version, "language": "command line" if mode == "cli" else "RPC", "features": features}
    serve(hello, operations, (Refused, UnicodeError, ValueError, KeyError, OSError, http.client.HTTPException))


main()
