#!/usr/bin/env python3
"""The page of the CID is included everywhere, so it stays cheap. What it costs is held by what no load changes: the pages it
includes, its preprocessed lines, and the steps of constant evaluation, of which a table that is sorted at compile time takes
a hundred thousand. The seconds are measured too: user time of the compiler, the best of several runs, in turn with the
standard's own pages that it cannot do without. On a machine that is slow at the moment these say by how much: the page may
then take the share above them that it takes on an idle one.

  cid_page.py ROOT [--runs N]"""
import argparse
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("root", type=pathlib.Path)
options.add_argument("--runs", type=int, default=25, help="at most so many; the first under the bound ends it")
args = options.parse_args()

SECONDS = 0.4
SHARE = {"separate": 1.75, "header-only": 2.0}
LINES = {"separate": 26_900, "header-only": 27_500}
STANDARD = {"array", "compare", "concepts", "cstddef", "cstdint", "expected", "optional", "span", "string", "string_view", "type_traits",
            "utility", "vector"}
PAGES = {"core/bytes.hpp", "core/config.hpp", "core/errc.hpp", "core/limits.hpp", "core/result.hpp", "core/varint.hpp",
         "multiformats/cid.hpp", "multiformats/codes.hpp", "multiformats/multibase.hpp", "multiformats/multihash.hpp"}
BODIES = {"multiformats/impl/base_bits.hpp", "multiformats/impl/base_number.hpp", "multiformats/impl/base_words.hpp",
          "multiformats/impl/cid.ipp", "multiformats/impl/multibase.ipp"}
STEPS = {"clang++-19": "-fconstexpr-steps=3000", "g++": "-fconstexpr-ops-limit=30000"}


def seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def best(command, floor, share):
    """The least seconds of the page and of the standard's pages, until the page is within its bound."""
    least, least_floor = seconds(command), seconds(floor)
    for _ in range(args.runs - 1):
        if least <= max(SECONDS, share * least_floor):
            break
        least, least_floor = min(least, seconds(command)), min(least_floor, seconds(floor))
    return least, least_floor


problems = []
with tempfile.TemporaryDirectory() as folder:
    unit = pathlib.Path(folder) / "unit.cpp"
    unit.write_text("#include <cairn/multiformats/cid.hpp>\n")
    standard = pathlib.Path(folder) / "standard.cpp"
    standard.write_text("".join(f"#include <{name}>\n" for name in sorted(STANDARD)))
    for compiler, steps in STEPS.items():
        if not shutil.which(compiler):
            print(f"SKIPPED: there is no {compiler}")
            continue
        for form, defines in ("separate", ["-DCAIRN_SEPARATE_COMPILATION"]), ("header-only", []):
            command = [compiler, "-std=c++23", *defines, f"-I{args.root / 'include'}", str(unit)]
            text = subprocess.run([*command, "-E"], capture_output=True, text=True, check=True).stdout
            lines = sum(1 for line in text.splitlines() if line.strip() and not line.startswith("#"))
            pages = set(re.findall(r'^# \d+ "[^"]*include/cairn/([^"]+)"', text, re.M))
            named = {name for page in pages for name in re.findall(r"#\s*include <(\w+)>", (args.root / "include/cairn" / page).read_text())}
            where = f"{compiler}, {form}"
            if lines > LINES[form]:
                problems.append(f"{where}: {lines} preprocessed lines, at most {LINES[form]}")
            if extra := pages - PAGES - (BODIES if form == "header-only" else set()):
                problems.append(f"{where}: includes {', '.join(sorted(extra))}")
            if extra := named - STANDARD:
                problems.append(f"{where}: includes {', '.join(f'<{name}>' for name in sorted(extra))}")
            if subprocess.run([*command, "-fsyntax-only", steps], capture_output=True).returncode:
                problems.append(f"{where}: evaluates more at compile time than {steps} allows")
            took, floor = best([*command, "-fsyntax-only"], [compiler, "-std=c++23", "-fsyntax-only", str(standard)], SHARE[form])
            if took > max(SECONDS, SHARE[form] * floor):
                problems.append(f"{where}: {took:.2f} s of user time at best of {args.runs}, at most {SECONDS} or {SHARE[form]} x {floor:.2f}")
            print(f"{where:24} {lines} lines, {took:.2f} s, of which the standard's pages take {floor:.2f}")
print("\n".join([*problems, f"{len(problems)} problems"]))
sys.exit(1 if problems else 0)
