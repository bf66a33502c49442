#!/usr/bin/env python3
"""Cases of the trustless and the path gateway: HTTP requests to a gateway that holds the blocks of one CAR."""
import trees
from kit import *
from urllib.parse import quote

seed = hashlib.sha256(b"kit gateway name").digest()


def make_site():
    """A small site: files of one and of many blocks, names that need escapes, a directory with and one without index.html."""
    i = trees.Importer(chunk=16, width=4)
    big = bytes(range(160))
    parts, node = {}, {}

    def file(name, data):
        node[name] = i.file(data)
        parts[name] = data
        return (name, *node[name])
    index = file("index.html", b"<!DOCTYPE html><p>hi")
    sub = i.directory([index, file("a.txt", b"text\n")])
    plain = i.directory([file("b.json", b'{"b":2}'), file("c d.txt", b"space"), file("x%y.txt", b"percent"), file("ü.txt", b"umlaut"), file("q?.txt", b"question")])
    twice = i.directory([("one", *node["a.txt"]), ("two", *node["a.txt"])])
    root = i.directory([("site", *sub), ("plain", *plain), ("twice", *twice), file("big.bin", big), file("empty.txt", b""), ("link", *i.symlink("big.bin"))])
    node.update(site=sub, plain=plain, twice=twice, root=root)
    cids = {name: c for name, (c, _) in node.items()}
    blocks = list({c: (c, d) for c, d in i.blocks}.values())
    c = cbor({"a": 1, "big": Link(cids["big.bin"]), "list": [True, None]})
    j = dag_json({"a": 1, "link": Link(cids["a.txt"])}).encode()
    cids["cbor"], cids["json"] = cid1(DAG_CBOR, mh(c)), cid1(DAG_JSON, mh(j))
    return cids, parts, blocks + [(cids["cbor"], c), (cids["json"], j)]


cids, parts, blocks = make_site()
octets_of = dict(blocks)
site = car([cids["root"]], blocks).hex()
text = {name: cid_text(c) for name, c in cids.items()}
absent = cid_text(cid1(RAW, mh(b"a block that nobody has")))


def links_of(block):
    """The CIDs below a dag-pb block, in order."""
    out, at = [], 0

    def number():
        nonlocal at
        n = shift = 0
        while True:
            b = block[at]
            at += 1
            n |= (b & 0x7f) << shift
            shift += 7
            if b < 0x80:
                return n
    while at < len(block):
        key, size = number(), number()
        if key == 0x12:
            inner = block[at:at + size]
            out.append(inner[2:2 + inner[1]])
        at += size
    return out


def dfs(cid, below=True, seen=None):
    """Blocks depth first, each once."""
    seen = [] if seen is None else seen
    if cid not in seen:
        seen.append(cid)
        if below and cid[:2] == b"\x01\x70":
            for l in links_of(octets_of[cid]):
                dfs(l, True, seen)
    return seen


def leaves(first, last):
    """The blocks of big.bin that cover octets first..last: its inner nodes are 4 leaves of 16 wide, two levels and a root."""
    def walk(cid, start):
        if cid[:2] == b"\x01\x55":
            return [cid], start + len(octets_of[cid])
        inside, at = [], start
        for l in links_of(octets_of[cid]):
            got, end = walk(l, at)
            if end > first and at <= last:
                inside += got
            at = end
        return [cid] + inside, at
    return list(dict.fromkeys(walk(cids["big.bin"], 0)[0]))


def adder(a):
    def get(clause, slug, path, out=None, variants=None, method=None, headers=None, **k):
        inp = {"car": site, "path": path}
        if method:
            inp["method"] = method
        if headers:
            inp["headers"] = headers
        inp.update(k.pop("more", {}))
        a.add(clause, slug, "gateway.get", inp, out=out, variants=variants, **k)
    return get


def body(data, **k):
    return {"status": 200, "body": data.hex(), **k}


def car_of(roots, listed, **k):
    return {"status": 200, "car": {"version": 1, "roots": [cid_text(r) for r in roots], "blocks": [cid_text(b) for b in listed]}, **k}


def record_of(key, ttl):
    """A record of the site that stays valid, for so many seconds; its name; what a case with it needs."""
    value, validity, ttl = f"/ipfs/{text['site']}".encode(), b"2100-01-01T00:00:00.000000000Z", ttl * 1_000_000_000
    data = cbor({"Value": value, "Validity": validity, "ValidityType": 0, "Sequence": 1, "TTL": ttl})
    v1 = ed25519_sign(key, value + validity + b"\0")
    record = pb(1, value) + pb(2, v1) + pb(3, 0) + pb(4, validity) + pb(5, 1) + pb(6, ttl) + pb(8, ed25519_sign(key, b"ipns-signature:" + data)) + pb(9, data)
    return record, ipns_name(key), {"records": {ipns_name(key): record.hex()}}


def make_trustless():
    a = Area("trustless-gateway", "trustless gateway")
    get = adder(a)
    c = lambda n: f"trustless-gateway-{n}"
    raw_type, car_type = "application/vnd.ipld.raw", "application/vnd.ipld.car"
    for slug, path, cid in (("leaf", f"/ipfs/{text['a.txt']}", cids["a.txt"]), ("file-node", f"/ipfs/{text['big.bin']}", cids["big.bin"]), ("directory", f"/ipfs/{text['site']}", cids["site"]), ("dag-cbor", f"/ipfs/{text['cbor']}", cids["cbor"]), ("dag-json", f"/ipfs/{text['json']}", cids["json"]),
                            ("path-to-leaf", f"/ipfs/{text['root']}/site/a.txt", cids["a.txt"]), ("path-to-file", f"/ipfs/{text['root']}/big.bin", cids["big.bin"]), ("path-to-directory", f"/ipfs/{text['root']}/site", cids["site"]), ("empty-file", f"/ipfs/{text['root']}/empty.txt", cids["empty.txt"])):
        data = octets_of[cid]
        get(c(1), slug, path + "?format=raw", body(data))
        get(c(2), slug, path, body(data), headers={"Accept": raw_type})
        get(c(3), slug + "-raw", path + "?format=raw", {"status": 200, "content_type": raw_type})
        get(c(5), slug, path + "?format=raw", {"status": 200, "body": "", "content_type": raw_type}, method="HEAD")
        get(c(11), slug, path + "?format=raw", body(data, content_type=raw_type), headers={"Accept": car_type})
        get(c(13), slug, path + "?format=raw", {"headers": {"cache-control": "public, max-age=29030400, immutable"}})
        get(c(14), slug, path + "?format=raw", {"headers": {"x-content-type-options": "nosniff"}})
        get(c(15), slug, path + "?format=raw", {"disposition": "attachment"})
        get(c(12), slug, path + "?format=raw", {"status": 200, "headers": {"etag": f'"{cid_text(cid)}.raw"'}})
        for tag, value in (("same", f'"{cid_text(cid)}.raw"'), ("weak", f'W/"{cid_text(cid)}.raw"'), ("list", f'"x", "{cid_text(cid)}.raw"'), ("any", "*")):
            get(c(12), f"{slug}-{tag}", path + "?format=raw", {"status": 304, "body": ""}, headers={"If-None-Match": value})
        get(c(12), slug + "-other", path + "?format=raw", {"status": 200}, headers={"If-None-Match": '"other"'})
    for slug, headers, path in (("query", None, "/ipfs/bafkqaaa?format=raw"), ("accept", {"Accept": raw_type}, "/ipfs/bafkqaaa"), ("head", None, "/ipfs/bafkqaaa?format=raw")):
        get(c(4), slug, path, {"status": 200, "body": "", "content_type": raw_type}, headers=headers, method="HEAD" if slug == "head" else None)
    get(c(4), "identity-content", "/ipfs/bafkqac3imvwgy3zao5xxe3de?format=raw", body(b"hello world"))

    # CARs
    root, big, sub, twice = cids["root"], cids["big.bin"], cids["site"], cids["twice"]
    scopes = {"leaf": (f"/ipfs/{text['a.txt']}", [cids["a.txt"]], [cids["a.txt"]], [cids["a.txt"]], []), "file": (f"/ipfs/{text['big.bin']}", [big], dfs(big), dfs(big), []), "directory": (f"/ipfs/{text['site']}", [sub], [sub], dfs(sub), []),
              "root": (f"/ipfs/{text['root']}", [root], [root], dfs(root), []), "path-to-file": (f"/ipfs/{text['root']}/big.bin", [big], dfs(big), dfs(big), [root]), "path-to-leaf": (f"/ipfs/{text['root']}/site/a.txt", [cids["a.txt"]], [cids["a.txt"]], [cids["a.txt"]], [root, sub]),
              "path-to-directory": (f"/ipfs/{text['root']}/site", [sub], [sub], dfs(sub), [root]), "dag-cbor": (f"/ipfs/{text['cbor']}", [cids["cbor"]], [cids["cbor"]], [cids["cbor"]] + dfs(big), [])}
    for slug, (path, block, entity, whole, before) in scopes.items():
        last = block[0]
        roots = [last]
        clause = c(8) if before else c(7)
        for scope, want in (("block", block), ("entity", entity), ("all", whole)):
            if slug == "dag-cbor" and scope == "entity":
                continue
            get(clause, f"{slug}-{scope}", f"{path}?format=car&dag-scope={scope}&car-order=dfs&car-dups=n", car_of(roots, before + want))
        get(c(7), slug + "-default", f"{path}?format=car&car-order=dfs&car-dups=n", car_of(roots, before + whole))
        get(c(6), slug, path + "?format=car&dag-scope=block", car_of(roots, before + block))
        get(c(6), slug + "-accept", path + "?dag-scope=block", car_of(roots, before + block), headers={"Accept": car_type})
        get(c(3), slug + "-car", path + "?format=car", {"status": 200, "content_type": car_type})
        get(c(3), slug + "-car-parameters", path, {"status": 200, "content_type": car_type, "content_type_parameters": {"version": "1", "order": "dfs", "dups": "n"}}, headers={"Accept": f"{car_type}; version=1; order=dfs; dups=n"})
        get(c(10), slug, path, car_of(roots, before + whole), headers={"Accept": f"{car_type};version=1;order=dfs;dups=n"})
        get(c(11), slug + "-car", path + "?format=car&dag-scope=block", {"content_type": car_type}, headers={"Accept": raw_type})
        get(c(14), slug + "-car", path + "?format=car", {"headers": {"x-content-type-options": "nosniff"}})
        get(c(15), slug + "-car", path + "?format=car", {"disposition": "attachment"})
        get(c(5), slug + "-car", path + "?format=car", {"status": 200, "body": "", "content_type": car_type}, method="HEAD")
    get(c(10), "twice-dups-n", f"/ipfs/{text['twice']}?format=car&car-order=dfs&car-dups=n", car_of([twice], dfs(twice)))
    get(c(10), "twice-dups-y", f"/ipfs/{text['twice']}?format=car&car-order=dfs&car-dups=y", variants={"twice": {"out": car_of([twice], [twice, cids["a.txt"], cids["a.txt"]])}, "once": {"out": car_of([twice], dfs(twice))}})
    get(c(6), "missing-root", f"/ipfs/{absent}?format=car", variants={"404": {"out": {"status": 404}}, "broken off": {"out": {"status": 200}}, "500": {"out": {"status": 500}}, "502": {"out": {"status": 502}}, "504": {"out": {"status": 504}}, "refused": {"err": True}})
    get(c(16), "car-version-2", f"/ipfs/{text['a.txt']}?format=car&car-version=2", {"status": 400})
    n = 160
    for slug, ask, first, last in (("first", "0:0", 0, 0), ("first-leaf", "0:15", 0, 15), ("two-leaves", "15:16", 15, 16), ("middle", "40:90", 40, 90), ("last", "159:159", 159, 159), ("to-end", "100:*", 100, n - 1), ("all", "0:*", 0, n - 1), ("beyond", "150:1000", 150, n - 1), ("negative-from", "-16:*", n - 16, n - 1),
                                   ("negative-both", "-32:-17", n - 32, n - 17), ("negative-to", "0:-145", 0, n - 145), ("boundary-64", "63:64", 63, 64), ("one-64", "64:64", 64, 64)):
        get(c(9), slug, f"/ipfs/{text['big.bin']}?format=car&dag-scope=entity&entity-bytes={ask}&car-order=dfs&car-dups=n", car_of([big], leaves(first, last)))
        get(c(9), slug + "-path", f"/ipfs/{text['root']}/big.bin?format=car&dag-scope=entity&entity-bytes={ask}&car-order=dfs&car-dups=n", car_of([big], [root] + leaves(first, last)))
    get(c(9), "of-a-directory", f"/ipfs/{text['site']}?format=car&dag-scope=entity&entity-bytes=0:5", car_of([sub], [sub]))
    get(c(9), "no-scope", f"/ipfs/{text['big.bin']}?format=car&entity-bytes=0:0&car-order=dfs&car-dups=n", variants={"entity": {"out": car_of([big], leaves(0, 0))}, "ignored": {"out": car_of([big], dfs(big))}})
    for slug, path in (("cid-word", "/ipfs/hello"), ("cid-cut", "/ipfs/" + text["root"][:-5]), ("cid-bad-base", "/ipfs/!" + text["root"]), ("scope", f"/ipfs/{text['root']}?dag-scope=everything"), ("bytes-word", f"/ipfs/{text['big.bin']}?entity-bytes=abc"), ("bytes-empty", f"/ipfs/{text['big.bin']}?entity-bytes=:"),
                       ("bytes-one", f"/ipfs/{text['big.bin']}?entity-bytes=5"), ("bytes-order", f"/ipfs/{text['big.bin']}?entity-bytes=9:5"), ("order", f"/ipfs/{text['root']}?car-order=bfs"), ("dups", f"/ipfs/{text['root']}?car-dups=maybe")):
        get(c(16), slug, path + ("&" if "?" in path else "?") + "format=car", {"status": 400})
    for slug, path in (("name", f"/ipfs/{text['root']}/none"), ("below-file", f"/ipfs/{text['root']}/big.bin/x"), ("deep", f"/ipfs/{text['root']}/site/none/x"), ("case", f"/ipfs/{text['root']}/BIG.BIN")):
        get(c(18), slug, path + "?format=raw", {"status": 404})
        get(c(18), slug + "-car", path + "?format=car&car-order=dfs&car-dups=n", variants={"404": {"out": {"status": 404}}, "proof": {"out": {"status": 200, "content_type": car_type}}, "refused": {"err": True}})
    for slug, field, start, stop in (("first", "bytes=0-3", 0, 3), ("rest", "bytes=2-", 2, 4), ("suffix", "bytes=-2", 3, 4)):
        get(c(19), slug, f"/ipfs/{text['a.txt']}?format=raw", {"status": 206, "body": parts["a.txt"][start:stop + 1].hex(), "headers": {"content-range": f"bytes {start}-{stop}/5"}}, headers={"Range": field})

    record, name, more = record_of(seed, 60)
    answer = body(record, content_type="application/vnd.ipfs.ipns-record")
    for slug, path, headers in (("query", f"/ipns/{name}?format=ipns-record", None), ("accept", f"/ipns/{name}", {"Accept": "application/vnd.ipfs.ipns-record"})):
        get(c(17), slug, path, answer, headers=headers, more=more, features=["gateway:ipns"])
    peer = base_encode(b58btc, 0, False, multihash(IDENTITY, libp2p_public(seed)))
    get(c(17), "peer-id", f"/ipns/{peer}?format=ipns-record", variants={"answered": {"out": answer}, **{str(n): {"out": {"status": n, "location_path": f"/ipns/{name}?format=ipns-record"}} for n in (301, 302, 307, 308)}}, more=more, features=["gateway:ipns"])
    get(c(17), "head", f"/ipns/{name}?format=ipns-record", {"status": 200, "content_type": "application/vnd.ipfs.ipns-record"}, method="HEAD", more=more, features=["gateway:ipns"])
    get(c(17), "of-a-cid", f"/ipfs/{text['a.txt']}?format=ipns-record", {"status": 400}, features=["gateway:ipns"])
    get(c(1), "name", f"/ipns/{name}/a.txt?format=raw", body(parts["a.txt"]), more=more, features=["gateway:ipns"])
    get(c(6), "name", f"/ipns/{name}?format=car&dag-scope=block", car_of([sub], [sub]), more=more, features=["gateway:ipns"])
    a.write()


def make_path():
    a = Area("path-gateway", "path gateway")
    get_any = adder(a)
    get = lambda *w, **k: get_any(*w, **{**k, "features": [*k.get("features", ()), "gateway:deserialized"]})
    c = lambda n: f"path-gateway-{n}"
    root = f"/ipfs/{text['root']}"
    files = {"text": ("/site/a.txt", "a.txt", "text/plain"), "json": ("/plain/b.json", "b.json", "application/json"), "big": ("/big.bin", "big.bin", "application/octet-stream"), "empty": ("/empty.txt", "empty.txt", "text/plain"), "html": ("/site/index.html", "index.html", "text/html")}
    for slug, (path, name, type_) in files.items():
        data = parts[name]
        get(c(1), slug, root + path, body(data))
        get(c(1), slug + "-head", root + path, {"status": 200, "body": "", "headers": {"content-length": str(len(data))}}, method="HEAD")
        get(c(1), slug + "-by-cid", f"/ipfs/{text[name]}", body(data))
        get(c(2), slug, root + path, {"content_type": type_})
        get(c(9), slug, root + path, {"status": 200, "headers": {"etag": f'"{text[name]}"'}})
        for tag, value in (("same", f'"{text[name]}"'), ("weak", f'W/"{text[name]}"'), ("list", f'"a", "{text[name]}"'), ("any", "*")):
            get(c(9), f"{slug}-{tag}", root + path, {"status": 304, "body": ""}, headers={"If-None-Match": value})
        get(c(9), slug + "-other", root + path, body(data), headers={"If-None-Match": '"other"'})
        get(c(10), slug, root + path, {"headers": {"cache-control": "public, max-age=29030400, immutable"}})
        dirs = [text["root"]] + ([text[path.split("/")[1]]] if path.count("/") == 2 else [])
        get(c(11), slug, root + path, {"headers": {"x-ipfs-roots": ",".join(dirs + [text[name]])}})
        get(c(12), slug, root + path, {"headers": {"x-ipfs-path": root + path}})
        get(c(13), slug, root + path + "?download=true", {"status": 200, "disposition": "attachment"}, level="should")
        get(c(13), slug + "-filename", root + path + "?filename=other%20name.txt", {"status": 200, "disposition": "inline", "disposition_filename": "other name.txt"})
        get(c(13), slug + "-both", root + path + "?download=true&filename=z.bin", {"status": 200, "disposition": "attachment", "disposition_filename": "z.bin"})
        if not data:
            continue
        n = len(data)
        for tag, field, first, last in (("first", "bytes=0-0", 0, 0), ("head", "bytes=0-2", 0, 2), ("rest", "bytes=1-", 1, n - 1), ("suffix", "bytes=-2", n - 2, n - 1), ("last", f"bytes={n - 1}-{n - 1}", n - 1, n - 1), ("beyond", f"bytes=1-{n + 50}", 1, n - 1), ("whole", f"bytes=0-{n - 1}", 0, n - 1)):
            get(c(7), f"{slug}-{tag}", root + path, {"status": 206, "body": data[first:last + 1].hex(), "headers": {"content-range": f"bytes {first}-{last}/{n}", "content-length": str(last - first + 1)}}, headers={"Range": field})
        for tag, field in (("behind", f"bytes={n}-{n + 5}"), ("far", "bytes=99999-")):
            get(c(7), f"{slug}-{tag}", root + path, {"status": 416}, headers={"Range": field})
        for tag, field in (("other-unit", "lines=0-1"),):
            get(c(7), f"{slug}-{tag}", root + path, variants={"ignored": {"out": {"status": 200}}, "400": {"out": {"status": 400}}, "416": {"out": {"status": 416}}}, headers={"Range": field})
        get(c(7), slug + "-suffix-longer", root + path, variants={"all": {"out": {"status": 206, "body": data.hex()}}, "500": {"out": {"status": 500}}, "416": {"out": {"status": 416}}}, headers={"Range": f"bytes=-{n + 10}"})
        get(c(7), slug + "-several", root + path, variants={"first": {"out": {"status": 206, "body": data[:1].hex()}}, "multipart": {"out": {"status": 206, "content_type": "multipart/byteranges"}}, "whole": {"out": {"status": 200}}}, headers={"Range": "bytes=0-0,2-3"})
    for start in range(0, 160, 16):
        for first, last in sorted({(start, start + 15), (max(start - 1, 0), start), (start, 159)}):
            get(c(7), f"boundary-{start}-{first}-{last}", root + "/big.bin", {"status": 206, "body": parts["big.bin"][first:last + 1].hex()}, headers={"Range": f"bytes={first}-{last}"})
    for name in ("c d.txt", "x%y.txt", "ü.txt", "q?.txt"):
        tag = name.split(".")[0].replace(" ", "-space-").replace("%", "-percent-").replace("?", "-question").replace("ü", "umlaut")
        get(c(3), tag, f"{root}/plain/{quote(name)}", body(parts[name]))
        get(c(3), tag + "-lower", f"{root}/plain/{''.join(c.lower() if i and quote(name)[i - 1] == '%' or i > 1 and quote(name)[i - 2] == '%' else c for i, c in enumerate(quote(name)))}", body(parts[name]))
    get(c(3), "all-escaped", f"{root}/site/%61.txt", body(parts["a.txt"]))
    get(c(3), "slash-escaped", f"{root}/site%2Fa.txt", variants={"read": {"out": body(parts["a.txt"])}, "404": {"out": {"status": 404}}, "400": {"out": {"status": 400}}})
    get(c(4), "index", root + "/site/", body(parts["index.html"], content_type="text/html"))
    get(c(4), "index-by-cid", f"/ipfs/{text['site']}/", body(parts["index.html"], content_type="text/html"))
    get(c(4), "index-head", root + "/site/", {"status": 200, "body": ""}, method="HEAD")
    for tag, query in (("plain", ""), ("query", "?a=b&c=d")):
        get(c(5), tag, root + "/site" + query, {"status": 301, "location_path": root + "/site/" + query})
    get(c(5), "by-cid", f"/ipfs/{text['site']}", {"status": 301, "location_path": f"/ipfs/{text['site']}/"})
    for tag, path in (("slash", root + "/plain/"), ("root", root + "/"), ("twice", root + "/twice/")):
        get(c(6), tag, path, {"status": 200, "content_type": "text/html"}, headers={"Accept": "text/html"})
    for tag, path, status in (("name", root + "/none", 404), ("below-file", root + "/big.bin/x", 404), ("in-directory", root + "/plain/none.txt", 404), ("word", "/ipfs/hello", 400), ("cut", "/ipfs/" + text["root"][:-3], 400), ("empty", "/ipfs/", 400), ("upper", "/ipfs/" + text["root"].upper().replace("B", "b", 1), 400)):
        if tag == "upper":
            get(c(8), tag, path, variants={"read": {"out": {"status": 200}}, "400": {"out": {"status": 400}}, "301": {"out": {"status": 301}}})
        elif tag == "empty":
            get(c(8), tag, path, variants={"400": {"out": {"status": 400}}, "404": {"out": {"status": 404}}, "302": {"out": {"status": 302}}})
        else:
            get(c(8), tag, path, {"status": status})
    get(c(14), "file", root + "/site/a.txt?format=tar", {"status": 200, "content_type": "application/x-tar", "tar": [{"name": text["a.txt"], "type": "file", "size": 5}]})
    get(c(14), "directory", f"/ipfs/{text['site']}?format=tar", {"status": 200, "tar": [{"name": text["site"], "type": "directory"}, {"name": text["site"] + "/a.txt", "type": "file", "size": 5}, {"name": text["site"] + "/index.html", "type": "file", "size": 20}]})
    get(c(14), "accept", f"/ipfs/{text['site']}", {"status": 200, "content_type": "application/x-tar"}, headers={"Accept": "application/x-tar"})
    for tag, name, fmt in (("dag-json", "json", "dag-json"), ("dag-cbor", "cbor", "dag-cbor")):
        get(c(15), tag, f"/ipfs/{text[name]}?format={fmt}", body(octets_of[cids[name]], content_type="application/vnd.ipld." + fmt))
        get(c(15), tag + "-accept", f"/ipfs/{text[name]}", body(octets_of[cids[name]], content_type="application/vnd.ipld." + fmt), headers={"Accept": "application/vnd.ipld." + fmt})
        get(c(15), tag + "-head", f"/ipfs/{text[name]}?format={fmt}", {"status": 200, "body": ""}, method="HEAD")
    get(c(16), "absent", f"/ipfs/{absent}", {"status": 412}, headers={"Cache-Control": "only-if-cached"})
    get(c(16), "there", root + "/site/a.txt", body(parts["a.txt"]), headers={"Cache-Control": "only-if-cached"})
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        get(c(17), method.lower(), root + "/site/a.txt", variants={str(s): {"out": {"status": s}} for s in (405, 501, 400, 404)}, method=method)
    get(c(17), "options", root + "/site/a.txt", variants={"200": {"out": {"status": 200}}, "204": {"out": {"status": 204}}}, method="OPTIONS")
    get(c(17), "head-of-none", root + "/none", {"status": 404, "body": ""}, method="HEAD")
    # names: how long an answer may be kept
    for ttl in (1, 60, 3600, 86400):
        for tag, end in (("file", "/a.txt"), ("index", "/")):
            for method in (None, "HEAD"):
                # each of its own name: of one that was resolved before, less is left
                slug = f"{tag}-{ttl}" + ("-head" if method else "")
                _, name, more = record_of(hashlib.sha256(f"kit gateway name {slug}".encode()).digest(), ttl)
                get(c(18), slug, f"/ipns/{name}{end}", {"status": 200, "headers": {"cache-control": f"public, max-age={ttl}"}}, method=method, more=more, features=["gateway:ipns"])
    # other codecs than that of the block
    for tag, name, fmt in (("json-as-cbor", "json", "dag-cbor"), ("cbor-as-json", "cbor", "dag-json"), ("file-as-json", "big.bin", "dag-json"), ("file-as-cbor", "big.bin", "dag-cbor"), ("directory-as-json", "site", "dag-json")):
        get(c(19), tag, f"/ipfs/{text[name]}?format={fmt}", variants={"406": {"out": {"status": 406}}, "converted": {"out": {"status": 200, "content_type": "application/vnd.ipld." + fmt}}, "as it is": {"out": {"status": 200}}})
    # names in a directory that lead out of it
    for tag, name in (("dots", ".."), ("dots-slash", "../x"), ("absolute", "/x"), ("inside-and-out", "a/../../x")):
        i = trees.Importer()
        evil, _ = i.directory([(name, *i.file(b"evil"))])
        get_any(c(20), tag, f"/ipfs/{cid_text(evil)}?format=tar", {"outside": 0}, more={"car": car([evil], i.blocks).hex()}, features=["gateway:deserialized"])
    a.write()


make_trustless()
make_path()
