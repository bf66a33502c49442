#!/usr/bin/env python3
"""Preprocess every public header and compare its non-blank lines with the budget of its tier."""
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

root, compiler = pathlib.Path(sys.argv[1]), sys.argv[2]
BASE = root / "include" / "cairn"
BUDGET = {"core": 40_000, "concept": 40_000, "multiformats": 40_000, "crypto": 40_000, "block": 40_000, "ipld": 60_000,
          "datastore": 60_000, "blockstore": 60_000, "hamt": 60_000, "unixfs": 60_000, "car": 60_000, "pin": 60_000,
          "keystore": 60_000, "repo": 60_000, "asio": 115_000, "node": 75_000, "service": 60_000}
ALL = 160_000
# the umbrella gathers the HTTP fronts with all else; each of its headers keeps to the budget above
UMBRELLA = {"service": 75_000}


def measure(header):
    command = [compiler, "-std=c++23", "-E", "-P", "-DCAIRN_SEPARATE_COMPILATION", f"-I{root / 'include'}", "-x", "c++", str(header)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        return header, None, done.stderr[:400]
    return header, sum(1 for line in done.stdout.splitlines() if line.strip()), ""


headers = sorted(p for p in BASE.rglob("*.hpp") if "impl" not in p.parts and not p.name.endswith("src.hpp"))
headers.append(root / "include" / "cairn.hpp")
failed, worst = 0, {}
with ThreadPoolExecutor(2) as pool:
    for header, lines, why in pool.map(measure, headers):
        name = header.relative_to(root / "include").as_posix()
        module = name.split("/")[1].removesuffix(".hpp") if "/" in name else "all"
        limit = BUDGET.get(module, ALL)
        if name == f"cairn/{module}.hpp":
            limit = UMBRELLA.get(module, limit)
        if lines is None or lines > limit:
            failed += 1
            print(f"{name}: {lines} lines, budget {limit} {why}")
        elif lines > worst.get(module, ("", 0))[1]:
            worst[module] = (name, lines)
for module, (name, lines) in sorted(worst.items()):
    print(f"{module:14} largest {lines:7} of {BUDGET.get(module, ALL):7}  {name}")
print(f"{len(headers)} headers, {failed} over budget")
sys.exit(1 if failed else 0)
