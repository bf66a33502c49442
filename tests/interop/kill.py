#!/usr/bin/env python3
"""kill -9 during add, again and again on the real disk: what was acknowledged is still there, the repo opens, verify is clean.

  kill.py --ours PATH [--rounds 200] [--profile flatfs]"""
import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile

options = argparse.ArgumentParser(description=__doc__)
options.add_argument("--ours", required=True, type=pathlib.Path)
options.add_argument("--rounds", type=int, default=200)
options.add_argument("--profile", default="")
options.add_argument("--seed", type=int, default=1)
args = options.parse_args()
binary = str(args.ours.resolve())
chance = random.Random(args.seed)


def run(repo, *command, **extra):
    return subprocess.run([binary, *map(str, command)], env=dict(os.environ, IPFS_PATH=str(repo)), capture_output=True, **extra)


with tempfile.TemporaryDirectory(prefix="kill-") as folder:
    work = pathlib.Path(folder)
    repo = work / "repo"
    made = run(repo, "init", "--empty-repo", *([f"--profile={args.profile}"] if args.profile else []))
    assert made.returncode == 0, made.stderr
    acknowledged, killed = {}, 0
    for turn in range(args.rounds):
        files = work / f"files-{turn}"
        files.mkdir()
        for i in range(80):
            (files / f"{i:03}").write_bytes(chance.randbytes(chance.choice([0, 100, 5_000, 300_000, 1_500_000])))
        env = dict(os.environ, IPFS_PATH=str(repo))
        child = subprocess.Popen([binary, "add", "--progress=false", *sorted(files.iterdir())], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        # the moment is drawn from how many files were acknowledged, and then some bytes of the next
        after, lines = chance.randrange(0, 70), []
        for _ in range(after):
            line = child.stdout.readline()
            if not line:
                break
            lines.append(line)
        if chance.random() < 0.5:
            for _ in range(chance.randrange(200_000)):
                pass
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.readlines()
        child.wait()
        killed += child.returncode == -9
        for line in lines:
            words = line.decode().split()
            if line.endswith(b"\n") and len(words) == 3 and words[0] == "added":
                acknowledged[words[1]] = files / words[2]
        for root in list(acknowledged)[-3:]:
            got = run(repo, "cat", root)
            assert got.returncode == 0 and got.stdout == acknowledged[root].read_bytes(), f"round {turn}: {root} is lost: {got.stderr}"
    for root, path in acknowledged.items():
        got = run(repo, "cat", root)
        assert got.returncode == 0 and got.stdout == path.read_bytes(), f"{root} is lost: {got.stderr}"
    verified = run(repo, "repo", "verify")
    assert verified.returncode == 0, verified.stdout[-500:] + verified.stderr[-500:]
    print(f"{args.rounds} rounds, {killed} killed, {len(acknowledged)} acknowledged files, none lost")
    sys.exit(0 if killed > 0 else 1)
