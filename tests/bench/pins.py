#!/usr/bin/env python3
"""What one `pin add` over the API costs as pins grow in number, and one collection while blocks are put.

  pins.py PROGRAM [--pins 100000] [--gc 0] [--profile PROFILES]

Each pin is of an own small block. Prints the mean of the first thousand and of the last thousand, and their ratio. With --gc N, puts
2 N small blocks, pins half of them by one root, and collects while blocks go on being put: time, memory, the longest that a put waited."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from api import Api  # noqa: E402

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("program", type=pathlib.Path)
options.add_argument("--pins", type=int, default=100000)
options.add_argument("--gc", type=int, default=0)
options.add_argument("--profile", default="test")
args = options.parse_args()


def resident(pid, what="VmRSS"):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    return 0


with tempfile.TemporaryDirectory(prefix="pins-") as work:
    env = dict(os.environ, IPFS_PATH=f"{work}/r")
    run = lambda *c: subprocess.run([str(args.program), *c], env=env, check=True, capture_output=True)
    run("init", "--empty-repo", f"--profile={args.profile}")
    for key, value in (("Addresses.API", '"/ip4/127.0.0.1/tcp/0"'), ("Addresses.Gateway", '"/ip4/127.0.0.1/tcp/0"'), ("AutoConf.Enabled", "false"), ("Bootstrap", "[]")):
        run("config", "--json", key, value)
    daemon = subprocess.Popen([str(args.program), "daemon", "--offline"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for line in daemon.stdout:
            if "Daemon is ready" in line:
                break
        threading.Thread(target=daemon.stdout.read, daemon=True).start()
        port = int((pathlib.Path(work) / "r/api").read_text().rsplit("/", 1)[1])
        api = Api(port)
        times, keys = [], []
        for n in range(args.pins):
            key = json.loads(api.call("block/put?cid-codec=raw", f"block {n}".encode()))["Key"]
            keys.append(key)
            begin = time.perf_counter()
            api.call(f"pin/add?arg={key}")
            times.append(time.perf_counter() - begin)
        if times:
            part = min(1000, len(times))
            first, last = sum(times[:part]) / part, sum(times[-part:]) / part
            print(f"pin add: first {part}: {first * 1e3:.3f} ms, last {part} of {len(times)}: {last * 1e3:.3f} ms, ratio {last / first:.2f}; daemon {resident(daemon.pid):.0f} MiB")
            begin = time.perf_counter()
            listed = len(api.call("pin/ls?type=recursive&stream=true").splitlines())
            print(f"pin ls --stream: {listed} pins in {time.perf_counter() - begin:.2f} s; daemon {resident(daemon.pid):.0f} MiB")
            # the defect of 2016: many pins, and a collection that takes what they keep
            put = lambda n: json.loads(api.call("block/put?cid-codec=raw", n))["Key"]
            garbage = put(b"kept by no pin")
            gone = {json.loads(line)["Key"]["/"] for line in api.call("repo/gc").splitlines()}
            assert garbage in gone and len(gone) == 1, f"{len(gone)} blocks went"
            for n, key in enumerate(keys):
                assert api.call(f"block/get?arg={key}") == f"block {n}".encode()
        if args.gc:
            # 10,000 files an upload; the live ones below folders that are pinned, the dead ones below none
            for at in range(0, args.gc, 10000):
                count = min(10000, args.gc - at)
                for kind, pin in (("live", "true"), ("dead", "false")):
                    api.call(f"add?pin={pin}&raw-leaves=true&wrap-with-directory=true&quieter=true&progress=false", *[f"{kind} {n}".encode() for n in range(at, at + count)])
            waits, done = [], threading.Event()

            def put():
                other = Api(port)
                n = 0
                while not done.is_set():
                    begin = time.perf_counter()
                    other.call("block/put?cid-codec=raw", f"meanwhile {n}".encode())
                    waits.append(time.perf_counter() - begin)
                    n += 1

            writer = threading.Thread(target=put)
            writer.start()
            before = resident(daemon.pid)
            pathlib.Path(f"/proc/{daemon.pid}/clear_refs").write_text("5")  # the most from here on
            begin = time.perf_counter()
            # read by another process: a long answer would hold up the one that measures
            removed = int(subprocess.run(f"curl -sS -X POST http://127.0.0.1:{port}/api/v0/repo/gc | wc -l", shell=True, check=True, capture_output=True).stdout)
            took = time.perf_counter() - begin
            done.set()
            writer.join()
            waits.sort()
            print(f"repo gc: {removed} blocks in {took:.2f} s; {len(waits)} puts meanwhile, 99.9 % within {waits[len(waits) * 999 // 1000] * 1e3:.1f} ms, the longest "
                  f"{waits[-1] * 1e3:.1f} ms; daemon {before:.0f} MiB before, {resident(daemon.pid, 'VmHWM'):.0f} MiB at most")
    finally:
        daemon.terminate()
        daemon.wait()
