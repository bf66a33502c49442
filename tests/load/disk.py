#!/usr/bin/env python3
"""A full disk during add and during a collection, and a damaged LevelDB: said, nothing lost, `repo verify` names it.

usage: disk.py --cairn PROGRAM [--profile flatfs]
       The full disk is a small tmpfs, which only root can mount; elsewhere that part is skipped, loudly.
"""
import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--cairn", required=True, type=pathlib.Path)
options.add_argument("--profile", default="")
args = options.parse_args()
PROGRAM = str(args.cairn.resolve())
MiB = 1 << 20


def content(seed, size=20 * MiB):
    return random.Random(seed).randbytes(size)


class Node:
    def __init__(self, repo):
        self.repo = repo
        self.env = dict(os.environ, IPFS_PATH=str(repo))
        self("init", "--empty-repo", *([f"--profile={args.profile}"] if args.profile else []))
        for key in ("Addresses.API", "Addresses.Gateway"):
            self("config", key, "/ip4/127.0.0.1/tcp/0")

    def run(self, *words, data=None):
        return subprocess.run([PROGRAM, *words], env=self.env, input=data, capture_output=True)

    def __call__(self, *words, data=None):
        done = self.run(*words, data=data)
        assert done.returncode == 0, f"{words}: {done.stderr.decode()}"
        return done.stdout

    def start(self):
        self.daemon = subprocess.Popen([PROGRAM, "daemon", "--offline"], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.daemon.stdout:
            if "Daemon is ready" in line:
                return
        raise SystemExit("the daemon did not start")

    def stop(self):
        self.daemon.send_signal(signal.SIGTERM)
        assert self.daemon.wait(timeout=60) == 0


def check_all(node, kept):
    for cid, seed in kept.items():
        assert node("cat", cid) == content(seed), f"{cid} is lost"
    node("repo", "verify")


def full_disk(folder, with_daemon):
    """Adds until the disk is full; a collection then makes room, and adds go on."""
    node = Node(folder / "repo")
    if with_daemon:
        node.start()
    kept, seed = {}, 0
    while True:
        done = node.run("add", "-Q", data=content(seed))
        if done.returncode:
            break
        kept[done.stdout.decode().strip()] = seed
        seed += 1
        assert seed < 200, "the disk never became full"
    said = done.stderr.decode()
    assert "no space left" in said.lower(), said
    refused = seed
    check_all(node, kept)
    # a collection runs all the same: what the refused add left is garbage, and goes
    node("repo", "gc", "-q")
    check_all(node, kept)
    going = list(kept)[::2]
    for cid in going:
        node("pin", "rm", cid)
        del kept[cid]
    node("repo", "gc", "-q")
    check_all(node, kept)
    for cid in going:
        assert node.run("block", "stat", "--offline", cid).returncode == 1, f"{cid} was not collected"
    kept[node("add", "-Q", data=content(refused)).decode().strip()] = refused
    check_all(node, kept)
    if with_daemon:
        node.stop()
        check_all(node, kept)
    print(f"  full disk, {'a daemon' if with_daemon else 'offline'}: refused after {refused} adds of 20 MiB ({said.strip()[-80:]}); {len(going)} collected, {len(kept)} read back", flush=True)


def damage(folder, name):
    """Turn bits in the middle of each table and log of a LevelDB; what they were."""
    before = {}
    for file in (folder / name).iterdir():
        data = file.read_bytes()
        if file.suffix in (".ldb", ".sst", ".log") and len(data) > 64:
            before[file] = data
            middle = len(data) // 2
            file.write_bytes(data[:middle] + bytes(b ^ 0x5A for b in data[middle:middle + 32]) + data[middle + 32:])
    assert before, f"{name} has no file to damage"
    return before


def damaged_metadata(folder):
    """LevelDB of pins and files is damaged: said, and left as it is, so that what is whole of it can be saved."""
    node = Node(folder / "repo")
    kept = {node("add", "-Q", data=content(seed, 1000)).decode().strip(): seed for seed in range(300)}
    before = damage(folder / "repo", "datastore")
    damaged = {file: file.read_bytes() for file in before}
    verify = node.run("repo", "verify")
    said = (verify.stdout + verify.stderr).decode()
    assert verify.returncode != 0 and "datastore" in said and "orrupt" in said, said
    listed = node.run("pin", "ls", "--type=recursive", "-q")
    assert listed.returncode != 0 and b"datastore" in listed.stderr, listed.stderr
    collected = node.run("repo", "gc")
    assert collected.returncode != 0, "a collection ran without knowing the pins"
    for file, data in damaged.items():
        assert file.exists() and file.read_bytes()[: len(data)] == data, f"{file.name} was changed"
    for file, data in before.items():
        file.write_bytes(data)
    assert set(node("pin", "ls", "--type=recursive", "-q").decode().split()) >= set(kept)
    node("repo", "verify")
    for cid, seed in kept.items():
        assert node("cat", cid) == content(seed, 1000)
        break
    print(f"  damaged LevelDB of the metadata: {said.strip().splitlines()[0][:150]}", flush=True)


def damaged_index(folder):
    """The index of packs is derived: it is made again, or verify says how."""
    node = Node(folder / "repo")
    kept = {node("add", "-Q", data=content(seed, 100_000)).decode().strip(): seed for seed in range(200)}
    damage(folder / "repo", "index")
    verify = node.run("repo", "verify")
    if verify.returncode:
        said = (verify.stdout + verify.stderr).decode()
        assert "index" in said, said
        node("repo", "verify", "--rebuild")
    node("repo", "verify")
    for cid, seed in kept.items():
        assert node("cat", cid) == content(seed, 100_000), f"{cid} is lost"
    print(f"  damaged LevelDB of the index: {'named, and made again' if verify.returncode else 'made again'}; {len(kept)} files read back", flush=True)


def in_folder(case, *more):
    with tempfile.TemporaryDirectory(prefix="cairn-disk-") as folder:
        case(pathlib.Path(folder), *more)


def on_small_disk(case, *more):
    with tempfile.TemporaryDirectory(prefix="cairn-disk-") as folder:
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900m", "tmpfs", folder], capture_output=True).returncode:
            print("SKIPPED: no small disk can be mounted here")
            return
        try:
            case(pathlib.Path(folder), *more)
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


on_small_disk(full_disk, False)
on_small_disk(full_disk, True)
in_folder(damaged_metadata)
if not args.profile:
    in_folder(damaged_index)
print("passed")
