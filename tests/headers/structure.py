#!/usr/bin/env python3
"""The rules of the house that a grep can prove: tiers, umbrellas, file sizes, what core may include, who may read a clock."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1]) / "include"
BASE = ROOT / "cairn"
TIERS = {
    "core": 0, "concept": 0, "multiformats": 1, "crypto": 1, "block": 2, "ipld": 2,
    "hamt": 3, "unixfs": 3, "car": 3, "mfs": 3, "datastore": 3, "blockstore": 3, "pin": 3, "keystore": 3, "repo": 3,
    "libp2p": 4, "exchange": 4, "routing": 4, "pubsub": 4, "naming": 4, "consensus": 4,
    "asio": 5, "sim": 5, "node": 6, "service": 6, "cluster": 6,
}
# headers of the lowest tiers stay free of what is slow to include; bodies (.ipp) may use it
HEAVY = re.compile(r"^(boost/|botan/|openssl/|sodium|leveldb/|secp256k1|range/|(functional|ranges|iostream|regex|filesystem)$)")
CLOCKS = re.compile(r"_clock::now|std::random_device|\brand\(\)|\btime\(nullptr\)|\btime\(NULL\)")
CLOCK_OK = {"asio", "service"}
SOFT_CAP, HARD_CAP = 300, 500

failures = []
included = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def fail(path, text):
    failures.append(f"{path.relative_to(ROOT.parent)}: {text}")


def module_of(name):
    parts = pathlib.PurePosixPath(name).parts
    return parts[1].removesuffix(".hpp") if len(parts) > 1 and parts[0] == "cairn" else None


files = sorted(p for p in BASE.rglob("*") if p.suffix in {".hpp", ".ipp"})
for path in files:
    text = path.read_text()
    relative = path.relative_to(ROOT).as_posix()
    module = module_of(relative)
    if module == "src":
        continue
    if module not in TIERS:
        fail(path, f"module '{module}' has no tier; add it to the table in this test and to docs/architecture.md")
        continue
    tier = TIERS[module]
    for target in included.findall(text):
        other = module_of(target)
        if other is None or other == module:
            continue
        if other == "src" or other not in TIERS:
            fail(path, f"includes <{target}>, which has no tier")
        elif TIERS[other] > tier:
            fail(path, f"tier {tier} includes <{target}> of tier {TIERS[other]}")
        if "/impl/" in target or "/detail/" in target:
            fail(path, f"includes an internal file of another module: <{target}>")
    if re.search(r"^include\s*[<\"]", text, re.M):
        fail(path, "an include without its #")
    if not text.lstrip().startswith("#pragma once"):
        fail(path, "must begin with #pragma once")
    if path.suffix == ".hpp" and tier <= 2 and "impl" not in path.parts:
        for target in filter(HEAVY.match, included.findall(text)):
            fail(path, f"a header of tier {tier} includes <{target}>; move it to impl/")
    if module not in CLOCK_OK and (hit := CLOCKS.search(text)):
        fail(path, f"'{hit.group(0)}': time and randomness enter as arguments (architecture, section 3)")
    lines = text.count("\n")
    if lines > HARD_CAP and "long because" not in text and "generated" not in text.lower()[:400]:
        fail(path, f"{lines} lines; above {HARD_CAP} a comment 'long because ...' must give the reason")

if re.search(r"^include\s*[<\"]", (ROOT / "cairn.hpp").read_text(), re.M):
    failures.append("include/cairn.hpp: an include without its #")
for folder in sorted(p for p in BASE.iterdir() if p.is_dir()):
    headers = sorted(p for p in folder.rglob("*.hpp")
                     if "impl" not in p.parts and "detail" not in p.parts and p.name not in {"src.hpp"})
    if not headers or folder.name == "concept":
        continue
    umbrella = BASE / f"{folder.name}.hpp"
    if not umbrella.exists():
        failures.append(f"include/cairn/{folder.name}.hpp: missing umbrella")
        continue
    seen, todo = set(), [umbrella]
    while todo:
        current = todo.pop()
        if current in seen or not current.exists():
            continue
        seen.add(current)
        todo += [ROOT / t for t in included.findall(current.read_text()) if t.startswith(f"cairn/{folder.name}/")]
    for header in headers:
        if header not in seen:
            fail(header, f"not reachable from the umbrella cairn/{folder.name}.hpp")
    if f"<cairn/{folder.name}.hpp>" not in (ROOT / "cairn.hpp").read_text():
        failures.append(f"include/cairn.hpp: does not include <cairn/{folder.name}.hpp>")
    bodies = sorted(folder.rglob("*.ipp"))
    if bodies:
        source = folder / "src.hpp"
        gathered, todo = set(), [source, *folder.rglob("*.src.hpp")]
        while todo:
            current = todo.pop()
            if current in gathered or not current.exists():
                continue
            gathered.add(current)
            todo += [ROOT / t for t in included.findall(current.read_text()) if t.startswith(f"cairn/{folder.name}/") and "/impl/" in t or t.endswith("src.hpp")]
        for body in bodies:
            if body not in gathered:
                fail(body, f"not gathered by cairn/{folder.name}/src.hpp")
        if f"<cairn/{folder.name}/src.hpp>" not in (ROOT / "cairn/src.hpp").read_text():
            failures.append(f"include/cairn/src.hpp: does not include <cairn/{folder.name}/src.hpp>")

for line in failures:
    print(line)
print(f"{len(files)} files, {len(failures)} failures")
sys.exit(1 if failures else 0)
