#!/usr/bin/env python3
"""Cases of selectors and the IPLD HashMap, with both written once more in plain Python."""
from kit import *

CBOR_CID = lambda octets: Link(cid1(DAG_CBOR, mh(octets)))


def block(v):
    octets = cbor(v)
    return octets, CBOR_CID(octets)


# ---- selectors: a set of (selector, recursion) pairs at each value, as the text has it; recursion is (selector, depth left, outer) ----

M = {".": {}}
ALL = lambda n: {"a": {">": n}}
FIELDS = lambda **f: {"f": {"f>": f}}
INDEX = lambda i, n: {"i": {"i": i, ">": n}}
RANGE = lambda a, b, n: {"r": {"^": a, "$": b, ">": n}}
EDGE = {"@": {}}
UNION = lambda *m: {"|": list(m)}


def REC(sequence, depth=None, stop=None):
    r = {"l": {"none": {}} if depth is None else {"depth": depth}, ":>": sequence}
    if stop is not None:
        r["!"] = stop
    return {"R": r}


def holds(c, v):
    (k, x), = c.items()
    number = lambda y: isinstance(y, (int, float)) and not isinstance(y, bool)
    kinds = {"null": lambda v: v is None, "bool": lambda v: isinstance(v, bool), "int": lambda v: isinstance(v, int) and not isinstance(v, bool), "float": lambda v: isinstance(v, float),
             "string": lambda v: isinstance(v, str), "bytes": lambda v: isinstance(v, bytes) and not isinstance(v, Link), "list": lambda v: isinstance(v, list), "map": lambda v: isinstance(v, dict), "link": lambda v: isinstance(v, Link)}
    return {"hasField": lambda: isinstance(v, dict) and x in v, "=": lambda: type(v) is type(x) and v == x, "%": lambda: kinds[x](v), "/": lambda: isinstance(v, Link) and v == x,
            "greaterThan": lambda: number(v) and type(v) is type(x) and v > x, "lessThan": lambda: number(v) and type(v) is type(x) and v < x,
            "and": lambda: all(holds(p, v) for p in x), "or": lambda: any(holds(p, v) for p in x)}[k]()


def at(s, rec, v, stepped):
    """What works at a value: pairs without unions, recursions and conditions."""
    (k, b), = s.items()
    if k == "|":
        return [p for m in b for p in at(m, rec, v, stepped)]
    if k == "R":
        depth = b["l"].get("depth")
        return at(b[":>"], (b, depth, rec), v, False)
    if k == "&":
        return at(b[">"], rec, v, stepped) if holds(b["&"], v) else []
    if k == "@" and stepped:
        r, depth, outer = rec
        if depth is not None and depth < 2:
            return []
        return at(r[":>"], (r, None if depth is None else depth - 1, outer), v, False)
    return [(k, b, rec)]


def stopped(rec, v):
    while rec is not None:
        if "!" in rec[0] and holds(rec[0]["!"], v):
            return True
        rec = rec[2]
    return False


def walk(selector, root, blocks):
    """[path, matched, value] in order; values of maps and lists are left out."""
    out = []

    def shown(v):
        return {"map": []} if isinstance(v, dict) else [] if isinstance(v, list) else notation(v)

    def visit(path, v, states):
        matched, value = False, v
        for k, b, rec in states:
            if k != "." or ("onlyIf" in b and not holds(b["onlyIf"], v)):
                continue
            if "subset" in b:
                if not isinstance(v, (str, bytes)) or isinstance(v, Link):
                    continue
                octets = v.encode() if isinstance(v, str) else v
                x, y = (len(octets) + n if n < 0 else n for n in (b["subset"]["["], b["subset"]["]"]))
                x, y = max(x, 0), min(y, len(octets))
                if x > y or x >= len(octets):
                    continue
                part = octets[x:y]
                value = part.decode() if isinstance(v, str) else part
            matched = True
            break
        out.append(["/".join(path), matched, shown(value)])
        items = list(v.items()) if isinstance(v, dict) else [(str(i), x) for i, x in enumerate(v)] if isinstance(v, list) else []
        wanted = []
        if any(k == "a" for k, b, rec in states):
            wanted = [name for name, x in items]
        else:
            for k, b, rec in states:
                if k == "f":
                    wanted += list(b["f>"])
                elif isinstance(v, list) and k == "i":
                    wanted.append(str(b["i"]))
                elif isinstance(v, list) and k == "r":
                    wanted += [str(i) for i in range(b["^"], min(b["$"], len(v)))]
        there = dict(items)
        for name in dict.fromkeys(wanted):
            if name in there:
                step(path + [name], there[name], v, name, states)

    def step(path, child, parent, name, states):
        reached = []
        for k, b, rec in states:
            place = int(name) if isinstance(parent, list) else None
            nxt = b[">"] if k == "a" else b["f>"].get(name) if k == "f" else b[">"] if k == "i" and place == b["i"] else b[">"] if k == "r" and place is not None and b["^"] <= place < b["$"] else None
            if nxt is not None and not stopped(rec, child):
                reached.append((nxt, rec))
        if not reached:
            return
        if isinstance(child, Link):
            child = blocks[bytes(child)]
            reached = [(n, r) for n, r in reached if not stopped(r, child)]
        works = [p for n, r in reached for p in at(n, r, child, True)]
        if works:
            unique = []
            for p in works:
                if p not in unique:
                    unique.append(p)
            visit(path, child, unique)
    visit([], root, at(selector, None, root, False))
    return out


def make_selectors():
    a = Area("selectors", "IPLD selectors")

    def case(clause, slug, selector, root, *blocks, level=None, note=""):
        store, octets = {}, []
        for b in blocks:
            o, c = block(b)
            store[bytes(c)] = b
            octets.append(o.hex())
        a.add(clause, slug, "selector.walk", {"selector": notation(selector), "value": notation(root), "blocks": octets}, out={"visits": walk(selector, root, store)}, level=level, note=note)

    def bad(clause, slug, selector, **k):
        a.add(clause, slug, "selector.parse", {"selector": notation(selector)}, err="malformed", **k)

    def good(clause, slug, selector):
        a.add(clause, slug, "selector.parse", {"selector": notation(selector)}, out={"selector": notation(selector)})
    everything = REC(UNION(M, ALL(EDGE)))
    for slug, s in (("match", M), ("all", ALL(M)), ("fields", FIELDS(a=M, b=ALL(M))), ("no-fields", FIELDS()), ("index", INDEX(0, M)), ("range", RANGE(1, 3, M)), ("recursive", everything), ("depth", REC(ALL(EDGE), 5)), ("union", UNION(M, M)), ("empty-union", UNION()),
                    ("stop", REC(ALL(EDGE), None, {"/": block(1)[1]})), ("nested", REC(UNION(ALL(EDGE), REC(ALL(EDGE), 2))))):
        good("selectors-1", slug, s)
        a.add("selectors-2", slug, "selector.parse", {"selector": notation({"selector": s})}, out={"selector": notation(s)})
    for slug, s in (("number", 1), ("text", "."), ("null", None), ("list", [M]), ("empty", {}), ("two", {".": {}, "a": {">": M}}), ("unknown", {"x": {}}), ("long-name", {"matcher": {}}), ("link", block(1)[1])):
        bad("selectors-1", "bad-" + slug, s)
    bad("selectors-2", "two-envelopes", {"selector": {"selector": M}})
    bad("selectors-2", "inside", ALL({"selector": M}))
    values = {"null": None, "true": True, "int": 7, "float": 1.5, "text": "abc", "bytes": b"\1\2", "list": [1, [2]], "map": {"a": 1, "b": {"c": [3]}}, "empty-list": [], "empty-map": {}, "mixed": [{"a": [1, {"b": "x"}]}, "y", None, [[]]]}
    for slug, v in values.items():
        case("selectors-3", slug, M, v)
        case("selectors-5", slug, ALL(M), v)
        case("selectors-5", slug + "-twice", ALL(ALL(M)), v)
        case("selectors-6", slug, FIELDS(b=M, a=M, zz=M), v) if not isinstance(v, list) else None
        case("selectors-7", slug, INDEX(1, M), v)
        case("selectors-8", slug, RANGE(0, 2, M), v)
        case("selectors-9", slug, everything, v)
        case("selectors-9", slug + "-reach", REC(ALL(EDGE)), v)
        case("selectors-13", slug, UNION(M, ALL(M), INDEX(0, M), FIELDS(a=M)), v) if not isinstance(v, list) else None
    for slug, v in (("text", "hello"), ("bytes", bytes(range(10)))):
        for x, y in ((0, 2), (1, 4), (3, 3), (2, 100), (50, 60), (0, 0), (-3, -1), (-2, 100), (-100, 2), (4, -3), (-1, -2), (0, -100)):
            case("selectors-4", f"{slug}-{x}-{y}", {".": {"subset": {"[": x, "]": y}}}, v)
    for slug, v in (("int", 5), ("list", [1, 2]), ("map", {"a": 1}), ("null", None)):
        case("selectors-4", "no-part-of-" + slug, {".": {"subset": {"[": 0, "]": 1}}}, v, level="should")
    wide = list(range(20))
    for i in (0, 1, 19, 20, 1 << 40):
        case("selectors-7", f"at-{i}", INDEX(i, M), wide)
    for x, y in ((0, 1), (0, 20), (5, 7), (19, 30), (20, 21), (0, (1 << 63) - 1)):
        case("selectors-8", f"from-{x}-to-{y}", RANGE(x, y, M), wide)
    case("selectors-6", "own-order", FIELDS(c=M, a=M, b=ALL(M)), {"a": 1, "b": [2], "c": 3})
    case("selectors-6", "path", FIELDS(a=FIELDS(b=FIELDS(c=M))), {"a": {"b": {"c": 1, "d": 2}}})
    case("selectors-6", "number-key", FIELDS(**{"0": M}), {"0": "x"})
    a.add("selectors-6", "index-of-a-list", "selector.walk", {"selector": notation(FIELDS(**{"0": M})), "value": notation(["x"]), "blocks": []},
          variants={"read as an index": {"out": {"visits": [["", False, []], ["0", True, "x"]]}}, "a map only": {"out": {"visits": [["", False, []]]}}})
    deep = 1
    for _ in range(12):
        deep = [deep, {"x": deep}] if not isinstance(deep, list) or len(json.dumps(deep)) < 60 else [deep]
    for d in (0, 1, 2, 3, 5, 20):
        case("selectors-9", f"depth-{d}", REC(UNION(M, ALL(EDGE)), d), deep)
        case("selectors-9", f"two-steps-{d}", REC(ALL(UNION(M, ALL(EDGE))), d), deep)
    case("selectors-9", "edge-alone", REC(EDGE), [0])
    case("selectors-9", "edge-in-union-alone", REC(UNION(M, EDGE)), [0])
    chain = None
    for i in range(6):
        chain = {"next": chain, "v": i}
    case("selectors-9", "list-of-maps", REC(FIELDS(v=M, next=EDGE)), chain)
    case("selectors-9", "list-of-maps-3", REC(FIELDS(v=M, next=EDGE), 3), chain)
    uneven = REC(UNION(ALL(EDGE), FIELDS(a=ALL(EDGE))), 2)
    a.add("selectors-9", "uneven-union", "selector.walk", {"selector": notation(uneven), "value": notation({"a": {"a": {"a": {"a": {}}}}}), "blocks": []},
          variants={"the text's": {"out": {"visits": walk(uneven, {"a": {"a": {"a": {"a": {}}}}}, {})}}, "depth of all members": {"out": {"visits": [["", False, {"map": []}], ["a", False, {"map": []}]]}}})
    inner = REC(FIELDS(n=EDGE, v=REC(UNION(M, ALL(EDGE)), 2)))
    case("selectors-10", "nearest", inner, {"n": {"n": {"v": [[1]]}, "v": [2]}})
    case("selectors-10", "outer-goes-on", REC(UNION(FIELDS(a=EDGE), FIELDS(b=REC(ALL(EDGE))))), {"a": {"a": {"b": [[1]]}, "b": {"a": {"a": 1}}}})
    bad("selectors-10", "edge-of-inner-only", REC(REC(ALL(EDGE))))
    for slug, s in (("alone", EDGE), ("below-all", ALL(EDGE)), ("in-union", UNION(M, EDGE)), ("no-edge", REC(M)), ("no-edge-deep", REC(ALL(ALL(M)))), ("no-edge-union", REC(UNION(M, ALL(M)))), ("beside", UNION(REC(ALL(EDGE)), EDGE))):
        bad("selectors-11", slug, s)
    leaf, leaf_id = {"v": 1}, block({"v": 1})[1]
    mid, mid_id = [leaf_id, 2], block([leaf_id, 2])[1]
    top = {"l": leaf_id, "m": mid_id, "n": [leaf_id]}
    case("selectors-12", "at-a-cid", REC(UNION(M, ALL(EDGE)), None, {"/": leaf_id}), top, leaf, mid)
    case("selectors-12", "at-a-middle", REC(UNION(M, ALL(EDGE)), None, {"/": mid_id}), top, leaf, mid)
    case("selectors-12", "root-is-not-asked", REC(UNION(M, ALL(EDGE)), None, {"/": leaf_id}), leaf_id)
    case("selectors-12", "field", REC(ALL(EDGE), None, {"hasField": "end"}), {"a": {"b": 1}, "c": {"end": 1, "d": 1}}, level="may")
    case("selectors-12", "outer-stop", REC(FIELDS(a=EDGE, b=REC(UNION(M, ALL(EDGE)))), None, {"/": leaf_id}), {"a": {"b": [leaf_id, mid_id]}}, leaf, mid)
    case("selectors-13", "twice-the-same", UNION(ALL(M), ALL(M)), [1, 2])
    case("selectors-13", "one-matches", UNION(ALL(ALL(M)), INDEX(0, M)), [[1], [2]])
    case("selectors-13", "nested", UNION(UNION(M, UNION(ALL(M))), INDEX(1, M)), [1, 2])
    case("selectors-13", "empty", UNION(), [1])
    for slug, s in (("everything", everything), ("reach", REC(ALL(EDGE))), ("field", FIELDS(m=ALL(M))), ("leaf", FIELDS(l=M)), ("through", FIELDS(m=INDEX(0, FIELDS(v=M)))), ("two", REC(UNION(M, ALL(EDGE)), 2))):
        case("selectors-14", slug, s, top, leaf, mid)
    a.add("selectors-14", "missing", "selector.walk", {"selector": notation(everything), "value": notation(top), "blocks": []}, err="not-found")
    case("selectors-14", "missing-not-needed", FIELDS(k=M), top)
    for slug, s in (("all", {"a": {}}), ("fields", {"f": {}}), ("index", {"i": {">": M}}), ("index-next", {"i": {"i": 0}}), ("range-start", {"r": {"$": 1, ">": M}}), ("range-end", {"r": {"^": 1, ">": M}}), ("range-next", {"r": {"^": 0, "$": 1}}), ("limit", {"R": {":>": ALL(EDGE)}}), ("sequence", {"R": {"l": {"none": {}}}}),
                    ("condition", {"&": {">": M}}), ("as", {"~": {">": M}}), ("subset-end", {".": {"subset": {"[": 1}}})):
        bad("selectors-15", "without-" + slug, s)
    for slug, s in (("all", {"a": []}), ("all-text", {"a": "x"}), ("match", {".": None}), ("fields", {"f": {"f>": []}}), ("index", INDEX("0", M)), ("index-float", INDEX(1.0, M)), ("range", RANGE("a", 2, M)), ("union", {"|": {"a": M}}), ("limit", {"R": {"l": 5, ":>": ALL(EDGE)}}), ("depth", {"R": {"l": {"depth": "5"}, ":>": ALL(EDGE)}}), ("edge", REC(ALL({"@": 1}))),
                    ("limit-unknown", {"R": {"l": {"some": {}}, ":>": ALL(EDGE)}}), ("limit-two", {"R": {"l": {"none": {}, "depth": 1}, ":>": ALL(EDGE)}}), ("next", ALL(5)), ("subset", {".": {"subset": [1, 2]}}), ("stop", REC(ALL(EDGE), None, 5)), ("stop-unknown", REC(ALL(EDGE), None, {"near": 1})), ("stop-text", REC(ALL(EDGE), None, {"/": "x"}))):
        bad("selectors-15", "kind-of-" + slug, s)
    for slug, s in (("index", INDEX(-1, M)), ("range-start", RANGE(-1, 2, M)), ("range-empty", RANGE(2, 2, M)), ("range-back", RANGE(3, 2, M)), ("depth", REC(ALL(EDGE), -1)), ("subset-back", {".": {"subset": {"[": 3, "]": 2}}})):
        bad("selectors-15", "range-of-" + slug, s)
    good("selectors-4", "negative", {".": {"subset": {"[": -1, "]": 2}}})
    for slug, s in (("all", {"a": {">": M, "x": 1}}), ("match", {".": {"x": 1}}), ("fields", {"f": {"f>": {}, "x": 1}}), ("recursive", {"R": {"l": {"none": {}}, ":>": ALL(EDGE), "x": 1}}), ("edge", REC(ALL({"@": {"x": 1}}))), ("none", {"R": {"l": {"none": {"x": 1}}, ":>": ALL(EDGE)}})):
        bad("selectors-16", slug, s)
    data = {"a": 5, "b": "x", "c": [1], "d": 12, "e": 1.5, "f": None, "g": {"h": 1}, "i": b"\1"}
    for slug, c in (("kind-int", {"%": "int"}), ("kind-list", {"%": "list"}), ("kind-map", {"%": "map"}), ("kind-bytes", {"%": "bytes"}), ("kind-null", {"%": "null"}), ("value", {"=": "x"}), ("value-list", {"=": [1]}), ("greater", {"greaterThan": 5}), ("less", {"lessThan": 6}), ("field", {"hasField": "h"}),
                    ("and", {"and": [{"greaterThan": 4}, {"lessThan": 6}]}), ("or", {"or": [{"%": "int"}, {"%": "float"}]}), ("and-of-none", {"and": []}), ("or-of-none", {"or": []})):
        case("selectors-17", slug, ALL({".": {"onlyIf": c}}), data)
        case("selectors-17", slug + "-explore", ALL({"&": {"&": c, ">": UNION(M, ALL(M))}}), data)
    nest = 1
    for _ in range(40):
        nest = [nest]
    case("selectors-18", "doubling", REC(UNION(ALL(EDGE), ALL(UNION(EDGE, EDGE)))), nest)
    case("selectors-18", "doubling-members", REC(UNION(*[ALL(EDGE)] * 20)), nest)
    a.add("selectors-18", "huge-union", "selector.parse", {"selector": {"map": [["|", [notation(M)] * 2000]]}}, variants={"refused": {"err": True}, "read": {"out": {}}})
    a.write()


# ---- IPLD HashMap ----

def hash_bits(code, key, width):
    if code == 0x22:
        h = murmur3_64(key)
    else:
        h = digest(code, key)
    bits = "".join(f"{b:08b}" for b in h)
    return [int(bits[i:i + width], 2) for i in range(0, len(bits) - width + 1, width)]


def hashmap(entries, code=SHA256, width=8, bucket=3):
    """The root of entries and its blocks: a function of the entries, so it is the canonical form."""
    blocks = {}

    def put(v):
        octets, c = block(v)
        blocks[bytes(c)] = octets
        return c

    def node(items, depth):
        places = {}
        for k, path, v in items:
            places.setdefault(path[depth], []).append((k, path, v))
        bits, data = bytearray((1 << width) // 8), []
        for place in sorted(places):
            bits[place // 8] |= 1 << place % 8
            here = places[place]
            data.append([[k, v] for k, path, v in sorted(here)] if len(here) <= bucket else put(node(here, depth + 1)))
        return [bytes(bits), data]
    root = put({"hashAlg": code, "bucketSize": bucket, "hamt": node([(k, hash_bits(code, k, width), v) for k, v in entries.items()], 0)})
    return root, blocks


def visited(blocks, root, key, code, width):
    out, value, path = [cid_text(root)], None, hash_bits(code, key, width)
    import_node = decode(blocks[bytes(root)])["hamt"]
    for place in path:
        bits, data = import_node
        if not bits[place // 8] >> place % 8 & 1:
            return out, False, None
        rank = sum(bits[i // 8] >> i % 8 & 1 for i in range(place))
        element = data[rank]
        if isinstance(element, Link):
            out.append(cid_text(element))
            import_node = decode(blocks[bytes(element)])
            continue
        for k, v in element:
            if k == key:
                return out, True, v
        return out, False, None


def decode(octets):
    """Canonical dag-cbor as a Python value."""
    at = 0

    def item():
        nonlocal at
        first = octets[at]
        at += 1
        major, info = first >> 5, first & 31
        if major == 7:
            if info == 27:
                at += 8
                return struct.unpack(">d", octets[at - 8:at])[0]
            return {20: False, 21: True, 22: None}[info]
        n = info
        if info >= 24:
            size = 1 << info - 24
            n = int.from_bytes(octets[at:at + size], "big")
            at += size
        if major == 0:
            return n
        if major == 1:
            return -1 - n
        if major in (2, 3):
            at += n
            part = octets[at - n:at]
            return part if major == 2 else part.decode()
        if major == 4:
            return [item() for _ in range(n)]
        if major == 5:
            return {item(): item() for _ in range(n)}
        return Link(item()[1:])
    return item()


def make_hashmap():
    a = Area("hashmap", "IPLD HashMap")
    names = lambda n, s="": {f"{s}{i}".encode(): i for i in range(n)}
    pairs = lambda entries: [[k.hex(), notation(v)] for k, v in entries.items()]

    def build(clause, slug, entries, code=SHA256, width=8, bucket=3, first=None, removed=()):
        """first: what is set, in order, and then `removed`; by default the entries."""
        root, blocks = hashmap(entries, code, width, bucket)
        order = list((first or entries).items())
        a.add(clause, slug, "hashmap.build", {"hash": code, "bitWidth": width, "bucketSize": bucket, "entries": [[k.hex(), notation(v)] for k, v in order], "remove": [k.hex() for k in removed]}, out={"root": cid_text(root)},
              features=["hash:" + hash_names.get(code, "murmur3-x64-64"), *(["hashmap:remove"] if removed else [])])
        return root, blocks

    def get(clause, slug, entries, key, code=SHA256, width=8, bucket=3):
        root, blocks = hashmap(entries, code, width, bucket)
        seen, found, value = visited(blocks, root, key, code, width)
        out = {"found": found, "visited": seen}
        if found:
            out["value"] = notation(value)
        a.add(clause, slug, "hashmap.get", {"root": cid_text(root), "blocks": [b.hex() for b in blocks.values()], "key": key.hex()}, out=out)
    build("hashmap-1", "empty", {})
    for slug, v in (("int", 1), ("text", "b"), ("null", None), ("list", [1, [2]]), ("map", {"x": {"y": True}}), ("link", block(1)[1]), ("bytes", b"\0\1"), ("float", 0.5)):
        build("hashmap-1", "value-" + slug, {b"a": v})
    for n in (1, 2, 5, 50):
        for width in (3, 4, 5, 8, 10):
            build("hashmap-2", f"{n}-entries-{width}-bits", names(n), width=width)
            build("hashmap-3", f"{n}-named-{width}-bits", names(n, "name "), width=width)
    for code in (SHA1, SHA512, 0x22, 0x16, 0xb220):
        build("hashmap-2", f"hash-{code:x}", names(60), code=code)
    for key in (b"", b"\0", b"\xff\xfe", b"k" * 100, "ключ".encode()):
        build("hashmap-5", f"key-{key[:6].hex() or 'empty'}", {key: 1, b"other": 2})
    for bucket in (1, 2, 3, 4, 8):
        for n in (3, 20, 200):
            build("hashmap-4", f"{n}-in-buckets-of-{bucket}", names(n), width=4, bucket=bucket)
            build("hashmap-6", f"{n}-by-3-bits-{bucket}", names(n, "x"), width=3, bucket=bucket)
    entries = names(120)
    keys = list(entries)
    for width, bucket in ((3, 1), (3, 3), (5, 2), (8, 3)):
        build("hashmap-8", f"backwards-{width}-{bucket}", entries, width=width, bucket=bucket, first=dict(reversed(entries.items())))
        build("hashmap-8", f"shuffled-{width}-{bucket}", entries, width=width, bucket=bucket, first={k: entries[k] for k in sorted(keys, key=lambda k: digest(SHA1, k))})
        for left in (0, 1, 2, 3, 4, 10, 60, 119):
            build("hashmap-7", f"{left}-left-{width}-{bucket}", {k: entries[k] for k in keys[:left]}, width=width, bucket=bucket, first=entries, removed=keys[left:])
        build("hashmap-7", f"none-there-{width}-{bucket}", entries, width=width, bucket=bucket, first=entries, removed=[b"nobody", b""])
        build("hashmap-7", f"removed-first-{width}-{bucket}", {k: entries[k] for k in keys[60:]}, width=width, bucket=bucket, first=entries, removed=keys[:60])
    build("hashmap-8", "set-again", {**names(30), b"7": 8}, first={**names(30), b"7": 8})
    for slug, k in (("width-2", {"width": 2}), ("width-0", {"width": 0}), ("bucket-0", {"bucket": 0}), ("unknown-hash", {"code": 0x3fffff})):
        a.add("hashmap-9", slug, "hashmap.build", {"hash": k.get("code", SHA256), "bitWidth": k.get("width", 8), "bucketSize": k.get("bucket", 3), "entries": [], "remove": []}, err="malformed")
    some = names(40)
    for key in (b"0", b"7", b"39", b"40", b"", b"nobody", b"07"):
        for width, bucket in ((3, 1), (4, 3), (8, 3)):
            get("hashmap-11", f"{key.decode() or 'empty'}-{width}-{bucket}", some, key, width=width, bucket=bucket)
    get("hashmap-11", "of-an-empty-one", {}, b"x")
    first = hash_bits(SHA256, b"x", 3)[0]

    def forged(slug, root, clause="hashmap-10", more=()):
        blocks = [cbor(root), *map(cbor, more)]
        a.add(clause, slug, "hashmap.get", {"root": cid_text(CBOR_CID(blocks[0])), "blocks": [b.hex() for b in blocks], "key": b"x".hex()}, err="malformed")
    bit = bytes([1 << first])
    entry = lambda k: [k, 1]
    root = lambda hamt, **k: {"hashAlg": SHA256, "bucketSize": 3, "hamt": hamt, **k}
    for slug, r in (("not-a-map", [bit, [[entry(b"x")]]]), ("no-hamt", {"hashAlg": SHA256, "bucketSize": 3}), ("no-hash", {"bucketSize": 3, "hamt": [bit, [[entry(b"x")]]]}), ("extra-field", root([bit, [[entry(b"x")]]], extra=1)), ("node-of-three", root([bit, [[entry(b"x")]], 1])),
                    ("map-of-text", root(["x", [[entry(b"x")]]])), ("data-of-map", root([bit, {}]))):
        forged(slug, r, "hashmap-1")
    for slug, r in (("more-bits", root([b"\xff", [[entry(b"x")]]])), ("fewer-bits", root([bit, [[entry(b"x")], [entry(b"y")]]])), ("three-octets", root([bit + b"\0\0", [[entry(b"x")]]])), ("unsorted", root([bit, [[entry(b"x"), entry(b"a")]]])), ("repeated", root([bit, [[entry(b"x"), entry(b"x")]]])),
                    ("too-many", root([bit, [[entry(k) for k in (b"u", b"v", b"w", b"x")]]])), ("empty-bucket", root([bit, [[]]])), ("text-key", root([bit, [[["x", 1]]]])), ("entry-of-one", root([bit, [[[b"x"]]]])), ("entry-of-three", root([bit, [[[b"x", 1, 2]]]])), ("element-int", root([bit, [5]])), ("element-map", root([bit, [{}]]))):
        forged(slug, r)
    for slug, r in (("no-bits", root([b"", []])), ("bucket-of-0", root([bit, [[entry(b"x")]]], bucketSize=0)), ("negative-bucket", root([bit, [[entry(b"x")]]], bucketSize=-1)), ("text-bucket", root([bit, [[entry(b"x")]]], bucketSize="3")), ("hash-unknown", root([bit, [[entry(b"x")]]], hashAlg=0x3fffff)), ("hash-negative", root([bit, [[entry(b"x")]]], hashAlg=-18))):
        forged("root-" + slug, r, "hashmap-9")
    child = [bytes(2), []]
    forged("child-of-another-width", root([bit, [block(child)[1]]]), more=[child])
    inner = root([bit, [[entry(b"x")]]])
    forged("root-as-child", root([bit, [block(inner)[1]]]), more=[inner])
    a.add("hashmap-10", "child-missing", "hashmap.get", {"root": cid_text(CBOR_CID(cbor(root([bit, [block(child)[1]]])))), "blocks": [cbor(root([bit, [block(child)[1]]])).hex()], "key": b"x".hex()}, err="not-found")
    a.write()


if __name__ == "__main__":
    make_selectors()
    make_hashmap()
