#!/usr/bin/env python3
"""Each case of the lists below is named by at least one test: in the name of a TEST_CASE, TEMPLATE_TEST_CASE or SECTION, or in the label of
a script's check. cases.py ROOT [--where] (prints which)."""
import pathlib
import re
import sys

# interoperability (IX) and security (SEC) cases, those of the running node with them
WANTED = [f"IX-{n:02}" for n in [*range(1, 52), 58, 60, *range(62, 78)]]
WANTED += [f"SEC-{n:02}" for n in [*range(1, 9), *range(10, 19), *range(27, 52), 53, 54]]
# points of the capabilities that docs/acceptance.md lists: what a key, the table of codecs, codecs and CARs, dag, a large directory and the core API must do
POINTS = {1: 5, 2: 5, 3: 4, 5: 7, 6: 3, 7: 4, 8: 6, 11: 5, 27: 5}
WANTED += [f"capability {row} ({n})" for row, count in POINTS.items() for n in range(1, count + 1)] + ["capability 4", "capability 14"]
WANTED += [f"capability {row} ({n})" for row, points in {13: (1, 3, 4, 5), 17: (1, 2), 20: (1,), 24: (1, 2, 3, 4, 5, 6)}.items() for n in points]
CASE = re.compile(r"(?:IX|SEC)-\d+|capability \d+(?: \(\d+\))?")

root = pathlib.Path(sys.argv[1])
named = re.compile(r'\b(?:TEST_CASE\(|TEST_CASE_METHOD\(\s*\w+\s*,|TEMPLATE_TEST_CASE\(|SECTION\(|test_case\()\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
found = {}
for path in sorted((root / "tests").rglob("*.[ch]pp")):
    for text in named.findall(path.read_text()):
        for case in CASE.findall(text):
            found.setdefault(case, []).append(f"{path.relative_to(root)}: {text.strip()}")
# what must not compile says in its second line what it shows
for path in sorted((root / "tests/compile_fail").glob("*.cpp")):
    line = path.read_text().splitlines()[1]
    for case in CASE.findall(line):
        found.setdefault(case, []).append(f"{path.relative_to(root)}: {line.strip('/ ')}")
# scripts say what they check in the text they print
for path in [*(f for folder in ("cli", "interop", "rpc", "gateway", "capabilities") for f in sorted((root / "tests" / folder).iterdir())), root / "tests/headers/registry.py"]:
    if path.suffix in {".txt", ".json", ".cpp", ".hpp"} or not path.is_file():
        continue
    for line in path.read_text().splitlines():
        if line.lstrip().startswith("#") or not re.search(r"[\"'].*?(?:" + CASE.pattern + ")", line):
            continue
        for case in CASE.findall(line):
            found.setdefault(case, []).append(f"{path.relative_to(root)}: {line.strip()[:160]}")

missing = [case for case in WANTED if case not in found]
page = (root / "docs/acceptance.md").read_text()
missing += [f"{case} on docs/acceptance.md" for case in WANTED if case.startswith("capability") and f"| {case.removeprefix('capability ')} |" not in page]
if "--where" in sys.argv:
    for case in WANTED:
        for place in found.get(case, []):
            print(f"{case}  {place}")
for case in missing:
    print(f"{case}: no test names it")
print(f"{len(WANTED)} cases, {len(missing)} without a test")
sys.exit(1 if missing else 0)
