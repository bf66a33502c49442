#!/usr/bin/env python3
"""Cases of CAR, UnixFS (data, import, HAMT, reading), chunkers and IPNS."""
from kit import *


# ---- the importer, written from the text ----

class Importer:
    def __init__(self, version=1, raw_leaves=True, chunk=262144, width=174, fanout=256, threshold=262144, shard="links"):
        self.version, self.raw, self.chunk, self.width, self.fanout, self.threshold, self.shard = version, raw_leaves, chunk, width, fanout, threshold, shard
        self.blocks = []

    def put(self, octets, codec=DAG_PB):
        c = mh(octets) if self.version == 0 and codec == DAG_PB else cid1(codec, mh(octets))
        self.blocks.append((c, octets))
        return c

    def file(self, data):
        """The CID and the size of all blocks below it."""
        level = []
        for at in range(0, max(len(data), 1), self.chunk):
            part = data[at:at + self.chunk]
            octets = part if self.raw else pb_node([], pb(1, 2) + (pb(2, part) if part else b"") + pb(3, len(part)))
            level.append((self.put(octets, RAW if self.raw else DAG_PB), len(part), len(octets)))
        while len(level) > 1:
            above = []
            for at in range(0, len(level), self.width):
                group = level[at:at + self.width]
                message = pb(1, 2) + pb(3, sum(g[1] for g in group)) + b"".join(pb(4, g[1]) for g in group)
                octets = pb_node([pb_link(g[0], "", g[2]) for g in group], message)
                above.append((self.put(octets), sum(g[1] for g in group), len(octets) + sum(g[2] for g in group)))
            level = above
        return level[0][0], level[0][2]

    def symlink(self, target):
        octets = pb_node([], pb(1, 4) + pb(2, target.encode()))
        return self.put(octets), len(octets)

    def directory(self, entries):
        """`entries` are (name, CID, size)."""
        entries = sorted(entries, key=lambda e: e[0].encode())
        octets = pb_node([pb_link(c, n, s) for n, c, s in entries], pb(1, 1))
        size = sum(len(n.encode()) + len(c) for n, c, s in entries)
        if {"links": size > self.threshold, "block": len(octets) > self.threshold, "always": len(entries) > 0, "never": False}[self.shard]:
            return self.shard_of([(murmur3_64(n.encode()), n, c, s) for n, c, s in entries], 0)
        return self.put(octets), len(octets) + sum(s for n, c, s in entries)

    def shard_of(self, entries, depth):
        bits = self.fanout.bit_length() - 1
        width = len(f"{self.fanout - 1:X}")
        places = {}
        for e in entries:
            places.setdefault(int.from_bytes(e[0], "big") >> 64 - bits * (depth + 1) & self.fanout - 1, []).append(e)
        links, total = [], 0
        for place in sorted(places):
            group = places[place]
            if len(group) == 1:
                h, n, c, s = group[0]
                links.append((c, f"{place:0{width}X}" + n, s))
            else:
                c, s = self.shard_of(group, depth + 1)
                links.append((c, f"{place:0{width}X}", s))
            total += s
        field = sum(1 << p for p in places)
        message = pb(1, 5) + pb(2, field.to_bytes((field.bit_length() + 7) // 8, "big")) + pb(5, 0x22) + pb(6, self.fanout)
        octets = pb_node([pb_link(c, n, s) for c, n, s in links], message)
        return self.put(octets), len(octets) + total

    def tree(self, t):
        if "data" in t:
            return self.file(bytes.fromhex(t["data"]))
        if "symlink" in t:
            return self.symlink(t["symlink"])
        return self.directory([(n, *self.tree(x)) for n, x in t["entries"]])


def make_import():
    a = Area("unixfs-import", "UnixFS import")

    def one(clause, slug, data, recipe=None, **o):
        i = Importer(**o)
        c, size = i.file(data)
        inp = {"data": recipe or data.hex(), "cid_version": i.version, "raw_leaves": i.raw, "chunker": f"size-{i.chunk}", "max_links": i.width, "layout": "balanced", "hash": "sha2-256"}
        a.add(clause, slug, "unixfs.import_file", inp, out={"cid": cid_text(c)})
    for raw in (True, False):
        for version in (0, 1):
            tag = f"v{version}-{'raw' if raw else 'pb'}"
            one("unixfs-import-5", tag, b"", version=version, raw_leaves=raw)
            one("unixfs-import-1" if raw else "unixfs-import-2", tag, b"hello", version=version, raw_leaves=raw)
            for chunk, width, sizes in ((16, 2, (15, 16, 17, 32, 33, 48, 64, 65, 128, 129, 1000)), (16, 3, (47, 48, 49, 144, 145, 433)), (32, 174, (32 * 174, 32 * 174 + 1)), (16, 4, (64, 65, 256, 257, 1024, 1025))):
                for n in sizes:
                    one("unixfs-import-3", f"{tag}-chunk{chunk}-width{width}-{n}", chacha20("import", n), {"chacha20": {"seed": "import", "size": n}}, version=version, raw_leaves=raw, chunk=chunk, width=width)
            one("unixfs-import-4", tag + "-two", bytes(range(32)), version=version, raw_leaves=raw, chunk=16)
            one("unixfs-import-10", tag + "-same-leaves", bytes(160), version=version, raw_leaves=raw, chunk=16, width=4)
            one("unixfs-import-6", tag + "-kubo-default", chacha20("b", 600000), {"chacha20": {"seed": "b", "size": 600000}}, version=version, raw_leaves=raw)
    one("unixfs-import-3", "profile-2025", chacha20("c", 3 << 20), {"chacha20": {"seed": "c", "size": 3 << 20}}, version=1, chunk=1 << 20, width=1024)
    file = lambda t: {"data": t.encode().hex()}
    trees = {"empty": {"entries": []}, "one": {"entries": [["a", file("x")]]}, "order": {"entries": [[n, file(n)] for n in ("b", "a", "B", "aa", "ä", "10", "9", "_")]}, "nested": {"entries": [["d", {"entries": [["e", {"entries": [["f", file("deep")]]}]]}], ["g", file("")]]},
             "empty-inside": {"entries": [["d", {"entries": []}]]}, "spaces": {"entries": [[" ", file("s")], ["a b", file("t")], [".hidden", file("u")]]}, "same": {"entries": [["a", file("x")], ["b", file("x")]]}}
    for slug, t in trees.items():
        for version in (0, 1):
            i = Importer(version=version, raw_leaves=version == 1)
            c, size = i.tree(t)
            a.add("unixfs-import-7", f"{slug}-v{version}", "unixfs.import_tree", {"tree": t, "cid_version": version, "raw_leaves": i.raw, "chunker": "size-262144", "max_links": 174, "shard": "links"}, out={"cid": cid_text(c)})
    for slug, target in (("relative", "../x"), ("absolute", "/etc/passwd"), ("umlaut", "ä")):
        t = {"entries": [["l", {"symlink": target}]]}
        for version in (0, 1):
            i = Importer(version=version, raw_leaves=version == 1)
            c, size = i.tree(t)
            a.add("unixfs-import-9", f"{slug}-v{version}", "unixfs.import_tree", {"tree": t, "cid_version": version, "raw_leaves": i.raw, "chunker": "size-262144", "max_links": 174, "shard": "links"}, out={"cid": cid_text(c)})
    for slug, count in (("10", 10), ("100", 100), ("300", 300)):
        t = {"entries": [[f"file-{n:04}", file(f"{n}")] for n in range(count)]}
        for threshold in (1000, 100000):
            for rule in ("links", "block"):
                i = Importer(shard=rule, threshold=threshold)
                c, size = i.tree(t)
                a.add("unixfs-import-8", f"{slug}-{rule}-{threshold}", "unixfs.import_tree", {"tree": t, "cid_version": 1, "raw_leaves": True, "chunker": "size-262144", "max_links": 174, "shard": rule, "threshold": threshold}, out={"cid": cid_text(c)})
    # exactly at the threshold: a directory stays flat until it is above
    names = [f"n{n:03}" for n in range(10)]
    size = sum(len(n) + 36 for n in names)
    t = {"entries": [[n, file(n)] for n in names]}
    for delta in (-1, 0, 1):
        i = Importer(threshold=size + delta)
        c, _ = i.tree(t)
        a.add("unixfs-import-8", f"edge-{delta}", "unixfs.import_tree", {"tree": t, "cid_version": 1, "raw_leaves": True, "chunker": "size-262144", "max_links": 174, "shard": "links", "threshold": size + delta}, out={"cid": cid_text(c)})
    # mode and time of a file of several blocks stand in its root alone, behind the sizes
    data = bytes(range(40))
    for slug, extra, more in (("mode", {"mode": 0o644}, pb(7, 0o644)), ("mtime", {"mtime": [1700000000, 0]}, pb(8, pb(1, 1700000000))), ("both", {"mode": 0o755, "mtime": [1, 500]}, pb(7, 0o755) + pb(8, pb(1, 1) + varint(2 << 3 | 5) + struct.pack("<I", 500)))):
        parts = [data[at:at + 16] for at in range(0, 40, 16)]
        leaves = [pb_node([], pb(1, 2) + pb(2, p) + pb(3, len(p))) for p in parts]
        node = pb_node([pb_link(cid1(DAG_PB, mh(l)), "", len(l)) for l in leaves], pb(1, 2) + pb(3, 40) + b"".join(pb(4, len(p)) for p in parts) + more)
        a.add("unixfs-import-11", slug, "unixfs.import_file", {"data": data.hex(), "cid_version": 1, "raw_leaves": False, "chunker": "size-16", "max_links": 174, "layout": "balanced", "hash": "sha2-256", **extra}, out={"cid": cid_text(cid1(DAG_PB, mh(node)))}, features=["unixfs:metadata"])
    a.write()


def make_hamt():
    a = Area("hamt", "UnixFS HAMT")
    for n in ("", "a", "file1", "ä", "🦄", "x" * 15, "x" * 16, "x" * 17, "x" * 31, "x" * 32, "x" * 33, "x" * 255, "a b", ".", "..", "0", "README.md", "1.txt", "a/b"):
        a.add("hamt-1", n if len(n) < 20 else f"{n[0]}{len(n)}", "hamt.name_hash", {"name": n}, out={"hash": murmur3_64(n.encode()).hex()})
    file = lambda t: {"data": t.encode().hex()}
    for fanout in (8, 16, 64, 256, 1024):
        for count in (1, 2, 3, 10, 50, 300):
            t = {"entries": [[f"{n}.txt", file("x")] for n in range(count)]}
            i = Importer(shard="always", fanout=fanout)
            c, _ = i.tree(t)
            clause = "hamt-2" if fanout != 256 else "hamt-5" if count >= 50 else "hamt-3"
            a.add(clause, f"fanout{fanout}-{count}", "unixfs.import_tree", {"tree": t, "cid_version": 1, "raw_leaves": True, "chunker": "size-262144", "max_links": 174, "shard": "always", "fanout": fanout}, out={"cid": cid_text(c)}, features=["hamt:fanout"] if fanout != 256 else [])
    for n in range(12):  # single entries, so that the bitfield has few and many leading zero octets
        t = {"entries": [[f"name {n}", file("y")]]}
        i = Importer(shard="always", version=n % 2, raw_leaves=n % 2 == 1)
        c, _ = i.tree(t)
        a.add("hamt-4", f"single-{n}", "unixfs.import_tree", {"tree": t, "cid_version": n % 2, "raw_leaves": i.raw, "chunker": "size-262144", "max_links": 174, "shard": "always", "fanout": 256}, out={"cid": cid_text(c)})
    # entries come and go: the root is that of a directory made at once
    for fanout in (8, 256):
        for count, gone, again in ((1, 1, 0), (2, 1, 0), (20, 10, 0), (20, 19, 5), (60, 60, 60), (200, 150, 20), (200, 0, 0)):
            name = lambda n: f"{n}.txt"
            order = sorted(range(count), key=lambda n: hashlib.sha256(f"{fanout} {count} {n}".encode()).digest())
            steps = [["set", name(n), b"x".hex()] for n in order] + [["remove", name(n)] for n in order[:gone]] + [["set", name(n), b"y".hex()] for n in order[:again]]
            left = {name(n): b"x" for n in order[gone:]} | {name(n): b"y" for n in order[:again]}
            t = {"entries": [[n, {"data": d.hex()}] for n, d in left.items()]}
            for rule, threshold in (("always", None), ("links", 1500)):
                if rule == "always" and not left:
                    continue  # an empty shard, or an empty flat one: the text does not say
                i = Importer(shard=rule, fanout=fanout, **({"threshold": threshold} if threshold else {}))
                c, _ = i.tree(t)
                inp = {"steps": steps, "cid_version": 1, "raw_leaves": True, "shard": rule, "fanout": fanout, **({"threshold": threshold} if threshold else {})}
                a.add("hamt-6", f"fanout{fanout}-{count}-{gone}-{again}-{rule}", "unixfs.edit", inp, out={"cid": cid_text(c)}, features=["hamt:fanout"] if fanout != 256 else [])
    a.write()


def make_data():
    a = Area("unixfs-data", "UnixFS Data")
    dec = lambda clause, slug, octets, **k: a.add(clause, slug, "unixfs.data_decode", {"bytes": octets.hex()}, **k)
    kinds = ["raw", "directory", "file", "metadata", "symlink", "hamt-sharded-directory"]
    for n, name in enumerate(kinds):
        dec("unixfs-data-1", name, pb(1, n), out={"type": name})
        dec("unixfs-data-1", name + "-data", pb(1, n) + pb(2, b"abc"), out={"type": name, "data": "616263"})
    for n in (6, 7, 255, 1 << 31):
        dec("unixfs-data-1", f"unknown-{n}", pb(1, n), variants={"refused": {"err": True}, "read": {"out": {}}})
    dec("unixfs-data-2", "empty", b"", err="malformed")
    dec("unixfs-data-2", "data-alone", pb(2, b"x"), err="malformed")
    dec("unixfs-data-3", "file", pb(1, 2) + pb(2, b"hi") + pb(3, 2), out={"type": "file", "data": "6869", "filesize": 2})
    dec("unixfs-data-3", "shard", pb(1, 5) + pb(2, b"\1") + pb(5, 0x22) + pb(6, 256), out={"type": "hamt-sharded-directory", "data": "01", "hash_type": 0x22, "fanout": 256}, features=["unixfs:hamt-fields"])
    dec("unixfs-data-3", "other-order", pb(3, 2) + pb(2, b"hi") + pb(1, 2), out={"type": "file", "data": "6869", "filesize": 2})
    dec("unixfs-data-4", "unpacked", pb(1, 2) + pb(3, 6) + pb(4, 1) + pb(4, 2) + pb(4, 3), out={"blocksizes": [1, 2, 3], "filesize": 6})
    dec("unixfs-data-4", "packed", pb(1, 2) + pb(3, 6) + pb(4, b"\1\2\3"), out={"blocksizes": [1, 2, 3], "filesize": 6})
    dec("unixfs-data-4", "mixed", pb(1, 2) + pb(3, 6) + pb(4, 1) + pb(4, b"\2\3"), out={"blocksizes": [1, 2, 3], "filesize": 6})
    dec("unixfs-data-4", "none", pb(1, 2) + pb(3, 0), out={"blocksizes": []})
    for m in (0o644, 0o755, 0o7777, 0o1000):
        dec("unixfs-data-5", f"{m:o}", pb(1, 2) + pb(7, m), out={"mode": m}, features=["unixfs:mode"])
    for slug, s, n in (("now", 1700000000, None), ("nanos", 1, 500000000), ("before-1970", -1, None), ("most", 1, 999999999)):
        m = pb(1, s) + (b"\x15" + struct.pack("<I", n) if n else b"")
        dec("unixfs-data-6", slug, pb(1, 2) + pb(8, m), out={"mtime": [s, n or 0]})
    dec("unixfs-data-6", "too-many-nanos", pb(1, 2) + pb(8, pb(1, 1) + b"\x15" + struct.pack("<I", 1000000000)), variants={"refused": {"err": True}, "read": {"out": {}}})
    dec("unixfs-data-6", "no-seconds", pb(1, 2) + pb(8, b""), variants={"refused": {"err": True}, "read": {"out": {}}})
    whole = pb(1, 2) + pb(2, b"hello") + pb(3, 5)
    for cut in (1, 3, 5, 8, 10):
        dec("unixfs-data-7", f"cut-{cut}", whole[:cut], err="truncated")
    dec("unixfs-data-7", "huge-length", pb(1, 2) + b"\x12\xff\xff\xff\xff\x0f", err="truncated")
    dec("unixfs-data-8", "field-9", pb(1, 2) + pb(9, b"later") + pb(2, b"x") + pb(3, 1), out={"type": "file", "filesize": 1})
    dec("unixfs-data-8", "field-100", pb(100, 7) + pb(1, 1), out={"type": "directory"})
    a.write()


def read_entries(blocks, entries):
    return entries


def make_read():
    a = Area("unixfs-read", "UnixFS reading")

    def case(clause, slug, root, blocks, entries=None, **k):
        inp = {"car": car([root], blocks).hex(), "root": cid_text(root)}
        if entries is not None:
            k["out"] = {"entries": entries}
        a.add(clause, slug, "unixfs.read", inp, **k)
    entry = lambda path, c, data: {"path": path, "cid": cid_text(c), "type": "file", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    folder = lambda path, c: {"path": path, "cid": cid_text(c), "type": "directory"}
    for n, data in enumerate((b"", b"x", b"hello world", bytes(1000))):
        c = cid1(RAW, mh(data))
        case("unixfs-read-1", str(n), c, [(c, data)], [entry("", c, data)])
    for slug, o in (("flat", dict(chunk=1000)), ("two-levels", dict(chunk=10, width=3)), ("deep", dict(chunk=4, width=2)), ("pb-leaves", dict(chunk=10, width=3, raw_leaves=False, version=0)), ("pb-deep", dict(chunk=3, width=2, raw_leaves=False))):
        data = chacha20("read", 100)
        i = Importer(**o)
        c, _ = i.file(data)
        case("unixfs-read-2", slug, c, i.blocks, [entry("", c, data)])
        if len(i.blocks) > 1:
            for n in (0, len(i.blocks) // 2, len(i.blocks) - 2):
                rest = [b for m, b in enumerate(i.blocks) if m != n]
                case("unixfs-read-7", f"{slug}-{n}", c, rest, err="not-found")
    # data in an inner node stands before its children's
    leaf = b"tail"
    lc = cid1(RAW, mh(leaf))
    inner = pb_node([pb_link(lc, "", 4)], pb(1, 2) + pb(2, b"head-") + pb(3, 9) + pb(4, 4))
    ic = cid1(DAG_PB, mh(inner))
    case("unixfs-read-2", "inner-data", ic, [(ic, inner), (lc, leaf)], [entry("", ic, b"head-tail")])
    raw_node = pb_node([], pb(1, 0) + pb(2, b"raw type") + pb(3, 8))
    rc = mh(raw_node)
    case("unixfs-read-2", "raw-type", rc, [(rc, raw_node)], [entry("", rc, b"raw type")])
    file = lambda t: {"data": t.encode().hex()}
    for slug, o in (("v0", dict(version=0, raw_leaves=False)), ("v1", dict())):
        i = Importer(**o)
        f, fs = i.file(b"content")
        l, ls = i.symlink("../target")
        d, dsz = i.directory([("f", f, fs)])
        r, _ = i.directory([("a", f, fs), ("d", d, dsz), ("l", l, ls), ("ä", f, fs)])
        case("unixfs-read-3", slug, r, i.blocks, [folder("", r), entry("a", f, b"content"), folder("d", d), entry("d/f", f, b"content"), {"path": "l", "cid": cid_text(l), "type": "symlink", "target": "../target"}, entry("ä", f, b"content")])
        e, _ = Importer(**o).directory([])
        i2 = Importer(**o)
        e, _ = i2.directory([])
        case("unixfs-read-3", slug + "-empty", e, i2.blocks, [folder("", e)])
        case("unixfs-read-4", slug, l, i.blocks, [{"path": "", "cid": cid_text(l), "type": "symlink", "target": "../target"}])
        for count in (1, 5, 100, 400):
            i3 = Importer(shard="always", **o)
            f3, s3 = i3.file(b"same")
            names = sorted(f"entry {n}" for n in range(count))
            r3, _ = i3.directory([(n, f3, s3) for n in names])
            if count == 400:
                inner = next(l for l in (c3 for c3, d3 in i3.blocks[:-1] if d3.startswith(b"\x12") and c3 != r3))
                case("unixfs-read-5", "inner-shard" if slug == "v1" else "inner-shard-v0", inner, i3.blocks, variants={"its entries": {"out": {}}, "refused": {"err": True}})
            case("unixfs-read-5", f"{slug}-{count}", r3, i3.blocks, [folder("", r3)] + [entry(n, f3, b"same") for n in names])
    # Tsize is no one's business when reading
    node = pb_node([pb_link(lc, "", 99999), pb_link(lc, "", 0), pb_link(lc, "")], pb(1, 2) + pb(3, 12) + pb(4, 4) * 3)
    c = cid1(DAG_PB, mh(node))
    case("unixfs-read-2", "tsize-wrong", c, [(c, node), (lc, leaf)], [entry("", c, b"tailtailtail")])
    # hostile
    for slug, sizes in (("none", []), ("one-less", [4]), ("one-more", [4, 4, 4])):
        node = pb_node([pb_link(lc, "", 4)] * 2, pb(1, 2) + pb(3, 8) + b"".join(pb(4, s) for s in sizes))
        c = cid1(DAG_PB, mh(node))
        case("unixfs-read-6", slug, c, [(c, node), (lc, leaf)], variants={"refused": {"err": True}, "read": {"out": {"entries": [entry("", c, b"tailtail")]}}})
    for slug, filesize, sizes in (("blocksize-small", 8, [1, 4]), ("blocksize-big", 8, [100, 4]), ("filesize-small", 1, [4, 4]), ("filesize-big", 100, [4, 4]), ("filesize-huge", (1 << 64) - 1, [4, 4]), ("blocksize-huge", 8, [(1 << 64) - 1, 4])):
        node = pb_node([pb_link(lc, "", 4)] * 2, pb(1, 2) + pb(3, filesize) + b"".join(pb(4, s) for s in sizes))
        c = cid1(DAG_PB, mh(node))
        case("unixfs-read-6", slug, c, [(c, node), (lc, leaf)], variants={"refused": {"err": True}, "read": {"out": {"entries": [entry("", c, b"tailtail")]}}, "read in part": {"out": {}}})
    for slug, node in (("no-data", pb_node([])), ("empty-data", pb_node([], b"")), ("not-protobuf", pb_node([], b"hello")), ("no-type", pb_node([], pb(2, b"x"))), ("links-only", pb_node([pb_link(lc, "a", 4)]))):
        c = cid1(DAG_PB, mh(node))
        case("unixfs-read-8", slug, c, [(c, node), (lc, leaf)], err="malformed")
    for slug, fanout, hash_type, field, names in (("fanout-0", 0, 0x22, b"\1", ["00a"]), ("fanout-1", 1, 0x22, b"\1", ["0a"]), ("fanout-3", 3, 0x22, b"\1", ["0a"]), ("fanout-100", 100, 0x22, b"\1", ["00a"]), ("fanout-2048", 2048, 0x22, b"\1", ["000a"]), ("fanout-huge", 1 << 40, 0x22, b"\1", ["00a"]), ("fanout-2-63", 1 << 63, 0x22, b"\1", ["00a"]),
                                                 ("hash-sha2", 256, 0x12, b"\1", ["00a"]), ("hash-none", 256, None, b"\1", ["00a"]), ("field-more", 256, 0x22, b"\3", ["00a"]), ("field-less", 256, 0x22, b"", ["00a"]), ("field-long", 256, 0x22, b"\1" + bytes(40), ["00a"]), ("field-other", 256, 0x22, b"\2", ["00a"]),
                                                 ("name-short", 256, 0x22, b"\1", ["0"]), ("name-not-hex", 256, 0x22, b"\1", ["zzb"]), ("name-empty", 256, 0x22, b"\1", [""]), ("name-lower", 1 << 8, 0x22, (1 << 255).to_bytes(32, "big"), ["ffa"])):
        message = pb(1, 5) + pb(2, field) + (pb(5, hash_type) if hash_type is not None else b"") + pb(6, fanout)
        node = pb_node([pb_link(lc, n, 4) for n in names], message)
        c = cid1(DAG_PB, mh(node))
        case("unixfs-read-9", slug, c, [(c, node), (lc, leaf)], variants={"refused": {"err": True}, "read": {"out": {}}}, note="a crash or an endless loop is the one wrong answer")
    for slug, names in (("twice", ["a", "a"]), ("empty", [""]), ("slash", ["a/b"]), ("dots", [".", ".."]), ("nul", ["a\0b"])):
        node = pb_node([pb_link(lc, n, 4) for n in names], pb(1, 1))
        c = cid1(DAG_PB, mh(node))
        case("unixfs-read-3", "hostile-" + slug, c, [(c, node), (lc, leaf)], variants={"refused": {"err": True}, "read": {"out": {}}})
    def chain(depth, width, leaf):
        """A file of `depth` levels, each with `width` links to the same node below."""
        c, size, weight, blocks = cid1(RAW, mh(leaf)), len(leaf), len(leaf), [(cid1(RAW, mh(leaf)), leaf)]
        for _ in range(depth):
            node = pb_node([pb_link(c, "", weight & (1 << 53) - 1)] * width, pb(1, 2) + pb(3, size * width & (1 << 63) - 1) + b"".join(pb(4, size) for _ in range(width)))
            c, size, weight = cid1(DAG_PB, mh(node)), size * width & (1 << 53) - 1, weight * width + len(node) & (1 << 53) - 1
            blocks.append((c, node))
        return c, blocks
    c, blocks = chain(10, 1, b"bottom")
    case("unixfs-read-2", "chain-10", c, blocks, [entry("", c, b"bottom")])
    for depth in (100, 3000):
        c, blocks = chain(depth, 1, b"bottom")
        case("unixfs-read-9", f"chain-{depth}", c, blocks, variants={"refused": {"err": True}, "read": {"out": {"entries": [entry("", c, b"bottom")]}}}, note="SEC-38: a crash is the one wrong answer")
    c, blocks = chain(12, 2, b"12345678")
    case("unixfs-read-2", "shared-12", c, blocks, [entry("", c, b"12345678" * 4096)], note="one block for each level, 4096 leaves")
    # a shard whose place leads to a shard of the same content again and again, deeper than the hash has bits
    c, node = cid1(RAW, mh(b"x")), b"x"
    blocks = [(c, node)]
    inner = "00name"
    for _ in range(20):
        node = pb_node([pb_link(c, inner, 1)], pb(1, 5) + pb(2, b"\1") + pb(5, 0x22) + pb(6, 256))
        c, inner = cid1(DAG_PB, mh(node)), "00"
        blocks.append((c, node))
    case("unixfs-read-9", "deeper-than-the-hash", c, blocks, variants={"refused": {"err": True}, "read": {"out": {}}}, note="SEC-37")
    a.write()


def make_car():
    a = Area("car", "CAR")
    blocks = [(cid1(RAW, mh(b"one")), b"one"), (cid1(DAG_CBOR, mh(cbor({"a": 1}))), cbor({"a": 1})), (mh(pb_node([], b"x")), pb_node([], b"x"))]
    shown = lambda bs: [[cid_text(c), d.hex()] for c, d in bs]
    r = blocks[0][0]

    def read(clause, slug, octets, roots=None, bs=None, version=1, **k):
        if bs is not None:
            k["out"] = {"version": version, "roots": [cid_text(x) for x in roots], "blocks": shown(bs)}
        a.add(clause, slug, "car.read", {"bytes": octets.hex()}, **k)
    big = cid1(RAW, mh(bytes(2 << 20)))
    a.add("car-15", "two-mib", "car.read", {"bytes": {"concat": [(car_header([big]) + varint(len(big) + (2 << 20)) + big).hex(), {"repeat": {"hex": "00", "count": 2 << 20}}]}}, out={"version": 1, "roots": [cid_text(big)]})
    read("car-1", "one-root", car([r], blocks), [r], blocks)
    read("car-1", "two-roots", car([r, blocks[2][0]], blocks), [r, blocks[2][0]], blocks)
    read("car-1", "root-twice", car([r, r], blocks), [r, r], blocks)
    read("car-1", "many-roots", car([r] * 50, blocks), [r] * 50, blocks)
    read("car-2", "no-blocks", car([r], []), [r], [])
    for n, b in enumerate(blocks):
        read("car-2", f"block-{n}", car([b[0]], [b]), [b[0]], [b])
    big = bytes(300)
    bc = cid1(RAW, mh(big))
    read("car-2", "two-octets-of-length", car([bc], [(bc, big)]), [bc], [(bc, big)])
    wrap = lambda h: varint(len(h)) + h
    for slug, h in (("no-version", cbor({"roots": [Link(r)]})), ("version-0", cbor({"roots": [Link(r)], "version": 0})), ("version-3", cbor({"roots": [Link(r)], "version": 3})), ("version-text", cbor({"roots": [Link(r)], "version": "1"})), ("roots-text", cbor({"roots": ["x"], "version": 1})),
                    ("roots-map", cbor({"roots": {}, "version": 1})), ("list", cbor([1])), ("int", cbor(1)), ("not-cbor", b"\xff\xff"), ("longer", cbor({"roots": [Link(r)], "version": 1}) + b"\0")):
        read("car-3", slug, wrap(h) + car_section(*blocks[0]), err="malformed")
    read("car-3", "empty", b"", err="truncated")
    read("car-3", "length-0", b"\0", err="malformed")
    read("car-3", "no-roots-list", wrap(cbor({"roots": [], "version": 1})) + car_section(*blocks[0]), variants={"read": {"out": {"version": 1, "roots": [], "blocks": shown(blocks[:1])}}, "refused": {"err": True}})
    read("car-3", "no-roots", wrap(cbor({"version": 1})) + car_section(*blocks[0]), variants={"read": {"out": {"version": 1, "roots": [], "blocks": shown(blocks[:1])}}, "refused": {"err": True}})
    read("car-3", "other-key", wrap(cbor({"roots": [Link(r)], "version": 1, "x": 1})) + car_section(*blocks[0]), variants={"read": {"out": {}}, "refused": {"err": True}})
    whole = car([r], blocks)
    starts, at = [], len(car_header([r]))
    for b in blocks:
        starts.append(at)
        at += len(car_section(*b))
    for cut in sorted({1, 5, starts[0] - 1, starts[0] + 1, starts[0] + 10, starts[1] - 1, starts[1] + 1, starts[1] + 40, starts[2] + 3, len(whole) - 1}):
        read("car-4", f"cut-{cut}", whole[:cut], err="truncated")
    for n in (1, 2, 10, 35):
        read("car-5", str(n), car_header([r]) + varint(n) + (r + b"one")[:n], err="malformed")
    read("car-5", "cid-runs-over", car_header([r]) + varint(20) + r + b"one", err="malformed")
    read("car-5", "length-0", car_header([r]) + b"\0" + car_section(*blocks[0]), variants={"refused": {"err": True}, "the end": {"out": {"blocks": []}}, "passed over": {"out": {}}})
    read("car-5", "not-a-cid", car_header([r]) + varint(20) + b"\x05" * 20, err="malformed")
    for n, (c, d) in enumerate(blocks):
        read("car-6", str(n), car([r], [(c, d + b"!")]), err="malformed")
    read("car-6", "second-of-two", car([r], [blocks[0], (blocks[1][0], b"no")]), err="malformed")
    read("car-6", "identity", car([r], [(cid1(RAW, multihash(0, b"abc")), b"abd")]), err="malformed")
    read("car-7", "twice", car([r], [blocks[0], blocks[0]]), [r], [blocks[0], blocks[0]])
    read("car-7", "backwards", car([r], blocks[::-1]), [r], blocks[::-1])
    read("car-8", "absent-root", car([bc], blocks), [bc], blocks)
    v1 = car([r], blocks)
    f = ["car:v2"]
    read("car-9", "no-index", car2(v1), [r], blocks, 2)
    read("car-9", "characteristics", car2(v1, characteristics=b"\x80" + bytes(15)), [r], blocks, 2)
    read("car-10", "padding", car2(v1, padding=100), [r], blocks, 2)
    digest_of = lambda c: digest(SHA256, dict(blocks)[c])

    def index(codec):
        entries = sorted((digest_of(c), s) for (c, d), s in zip(blocks, starts))
        body = b"".join(d + struct.pack("<Q", o) for d, o in entries)
        bucket = struct.pack("<I", 1) + struct.pack("<IQ", 40, len(body)) + body
        if codec == 0x0400:
            return varint(codec) + bucket, entries
        return varint(codec) + struct.pack("<I", 1) + struct.pack("<Q", 0x12) + bucket, entries
    for codec in (0x0400, 0x0401):
        octets, entries = index(codec)
        shown_entries = [[d.hex(), o] for d, o in entries]
        read("car-9", f"index-{codec:x}", car2(v1, octets), [r], blocks, 2)
        read("car-10", f"index-{codec:x}-padding", car2(v1, octets, padding=7, index_padding=9), [r], blocks, 2)
        a.add("car-13", f"{codec:x}", "car.index_read", {"bytes": octets.hex()}, out={"codec": codec, "entries": shown_entries}, features=["car:index"] + ["car:index:400"] * (codec == 0x400))
        for cut in (1, 2, 4, 8, 20, len(octets) - 1):
            a.add("car-13", f"{codec:x}-cut-{cut}", "car.index_read", {"bytes": octets[:cut].hex()}, err="truncated", features=["car:index"])
    a.add("car-13", "unknown-codec", "car.index_read", {"bytes": (varint(0x0402) + bytes(20)).hex()}, err="malformed", features=["car:index"])
    a.add("car-13", "huge-bucket", "car.index_read", {"bytes": (varint(0x0400) + struct.pack("<I", 1) + struct.pack("<IQ", 40, 1 << 60)).hex()}, err="truncated", features=["car:index"])
    a.add("car-13", "many-buckets", "car.index_read", {"bytes": (varint(0x0400) + struct.pack("<I", 0xffffffff)).hex()}, err="truncated", features=["car:index"])
    a.add("car-13", "width-0", "car.index_read", {"bytes": (varint(0x0400) + struct.pack("<I", 1) + struct.pack("<IQ", 0, 0)).hex()}, err="malformed", features=["car:index"], level="should")
    pragma = bytes.fromhex("0aa16776657273696f6e02")
    header = lambda at, size, idx: pragma + bytes(16) + struct.pack("<QQQ", at, size, idx)
    for slug, octets in (("data-beyond", header(1000, 10, 0) + v1), ("data-inside-header", header(20, len(v1), 0) + v1), ("size-beyond", header(51, len(v1) + 100, 0) + v1), ("size-huge", header(51, 1 << 63, 0) + v1), ("pragma-only", pragma), ("header-cut", header(51, 10, 0)[:30]), ("data-is-v2", car2(car2(v1))),
                         ("offset-huge", header((1 << 64) - 1, 10, 0) + v1)):
        read("car-11", slug, octets, err="malformed")
    read("car-11", "size-0", header(51, 0, 0) + v1, variants={"refused": {"err": True}, "read": {"out": {}}})
    for slug, roots, bs in (("one", [r], blocks[:1]), ("three", [r], blocks), ("two-roots", [r, blocks[1][0]], blocks), ("twice", [r], [blocks[0], blocks[0]]), ("empty", [r], []), ("no-roots", [], blocks), ("long", [bc], [(bc, big)])):
        feats = ["car:no-roots"] if slug == "no-roots" else []
        a.add("car-12", slug, "car.write", {"roots": [cid_text(x) for x in roots], "blocks": shown(bs)}, out={"bytes": car(roots, bs).hex()}, features=feats)
    for slug, octets in (("section", car_header([r]) + b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), ("section-32", car_header([r]) + b"\xff\xff\xff\xff\x0f"), ("header", b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), ("overflow", car_header([r]) + b"\xff" * 10 + b"\x01"), ("roots", wrap(b"\xa2\x65roots\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"))):
        read("car-14", slug, octets, err="truncated")
    read("car-4", "long-varint", car_header([r]) + b"\xa7\x80\x00" + r + b"one", variants={"refused": {"err": True}, "read": {"out": {}}})
    ec = cid1(RAW, mh(b""))
    read("car-15", "empty-block", car([ec], [(ec, b"")]), [ec], [(ec, b"")])
    idc = cid1(RAW, multihash(0, b"abc"))
    read("car-15", "identity", car([idc], [(idc, b"abc")]), [idc], [(idc, b"abc")])
    a.write()


def make_chunker():
    a = Area("chunker", "chunkers")
    for size, n in ((1, 5), (2, 5), (16, 16), (16, 17), (1000, 999), (262144, 262144), (262144, 262145), (262144, 700000), (1048576, 3000000), (32, 0 + 64)):
        lengths = [size] * (n // size) + ([n % size] if n % size else [])
        a.add("chunker-1", f"{size}-{n}", "chunker.cuts", {"chunker": f"size-{size}", "data": {"repeat": {"hex": "00", "count": n}}}, out={"lengths": lengths})
    a.add("chunker-2", "size", "chunker.cuts", {"chunker": "size-262144", "data": ""}, out={"lengths": []})
    for text in ("size-0", "size-", "size--1", "size-x", "foo", "rabin-1-2", "rabin-a-b-c", "size-99999999999", "rabin-100-50-25"):
        a.add("chunker-5", text, "chunker.cuts", {"chunker": text, "data": "00"}, err="malformed", features=["chunker:parse"])
    settled = os.path.join(os.path.dirname(os.path.abspath(__file__)), "settled.json")
    with open(settled, encoding="utf-8") as f:
        known = json.load(f)
    for kind, texts, clause in (("buzhash", ["buzhash"], "chunker-3"), ("rabin", ["rabin", "rabin-65536-131072-262144", "rabin-16384-32768-65536"], "chunker-4")):
        for text in texts:
            for seed, size in (("a", 1000000), ("b", 2000000), ("c", 131072), ("d", 131073), ("e", 3000000), ("f", 100), ("g", 600000)):
                id = f"{text}-{seed}"
                if id in known:
                    a.add(clause, id, "chunker.cuts", {"chunker": text, "data": {"chacha20": {"seed": "cuts-" + seed, "size": size}}}, out={"lengths": known[id]}, features=["chunker:" + kind], note="two implementations agree on it")
    a.write()


def make_ipns():
    a = Area("ipns", "IPNS records")
    seed, other = hashlib.sha256(b"kit key one").digest(), hashlib.sha256(b"kit key two").digest()
    name, far, past = ipns_name(seed), "2100-01-01T00:00:00.000000000Z", "2020-01-01T00:00:00.000000000Z"
    value = "/ipfs/" + cid_text(cid1(RAW, mh(b"value")))

    def record(seed=seed, value=value, validity=far, sequence=0, ttl=3600000000000, v1=True, data_patch=None, drop=(), outer=None, sign_with=None, extra=b"", prefix=b"ipns-signature:", validity_type=0):
        inner = {"Value": value.encode(), "Validity": validity.encode(), "ValidityType": validity_type, "Sequence": sequence, "TTL": ttl}
        inner.update(data_patch or {})
        data = cbor({k: v for k, v in inner.items() if v is not ...})
        sig2 = ed25519_sign(sign_with or seed, prefix + data)
        o = {"value": value.encode(), "validity": validity.encode(), "type": 0, "sequence": sequence, "ttl": ttl, **(outer or {})}
        sig1 = ed25519_sign(seed, o["value"] + o["validity"] + b"EOL")
        fields = []
        if v1:
            fields += [(1, o["value"]), (2, sig1), (3, o["type"]), (4, o["validity"]), (5, o["sequence"]), (6, o["ttl"])]
        fields += [(8, sig2), (9, data)]
        return b"".join(pb(n, v) for n, v in fields if n not in drop) + extra

    def check(clause, slug, rec, n=name, **k):
        if "err" not in k and "variants" not in k:
            k.setdefault("out", {"value": value})
        a.add(clause, slug, "ipns.validate", {"name": n, "record": rec.hex()}, **k)
    check("ipns-1", "v1-and-v2", record())
    check("ipns-1", "v2-only", record(v1=False))
    check("ipns-1", "sequence", record(sequence=42), out={"value": value, "sequence": "42"})
    check("ipns-1", "sequence-wide", record(sequence=(1 << 53) - 1), out={"sequence": str((1 << 53) - 1)})
    check("ipns-1", "ttl-0", record(ttl=0), out={"value": value})
    check("ipns-1", "ipns-value", record(value="/ipns/" + name), out={"value": "/ipns/" + name})
    check("ipns-1", "long-path", record(value=value + "/" + "a" * 500), out={"value": value + "/" + "a" * 500})
    check("ipns-2", "no-signature-v2", record(drop=(8,)), err="bad-signature")
    check("ipns-2", "no-data", record(drop=(9,)), err="malformed")
    check("ipns-2", "v1-alone", record(drop=(8, 9)), err="bad-signature")
    check("ipns-2", "empty-signature", record(drop=(8,), extra=pb(8, b"")), err="bad-signature")
    good = record()
    for n in (0, 31, 32, 63):
        data = bytearray(good)
        at = good.index(b"\x42\x40") + 2
        data[at + n] ^= 1
        check("ipns-3", f"bit-{n}", bytes(data), err="bad-signature")
    check("ipns-3", "other-prefix", record(prefix=b""), err="bad-signature")
    check("ipns-3", "other-key", record(sign_with=other), err="bad-signature")
    check("ipns-3", "v1-broken", record(drop=(2,), extra=pb(2, bytes(64))), note="signatureV1 does not count")
    for slug, o in (("value", {"value": b"/ipfs/other"}), ("validity", {"validity": past.encode()}), ("sequence", {"sequence": 7}), ("ttl", {"ttl": 1}), ("type", {"type": 1})):
        check("ipns-4", slug, record(outer=o), err="malformed")
    check("ipns-5", "2020", record(validity=past), err="expired")
    check("ipns-5", "1970", record(validity="1970-01-01T00:00:00.000000000Z"), err="expired")
    for slug, v in (("empty", ""), ("not-a-time", "tomorrow"), ("date-only", "2100-01-01")):
        check("ipns-5", slug, record(validity=v), err="malformed")
    check("ipns-6", "other-name", good, ipns_name(other), err="bad-signature")
    check("ipns-6", "record-of-other", record(seed=other), err="bad-signature")
    check("ipns-6", "embedded-other-key", record(extra=pb(7, libp2p_public(other))), variants={"refused": {"err": True}, "read": {"out": {}}})
    check("ipns-6", "embedded-own-key", record(extra=pb(7, libp2p_public(seed))))
    check("ipns-7", "10241", record(v1=False, extra=pb(100, bytes(10241))), err="limit")
    check("ipns-7", "below", record(v1=False, value=value + "/" + "a" * 9000), out={"value": value + "/" + "a" * 9000})
    for slug, octets in (("empty", b""), ("text", b"hello"), ("cut", good[:-10]), ("zeros", bytes(50)), ("cbor", cbor({"a": 1}))):
        check("ipns-9", slug, octets, err="malformed")
    for slug, patch in (("no-value", {"Value": ...}), ("no-validity", {"Validity": ...}), ("validity-int", {"Validity": 1})):
        check("ipns-9", "data-" + slug, record(v1=False, data_patch=patch), err="malformed")
    check("ipns-9", "data-value-text", record(v1=False, data_patch={"Value": value}), variants={"refused": {"err": True}, "read": {"out": {"value": value}}})
    check("ipns-9", "data-not-cbor", b"".join([pb(8, ed25519_sign(seed, b"ipns-signature:" + b"\xff\xff")), pb(9, b"\xff\xff")]), err="malformed")
    c = cid1(LIBP2P_KEY, multihash(0, libp2p_public(seed)))
    for base in ("base36", "base32", "base58btc"):
        check("ipns-10", base, good, cid_text(c, base))
    check("ipns-10", "peer-id", good, base_encode(b58btc, 0, False, c[2:]))
    check("ipns-12", "1", record(v1=False, validity_type=1), err="malformed")
    sets = {"sequence": ([record(sequence=1), record(sequence=2)], 1), "sequence-first": ([record(sequence=5), record(sequence=2)], 0), "validity": ([record(), record(validity="2101-01-01T00:00:00.000000000Z")], 1), "sequence-before-validity": ([record(sequence=2), record(sequence=1, validity="2150-01-01T00:00:00.000000000Z")], 0),
            "three": ([record(sequence=1), record(sequence=3), record(sequence=2)], 1), "one": ([record()], 0)}
    for slug, (records, best) in sets.items():
        a.add("ipns-8", slug, "ipns.select", {"name": name, "records": [x.hex() for x in records]}, out={"index": best})
    precise = "2100-01-01T00:00:00.123456789Z"
    for slug, k in (("plain", {}), ("sequence", {"sequence": 9}), ("ttl", {"ttl": 60000000000}), ("v2-only", {"v1": False}), ("long", {"value": value + "/a/b/c"}), ("wide-sequence", {"sequence": (1 << 53) - 1}), ("ipns", {"value": "/ipns/" + ipns_name(other)})):
        ask = {"key": libp2p_private(seed).hex(), "value": k.get("value", value), "sequence": str(k.get("sequence", 0)), "validity": precise, "ttl": str(k.get("ttl", 3600000000000)), "v1": k.get("v1", True)}
        a.add("ipns-11", slug, "ipns.create", ask, out={"record": record(validity=precise, **k).hex()})
        a.add("ipns-11", slug + "-whole-second", "ipns.create", {**ask, "validity": far}, variants={"nine digits": {"out": {"record": record(**k).hex()}}, "no fraction": {"out": {"record": record(validity="2100-01-01T00:00:00Z", **k).hex()}}})
    a.write()


if __name__ == "__main__":
    make_import(), make_hamt(), make_data(), make_read(), make_car(), make_chunker(), make_ipns()
