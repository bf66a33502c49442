"""What the acceptance tests of the capabilities share: a repo of its own, the program, the node, checks that say what they found."""
import atexit
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from api import Api  # noqa: E402,F401: the tests take it from here

CAIRN = os.path.realpath(sys.argv[1])
WORK = pathlib.Path(tempfile.mkdtemp(prefix="cairn-capability-"))
failures = 0
checks = 0


def check(what, is_so, seen=""):
    global failures, checks
    checks += 1
    if not is_so:
        failures += 1
        print(f"FAILED {what}: {str(seen)[:600]}", flush=True)
    return is_so


def same(what, seen, wanted):
    return check(what, seen == wanted, f"{seen!r}, not {wanted!r}")


def finish():
    subprocess.run(["chmod", "-R", "u+w", str(WORK)])
    shutil.rmtree(WORK, ignore_errors=True)
    print(f"{checks} checks, {failures} failures")
    sys.exit(1 if failures else 0)


class Repo:
    """A repo below WORK; files of the filestore may lie beside it."""

    def __init__(self, name, *profiles, program=CAIRN):
        self.program, self.path = program, WORK / name / "repo"
        self.path.parent.mkdir(parents=True)
        self.env = {"HOME": str(WORK), "IPFS_PATH": str(self.path), "PATH": os.environ["PATH"], "IPFS_TELEMETRY": "off",
                    **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}}
        self.node = None
        self.ok("init", "--profile=" + ",".join(["test", *profiles]))
        for key, value in (("Addresses.API", '"/ip4/127.0.0.1/tcp/0"'), ("Addresses.Gateway", '"/ip4/127.0.0.1/tcp/0"'), ("Addresses.Swarm", "[]"),
                           ("Bootstrap", "[]"), ("AutoConf.Enabled", "false"), ("Routing.Type", '"none"')):
            self.ok("config", "--json", key, value)

    def run(self, *args, text=True, **more):
        return subprocess.run([self.program, *map(str, args)], env=self.env, capture_output=True, text=text, timeout=120, **more)

    def ok(self, *args, **more):
        done = self.run(*args, **more)
        if not check(" ".join(map(str, args)), done.returncode == 0, done.stderr):
            return ""
        return done.stdout.strip() if isinstance(done.stdout, str) else done.stdout

    def bad(self, sentence, *args, **more):
        done = self.run(*args, **more)
        check(f"{' '.join(map(str, args))} fails with: {sentence}", done.returncode == 1 and sentence in done.stderr, f"{done.returncode} {done.stderr}")

    def size(self):
        return sum(f.stat().st_size for f in self.path.rglob("*") if f.is_file())

    def start(self, *options):
        self.node = subprocess.Popen([self.program, "daemon", *options], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        atexit.register(self.node.kill)  # where the test ends early; one that has ended is left alone
        said = ""
        for line in self.node.stdout:
            said += line
            if line.startswith("RPC API server listening on"):
                self.port = int(line.rsplit("/", 1)[1])
            if line.startswith("Gateway server listening on"):
                self.gateway = int(line.rsplit("/", 1)[1])
            if line.startswith("Daemon is ready"):
                return
        raise SystemExit("the node does not start: " + said)

    def stop(self):
        self.node.send_signal(signal.SIGTERM)
        same("the node ends when told", self.node.wait(20), 0)
        self.node = None

    def ask(self, path, method="POST", port=None, fields={}, body=None):
        """Status, fields and octets of an answer."""
        wanted = urllib.request.Request(f"http://127.0.0.1:{port or self.port}{path}", method=method, headers=fields, data=body)
        try:
            with urllib.request.urlopen(wanted, timeout=30) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.headers, refusal.read()


class Relay:
    """A port whose connections go on to another port of this machine, octet by octet; it counts them, and keeps the first of each."""

    def __init__(self, port):
        self.to, self.into, self.out, self.first = port, 0, 0, []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.server.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            for a, b, name in ((near, far, "into"), (far, near, "out")):
                threading.Thread(target=self.move, args=(a, b, name), daemon=True).start()

    def move(self, a, b, name):
        start = bytearray()
        self.first.append(start)
        try:
            while part := a.recv(1 << 16):
                if len(start) < 4096:
                    start += part
                setattr(self, name, getattr(self, name) + len(part))  # one connection at a time
                b.sendall(part)
            b.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.server.close()


def octets(size, seed):
    """The same octets for the same seed, that do not compress."""
    import hashlib
    return hashlib.shake_128(str(seed).encode()).digest(size)
