#!/usr/bin/env python3
"""Capability 6, listing what is stored: row_6.py PATH-OF-CAIRN. The times and allocations are bench_allkeys'; here the program lists 100,000 blocks
among foreign files. In packs too, where the list comes from the index."""
import os
import pathlib
import subprocess
import time

from harness import CAIRN, WORK, Repo, check, finish, octets, same

COUNT = 100_000
# as many pieces of 1000 octets, each once
content = WORK / "content"
content.write_bytes(b"".join(b"%-1000d" % n for n in range(COUNT)))
for engine in ("flatfs", "default"):
    repo = Repo("keys-" + engine, *([engine] if engine == "flatfs" else []))
    before = len(repo.ok("refs", "local").splitlines())
    repo.ok("add", "-Q", "--raw-leaves", "--chunker=size-1000", "--pin=false", content)
    inner = 575 + 4 + 1  # of a balanced tree with 174 links a node over 100,000 leaves
    if engine == "flatfs":
        shard = next(f for f in (repo.path / "blocks").iterdir() if f.is_dir())
        for name in ("notes.txt", "CIQ.data.tmp", ".data", "put-123456", "CIQAAAA.data", "x" * 200 + ".data"):
            (shard / name).write_text("not a block")
        (shard / "folder.data").mkdir()
        (repo.path / "blocks" / "elsewhere").mkdir()
        (repo.path / "blocks" / "elsewhere" / "CIQ.data").write_text("x")
        (shard / "broken.data").symlink_to("nowhere")
    begin = time.monotonic()
    lines = subprocess.run([CAIRN, "refs", "local"], env=repo.env, capture_output=True, text=True, check=True).stdout.splitlines()
    took = time.monotonic() - begin
    print(f"{engine}: {len(lines)} blocks listed in {took * 1000:.0f} ms by the whole program")
    same(f"capability 6 (3) {engine}: refs local lists what was stored, and no foreign file", len(lines) - before, COUNT + inner)
    same(f"{engine}: each once", len(set(lines)), len(lines))
    same(f"{engine}: repo stat counts the same", f"{len(lines)}" in repo.ok("repo", "stat"), True)
    if not os.environ.get("CAIRN_SANITIZED"):
        check(f"{engine}: in less than two seconds", took < 2, took)

bench = pathlib.Path(CAIRN).parents[1] / "tests/bench/bench_allkeys"
if os.access(bench, os.X_OK) and not os.environ.get("CAIRN_SANITIZED"):
    done = subprocess.run([bench, WORK / "keys"], capture_output=True, text=True)
    print(done.stdout, end="")
    same("capability 6 (1) 100,000 keys within 206 ms, and no allocation for any", "206 ms" in done.stdout or "FAILED: one" in done.stdout, False)
    same("capability 6 (2) through five layers at most 1.2 times as long, and no allocation either", done.returncode, 0)
else:
    print(f"SKIPPED: {bench} was not built (or is slowed by a sanitizer): NOTHING WAS MEASURED")
finish()
