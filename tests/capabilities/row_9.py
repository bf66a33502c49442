#!/usr/bin/env python3
"""Capability 9, fast pinning: row_9.py PATH-OF-CAIRN. With CAIRN_WHOLE=1 there are 100,000 pins, else 16,500."""
import json
import os
import random
import signal
import statistics
import time

from harness import Api, Repo, check, finish, same

WHOLE = os.environ.get("CAIRN_WHOLE") == "1"
MOST = 100_000 if WHOLE else 16_500
slow = os.environ.get("CAIRN_SANITIZED") == "1"

repo = Repo("pins")
repo.start("--offline")
api = Api(repo.port)


def block(n):
    return f"object {n}".encode()


def collect(garbage):
    """A collection takes the garbage, a set of CIDs, and nothing else."""
    gone = {json.loads(line)["Key"]["/"] for line in api.call("repo/gc").splitlines()}
    return same(f"capability 9 (2) a collection beside {len(keys)} pins takes what no pin holds, and only that", gone, garbage)


# (1) what a pin costs, (2) no pin is lost at the bounds where sets of 2016 split
keys, took = [], []
stored_keys = []
while len(keys) < (4_000 if slow else MOST):
    if len(stored_keys) == len(keys):  # five hundred an upload: only pins are timed
        answer = api.call("add?pin=false&raw-leaves=true&cid-version=1&progress=false", *[block(n) for n in range(len(keys), len(keys) + 500)])
        sent = {line["Name"]: line["Hash"] for line in map(json.loads, answer.splitlines())}
        stored_keys += [sent[f"f{n}"] for n in range(500)]
    keys.append(stored_keys[len(keys)])
    begin = time.perf_counter()
    api.call("pin/add?arg=" + keys[-1])
    took.append(time.perf_counter() - begin)
    if len(keys) in (8191, 8192, 8193, 16384, 100_000):
        ahead = set(stored_keys[len(keys):])  # stored and not yet pinned: they go too
        collect({api.put(b"kept by no pin, %d" % len(keys))} | ahead)
        del stored_keys[len(keys):]


def cost(at):
    """Of the thousand pins up to that one. The middle one: the machine has other work."""
    return statistics.median(took[max(0, at - 1000):at])


steps = [n for n in (1_000, 10_000, 100_000) if n < len(keys)] + [len(keys)]
costs = [cost(n) for n in steps]
if not slow:
    check("capability 9 (1) a pin costs the same, however many there are", max(costs[1:]) <= 1.5 * costs[0], dict(zip(steps, costs)))
print("pin add: " + ", ".join(f"{c * 1e6:.0f} us at {n}" for n, c in zip(steps, costs)))
stored = {json.loads(line)["Ref"] for line in api.call("refs/local").splitlines()}
check("capability 9 (2) every pinned block is there", stored >= set(keys), len(set(keys) - stored))
for n in random.Random(9).sample(range(len(keys)), 500) + [n for n in (0, 8190, 8191, 8192, 16383) if n < len(keys)]:
    if api.call("block/get?arg=" + keys[n]) != block(n):
        check(f"capability 9 (2) object {n} reads back", False)
listed = api.call("pin/ls?type=recursive&stream=true").splitlines()
same("capability 9 (2) and every pin", {json.loads(line)["Cid"] for line in listed} - set(keys) <= {"QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn"} and len(listed) >= len(keys), True)

# (3) the snapshot
first = json.loads(api.call("pin/snapshot"))
blocks_before = json.loads(api.call("repo/stat"))["NumObjects"]
same("capability 9 (3) the same pins have the same CID", json.loads(api.call("pin/snapshot")), first)
same("capability 9 (3) and writing it again writes nothing", json.loads(api.call("repo/stat"))["NumObjects"], blocks_before)
one_more = api.put(b"one more")
api.call("pin/add?arg=" + one_more)
second = json.loads(api.call("pin/snapshot"))
written = json.loads(api.call("repo/stat"))["NumObjects"] - blocks_before - 1
check("capability 9 (3) one more pin rewrites at most four blocks", 0 < written <= 4, written)
repo.stop()
cid = lambda answer: next(v for v in (answer.get("Cid"), answer.get("Key"), answer.get("Root")) if v)
as_text = lambda v: v["/"] if isinstance(v, dict) else v
before, after = as_text(cid(first)), as_text(cid(second))
same("capability 9 (3) the difference of two snapshots is that pin", [line for line in repo.ok("pin", "diff", before, after).splitlines() if one_more in line] != [], True)
same("... and nothing else", len(repo.ok("pin", "diff", before, after).splitlines()), 1)
same("... the other way round too", len(repo.ok("pin", "diff", after, before).splitlines()), 1)
few = keys[:300]
orders = []
for name, order in (("forth", few), ("back", few[::-1])):
    other = Repo(name)
    other.start("--offline")
    calls = Api(other.port)
    for n in order:
        calls.put(block(keys.index(n)))
        calls.call("pin/add?arg=" + n)
    orders.append(as_text(cid(json.loads(calls.call("pin/snapshot")))))
    other.stop()
same("capability 9 (3) the order of the pins does not count, nor does the node", *orders)

# (4) killed at any point of a loop of pins and unpins: what was acknowledged holds
killed = Repo("killed")
dice = random.Random(4)
pinned = set()
for life in range(5 if slow else 20):
    killed.start("--offline")
    calls = Api(killed.port)
    seen = {json.loads(line)["Cid"] for line in calls.call("pin/ls?type=recursive&stream=true").splitlines()}
    unsure = unsure if life else set()
    same(f"capability 9 (4) life {life}: the pins are those that were acknowledged", (pinned - seen - unsure, (seen & set(few)) - pinned - unsure), (set(), set()))
    pinned = seen & set(few)
    if life == 0:
        for n in few:
            calls.put(block(keys.index(n)))
    end = time.monotonic() + dice.random() * 0.1
    unsure = set()
    while True:
        one = dice.choice(few)
        if time.monotonic() > end:  # the last one is under way when the node dies
            killed.node.send_signal(signal.SIGKILL)
        try:
            calls.call(("pin/rm?arg=" if one in pinned else "pin/add?arg=") + one)
            pinned ^= {one}
        except Exception:
            unsure = {one}
        if killed.node.poll() is not None or unsure:
            break
    killed.node.wait()
killed.start("--offline")
same("capability 9 (4) and what indexes know is what records say", killed.run("pin", "verify").returncode, 0)
for one in few[:50]:
    known = killed.run("pin", "ls", "--type=recursive", one).returncode == 0
    if one not in unsure:
        same(f"capability 9 (4) {one} by its index", known, one in pinned)
killed.stop()
finish()
