#!/usr/bin/env python3
"""Cases of varint, multibase, multicodec, multihash and cid."""
from kit import *


def make_varint():
    a = Area("varint", "unsigned varints")
    edges = sorted({n for k in range(1, 10) for n in ((1 << 7 * k) - 1, 1 << 7 * k, (1 << 7 * k) + 1)} | {0, 1, 2, 127, 128, 300, 0xffff, 1 << 31, 1 << 32, (1 << 53) - 1, 1 << 53, (1 << 53) + 1})
    for n in edges:
        if n >= 1 << 63:
            continue
        wide = ["varint:wide"] if n >= 1 << 53 else []
        a.add("varint-1", str(n), "varint.encode", {"value": str(n)}, out={"bytes": varint(n).hex()}, features=wide)
        a.add("varint-2", str(n), "varint.decode", {"bytes": varint(n).hex()}, out={"value": str(n), "size": len(varint(n))}, features=wide)
        a.add("varint-2", f"{n}-and-more", "varint.decode", {"bytes": varint(n).hex() + "ff00"}, out={"value": str(n), "size": len(varint(n))}, features=wide)
        long = bytearray(varint(n))
        long[-1] |= 0x80
        if len(long) < 9:
            a.add("varint-3", f"{n}-one-longer", "varint.decode", {"bytes": (bytes(long) + b"\0").hex()}, err="non-minimal")
        if len(varint(n)) > 1:
            a.add("varint-5", f"{n}-cut", "varint.decode", {"bytes": varint(n)[:-1].hex()}, err="truncated")
    for k in range(2, 9):
        a.add("varint-3", f"zero-in-{k}", "varint.decode", {"bytes": "80" * (k - 1) + "00"}, err="non-minimal")
    for name, octets in (("ten-octets", "ff" * 9 + "01"), ("ten-octets-small", "80" * 9 + "01"), ("2-to-64", "80" * 9 + "02"), ("eleven", "ff" * 10 + "01"), ("no-end", "ff" * 40),
                         ("nine-continued", "80" * 9)):
        a.add("varint-4", name, "varint.decode", {"bytes": octets}, err="overflow")
    a.add("varint-5", "empty", "varint.decode", {"bytes": ""}, err="truncated")
    for k in range(1, 9):
        a.add("varint-5", f"only-continued-{k}", "varint.decode", {"bytes": "80" * k}, err="truncated")
    a.add("varint-1", "rounded-encode", "varint.encode", {"value": str((1 << 53) + 1)}, variants={"exact": {"out": {"bytes": varint((1 << 53) + 1).hex()}}, "refused": {"err": True}, "rounded": {"out": {}}})
    a.add("varint-2", "rounded-decode", "varint.decode", {"bytes": varint((1 << 53) + 1).hex()}, variants={"exact": {"out": {"value": str((1 << 53) + 1)}}, "refused": {"err": True}, "rounded": {"out": {}}})
    a.write()


def make_multibase():
    a = Area("multibase", "multibase")
    datas = {"empty": b"", "zero": b"\0", "two-zeros": b"\0\0", "zero-one": b"\0\1", "one": b"\1", "ff": b"\xff", "yes-mani": b"yes mani !", "all": bytes(range(256)), "hash": digest(SHA256, b"x"),
             "three": b"\x01\x02\x03", "four": b"\xfb\xff\xbf\xfe", "five": b"\x05" * 5, "leading": b"\0\0\0\xde\xad\xbe\xef"}
    for name, (prefix, alphabet, bits, padded) in bases.items():
        f = ["base:" + name]
        clause = "multibase-2" if bits else "multibase-3"
        for slug, data in datas.items():
            text = multibase(name, data)
            a.add(clause, f"{name}-{slug}-encode", "multibase.encode", {"base": name, "bytes": data.hex()}, out={"text": text}, features=f)
            a.add("multibase-1", f"{name}-{slug}-decode", "multibase.decode", {"text": text}, out={"base": name, "bytes": data.hex()}, features=f)
        good = multibase(name, b"yes mani !")
        for slug, bad in (("space", " "), ("nul", "\0"), ("bang", "!"), ("newline", "\n"), ("e-acute", "é")):
            a.add("multibase-5", f"{name}-{slug}", "multibase.decode", {"text": good[:3] + bad + good[4:]}, err="malformed", features=f)
        if name in ("base16", "base32", "base36", "base32hex", "base16upper", "base32upper", "base36upper"):
            swapped = prefix + (good[1:].swapcase())
            a.add("multibase-9", f"{name}-other-case", "multibase.decode", {"text": swapped}, variants={"read": {"out": {"bytes": b"yes mani !".hex()}}, "refused": {"err": True}}, features=f)
        if bits in (5, 6, 3, 4):
            for data in (b"a", b"ab", b"abc", b"abcd", b"abcde"):
                text = multibase(name, data)
                spare = -len(data) * 8 % bits
                body, pad = text.rstrip("="), len(text) - len(text.rstrip("="))
                if spare:
                    i = alphabet.index(body[-1])
                    stray = body[:-1] + alphabet[i | 1] + "=" * pad
                    a.add("multibase-7", f"{name}-{len(data)}", "multibase.decode", {"text": stray}, variants={"read": {"out": {"bytes": data.hex()}}, "refused": {"err": True}}, features=f)
                if padded and pad:
                    variants = {"read": {"out": {"bytes": data.hex()}}, "refused": {"err": True}}
                    a.add("multibase-4", f"{name}-{len(data)}-unpadded", "multibase.decode", {"text": body}, variants=variants, features=f)
                    a.add("multibase-4", f"{name}-{len(data)}-short-pad", "multibase.decode", {"text": text[:-1]}, variants=variants, features=f)
                if not padded:
                    a.add("multibase-4", f"{name}-{len(data)}-padding-inside", "multibase.decode", {"text": text[:2] + "=" + text[2:]}, err="malformed", features=f)
        if bits in (5, 6):
            a.add("multibase-8", f"{name}-single", "multibase.decode", {"text": prefix + alphabet[0] + ("=" * (7 if bits == 5 else 3) if padded else "")},
                  variants={"refused": {"err": True}, "read as nothing": {"out": {"bytes": ""}}}, features=f)
    a.add("multibase-6", "empty", "multibase.decode", {"text": ""}, err="malformed")
    for ch in "@#!w%{~ xyEGHIJL":
        if ch not in [b[0] for b in bases.values()]:
            a.add("multibase-6", f"u{ord(ch):04x}", "multibase.decode", {"text": ch + "abc"}, err="malformed")
    a.write()


table = {"identity": 0, "cidv1": 1, "cidv2": 2, "cidv3": 3, "ip4": 4, "tcp": 6, "sha1": 0x11, "sha2-256": 0x12, "sha2-512": 0x13, "sha3-512": 0x14, "sha3-384": 0x15, "sha3-256": 0x16, "sha3-224": 0x17,
         "shake-128": 0x18, "shake-256": 0x19, "keccak-224": 0x1a, "keccak-256": 0x1b, "blake3": 0x1e, "sha2-384": 0x20, "dccp": 0x21, "murmur3-x64-64": 0x22, "murmur3-32": 0x23, "ip6": 0x29, "ip6zone": 0x2a,
         "ipcidr": 0x2b, "path": 0x2f, "multicodec": 0x30, "multihash": 0x31, "multiaddr": 0x32, "multibase": 0x33, "dns": 0x35, "dns4": 0x36, "dns6": 0x37, "dnsaddr": 0x38, "protobuf": 0x50, "cbor": 0x51,
         "raw": 0x55, "dbl-sha2-256": 0x56, "rlp": 0x60, "bencode": 0x63, "dag-pb": 0x70, "dag-cbor": 0x71, "libp2p-key": 0x72, "git-raw": 0x78, "torrent-info": 0x7b, "eth-block": 0x90, "bitcoin-block": 0xb0,
         "sctp": 0x84, "dag-jose": 0x85, "dag-cose": 0x86, "stellar-block": 0xd0, "md5": 0xd5, "dash-block": 0xf0, "swarm-manifest": 0xfa, "udp": 0x0111, "p2p-webrtc-star": 0x0113, "p2p-circuit": 0x0122,
         "dag-json": 0x0129, "udt": 0x012d, "utp": 0x012e, "unix": 0x0190, "p2p": 0x01a5, "https": 0x01bb, "onion": 0x01bc, "onion3": 0x01bd, "tls": 0x01c0, "quic": 0x01cc, "quic-v1": 0x01cd,
         "webtransport": 0x01d1, "certhash": 0x01d2, "ws": 0x01dd, "wss": 0x01de, "http": 0x01e0, "swhid-1-snp": 0x01f0, "json": 0x0200, "messagepack": 0x0201, "car": 0x0202, "libp2p-peer-record": 0x0301,
         "libp2p-relay-rsvp": 0x0302, "car-index-sorted": 0x0400, "car-multihash-index-sorted": 0x0401, "sha2-256-trunc254-padded": 0x1012, "ripemd-160": 0x1053, "x11": 0x1100,
         "sm3-256": 0x534d, "blake2b-256": 0xb220, "blake2b-512": 0xb240, "blake2s-128": 0xb250, "blake2s-256": 0xb260, "ed25519-pub": 0xed, "secp256k1-pub": 0xe7, "x25519-pub": 0xec, "p256-pub": 0x1200,
         "rsa-pub": 0x1205, "ed25519-priv": 0x1300, "secp256k1-priv": 0x1301, "ipfs": 0xe3, "ipns": 0xe5, "fil-commitment-unsealed": 0xf101, "fil-commitment-sealed": 0xf102, "skynet-ns": 0xb19910,
         "transport-bitswap": 0x0900, "transport-graphsync-filecoinv1": 0x0910, "transport-ipfs-gateway-http": 0x0920, "poseidon-bls12_381-a2-fc1": 0xb401, "ipld": 0xe2, "bls12_381-g1-pub": 0xea}


def make_multicodec():
    a = Area("multicodec", "multicodec")
    for name, code in table.items():
        a.add("multicodec-1", name, "multicodec.name", {"code": code}, out={"name": name})
        a.add("multicodec-2", name, "multicodec.code", {"name": name}, out={"code": code, "prefix": varint(code).hex()})
    for code in (0x05, 0x10, 0xffff, 0x7fffffff):
        a.add("multicodec-3", f"code-{code:x}", "multicodec.name", {"code": code}, err="unknown-code")
    for name in ("sha-256", "DAG-PB", "dag_pb", "", " raw", "md4x"):
        a.add("multicodec-3", f"name-{name.strip() or 'blank'}-{len(name)}", "multicodec.code", {"name": name}, err="unknown-code")
    a.write()


def make_multihash():
    a = Area("multihash", "multihash")
    for code in (0, 0x11, 0x12, 0x13, 0x16, 0x1e, 0x22, 0xb220, 0x1012, 0x7fff, 1 << 40):
        for size in (0, 1, 20, 32, 64, 127, 128, 200):
            if code == 0 and size > 127:
                continue
            d = bytes(i & 255 for i in range(size))
            whole = multihash(code, d)
            clause = "multihash-7" if code in (0x7fff, 1 << 40) else "multihash-1"
            level = None if size in (20, 32, 64) or code == 0 else "should"
            out = {"code": code, "digest": d.hex()}
            if size in (20, 32, 64) or code == 0:
                a.add(clause, f"{code:x}-{size}", "multihash.decode", {"bytes": whole.hex()}, out=out)
                a.add("multihash-2", f"{code:x}-{size}-longer", "multihash.decode", {"bytes": whole.hex() + "00"}, err="malformed")
                if size:
                    a.add("multihash-2", f"{code:x}-{size}-cut", "multihash.decode", {"bytes": whole[:-1].hex()}, err="truncated")
            else:
                a.add(clause, f"{code:x}-{size}", "multihash.decode", {"bytes": whole.hex()}, variants={"read": {"out": out}, "refused": {"err": True}})
    for code, d in ((0x12, digest(0x12, b"a")), (0x13, digest(0x13, b"a")), (0, b"abc"), (0x1e, bytes(32))):
        a.add("multihash-1", f"encode-{code:x}", "multihash.encode", {"code": code, "digest": d.hex()}, out={"bytes": multihash(code, d).hex()})
    a.add("multihash-3", "code-in-two", "multihash.decode", {"bytes": "9200" + "20" + "00" * 32}, err="non-minimal")
    a.add("multihash-3", "length-in-two", "multihash.decode", {"bytes": "12a000" + "00" * 32}, err="non-minimal")
    a.add("multihash-2", "empty", "multihash.decode", {"bytes": ""}, err="truncated")
    a.add("multihash-2", "code-only", "multihash.decode", {"bytes": "12"}, err="truncated")
    a.add("multihash-2", "huge-length", "multihash.decode", {"bytes": "12ffffffffffffffff7f00"}, err="truncated", note="a length is no reason to allocate")
    for size in (0, 1, 3, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1000):
        data = bytes((i * 7 + 1) & 255 for i in range(size))
        for code in (0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x20, 0x56, 0xd5, 0xb220, 0xb240, 0xb260, 0xb250, 0xb210):
            name = hash_names.get(code, {0xb250: "blake2s-128", 0xb210: "blake2b-128"}.get(code))
            a.add("multihash-4", f"{name}-{size}", "multihash.sum", {"code": code, "data": data.hex()}, out={"bytes": mh(data, code).hex()}, features=["hash:" + name])
        if size <= 127:
            a.add("multihash-6", str(size), "multihash.sum", {"code": 0, "data": data.hex()}, out={"bytes": multihash(0, data).hex()}, features=["hash:identity"])
    for size in (20, 24, 28, 31, 32):
        a.add("multihash-5", f"sha2-256-{size}", "multihash.sum", {"code": 0x12, "data": b"foo".hex(), "size": size}, out={"bytes": multihash(0x12, digest(0x12, b"foo")[:size]).hex()}, features=["hash:sha2-256"])
        a.add("multihash-5", f"sha2-512-{size}", "multihash.sum", {"code": 0x13, "data": b"foo".hex(), "size": size}, out={"bytes": multihash(0x13, digest(0x13, b"foo")[:size]).hex()}, features=["hash:sha2-512"])
    a.write()


def make_cid():
    a = Area("cid", "content identifiers")
    h, data = mh(b"hello"), b"hello"
    v0 = h
    some = {"raw": cid1(RAW, h), "dag-pb": cid1(DAG_PB, h), "dag-cbor": cid1(DAG_CBOR, h), "dag-json": cid1(DAG_JSON, h), "identity": cid1(RAW, multihash(0, b"inline")), "identity-empty": cid1(RAW, multihash(0, b"")),
            "sha2-512": cid1(DAG_CBOR, mh(data, SHA512)), "wide-codec": cid1(0xf101, h), "sha1": cid1(0x78, mh(data, SHA1)), "libp2p-key": cid1(LIBP2P_KEY, multihash(0, bytes(36))), "blake3": cid1(RAW, multihash(0x1e, bytes(range(32)))),
            "unknown": cid1(0x300001, h)}
    for name, c in some.items():
        a.add("cid-1", name, "cid.decode", {"bytes": c.hex()}, out=describe_cid(c))
        for base in ("base32", "base58btc", "base36", "base64url", "base16", "base32upper", "base64", "base16upper", "base36upper", "base2", "base32z", "base58flickr"):
            a.add("cid-4", f"{name}-{base}", "cid.parse", {"text": cid_text(c, base)}, out=describe_cid(c), features=["base:" + base])
            a.add("cid-4", f"{name}-{base}-format", "cid.format", {"bytes": c.hex(), "base": base}, out={"text": cid_text(c, base)}, features=["base:" + base])
        a.add("cid-4", f"{name}-default", "cid.format", {"bytes": c.hex()}, out={"text": cid_text(c)})
        a.add("cid-7", name, "cid.decode", {"bytes": c.hex() + "00"}, err="malformed")
        a.add("cid-7", f"{name}-text", "cid.parse", {"text": cid_text(c + b"\x01")}, err="malformed")
        a.add("cid-8", name, "cid.decode_first", {"bytes": c.hex() + "0171ff"}, out={**describe_cid(c), "size": len(c)})
        for cut in range(len(c)):
            if cut in (0, 1, 2, 3, 4, len(c) // 2, len(c) - 1) and not (cut == 4 and name == "identity-empty"):
                a.add("cid-11", f"{name}-{cut}", "cid.decode", {"bytes": c[:cut].hex()}, err="truncated")
        if name not in ("dag-pb",):
            a.add("cid-9", f"{name}-no-v0", "cid.to_v0", {"text": cid_text(c)}, err="malformed")
        a.add("cid-9", f"{name}-v1", "cid.to_v1", {"text": cid_text(c)}, out={"text": cid_text(c)})
    a.add("cid-9", "to-v0", "cid.to_v0", {"text": cid_text(some["dag-pb"])}, out={"text": cid_text(v0)})
    a.add("cid-9", "v0-to-v1", "cid.to_v1", {"text": cid_text(v0)}, out={"text": cid_text(some["dag-pb"])})
    a.add("cid-9", "v0-to-v0", "cid.to_v0", {"text": cid_text(v0)}, out={"text": cid_text(v0)})
    a.add("cid-9", "short-hash", "cid.to_v0", {"bytes": cid1(DAG_PB, multihash(0x12, bytes(20))).hex()}, err="malformed")
    a.add("cid-2", "decode", "cid.decode", {"bytes": v0.hex()}, out=describe_cid(v0))
    a.add("cid-2", "short", "cid.decode", {"bytes": v0[:-1].hex()}, err="truncated")
    a.add("cid-2", "longer", "cid.decode", {"bytes": v0.hex() + "00"}, err="malformed")
    a.add("cid-2", "sha1", "cid.decode", {"bytes": mh(data, SHA1).hex()}, err="malformed")
    a.add("cid-2", "31-octets", "cid.decode", {"bytes": multihash(0x12, bytes(31)).hex()}, err="malformed")
    for i, text in enumerate((b"", b"abc", b"x" * 40)):
        c = mh(text)
        a.add("cid-3", f"parse-{i}", "cid.parse", {"text": cid_text(c)}, out=describe_cid(c))
        a.add("cid-3", f"format-{i}", "cid.format", {"bytes": c.hex()}, out={"text": cid_text(c)})
        a.add("cid-3", f"short-{i}", "cid.parse", {"text": cid_text(c)[:-1]}, err="malformed")
        a.add("cid-3", f"longer-{i}", "cid.parse", {"text": cid_text(c) + "1"}, err="malformed")
        a.add("cid-3", f"bad-character-{i}", "cid.parse", {"text": cid_text(c)[:-1] + "0"}, err="malformed")
        a.add("cid-10", f"base32-{i}", "cid.format", {"bytes": c.hex(), "base": "base32"}, err="malformed", features=["base:base32"])
        for base in ("base32", "base58btc", "base64", "base36"):
            a.add("cid-5", f"{base}-{i}", "cid.parse", {"text": multibase(base, c)}, err="malformed", features=["base:" + base])
    for version in (2, 3, 4, 17, 19, 127, 128, 300):
        a.add("cid-6", f"{version}", "cid.decode", {"bytes": (varint(version) + varint(RAW) + h).hex()}, err="malformed")
        a.add("cid-6", f"{version}-text", "cid.parse", {"text": multibase("base32", varint(version) + varint(RAW) + h)}, err="malformed")
    a.add("cid-6", "0", "cid.decode", {"bytes": (varint(0) + varint(RAW) + h).hex()}, err="malformed")
    for slug, octets in (("version", b"\x81\x00" + varint(RAW) + h), ("codec", b"\x01\xd5\x00" + h), ("hash-code", b"\x01\x55\x92\x00" + h[1:]), ("hash-length", b"\x01\x55\x12\xa0\x00" + h[2:])):
        a.add("cid-14", slug, "cid.decode", {"bytes": octets.hex()}, err="non-minimal")
    a.add("cid-14", "codec-too-wide", "cid.decode", {"bytes": (b"\x01" + b"\xff" * 9 + b"\x01" + h).hex()}, err="overflow")
    for slug, text in (("empty", ""), ("one", "b"), ("two", "bb"), ("prefix-only", "z"), ("space", " " + cid_text(some["raw"])), ("trailing-space", cid_text(some["raw"]) + " "), ("newline", cid_text(some["raw"]) + "\n"),
                       ("path", "/ipfs/ " + cid_text(some["raw"])), ("unknown-base", "@" + cid_text(some["raw"])[1:]), ("emoji", "🚀🚀")):
        a.add("cid-4", f"refused-{slug}", "cid.parse", {"text": text}, err="malformed")
    for size in (126, 127, 128):
        c = cid1(RAW, multihash(0, b"B" * size))
        a.add("cid-1", f"identity-{size}", "cid.decode", {"bytes": c.hex()}, out=describe_cid(c), level="must" if size < 65 else "should", note="SEC-40, IPIP-512: at most 128 octets")
    for size in (129, 200, 1000, 2 << 20):
        c = cid1(RAW, multihash(0, b"B" * size)) if size < 2000 else None
        given = c.hex() if c else {"concat": [(b"\1\x55\0" + varint(size)).hex(), {"repeat": {"hex": "42", "count": size}}]}
        a.add("cid-1", f"identity-{size}", "cid.decode", {"bytes": given}, variants={"refused": {"err": True}, "read": {"out": {}}}, note="SEC-40: above IPIP-512's limit of 128 octets, which is for those who store and serve")
    for size in (0, 1, 100):
        d = bytes(size)
        for code in (0x12, 0x13, 0x11, 0):
            if code == 0 and size == 100:
                continue
            name = hash_names[code]
            a.add("cid-12", f"{name}-{size}", "cid.sum", {"version": 1, "codec": RAW, "hash": code, "data": d.hex()}, out={"text": cid_text(cid1(RAW, mh(d, code)))}, features=["hash:" + name])
            a.add("cid-13", f"{name}-{size}", "cid.verify", {"text": cid_text(cid1(RAW, mh(d, code))), "data": d.hex()}, out={}, features=["hash:" + name])
            a.add("cid-13", f"{name}-{size}-other", "cid.verify", {"text": cid_text(cid1(RAW, mh(d, code))), "data": (d + b"!").hex()}, err="malformed", features=["hash:" + name])
        a.add("cid-12", f"v0-{size}", "cid.sum", {"version": 0, "codec": DAG_PB, "hash": 0x12, "data": d.hex()}, out={"text": cid_text(mh(d))})
    a.write()


if __name__ == "__main__":
    make_varint(), make_multibase(), make_multicodec(), make_multihash(), make_cid()
