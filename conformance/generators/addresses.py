#!/usr/bin/env python3
"""Cases of multiaddr, peer-id, multikey, paths and patch."""
import ipaddress
from kit import *

codes = {"ip4": 4, "tcp": 6, "ip6": 41, "dns": 53, "dns4": 54, "dns6": 55, "dnsaddr": 56, "udp": 273, "p2p-circuit": 290, "p2p": 421, "https": 443, "tls": 448, "sni": 449, "noise": 454, "quic": 460, "quic-v1": 461, "webtransport": 465,
         "certhash": 466, "ws": 477, "wss": 478, "http": 480, "ip6zone": 42, "sctp": 132, "webrtc-direct": 280, "webrtc": 281}
seed = hashlib.sha256(b"kit key one").digest()
ed_peer = multihash(IDENTITY, libp2p_public(seed))
sha_peer = mh(b"some rsa key")


def pack(parts):
    out = b""
    for name, value in parts:
        out += varint(codes[name])
        if name == "ip4":
            out += ipaddress.IPv4Address(value).packed
        elif name == "ip6":
            out += ipaddress.IPv6Address(value).packed
        elif name in ("tcp", "udp", "sctp"):
            out += int(value).to_bytes(2, "big")
        elif name == "p2p":
            out += varint(len(value)) + value
        elif value is not None:
            v = value if isinstance(value, bytes) else value.encode()
            out += varint(len(v)) + v
    return out


def text(parts):
    return "".join("/" + n + ("" if v is None else "/" + (base_encode(b58btc, 0, False, v) if n == "p2p" else multibase("base64url", v) if n == "certhash" else v)) for n, v in parts)


def make_multiaddr():
    a = Area("multiaddr", "multiaddr")
    good = {"ip4": [("ip4", "127.0.0.1")], "ip4-zeros": [("ip4", "0.0.0.0")], "ip4-ones": [("ip4", "255.255.255.255")], "tcp": [("ip4", "1.2.3.4"), ("tcp", "4001")], "udp": [("ip4", "1.2.3.4"), ("udp", "0")], "port-max": [("ip4", "1.2.3.4"), ("tcp", "65535")], "ip6": [("ip6", "::1")],
            "ip6-full": [("ip6", "2001:db8:1:2:3:4:5:6"), ("tcp", "1")], "ip6-any": [("ip6", "::"), ("udp", "1")], "quic": [("ip4", "1.2.3.4"), ("udp", "4001"), ("quic-v1", None)], "webtransport": [("ip4", "1.2.3.4"), ("udp", "4001"), ("quic-v1", None), ("webtransport", None)],
            "certhash": [("ip4", "1.2.3.4"), ("udp", "1"), ("quic-v1", None), ("webtransport", None), ("certhash", mh(b"cert"))], "dns": [("dns", "example.com"), ("tcp", "443"), ("wss", None)], "dns4": [("dns4", "a.example"), ("tcp", "443")], "dns6": [("dns6", "a.example")], "dnsaddr": [("dnsaddr", "bootstrap.libp2p.io")],
            "ws": [("ip4", "1.2.3.4"), ("tcp", "80"), ("ws", None)], "tls-ws": [("dns4", "x.example"), ("tcp", "443"), ("tls", None), ("ws", None)], "sni": [("ip4", "1.2.3.4"), ("tcp", "443"), ("tls", None), ("sni", "example.com"), ("ws", None)], "p2p": [("p2p", ed_peer)], "p2p-sha": [("p2p", sha_peer)],
            "tcp-p2p": [("ip4", "1.2.3.4"), ("tcp", "4001"), ("p2p", ed_peer)], "circuit": [("ip4", "1.2.3.4"), ("tcp", "4001"), ("p2p", ed_peer), ("p2p-circuit", None)], "circuit-peer": [("p2p", ed_peer), ("p2p-circuit", None), ("p2p", sha_peer)], "https": [("dns", "x.example"), ("tcp", "443"), ("https", None)],
            "noise": [("ip4", "1.2.3.4"), ("tcp", "1"), ("noise", None)], "ip6zone": [("ip6zone", "eth0"), ("ip6", "fe80::1")], "sctp": [("ip4", "1.2.3.4"), ("sctp", "5")], "webrtc-direct": [("ip4", "1.2.3.4"), ("udp", "5"), ("webrtc-direct", None)], "webrtc": [("p2p", ed_peer), ("p2p-circuit", None), ("webrtc", None)],
            "punycode": [("dns4", "xn--bcher-kva.example")]}
    for slug, parts in good.items():
        clause = "multiaddr-6" if "p2p" in slug else "multiaddr-3" if slug.startswith(("ip", "port")) else "multiaddr-1"
        a.add(clause, slug, "multiaddr.parse", {"text": text(parts)}, out={"bytes": pack(parts).hex(), "text": text(parts)})
        a.add("multiaddr-2", slug, "multiaddr.decode", {"bytes": pack(parts).hex()}, out={"text": text(parts), "bytes": pack(parts).hex()})
        octets = pack(parts)
        last = pack(parts[:-1])
        if parts[-1][1] is not None:
            for cut in sorted({len(octets) - 1, len(last) + len(varint(codes[parts[-1][0]]))}):
                a.add("multiaddr-7", f"{slug}-{cut}", "multiaddr.decode", {"bytes": octets[:cut].hex()}, err="truncated")
        if codes[parts[-1][0]] > 127:
            a.add("multiaddr-7", f"{slug}-code", "multiaddr.decode", {"bytes": (last + varint(codes[parts[-1][0]])[:1]).hex()}, err="truncated")
    for slug, given, shown in (("zeros", "2001:0db8:0:0:0:0:0:1", "2001:db8::1"), ("upper", "2001:DB8::A", "2001:db8::a"), ("middle", "1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("one-zero", "1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"), ("all", "0:0:0:0:0:0:0:0", "::")):
        a.add("multiaddr-4", slug, "multiaddr.parse", {"text": "/ip6/" + given}, out={"text": "/ip6/" + shown})
    a.add("multiaddr-4", "v4-mapped", "multiaddr.parse", {"text": "/ip6/::ffff:1.2.3.4"}, variants={"dotted": {"out": {"text": "/ip6/::ffff:1.2.3.4"}}, "hexadecimal": {"out": {"text": "/ip6/::ffff:102:304"}}, "refused": {"err": True}})
    for slug, t in (("unknown", "/foo/bar"), ("unknown-alone", "/foo"), ("ip4-letters", "/ip4/a.b.c.d"), ("ip4-three", "/ip4/1.2.3"), ("ip4-five", "/ip4/1.2.3.4.5"), ("ip4-256", "/ip4/1.2.3.256"), ("ip4-no-value", "/ip4"), ("ip6-as-ip4", "/ip4/::1"), ("ip4-as-ip6", "/ip6/1.2.3.4"), ("ip6-two-gaps", "/ip6/1::2::3"), ("ip6-nine", "/ip6/1:2:3:4:5:6:7:8:9"),
                    ("ip6-long-group", "/ip6/12345::"), ("port-65536", "/ip4/1.2.3.4/tcp/65536"), ("port-negative", "/ip4/1.2.3.4/tcp/-1"), ("port-letters", "/ip4/1.2.3.4/tcp/x"), ("port-missing", "/ip4/1.2.3.4/tcp"), ("port-huge", "/ip4/1.2.3.4/udp/99999999999"), ("port-float", "/ip4/1.2.3.4/tcp/1.5"), ("port-hex", "/ip4/1.2.3.4/tcp/0x10"),
                    ("port-exponent", "/ip4/1.2.3.4/tcp/1e3"), ("port-space", "/ip4/1.2.3.4/tcp/ 80"), ("p2p-empty", "/p2p"), ("p2p-word", "/p2p/hello"), ("p2p-0", "/p2p/0OIl"), ("p2p-short", "/p2p/Qm"), ("case", "/IP4/1.2.3.4"), ("value-of-none", "/ip4/1.2.3.4/tcp/1/quic-v1/x"), ("dns-missing", "/dns4"), ("certhash-word", "/certhash/xyz"), ("certhash-raw", "/certhash/uAAAA"),
                    ("double-slash", "/ip4//1.2.3.4"), ("space", "/ip4/ 1.2.3.4"), ("cidr", "/ip4/1.2.3.4/ipcidr/x")):
        a.add("multiaddr-5", slug, "multiaddr.parse", {"text": t}, err="malformed")
    for slug, octets in (("unknown-code", "ffff03"), ("ip4-short", "047f0000"), ("code-0", "0000"), ("p2p-not-multihash", "a503050102030405"), ("dns-longer", "3605616263"), ("long-length", "a503ffffffffffffffff7f")):
        if "code" in slug:
            a.add("multiaddr-5", slug + "-octets", "multiaddr.decode", {"bytes": octets}, variants={"refused": {"err": True}, "kept": {"out": {}}})
        else:
            a.add("multiaddr-5", slug + "-octets", "multiaddr.decode", {"bytes": octets}, err="malformed")
    for t in ("ip4/1.2.3.4", "127.0.0.1:80", "http://x", "hello", "ip4"):
        a.add("multiaddr-9", t.replace("/", "_"), "multiaddr.parse", {"text": t}, err="malformed")
    for slug, t in (("empty", ""), ("slash", "/"), ("two-slashes", "//")):
        a.add("multiaddr-9", slug, "multiaddr.parse", {"text": t}, variants={"refused": {"err": True}, "no components": {"out": {"components": []}}, "read": {"out": {}}})
    a.add("multiaddr-1", "slash-at-end", "multiaddr.parse", {"text": "/ip4/1.2.3.4/"}, variants={"refused": {"err": True}, "dropped": {"out": {"text": "/ip4/1.2.3.4"}}})
    for base in ("base58btc", "base32", "base16"):
        a.add("multiaddr-1", "certhash-" + base, "multiaddr.parse", {"text": "/certhash/" + multibase(base, mh(b"cert"))}, out={"bytes": pack([("certhash", mh(b"cert"))]).hex(), "text": "/certhash/" + multibase("base64url", mh(b"cert"))})
    a.add("multiaddr-6", "p2p-as-cid", "multiaddr.parse", {"text": "/p2p/" + cid_text(cid1(LIBP2P_KEY, ed_peer))}, out={"bytes": pack([("p2p", ed_peer)]).hex()})
    a.add("multiaddr-6", "ipfs", "multiaddr.parse", {"text": "/ipfs/" + base_encode(b58btc, 0, False, sha_peer)}, variants={"p2p": {"out": {"bytes": pack([("p2p", sha_peer)]).hex()}}, "refused": {"err": True}})
    for slug, x, y, both in (("tcp", "/ip4/1.2.3.4", "/tcp/80", "/ip4/1.2.3.4/tcp/80"), ("ws", "/ip4/1.2.3.4/tcp/80", "/ws", "/ip4/1.2.3.4/tcp/80/ws"), ("ip", "/ip4/1.2.3.4/tcp/80", "/ip4/5.6.7.8/udp/1", "/ip4/1.2.3.4/tcp/80/ip4/5.6.7.8/udp/1")):
        a.add("multiaddr-8", slug, "multiaddr.encapsulate", {"a": x, "b": y}, out={"text": both})
        a.add("multiaddr-8", slug + "-off", "multiaddr.decapsulate", {"a": both, "b": y}, out={"text": x})
    a.add("multiaddr-8", "absent", "multiaddr.decapsulate", {"a": "/ip4/1.2.3.4/tcp/80", "b": "/udp/1"}, variants={"as it was": {"out": {"text": "/ip4/1.2.3.4/tcp/80"}}, "refused": {"err": True}})
    a.add("multiaddr-8", "last", "multiaddr.decapsulate", {"a": "/ip4/1.2.3.4/tcp/80/ip4/1.2.3.4/tcp/80", "b": "/tcp/80"}, out={"text": "/ip4/1.2.3.4/tcp/80/ip4/1.2.3.4"})
    a.write()


def make_peer_id():
    a = Area("peer-id", "peer IDs and keys")
    b58 = lambda o: base_encode(b58btc, 0, False, o)
    seeds = [hashlib.sha256(f"kit key {n}".encode()).digest() for n in range(8)]
    for n, s in enumerate(seeds):
        public, peer = libp2p_public(s), multihash(IDENTITY, libp2p_public(s))
        a.add("peer-id-1", f"ed25519-{n}", "key.public", {"bytes": public.hex()}, out={"type": "Ed25519", "bytes": public.hex()})
        a.add("peer-id-2", f"ed25519-{n}", "key.public", {"bytes": public.hex()}, out={"peer_id": b58(peer)})
        c = cid1(LIBP2P_KEY, peer)
        out = {"bytes": peer.hex(), "text": b58(peer), "cid": cid_text(c), "ipns": cid_text(c, "base36")}
        for slug, t in (("base58", b58(peer)), ("base32", cid_text(c)), ("base36", cid_text(c, "base36"))):
            a.add("peer-id-3", f"{slug}-{n}", "peer_id.parse", {"text": t}, out=out)
        a.add("peer-id-5", f"{n}", "key.private", {"bytes": libp2p_private(s).hex()}, out={"type": "Ed25519", "public": public.hex()})
        m = f"message {n}".encode() * n
        sig = ed25519_sign(s, m)
        a.add("peer-id-6", f"{n}", "key.sign", {"key": libp2p_private(s).hex(), "data": m.hex()}, out={"signature": sig.hex()})
        a.add("peer-id-6", f"{n}-verify", "key.verify", {"key": public.hex(), "data": m.hex(), "signature": sig.hex()}, out={"valid": True})
        a.add("peer-id-7", f"{n}-data", "key.verify", {"key": public.hex(), "data": (m + b"!").hex(), "signature": sig.hex()}, out={"valid": False})
        a.add("peer-id-7", f"{n}-key", "key.verify", {"key": libp2p_public(seeds[n - 1]).hex(), "data": m.hex(), "signature": sig.hex()}, out={"valid": False})
        bad = bytearray(sig)
        bad[n * 8 % 64] ^= 1 << n % 8
        a.add("peer-id-7", f"{n}-bit", "key.verify", {"key": public.hex(), "data": m.hex(), "signature": bytes(bad).hex()}, out={"valid": False})
        high = sig[:32] + (int.from_bytes(sig[32:], "little") + L).to_bytes(32, "little")
        a.add("peer-id-7", f"{n}-not-reduced", "key.verify", {"key": public.hex(), "data": m.hex(), "signature": high.hex()}, out={"valid": False}, note="RFC 8032, 5.1.7: S in [0, L)")
    for n in range(3):
        peer = mh(f"rsa {n}".encode())
        c = cid1(LIBP2P_KEY, peer)
        out = {"bytes": peer.hex(), "text": b58(peer), "cid": cid_text(c), "ipns": cid_text(c, "base36")}
        for slug, t in (("base58", b58(peer)), ("base32", cid_text(c)), ("base36", cid_text(c, "base36"))):
            a.add("peer-id-3", f"{slug}-sha-{n}", "peer_id.parse", {"text": t}, out=out)
    for slug, t in (("empty", ""), ("word", "hello"), ("raw-cid", cid_text(cid1(RAW, sha_peer))), ("dag-pb-cid", cid_text(cid1(DAG_PB, sha_peer))), ("cut", b58(sha_peer)[:-5]), ("bad-character", "0" + b58(sha_peer)[1:]), ("space", " " + b58(sha_peer)), ("sha1", b58(mh(b"x", SHA1))), ("one", "1")):
        a.add("peer-id-4", slug, "peer_id.parse", {"text": t}, err="malformed")
    key = ed25519_public(seed)
    for slug, octets in (("type-9", pb(1, 9) + pb(2, key)), ("31-octets", pb(1, 1) + pb(2, key[:31])), ("33-octets", pb(1, 1) + pb(2, key + b"\0")), ("no-data", pb(1, 1)), ("empty", b""), ("no-type", pb(2, key)), ("cut", (pb(1, 1) + pb(2, key))[:-1]), ("text", b"hello"), ("rsa-garbage", pb(1, 0) + pb(2, b"xyz")), ("secp-garbage", pb(1, 2) + pb(2, bytes(33)))):
        level = "should" if slug == "no-type" else None
        a.add("peer-id-8", slug, "key.public", {"bytes": octets.hex()}, err="malformed", level=level)
    for slug, octets in (("type-9", pb(1, 9) + pb(2, seed + key)), ("32-octets", pb(1, 1) + pb(2, seed)), ("63-octets", pb(1, 1) + pb(2, (seed + key)[:63])), ("empty", b"")):
        a.add("peer-id-8", slug + "-private", "key.private", {"bytes": octets.hex()}, err="malformed")
    # the other kinds of keys: inlined up to 42 octets of protobuf
    oid = lambda *n: der(6, bytes(n))

    def rsa_of(bits):
        stream = b"".join(hashlib.sha256(b"modulus %d" % n).digest() for n in range((bits + 255) // 256))
        modulus = int.from_bytes(stream, "big") % (1 << bits) | 1 << (bits - 1) | 1
        return der(0x30, der(0x30, oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1) + der(5, b"")) + der(3, b"\0" + der(0x30, der_int(modulus) + der_int(65537))))
    rsa = rsa_of(2048)
    for bits in (3072, 4096, 8192):
        public = pb(1, 0) + pb(2, rsa_of(bits))
        a.add("peer-id-1", f"rsa-{bits}", "key.public", {"bytes": public.hex()}, out={"type": "RSA", "bytes": public.hex(), "peer_id": b58(mh(public))})
    for bits in (512, 1024, 2047, 8193, 16384):
        a.add("peer-id-11", f"rsa-{bits}", "key.public", {"bytes": (pb(1, 0) + pb(2, rsa_of(bits))).hex()}, err="limit")
    p256 = bytes.fromhex("04" "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
    ecdsa = der(0x30, der(0x30, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1) + oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7)) + der(3, b"\0" + p256))
    secrets = [int.from_bytes(hashlib.sha256(b"secp key %d" % n).digest(), "big") % KN for n in range(4)]
    secp = [pb(1, 2) + pb(2, secp256k1_public(s)) for s in secrets]
    for slug, kind, public in (("rsa-2048", "RSA", pb(1, 0) + pb(2, rsa)), ("ecdsa-p256", "ECDSA", pb(1, 3) + pb(2, ecdsa)), *((f"secp256k1-{n}", "Secp256k1", k) for n, k in enumerate(secp))):
        peer = multihash(IDENTITY, public) if len(public) <= 42 else mh(public)
        a.add("peer-id-1", slug, "key.public", {"bytes": public.hex()}, out={"type": kind, "bytes": public.hex()})
        a.add("peer-id-2", slug, "key.public", {"bytes": public.hex()}, out={"peer_id": b58(peer)})
    for n, (s, public) in enumerate(zip(secrets, secp)):
        m = f"secp message {n}".encode() * (n + 1)
        sig = secp256k1_sign(s, m)
        verify = lambda slug, data, signature, valid, clause="peer-id-9", key=public, **k: a.add(clause, slug, "key.verify", {"key": key.hex(), "data": data.hex(), "signature": signature.hex()}, out={"valid": valid}, **k)
        verify(f"{n}", m, sig, True)
        verify(f"{n}-data", m + b"!", sig, False)
        verify(f"{n}-key", m, sig, False, key=secp[n - 1])
        bad = bytearray(sig)
        bad[-1 - n] ^= 1 << n
        verify(f"{n}-bit", m, bytes(bad), False)
        verify(f"{n}-high-s", m, secp256k1_sign(s, m, high=True), False, clause="peer-id-10")
    a.write()


def make_multikey():
    a = Area("multikey", "Multikey and did:key")
    keys = {"ed25519-pub": (0xed, 32), "x25519-pub": (0xec, 32), "secp256k1-pub": (0xe7, 33), "p256-pub": (0x1200, 33), "p384-pub": (0x1201, 49)}
    for name, (code, size) in keys.items():
        for n in range(3):
            k = hashlib.sha512(f"{name}{n}".encode()).digest()[:size]
            k = ed25519_public(hashlib.sha256(k).digest()) if name == "ed25519-pub" else k if size == 32 else bytes([2 + n % 2]) + k[1:]
            if size in (33, 49) and n:
                continue  # a point has to lie on its curve
            if size in (33, 49):
                k = {0xe7: "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 0x1200: "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
                     0x1201: "03aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"}[code]
                k = bytes.fromhex(k)
            t = multibase("base58btc", varint(code) + k)
            a.add("multikey-1", f"{name}-{n}", "multikey.parse", {"text": t}, out={"code": code, "key": k.hex()})
            a.add("multikey-2", f"{name}-{n}", "did_key.parse", {"text": "did:key:" + t}, out={"code": code, "key": k.hex()})
            for delta, d in (("short", k[:-1]), ("long", k + b"\0"), ("empty", b"")):
                a.add("multikey-3", f"{name}-{n}-{delta}", "multikey.parse", {"text": multibase("base58btc", varint(code) + d)}, err="malformed")
    good = multibase("base58btc", varint(0xed) + ed25519_public(seed))
    for slug, t in (("hash-code", multibase("base58btc", varint(0x12) + bytes(32))), ("unknown-code", multibase("base58btc", varint(0x300001) + bytes(32))), ("no-base", good[1:]), ("empty", ""), ("prefix", "z"), ("bad-character", good[:-1] + "0")):
        a.add("multikey-4", slug, "multikey.parse", {"text": t}, err="malformed", level="should" if slug.endswith("-code") else None)
    for slug, t in (("web", "did:web:example.com"), ("no-did", good), ("upper", "DID:KEY:" + good), ("empty", "did:key:"), ("fragment", "did:key:" + good + "#x"), ("two-colons", "did:key::" + good)):
        a.add("multikey-4", "did-" + slug, "did_key.parse", {"text": t}, err="malformed")
    a.write()


def make_paths():
    a = Area("paths", "content paths")
    c, c0 = cid_text(cid1(RAW, mh(b"p"))), cid_text(mh(b"p"))
    name = ipns_name(seed)
    for slug, t, shown, ns in (("ipfs", f"/ipfs/{c}", f"/ipfs/{c}", "ipfs"), ("v0", f"/ipfs/{c0}", f"/ipfs/{c0}", "ipfs"), ("segments", f"/ipfs/{c}/a/b", f"/ipfs/{c}/a/b", "ipfs"), ("ipns-key", f"/ipns/{name}", f"/ipns/{name}", "ipns"), ("ipns-domain", "/ipns/example.com/x", "/ipns/example.com/x", "ipns"),
                               ("ipld", f"/ipld/{c}/a/0", f"/ipld/{c}/a/0", "ipld"), ("umlaut", f"/ipfs/{c}/ä", f"/ipfs/{c}/ä", "ipfs"), ("space", f"/ipfs/{c}/a b", f"/ipfs/{c}/a b", "ipfs"), ("percent", f"/ipfs/{c}/a%20b", f"/ipfs/{c}/a%20b", "ipfs")):
        a.add("paths-1", slug, "path.parse", {"text": t}, out={"text": shown, "namespace": ns})
    for slug, t in (("empty", ""), ("slash", "/"), ("ipfs", "/ipfs"), ("ipfs-slash", "/ipfs/"), ("ipns-slash", "/ipns/"), ("other", f"/foo/{c}"), ("relative", f"ipfs/{c}"), ("cid-alone", c), ("upper", f"/IPFS/{c}"), ("two-slashes", "//"), ("ipld", "/ipld/")):
        a.add("paths-2", slug, "path.parse", {"text": t}, err="malformed")
    for slug, t in (("word", "/ipfs/hello"), ("cut", f"/ipfs/{c[:-1]}"), ("domain", "/ipfs/example.com"), ("key", "/ipfs/0"), ("ipld-word", "/ipld/hello"), ("version-2", "/ipfs/" + multibase("base32", b"\2\x55" + mh(b"x")))):
        a.add("paths-3", slug, "path.parse", {"text": t}, err="malformed")
    for slug, t, shown in (("double", f"/ipfs/{c}//a", f"/ipfs/{c}/a"), ("dot", f"/ipfs/{c}/./a", f"/ipfs/{c}/a"), ("dots", f"/ipfs/{c}/a/../b", f"/ipfs/{c}/b"), ("end", f"/ipfs/{c}/", f"/ipfs/{c}/"), ("end-segment", f"/ipfs/{c}/a/", f"/ipfs/{c}/a/"), ("many", f"/ipfs/{c}/a/./b//c/../d", f"/ipfs/{c}/a/b/d")):
        a.add("paths-4", slug, "path.parse", {"text": t}, out={"text": shown})
    a.write()


def make_patch():
    a = Area("patch", "IPLD Patch")
    start = {"foo": "bar", "list": [1, 2, 3], "map": {"x": 1}}
    p = lambda *steps: notation(list(steps))

    def case(clause, slug, steps, want=None):
        inp = {"value": notation(start), "patch": p(*steps)}
        if want is None:
            a.add(clause, slug, "patch.apply", inp, err="malformed")
        else:
            a.add(clause, slug, "patch.apply", inp, out={"value": notation(want)})
    case("patch-1", "map", [{"op": "add", "path": "/baz", "value": 1}], {**start, "baz": 1})
    case("patch-1", "nested", [{"op": "add", "path": "/map/y", "value": None}], {**start, "map": {"x": 1, "y": None}})
    case("patch-1", "list-first", [{"op": "add", "path": "/list/0", "value": 0}], {**start, "list": [0, 1, 2, 3]})
    case("patch-1", "list-end", [{"op": "add", "path": "/list/-", "value": 4}], {**start, "list": [1, 2, 3, 4]})
    case("patch-1", "list-length", [{"op": "add", "path": "/list/3", "value": 4}], {**start, "list": [1, 2, 3, 4]})
    case("patch-1", "list-beyond", [{"op": "add", "path": "/list/4", "value": 4}])
    case("patch-1", "no-parent", [{"op": "add", "path": "/none/x", "value": 4}])
    case("patch-2", "remove", [{"op": "remove", "path": "/foo"}], {"list": [1, 2, 3], "map": {"x": 1}})
    case("patch-2", "remove-item", [{"op": "remove", "path": "/list/1"}], {**start, "list": [1, 3]})
    case("patch-2", "remove-absent", [{"op": "remove", "path": "/none"}])
    case("patch-2", "replace", [{"op": "replace", "path": "/foo", "value": [True]}], {**start, "foo": [True]})
    case("patch-2", "replace-absent", [{"op": "replace", "path": "/none", "value": 1}])
    case("patch-3", "move", [{"op": "move", "from": "/foo", "path": "/map/foo"}], {"list": [1, 2, 3], "map": {"x": 1, "foo": "bar"}})
    case("patch-3", "copy", [{"op": "copy", "from": "/map", "path": "/two"}], {**start, "two": {"x": 1}})
    case("patch-3", "move-absent", [{"op": "move", "from": "/none", "path": "/x"}])
    case("patch-3", "copy-absent", [{"op": "copy", "from": "/none", "path": "/x"}])
    case("patch-4", "equal", [{"op": "test", "path": "/foo", "value": "bar"}, {"op": "add", "path": "/ok", "value": 1}], {**start, "ok": 1})
    case("patch-4", "other", [{"op": "test", "path": "/foo", "value": "x"}, {"op": "add", "path": "/ok", "value": 1}])
    case("patch-4", "absent", [{"op": "test", "path": "/none", "value": 1}])
    for slug, steps in (("op", [{"op": "frob", "path": "/a"}]), ("no-path", [{"op": "remove"}]), ("no-value", [{"op": "add", "path": "/a"}]), ("no-from", [{"op": "move", "path": "/a"}]), ("path-number", [{"op": "remove", "path": 1}])):
        case("patch-5", slug, steps)
    a.write()


if __name__ == "__main__":
    make_multiaddr(), make_peer_id(), make_multikey(), make_paths(), make_patch()
