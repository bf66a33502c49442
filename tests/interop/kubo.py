#!/usr/bin/env python3
"""Beside the real Kubo: the same roots in seven settings, CARs that import into each other, repos that open in each other.

  kubo.py --ours PATH [--kubo PATH] [--seed N] [--small] [--only NAME,...]

Kubo's path may come from CAIRN_KUBO; without a Kubo this says loudly that it was skipped and passes."""
import argparse
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--ours", required=True, type=pathlib.Path)
options.add_argument("--kubo", default=os.environ.get("CAIRN_KUBO"))
options.add_argument("--seed", default=None)
options.add_argument("--small", action="store_true")
options.add_argument("--only", default="")
args = options.parse_args()
here = pathlib.Path(__file__).resolve().parent
SETTINGS = {
    "default": [],
    "cid-version-1": ["--cid-version=1"],
    "1MiB wrapped leaves": ["--raw-leaves=false", "--chunker=size-1048576"],
    "trickle": ["--trickle"],
    "rabin": ["--chunker=rabin"],
    "buzhash": ["--chunker=buzhash"],
    "unixfs-v1-2025": None,  # a profile of the repo
}


class Node:
    def __init__(self, name, binary, work):
        self.name, self.binary, self.work = name, str(binary), work

    def run(self, repo, *command, check=True, out=None):
        env = dict(os.environ, IPFS_PATH=str(repo))
        done = subprocess.run([self.binary, *map(str, command)], env=env, stdout=out or subprocess.PIPE, stderr=subprocess.PIPE)
        if check and done.returncode != 0:
            raise AssertionError(f"{self.name} {' '.join(map(str, command))}: exit {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
        return done.stdout.decode(errors="replace").strip() if out is None else ""

    def init(self, name, *profiles):
        repo = self.work / f"{self.name}-{name}"
        self.run(repo, "init", "--empty-repo", *([f"--profile={','.join(profiles)}"] if profiles else []))
        return repo

    def add(self, repo, *options):
        return self.run(repo, "add", "-r", "-H", "-Q", "--progress=false", *options).splitlines()[-1]


def same(what, ours, kubo):
    if ours != kubo:
        raise AssertionError(f"{what}: cairn {ours}, Kubo {kubo}")
    print(f"  same  {what}: {ours}", flush=True)


def compare(left, right):
    done = subprocess.run(["diff", "-r", "--no-dereference", left, right], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{left} and {right} differ: {done.stdout[:500]}")


def roots(cairn, kubo, trees):
    """Root CIDs of every setting, hash only."""
    ours, theirs = cairn.init("roots", "flatfs"), kubo.init("roots")
    ours_2025, theirs_2025 = cairn.init("roots-2025", "flatfs", "unixfs-v1-2025"), kubo.init("roots-2025", "unixfs-v1-2025")
    for tree in trees:
        for name, setting in SETTINGS.items():
            if setting is None:
                same(f"{tree.name}, {name}", cairn.add(ours_2025, "-n", tree), kubo.add(theirs_2025, "-n", tree))
            else:
                same(f"{tree.name}, {name}", cairn.add(ours, "-n", *setting, tree), kubo.add(theirs, "-n", *setting, tree))


def thresholds(cairn, kubo, trees):
    """Directories of exactly 256 KiB stay flat, of one octet more are sharded, as each profile counts: the same roots."""
    plain, theirs_plain = cairn.init("flat", "flatfs"), kubo.init("flat")
    modern, theirs_modern = cairn.init("flat-2025", "flatfs", "unixfs-v1-2025"), kubo.init("flat-2025", "unixfs-v1-2025")
    # by links: a name and a CIDv0 of 34 octets; by the block: 44 octets and a name, and 4 of the directory itself
    for ours, theirs, what, count, width, last in ((plain, theirs_plain, "links", 4095, 30, 30), (modern, theirs_modern, "the block", 4095, 20, 16)):
        for more in (0, 1):
            folder = cairn.work / f"threshold-{count}-{width}-{more}"
            folder.mkdir()
            for i in range(count):
                (folder / f"{i:0{width}}").touch()
            (folder / f"{count:0{last + more}}").touch()
            same(f"threshold by {what}, {more} above", cairn.add(ours, "-n", folder), kubo.add(theirs, "-n", folder))
            shutil.rmtree(folder)


def cars(cairn, kubo, trees):
    """A CAR exported by either imports into the other; the bytes of both are the same."""
    tree = trees[0]
    ours, theirs = cairn.init("cars"), kubo.init("cars")
    root = cairn.add(ours, tree)
    same("root", root, kubo.add(theirs, tree))
    files = {}
    for node, repo in ((cairn, ours), (kubo, theirs)):
        files[node.name] = node.work / f"{node.name}.car"
        with open(files[node.name], "wb") as out:
            node.run(repo, "dag", "export", "--progress=false", root, out=out)
    if files["cairn"].read_bytes() != files["kubo"].read_bytes():
        raise AssertionError("the exported CARs differ")
    print("  same  exported CAR, byte for byte")
    for node, car in ((cairn, files["kubo"]), (kubo, files["cairn"])):
        repo = node.init("imported")
        node.run(repo, "dag", "import", car)
        target = node.work / f"{node.name}-got"
        node.run(repo, "get", "--progress=false", "-o", target, root)
        compare(tree, target)
        print(f"  good  {node.name} imports the other's CAR and gives every byte back")


def repos(cairn, kubo, trees):
    """A flatfs repo of ours opens in Kubo and the other way round: blocks, pins, config, keys; each one's gc keeps the other's pins."""
    tree = trees[0]
    for maker, other in ((cairn, kubo), (kubo, cairn)):
        repo = maker.init("shared", *(["flatfs"] if maker is cairn else []))
        root = maker.add(repo, tree)
        maker.run(repo, "key", "gen", "extra")
        keys = maker.run(repo, "key", "list", "-l")
        maker.run(repo, "config", "--json", "Experimental.FilestoreEnabled", "true")
        same(f"identity of {maker.name}'s repo", *[n.run(repo, "config", "Identity.PeerID") for n in (cairn, kubo)])
        if sorted(other.run(repo, "key", "list", "-l").splitlines()) != sorted(keys.splitlines()):
            raise AssertionError(f"{other.name} lists other keys than {maker.name}")
        pins = other.run(repo, "pin", "ls", "--type=recursive")
        if root not in pins:
            raise AssertionError(f"{other.name} does not see {maker.name}'s pin {root}: {pins[:200]}")
        second = other.add(repo, "--cid-version=1", tree)
        loose = other.add(repo, "--pin=false", "--raw-leaves", "--chunker=size-1000", here / "kubo.py")
        for collector in (other, maker):
            collector.run(repo, "repo", "gc", "-q")
            for node in (cairn, kubo):
                for kept in (root, second):
                    target = node.work / f"got-{maker.name}-{collector.name}-{node.name}-{kept[-8:]}"
                    node.run(repo, "get", "--progress=false", "-o", target, kept)
                    compare(tree, target)
                    shutil.rmtree(target)
        if cairn.run(repo, "--offline", "block", "stat", loose, check=False):
            raise AssertionError("what nobody pinned outlived gc")
        print(f"  good  {maker.name}'s repo: both read it, both gc it, nothing pinned is lost")


def convert(cairn, kubo, trees):
    """packs to flatfs and back; Kubo opens the flatfs form."""
    repo = cairn.init("convert")
    root = cairn.add(repo, trees[0])
    cairn.run(repo, "repo", "convert", "--to", "flatfs")
    target = kubo.work / "converted"
    kubo.run(repo, "get", "--progress=false", "-o", target, root)
    compare(trees[0], target)
    cairn.run(repo, "repo", "convert", "--to", "packs")
    back = cairn.work / "converted-back"
    cairn.run(repo, "get", "--progress=false", "-o", back, root)
    compare(trees[0], back)
    print("  good  packs to flatfs, read by Kubo, and back")


def main():
    if not args.kubo or not pathlib.Path(args.kubo).exists():
        print("SKIPPED, LOUDLY: no Kubo to compare with (conformance/peers/go/build DIR makes one; CAIRN_KUBO names it)")
        return 0
    seed = args.seed or str(random.SystemRandom().randrange(1 << 32))
    failures = 0
    with tempfile.TemporaryDirectory(prefix="kubo-interop-") as folder:
        work = pathlib.Path(folder)
        trees = []
        for name, one in (("fixed", "1"), ("fresh", seed)):
            tree = work / f"tree-{name}"
            subprocess.run([sys.executable, here.parent / "support/tree.py", "--seed", one, *(["--small"] if args.small else []), tree], check=True)
            trees.append(tree)
        print(f"fresh seed {seed}")
        cairn, kubo = Node("cairn", args.ours.resolve(), work), Node("kubo", args.kubo, work)
        for case in (roots, thresholds, cars, repos, convert):
            if args.only and case.__name__ not in args.only.split(","):
                continue
            print(f"{case.__name__}: {case.__doc__}")
            try:
                case(cairn, kubo, trees)
            except (AssertionError, ValueError) as problem:
                failures += 1
                print(f"  FAILED  {problem}", flush=True)
    print(f"{failures} failures (seed {seed})")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
