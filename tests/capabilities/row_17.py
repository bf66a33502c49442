#!/usr/bin/env python3
"""Capability 17, counting octets can be turned off: row_17.py PATH-OF-CAIRN."""
import json
import os
import pathlib
import shutil
import subprocess

from harness import WORK, Relay, Repo, check, finish, octets, same

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# (1) built without it, a connection has no room for it
compiler = os.environ.get("CXX", "clang++-19")
if shutil.which(compiler):
    unit = WORK / "unit.cpp"
    unit.write_text("""#include <cairn/asio/libp2p/traffic.hpp>
#include <type_traits>
static_assert(std::is_empty_v<cairn::libp2p::traffic_count>);
struct connection { int socket; [[no_unique_address]] cairn::libp2p::traffic_count counts; };
static_assert(sizeof(connection) == sizeof(int));
""")
    for value, builds in ((0, True), (1, False)):
        done = subprocess.run([compiler, "-std=c++23", "-fsyntax-only", f"-DCAIRN_TRAFFIC={value}", f"-I{ROOT / 'include'}", unit], capture_output=True, text=True)
        same(f"capability 17 (1) CAIRN_TRAFFIC={value}: nothing is kept of octets: {builds}", done.returncode == 0, builds)

source, target = Repo("source"), Repo("target")
for repo in (source, target):
    repo.ok("config", "--json", "Addresses.Swarm", '["/ip4/127.0.0.1/tcp/0"]')
source.ok("config", "--json", "Swarm.DisableBandwidthMetrics", "true")
source.start()
target.start()
address = next(a for a in source.ok("id", "-f", "<addrs>").split() if "/tcp/" in a)
port = int(address.split("/tcp/")[1].split("/")[0])
relay = Relay(port)
target.ok("swarm", "connect", address.replace(f"/tcp/{port}/", f"/tcp/{relay.port}/"))
file = WORK / "file"
file.write_bytes(octets(20 << 20, "row 17"))
root = source.ok("add", "-Q", file)
same("the file came through the relay", target.ok("cat", root, text=False), file.read_bytes())

# (1) turned off
source.bad("bandwidth reporter disabled in config", "stats", "bw")
status, _, text = source.ask("/api/v0/stats/bw")
same("capability 17 (1) the same by the API", (status, json.loads(text)["Message"]), (500, "bandwidth reporter disabled in config"))

# (2) on: what it counts is what went through the wire
_, _, text = target.ask("/api/v0/stats/bw")
seen = json.loads(text)
for name, wire in (("TotalIn", relay.out), ("TotalOut", relay.into)):
    check(f"capability 17 (2) {name} is within 2 % of the wire", abs(seen[name] - wire) <= wire * 0.02, f"{seen[name]}, on the wire {wire}")
own = json.loads(target.ask(f"/api/v0/stats/bw?peer={source.ok('id', '-f', '<id>')}")[2])
check("capability 17 (2) nearly all of it is of that peer", own["TotalIn"] >= 0.98 * seen["TotalIn"], own)
content = json.loads(target.ask("/api/v0/stats/bw?proto=/ipfs/bitswap/1.2.0")[2])
check("capability 17 (2) and of bitswap", 20 << 20 <= content["TotalIn"] <= seen["TotalIn"], content)

relay.close()
source.stop()
target.stop()
finish()
