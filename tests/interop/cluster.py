#!/usr/bin/env python3
"""A node under ipfs-cluster 1.1.6: its connector pins, asks, and unpins through the node's API.

usage: cluster.py --programs DIR --api PORT --cid CID     DIR holds ipfs-cluster-service and ipfs-cluster-ctl; the node listens on 127.0.0.1:PORT
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("--programs", required=True)
parser.add_argument("--api", type=int, required=True)
parser.add_argument("--cid", required=True, help="a CID that the node holds and does not pin")
parser.add_argument("--port", type=int, default=49094, help="the cluster's own ports: this one and the two above")
args = parser.parse_args()

service, control = (str(pathlib.Path(args.programs) / f"ipfs-cluster-{name}") for name in ("service", "ctl"))
if not os.access(service, os.X_OK) or not os.access(control, os.X_OK):
    print(f"SKIPPED: no ipfs-cluster in {args.programs}")
    sys.exit(77)

failed = 0


def check(what, is_so, seen=""):
    global failed
    if not is_so:
        failed += 1
    print(f"{'ok' if is_so else 'FAILED'}: {what}{'' if is_so else f' ({seen})'}", flush=True)


def rpc(command):
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{args.api}/api/v0/{command}", method="POST"), timeout=30) as answer:
        return answer.read().decode()


with tempfile.TemporaryDirectory(prefix="cairn-cluster.") as folder:
    environment = {**os.environ, "IPFS_CLUSTER_PATH": folder, "CLUSTER_IPFSHTTP_NODEMULTIADDRESS": f"/ip4/127.0.0.1/tcp/{args.api}",
                   "CLUSTER_RESTAPI_HTTPLISTENMULTIADDRESS": f"/ip4/127.0.0.1/tcp/{args.port}", "CLUSTER_LISTENMULTIADDRESS": f"/ip4/127.0.0.1/tcp/{args.port + 1}",
                   "CLUSTER_IPFSPROXY_LISTENMULTIADDRESS": f"/ip4/127.0.0.1/tcp/{args.port + 2}", "CLUSTER_PINSVCAPI_HTTPLISTENMULTIADDRESS": f"/ip4/127.0.0.1/tcp/{args.port + 3}",
                   "CLUSTER_IPFSPROXY_NODEMULTIADDRESS": f"/ip4/127.0.0.1/tcp/{args.api}", "CLUSTER_SECRET": "00" * 32}
    subprocess.run([service, "init", "--consensus", "crdt"], env=environment, check=True, capture_output=True)
    log = open(pathlib.Path(folder) / "log", "w+")
    daemon = subprocess.Popen([service, "daemon"], env=environment, stdout=log, stderr=log)

    def ctl(*words):
        done = subprocess.run([control, "--enc", "json", "--host", f"/ip4/127.0.0.1/tcp/{args.port}", *words], env=environment, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def wait_for(what, is_so, seconds=40):
        end = time.monotonic() + seconds
        seen = None
        while time.monotonic() < end and daemon.poll() is None:
            seen = ctl("status", args.cid) if what != "ready" else ctl("id")
            if is_so(*seen):
                return check(what, True)
            time.sleep(0.2)  # the cluster has no event that says so
        log.flush()
        check(what, False, f"{seen}; the log ends with {pathlib.Path(log.name).read_text()[-1500:]}")
        if what == "ready":
            sys.exit(1)

    try:
        wait_for("ready", lambda code, text: code == 0)
        code, text = ctl("id")
        peer = json.loads(rpc("id"))["ID"]
        check("the cluster names this node as its IPFS peer", peer in text, text[:400])
        code, text = ctl("pin", "add", "--name", "from the cluster", args.cid)
        check("pin add is accepted", code == 0, text)
        wait_for("status says pinned", lambda code, text: '"status":"pinned"' in text.replace(" ", ""))
        check("the node holds the pin", args.cid in rpc(f"pin/ls?type=recursive&arg={args.cid}"))
        code, text = ctl("ipfs", "gc")
        check("the cluster collects this node's garbage", code == 0, text)
        check("what is pinned is still there", len(rpc(f"block/stat?arg={args.cid}")) > 0)
        code, text = ctl("health", "metrics", "freespace")
        check("free space is known", code == 0 and peer is not None, text)
        code, text = ctl("pin", "rm", args.cid)
        check("pin rm is accepted", code == 0, text)
        wait_for("status says unpinned", lambda code, text: '"status":"unpinned"' in text.replace(" ", ""))
        try:
            held = rpc(f"pin/ls?type=recursive&arg={args.cid}")
        except urllib.error.HTTPError as refusal:
            held = refusal.read().decode()
        check("the node no longer pins it", "is not pinned" in held, held)
        log.flush()
        log.seek(0)
        errors = [line for line in log if "ERROR" in line and "ipfshttp" in line]
        check("the connector logged no error", not errors, errors[:3])
    finally:
        daemon.terminate()
        daemon.wait()
print(f"{'FAILED' if failed else 'passed'}")
sys.exit(1 if failed else 0)
