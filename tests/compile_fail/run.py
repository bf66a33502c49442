#!/usr/bin/env python3
"""Each case must fail to compile with the sentence its first line expects, and compile when -DCONTROL puts it right.

What the cases include is compiled once, in front of all of them: reading it for each took most of the time."""
import pathlib
import re
import subprocess
import sys
import tempfile

root, compiler = pathlib.Path(sys.argv[1]), sys.argv[2]
here = root / "tests" / "compile_fail"


folder = tempfile.TemporaryDirectory()
common = pathlib.Path(folder.name) / "common.hpp"
options = [compiler, "-std=c++23", "-DCAIRN_SEPARATE_COMPILATION", f"-I{root / 'include'}", f"-I{root / 'tests'}"]


def compile_case(path, control):
    command = [*options, "-fsyntax-only", "-include", str(common), str(path)]
    return subprocess.run(command + (["-DCONTROL"] if control else []), capture_output=True, text=True)


cases, failures = sorted(here.glob("*.cpp")), 0
included = dict.fromkeys(line for path in cases for line in path.read_text().splitlines() if line.startswith("#include "))
common.write_text("#pragma once\n" + "\n".join(included) + "\n")
precompiled = subprocess.run([*options, "-x", "c++-header", str(common), "-o", str(common) + (".pch" if "clang" in compiler else ".gch")], capture_output=True, text=True)
if precompiled.returncode != 0:
    print(f"what the cases include does not compile:\n{precompiled.stderr[:1500]}")
    failures += 1
for path in cases:
    first = path.read_text().splitlines()[0]
    expected = re.fullmatch(r"// expect: (.+)", first)
    if not expected:
        print(f"{path.name}: the first line must be '// expect: REGEX'")
        failures += 1
        continue
    control = compile_case(path, True)
    if control.returncode != 0:
        print(f"{path.name}: the positive control does not compile:\n{control.stderr[:1500]}")
        failures += 1
    broken = compile_case(path, False)
    if broken.returncode == 0:
        print(f"{path.name}: compiles, but must not")
        failures += 1
    elif not re.search(expected[1], broken.stderr):
        print(f"{path.name}: fails without saying '{expected[1]}':\n{broken.stderr[:1500]}")
        failures += 1
print(f"{len(cases)} cases on {compiler}, {failures} failures")
sys.exit(1 if failures or not cases else 0)
