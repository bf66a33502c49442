#!/usr/bin/env python3
"""Seeds of the fuzz targets made from the kit's cases, and by hand where the kit has none:  from_vectors.py FOLDER writes FOLDER/<target>/*."""
import base64, glob, hashlib, json, os, struct, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "conformance", "generators"))
from kit import Link, cbor, chacha20, cid1, mh, pb, pb_link, pb_node, root, varint  # noqa: E402

longest = 4096


def octets(v):
    """Hexadecimal or a recipe; None where it is longer than a seed may be."""
    if isinstance(v, str):
        return bytes.fromhex(v) if len(v) <= 2 * longest else None
    if "chacha20" in v:
        return chacha20(v["chacha20"]["seed"], v["chacha20"]["size"]) if v["chacha20"]["size"] <= longest else None
    if "repeat" in v:
        unit, count = bytes.fromhex(v["repeat"]["hex"]), v["repeat"]["count"]
        return unit * count if len(unit) * count <= longest else None
    if "concat" in v:
        parts = [octets(p) for p in v["concat"]]
        return b"".join(parts) if None not in parts and sum(map(len, parts)) <= longest else None
    return None


codecs = {"dag-cbor": "dag_cbor", "cbor": "dag_cbor", "drisl": "dag_cbor", "dag-json": "dag_json", "json": "dag_json", "dag-pb": "dag_pb", "dag-jose": "dag_jose", "git-raw": "git_raw"}


def json_of(v):
    """The kit's notation as dag-json."""
    if v is None or isinstance(v, (bool, str)):
        return json.dumps(v)
    if isinstance(v, list):
        return "[" + ",".join(map(json_of, v)) + "]"
    (key, inner), = v.items()
    if key == "int":
        return inner
    if key == "map":
        return "{" + ",".join(json.dumps(k) + ":" + json_of(x) for k, x in inner) + "}"
    return json.dumps({"/": inner}) if key == "link" else json.dumps({"/": {"bytes": "AQ"}}) if key == "bytes" else "1.5" if key == "float" else '"x"'


def native(v):
    """The kit's notation as the Python value that `cbor` takes."""
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, list):
        return [native(x) for x in v]
    (key, inner), = v.items()
    if key == "map":
        return {k: native(x) for k, x in inner}
    if key == "link":
        return Link(base64.b32decode(inner[1:].upper() + "=" * (-(len(inner) - 1) % 8)) if inner[0] == "b" else cid1(0x55, mh(b"")))
    return {"int": int, "float": lambda t: struct.unpack(">d", bytes.fromhex(t))[0], "bytes": bytes.fromhex, "text": lambda t: bytes.fromhex(t).decode("utf-8", "replace")}[key](inner)


def seeds_of(op, i):
    """(target, octets) of one case."""
    area, _, what = op.partition(".")
    if "bytes" in i:
        b = octets(i["bytes"])
        if b is None:
            return
        target = {"varint": "varint", "multihash": "varint", "cid": "cid", "multiaddr": "multiaddr", "car": "car"}.get(area)
        if op == "car.index_read":
            target = "car_index"
        if op.startswith("codec."):
            target = codecs.get(i.get("codec") or i.get("from"))
        if op == "unixfs.data_decode":
            target = "unixfs_data"
        if op in ("key.public", "key.private"):
            target, b = "keys", (b"\0" if op == "key.public" else b"\1") + b
        if op in ("envelope.open", "peer_record.decode"):
            target = "identify"
        if target:
            yield target, b
    if "text" in i and isinstance(i["text"], str) and len(i["text"]) <= longest:
        t = i["text"].encode("utf-8", "surrogatepass")
        target = {"multibase": "multibase", "cid": "cid", "multiaddr": "multiaddr", "path": "path"}.get(area)
        if target:
            yield target, t
        if area == "peer_id":
            yield "keys", b"\5" + t
        if area in ("multikey", "did_key"):
            yield "keys", b"\7" + t
            yield "multikey", t
    if area == "ipns" and "record" in i and (b := octets(i["record"])) is not None:
        yield "ipns_record", b
    if op == "chunker.cuts":
        yield "chunker", i["chunker"].encode() + b"\0" + (octets(i["data"]) or b"0123456789abcdef" * 64)
    if "selector" in i:
        blocks = [octets(b) for b in i.get("blocks", []) if isinstance(b, str)]
        yield "selector", cbor([native(i["selector"]), native(i.get("value"))])
        if blocks:
            yield "selector", cbor([native(i["selector"]), native(i.get("value")), *blocks])
            yield "selector", cbor([native(i["selector"]), Link(cid1(0x71, mh(blocks[-1]))), *blocks])
    if area == "schema" and "text" in i:
        yield "schema", i["text"].encode() + b"\0" + cbor(native(i["value"] if "value" in i else i.get("typed")))
    if area == "hashmap":
        for b in i.get("blocks", []):
            yield "hashmap", octets(b)
    if op == "patch.apply":
        yield "patch", (json_of(i["value"]) + "\n" + json_of(i["patch"])).encode()


def by_hand():
    texts = {
        "gateway": [b"\0application/vnd.ipld.car; version=1; order=dfs; dups=y", b"\0application/vnd.ipld.raw", b"\0text/html,*/*;q=0.8", b"\0format=car&car-order=unk&dag-scope=entity&entity-bytes=0:10",
                    b"\1bytes=0-9", b"\1bytes=-5", b"\1bytes=3-", b"\1bytes=0-1,4-5", b"\2/a /b 301\n/c/* /d/:splat 200\n/x/:y /z/:y 404\n# text\n",
                    b"\3en-wikipedia--on--ipfs-org.ipns.gw.example", b"\3bafkqaaa.ipfs.gw.example:8080", b"\4<a href='x'>\r\n", b"\4\x89PNG\r\n\x1a\n", b"\4{\"a\":1}", b"\4%PDF-1.7", b"\4GIF89a", b"\4<!DOCTYPE html>"],
        "denylist": [b"version: 1\nname: x\n---\n/ipfs/bafkqaaa\n/ipfs/bafkqaaa/a*\n/ipns/a.example\n//d9d295bde21f422d471a90f2a37ec53049fdf3e5fa3ee2e8f20e10003da429e7\n!/ipfs/bafkqaaa/b\n",
                     b"author: y\ndescription: z\nhints:\n  code: 451\n---\n//Qmah2YDTfrox4watLCr3YgKyBwvjq8FJZEFdWY6WtJ3Xt2 reason=x\n/mime/image/png\n/ipfs/QmSnuWmxptJZdLJpKRarxBMS2Ju2oANVrgbr2xWbie9b2D/*\n"],
        "dnslink": [b"dnslink=/ipfs/bafkqaaa", b"dnslink=/ipns/a.example/b c", b"dnslink=/ipns/a.example\nx\ndnslink=/ipns/b.example", b"dnslink=/ipns/loop.example", b"example.com:/ipfs/bafkqaaa,example.net:/ipns/a.example"],
        "multipart": [b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%20b\"\r\nContent-Type: application/octet-stream\r\n\r\nhello\r\n--b\r\nContent-Disposition: form-data; name=\"d\"\r\nContent-Type: application/x-directory\r\n\r\n\r\n--b--\r\n", b"--b--\r\n"],
        "multistream": [b"\x13/multistream/1.0.0\n\x07/noise\n", b"\x13/multistream/1.0.0\n\x03na\n\x0d/yamux/1.0.0\n", b"\x13/multistream/1.0.0\n\x03ls\n"],
        "hash": [bytes([n, 3, 5]) + b"some octets that are hashed in pieces, more than one block of the largest hash function has, which is one hundred and forty-four" * 2 for n in range(0, 24)],
        "pin_snapshot": [], "unixfs_file": [b"\0\x10hello there you...\1", b"\0\4abcd\1\0\4efgh\1\x42\0\2\0\0\1\0\1", b"\1\4abcd\2\1\x41\4wxyz\2\1\xc2\3own\3\0\0\1\0\0\xfa\1"],
        "tls_certificate": [b"\0" + bytes(range(33)), b"\0" + bytes(range(32)) + b"\xf0"],
        "noise": [bytes([n]) + b"said between honest sides" for n in (240, 241, 243, 255)],
        "unixfs_tree": [b"\0\3abc\x25\2\0\0\0\2\1\1\1f", b"\0\3abc\2\2\0\1a\0\1b", b"\0\3abc\1\5hello\x41\3../\2\3\0\1a\1\1b\2\1c\3\1\2\7\1a\0\x09\1b\1\4\1\x09\1\2\3\4\5\6\7\x08\x09", b"\4\0\x20" + bytes(range(32)) + b"\2\1\0\3dir",
                        b"\x10\0\x13\0\4\1\1a\2\1b\3\1c\5\1d", b"\0\1a\4\1\x27" + bytes(range(40))],
        "directory_edit": [bytes([8, 4, 1, 0x61, 0, 0x41, 1, 2, 0, 4, 2, 0x61, 1, 0x41, 0]), bytes([8]) + b"".join(bytes([4, n]) for n in range(40)) + bytes([2, 0, 3, 0]) + b"".join(bytes([0, n]) for n in range(30)), bytes([0x29, 4, 1, 5, 2, 6, 3, 2, 0, 0, 1, 3, 0]),
                           bytes([0x41]) + b"".join(bytes([7, n * 7 % 256]) for n in range(30)) + bytes([18, 0, 0, 7])],
        "verdict": [b'{"id":7,"ok":{"value":{"map":[["b",[true,null]],["a",{"int":"1"}]]},"size":2}}', b'{"id":7,"err":{"class":"overflow","text":"x"}}', b'{"id":7,"unsupported":true}', b'{"id":7,"ok":{"value":{"map":[]}}}', b"[1,2]", b"{}"],
        "multiaddr": [b"/onion/aaimaq4ygg2iegci:80", b"/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234", b"/garlic32/566niximlxdzpanmn4qouucvua3k7neniwss47li5r6ugoertzu", b"/unix/a/b/c", b"/unix/a%2Fb",
                      b"/ip4/1.2.3.4/ipcidr/24", b"/memory/x", b"/dns/a.example/tcp/443/tls/http/http-path/a%2Fb", b"/ip6zone/eth0/ip6/fe80::1", b"/ip4/1.2.3.4/udp/1/webrtc-direct/certhash/uEiAGKYQy6AZrKeIiO8wjqpUEtWrlCPq_NDVQiGm5wxkOIg", b"/garlic64/" + b"A" * 516,
                      varint(446) + varint(387) + bytes(387), varint(447) + varint(35) + bytes(35), varint(444) + bytes(12), varint(445) + bytes(37), varint(481) + varint(3) + b"a/b", varint(400) + varint(4) + b"/a/b", varint(43) + b"\x18"],
        "path": [b"ipfs://bafkqaaa/a/b", b"ipns://a.example/x?y#z", b"/ipld/bafkqaaa/a", b"/ipns/k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8/a", b"bafkqaaa/a/../b", b"/ipfs/bafkqaaa/./a//b/", b"QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn", b"ipfs:/bafkqaaa", b"dweb:/ipfs/bafkqaaa", b"/ipfs/", b"/ipns/12D3KooWBbrLMwj9tnmwoYZCvncAffC8qbHgXNmbZFix35TxmAQt"],
        "multibase": ["\U0001f680\U0001f680\U0001f680".encode(), b"\0abc", b"RQED8UC4E-A", b"P", b"x", b"Uaa==", b"9123", b"K0AZ", b"h8"],
        "chunker": [b"rabin\0" + bytes(range(256)) * 8, b"rabin-16-32-64\0" + bytes(range(256)) * 4, b"rabin-min:16,avg:32,max:64\0abc", b"rabin-512\0" + b"ab" * 999, b"buzhash\0" + b"xyz" * 500, b"default\0abc", b"size-\0", b"rabin-1-2-3\0a", b"rabin-x\0", b"fastcdc\0a", b"buzhash\0" + chacha20("buzhash", 300_000)],
        "dag_jose": [bytes.fromhex("a2677061796c6f616458260171122089556551c3926679cc52c72e182a5619056a4727409ee93a26d05ad727ca11f46a7369676e61747572657381a16970726f74656374656443000102")],
    }
    for target, list_ in texts.items():
        for one in list_:
            yield target, one
    # a JWS with payload, protected, signature; a JWE
    jws = bytes.fromhex("a2677061796c6f61645824") + bytes.fromhex("01711220") + bytes(32) + bytes.fromhex("6a7369676e61747572657381a26970726f746563746564427b7d697369676e61747572654101")
    jwe = bytes.fromhex("a5626976430102036374616743010203" "6970726f746563746564427b7d" "6a63697068657274657874430102036a726563697069656e747381a16d656e637279707465645f6b6579430a0b0c")
    yield "dag_jose", jws
    yield "dag_jose", jwe
    yield "dag_jose", b'{"payload":"AXESIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","protected":"e30","signature":"AQ","header":{"a":1}}'
    # old sets of pins and snapshots
    cid = cid1(0x71, mh(b"x"))
    for slot in ([[Link(cid), 0, "name"]], [[Link(cid), 1, ""], [Link(cid1(0x55, mh(b"y"))), 0, "n"]], Link(cid)):
        yield "pin_snapshot", cbor([ "pins", 1, b"\x01" + bytes(31), [slot]])
        yield "pin_snapshot", cbor(["pins", 1, bytes(31) + b"\x80", [slot]])
    old = lambda fanout, links: pb_node(links, varint(9) + pb(1, 1) + pb(2, fanout) + varint(3 << 3 | 5) + bytes(4))
    empty = mh(b"")
    yield "pin_snapshot", old(2, [pb_link(empty, "", 0), pb_link(empty, "", 0), pb_link(cid, "", 0)])
    yield "pin_snapshot", pb_node([pb_link(mh(old(0, [pb_link(cid, "", 0)])), "recursive", 5), pb_link(cid, "direct", 5)])
    yield "pin_snapshot", pb(1, varint(14) + pb(1, 1) + pb(2, 256) + pb(3, 0))
    # yamux: header of version, type, flags, stream, length
    frame = lambda kind, flags, id, n, body=b"": bytes([0, kind]) + flags.to_bytes(2, "big") + id.to_bytes(4, "big") + n.to_bytes(4, "big") + body
    yield "yamux", bytes([0, 127]) + frame(1, 1, 2, 0) + frame(0, 0, 2, 5, b"hello") + frame(0, 4, 2, 0) + frame(2, 1, 0, 7) + frame(3, 0, 0, 0)
    yield "yamux", bytes([1, 45]) + frame(0, 1, 1, 3, b"abc") + frame(1, 2, 1, 100) + frame(1, 8, 1, 0) + frame(2, 2, 0, 1)
    for n in range(7):
        yield "yamux", bytes([n, 1 << n]) + frame(0, 1, 2 - n % 2, 2, b"xy") + frame(1, 0, 2 - n % 2, 1 << 20) + frame(1, 4, 2 - n % 2, 0)


def main():
    folder = sys.argv[1]
    seen = {}
    for path in sorted(glob.glob(os.path.join(root, "specs", "*", "vectors", "*.json"))):
        with open(path, encoding="utf-8") as f:
            for c in json.load(f)["cases"]:
                for target, b in seeds_of(c["op"], c["in"]):
                    seen.setdefault(target, set()).add(b)
    for target, b in by_hand():
        seen.setdefault(target, set()).add(b)
    for target, list_ in seen.items():
        os.makedirs(os.path.join(folder, target), exist_ok=True)
        for b in list_:
            with open(os.path.join(folder, target, hashlib.sha1(b).hexdigest()), "wb") as f:
                f.write(b)
    print(f"{sum(map(len, seen.values()))} seeds of {len(seen)} targets")


main()
