#!/usr/bin/env python3
"""Translate a folder of public test data (format "ipfs-vectors/1" and the foreign files beside it) into the kit's format.

  public_vectors.py SOURCE TARGET

Writes TARGET/<area>/vectors/public.json. What the kit has no operation for is counted and named at the end.
"""
import csv, glob, hashlib, io, json, os, sys
from kit import notation

source, target = sys.argv[1], sys.argv[2]
areas, untranslated = {}, {}


def put(area, id, op, inp, out=None, err=None, level="must", features=(), variants=None, note=""):
    c = {"id": f"public/{area}/{id}", "op": op, "in": inp}
    if variants is not None:
        c["level"], c["variants"] = "disputed", variants
    else:
        if level != "must":
            c["level"] = level
        if out is not None:
            c["out"] = out
        else:
            c["err"] = err or ""
    if features:
        c["features"] = list(features)
    if note:
        c["note"] = note
    areas.setdefault(area, []).append(c)


def case(area, c, op, inp, out=None, refuse=False, features=()):
    """With the status that the case has: a disputed one records which of the two happened."""
    note = c.get("note") or c.get("why") or ""
    if c.get("status") == "disputed":
        put(area, c["id"] + op[op.find("."):], op, inp, variants={"refused": {"err": True}, "the listed answer": {"out": out or {}}, "accepted": {"out": {}}}, features=features, note=note)
    elif refuse:
        put(area, c["id"] + op[op.find("."):], op, inp, err="", level="may" if c.get("status") == "optional" else "must", features=features, note=note)
    else:
        put(area, c["id"] + op[op.find("."):], op, inp, out=out or {}, level="may" if c.get("status") == "optional" else "must", features=features, note=note)


def load(name):
    with open(os.path.join(source, name), encoding="utf-8") as f:
        return json.load(f)


def cases(name):
    return load(name)["cases"]


def skip(area, op, n=1):
    untranslated[f"{area}: {op}"] = untranslated.get(f"{area}: {op}", 0) + n


def refuses(c):
    return c.get("expect") in ("error", "invalid")


def value(v):
    return notation(v, dag_json=True)


hashes = {0: "identity", 0x11: "sha1", 0x12: "sha2-256", 0x13: "sha2-512"}


def hash_feature(code):
    table = {r["code"]: r["name"] for r in cases("multicodec/prefix_bytes.json")}
    return "hash:" + (hashes.get(code) or table.get(code, hex(code)))


def varint():
    for c in cases("varint/varint.json"):
        if c["op"] == "varint.roundtrip":
            put("varint", c["id"] + ".encode", "varint.encode", {"value": c["value"]}, out={"bytes": c["bytes_hex"]})
            put("varint", c["id"] + ".decode", "varint.decode", {"bytes": c["bytes_hex"]}, out={"value": c["value"]})
        elif c["op"] == "varint.decode":
            case("varint", c, "varint.decode", {"bytes": c["bytes_hex"]}, refuse=refuses(c))
        else:
            first = c["values"][0]
            put("varint", c["id"], "varint.decode", {"bytes": c["bytes_hex"]}, out={"value": first["value"], "size": first["size"]})


def multibase():
    for name in sorted(glob.glob(os.path.join(source, "multibase/*.csv"))):
        text = open(name, encoding="utf-8").read()
        rows = list(csv.reader(io.StringIO(text), skipinitialspace=True))

        def unescape(s):
            return s.encode("latin-1", "backslashreplace").decode("unicode_escape") if "\\x" in s else s
        plain = unescape(rows[0][1]).encode("latin-1" if "\\x" in rows[0][1] else "utf-8").hex()
        short = os.path.basename(name)
        for i, row in enumerate(rows[1:]):
            if len(row) < 2:
                continue
            base, text = row[0], unescape(row[1])
            f = ["base:" + base]
            put("multibase", f"{short}.{i}.decode", "multibase.decode", {"text": text}, out={"bytes": plain}, features=f)
            if short != "case_insensitivity.csv":
                put("multibase", f"{short}.{i}.encode", "multibase.encode", {"base": base, "bytes": plain}, out={"text": text}, features=f)
    for c in cases("multibase/implementations.json") + [c for n in ("multibase/rfc_examples.json",) if os.path.exists(os.path.join(source, n)) for c in cases(n)]:
        f = ["base:" + c["encoding"]]
        case("multibase", c, "multibase.decode", {"text": c["text"]}, out={"base": c["encoding"], "bytes": c["plain_hex"]}, features=f)
        case("multibase", c, "multibase.encode", {"base": c["encoding"], "bytes": c["plain_hex"]}, out={"text": c["text"]}, features=f)
    for c in cases("multibase/negative.json"):
        case("multibase", c, "multibase.decode", {"text": c["text"]}, refuse=True)


def multicodec():
    for c in cases("multicodec/prefix_bytes.json"):
        case("multicodec", c, "multicodec.code", {"name": c["name"]}, out={"code": c["code"], "prefix": c["prefix_hex"]})
    for c in cases("multicodec/kubo_known.json"):
        if c["in_table"]:
            case("multicodec", c, "multicodec.name", {"code": c["code"]}, out={"name": c["name"]})
        else:
            skip("multicodec", "names outside the table")


def multihash():
    for c in cases("multihash/sum.json"):
        data = c["input_text"].encode().hex()
        inp = {"code": c["code"], "data": data}
        if c.get("length", -1) >= 0:
            inp["size"] = c["length"]
        case("multihash", c, "multihash.sum", inp, out={"bytes": c["multihash_hex"]}, features=[hash_feature(c["code"])])
    for c in cases("multihash/blake3.json"):
        n = c["input_len"]
        data = bytes(i % 251 for i in range(n)).hex()
        case("multihash", c, "multihash.sum", {"code": c["code"], "data": data}, out={"bytes": c["multihash_hex"]}, features=["hash:blake3"])
    for c in cases("multihash/wrap_and_reject.json"):
        if c["op"] == "multihash.wrap":
            case("multihash", c, "multihash.encode", {"code": c["code"], "digest": c["digest_hex"]}, out={"bytes": c["multihash_hex"]})
            put("multihash", c["id"] + ".decode", "multihash.decode", {"bytes": c["multihash_hex"]}, out={"code": c["code"], "digest": c["digest_hex"]})
        else:
            case("multihash", c, "multihash.decode", {"bytes": c["multihash_hex"]}, refuse=refuses(c))
    skip("multihash", "murmur3 (see hamt)", len(cases("multihash/murmur3.json")))


def cid():
    for c in cases("cid/parse.json") + cases("cid/edge_and_negative.json"):
        op = c["op"]
        if op == "cid.parse":
            if refuses(c):
                case("cid", c, op, {"text": c["text"]}, refuse=True)
                continue
            out = {"version": c["version"], "codec": c["codec"], "bytes": c["bytes_hex"]}
            case("cid", c, op, {"text": c["text"]}, out=out)
            case("cid", c, "cid.to_v1", {"text": c["text"]}, out={"text": c["v1_base32"]})
            case("cid", c, "cid.decode", {"bytes": c["bytes_hex"]}, out=out)
            if c.get("v0"):
                case("cid", c, "cid.to_v0", {"text": c["text"]}, out={"text": c["v0"]})
        elif op == "cid.decode":
            case("cid", c, op, {"bytes": c["bytes_hex"]}, refuse=refuses(c))
        elif op == "cid.decode_first":
            case("cid", c, op, {"bytes": c["bytes_hex"]}, out={"size": len(c["bytes_hex"]) // 2 - len(c["rest_hex"]) // 2})
        elif op == "cid.to_v0":
            case("cid", c, op, {"text": c["text"]}, refuse=refuses(c))
        elif op == "cid.to_base":
            case("cid", c, "cid.format", {"text": c["text"], "base": c["encoding"]}, refuse=refuses(c))
        elif op == "cid.verify_identity_limit" and not refuses(c):
            case("cid", c, "cid.verify", {"text": c["text"], "data": c["content_hex"]}, out={})
        else:
            skip("cid", op)
    for c in cases("cid/sum.json"):
        case("cid", c, "cid.sum", {"version": c["version"], "codec": c["codec"], "hash": c["multihash_code"], "data": c["data_hex"]}, out={"text": c["text"]}, features=[hash_feature(c["multihash_code"])])


def codecs():
    for folder in sorted(glob.glob(os.path.join(source, "codec-cross/**/"), recursive=True)):
        forms = [f for f in sorted(os.listdir(folder)) if f.rsplit(".", 1)[-1] in ("dag-cbor", "dag-json", "dag-pb")]
        name = os.path.basename(folder.rstrip("/"))
        wide = name in ("int-11959030306112471731", "int-18446744073709551615", "int--11959030306112471732")
        for a in forms:
            for b in forms:
                fa, fb = a.rsplit(".", 1)[1], b.rsplit(".", 1)[1]
                put("codec-cross", f"{name}.{fa}.{fb}", "codec.transcode", {"from": fa, "to": fb, "bytes": open(folder + a, "rb").read().hex()},
                    out={"bytes": open(folder + b, "rb").read().hex()}, features=["codec:" + fa, "codec:" + fb] + ["int:full"] * wide)
    for name in sorted(glob.glob(os.path.join(source, "codec-negative/**/*.json"), recursive=True)):
        if name.endswith("MANIFEST.json"):
            continue
        short = os.path.relpath(name, os.path.join(source, "codec-negative"))
        codec = short.split("/")[0]
        for i, c in enumerate(json.load(open(name, encoding="utf-8"))):
            if "hex" in c:
                op, inp = "codec.decode", {"codec": codec, "bytes": c["hex"]}
            else:
                op, inp = "codec.encode", {"codec": codec, "value": value(c["dag-json"])}
            if c.get("status") == "disputed":
                put("codec-negative", f"{short}.{i}", op, inp, variants={"refused": {"err": True}, "accepted": {"out": {}}}, note=c["note"])
            else:
                put("codec-negative", f"{short}.{i}", op, inp, err="", note=c["name"])
    for c in cases("codec-dag-cbor/strictness.json"):
        if c["op"] == "dag-cbor.decode":
            case("codec-dag-cbor", c, "codec.decode", {"codec": "dag-cbor", "bytes": c["hex"]}, refuse=refuses(c), out={"value": value(c["value"])} if "value" in c else {})
        elif c["op"] == "dag-cbor.decode_nested":
            n = c["depth"]
            parts = {"concat": [{"repeat": {"hex": c["unit_hex"], "count": n}}, c["inner_hex"], {"repeat": {"hex": c["close_hex"], "count": n}}]}
            case("codec-dag-cbor", c, "codec.transcode", {"from": "dag-cbor", "to": "dag-cbor", "bytes": parts}, refuse=refuses(c))
        else:
            case("codec-dag-cbor", c, "codec.transcode", {"from": "dag-cbor", "to": "dag-cbor", "bytes": c["hex"]}, out={"bytes": c["hex"]})
    for c in cases("codec-dag-json/dag_json.json"):
        op = c["op"]
        if op == "dag-json.encode":
            case("codec-dag-json", c, "codec.encode", {"codec": "dag-json", "value": value(c["value"])}, out={"bytes": c["text"].encode().hex()})
        elif op == "dag-json.decode":
            case("codec-dag-json", c, "codec.decode", {"codec": "dag-json", "bytes": c["text"].encode().hex()}, refuse=refuses(c), out={"value": value(c["value"])} if "value" in c else {})
        elif op in ("dag-json.roundtrip", "dag-json.canonicalize"):
            want = c["text" if op == "dag-json.roundtrip" else "canonical"]
            case("codec-dag-json", c, "codec.transcode", {"from": "dag-json", "to": "dag-json", "bytes": c["text"].encode().hex()}, out={"bytes": want.encode().hex()})
        else:
            n = c["depth"]
            parts = {"concat": [{"repeat": {"hex": c["open"].encode().hex(), "count": n}}, c["inner"].encode().hex(), {"repeat": {"hex": c["close"].encode().hex(), "count": n}}]}
            case("codec-dag-json", c, "codec.transcode", {"from": "dag-json", "to": "dag-json", "bytes": parts}, refuse=refuses(c))
    for c in cases("codec-dag-pb/compat.json"):
        if c["op"] == "dag-pb.decode":
            case("codec-dag-pb", c, "codec.decode", {"codec": "dag-pb", "bytes": c["hex"]}, refuse=refuses(c))
        else:
            case("codec-dag-pb", c, "codec.transcode", {"from": "dag-pb", "to": "dag-pb", "bytes": c["hex"]}, out={"bytes": c["hex"]})
            case("codec-dag-pb", c, "codec.decode", {"codec": "dag-pb", "bytes": c["hex"]}, out={"value": value(c["dag_json"])})
    for c in cases("dag-jose/dag_jose.json"):
        case("dag-jose", c, "codec.transcode", {"from": "dag-jose", "to": "dag-jose", "bytes": c["hex"]}, out={"bytes": c["hex"]}, features=["codec:dag-jose"])


def multiaddr():
    for c in cases("multiaddr/text.json") + cases("multiaddr/bytes.json") + cases("multiaddr/operations.json"):
        op = c["op"]
        if op in ("multiaddr.parse", "multiaddr.normalize", "multiaddr.roundtrip_text"):
            case("multiaddr", c, "multiaddr.parse", {"text": c["text"]}, refuse=refuses(c), out={"text": c["canonical"]} if c.get("canonical") else {})
        elif op == "multiaddr.roundtrip":
            case("multiaddr", c, "multiaddr.parse", {"text": c["text"]}, out={"bytes": c["bytes_hex"]})
            case("multiaddr", c, "multiaddr.decode", {"bytes": c["bytes_hex"]}, out={"text": c["text"]})
        elif op == "multiaddr.components":
            out = {"components": [[x["code"], x.get("value", "")] for x in c["components"]]} if all("code" in x for x in c["components"]) else {}
            case("multiaddr", c, "multiaddr.parse", {"text": c["text"]}, out=out)
        elif op in ("multiaddr.encapsulate", "multiaddr.decapsulate"):
            case("multiaddr", c, op, {"a": c["a"], "b": c["b"]}, out={"text": c["text"]})
        elif op == "multiaddr.decode":
            case("multiaddr", c, op, {"bytes": c["bytes_hex"]}, refuse=refuses(c))
        else:
            skip("multiaddr", op)


def peers():
    for c in cases("peer-id/text.json"):
        if c["op"] == "peer_id.parse":
            case("peer-id", c, "peer_id.parse", {"text": c["text"]}, refuse=refuses(c))
        else:
            out = {"bytes": c["multihash_hex"], "text": c["base58"], "cid": c["cid_base32"], "ipns": c["cid_base36"]}
            for form in ("base58", "cid_base32", "cid_base36"):
                put("peer-id", f"{c['id']}.{form}", "peer_id.parse", {"text": c[form]}, out=out)
    for c in cases("peer-id/keys.json"):
        put("peer-id", c["id"] + ".public", "key.public", {"bytes": c["public_pb_hex"]}, out={"type": c["key_type"], "peer_id": c["peer_id"], "bytes": c["public_pb_hex"]})
        if "private_pb_hex" in c:
            put("peer-id", c["id"] + ".private", "key.private", {"bytes": c["private_pb_hex"]}, out={"type": c["key_type"], "public": c["public_pb_hex"]})
        if "signature_hex" in c:
            put("peer-id", c["id"] + ".verify", "key.verify", {"key": c["public_pb_hex"], "data": c["data_hex"], "signature": c["signature_hex"]}, out={"valid": True})
            if c.get("deterministic"):
                put("peer-id", c["id"] + ".sign", "key.sign", {"key": c["private_pb_hex"], "data": c["data_hex"]}, out={"signature": c["signature_hex"]})
    for c in cases("multikey/decode.json"):
        if c["op"] == "multikey.decode":
            case("multikey", c, "multikey.parse", {"text": c["multikey"]}, refuse=refuses(c), out={"code": c["codec"], "key": c["key_hex"]} if "key_hex" in c else {})
        else:
            skip("multikey", c["op"])


def paths():
    for c in cases("paths/paths.json"):
        if c["op"] in ("path.parse", "path.from_uri"):
            case("paths", c, c["op"], {"text": c["text"]}, refuse=refuses(c), out={"text": c["canonical"], "namespace": c["namespace"]} if "canonical" in c else {})
        else:
            skip("paths", c["op"])
    for c in cases("patch/patch.json"):
        if c["initial"] != c["result"]:
            case("patch", c, "patch.apply", {"value": value(c["initial"]), "patch": value(c["patch"])}, out={"value": value(c["result"])})


def chunker():
    def content(v):
        if isinstance(v, list):
            return {"concat": [{"repeat": {"hex": x["byte_hex"], "count": x["count"]}} for x in v]}
        if "repeat" in v:
            return {"repeat": {"hex": v["repeat"]["byte_hex"], "count": v["repeat"]["count"]}}
        return {"chacha20": v["chacha20"]}
    for c in cases("chunker/chunker.json") + cases("chunker/cut_points.json"):
        if c["op"] == "chunker.cuts":
            case("chunker", c, "chunker.cuts", {"chunker": c["chunker"], "data": content(c["content"])}, out={"lengths": c["lengths"]}, features=["chunker:" + c["chunker"].split("-")[0]])
        elif c["op"] == "chunker.size_lengths":
            case("chunker", c, "chunker.cuts", {"chunker": f"size-{c['size']}", "data": {"repeat": {"hex": "01", "count": c["input_len"]}}}, out={"lengths": c["lengths"]})
        elif c["op"] == "chunker.parse" and refuses(c):
            case("chunker", c, "chunker.cuts", {"chunker": c["text"], "data": "00"}, refuse=True, features=["chunker:parse"])
        else:
            skip("chunker", c["op"])


def unixfs():
    def data(content):
        if "text" in content:
            return content["text"].encode().hex()
        if "chacha20" in content:
            return {"chacha20": content["chacha20"]}
        if "zeros" in content:
            return {"repeat": {"hex": "00", "count": content["zeros"]}}
        if "file" in content and isinstance(content["file"], str):
            return {"file": os.path.abspath(os.path.join(source, "unixfs", content["file"]))}
        if "file" in content:
            return content["file"]["text"].encode().hex()

    def node(o):
        if "text" in o:
            return {"data": o["text"].encode().hex()}
        if "symlink" in o:
            return {"symlink": o["symlink"] if isinstance(o["symlink"], str) else o["symlink"]["target"]}
        return {"entries": [[k, node(v)] for k, v in o.get("entries", {}).items()]}

    def numbered(d):
        return {"entries": [[d["name"].replace("{i}", str(i)), {"data": d["file_text"].replace("{i}", str(i)).encode().hex()}] for i in range(d["from"], d["to"] + 1)]}
    for name in ("import.json", "import_derived.json"):
        for c in cases("unixfs/" + name):
            p, content = c["params"], c["content"]
            inp = {"cid_version": p["cid_version"], "raw_leaves": p["raw_leaves"], "chunker": p["chunker"], "max_links": p["max_links"], "hash": p["hash"], "layout": p["layout"]}
            feats = [] if p["hash"] == "sha2-256" else ["hash:" + p["hash"]]
            if not p["chunker"].startswith("size"):
                feats.append("chunker:" + p["chunker"].split("-")[0])
            d = data(content)
            size = content.get("chacha20", {}).get("size", 0) if isinstance(content.get("chacha20"), dict) else content.get("zeros", 0)
            if d is not None:
                if size > 1 << 28:
                    skip("unixfs", "imports above 256 MiB")
                    continue
                inp["data"] = d
                if "mode" in content:
                    inp["mode"] = int(str(content["mode"]), 8)
                if "mtime" in content:
                    t = content["mtime"]
                    inp["mtime"] = [t["secs"], t.get("nsecs", 0)] if isinstance(t, dict) else [t, 0]
                if "mode" in content or "mtime" in content:
                    feats.append("unixfs:metadata")
                case("unixfs", c, "unixfs.import_file", inp, out={"cid": c["cid"]}, features=feats)
                continue
            rule = p["dir_shard"]
            inp["shard"] = "block" if rule.startswith("block") else "links" if ">" in rule else rule
            if ">" in rule:
                inp["threshold"] = int(rule.split(">")[1])
            inp["fanout"] = p["hamt_fanout"]
            if "tree" in content and "mtime" not in json.dumps(content) and "mode" not in json.dumps(content):
                inp["tree"] = node(content["tree"])
            elif "directory_counter" in content:
                inp["tree"] = numbered(content["directory_counter"])
            else:
                skip("unixfs", "unixfs.import of " + ", ".join(content))
                continue
            case("unixfs", c, "unixfs.import_tree", inp, out={"cid": c["cid"]}, features=feats)
    for c in cases("unixfs/trees.json"):
        complete = not any("missing" in e or "incomplete" in e or e.get("content_incomplete") for e in c["entries"]) and len(c["entries"]) == c["entry_count"] and len(c["roots"]) == 1
        known = {"directory", "hamt-directory", "file", "raw-file", "symlink"}
        if not complete or any(e.get("type") not in known for e in c["entries"]):
            skip("unixfs", "trees that are incomplete or listed in part")
            continue
        entries = []
        for e in sorted(c["entries"], key=lambda e: e["path"].lstrip("/").encode()):
            kind = {"hamt-directory": "directory", "raw-file": "file"}.get(e["type"], e["type"])
            o = {"path": e["path"].lstrip("/"), "cid": e["cid"], "type": kind}
            for k in ("size", "sha256", "target"):
                if k in e:
                    o[k] = e[k]
            entries.append(o)
        case("unixfs", c, "unixfs.read", {"car": {"file": os.path.abspath(os.path.join(source, "unixfs", c["car"]))}, "root": c["roots"][0]}, out={"entries": entries})
    for c in cases("unixfs/data_pb.json"):
        kinds = ["raw", "directory", "file", "metadata", "symlink", "hamt-sharded-directory"]
        f = c["fields"]
        out = {"type": kinds[f["type_"]], "blocksizes": f.get("bs", [])}
        if f.get("d") is not None:
            out["data"] = f["d"]
        case("unixfs", c, "unixfs.data_decode", {"bytes": c["hex"]}, out=out)
    for c in cases("hamt/hash_bits.json"):
        if c["op"] == "hamt.unixfs_path":
            case("hamt", c, "hamt.name_hash", {"name": c["name"]}, out={"hash": c["hash_hex"]})


def car():
    for c in cases("car/stats_and_errors.json"):
        blob = {"file": os.path.abspath(os.path.join(source, "car", c["car"]))} if "car" in c else c.get("car_hex")
        if c["op"] == "car.inspect":
            case("car", c, "car.read", {"bytes": blob}, out={"version": c["version"], "roots": c["roots"]})
        elif c["op"] in ("car.open", "car.read_all") and "options" not in c:
            case("car", c, "car.read", {"bytes": blob}, refuse=refuses(c))
        else:
            skip("car", c["op"])
    for n in ("carv1-basic", "carv2-basic"):
        d = load(f"car/{n}.json")
        out = {"version": d["header"]["version"], "roots": [r["/"] for r in d["header"]["roots"]]}
        put("car", n, "car.read", {"bytes": {"file": os.path.abspath(os.path.join(source, f"car/{n}.car"))}}, out=out)


def ipns():
    for c in cases("ipns/records.json"):
        record = {"file": os.path.abspath(os.path.join(source, "ipns", c["file"]))}
        case("ipns", c, "ipns.validate", {"name": c["name"], "record": record}, refuse=refuses(c), out={})


def dasl():
    for name in sorted(glob.glob(os.path.join(source, "dasl/*.json"))):
        short = os.path.basename(name)[:-5]
        if short == "MANIFEST":
            continue
        for i, c in enumerate(json.load(open(name, encoding="utf-8"))):
            inp = {"from": "drisl", "to": "drisl", "bytes": c["data"]}
            tags = c.get("tags", [])
            level = "must" if "basic" in tags else "should"
            # rules of other profiles of CBOR, which contradict this one
            feats = ["codec:drisl"] + ([] if {"basic", "dag-cbor", "dasl-cid"} & set(tags) else ["profile:" + tags[0]])
            if c["type"] == "roundtrip":
                put("dasl", f"{short}.{i}", "codec.transcode", inp, out={"bytes": c["data"]}, level=level, features=feats, note=c.get("name", ""))
            elif c["type"] == "invalid_in":
                put("dasl", f"{short}.{i}", "codec.transcode", inp, err="", level=level, features=feats, note=c.get("name", ""))
            else:
                skip("dasl", c["type"])


for part in (varint, multibase, multicodec, multihash, cid, codecs, multiaddr, peers, paths, chunker, unixfs, car, ipns, dasl):
    part()
total = 0
for area, list_ in sorted(areas.items()):
    folder = os.path.join(target, area, "vectors")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "public.json"), "w", encoding="utf-8") as f:
        json.dump({"format": "cairn-conformance/1", "area": area, "title": "public test data", "cases": list_}, f, ensure_ascii=False, indent=0)
    total += len(list_)
print(f"{total} cases in {len(areas)} areas; not translated: " + "; ".join(f"{k} ({n})" for k, n in sorted(untranslated.items())))
