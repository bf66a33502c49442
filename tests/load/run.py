#!/usr/bin/env python3
"""A daemon under load for a while: writers, readers on the gateway, a collection each minute, and kill -9 now and then.

The kills fall into the first three quarters of the time; in the last one a daemon lives on, and must grow neither in memory nor in
descriptors. At the end every CID that was acknowledged is read back and compared.

usage: run.py --cairn PROGRAM [--seconds 3600] [--kills 200] [--writers 2] [--pause 0] [--profile flatfs] [--keep]
       --pause S leaves writers S seconds between two adds, and wrk ten times that between its runs
       wrk (Debian's package) adds readers where it is installed
"""
import argparse
import http.client
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("--cairn", required=True)
parser.add_argument("--seconds", type=float, default=3600)
parser.add_argument("--kills", type=int, default=200)
parser.add_argument("--writers", type=int, default=2)
parser.add_argument("--pause", type=float, default=0)
parser.add_argument("--profile", default="")
parser.add_argument("--seed", type=int, default=int(time.time()))
parser.add_argument("--keep", action="store_true")
args = parser.parse_args()

folder = pathlib.Path(tempfile.mkdtemp(prefix="cairn-load."))
environment = {**os.environ, "IPFS_PATH": str(folder / "repo")}
dice = random.Random(args.seed)
print(f"seed {args.seed}, folder {folder}", flush=True)


def cairn(*words):
    return subprocess.run([args.cairn, *words], env=environment, check=True, capture_output=True, text=True).stdout


class node:
    """The daemon, started again after each kill."""

    def __init__(self):
        self.lock = threading.Lock()
        self.log = open(folder / "daemon.log", "a")
        self.starts = []
        self.start()

    def start(self):
        begin = time.monotonic()
        self.process = subprocess.Popen([args.cairn, "daemon", "--offline", "--enable-gc"], env=environment, stdout=subprocess.PIPE, stderr=self.log, text=True)
        for line in self.process.stdout:
            self.log.write(line)
            if "Daemon is ready" in line:
                break
        else:
            sys.exit(f"the daemon did not start; see {folder}/daemon.log")
        self.starts.append(time.monotonic() - begin)
        self.api_port = int((folder / "repo" / "api").read_text().rsplit("/", 1)[1])
        self.gateway_port = int((folder / "repo" / "gateway").read_text().rsplit(":", 1)[1])
        threading.Thread(target=lambda out: [None for _ in out], args=(self.process.stdout,), daemon=True).start()

    def kill(self):
        with self.lock:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.start()

    def figures(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        rss = int(status.split("VmRSS:")[1].split()[0])
        return rss // 1024, len(os.listdir(f"/proc/{self.process.pid}/fd"))


def post(command, body=None, headers=None, timeout=60):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.api_port, timeout=timeout)
    try:
        connection.request("POST", f"/api/v0/{command}", body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def get(path):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.gateway_port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


cairn("init", *(["--profile=" + args.profile] if args.profile else []))
cairn("config", "Addresses.API", "/ip4/127.0.0.1/tcp/0")
cairn("config", "Addresses.Gateway", "/ip4/127.0.0.1/tcp/0")
daemon = node()

acknowledged = {}  # CID -> (seed, size)
unpinned = set()
guard = threading.Lock()
stop = threading.Event()
counts = {"adds": 0, "unpins": 0, "reads": 0, "collections": 0, "kills": 0, "refused": 0}
wrong = []


def content(seed, size):
    return random.Random(seed).randbytes(size)


def writer(number):
    rng = random.Random(args.seed * 1000 + number)
    while not stop.is_set():
        seed, size = rng.getrandbits(48), rng.choice([20, 4096, 100_000, 300_000, 3_000_000])
        boundary = f"b{seed:x}"
        body = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode()
                + content(seed, size) + f"\r\n--{boundary}--\r\n".encode())
        try:
            status, answer = post("add?quiet=true&progress=false", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
            if status != 200 or b'"Hash":"' not in answer:
                counts["refused"] += 1
                continue
            cid = answer.split(b'"Hash":"')[1].split(b'"')[0].decode()
            with guard:
                acknowledged[cid] = (seed, size)
                counts["adds"] += 1
            if rng.random() < 0.5:  # garbage for the collections
                with guard:
                    unpinned.add(cid)
                if post(f"pin/rm?arg={cid}")[0] == 200:
                    counts["unpins"] += 1
            stop.wait(args.pause)
        except (OSError, http.client.HTTPException):
            counts["refused"] += 1
            stop.wait(0.05)


def reader():
    rng = random.Random(args.seed + 7)
    while not stop.is_set():
        with guard:
            kept = [c for c in acknowledged if c not in unpinned][-200:]
        if not kept:
            stop.wait(0.05)
            continue
        cid = rng.choice(kept)
        try:
            status, data = post(f"cat?arg={cid}") if rng.random() < 0.5 else get(f"/ipfs/{cid}")
            if status != 200 or data != content(*acknowledged[cid]):
                wrong.append(f"{cid} read while running: status {status}, {len(data)} bytes")
            counts["reads"] += 1
            stop.wait(args.pause / 4)
        except (OSError, http.client.HTTPException):
            stop.wait(0.05)


def collector():
    while not stop.wait(min(60, args.seconds / 10)):
        try:
            if post("repo/gc?silent=true", timeout=300)[0] == 200:
                counts["collections"] += 1
        except (OSError, http.client.HTTPException):
            pass


threads = [threading.Thread(target=writer, args=(i,)) for i in range(args.writers)] + [threading.Thread(target=reader), threading.Thread(target=collector)]
for t in threads:
    t.start()
wrk = shutil.which("wrk")
load = None
started, kill_times = time.monotonic(), sorted(dice.uniform(0, args.seconds * 3 / 4) for _ in range(args.kills))
figures, rest_until = [], 0.0
while (now := time.monotonic() - started) < args.seconds:
    if load is not None and load.poll() is not None:
        load, rest_until = None, now + 10 * args.pause
    if wrk and load is None and now >= rest_until:
        with guard:
            kept = [c for c in acknowledged if c not in unpinned]
        if kept:
            load = subprocess.Popen([wrk, "-t1", "-c8", "-d5", f"http://127.0.0.1:{daemon.gateway_port}/ipfs/{kept[0]}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if kill_times and now > kill_times[0]:
        kill_times.pop(0)
        daemon.kill()
        counts["kills"] += 1
    else:
        if daemon.process.poll() is not None:
            sys.exit(f"the daemon ended by itself with {daemon.process.returncode}; see {folder}/daemon.log")
        figures.append((now, *daemon.figures()))
    time.sleep(min(0.2, args.seconds / 100))
stop.set()
for t in threads:
    t.join()
if load:
    load.wait()
rss, descriptors = daemon.figures()

lost = 0
kept = [c for c in acknowledged if c not in unpinned]
for cid in kept:
    status, data = post(f"cat?arg={cid}")
    if status != 200 or data != content(*acknowledged[cid]):
        lost += 1
        wrong.append(f"{cid} lost: status {status}, {len(data)} bytes")
daemon.process.send_signal(signal.SIGTERM)
code = daemon.process.wait(timeout=60)
verify = subprocess.run([args.cairn, "repo", "verify"], env=environment, capture_output=True, text=True)
# one daemon from the last kill on: what it takes in the first half of that time and in the second
life = [f for f in figures if f[0] > args.seconds * 3 / 4 + 1]
halves = [sorted(part) for part in ([f[n] for f in half] for n in (1, 2) for half in (life[: len(life) // 2], life[len(life) // 2:]))]
early_rss, late_rss, early_fds, late_fds = (h[len(h) // 2] if h else 0 for h in halves)
if late_rss > early_rss * 1.25 + 8:
    wrong.append(f"memory grew from {early_rss} to {late_rss} MiB in the last quarter")
if late_fds > early_fds + 16:
    wrong.append(f"descriptors grew from {early_fds} to {late_fds} in the last quarter")
ordered = sorted(f[1] for f in figures)
print(f"{counts}; {len(kept)} acknowledged and kept, {lost} lost; memory median {ordered[len(ordered) // 2]} most {ordered[-1]} last {rss} MiB, {early_rss} then {late_rss} in the last quarter; descriptors {early_fds} then {late_fds}, last {descriptors}; "
      f"start median {sorted(daemon.starts)[len(daemon.starts) // 2] * 1000:.0f} ms; stopped with {code}; verify {verify.returncode}")
for line in wrong[:20]:
    print(line)
if verify.returncode:
    print(verify.stdout[-500:], verify.stderr[-500:])
ok = not wrong and code == 0 and verify.returncode == 0 and counts["adds"] and counts["reads"] and counts["kills"] == args.kills
if not args.keep and ok:
    shutil.rmtree(folder)
print("passed" if ok else "FAILED")
sys.exit(0 if ok else 1)
