#!/usr/bin/env python3
"""The adapter of docs/conformance/adapter.md, whole; example_test.py runs it."""
# [whole]
import json, sys
import mylib                                   # the library to be judged

def octets(v):
    return bytes.fromhex(v) if isinstance(v, str) else open(v["file"], "rb").read()

def decode(i):
    value, size = mylib.decode(octets(i["bytes"]))
    return {"value": str(value), "size": size}

ops = {"varint.decode": decode,
       "varint.encode": lambda i: {"bytes": mylib.encode(int(i["value"])).hex()}}

for line in sys.stdin:
    q = json.loads(line)
    if q["op"] == "bye":
        break
    if q["op"] == "hello":
        a = {"name": "mylib", "version": mylib.version, "language": "python", "ops": list(ops), "features": []}
    else:
        try:
            a = {"ok": ops[q["op"]](q["in"])}
        except mylib.Error as e:
            a = {"err": {"class": "malformed", "text": str(e)}}
    if "id" in q:
        a["id"] = q["id"]
    print(json.dumps(a), flush=True)
# [/whole]
