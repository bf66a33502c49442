#!/usr/bin/env python3
"""Capability 10, collections that lose nothing: row_10.py PATH-OF-CAIRN. With CAIRN_WHOLE=1 a million blocks are collected, else 50,000."""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import threading
import time

from harness import WORK, Api, Repo, check, finish, octets, same

WHOLE = os.environ.get("CAIRN_WHOLE") == "1"
slow = os.environ.get("CAIRN_SANITIZED") == "1"

# (2) what cannot be read, in files that can be damaged one by one
repo = Repo("faults", "flatfs")


def file_of(cid):
    """Kubo's file of a block: the multihash in base32, below the two letters before its last one."""
    encoded = repo.ok("cid", "format", "-v", "1", "-f", "%M", "-b", "base32upper", cid)
    name = encoded[1:] if encoded.startswith("B") else encoded
    return repo.path / "blocks" / name[-3:-1] / (name + ".data")


big = WORK / "big"
big.write_bytes(octets(1_000_000, "big"))
root = repo.ok("add", "-Q", "--raw-leaves", big)
leaves = repo.ok("refs", root).split()
garbage = repo.ok("add", "-Q", "--pin=false", "--raw-leaves", input="garbage one\n")
file = file_of(leaves[1])
check("Kubo's file of a leaf is there", file.exists(), file)
kept = file.read_bytes()
file.unlink()
gone = repo.ok("repo", "gc", "-q").split()
check("capability 10 (2) a raw leaf that is missing is no reason to stop", garbage in gone and not set(leaves) & set(gone), gone)
file.write_bytes(kept)
same("... and all else of it is there", repo.run("cat", root, text=False).stdout, big.read_bytes())

garbage = repo.ok("add", "-Q", "--pin=false", "--raw-leaves", input="garbage two\n")
file = file_of(root)
kept = file.read_bytes()
file.chmod(0o644)
file.write_bytes(bytes(len(kept)))
before = sorted(p for p in (repo.path / "blocks").rglob("*.data"))
done = repo.run("repo", "gc")
check("capability 10 (2) a root of zeros: it fails, names the root, and says that it was aborted",
      done.returncode == 1 and root in done.stdout + done.stderr and "aborted" in done.stderr, (done.returncode, done.stdout, done.stderr))
same("capability 10 (2) nothing was deleted", sorted(p for p in (repo.path / "blocks").rglob("*.data")), before)
check("capability 10 (2) verify names it", root in repo.run("repo", "verify").stdout + repo.run("repo", "verify").stderr or
      repo.run("repo", "verify").returncode == 1, repo.run("repo", "verify"))
repo.ok("pin", "rm", root)
gone = repo.ok("repo", "gc", "-q").split()
check("capability 10 (2) unpinned, it goes", not file.exists() and garbage in gone, gone)

# a folder that nothing can be removed from: the rest goes; root would not be stopped by its mode
one, two = (repo.ok("add", "-Q", "--pin=false", "--raw-leaves", input=f"garbage {n}\n") for n in (3, 4))
check("two folders", file_of(one).parent != file_of(two).parent)
folder = file_of(one).parent
repo.ok("pin", "ls")
stranger = {}
if os.geteuid() == 0:
    for path in [WORK, *WORK.rglob("*")]:
        os.chown(path, 65534, 65534, follow_symlinks=False)
    stranger = {"user": 65534}
folder.chmod(0o555)
done = repo.run("repo", "gc", "-q", **stranger)
check("capability 10 (2) what cannot be removed is reported, and the rest goes", done.returncode == 1 and one in done.stdout + done.stderr and
      file_of(one).exists() and not file_of(two).exists(), (done.returncode, done.stdout, done.stderr))
folder.chmod(0o755)
done = repo.run("repo", "gc", "-q", **stranger)
check("capability 10 (2) a second run is clean", done.returncode == 0 and not file_of(one).exists(), done)

# (3) four writers, and collections all the time
for profile in ("packs", "flatfs"):
    repo = Repo("busy-" + profile, *([profile] if profile == "flatfs" else []))
    repo.start("--offline")
    acknowledged, done = {}, threading.Event()

    def write(who, files):
        api = Api(repo.port)
        for n in range(files):
            data = f"file {n} of {who}".encode() * (1 + n % 40)
            answer = api.call("add?quieter=true&progress=false&pin=" + ("true" if n % 2 else "false"), data)
            cid = json.loads(answer.splitlines()[-1])["Hash"]
            if n % 2 == 0:  # pinned a step later, which may find it gone and say so
                try:
                    api.call("pin/add?arg=" + cid)
                except RuntimeError:
                    continue
            acknowledged[cid] = data

    writers = [threading.Thread(target=write, args=(who, 50 if slow else 500)) for who in range(4)]
    for w in writers:
        w.start()
    collections, collector = 0, Api(repo.port)
    while collections < (5 if slow else 50) or any(w.is_alive() for w in writers):
        collector.call("repo/gc")
        collections += 1
    for w in writers:
        w.join()
    collector.call("repo/gc")
    check(f"capability 10 (3) {profile}: {collections} collections, {len(acknowledged)} files acknowledged", len(acknowledged) >= (100 if slow else 1000), len(acknowledged))
    lost = [cid for cid, data in acknowledged.items() if collector.call("cat?arg=" + cid) != data]
    same(f"capability 10 (3) {profile}: every one reads back", lost, [])
    repo.stop()

# (4) many blocks, half of them garbage
repo = Repo("many")
repo.start("--offline")
api = Api(repo.port)
half = 5_000 if slow else 500_000 if WHOLE else 25_000
for at in range(0, half, 5_000):
    for kind, pin in (("live", "true"), ("dead", "false")):
        api.call(f"add?pin={pin}&raw-leaves=true&wrap-with-directory=true&quieter=true&progress=false", *[f"{kind} {n}".encode() for n in range(at, at + 5_000)])
pathlib.Path(f"/proc/{repo.node.pid}/clear_refs").write_text("5")
begin = time.monotonic()
removed = api.call("repo/gc?silent=false").count(b'"Key"')
seconds = time.monotonic() - begin
most = int(pathlib.Path(f"/proc/{repo.node.pid}/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
check(f"capability 10 (4) {2 * half} blocks: half of them went", removed >= half, removed)
if not slow:
    check("capability 10 (4) within a minute and 200 MiB", seconds < 60 and most < 200, (seconds, most))
print(f"repo gc: {removed} of {2 * half} blocks in {seconds:.2f} s, {most} MiB at most")
same("what is live is there", api.call("cat?arg=" + repo.ok("add", "-Q", "--only-hash", "--raw-leaves", "--cid-version=1", input="live 0")), b"live 0")
repo.stop()
finish()
