#!/usr/bin/env python3
"""The adapter that the docs show answers as they say."""
import json
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
asked = [{"id": 1, "op": "hello"}, {"id": 2, "op": "varint.decode", "in": {"bytes": "ac02"}}, {"id": 3, "op": "varint.encode", "in": {"value": "300"}},
         {"id": 4, "op": "varint.decode", "in": {"bytes": "8000"}}, {"op": "bye"}]
done = subprocess.run([sys.executable, str(here / "adapter.py")], input="".join(json.dumps(q) + "\n" for q in asked), capture_output=True, text=True, timeout=20, check=True)
answers = {a["id"]: a for a in map(json.loads, done.stdout.splitlines())}
assert answers[1]["ops"] == ["varint.decode", "varint.encode"], answers
assert answers[2]["ok"] == {"value": "300", "size": 2}, answers
assert answers[3]["ok"] == {"bytes": "ac02"}, answers
assert answers[4]["err"]["class"] == "malformed", answers
print("4 answers as the page says")
