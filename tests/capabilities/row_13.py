#!/usr/bin/env python3
"""Capability 13, private networks: row_13.py PATH-OF-CAIRN."""
import os
import secrets
import socket
import subprocess

from harness import WORK, Relay, Repo, check, finish, octets, same


def key():
    return f"/key/swarm/psk/1.0.0/\n/base16/\n{secrets.token_hex(32)}\n"


one, two = key(), key()
nodes = {}
for name, swarm_key in (("public", None), ("a", one), ("b", one), ("c", one), ("d", two), ("e", two)):
    repo = nodes[name] = Repo(name)
    repo.ok("config", "--json", "Addresses.Swarm", '["/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"]')
    if swarm_key:
        (repo.path / "swarm.key").write_text(swarm_key)

# (3) a private network is asked for, and there is no key
lonely = subprocess.run([nodes["public"].program, "daemon"], env={**nodes["public"].env, "LIBP2P_FORCE_PNET": "1"}, capture_output=True, text=True, timeout=30)
check("capability 13 (3) without a key the daemon ends and says why",
      lonely.returncode == 1 and "private network was not configured but is enforced by the environment" in lonely.stdout + lonely.stderr, lonely.stdout + lonely.stderr)

for repo in nodes.values():
    repo.start()
address = {name: next(a for a in repo.ok("id", "-f", "<addrs>").split() if "/tcp/" in a) for name, repo in nodes.items()}
port = {name: int(a.split("/tcp/")[1].split("/")[0]) for name, a in address.items()}
check("a public node listens by QUIC, one of a private network does not",
      "/quic-v1" in nodes["public"].ok("swarm", "addrs", "listen") and "/quic-v1" not in nodes["a"].ok("swarm", "addrs", "listen"))

# (1) who reaches whom
same_key = {"public": 0, "a": 1, "b": 1, "c": 1, "d": 2, "e": 2}
for source, target in (("a", "d"), ("d", "a"), ("a", "public"), ("public", "a"), ("e", "public"), ("public", "e"), ("d", "c")):
    done = nodes[source].run("swarm", "connect", "--timeout=5s", address[target])
    check(f"capability 13 (1) {source} does not reach {target}", done.returncode == 1 and "failed" in done.stderr, done.stderr)
for name, repo in nodes.items():
    same(f"capability 13 (1) {name} has no peer", repo.ok("swarm", "peers"), "")
for source, target in (("a", "b"), ("c", "a"), ("c", "b"), ("d", "e")):
    check(f"capability 13 (1) {source} reaches {target}", "success" in nodes[source].ok("swarm", "connect", address[target]))
for name, wanted in (("public", 0), ("a", 2), ("b", 2), ("c", 2), ("d", 1), ("e", 1)):
    same(f"capability 13 (1) the peers of {name}", len(nodes[name].ok("swarm", "peers").split()), wanted)
for source, target in (("a", "b"), ("b", "a"), ("c", "b"), ("d", "e"), ("e", "d")):
    file = octets(1 << 20, source + target)
    root = nodes[source].ok("add", "-Q", input=file, text=False).decode().strip()
    same(f"capability 13 (1) a file from {source} to {target}", nodes[target].ok("cat", root, text=False), file)

# (4) what a listener on the wire sees
tokens = (b"/multistream", b"/noise", b"/tls", b"/yamux", b"/ipfs")
nodes["c"].ok("swarm", "disconnect", address["b"])
relay = Relay(port["b"])
nodes["c"].ok("swarm", "connect", address["b"].replace(f"/tcp/{port['b']}/", f"/tcp/{relay.port}/"))
start = b"".join(bytes(s) for s in relay.first)
check("capability 13 (4) no protocol is named in clear", len(start) > 500 and not any(t in start for t in tokens), start[:100])
relay.close()
open_relay = Relay(port["public"])
other = Repo("other")
other.ok("config", "--json", "Addresses.Swarm", '["/ip4/127.0.0.1/tcp/0"]')
other.start()
other.ok("swarm", "connect", address["public"].replace(f"/tcp/{port['public']}/", f"/tcp/{open_relay.port}/"))
check("capability 13 (4) without a key it is: the look can find it", tokens[0] in b"".join(bytes(s) for s in open_relay.first))
open_relay.close()
other.stop()

seen = bytearray()
nonces = set()
for _ in range(1000):
    with socket.create_connection(("127.0.0.1", port["b"]), timeout=10) as near:
        near.sendall(secrets.token_bytes(64))
        first = b""
        while len(first) < 24 and (part := near.recv(24 - len(first))):
            first += part
    nonces.add(first)
    seen += first
same("capability 13 (4) a thousand connections begin differently, with 24 octets", (len(nonces), len(seen)), (1000, 24000))
counts = [seen.count(bytes([v])) for v in range(256)]
expected = len(seen) / 256
chi = sum((c - expected) ** 2 / expected for c in counts)
# 255 degrees of freedom: beyond these bounds once in ten million
check("capability 13 (4) the first octets are evenly spread", 150 < chi < 390, chi)

for repo in nodes.values():
    repo.stop()
finish()
