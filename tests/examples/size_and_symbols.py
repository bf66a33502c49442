#!/usr/bin/env python3
"""You pay for what you compose: each example has a budget of bytes (stripped) and symbols that it must not ask for.

  size_and_symbols.py BUILD_DIR        budgets stand in budgets.json beside this file"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

build = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).resolve().parent
failures = checked = 0
for name, rules in json.loads((here / "budgets.json").read_text()).items():
    program = build / "examples" / name
    if not program.exists():
        print(f"{name}: not built")
        failures += 1
        continue
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["strip", "-o", out.name, program], check=True)
        size = pathlib.Path(out.name).stat().st_size
    wanted = subprocess.run(["nm", "-D", "--undefined-only", program], capture_output=True, text=True, check=True).stdout
    needed = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True).stdout
    symbols = sorted({m for m in re.findall(r"\bU (\w+)", wanted) if any(re.fullmatch(f, m) for f in rules["forbidden_symbols"])})
    libraries = [lib for lib in re.findall(r"NEEDED.*\[(.+)\]", needed) if any(re.match(f, lib) for f in rules.get("forbidden_libraries", []))]
    bad = size > rules["max_bytes"] or symbols or libraries
    failures += bool(bad)
    checked += 1
    print(f"{'OVER' if bad else 'ok  '} {name:24} {size:9} of {rules['max_bytes']:9} bytes {' '.join(symbols + libraries)}")
print(f"{checked} programs, {failures} failures")
sys.exit(1 if failures else 0)
