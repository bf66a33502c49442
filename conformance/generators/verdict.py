#!/usr/bin/env python3
"""The end of a run of the kit: a line for each implementation, and one verdict.

  verdict.py RESULTS.json [NAME=STATUS]...    NAME is a step of the run; it passed where STATUS is 0
"""
import json, sys

from classes import broken, class_of, divergences, unknown

steps = [a.rpartition("=")[::2] for a in sys.argv[2:]]
columns = ("planned", "sent", "answered", "passed", "failed", "unsupported", "known", "disputed", "restarts")
try:
    with open(sys.argv[1], encoding="utf-8") as f:
        r = json.load(f)
except (OSError, ValueError) as e:
    sys.exit(f"conformance: FAILED: there are no results ({e})")

print(f"\n{'':16}" + "".join(f"{c:>12}" for c in columns) + "     seconds")
unequal = []
for i in r["implementations"]:
    outcomes = [x["outcome"] for x in i["results"]]
    known = sum(bool(x.get("known")) for x in i["results"])
    failed = sum(o in broken for o in outcomes) - known
    row = (i["planned"], i["sent"], i["answered"], outcomes.count("pass"), failed, outcomes.count("unsupported"), known, outcomes.count("disputed"), i["restarts"])
    print(f"{i['label']:16}" + "".join(f"{n:12}" for n in row) + f"{i['seconds']:12.1f}")
    # a case cannot be green because it was not asked
    if i["planned"] != i["sent"] or sum(row[3:8]) != len(r["cases"]):
        unequal.append(i["label"])

new = {k: v for k, v in divergences(r).items() if class_of(k[0], k[2])[0] == unknown and not all(x.get("known") for _, x in v)}
for (clause, level, label), list_ in new.items():
    print(f"NOT CLASSIFIED: {label} {clause} ({level}): {len(list_)} cases, one of them {list_[0][0]['id']}")

wrong = [name for name, status in steps if status != "0"] + [f"{label} was not asked everything" for label in unequal]
print(f"\nconformance: {'FAILED: ' + ', '.join(wrong) if wrong else 'PASSED'}: {len(r['cases'])} cases, {len(r['implementations'])} implementations, {len(new)} divergences not classified")
sys.exit(bool(wrong))
