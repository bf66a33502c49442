#!/usr/bin/env python3
"""Capability 7, metrics: row_7.py PATH-OF-CAIRN. The text is checked by promtool where there is one (Debian's prometheus)."""
import base64
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

from harness import CAIRN, WORK, Repo, check, finish, same

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# (1) what counts nothing costs nothing
compiler = os.environ.get("CXX", "clang++-19")
if shutil.which(compiler) and shutil.which("objdump"):
    unit = WORK / "put.o"
    done = subprocess.run([compiler, "-std=c++23", "-O2", f"-I{ROOT / 'include'}", "-c", HERE / "row_7.cpp", "-o", unit], capture_output=True, text=True)
    if check("capability 7 (1) the unit compiles", done.returncode == 0, done.stderr):
        code = subprocess.run(["objdump", "-d", "--no-show-raw-insn", unit], capture_output=True, text=True, check=True).stdout
        count = {name: len(body.strip().split("\n")) for name, body in re.findall(r"<(\w+_put)>:\n((?:.+\n)+)", code)}
        same("capability 7 (1) the instrumented put has the instructions of the bare one", count["instrumented_put"], count["bare_put"])
        check("capability 7 (1) and one that counts has more: the comparison can fail", count["live_put"] > count["bare_put"], count)
else:
    print(f"SKIPPED: no {compiler} or no objdump to count instructions with")

# (2) the numbers are those of what happened
repo = Repo("metrics", "flatfs-measure")
repo.start("--offline")


def scrape():
    status, fields, text = repo.ask("/debug/metrics/prometheus", method="GET")
    same("the metrics are there", (status, fields["Content-Type"].split(";")[0]), (200, "text/plain"))
    text = text.decode()
    return text, {name: float(value) for name, value in re.findall(r"^(\w+(?:\{[^}]*\})?) (\S+)$", text, re.M)}


def grown(before, after, name):
    return after.get(name, 0) - before.get(name, 0)


first, zero = scrape()
blocks = [repo.ok("block", "put", input=f"block {n}\n") for n in range(3)]
for cid in blocks[:2]:
    repo.ok("block", "get", cid)
digest = bytes([0x12, 0x20]) + hashlib.sha256(b"block 2\n").digest()
key = base64.b32encode(digest).decode().rstrip("=")
file = repo.path / "blocks" / key[-3:-1] / (key + ".data")
check("the third block is a file", file.is_file(), file)
file.unlink()
file.symlink_to(file.name)  # to itself: opening it fails
broken = repo.run("block", "get", blocks[2])
same("capability 7 (2) a block that cannot be read is an error", broken.returncode, 1)
text, after = scrape()
for scope in ("flatfs_datastore", "ipfs_fsrepo_datastore"):
    same(f"capability 7 (2) {scope}_put_total: three puts", grown(zero, after, scope + "_put_total"), 3)
    same(f"capability 7 (2) {scope}_get_total: two gets and the one that failed", grown(zero, after, scope + "_get_total"), 3)
    same(f"capability 7 (2) {scope}_get_errors_total: one", grown(zero, after, scope + "_get_errors_total"), 1)
    same(f"capability 7 (2) {scope}_put_size_bytes counts octets", grown(zero, after, scope + "_put_size_bytes_sum"), 24)
repo.ok("block", "get", blocks[0])
_, later = scrape()
counters = set(re.findall(r"^# TYPE (\w+) counter$", text, re.M))
check("capability 7 (2) no counter goes back", counters and all(later[n] >= after[n] >= zero.get(n, 0) for n in counters), counters)
if shutil.which("promtool"):
    verdict = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    # names are Kubo's, also where promtool would name them otherwise
    complaints = [l for l in (verdict.stdout + verdict.stderr).split("\n") if l and 'counter metrics should have "_total" suffix' not in l]
    same("capability 7 (2) promtool finds nothing", complaints, [])
else:
    print("SKIPPED: no promtool (Debian's prometheus): THE TEXT WAS NOT CHECKED")

# (3) the names are under review
names = sorted({f"{n} {t}" for n, t in re.findall(r"^# TYPE (\w+) (\w+)$", text, re.M)})
golden = (HERE / "metric_names.txt").read_text().split("\n")
same("capability 7 (3) the names are those of metric_names.txt", names, [g for g in golden if g and not g.startswith("#")])
for name in ("ipfs_info gauge", "ipfs_fsrepo_datastore_get_total counter", "ipfs_fsrepo_datastore_get_latency_seconds histogram", "flatfs_datastore_put_size_bytes histogram"):
    check(f"capability 7 (3) Kubo's boards find {name}", name in names)
repo.stop()

# (4) who shows metrics is known above the libraries only
seen = [str(f.relative_to(ROOT)) for f in (ROOT / "include").rglob("*.[hi]pp") if re.search(r"#\s*include\s*<[^>]*metrics_text", f.read_text())]
same("capability 7 (4) the text of Prometheus is known to the service alone", [f for f in seen if not f.startswith("include/cairn/service/") and f != "include/cairn/service.hpp"], [])
finish()
