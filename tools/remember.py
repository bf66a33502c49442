#!/usr/bin/env python3
"""What passed, by the content of everything that its result depends on.

  remember.py ask NAME INPUT...        0 and a date if NAME passed on these inputs; 1 if it has to run
  remember.py keep NAME INPUT...       NAME passed: kept if the inputs are still those that were asked for
  remember.py forget NAME INPUT...     NAME failed on these inputs
  remember.py ctest [--again] FOLDER LOG [ARG...]   ctest of a build folder: runs the tests whose inputs changed, keeps those that passed

A result depends on: the inputs it names (a folder of the repository: its files, tracked or new; of a build folder: its programs;
elsewhere: all its files), the Debian packages that are installed, the compilers and interpreters found by PATH, the implementations
below build/peers, the kernel, the number of cores, and the environment that steers compilers, sanitizers and tests.
Of a test of ctest: a compiled test depends on its program and the public vectors; every other one on the whole repository
and on all programs of examples/. What failed, was skipped, or ran while its inputs changed is not kept. A pass of a test that
draws its cases at random is kept as it is: `./check --again` draws new ones."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASSED = ROOT / "build" / "passed"
KEPT = 8  # the last inputs that each passed on: so many branches can be gone back to
TOOLS = ("clang++-19", "g++", "cmake", "ctest", "ninja", "mold", "python3", "node", "npm", "go", "cargo", "chromium")
STEERS = re.compile(r"(CAIRN|ASAN|UBSAN|LSAN|TSAN|LC|CMAKE|CTEST|NODE|PYTHON|GO|CARGO)_|(LANG|TZ|PATH|CC|CXX|CFLAGS|CXXFLAGS|LDFLAGS|TMPDIR)$")


def load(path, otherwise):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return otherwise


def store(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        json.dump(value, file)
    os.replace(file.name, path)


class Contents:
    """SHA-256 of files; a file whose size, times and number did not change is not read again."""

    def __init__(self):
        self.path = PASSED / "contents.json"
        self.known, self.seen = load(self.path, {}), {}

    def of(self, path):
        try:
            if path.is_symlink():
                return "link " + os.readlink(path)
            s = path.stat()
        except OSError:
            return "absent"
        stamp = [s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino, s.st_mode & 0o111]
        have = self.seen.get(str(path)) or self.known.get(str(path))
        # a file that changed in this very second may change again within the same time stamp
        if not have or have[0] != stamp or time.time_ns() - s.st_mtime_ns < 2_000_000_000:
            with open(path, "rb") as file:
                have = [stamp, hashlib.file_digest(file, "sha256").hexdigest()]
        self.seen[str(path)] = have
        return f"{have[1]} {stamp[4]:o}"

    def save(self):
        store(self.path, {**self.known, **self.seen})


def files_of(path):
    """The files that an input stands for."""
    path = pathlib.Path(path)
    path = path if path.is_absolute() else ROOT / path
    if not path.is_dir():
        return [path]
    built = path.resolve().is_relative_to(ROOT / "build")
    if path.resolve().is_relative_to(ROOT) and not built:
        listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard", "--", str(path)], cwd=ROOT, capture_output=True)
        if listed.returncode == 0:
            return sorted({ROOT / name for name in listed.stdout.decode().split("\0") if name})
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(f for f in folders if f != "CMakeFiles" and pathlib.Path(folder, f) != ROOT / "build")
        found += [pathlib.Path(folder, name) for name in sorted(names)]
    return [f for f in found if not built or f.lstat().st_mode & 0o111]


def surroundings(contents):
    """What every result depends on."""
    lines = [f"kernel {os.uname().release} {os.uname().machine}", f"cores {os.cpu_count()}", f"user {os.getuid()}", f"python {sys.version}"]
    lines += [f"packages {contents.of(pathlib.Path(p))}" for p in ("/var/lib/dpkg/status", "/etc/os-release")]
    for tool in TOOLS:
        if found := shutil.which(tool):
            s = os.stat(found)
            lines.append(f"tool {os.path.realpath(found)} {s.st_size} {s.st_mtime_ns}")
    peers = ROOT / "build" / "peers"
    for folder, folders, names in os.walk(peers):
        folders.sort()
        for name in sorted(names):
            s = os.lstat(os.path.join(folder, name))
            lines.append(f"peer {folder}/{name} {s.st_size} {s.st_mtime_ns}")
    lines += [f"{name}={os.environ[name]}" for name in sorted(os.environ) if STEERS.match(name)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def key_of(what, inputs, contents, around):
    lines = [what, around]
    for given in inputs:
        lines += [f"{path} {contents.of(path)}" for path in files_of(given)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def now():
    return time.strftime("%Y-%m-%d %H:%M")


def vectors():
    return os.environ.get("CAIRN_VECTORS") or str(ROOT.parent / "shared" / "vectors")


def single(verb, name, inputs):
    contents = Contents()
    key = key_of(name, inputs, contents, surroundings(contents))
    contents.save()
    path, asked = PASSED / f"{name}.json", PASSED / f"{name}.asked"
    kept = load(path, {})
    if verb == "ask":
        store(asked, key)
        print(kept.get(key, ""))
        return 0 if key in kept else 1
    kept.pop(key, None)
    if verb == "keep" and load(asked, None) == key:
        kept[key] = now()
    store(path, dict(list(kept.items())[-KEPT:]))
    return 0


def inputs_of(test, build):
    """Of a test of ctest, as its command line says it."""
    command = test.get("command", [])
    properties = {p["name"]: p["value"] for p in test.get("properties", [])}
    program = pathlib.Path(command[0]) if command else build
    if program.is_relative_to(build / "tests") and len(command) < 4 and "FIXTURES_REQUIRED" not in properties:
        arguments = [a for a in command[1:] if os.path.isabs(a)]
        return [str(program), vectors(), "tests/support", *arguments]
    return [".", vectors(), str(build / "examples"), str(build / "conformance")]


def ctest(build, log, arguments, again):
    build = build.resolve()
    tests = json.loads(subprocess.run(["ctest", "--test-dir", str(build), "--show-only=json-v1", *arguments], capture_output=True, check=True).stdout)["tests"]
    path = PASSED / f"ctest-{build.name}.json"
    kept = load(path, {})

    def keys(chosen):
        contents = Contents()
        around = surroundings(contents)
        known = {}
        for test in chosen:
            inputs = inputs_of(test, build)
            if tuple(inputs) not in known:
                known[tuple(inputs)] = key_of("inputs", inputs, contents, around)
            known[test["name"]] = hashlib.sha256(" ".join([known[tuple(inputs)], build.name, *test.get("command", [])]).encode()).hexdigest()
        contents.save()
        return {test["name"]: known[test["name"]] for test in chosen}

    before = keys(tests)
    lines, to_run = [], []
    for test in tests:
        since = kept.get(test["name"], {}).get(before[test["name"]])
        if since and not again:
            lines.append(f"{test['name']}: unchanged since it passed ({since})")
        else:
            to_run.append(test)
    print("\n".join(lines), flush=True)
    pathlib.Path(log).write_text("\n".join(lines) + "\n")
    if not to_run:
        return 0
    names = "|".join(re.sub(r"([^\w-])", r"\\\1", t["name"]) for t in to_run)
    report = build / "passed.xml"
    report.unlink(missing_ok=True)
    command = ["ctest", "--test-dir", str(build), "--output-on-failure", f"-j{os.cpu_count()}", "--output-junit", str(report), "-R", f"^({names})$"]
    with open(log, "a") as file:
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        for line in run.stdout:
            file.write(line)
            sys.stdout.write(line)
            sys.stdout.flush()
    status = run.wait()
    cases = {c.get("name"): c for c in xml.parse(report).getroot().iter("testcase")} if report.exists() else {}
    after = keys(to_run)
    for test in to_run:
        name, case = test["name"], cases.get(test["name"])
        own = kept.setdefault(name, {})
        own.pop(before[name], None)
        passed = case is not None and case.get("status") == "run" and case.find("failure") is None and case.find("skipped") is None
        if passed and after[name] == before[name] and "SKIPPED" not in (case.findtext("system-out") or ""):
            own[before[name]] = now()
        kept[name] = dict(list(own.items())[-KEPT:])
    store(path, kept)
    return status


if __name__ == "__main__":
    if len(sys.argv) >= 3 and sys.argv[1] in ("ask", "keep", "forget"):
        sys.exit(single(sys.argv[1], sys.argv[2], sys.argv[3:]))
    if len(sys.argv) >= 4 and sys.argv[1] == "ctest":
        given = [a for a in sys.argv[2:] if a != "--again"]
        sys.exit(ctest(pathlib.Path(given[0]), given[1], given[2:], "--again" in sys.argv))
    sys.exit(__doc__)
