#!/usr/bin/env python3
"""A run's results as a page that is kept: the matrix, the versions, and every clause that somebody breaks with the cases that show it.

  summary.py RESULTS.json [NOTE]... > docs/conformance/results/DATE.md
"""
import json, sys

from classes import broken, class_of

with open(sys.argv[1], encoding="utf-8") as f:
    r = json.load(f)
impls, cases = r["implementations"], r["cases"]
areas = list(dict.fromkeys(c["area"] for c in cases))
out = print
out(f"# Results of {r['date']}\n")
out(f"{len(cases)} cases in {len(areas)} areas, suite `{r['suite'][:12]}`. A cell is passed / judged; **bold** where a case of level must is broken; disputed cases are not judged.\n")
out("| area | " + " | ".join(i["label"] for i in impls) + " |\n| --- |" + " --- |" * len(impls))
for area in areas:
    row = []
    for i in impls:
        mine = [(c, x) for c, x in zip(cases, i["results"]) if c["area"] == area]
        ok = sum(x["outcome"] == "pass" for _, x in mine)
        bad = [c for c, x in mine if x["outcome"] in broken and c["level"] != "disputed"]
        text = f"{ok} / {ok + len(bad)}" if ok + len(bad) else "–"
        row.append(f"**{text}**" if any(c["level"] == "must" for c in bad) else text)
    out(f"| {area} | " + " | ".join(row) + " |")
out("\n## What was run\n\n| implementation | versions | planned | sent | answered | restarts |\n| --- | --- | ---: | ---: | ---: | ---: |")
for i in impls:
    out(f"| {i['label']} | {i['language']}: {i['version']} | {i['planned']} | {i['sent']} | {i['answered']} | {i['restarts']} |")
for note in sys.argv[2:]:
    out(f"\n{note}")
known = [(i["label"], c, x) for i in impls for c, x in zip(cases, i["results"]) if x.get("known")]
if known:
    out("\n## Known failures\n\nThose of ours; they are listed in `conformance/known-failures.json` with the day on which each is looked at again.\n\n| implementation | level | reason | cases |\n| --- | --- | --- | --- |")
    by_reason = {}
    for label, c, x in known:
        by_reason.setdefault((label, c["level"], str(x["known"])), []).append(c["id"])
    for (label, level, why), ids in by_reason.items():
        out(f"| {label} | {level} | {why} | {', '.join(f'`{i}`' for i in ids)} |")
out("\n## Who breaks what\n\nBy clause; the text of a clause and its source stand in `specs/<area>/README.md`.\n\n| clause | level | implementation | cases | one of them | whose | what it does |\n| --- | --- | --- | ---: | --- | --- | --- |")
found = {}
for n, c in enumerate(cases):
    for i in impls:
        x = i["results"][n]
        if x["outcome"] in broken:
            found.setdefault((c["clause"], c["level"], i["label"]), []).append((c, x))
for (clause, level, label), list_ in sorted(found.items(), key=lambda e: (areas.index(e[1][0][0]["area"]), int(e[0][0].rsplit("-", 1)[1]), e[0][2])):
    worst = next((e for e in list_ if e[1]["outcome"] == "crash"), list_[0])
    what = (worst[1]["outcome"] + ": " if worst[1]["outcome"] != "fail" else "") + " ".join(worst[1].get("detail", "").split(";")[0].split())[:110]
    whose, why = class_of(clause, label)
    why = why or what
    if all(e[1].get("known") for e in list_):
        whose, why = "known", str(list_[0][1]["known"])
    out(f"| {clause} | {level} | {label} | {len(list_)} | `{worst[0]['id']}` | {whose} | {why.replace('|', '/')} |")
out("\n## Disputed\n\nHow many disputed cases each implementation answers in which way, by clause.\n\n| clause | cases | " + " | ".join(i["label"] for i in impls) + " |\n| --- | ---: |" + " --- |" * len(impls))
by = {}
for n, c in enumerate(cases):
    if c["level"] == "disputed":
        by.setdefault(c["clause"], []).append(n)
for clause, ns in by.items():
    row = []
    for i in impls:
        n_of = {}
        for n in ns:
            x = i["results"][n]
            word = x.get("detail", "") if x["outcome"] == "disputed" else x["outcome"]
            if word != "unsupported":
                n_of[word] = n_of.get(word, 0) + 1
        row.append(", ".join(f"{v} {k}" for k, v in sorted(n_of.items())) or "–")
    out(f"| {clause} | {len(ns)} | " + " | ".join(row) + " |")
