#!/usr/bin/env python3
"""Cases of signed envelopes and peer records."""
from addresses import pack
from kit import *

seed, other = hashlib.sha256(b"kit key one").digest(), hashlib.sha256(b"kit key two").digest()
peer_of = lambda s: multihash(IDENTITY, libp2p_public(s))
peer_text = lambda s: base_encode(b58btc, 0, False, peer_of(s))
DOMAIN, TYPE = "libp2p-peer-record", b"\x03\x01"


def signed_octets(domain, kind, payload):
    return b"".join(varint(len(x)) + x for x in (domain.encode(), kind, payload))


def seal(key, domain, kind, payload):
    # proto3: a field of no octets is not written
    return envelope(libp2p_public(key), kind or None, payload or None, ed25519_sign(key, signed_octets(domain, kind, payload)))


def envelope(public, kind, payload, signature):
    return b"".join(pb(n, v) for n, v in ((1, public), (2, kind), (3, payload), (5, signature)) if v is not None)


def record(peer, seq, addresses):
    return pb(1, peer) + (pb(2, seq) if seq else b"") + b"".join(pb(3, pb(1, a)) for a in addresses)


def make_envelope():
    a = Area("envelope", "signed envelopes and peer records")
    contents = {"hello": ("test-domain", b"\x01\x02", b"hello"), "empty-payload": ("test-domain", b"\x01", b""), "long-type": ("d", bytes(range(100)), b"x"), "long-payload": ("test-domain", b"\x00", bytes(range(256)) * 4),
                "domain-128": ("d" * 128, b"\x05", b"p"), "utf8-domain": ("dömäin", b"/type", b"payload"), "zero-type": ("test-domain", b"\0", b"\0")}
    for slug, (domain, kind, payload) in contents.items():
        whole = seal(seed, domain, kind, payload)
        seen = {"peer_id": peer_text(seed), "payload_type": kind.hex(), "payload": payload.hex()}
        a.add("envelope-1", slug, "envelope.open", {"bytes": whole.hex(), "domain": domain}, out=seen)
        a.add("envelope-10", slug, "envelope.seal", {"key": libp2p_private(seed).hex(), "domain": domain, "payload_type": kind.hex(), "payload": payload.hex()}, out={"bytes": whole.hex()})
        # what is signed has lengths: moving an octet from one part to the next is another message
        if kind[1:] and payload:
            moved = envelope(libp2p_public(seed), kind[:-1], kind[-1:] + payload, ed25519_sign(seed, signed_octets(domain, kind, payload)))
            a.add("envelope-2", slug + "-moved", "envelope.open", {"bytes": moved.hex(), "domain": domain}, err="bad-signature")
        bare = envelope(libp2p_public(seed), kind, payload, ed25519_sign(seed, domain.encode() + kind + payload))
        a.add("envelope-2", slug + "-no-lengths", "envelope.open", {"bytes": bare.hex(), "domain": domain}, err="bad-signature")
    for slug, domain, kind in (("empty-domain", "", b"\1"), ("empty-type", "test-domain", b"")):
        a.add("envelope-2", slug, "envelope.seal", {"key": libp2p_private(seed).hex(), "domain": domain, "payload_type": kind.hex(), "payload": "00"},
              variants={"sealed": {"out": {"bytes": seal(seed, domain, kind, b"\0").hex()}}, "sealed with an empty field": {"out": {}}, "refused": {"err": True}})
    domain, kind, payload = contents["hello"]
    good = seal(seed, domain, kind, payload)
    signature = ed25519_sign(seed, signed_octets(domain, kind, payload))
    public = libp2p_public(seed)
    wrong = {"other-domain": (good, "test-domain2"), "domain-cut": (good, "test-domai"), "domain-case": (good, "Test-domain"), "other-type": (envelope(public, b"\1\3", payload, signature), domain), "other-payload": (envelope(public, kind, b"hellp", signature), domain),
             "longer-payload": (envelope(public, kind, b"hello\0", signature), domain), "other-key": (envelope(libp2p_public(other), kind, payload, signature), domain), "no-signature": (envelope(public, kind, payload, None), domain),
             "empty-signature": (envelope(public, kind, payload, b""), domain), "signature-63": (envelope(public, kind, payload, signature[:-1]), domain), "signature-65": (envelope(public, kind, payload, signature + b"\0"), domain),
             "zero-signature": (envelope(public, kind, payload, bytes(64)), domain)}
    for bit in (0, 255, 256, 511):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        wrong[f"bit-{bit}"] = envelope(public, kind, payload, bytes(changed)), domain
    for slug, (octets, d) in wrong.items():
        a.add("envelope-3", slug, "envelope.open", {"bytes": octets.hex(), "domain": d}, err="bad-signature")
    none = {"empty": b"", "no-key": envelope(None, kind, payload, signature), "empty-key": envelope(b"", kind, payload, signature), "key-type-99": envelope(pb(1, 99) + pb(2, public[4:]), kind, payload, signature),
            "key-31": envelope(pb(1, 1) + pb(2, public[4:-1]), kind, payload, signature), "key-no-data": envelope(pb(1, 1), kind, payload, signature), "key-field-as-varint": pb(1, 5) + good[len(pb(1, public)):], "text": b"hello", "zero-tag": b"\0" + good, "huge-length": b"\x0a\xff\xff\xff\xff\x0f" + public,
            "group": b"\x0b" + good}
    for cut in (1, 2, len(pb(1, public)) - 1, len(good) - 1, len(good) - 64):
        none[f"cut-{cut}"] = good[:cut]
    for slug, octets in none.items():
        a.add("envelope-4", slug, "envelope.open", {"bytes": octets.hex(), "domain": domain}, err="malformed")
    parts = [pb(1, public), pb(2, kind), pb(3, payload), pb(5, signature)]
    seen = {"peer_id": peer_text(seed), "payload_type": kind.hex(), "payload": payload.hex()}
    for slug, octets in (("backwards", b"".join(reversed(parts))), ("payload-first", parts[2] + parts[0] + parts[1] + parts[3]), ("unknown-varint", good + pb(9, 5)), ("unknown-octets", pb(100, b"abc") + good), ("field-4", parts[0] + parts[1] + parts[2] + pb(4, b"x") + parts[3])):
        a.add("envelope-5", slug, "envelope.open", {"bytes": octets.hex(), "domain": domain}, out=seen)

    # peer records
    tcp, quic = pack([("ip4", "1.2.3.4"), ("tcp", "4001")]), pack([("ip4", "1.2.3.4"), ("udp", "4001"), ("quic-v1", None)])
    shown = {tcp: "/ip4/1.2.3.4/tcp/4001", quic: "/ip4/1.2.3.4/udp/4001/quic-v1"}
    records = {"none": (1, []), "one": (7, [tcp]), "two": (7, [tcp, quic]), "order": (7, [quic, tcp]), "seq-0": (0, [tcp]), "seq-128": (128, [tcp]), "seq-nanoseconds": (1_767_225_600_000_000_000, [tcp]), "seq-max": ((1 << 64) - 1, [tcp])}
    for slug, (seq, addresses) in records.items():
        whole = seal(seed, DOMAIN, TYPE, record(peer_of(seed), seq, addresses))
        texts = [shown[x] for x in addresses]
        a.add("envelope-6", slug, "peer_record.open", {"bytes": whole.hex()}, out={"peer_id": peer_text(seed), "seq": str(seq), "addresses": texts})
        a.add("envelope-7", slug, "peer_record.seal", {"key": libp2p_private(seed).hex(), "seq": str(seq), "addresses": texts}, out={"bytes": whole.hex()})
    one = record(peer_of(seed), 7, [tcp])
    out = {"peer_id": peer_text(seed), "seq": "7", "addresses": [shown[tcp]]}
    for slug, payload in (("backwards", pb(3, pb(1, tcp)) + pb(2, 7) + pb(1, peer_of(seed))), ("unknown-field", one + pb(15, b"x")), ("unknown-in-address", pb(1, peer_of(seed)) + pb(2, 7) + pb(3, pb(1, tcp) + pb(2, 1)))):
        a.add("envelope-5", "record-" + slug, "peer_record.open", {"bytes": seal(seed, DOMAIN, TYPE, payload).hex()}, out=out)
    for slug, octets in (("old-domain", seal(seed, "libp2p-routing-state", TYPE, one)), ("no-domain", seal(seed, "", TYPE, one))):
        a.add("envelope-7", slug, "peer_record.open", {"bytes": octets.hex()}, err="bad-signature")
    for slug, t in (("old-type", b"/libp2p/routing-state-record"), ("type-0302", b"\3\2"), ("type-short", b"\3"), ("type-long", b"\3\1\0"), ("no-type", b"")):
        a.add("envelope-7", slug, "peer_record.open", {"bytes": seal(seed, DOMAIN, t, one).hex()}, err="malformed")
    for slug, payload in (("other-peer", record(peer_of(other), 7, [tcp])), ("no-peer", pb(2, 7) + pb(3, pb(1, tcp))), ("empty-peer", record(b"", 7, [tcp])), ("peer-is-no-multihash", record(b"\x12\x20abc", 7, [tcp]))):
        a.add("envelope-8", slug, "peer_record.open", {"bytes": seal(seed, DOMAIN, TYPE, payload).hex()}, err="malformed")
    a.add("envelope-8", "sha-of-the-key", "peer_record.open", {"bytes": seal(seed, DOMAIN, TYPE, record(mh(libp2p_public(seed)), 7, [tcp])).hex()}, variants={"refused": {"err": True}, "the same peer": {"out": {"seq": "7"}}})
    for slug, bad in (("empty", b""), ("unknown-protocol", varint(0x3fff) + b"\1"), ("cut", tcp[:-1]), ("no-multiaddr", b"\xff\xff\xff")):
        for place, addresses in (("first", [bad, tcp]), ("last", [tcp, bad])):
            if slug == "unknown-protocol":
                a.add("envelope-9", f"{slug}-{place}", "peer_record.open", {"bytes": seal(seed, DOMAIN, TYPE, record(peer_of(seed), 7, addresses)).hex()}, variants={"left out": {"out": out}, "kept": {"out": {"peer_id": peer_text(seed), "seq": "7"}}, "refused": {"err": True}})
                continue
            a.add("envelope-9", f"{slug}-{place}", "peer_record.open", {"bytes": seal(seed, DOMAIN, TYPE, record(peer_of(seed), 7, addresses)).hex()}, out=out)
    a.add("envelope-9", "address-without-field", "peer_record.open", {"bytes": seal(seed, DOMAIN, TYPE, pb(1, peer_of(seed)) + pb(2, 7) + pb(3, b"") + pb(3, pb(1, tcp))).hex()}, out=out)
    for slug, payload in (("payload-cut", one[:-1]), ("payload-text", b"hello"), ("payload-group", one + b"\x0b")):
        a.add("envelope-4", slug, "peer_record.open", {"bytes": seal(seed, DOMAIN, TYPE, payload).hex()}, err="malformed")
    a.write()


make_envelope()
