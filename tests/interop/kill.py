#!/usr/bin/env python3
"""kill -9 during add, again and again on the real disk: what was acknowledged is still there, the repo opens, verify is clean.

  kill.py --ours PATH [--rounds 200] [--profile flatfs] [--seed 1]

The moment of a kill is drawn: a count of bytes that the process has written, or a time. A round counts when the process died of it.
A line "added ..." acknowledges a file; the end of the command acknowledges all of them, and their pin."""
import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--ours", required=True, type=pathlib.Path)
options.add_argument("--rounds", type=int, default=200)
options.add_argument("--profile", default="")
options.add_argument("--seed", type=int, default=1)
args = options.parse_args()
binary = str(args.ours.resolve())
chance = random.Random(args.seed)


def run(repo, *command, **extra):
    return subprocess.run([binary, *map(str, command)], env=dict(os.environ, IPFS_PATH=str(repo)), capture_output=True, **extra)


def written_by(pid):
    """Bytes that a process handed to write calls, or nothing once it has gone."""
    try:
        with open(f"/proc/{pid}/io", "rb") as facts:
            return next(int(line.split()[1]) for line in facts if line.startswith(b"wchar"))
    except (OSError, StopIteration):
        return None


def add(repo, folder, moment):
    """Add a folder; `moment(pid, begin)` says whether the time has come. The lines that came, the exit code, seconds, bytes written."""
    env = dict(os.environ, IPFS_PATH=str(repo))
    begin = time.perf_counter()
    child = subprocess.Popen([binary, "add", "-r", "--progress=false", folder], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    lines, wrote = [], 0
    reader = threading.Thread(target=lambda: lines.extend(child.stdout.readlines()))
    reader.start()
    while child.poll() is None:
        wrote = written_by(child.pid) or wrote
        if moment(wrote, time.perf_counter() - begin):
            child.send_signal(signal.SIGKILL)
            break
        time.sleep(0.0002)
    child.wait()
    reader.join()
    return lines, child.returncode, time.perf_counter() - begin, wrote


def draw_files(folder):
    """Some 500 files of all sizes; long names, so that lines of the answer come early."""
    folder.mkdir()
    for i in range(500):
        size = chance.choice([0, 100, 100, 1_000, 5_000, 5_000, 20_000, 300_000] if i % 50 else [1_500_000, 6_000_000])
        (folder / f"{i:03}-{'a name that is long enough to fill the pipe ' * 4}").write_bytes(chance.randbytes(size))


with tempfile.TemporaryDirectory(prefix="kill-") as scratch:
    work = pathlib.Path(scratch)
    repo = work / "repo"
    made = run(repo, "init", "--empty-repo", *([f"--profile={args.profile}"] if args.profile else []))
    assert made.returncode == 0, made.stderr
    draw_files(work / "first")
    _, code, seconds, size = add(repo, work / "first", lambda wrote, spent: False)
    assert code == 0
    acknowledged, killed, turn, by_lines = {}, 0, 0, 0
    while killed < args.rounds:
        turn += 1
        assert turn < 3 * args.rounds + 10, f"only {killed} of {turn} rounds were killed"
        folder = work / f"files-{turn}"
        draw_files(folder)
        if chance.random() < 0.7:
            limit = chance.uniform(0, size)
            lines, code, _, _ = add(repo, folder, lambda wrote, spent: wrote >= limit)
        else:
            limit = chance.uniform(0, seconds)
            lines, code, _, _ = add(repo, folder, lambda wrote, spent: spent >= limit)
        killed += code == -signal.SIGKILL
        fresh = {}
        for line in lines:
            words = line.decode().rstrip("\n").split(" ", 2)
            if line.endswith(b"\n") and len(words) == 3 and words[0] == "added":
                path = work / words[2]
                if path.is_file():
                    fresh[words[1]] = path
        by_lines += len(fresh) if code else 0
        # the ones told last are the ones that a mistake would lose
        for root in list(fresh)[-3:]:
            got = run(repo, "cat", root)
            assert got.returncode == 0 and got.stdout == fresh[root].read_bytes(), f"round {turn}: {root} is lost: {got.stderr}"
        if code == 0:
            root = lines[-1].split()[1].decode()
            assert run(repo, "pin", "ls", "--type=recursive", root).returncode == 0, f"round {turn}: the pin of {root} is lost"
        acknowledged.update({root: path for root, path in fresh.items() if chance.random() < 0.05})
        for path in set(folder.iterdir()) - set(acknowledged.values()):
            path.unlink()
    for root, path in acknowledged.items():
        got = run(repo, "cat", root)
        assert got.returncode == 0 and got.stdout == path.read_bytes(), f"{root} is lost: {got.stderr}"
    verified = run(repo, "repo", "verify")
    assert verified.returncode == 0, verified.stdout[-500:] + verified.stderr[-500:]
    print(f"{killed} killed of {turn} rounds, {by_lines} files acknowledged by those, {len(acknowledged)} read again at the end, none lost")
