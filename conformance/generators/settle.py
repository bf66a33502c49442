#!/usr/bin/env python3
"""Cut points of the content-defined chunkers, where no text says what they are: kept where two implementations agree.

  settle.py COMMAND COMMAND    two adapters; writes settled.json
"""
import json, os, subprocess, sys, tempfile
from kit import chacha20

here = os.path.dirname(os.path.abspath(__file__))
questions = [(t, s, n) for t in ("buzhash", "rabin", "rabin-65536-131072-262144", "rabin-16384-32768-65536")
             for s, n in (("a", 1000000), ("b", 2000000), ("c", 131072), ("d", 131073), ("e", 3000000), ("f", 100), ("g", 600000))]
with tempfile.TemporaryDirectory() as folder:
    lines = []
    for i, (text, seed, size) in enumerate(questions):
        path = os.path.join(folder, seed)
        if not os.path.exists(path):
            with open(path, "wb") as f:
                f.write(chacha20("cuts-" + seed, size))
        lines.append(json.dumps({"id": i, "op": "chunker.cuts", "in": {"chunker": text, "data": {"file": path}}}))
    answers = []
    for command in sys.argv[1:3]:
        out = subprocess.run(command, shell=True, input="\n".join(lines) + '\n{"op":"bye"}\n', capture_output=True, text=True, check=True).stdout
        answers.append({a["id"]: a.get("ok", {}).get("lengths") for a in map(json.loads, out.splitlines())})
settled = {}
for i, (text, seed, size) in enumerate(questions):
    one, two = answers[0].get(i), answers[1].get(i)
    if one and one == two:
        settled[f"{text}-{seed}"] = one
    else:
        print("they disagree on", text, seed, size)
with open(os.path.join(here, "settled.json"), "w") as f:
    json.dump(settled, f, indent=0, sort_keys=True)
print(len(settled), "of", len(questions))
