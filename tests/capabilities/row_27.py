#!/usr/bin/env python3
"""Capability 27, one node by every way to name it: row_27.py PATH-OF-CAIRN. Eight commands, ten forms, one answer; errors by their codes."""
import json

from harness import WORK, Repo, check, finish, same

repo = Repo("names")
tree = WORK / "tree"
(tree / "sub").mkdir(parents=True)
(tree / "sub" / "file").write_text("what is in it\n")
root = repo.ok("add", "-rQ", tree)
file = repo.ok("add", "-Q", tree / "sub" / "file")
folder = repo.ok("resolve", f"/ipfs/{root}/sub").removeprefix("/ipfs/")


def forms(cid, below):
    """A CIDv0 and a way to it through its parent."""
    one, path = (repo.ok("cid", "format", "-v", "1", "-b", base, cid) for base in ("base32", "base36")), f"{root}/{below}"
    base32, base36 = one
    base58 = repo.ok("cid", "format", "-v", "1", "-b", "base58btc", cid)
    return [cid, base32, base58, base36, f"/ipfs/{cid}", f"/ipfs/{base32}", f"/ipld/{cid}", f"ipfs://{base32}", f"IPFS://{base32}", f"ipfs:/{base32}", f"/ipfs/{path}", f"ipfs://{path}"]


of_file, of_folder = forms(file, "sub/file"), forms(folder, "sub")
for command, named in ((("cat",), of_file), (("ls",), of_folder), (("refs",), of_folder), (("block", "get"), of_file), (("block", "stat"), of_file), (("dag", "get"), of_file),
                       (("dag", "resolve"), of_folder), (("files", "stat"), of_folder)):
    answers = {}
    for form in named:
        if command[0] == "files" and not form.startswith("/"):
            form = None if "://" in form or form.startswith("ipfs:") else "/ipfs/" + form
        if form is None or (command[0] == "files" and form.startswith("/ipld/")):
            continue
        done = repo.run(*command, form)
        said = (done.returncode, done.stdout, done.stderr)
        # what prints the CID prints it as it was given: compare what it means
        for cid in (file, folder):
            for other in forms(cid, "x")[:4]:
                said = tuple(str(s).replace(other, "CID") for s in said)
        answers.setdefault(said, []).append(form)
    check(f"capability 27 (1) {' '.join(command)}: one answer for {len(named)} forms", len(answers) == 1 and next(iter(answers))[0] == "0", answers)

pinned = []
repo.ok("pin", "rm", root, file)
for form in of_file:
    repo.ok("pin", "add", "--recursive=false", form)
    held = repo.ok("pin", "ls", "--type=direct", "-q")
    pinned.append(held)
    repo.ok("pin", "rm", form)
same("capability 27 (1) pin: each form pins the same", len({repo.ok("cid", "base32", p) for p in pinned}), 1)
for number, form in enumerate(of_file):
    repo.ok("get", "-o", WORK / f"got{number}", form)
    same(f"capability 27 (1) get {form}", (WORK / f"got{number}").read_text(), "what is in it\n")

# (2) a bare CID asks no resolver: a name that does not resolve says so, a CID never
repo.bad("", "resolve", "/ipns/nothing.example")
same("capability 27 (2) a bare CID is itself, whether its block is here or not", repo.ok("resolve", "bafkreigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"),
     "/ipfs/bafkreigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi")

# (5) errors by their codes: over the API 500 with a sentence, at the gateway 400, 404
repo.start("--offline")
for path, sentence, status in ((f"{root}/nope", "no link named", 404), ("notacid", "invalid", 400), (f"{root}/sub/file/deeper", "no link named", 404)):
    code, fields, body = repo.ask(f"/api/v0/cat?arg=/ipfs/{path}")
    check(f"capability 27 (5) /ipfs/{path}: 500, and why", code == 500 and sentence in json.loads(body)["Message"] and json.loads(body)["Type"] == "error", body)
    same(f"capability 27 (5) /ipfs/{path} at the gateway", repo.ask(f"/ipfs/{path}", method="GET", port=repo.gateway)[0], status)
    repo.bad(sentence, "cat", f"/ipfs/{path}")
repo.bad("this dag node is a directory", "cat", root)
repo.stop()
finish()
