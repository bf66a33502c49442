#!/usr/bin/env python3
"""Cases of git-raw and dag-jose."""
from kit import *

GIT_RAW = 0x78


def obj(kind, body):
    return kind.encode() + b" " + str(len(body)).encode() + b"\0" + body


def git_link(sha1):
    return Link(cid1(GIT_RAW, multihash(SHA1, sha1)))


def sha(octets):
    return hashlib.sha1(octets).digest()


def make_git():
    a = Area("git-raw", "git-raw")
    f = ["codec:git-raw"]

    def trio(clause, slug, octets, value, links=()):
        a.add(clause, slug, "codec.decode", {"codec": "git-raw", "bytes": octets.hex()}, out={"value": notation(value)}, features=f)
        a.add(clause, slug + "-encode", "codec.encode", {"codec": "git-raw", "value": notation(value)}, out={"bytes": octets.hex()}, features=f)
        a.add(clause, slug + "-links", "codec.links", {"codec": "git-raw", "bytes": octets.hex()}, out={"links": [cid_text(l) for l in links]}, features=f)

    def bad(clause, slug, octets, level=None):
        a.add(clause, slug, "codec.decode", {"codec": "git-raw", "bytes": octets.hex()}, err="malformed", features=f, level=level)

    def unwritable(clause, slug, value):
        a.add(clause, slug, "codec.encode", {"codec": "git-raw", "value": notation(value)}, err="malformed", features=f)
    for slug, data in (("empty", b""), ("line", b"hi\n"), ("zeros", bytes(5)), ("binary", bytes(range(256))), ("looks-like-a-tree", b"tree 0\0"), ("long", b"x" * 1000)):
        trio("git-raw-2", slug, obj("blob", data), obj("blob", data))
    for slug, octets in (("short", b"blob 5\0abc"), ("long", b"blob 2\0abc"), ("leading-zero", b"blob 03\0abc"), ("plus", b"blob +3\0abc"), ("hex", b"blob 0x3\0abc"), ("no-size", b"blob \0abc"), ("no-space", b"blob3\0abc"), ("two-spaces", b"blob  3\0abc"), ("no-zero", b"blob 3abc"), ("negative", b"blob -3\0abc"), ("huge", b"blob 99999999999999999999\0abc"), ("tree-short", b"tree 40\0" + b"100644 a\0" + bytes(20)), ("commit-long", b"commit 1\0ab")):
        bad("git-raw-1", slug, octets)
    for slug, octets in (("nothing", b""), ("kind", obj("blub", b"abc")), ("capital", obj("Blob", b"abc")), ("no-kind", obj("", b"abc")), ("bare", b"hello")):
        bad("git-raw-8", slug, octets)
    unwritable("git-raw-2", "bytes-without-header", b"hi\n")
    unwritable("git-raw-2", "bytes-of-a-tree", obj("tree", b""))
    blob, other = sha(obj("blob", b"hi\n")), sha(obj("blob", b""))
    entry = lambda mode, name, h=blob: mode.encode() + b" " + (name if isinstance(name, bytes) else name.encode()) + b"\0" + h
    value = lambda mode, h=blob: {"mode": mode, "hash": git_link(h)}
    trees = {"empty": [], "file": [("100644", "f", blob)], "modes": [("100644", "a", blob), ("100755", "b", blob), ("120000", "c", other), ("40000", "d", other), ("160000", "e", other)], "unicode": [("100644", "Käse", blob), ("100644", "☃", other)], "folder-order": [("100644", "a.b", blob), ("40000", "a", other), ("100644", "a0", blob)],
             "file-order": [("100644", "a", other), ("100644", "a.b", blob), ("100644", "a0", blob)], "old-mode": [("100664", "x", blob)], "spaces": [("100644", "a b c", blob)], "tree-named": [("100644", "object", blob), ("100644", "tree", other)]}
    for slug, entries in trees.items():
        octets = obj("tree", b"".join(entry(*e) for e in entries))
        trio("git-raw-3", slug, octets, {n: value(m, h) for m, n, h in entries}, [git_link(h) for m, n, h in entries])
        backwards = {n: value(m, h) for m, n, h in reversed(entries)}
        if len(entries) > 1:
            a.add("git-raw-9", "sorted-" + slug, "codec.encode", {"codec": "git-raw", "value": notation(backwards)}, out={"bytes": octets.hex()}, features=f)
    for slug, body in (("cut", entry("100644", "a")[:-1]), ("no-hash", b"100644 a\0"), ("no-name", b"100644 \0" + blob), ("no-mode", b" a\0" + blob), ("no-space", b"100644a\0" + blob), ("no-zero", b"100644 a" + blob[:10].replace(b"\0", b"x")), ("more", entry("100644", "a") + b"x")):
        bad("git-raw-8", "tree-" + slug, obj("tree", body))
    bad("git-raw-8", "tree-twice", obj("tree", entry("100644", "a") * 2))
    for slug, body in (("unsorted", entry("100644", "b") + entry("100644", "a")), ("folder-first", entry("40000", "a") + entry("100644", "a.b")), ("file-as-folder", entry("100644", "a.b") + entry("100644", "a"))):
        bad("git-raw-10", "tree-" + slug, obj("tree", body))
    for slug, v in (("mode-number", {"a": {"mode": 33188, "hash": git_link(blob)}}), ("no-mode", {"a": {"hash": git_link(blob)}}), ("no-hash", {"a": {"mode": "100644"}}), ("more", {"a": {"mode": "100644", "hash": git_link(blob), "x": 1}}), ("mode-with-space", {"a": {"mode": "1 2", "hash": git_link(blob)}}), ("name-with-zero", {"a\0b": value("100644")}), ("empty-name", {"": value("100644")})):
        unwritable("git-raw-9", "tree-" + slug, v)
    for slug, l in (("raw", Link(cid1(RAW, multihash(SHA1, blob)))), ("sha2-256", Link(cid1(GIT_RAW, mh(b"x")))), ("short", Link(cid1(GIT_RAW, multihash(SHA1, blob[:10])))), ("v0", Link(mh(b"x")))):
        unwritable("git-raw-7", "link-" + slug, {"a": {"mode": "100644", "hash": l}})
    tree = sha(obj("tree", b""))
    parents = [sha(b"1"), sha(b"2"), sha(b"3")]
    who = lambda name="A B", email="a@b.c", date="1503667703", zone="+0200": ({"name": name, "email": email, "date": date, "timezone": zone}, f"{name} <{email}>" + (" " + date if date else "") + (" " + zone if zone else ""))
    me, me_text = who()
    head = lambda ps=(), author=me_text, committer=me_text: (f"tree {tree.hex()}\n" + "".join(f"parent {p.hex()}\n" for p in ps) + f"author {author}\ncommitter {committer}\n").encode()
    commit = lambda ps=(), **k: {"tree": git_link(tree), "parents": [git_link(p) for p in ps], "message": "", "author": me, "committer": me, "encoding": None, "signature": None, "mergetag": [], "other": [], **k}
    to = lambda ps=(): [git_link(tree), *map(git_link, ps)]
    for n in range(4):
        trio("git-raw-4", f"{n}-parents", obj("commit", head(parents[:n]) + b"\nmsg\n"), commit(parents[:n], message="msg\n"), to(parents[:n]))
    for slug, m in (("none", ""), ("no-line-end", "x"), ("lines", "a\n\nb\n"), ("empty-line-first", "\nx"), ("unicode", "Grüße ☃\n"), ("headers", "tree x\nauthor y\n")):
        trio("git-raw-4", "message-" + slug, obj("commit", head() + b"\n" + m.encode()), commit(message=m), to())
    pgp = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQIz\n abc=\n -----END PGP SIGNATURE-----\n"
    tagged = f"mergetag object {parents[0].hex()}\n type commit\n tag v1\n tagger {me_text}\n \n text\n  -----BEGIN\n"
    merged = {"object": git_link(parents[0]), "type": "commit", "tag": "v1", "tagger": me, "message": " text\n  -----BEGIN\n"}
    trio("git-raw-4", "encoding", obj("commit", head() + b"encoding ISO-8859-1\n\nx"), commit(encoding="ISO-8859-1", message="x"), to())
    trio("git-raw-4", "signature", obj("commit", head() + pgp.encode() + b"\nx"), commit(signature=" \n iQIz\n abc=\n", message="x"), to())
    trio("git-raw-4", "signature-and-space", obj("commit", head() + pgp.encode() + b" \n\nx"), commit(signature=" \n iQIz\n abc=\n", other=[" "], message="x"), to())
    trio("git-raw-4", "signature-and-more", obj("commit", head() + pgp.encode() + b"foo bar\n\nx"), commit(signature=" \n iQIz\n abc=\n", other=["foo bar"], message="x"), to())
    trio("git-raw-4", "mergetag", obj("commit", head(parents[:1]) + tagged.encode() + b"\nx"), commit(parents[:1], mergetag=[merged], message="x"), [*to(parents[:1]), git_link(parents[0])])
    trio("git-raw-4", "two-mergetags", obj("commit", head() + tagged.encode() * 2 + pgp.encode() + b"\nx"), commit(mergetag=[merged, merged], signature=" \n iQIz\n abc=\n", message="x"), [*to(), git_link(parents[0]), git_link(parents[0])])
    trio("git-raw-4", "other", obj("commit", head() + b"HG:extra foo\nbar\n\nx"), commit(other=["HG:extra foo", "bar"], message="x"), to())
    trio("git-raw-4", "sha256-signature", obj("commit", head() + pgp.replace("gpgsig", "gpgsig-sha256").encode() + b"\nx"), commit(other=pgp.replace("gpgsig", "gpgsig-sha256").splitlines(), message="x"), to())
    a.add("git-raw-4", "ssh-signature", "codec.decode", {"codec": "git-raw", "bytes": obj("commit", head() + pgp.replace("PGP", "SSH").encode() + b"\nx").hex()},
          variants={"lines of other": {"out": {"value": notation(commit(other=pgp.replace("PGP", "SSH").splitlines(), message="x"))}}, "refused": {"err": True}}, features=f)
    full = commit(message="m")
    for slug in ("encoding", "signature", "mergetag", "other", "parents"):
        a.add("git-raw-9", "commit-without-" + slug, "codec.encode", {"codec": "git-raw", "value": notation({k: v for k, v in full.items() if k != slug})}, out={"bytes": obj("commit", head() + b"\nm").hex()}, features=f)
    for slug in ("author", "committer", "message"):
        unwritable("git-raw-9", "commit-without-" + slug, {k: v for k, v in full.items() if k != slug})
    for slug, more in (("unknown-field", {"color": "red"}), ("encoding-with-line-end", {"encoding": "x\nauthor y"}), ("other-that-is-a-signature", {"other": pgp.splitlines()}), ("empty-other", {"other": [""]}), ("number-in-other", {"other": [1]}), ("message-bytes", {"message": b"x"}), ("parent-text", {"parents": ["x"]}), ("parents-map", {"parents": {}}), ("signature-with-end", {"signature": " x\n -----END PGP SIGNATURE-----\n"}),
                       ("signature-without-line-end", {"signature": " x"}), ("tag-without-tagger", {"mergetag": [{k: v for k, v in merged.items() if k != "tagger"}]})):
        unwritable("git-raw-9", "commit-" + slug, {**full, **more})
    for slug, body in (("no-tree", head()[46:] + b"\nx"), ("no-author", f"tree {tree.hex()}\ncommitter {me_text}\n\nx".encode()), ("no-committer", f"tree {tree.hex()}\nauthor {me_text}\n\nx".encode()), ("only-tree", f"tree {tree.hex()}\n".encode()), ("short-tree", head().replace(tree.hex().encode(), tree.hex()[:39].encode()) + b"\nx"), ("letters", head().replace(tree.hex().encode(), b"z" * 40) + b"\nx"), ("empty", b""), ("cut-header", head()[:-1])):
        bad("git-raw-8", "commit-" + slug, obj("commit", body))
    for slug, body in (("no-empty-line", head()), ("capital-hash", head().replace(tree.hex().encode(), tree.hex().upper().encode()) + b"\nx"), ("other-order", f"tree {tree.hex()}\ncommitter {me_text}\nauthor {me_text}\n\nx".encode())):
        bad("git-raw-10", "commit-" + slug, obj("commit", body))
    for slug, args in (("usual", {}), ("no-email", {"email": ""}), ("spaces", {"name": "A  B   C", "email": "a b"}), ("no-zone", {"zone": ""}), ("no-date", {"date": "", "zone": ""}), ("no-name", {"name": ""}), ("unicode", {"name": "Käse ☃"}), ("zone-west", {"zone": "-0730"}), ("quotes", {"name": "\"A\" 'B'"})):
        v, t = who(**args)
        trio("git-raw-5", slug, obj("commit", head(author=t) + b"\nx"), commit(author=v, message="x"), to())
    for slug, t in (("no-brackets", "A B a@b.c 1 +0000"), ("open", "A B <a@b.c 1 +0000"), ("nothing", ""), ("no-space", "A B<a@b.c> 1 +0000")):
        bad("git-raw-5", "bad-" + slug, obj("commit", head(author=t) + b"\nx"))
    for slug, t in (("two-spaces", "A <a>  1 +0000"), ("more", "A <a> 1 +0000 x"), ("space-at-end", "A <a> 1 +0000 ")):
        bad("git-raw-10", "person-" + slug, obj("commit", head(author=t) + b"\nx"))
    for slug, v in (("bracket-in-email", {**me, "email": "a> 2 <b"}), ("line-end-in-name", {**me, "name": "A\nB"}), ("space-in-date", {**me, "date": "1 2"}), ("zone-alone", {**me, "date": ""}), ("number", {**me, "date": 1503667703}), ("no-name", {k: x for k, x in me.items() if k != "name"}), ("more", {**me, "x": ""})):
        unwritable("git-raw-5", "person-" + slug, commit(author=v, message="x"))
    th = f"object {parents[0].hex()}\ntype commit\ntag v1.0\n"
    tag = lambda **k: {"object": git_link(parents[0]), "type": "commit", "tag": "v1.0", "tagger": me, "message": "", **k}
    nobody = {"name": "", "email": "", "date": "", "timezone": ""}
    for slug, octets, v in (("tag", th + f"tagger {me_text}\n\nmsg\n", tag(message="msg\n")), ("no-message", th + f"tagger {me_text}\n", tag()), ("signed", th + f"tagger {me_text}\n\nmsg\n-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n", tag(message="msg\n-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n")),
                            ("of-a-tree", th.replace("commit", "tree") + f"tagger {me_text}\n\nm", tag(type="tree", message="m"))):
        trio("git-raw-6", slug, obj("tag", octets.encode()), v, [git_link(parents[0])])
    a.add("git-raw-6", "no-tagger", "codec.decode", {"codec": "git-raw", "bytes": obj("tag", (th + "\nm").encode()).hex()}, out={"value": notation(tag(tagger=nobody, message="m"))}, features=f)
    a.add("git-raw-6", "no-tagger-encode", "codec.encode", {"codec": "git-raw", "value": notation({k: v for k, v in tag(message="m").items() if k != "tagger"})}, out={"bytes": obj("tag", (th + "\nm").encode()).hex()}, features=f)
    bad("git-raw-10", "tag-of-nobody", obj("tag", (th + "tagger  <>\n").encode()))
    for slug, body in (("no-object", "type commit\ntag v1\n\nm"), ("no-type", f"object {tree.hex()}\ntag v1\n\nm"), ("no-tag", f"object {tree.hex()}\ntype commit\n\nm"), ("empty", ""), ("tagger-twice", th + f"tagger {me_text}\ntagger {me_text}\n\nm")):
        bad("git-raw-8", "tag-" + slug, obj("tag", body.encode()))
    for slug, v in (("no-object", {k: x for k, x in tag().items() if k != "object"}), ("type-with-line-end", tag(type="commit\ntag x")), ("unknown-field", tag(color="red"))):
        unwritable("git-raw-9", "tag-" + slug, v)
    for slug, v in (("null", None), ("int", 5), ("text", "blob 0\0"), ("list", []), ("link", git_link(blob)), ("float", 0.5)):
        unwritable("git-raw-9", "node-" + slug, v)
    a.add("git-raw-7", "of-a-tree", "codec.links", {"codec": "git-raw", "bytes": obj("tree", entry("100644", "f")).hex()}, out={"links": [cid_text(git_link(blob))]}, features=f)
    a.write()


b64u = lambda b: base64.urlsafe_b64encode(b).decode().rstrip("=")


def make_jose():
    a = Area("dag-jose", "DAG-JOSE")
    f = ["codec:dag-jose"]
    payload = cid1(DAG_CBOR, mh(cbor({"hello": "world"})))

    def trio(clause, slug, encoded, value, links=()):
        octets = cbor(encoded)
        a.add(clause, slug, "codec.decode", {"codec": "dag-jose", "bytes": octets.hex()}, out={"value": notation(value)}, features=f)
        a.add(clause, slug + "-encode", "codec.encode", {"codec": "dag-jose", "value": notation(value)}, out={"bytes": octets.hex()}, features=f)
        a.add(clause, slug + "-links", "codec.links", {"codec": "dag-jose", "bytes": octets.hex()}, out={"links": [cid_text(l) for l in links]}, features=f)

    def bad(clause, slug, encoded, level=None):
        octets = encoded if isinstance(encoded, bytes) else cbor(encoded)
        a.add(clause, slug, "codec.decode", {"codec": "dag-jose", "bytes": octets.hex()}, err="malformed", features=f, level=level)

    def unwritable(clause, slug, value):
        a.add(clause, slug, "codec.encode", {"codec": "dag-jose", "value": notation(value)}, err="malformed", features=f)

    def writes(clause, slug, value, encoded):
        a.add(clause, slug, "codec.encode", {"codec": "dag-jose", "value": notation(value)}, out={"bytes": cbor(encoded).hex()}, features=f)
    sig = b"\x01\x02\xfb\xff" * 16
    prot = b'{"alg":"EdDSA"}'
    jws = lambda *sigs, p=payload: {"payload": p, "signatures": list(sigs)}
    text = lambda d: {k: b64u(v) if isinstance(v, bytes) else v for k, v in d.items()}
    dec = lambda *sigs, p=payload: {"payload": b64u(p), "signatures": [text(s) for s in sigs], "link": Link(p)}
    one = {"protected": prot, "signature": sig}
    for slug, sigs in (("one", [one]), ("two", [one, {"signature": b"\0"}]), ("no-protected", [{"signature": sig}]), ("header", [{"header": {"kid": "me", "n": 5, "deep": {"x": [1, None, True]}}, "signature": sig}]), ("header-bytes", [{"header": {"b": b"\1\2"}, "signature": sig}]), ("empty-signature", [{"signature": b""}]), ("all", [{"header": {"a": 1}, "protected": prot, "signature": sig}])):
        trio("dag-jose-4", slug, jws(*sigs), dec(*sigs), [Link(payload)])
    for slug, p in (("cbor", payload), ("raw", cid1(RAW, mh(b"x"))), ("dag-json", cid1(DAG_JSON, mh(b"{}"))), ("identity", cid1(RAW, multihash(IDENTITY, b"inline"))), ("sha2-512", cid1(DAG_CBOR, mh(b"x", SHA512)))):
        trio("dag-jose-3", slug, jws(one, p=p), dec(one, p=p), [Link(p)])
    for n in range(5):
        trio("dag-jose-2", f"signature-of-{n}", jws({"signature": bytes(range(250, 250 + n))}), dec({"signature": bytes(range(250, 250 + n))}), [Link(payload)])
    jwe = {"ciphertext": b"\x10\x20\xfe\xff\xfd"}
    for slug, more in (("least", {}), ("direct", {"iv": b"\1\2", "protected": prot, "tag": b"\3"}), ("aad", {"aad": b"more", "iv": b"\1", "tag": b"\2"}), ("unprotected", {"unprotected": {"zip": "DEF"}}), ("recipient", {"recipients": [{"encrypted_key": b"k"}]}), ("recipient-header", {"recipients": [{"header": {"kid": "x"}, "encrypted_key": b"k"}, {"header": {"kid": "y"}}]}), ("everything", {"aad": b"a", "iv": b"i", "protected": prot, "recipients": [{"encrypted_key": b"k", "header": {"alg": "dir"}}], "tag": b"t", "unprotected": {"u": 1}})):
        v = {**text({**jwe, **more})}
        if "recipients" in more:
            v["recipients"] = [text(r) for r in more["recipients"]]
        trio("dag-jose-5", slug, {**jwe, **more}, v)
    writes("dag-jose-6", "jws", {"payload": b64u(payload), "protected": b64u(prot), "signature": b64u(sig)}, jws(one))
    writes("dag-jose-6", "jws-header", {"payload": b64u(payload), "header": {"kid": "x"}, "signature": b64u(sig)}, jws({"header": {"kid": "x"}, "signature": sig}))
    writes("dag-jose-6", "jws-with-link", {"payload": b64u(payload), "link": Link(payload), "signature": b64u(sig)}, jws({"signature": sig}))
    writes("dag-jose-6", "jwe", {"ciphertext": b64u(b"c"), "encrypted_key": b64u(b"k"), "header": {"kid": "x"}}, {"ciphertext": b"c", "recipients": [{"encrypted_key": b"k", "header": {"kid": "x"}}]})
    writes("dag-jose-3", "without-link", {"payload": b64u(payload), "signatures": [text(one)]}, jws(one))
    unwritable("dag-jose-6", "both-forms", {"payload": b64u(payload), "signature": b64u(sig), "signatures": [text(one)]})
    unwritable("dag-jose-7", "another", {"payload": b64u(payload), "signatures": [text(one)], "link": Link(cid1(RAW, mh(b"y")))})
    unwritable("dag-jose-7", "text", {"payload": b64u(payload), "signatures": [text(one)], "link": cid_text(payload)})
    unwritable("dag-jose-7", "codec", {"payload": b64u(payload), "signatures": [text(one)], "link": Link(cid1(RAW, mh(cbor({"hello": "world"}))))})
    for slug, v in (("jws-and-jwe", {**jws(one), **jwe}), ("unknown", {**jws(one), "x": 1}), ("unknown-jwe", {**jwe, "x": b""}), ("empty", {}), ("signatures-alone", {"signatures": [one]}), ("tag-alone", {"tag": b"x"}), ("unknown-in-signature", jws({**one, "x": 1})), ("unknown-in-recipient", {**jwe, "recipients": [{"x": 1}]}), ("no-signature", jws({"protected": prot})), ("link-in-block", {**jws(one), "link": Link(payload)}), ("list", [jws(one)]), ("text", "x"), ("null", None), ("bytes", b"x")):
        bad("dag-jose-8", slug, v)
    for slug, v in (("payload-text", {"payload": "x", "signatures": [one]}), ("signatures-map", {"payload": payload, "signatures": {}}), ("signature-text", jws({"signature": "x"})), ("signature-list", {"payload": payload, "signatures": [[one]]}), ("protected-map", jws({"protected": {}, "signature": sig})), ("ciphertext-text", {"ciphertext": "x"}), ("recipients-map", {**jwe, "recipients": {}}), ("iv-int", {**jwe, "iv": 5}), ("header-link", jws({"header": {"l": Link(payload)}, "signature": sig}))):
        bad("dag-jose-1", "kind-" + slug, v)
    good = cbor(jws(one))
    for slug, octets in (("cut", good[:-1]), ("more", good + b"\0"), ("empty", b""), ("json", b'{"payload":"x"}'), ("indefinite", b"\xbf" + good[1:] + b"\xff")):
        bad("dag-jose-1", slug, octets)
    for slug, t in (("padding", "AQ=="), ("plus", "+w"), ("slash", "_/"), ("space", "A Q"), ("one-letter", "A"), ("umlaut", "ä"), ("line-end", "AQ\n")):
        unwritable("dag-jose-9", "signature-" + slug, {"payload": b64u(payload), "signatures": [{"signature": t}]})
        unwritable("dag-jose-9", "ciphertext-" + slug, {"ciphertext": t})
    a.write()


if __name__ == "__main__":
    make_git()
    make_jose()
