#!/usr/bin/env python3
"""StorageMax, its watermark and the period of collections, with a real daemon: bytes on the disk count.

usage: limits.py --cairn PROGRAM [--profile flatfs]
"""
import argparse
import json
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import time

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--cairn", required=True, type=pathlib.Path)
options.add_argument("--profile", default="")
args = options.parse_args()
PROGRAM = str(args.cairn.resolve())
MB = 1_000_000


def on_disk(folder):
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


with tempfile.TemporaryDirectory(prefix="cairn-limits-") as work:
    repo = pathlib.Path(work) / "repo"
    env = dict(os.environ, IPFS_PATH=str(repo))

    def cairn(*words, data=None, code=0):
        done = subprocess.run([PROGRAM, *words], env=env, input=data, capture_output=True)
        assert done.returncode == code, f"{words}: {done.returncode} {done.stderr.decode()}"
        return done.stdout.decode()

    def add(seed, size, pin):
        return cairn("add", "-Q", f"--pin={'true' if pin else 'false'}", data=random.Random(seed).randbytes(size)).strip()

    def daemon(*words):
        started = subprocess.Popen([PROGRAM, "daemon", "--offline", *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in started.stdout:
            if "Daemon is ready" in line:
                return started
        raise SystemExit("the daemon did not start")

    def here(cid):
        return subprocess.run([PROGRAM, "block", "stat", "--offline", cid], env=env, capture_output=True).returncode == 0

    cairn("init", "--empty-repo", *([f"--profile={args.profile}"] if args.profile else []))
    for key in ("Addresses.API", "Addresses.Gateway"):
        cairn("config", key, "/ip4/127.0.0.1/tcp/0")
    cairn("config", "Datastore.StorageMax", "60MB")
    cairn("config", "--json", "Datastore.StorageGCWatermark", "50")
    cairn("config", "Datastore.GCPeriod", "300ms")
    node = daemon("--enable-gc")
    kept = [add(1, 5 * MB, True)]
    early = add(2, 10 * MB, False)
    time.sleep(2)  # six periods below the watermark: nothing is collected
    assert here(early), "a collection ran below the watermark"
    late = [add(seed, 5 * MB, False) for seed in range(10, 15)]
    kept.append(add(3, 2 * MB, True))
    limit = time.monotonic() + 30
    while here(early) or on_disk(repo / "blocks") > 30 * MB:
        assert time.monotonic() < limit, f"{on_disk(repo / 'blocks')} bytes after 30 s, early block {'here' if here(early) else 'gone'}"
        time.sleep(0.1)
    facts = json.loads(cairn("repo", "stat", "--encoding=json", "--size-only"))
    assert facts["StorageMax"] == 60 * MB, facts
    blocks = on_disk(repo / "blocks")
    assert blocks <= facts["RepoSize"] <= on_disk(repo) + MB, (blocks, facts, on_disk(repo))
    for cid in kept:
        assert here(cid), f"{cid} was pinned"
    node.send_signal(signal.SIGTERM)
    assert node.wait(timeout=30) == 0
    gone = sum(not here(cid) for cid in late)
    print(f"  watermark: {gone + 1} of {len(late) + 1} went, {blocks // MB} MB of blocks are left of 60 MB at 50 %")

    # a period of 0, or no --enable-gc: nothing is collected
    for period, words in (("0", ["--enable-gc"]), ("300ms", [])):
        cairn("config", "Datastore.GCPeriod", period)
        node = daemon(*words)
        waste = [add(100 + seed, 10 * MB, False) for seed in range(4)]
        time.sleep(2)
        assert all(here(cid) for cid in waste), f"a collection ran with a period of {period} and {words}"
        cairn("repo", "gc", "-q")
        assert not any(here(cid) for cid in waste)
        node.send_signal(signal.SIGTERM)
        assert node.wait(timeout=30) == 0
    print("passed")
