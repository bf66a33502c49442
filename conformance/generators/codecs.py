#!/usr/bin/env python3
"""Cases of dag-cbor, dag-json, dag-pb and raw."""
from kit import *

link = Link(cid1(RAW, mh(b"linked")))
link0 = Link(mh(b"linked"))
values = {
    "null": None, "true": True, "false": False, "0": 0, "1": 1, "23": 23, "24": 24, "255": 255, "256": 256, "65535": 65535, "65536": 65536, "2-32-1": (1 << 32) - 1, "2-32": 1 << 32, "2-53-1": (1 << 53) - 1,
    "-1": -1, "-24": -24, "-25": -25, "-256": -256, "-257": -257, "-65536": -65536, "-65537": -65537, "-2-32": -(1 << 32), "-2-32-1": -(1 << 32) - 1, "-2-53+1": -(1 << 53) + 1,
    "empty-text": "", "a": "a", "23-letters": "x" * 23, "24-letters": "x" * 24, "256-letters": "y" * 256, "umlaut": "Käse", "snowman": "☃", "emoji": "🦄🌈", "nul-text": "a\0b", "quotes": 'say "hi"\\', "controls": "\t\n\r\x1f\x7f",
    "empty-bytes": b"", "one-byte": b"\0", "bytes-23": b"\x17" * 23, "bytes-24": b"\x18" * 24, "bytes-256": bytes(range(256)), "empty-list": [], "list": [1, 2, 3], "list-24": list(range(24)), "nested-list": [[], [[]], [[[]]]],
    "empty-map": {}, "map": {"a": 1, "b": 2}, "lengths": {"aaa": 1, "bb": 2, "c": 3, "ba": 4, "": 5}, "octet-order": {"z": 0, "aa": 1, "ä": 2, "~": 3, "A": 4}, "nested-map": {"a": {"b": {"c": {}}}}, "mixed": {"list": [None, True, {"x": b"\1"}], "text": "t", "n": -7},
    "link": link, "link-v0": link0, "link-in-list": [link, link0], "link-in-map": {"l": link, "m": {"k": [link0]}}, "identity-link": Link(cid1(RAW, multihash(0, b"inline"))), "twenty-keys": {f"key{i}": i for i in range(20)},
    "1.5": 1.5, "-0.25": -0.25, "pi": 3.141592653589793, "1e-3": 0.001, "third": 1 / 3,
}
wide = {"2-53": 1 << 53, "2-63-1": (1 << 63) - 1, "-2-63": -(1 << 63), "-2-53": -(1 << 53)}
full = {"2-63": 1 << 63, "2-64-1": (1 << 64) - 1, "-2-63-1": -(1 << 63) - 1, "-2-64": -(1 << 64)}
integral = {"1.0": 1.0, "-1.0": -1.0, "0.0": 0.0, "-0.0": -0.0, "1e20": 1e20, "1e300": 1e300}


def has_float(v):
    return isinstance(v, float)


def make_cbor():
    a = Area("dag-cbor", "DAG-CBOR")
    f = ["codec:dag-cbor"]
    dec = lambda clause, slug, octets, **k: a.add(clause, slug, "codec.decode", {"codec": "dag-cbor", "bytes": octets if isinstance(octets, (str, dict)) else octets.hex()}, **{"features": f, **k})
    enc = lambda clause, slug, value, **k: a.add(clause, slug, "codec.encode", {"codec": "dag-cbor", "value": value}, **{"features": f, **k})

    def trio(slug, v, extra=(), clause="dag-cbor-19"):
        octets, feats = cbor(v), f + list(extra)
        dec(clause, slug + "-decode", octets, out={"value": notation(v)}, features=feats)
        enc(clause, slug + "-encode", notation(v), out={"bytes": octets.hex()}, features=feats)
        a.add(clause, slug + "-again", "codec.transcode", {"from": "dag-cbor", "to": "dag-cbor", "bytes": octets.hex()}, out={"bytes": octets.hex()}, features=feats)
    for slug, v in values.items():
        trio(slug, v)
    for slug, v in wide.items():
        trio(slug, v, ["int:64"], "dag-cbor-18")
    for slug, v in full.items():
        trio(slug, v, ["int:full"], "dag-cbor-18")
    for slug, v in integral.items():
        trio(slug, v, ["float:integral"], "dag-cbor-3")
    for n in (0, 23, 24, 255, 256, 65535, 65536, (1 << 32) - 1, 1 << 32):
        enc("dag-cbor-1", f"int-{n}", notation(n), out={"bytes": cbor(n).hex()})
        for major in (0, 1, 2, 3, 4, 5):
            for size, code in ((1, 24), (2, 25), (4, 26), (8, 27)):
                shortest = len(head(0, n)) - 1
                if size <= shortest or n >= 1 << 8 * size or (major >= 2 and n > 300):
                    continue
                body = b"" if major < 2 else b"a" * n if major == 3 else bytes(n) if major < 5 else b"".join(cbor(f"{i:03}") + b"\0" for i in range(n))
                dec("dag-cbor-2", f"major{major}-{n}-in-{size}", bytes([major << 5 | code]) + n.to_bytes(size, "big") + body, err="non-minimal")
    dec("dag-cbor-2", "tag-in-two", b"\xd9\0\x2a" + cbor(link)[2:], err="non-minimal")
    for slug, octets in (("half-0", "f90000"), ("half-1.5", "f93e00"), ("single-1.5", "fa3fc00000"), ("single-max", "fa7f7fffff"), ("half-in-list", "81f93e00"), ("single-in-map", "a16161fa3fc00000")):
        dec("dag-cbor-4", slug, octets, err="malformed", level="should")
    for slug, octets in (("nan-16", "f97e00"), ("nan-32", "fa7fc00000"), ("nan-64", "fb7ff8000000000000"), ("inf-16", "f97c00"), ("inf-64", "fb7ff0000000000000"), ("minus-inf-64", "fbfff0000000000000"), ("nan-payload", "fb7ff8000000000001"),
                         ("signalling", "fb7ff0000000000001"), ("nan-in-list", "81fb7ff8000000000000"), ("inf-in-map", "a16161fb7ff0000000000000")):
        dec("dag-cbor-5", slug, octets, err="malformed")
    for slug, octets in (("nan", "7ff8000000000000"), ("inf", "7ff0000000000000"), ("minus-inf", "fff0000000000000")):
        enc("dag-cbor-5", slug + "-encode", {"float": octets}, err="malformed")
    for slug, octets in (("int", "a10001"), ("negative", "a12001"), ("bytes", "a1416101"), ("null", "a1f601"), ("bool", "a1f501"), ("list", "a18001"), ("map", "a1a001"), ("float", "a1fb3ff800000000000001"), ("link", "a1" + cbor(link).hex() + "01")):
        dec("dag-cbor-6", slug, octets, err="malformed")
    for slug, pairs in (("a-b", ["a", "b"]), ("by-length", ["b", "aa", "ccc"]), ("octets", ["A", "a", "é", "aa"]), ("empty-first", ["", "a"]), ("many", [f"{i:02}" for i in range(30)]), ("long", ["k" * 23, "k" * 24, "k" * 255, "k" * 256])):
        good = {k: i for i, k in enumerate(pairs)}
        backwards = {"map": [[k, {"int": str(i)}] for k, i in reversed(good.items())]}
        enc("dag-cbor-7", slug, backwards, out={"bytes": cbor(good).hex()})
        bad = head(5, len(pairs)) + b"".join(cbor(k) + cbor(good[k]) for k in reversed(sorted(pairs, key=lambda k: (len(k.encode()), k.encode()))))
        dec("dag-cbor-8", slug, bad, err="malformed", level="should")
    dec("dag-cbor-8", "octets-before-length", "a2626161006162 01".replace(" ", ""), err="malformed", level="should", note="sorted as RFC 8949 section 4.2.1 does it")
    for slug, octets in (("twice", "a2616101616102"), ("apart", "a3616101616202616103"), ("inside", "81a2616101616101"), ("empty-keys", "a260016002")):
        dec("dag-cbor-9", slug, octets, err="malformed")
    for slug, octets in (("bytes", "5f4101ff"), ("text", "7f6161ff"), ("list", "9f01ff"), ("map", "bf616101ff"), ("empty-list", "9fff"), ("empty-map", "bfff"), ("in-list", "819fff"), ("break", "ff"), ("break-in-list", "82ff01")):
        dec("dag-cbor-10", slug, octets, err="malformed", level="must" if "break" in slug else "should")
    for slug, c in (("raw", link), ("v0", link0), ("wide", Link(cid1(0xf101, mh(b"w")))), ("identity", Link(cid1(RAW, multihash(0, b"")))), ("sha2-512", Link(cid1(DAG_CBOR, mh(b"w", SHA512))))):
        dec("dag-cbor-11", slug, cbor(c), out={"value": {"link": cid_text(c)}})
        enc("dag-cbor-11", slug + "-encode", {"link": cid_text(c)}, out={"bytes": cbor(c).hex()})
    for slug, octets in (("text", b"\xd8\x2a\x61\x61"), ("int", b"\xd8\x2a\x01"), ("no-prefix", b"\xd8\x2a" + cbor(bytes(link))), ("prefix-1", b"\xd8\x2a" + cbor(b"\1" + link)), ("prefix-alone", b"\xd8\x2a\x41\0"), ("empty", b"\xd8\x2a\x40"),
                         ("cut", b"\xd8\x2a" + cbor(b"\0" + link[:-1])), ("longer", b"\xd8\x2a" + cbor(b"\0" + link + b"\0")), ("list", b"\xd8\x2a\x80"), ("map", b"\xd8\x2a\xa0"), ("null", b"\xd8\x2a\xf6"), ("tag-in-tag", b"\xd8\x2a" + cbor(link)),
                         ("reserved-version", b"\xd8\x2a" + cbor(b"\0\2" + link[1:])), ("not-a-cid", b"\xd8\x2a" + cbor(b"\0" + b"hello world"))):
        dec("dag-cbor-12", slug, octets, err="malformed")
    for tag in (0, 1, 2, 3, 4, 5, 21, 23, 24, 32, 37, 41, 43, 55, 63, 100, 255, 256, 258, 1000, 55799, 65536, 1 << 32):
        inner = cbor("2013-03-21T20:04:00Z") if tag == 0 else cbor(bytes(2)) if tag in (2, 3, 37) else cbor(1)
        dec("dag-cbor-13", str(tag), head(6, tag) + inner, err="malformed")
    for n in range(0, 20):
        dec("dag-cbor-14", f"simple-{n}", bytes([0xe0 | n]), err="malformed")
    for n in (0, 24, 31, 32, 100, 255):
        dec("dag-cbor-14", f"simple-8-{n}", bytes([0xf8, n]), err="malformed")
    dec("dag-cbor-14", "undefined", "f7", variants={"null": {"out": {"value": None}}, "refused": {"err": True}})
    dec("dag-cbor-14", "undefined-in-list", "81f7", variants={"null": {"out": {"value": [None]}}, "refused": {"err": True}})
    for slug in ("null", "1", "a", "list", "map", "link", "empty-map", "bytes-24"):
        octets = cbor(values[slug])
        dec("dag-cbor-15", slug + "-null", octets + b"\xf6", err="malformed")
        dec("dag-cbor-15", slug + "-zero", octets + b"\0", err="malformed")
        dec("dag-cbor-15", slug + "-itself", octets + octets, err="malformed")
    for slug in ("256", "65536", "2-32", "24-letters", "256-letters", "bytes-24", "list", "map", "nested-map", "link", "link-in-map", "1.5", "mixed"):
        octets = cbor(values[slug])
        for cut in sorted({0, 1, len(octets) // 3, len(octets) // 2, len(octets) - 1} - ({0} if slug != "256" else set())):
            dec("dag-cbor-16", f"{slug}-{cut}", octets[:cut], err="truncated")
    for slug, octets in (("lone", b"\x80"), ("overlong", b"\xc0\x80"), ("surrogate", b"\xed\xa0\x80"), ("beyond", b"\xf4\x90\x80\x80"), ("cut", b"\xe2\x98")):
        text = head(3, len(octets)) + octets
        dec("dag-cbor-17", slug, text, variants={"kept": {"out": {"value": {"text": octets.hex()}}}, "refused": {"err": True}, "replaced": {"out": {}}})
        dec("dag-cbor-17", slug + "-key", b"\xa1" + text + b"\x01", variants={"kept": {"out": {"value": {"map": [[{"text": octets.hex()}, {"int": "1"}]]}}}, "refused": {"err": True}, "replaced": {"out": {}}})
    for major in range(8):
        for info in (28, 29, 30):
            dec("dag-cbor-20", f"{major}-{info}", bytes([major << 5 | info]) + bytes(9), err="malformed")
    for slug, v, want in (("none", {"a": 1}, []), ("one", link, [link]), ("list", [link, link0], [link, link0]), ("map", {"a": link, "b": [link0]}, [link, link0]), ("deep", [[[[{"x": {"y": link}}]]]], [link]), ("twice", [link, link], None)):
        if want is not None:
            a.add("dag-cbor-21", slug, "codec.links", {"codec": "dag-cbor", "bytes": cbor(v).hex()}, out={"links": [cid_text(c) for c in want]}, features=f)
    a.add("dag-cbor-21", "twice", "codec.links", {"codec": "dag-cbor", "bytes": cbor([link, link]).hex()}, features=f,
          variants={"twice": {"out": {"links": [cid_text(link)] * 2}}, "once": {"out": {"links": [cid_text(link)]}}})
    for slug, octets in (("list", "9b7fffffffffffffff"), ("map", "bb7fffffffffffffff"), ("text", "7b7fffffffffffffff"), ("bytes", "5b7fffffffffffffff"), ("list-32", "9affffffff"), ("bytes-32", "5affffffff"), ("map-28", "ba10000000"), ("all-ones", "9bffffffffffffffff"),
                         ("bytes-all-ones", "5bffffffffffffffff"), ("link", "d82a5bffffffffffffffff")):
        dec("dag-cbor-22", slug, octets, err="truncated")
    for depth in (100, 250, 500):
        deep = {"concat": [{"repeat": {"hex": "81", "count": depth}}, "f6"]}
        a.add("dag-cbor-19", f"depth-{depth}", "codec.transcode", {"from": "dag-cbor", "to": "dag-cbor", "bytes": deep}, out={"bytes": "81" * depth + "f6"}, features=f, level="must" if depth == 100 else "should")
    for unit, what in (("a16161", "maps"), ("d82a", "tags"), ("818181a16161", "mixed")):
        for depth in (10000, 1000000):
            deep = {"concat": [{"repeat": {"hex": unit, "count": depth}}, "f6"]}
            k = {"err": "malformed"} if what == "tags" else {"variants": {"refused": {"err": True}, "read": {"out": {}}}}
            a.add("dag-cbor-22", f"depth-{depth}-{what}", "codec.transcode", {"from": "dag-cbor", "to": "dag-cbor", "bytes": deep}, features=f, note="SEC-32: a crash is the one wrong answer", **k)
    for depth in (10000, 1000000):
        deep = {"concat": [{"repeat": {"hex": "81", "count": depth}}, "f6"]}
        a.add("dag-cbor-22", f"depth-{depth}", "codec.transcode", {"from": "dag-cbor", "to": "dag-cbor", "bytes": deep}, variants={"refused": {"err": True}, "read": {"out": {}}}, features=f, note="a crash is the one wrong answer")
    a.write()


def make_json():
    a = Area("dag-json", "DAG-JSON")
    f = ["codec:dag-json"]
    hexed = lambda t: t.encode().hex() if isinstance(t, str) else t.hex()
    dec = lambda clause, slug, text, **k: a.add(clause, slug, "codec.decode", {"codec": "dag-json", "bytes": hexed(text)}, **{"features": f, **k})
    enc = lambda clause, slug, value, **k: a.add(clause, slug, "codec.encode", {"codec": "dag-json", "value": value}, **{"features": f, **k})
    again = lambda clause, slug, text, want, **k: a.add(clause, slug, "codec.transcode", {"from": "dag-json", "to": "dag-json", "bytes": hexed(text)}, out={"bytes": hexed(want)}, **{"features": f, **k})
    for slug, v in list(values.items()):
        if slug in ("controls", "1e-3", "third"):
            continue
        dec("dag-json-13", slug + "-decode", dag_json(v), out={"value": notation(v)})
        enc("dag-json-13", slug + "-encode", notation(v), out={"bytes": hexed(dag_json(v))})
        again("dag-json-13", slug + "-again", dag_json(v), dag_json(v))
        a.add("dag-json-13", slug + "-from-cbor", "codec.transcode", {"from": "dag-cbor", "to": "dag-json", "bytes": cbor(v).hex()}, out={"bytes": hexed(dag_json(v))}, features=f + ["codec:dag-cbor"])
        a.add("dag-json-13", slug + "-to-cbor", "codec.transcode", {"from": "dag-json", "to": "dag-cbor", "bytes": hexed(dag_json(v))}, out={"bytes": cbor(v).hex()}, features=f + ["codec:dag-cbor"])
    for slug, v in wide.items():
        again("dag-json-6", slug, dag_json(v), dag_json(v), features=f + ["int:64"])
    for slug, v in full.items():
        again("dag-json-6", slug, dag_json(v), dag_json(v), features=f + ["int:full"])
    for slug, text, v in (("1.0", "1.0", 1.0), ("1e2", "1e2", 100.0), ("-0.0", "-0.0", -0.0), ("1E2", "1E2", 100.0), ("1e+2", "1e+2", 100.0)):
        dec("dag-json-6", slug, text, variants={"float": {"out": {"value": notation(v)}}, "integer": {"out": {"value": notation(int(v))}}, "refused": {"err": True}})
    for slug, text, v in (("1.5", "1.5", 1.5), ("15e-1", "15e-1", 1.5), ("0.1", "0.1", 0.1), ("-2.5e-3", "-2.5e-3", -0.0025)):
        dec("dag-json-6", slug, text, out={"value": notation(v)})
    for slug, c in (("v1", link), ("v0", link0), ("cbor", Link(cid1(DAG_CBOR, mh(b"x")))), ("identity", Link(cid1(RAW, multihash(0, b""))))):
        dec("dag-json-1", slug, dag_json(c), out={"value": notation(c)})
        enc("dag-json-1", slug + "-encode", notation(c), out={"bytes": hexed(dag_json(c))})
    again("dag-json-1", "base58-v1-becomes-base32", '{"/":"' + cid_text(link, "base58btc") + '"}', dag_json(link))
    for slug, b in (("empty", b""), ("1", b"a"), ("2", b"ab"), ("3", b"abc"), ("plus-slash", b"\xfb\xff\xbf"), ("256", bytes(range(256)))):
        dec("dag-json-2", slug, dag_json(b), out={"value": notation(b)})
        enc("dag-json-2", slug + "-encode", notation(b), out={"bytes": hexed(dag_json(b))})
        if len(b) % 3:
            padded = '{"/":{"bytes":"' + base64.b64encode(b).decode() + '"}}'
            dec("dag-json-2", slug + "-padded", padded, variants={"read": {"out": {"value": notation(b)}}, "refused": {"err": True}})
    for slug, text, want in (("object", '{ "a" : 1 , "b" : [ 1 , 2 ] }', '{"a":1,"b":[1,2]}'), ("newlines", '\n{\n\t"a": 1\r\n}\n', '{"a":1}'), ("link", '{ "/" : "' + cid_text(link) + '" }', dag_json(link)), ("bytes", '{ "/": { "bytes": "YWI" } }', '{"/":{"bytes":"YWI"}}')):
        again("dag-json-3", slug, text, want)
        dec("dag-json-5", slug, text)
    for slug, keys in (("a-b", ["b", "a"]), ("octets-not-length", ["b", "aa", "ccc"]), ("case", ["a", "A", "_"]), ("umlaut", ["z", "ä", "é", "~"]), ("astral", ["\uffee", "🦄"]), ("empty", ["a", ""]), ("digits", ["10", "9", "1"])):
        want = dag_json({k: 1 for k in keys})
        enc("dag-json-4", slug, {"map": [[k, {"int": "1"}] for k in keys]}, out={"bytes": hexed(want)})
        again("dag-json-4", slug + "-again", "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":1" for k in keys) + "}", want)
    for slug, text in (("twice", '{"a":1,"a":2}'), ("apart", '{"a":1,"b":2,"a":3}'), ("same", '{"a":1,"a":1}'), ("inside", '[{"x":{"a":1,"a":2}}]'), ("escaped", '{"a":1,"\\u0061":2}'), ("empty", '{"":1,"":2}')):
        dec("dag-json-7", slug, text, err="malformed")
    good = cid_text(link)
    for slug, text in (("link-and-more", '{"/":"' + good + '","a":1}'), ("not-a-cid", '{"/":"hello"}'), ("empty-text", '{"/":""}'), ("cut-cid", '{"/":"' + good[:-1] + '"}'), ("bytes-and-more", '{"/":{"bytes":"YQ"},"a":1}'),
                       ("bytes-two", '{"/":{"bytes":"YQ","x":1}}')):
        dec("dag-json-8", slug, text, err="malformed")
    dec("dag-json-8", "more-and-link", '{"a":1,"/":"' + good + '"}', variants={"refused": {"err": True}, "read": {"out": {}}})
    for slug, text in (("number", '{"/":1}'), ("null", '{"/":null}'), ("list", '{"/":[]}'), ("empty-map", '{"/":{}}'), ("other-map", '{"/":{"a":1}}'), ("bytes-number", '{"/":{"bytes":1}}'), ("bytes-map", '{"/":{"bytes":{}}}'), ("true", '{"/":true}')):
        dec("dag-json-8", slug, text, variants={"refused": {"err": True}, "read": {"out": {}}})
    for slug, text in (("comment", "/*x*/1"), ("line-comment", "1//x"), ("comma-list", "[1,]"), ("comma-map", '{"a":1,}'), ("single-quotes", "'a'"), ("bare-key", "{a:1}"), ("leading-zero", "01"), ("plus", "+1"), ("point-first", ".5"), ("point-last", "5."), ("nan", "NaN"), ("infinity", "Infinity"),
                       ("undefined", "undefined"), ("True", "True"), ("hex", "0x10"), ("newline-in-text", '"a\nb"'), ("tab-in-text", '"a\tb"'), ("nul-in-text", '"a\0b"'), ("bad-escape", '"\\x41"'), ("short-escape", '"\\u12"'), ("no-colon", '{"a" 1}'), ("two-colons", '{"a"::1}'), ("no-comma", "[1 2]"),
                       ("lone-minus", "-"), ("exponent-alone", "1e"), ("comma-first", "[,1]"), ("double-comma", "[1,,2]"), ("number-key", "{1:2}"), ("bom", "\ufeff1"), ("form-feed", "\f1"), ("nbsp", "\u00a01"), ("minus-zero-one", "-01"), ("underscore", "1_000")):
        dec("dag-json-9", slug, text, err="malformed")
    for slug, text in (("two", "1 2"), ("two-maps", "{}{}"), ("brace", "{}}"), ("bracket", "[]]"), ("comma", "1,"), ("word", "null null"), ("text", '"a""b"'), ("nul", "1\0")):
        dec("dag-json-10", slug, text, err="malformed")
    dec("dag-json-10", "trailing-space", "1 \n", variants={"read": {"out": {"value": {"int": "1"}}}, "refused": {"err": True}})
    for slug, text, v in (("solidus", '"\\/"', "/"), ("unicode", '"\\u00e4"', "ä"), ("pair", '"\\ud83e\\udd84"', "🦄"), ("short", '"\\b\\f\\n\\r\\t\\"\\\\"', "\b\f\n\r\t\"\\"), ("nul", '"\\u0000"', "\0"), ("upper", '"\\u00E4"', "ä")):
        dec("dag-json-11", slug, text, out={"value": v})
    for slug, v in (("umlaut", "ä"), ("slash", "a/b"), ("emoji", "🦄"), ("del", "\x7f"), ("quote", '"'), ("backslash", "\\"), ("newline", "\n"), ("tab", "\t"), ("less-than", "<&>")):
        enc("dag-json-11", slug + "-encode", v, out={"bytes": hexed(dag_json(v))})
    for slug, text in (("lone-high", '"\\ud800"'), ("lone-low", '"\\udc00"'), ("reversed", '"\\udd84\\ud83e"')):
        dec("dag-json-11", slug, text, variants={"refused": {"err": True}, "read": {"out": {}}})
    for slug, octets in (("latin-1", b'"\xe4"'), ("overlong", b'"\xc0\x80"'), ("surrogate", b'"\xed\xa0\x80"')):
        dec("dag-json-11", slug, octets, variants={"refused": {"err": True}, "read": {"out": {}}})
    for slug, text in (("empty", ""), ("space", " "), ("brace", "{"), ("bracket", "["), ("open-text", '"abc'), ("after-key", '{"a"'), ("after-colon", '{"a":'), ("after-value", '{"a":1'), ("after-comma", '{"a":1,'), ("list", "[1,2"), ("word", "nul"), ("escape", '"\\'), ("deep", "[[[[[")):
        dec("dag-json-12", slug, text, err="truncated")
    a.add("dag-json-14", "all", "codec.links", {"codec": "dag-json", "bytes": hexed(dag_json({"a": link, "b": [link0, {"c": 1}]}))}, out={"links": [cid_text(link), cid_text(link0)]}, features=f)
    a.add("dag-json-14", "none", "codec.links", {"codec": "dag-json", "bytes": hexed('{"a":[1,{"b":"/"}]}')}, out={"links": []}, features=f)
    for slug, octets in (("nan", "7ff8000000000000"), ("inf", "7ff0000000000000"), ("minus-inf", "fff0000000000000")):
        enc("dag-json-15", slug, {"float": octets}, err="malformed")
    for slug, text in (("space", "Y Q"), ("bang", "Y!"), ("single", "Y"), ("padding-inside", "Y=Q")):
        dec("dag-json-16", slug, '{"/":{"bytes":"' + text + '"}}', err="malformed")
    dec("dag-json-16", "url-alphabet", '{"/":{"bytes":"-_-_"}}', variants={"refused": {"err": True}, "read": {"out": {}}})
    dec("dag-json-16", "stray-bits", '{"/":{"bytes":"YR"}}', variants={"refused": {"err": True}, "read": {"out": {"value": {"bytes": "61"}}}})
    for depth in (100, 500):
        again("dag-json-13", f"depth-{depth}", "[" * depth + "]" * depth, "[" * depth + "]" * depth, level="must" if depth == 100 else "should")
    for unit, what in (('{"a":', "maps"), ('[{"/":', "reserved")):
        for depth in (10000, 300000):
            a.add("dag-json-12", f"depth-{depth}-{what}", "codec.transcode", {"from": "dag-json", "to": "dag-json", "bytes": {"repeat": {"hex": hexed(unit), "count": depth}}}, err="truncated", features=f, note="SEC-32")
    for depth in (10000, 1000000):
        a.add("dag-json-12", f"depth-{depth}", "codec.transcode", {"from": "dag-json", "to": "dag-json", "bytes": {"repeat": {"hex": "5b", "count": depth}}}, err="truncated", features=f)
    a.write()


def make_pb():
    a = Area("dag-pb", "DAG-PB")
    f = ["codec:dag-pb"]
    c1, c2 = cid1(RAW, mh(b"one")), mh(b"two")
    dec = lambda clause, slug, octets, **k: a.add(clause, slug, "codec.decode", {"codec": "dag-pb", "bytes": octets.hex()}, **{"features": f, **k})

    def node(links, data=None):
        out = {}
        if data is not None:
            out["Data"] = data
        out["Links"] = [{k: v for k, v in zip(("Hash", "Name", "Tsize"), (Link(l[0]), *l[1:])) if v is not None} for l in links]
        return notation(out)

    def both(clause, slug, links, data=None, **k):
        octets = pb_node([pb_link(*l) for l in links], data)
        dec(clause, slug + "-decode", octets, out={"value": node(links, data)}, **k)
        a.add(clause, slug + "-encode", "codec.encode", {"codec": "dag-pb", "value": node(links, data)}, out={"bytes": octets.hex()}, **{"features": f, **k})
        a.add(clause, slug + "-again", "codec.transcode", {"from": "dag-pb", "to": "dag-pb", "bytes": octets.hex()}, out={"bytes": octets.hex()}, **{"features": f, **k})
    both("dag-pb-15", "empty", [])
    both("dag-pb-2", "empty-data", [], b"")
    both("dag-pb-2", "data", [], b"hello")
    both("dag-pb-2", "long-data", [], bytes(300))
    both("dag-pb-1", "link-and-data", [(c1, "a", 5)], b"data")
    both("dag-pb-1", "links-and-data", [(c1, "a", 5), (c2, "b", 6)], b"data")
    both("dag-pb-4", "hash-only", [(c1, None, None)])
    both("dag-pb-4", "name-only", [(c1, "n", None)])
    both("dag-pb-4", "tsize-only", [(c1, None, 7)])
    both("dag-pb-4", "empty-name", [(c1, "", 0)])
    both("dag-pb-4", "zero-tsize", [(c2, "x", 0)])
    both("dag-pb-3", "v0", [(c2, "x", 1)])
    both("dag-pb-3", "v1", [(c1, "x", 1)])
    both("dag-pb-3", "identity", [(cid1(RAW, multihash(0, b"in")), "x", 1)])
    for n in (127, 128, 16384, 1 << 31, 1 << 32, (1 << 53) - 1):
        both("dag-pb-14", str(n), [(c1, "t", n)])
    both("dag-pb-14", "2-53", [(c1, "t", 1 << 53)], features=f + ["int:64"])
    both("dag-pb-14", "2-63-1", [(c1, "t", (1 << 63) - 1)], features=f + ["int:64"])
    both("dag-pb-5", "sorted", [(c1, "a", 1), (c1, "aa", 1), (c1, "b", 1)])
    both("dag-pb-5", "equal-names", [(c2, "a", 1), (c1, "a", 2)])
    both("dag-pb-5", "unnamed-first", [(c1, None, 1), (c2, "a", 1)])
    both("dag-pb-5", "umlaut", [(c1, "z", 1), (c1, "ä", 1)])
    for slug, names in (("two", ["b", "a"]), ("length", ["aa", "b", "a"]), ("case", ["a", "B"])):
        octets = pb_node([pb_link(c1, n, 1) for n in names])
        dec("dag-pb-6", slug, octets, out={"value": node([(c1, n, 1) for n in names])})
        a.add("dag-pb-5", "unsorted-" + slug, "codec.encode", {"codec": "dag-pb", "value": node([(c1, n, 1) for n in names])}, features=f,
              variants={"sorted": {"out": {"bytes": pb_node([pb_link(c1, n, 1) for n in sorted(names, key=str.encode)]).hex()}}, "refused": {"err": True}, "as given": {"out": {"bytes": octets.hex()}}})
    for slug, octets in (("no-hash", pb(2, pb(2, b"n"))), ("empty-link", pb(2, b"")), ("empty-hash", pb(2, pb(1, b""))), ("not-a-cid", pb(2, pb(1, b"hello"))), ("cut-cid", pb(2, pb(1, c1[:-1]))), ("longer-cid", pb(2, pb(1, c1 + b"\0"))), ("version-2", pb(2, pb(1, b"\2" + c1[1:])))):
        dec("dag-pb-3", slug, octets, err="malformed")
    good = pb_link(c1, "n", 1)
    for slug, octets in (("field-3", pb(3, b"x")), ("field-0", b"\x02\x00"), ("field-15", pb(15, 1)), ("data-as-varint", pb(1, 5)), ("link-as-varint", pb(2, 5)), ("data-fixed64", b"\x09" + bytes(8)), ("data-fixed32", b"\x0d" + bytes(4)), ("group", b"\x0b\x0c"), ("wire-6", b"\x0e"), ("wire-7", b"\x0f"),
                         ("link-field-4", pb(2, pb(1, c1) + pb(4, 1))), ("hash-as-varint", pb(2, pb(1, 3))), ("name-as-varint", pb(2, pb(1, c1) + pb(2, 3))), ("tsize-as-bytes", pb(2, pb(1, c1) + pb(3, b"\1")))):
        dec("dag-pb-7", slug, octets, err="malformed")
    for slug, octets in (("data", pb(1, b"a") + pb(1, b"b")), ("same-data", pb(1, b"a") + pb(1, b"a")), ("hash", pb(2, pb(1, c1) + pb(1, c1))), ("name", pb(2, pb(1, c1) + pb(2, b"a") + pb(2, b"a"))), ("tsize", pb(2, pb(1, c1) + pb(3, 1) + pb(3, 1)))):
        dec("dag-pb-8", slug, octets, err="malformed")
    for slug, octets in (("data", b"\x0a\x05abc"), ("link", b"\x12\x40" + good), ("no-length", b"\x0a"), ("varint-cut", b"\x0a\x80"), ("tag-cut", b"\x80"), ("hash", pb(2, b"\x0a\x7f" + c1)), ("name", pb(2, pb(1, c1) + b"\x12\x05ab")), ("tsize", pb(2, pb(1, c1) + b"\x18")), ("huge", b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),
                         ("overflow", b"\x0a" + b"\xff" * 10 + b"\x01")):
        dec("dag-pb-9", slug, octets, err="truncated")
    for slug, octets in (("name-hash", pb(2, b"n") + pb(1, c1)), ("tsize-hash", pb(3, 1) + pb(1, c1)), ("tsize-name", pb(1, c1) + pb(3, 1) + pb(2, b"n")), ("all", pb(3, 1) + pb(2, b"n") + pb(1, c1))):
        dec("dag-pb-10", slug, pb(2, octets), err="malformed")
    dec("dag-pb-11", "data-first", pb(1, b"d") + pb(2, good), out={"value": node([(c1, "n", 1)], b"d")})
    dec("dag-pb-11", "data-between", pb(2, good) + pb(1, b"d") + pb(2, good), err="malformed")
    dec("dag-pb-11", "data-twice-around", pb(1, b"d") + pb(2, good) + pb(1, b"d"), err="malformed")
    l = notation(Link(c1))
    for slug, v in (("text", "x"), ("list", []), ("null", None), ("no-links", {"map": [["Data", {"bytes": ""}]]}), ("other-key", {"map": [["Links", []], ["x", {"int": "1"}]]}), ("links-null", {"map": [["Links", None]]}), ("links-map", {"map": [["Links", {"map": []}]]}),
                    ("data-text", {"map": [["Data", "x"], ["Links", []]]}), ("data-list", {"map": [["Data", []], ["Links", []]]}), ("link-text", {"map": [["Links", ["x"]]]}), ("link-no-hash", {"map": [["Links", [{"map": [["Name", "x"]]}]]]}), ("hash-text", {"map": [["Links", [{"map": [["Hash", "x"]]}]]]}),
                    ("name-int", {"map": [["Links", [{"map": [["Hash", l], ["Name", {"int": "1"}]]}]]]}), ("tsize-text", {"map": [["Links", [{"map": [["Hash", l], ["Tsize", "1"]]}]]]}), ("tsize-negative", {"map": [["Links", [{"map": [["Hash", l], ["Tsize", {"int": "-1"}]]}]]]}),
                    ("link-other-key", {"map": [["Links", [{"map": [["Hash", l], ["x", {"int": "1"}]]}]]]}), ("int", {"int": "1"}), ("bare-link", l)):
        a.add("dag-pb-12", slug, "codec.encode", {"codec": "dag-pb", "value": v}, err="malformed", features=f)
    a.add("dag-pb-13", "order", "codec.links", {"codec": "dag-pb", "bytes": pb_node([pb_link(c2, "a", 1), pb_link(c1, "b", 1)], b"x").hex()}, out={"links": [cid_text(c2), cid_text(c1)]}, features=f)
    a.add("dag-pb-13", "none", "codec.links", {"codec": "dag-pb", "bytes": pb(1, b"x").hex()}, out={"links": []}, features=f)
    a.add("dag-pb-13", "empty", "codec.links", {"codec": "dag-pb", "bytes": ""}, out={"links": []}, features=f)
    a.write()


def make_raw():
    a = Area("raw", "raw")
    f = ["codec:raw"]
    for slug, d in (("empty", b""), ("one", b"\0"), ("text", b"hello"), ("long", bytes(1000)), ("cbor", cbor({"a": link}))):
        a.add("raw-1", slug, "codec.decode", {"codec": "raw", "bytes": d.hex()}, out={"value": {"bytes": d.hex()}}, features=f)
        a.add("raw-1", slug + "-encode", "codec.encode", {"codec": "raw", "value": {"bytes": d.hex()}}, out={"bytes": d.hex()}, features=f)
        a.add("raw-3", slug, "codec.links", {"codec": "raw", "bytes": d.hex()}, out={"links": []}, features=f)
    for slug, v in (("text", "x"), ("int", {"int": "1"}), ("null", None), ("list", []), ("map", {"map": []}), ("link", notation(link)), ("true", True)):
        a.add("raw-2", slug, "codec.encode", {"codec": "raw", "value": v}, err="malformed", features=f)
    a.write()


def make_drisl():
    a = Area("drisl", "DRISL")
    f = ["codec:drisl"]

    def same(clause, slug, octets):
        a.add(clause, slug, "codec.transcode", {"from": "drisl", "to": "drisl", "bytes": octets.hex()}, out={"bytes": octets.hex()}, features=f)

    def bad(clause, slug, octets):
        a.add(clause, slug, "codec.decode", {"codec": "drisl", "bytes": octets.hex() if isinstance(octets, bytes) else octets}, err="malformed", features=f)
    for slug in ("null", "true", "0", "24", "65536", "-1", "-257", "a", "umlaut", "emoji", "empty-bytes", "bytes-24", "list", "nested-list", "map", "lengths", "nested-map", "link", "1.5", "pi"):
        same("drisl-1", slug, cbor(values[slug]))
    for slug, octets in (("order", "a2616201616102"), ("twice", "a2616101616102"), ("long-int", "1801"), ("long-length", "7801ff"), ("indefinite", "9f01ff"), ("two-items", "0101"), ("cut", "8201"), ("empty", ""), ("int-key", "a10102"), ("half-float", "f93e00"), ("single-float", "fa3fc00000")):
        bad("drisl-1", slug, octets)
    for slug, v in (("1.0", 1.0), ("0.0", 0.0), ("-1.5", -1.5), ("1e300", 1e300), ("smallest", 5e-324)):
        same("drisl-2", slug, cbor(v))
    for slug, octets in (("nan", "fb7ff8000000000000"), ("inf", "fb7ff0000000000000"), ("minus-inf", "fbfff0000000000000"), ("minus-zero", "fb8000000000000000"), ("minus-zero-inside", "81fb8000000000000000")):
        bad("drisl-2", slug, octets)
    for slug, v in (("minus-zero", "8000000000000000"), ("nan", "7ff8000000000000")):
        a.add("drisl-2", slug + "-encode", "codec.encode", {"codec": "drisl", "value": {"float": v}}, err="malformed", features=f)
    for slug, c in (("raw", cid1(RAW, mh(b"x"))), ("dag-cbor", cid1(DAG_CBOR, mh(b"x"))), ("blake3", cid1(RAW, multihash(0x1e, bytes(range(32)))))):
        same("drisl-3", slug, cbor([Link(c)]))
        a.add("drisl-3", slug + "-encode", "codec.encode", {"codec": "drisl", "value": {"link": cid_text(c)}}, out={"bytes": cbor(Link(c)).hex()}, features=f)
    for slug, c in (("v0", mh(b"x")), ("dag-pb", cid1(DAG_PB, mh(b"x"))), ("dag-json", cid1(DAG_JSON, mh(b"x"))), ("sha2-512", cid1(RAW, mh(b"x", SHA512))), ("sha1", cid1(RAW, mh(b"x", SHA1))), ("identity", cid1(RAW, multihash(0, b"x"))), ("31-octets", cid1(RAW, multihash(0x12, bytes(31)))), ("20-octets", cid1(RAW, multihash(0x12, bytes(20)))),
                    ("empty-hash", cid1(RAW, multihash(0x12, b"")))):
        bad("drisl-4", slug, cbor({"l": Link(c)}))
        if slug not in ("empty-hash",):
            a.add("drisl-4", slug + "-encode", "codec.encode", {"codec": "drisl", "value": {"link": cid_text(c)}}, err="malformed", features=f)
    for slug, octets in (("undefined", "f7"), ("simple-0", "e0"), ("simple-255", "f8ff"), ("tag-0", "c001"), ("tag-1", "c101"), ("tag-55799", "d9d9f701"), ("reserved", "1c"), ("break", "ff")):
        bad("drisl-5", slug, octets)
    for slug, v in (("2-63", 1 << 63), ("2-64-1", (1 << 64) - 1), ("-2-63-1", -(1 << 63) - 1), ("-2-64", -(1 << 64))):
        same("drisl-6", slug, cbor(v))
    bad("drisl-6", "bignum", "c249010000000000000000")
    bad("drisl-6", "negative-bignum", "c349010000000000000000")
    for slug, octets in (("lone", b"\x61\x80"), ("overlong", b"\x62\xc0\x80"), ("surrogate", b"\x63\xed\xa0\x80"), ("key", b"\xa1\x61\xff\x01")):
        bad("drisl-7", slug, octets)
    a.write()


if __name__ == "__main__":
    make_drisl(), make_cbor(), make_json(), make_pb(), make_raw()
