#!/usr/bin/env python3
"""A repo of Kubo (flatfs and LevelDB, pins, an MFS tree, five keys) is used here and handed back; and one of ours is used there.

  handover.py --ours PATH [--kubo PATH] [--pins 1000]

A tenth of the pins have names, a tenth are direct. The guest adds, pins and unpins, changes the files and the keys, and collects.
Both programs must say the same of it before and after: repo verify, pin verify, pin ls with names, files stat and ls, key list, cat.
Kubo's path may come from CAIRN_KUBO; without a Kubo this says loudly that it was skipped and passes."""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--ours", required=True, type=pathlib.Path)
options.add_argument("--kubo", default=os.environ.get("CAIRN_KUBO"))
options.add_argument("--pins", type=int, default=1000)
args = options.parse_args()
if not args.kubo or not pathlib.Path(args.kubo).exists():
    print("SKIPPED: no Kubo here; set CAIRN_KUBO to the path of an ipfs 0.43")
    sys.exit(0)
OURS, KUBO = str(args.ours.resolve()), str(pathlib.Path(args.kubo).resolve())


def run(binary, repo, *command, stdin=None, fails=False):
    done = subprocess.run([binary, *map(str, command)], env=dict(os.environ, IPFS_PATH=str(repo)), input=stdin, capture_output=True)
    if (done.returncode != 0) != fails:
        raise SystemExit(f"{binary} {' '.join(map(str, command))[:200]}: exit {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return done.stdout.decode()


def account(binary, repo):
    """What a program says of a repo."""
    out = {
        "repo verify": run(binary, repo, "repo", "verify").splitlines()[-1],
        "pin verify": run(binary, repo, "pin", "verify"),
        "recursive pins": sorted(run(binary, repo, "pin", "ls", "--names", "-t", "recursive").splitlines()),
        "direct pins": sorted(run(binary, repo, "pin", "ls", "--names", "-t", "direct").splitlines()),
        "indirect pins": sorted(run(binary, repo, "pin", "ls", "-t", "indirect").splitlines()),
        "keys": sorted(run(binary, repo, "key", "list", "-l").splitlines()),
        "blocks": sorted(run(binary, repo, "refs", "local").split()),
    }
    for path in ("/", "/a", "/a/b"):
        out[f"files stat {path}"] = run(binary, repo, "files", "stat", path)
        out[f"files ls {path}"] = run(binary, repo, "files", "ls", "-l", path)
    return out


def agree(what, repo):
    ours, kubo = account(OURS, repo), account(KUBO, repo)
    for key in ours:
        if ours[key] != kubo[key]:
            difference = set(map(str, ours[key])) ^ set(map(str, kubo[key])) if isinstance(ours[key], list) else (ours[key], kubo[key])
            raise SystemExit(f"{what}: {key}: the programs differ: {str(difference)[:600]}")
    named = sum(len(line.split()) > 2 for kind in ("recursive pins", "direct pins") for line in ours[kind])
    print(f"  same  {what}: {len(ours['recursive pins'])} recursive pins, {len(ours['direct pins'])} direct ones, {named} with names, {len(ours['keys'])} keys, "
          f"{len(ours['blocks'])} blocks", flush=True)
    return ours


def fill(binary, repo, folder, count):
    """Pins of every kind, and five keys."""
    for n in range(count):
        (folder / f"{n}").write_bytes(f"file {n} ".encode() * (n % 50 + 1))
    ids = run(binary, repo, "add", "-q", "--pin=false", *sorted(folder.iterdir())).split()
    assert len(ids) == count
    run(binary, repo, "pin", "add", *(i for n, i in enumerate(ids) if n % 10 > 1))
    run(binary, repo, "pin", "add", "-r=false", *(i for n, i in enumerate(ids) if n % 10 == 1))
    names = ["a name", "\u00fc\u00f1\u00ee\u00e7\u00f8d\u00e9 \u2603", "n" * 255]
    for k, name in enumerate(names):
        run(binary, repo, "pin", "add", "--name", name, *(i for n, i in enumerate(ids) if n % 10 == 0 and n // 10 % len(names) == k))
    run(binary, repo, "pin", "add", "-r=false", "--name", "a direct name", ids[1])
    root = run(binary, repo, "add", "-r", "-Q", "--pin-name", "tree", folder).strip()
    for n, kind in enumerate(["ed25519", "rsa", "secp256k1", "ed25519", "ed25519"]):
        run(binary, repo, "key", "gen", f"--type={kind}", f"key {n}")
    return ids, root


def use(binary, repo, folder, name):
    """What a guest does with a repo: more pins, fewer pins, an update, a collection."""
    (folder / name).write_text(name)
    mine = run(binary, repo, "add", "-Q", folder / name).strip()
    run(binary, repo, "pin", "add", "--name", name, mine)
    old = run(binary, repo, "pin", "ls", "-q", "-t", "recursive").split()
    run(binary, repo, "pin", "rm", next(i for i in old if i != mine and i != "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn"))
    direct = run(binary, repo, "pin", "ls", "-q", "-t", "direct").split()
    run(binary, repo, "pin", "rm", direct[-1])
    run(binary, repo, "pin", "add", "-r=false", "--name", f"direct of {name}", direct[-1])
    run(binary, repo, "files", "write", "--create", f"/a/{name}.txt", stdin=f"written by the {name}".encode())
    run(binary, repo, "files", "mkdir", "-p", f"/a/b/{name}/c")
    run(binary, repo, "files", "cp", f"/ipfs/{mine}", f"/a/b/{name}/c/mine")
    run(binary, repo, "files", "mv", f"/a/b/{name}/c/mine", f"/a/b/{name}/moved")
    run(binary, repo, "files", "rm", "-r", f"/a/b/{name}/c")
    run(binary, repo, "key", "gen", f"of {name}")
    run(binary, repo, "key", "gen", f"passing {name}")
    run(binary, repo, "key", "rename", f"passing {name}", f"renamed {name}")
    run(binary, repo, "key", "rm", "key 4" if name == "guest" else "of guest")
    run(binary, repo, "repo", "gc", "-q")
    return mine


with tempfile.TemporaryDirectory(prefix="cairn-handover-") as work:
    work = pathlib.Path(work)
    for maker, guest, name in ((KUBO, OURS, "kubo"), (OURS, KUBO, "ours")):
        repo, folder = work / f"repo-{name}", work / f"files-{name}"
        folder.mkdir()
        run(maker, repo, "init", "--profile=flatfs,test" if maker == OURS else "--profile=test")
        if maker == KUBO:
            run(maker, repo, "config", "--json", "AutoConf.Enabled", "false")
            run(maker, repo, "bootstrap", "rm", "--all")
        ids, root = fill(maker, repo, folder, args.pins)
        run(maker, repo, "files", "mkdir", "-p", "/a/b")
        run(maker, repo, "files", "cp", f"/ipfs/{root}", "/a/b/tree")
        before = agree(f"made by {name}", repo)
        mine = use(guest, repo, folder, "guest")
        after = agree("used by the other", repo)
        assert len(after["recursive pins"]) == len(before["recursive pins"])
        back = use(maker, repo, folder, "host")
        agree("handed back", repo)
        for id, text in ((mine, "guest"), (back, "host")):
            for binary in (OURS, KUBO):
                assert run(binary, repo, "cat", id) == text
                assert run(binary, repo, "files", "read", f"/a/b/{text}/moved") == text
                assert run(binary, repo, "files", "read", f"/a/{text}.txt") == f"written by the {text}"
print("handover: both directions agree")
