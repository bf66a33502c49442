#!/usr/bin/env python3
"""Proves what the kit says of itself: every clause has a case, every case a clause, and every known divergence (IX) and attack (SEC)
that is about a format is named by a case.  ids.py [--table]"""
import fnmatch, glob, json, os, re, sys

root = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
# of formats: what a program does with sockets, stores and users is proven elsewhere
wanted = [f"IX-{n:02}" for n in (*range(1, 13), *range(14, 19), *range(21, 42), 66, 67, 68, 69, 71, 72, 73, 74, 77)] + [f"SEC-{n:02}" for n in (14, 17, *range(31, 42), 46, 48, 49, 54)]

cases, clauses, bad = {}, {}, []
for path in sorted(glob.glob(os.path.join(root, "specs", "*", "README.md"))):
    with open(path, encoding="utf-8") as f:
        for id, level, rest in re.findall(r"^- \*\*([^*]+)\*\* (MUST|SHOULD|MAY): (.*)$", f.read(), re.M):
            clauses[id] = 0
            if "](http" not in rest:
                bad.append(f"{id} has no source")
for path in sorted(glob.glob(os.path.join(root, "specs", "*", "vectors", "*.json"))):
    with open(path, encoding="utf-8") as f:
        for c in json.load(f)["cases"]:
            if c["id"] in cases:
                bad.append(f"{c['id']} stands twice")
            cases[c["id"]] = c
            if c["clause"] not in clauses:
                bad.append(f"{c['id']} is of no clause")
            else:
                clauses[c["clause"]] += 1
bad += [f"clause {id} has no case" for id, n in clauses.items() if n == 0]

with open(os.path.join(root, "specs", "cases.json"), encoding="utf-8") as f:
    known = json.load(f)
named = {}
for c in cases.values():
    for id in c.get("stands_for", []):
        named[id] = named.get(id, 0) + 1
for id in wanted:
    if id not in named:
        bad.append(f"{id} is named by no case")
for id, row in known.items():
    for p in row["cases"]:
        if not any(fnmatch.fnmatchcase(c, p) for c in cases):
            bad.append(f"{id}: no case is called {p}")
if "--table" in sys.argv:
    print("| id | what | cases |\n| --- | --- | ---: |")
    for id, row in known.items():
        print(f"| {id} | {row['what']} | {named.get(id, 0)} |")
print("\n".join(bad) or f"{len(cases)} cases of {len(clauses)} clauses; {len(wanted)} known divergences and attacks, each named by a case")
sys.exit(bool(bad))
