#!/usr/bin/env python3
"""Defects, put in one at a time: each must turn its test red. A test that stays green on its defect proves nothing.

  run.py ROOT [--only ID,ID...] [--build FOLDER] [--compiler C++] [--jobs N] [--applies]

variants.json lists {id, defect, file, find, replace, test, case}: in a copy of include/FILE the text FIND (which must occur
exactly once) becomes REPLACE; tests/TEST, compiled header-only against it, must fail in the test cases that CASE selects.

With a build folder that holds the library, a defect in a body (.ipp) costs the one unit that the body is in: the test is compiled
once, and linked with that unit in front of the library."""
import argparse
import fnmatch
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("root", type=pathlib.Path)
options.add_argument("--only", type=lambda ids: ids.split(","), default=[])
options.add_argument("--compiler", default="clang++-19")
options.add_argument("--build", type=pathlib.Path, help="a build folder with its library: build/asan")
options.add_argument("--applies", action="store_true", help="compile nothing: each text is there to be replaced, and so is the test case")
options.add_argument("--jobs", type=int, default=os.cpu_count())
args = options.parse_args()
root = args.root.resolve()
LIBRARIES = ["-lbotan-2", "-lssl", "-lcrypto", "-lsodium", "-lsecp256k1", "-lleveldb", "-lngtcp2", "-lz", "-lrapidcheck", "-lboost_json", "-pthread"]
FLAGS = ["-std=c++23", "-O1", "-w", "-fuse-ld=mold", "-I/usr/include/botan-2", f"-I{root / 'tests'}", f'-DCAIRN_SOURCE_DIR="{root}"', '-DCAIRN_BINARY_DIR="/tmp"']


def selects(case, test):
    """Whether a test file has a case that Catch's filter selects."""
    names = re.findall(r'TEST_CASE(?:_METHOD)?\((?:\w+, )?"((?:[^"\\\\]|\\\\.)*)"', (root / "tests" / test).read_text())
    wanted = [p.strip().strip('"').replace("[", "[[]") for p in case.split(",")]
    return any(fnmatch.fnmatchcase(name.replace('\\"', '"'), p) for name in names for p in wanted)


def applies(variant):
    source = root / "include" / variant["file"]
    if not source.exists():
        return f"there is no file {variant['file']}"
    if (count := source.read_text().count(variant["find"])) != 1:
        return f"'{variant['find']}' occurs {count} times in {variant['file']}"
    return None if selects(variant["case"], variant["test"]) else f"no test case '{variant['case']}' in {variant['test']}"


def build(work, name, includes, test):
    made = str(work / name) + ".o"
    done = compile_to(made, [f"-I{i}" for i in includes], root / "tests" / test)
    return link(work / name, [made, str(work / "main.o")]) if done.returncode == 0 else (None, done.stderr)


class Library:
    """The library of a build folder: which unit a body is in, and how that unit is compiled."""

    def __init__(self, folder):
        self.folder, self.archive = folder.resolve(), folder.resolve() / "libcairn.a"
        self.commands, self.units, self.tests, self.lock = {}, {}, {}, threading.Lock()
        for entry in json.loads((self.folder / "compile_commands.json").read_text()):
            words = shlex.split(entry["command"])
            if "-o" in words and (unit := words[words.index("-o") + 1]).startswith("CMakeFiles/cairn.dir/"):
                self.commands[unit] = words
        self.sanitizers = [w for w in next(iter(self.commands.values())) if w.startswith(("-fsanitize", "-fno-sanitize"))]
        listed = subprocess.run(["ninja", "-C", str(self.folder), "-t", "deps"], capture_output=True, text=True, check=True).stdout
        for block in listed.split("\n\n"):
            lines = block.splitlines()
            if lines and (unit := lines[0].split(":")[0]) in self.commands:
                for line in lines[1:]:
                    self.units.setdefault(os.path.normpath(self.folder / line.strip()), set()).add(unit)

    def unit_of(self, file):
        """The one unit that a body is in, or nothing: a header reaches further than one unit."""
        found = self.units.get(str(root / "include" / file), set())
        return next(iter(found)) if file.endswith(".ipp") and len(found) == 1 else None

    def test_object(self, work, test):
        """The test, compiled once for all its defects."""
        with self.lock:
            lock = self.tests.setdefault(test, threading.Lock())
        with lock:
            made = work / (test.replace("/", "-") + ".o")
            done = None if made.exists() else compile_to(made, [*self.sanitizers, "-DCAIRN_SEPARATE_COMPILATION", f"-I{root / 'include'}"], root / "tests" / test)
            return made, done.stderr if done and done.returncode else ""

    def build(self, work, name, overlay, unit, test):
        made, errors = self.test_object(work, test)
        words = list(self.commands[unit])
        words[words.index("-o") + 1] = str(work / name) + ".unit.o"
        first = next(i for i, w in enumerate(words) if w.startswith("-I"))
        words.insert(first, f"-I{overlay}")
        if not errors:
            done = subprocess.run(["ccache", *words, "-w"], cwd=self.folder, capture_output=True, text=True, errors="replace")
            errors = done.stderr if done.returncode else ""
        return (None, errors) if errors else link(work / name, [str(work / name) + ".unit.o", str(made), str(work / "main.o"), str(self.archive)], self.sanitizers)


def compile_to(made, more, source):
    return subprocess.run(["ccache", args.compiler, *FLAGS, *more, "-c", str(source), "-o", str(made)], capture_output=True, text=True, errors="replace")


def link(program, objects, more=()):
    done = subprocess.run([args.compiler, "-fuse-ld=mold", *more, *objects, "-o", str(program), *LIBRARIES], capture_output=True, text=True, errors="replace")
    return program if done.returncode == 0 else None, done.stderr


def run(program, case):
    return subprocess.run([str(program), case, "-r", "compact"], capture_output=True, text=True, errors="replace", timeout=120)


def prove(work, number, variant):
    if problem := applies(variant):
        return problem
    text = (root / "include" / variant["file"]).read_text()
    overlay = work / f"overlay-{number}"
    target = overlay / variant["file"]
    target.parent.mkdir(parents=True)
    target.write_text(text.replace(variant["find"], variant["replace"]))
    unit = library.unit_of(variant["file"]) if library else None
    if unit:
        program, errors = library.build(work, f"variant-{number}", overlay, unit, variant["test"])
    else:
        program, errors = build(work, f"variant-{number}", [overlay, root / "include"], variant["test"])
    if not program:
        return f"the variant does not compile: {errors[:600]}"
    for left in work.glob(f"variant-{number}.*"):
        left.unlink()
    try:
        broken = run(program, variant["case"])
    except subprocess.TimeoutExpired:
        return None  # a defect that hangs is caught too
    finally:
        program.unlink()
    if "No test cases matched" in broken.stdout + broken.stderr:
        return f"no test case '{variant['case']}'"
    if broken.returncode == 0:
        return "stays green: " + broken.stdout.strip()[-200:]
    return None


variants = json.loads((root / "tests" / "variants" / "variants.json").read_text())
chosen = [v for v in variants if not args.only or v["id"] in args.only]
if args.applies:
    problems = [f"{v['id']}: {problem}" for v in chosen if (problem := applies(v))]
    print("\n".join([*problems, f"{len(chosen)} variants, {len(problems)} do not apply"]))
    sys.exit(1 if problems or not chosen else 0)
library = Library(args.build) if args.build else None
red = 0
with tempfile.TemporaryDirectory() as folder:
    work = pathlib.Path(folder)
    subprocess.run(["ccache", args.compiler, "-std=c++23", "-O1", "-w", "-c", str(root / "tests/support/main.cpp"), "-o", str(work / "main.o")], check=True)
    with ThreadPoolExecutor(args.jobs) as pool:
        for variant, problem in zip(chosen, pool.map(lambda nv: prove(work, *nv), enumerate(chosen))):
            red += problem is None
            print(f"{'red  ' if problem is None else 'WRONG'} {variant['id']:8} {variant['defect']}{'' if problem is None else ': ' + problem}", flush=True)
print(f"{len(chosen)} variants, {red} red, {len(chosen) - red} wrong")
sys.exit(0 if red == len(chosen) and chosen else 1)
