#!/usr/bin/env python3
"""A lying adapter: hands every question to another one and changes some answers. The runner has to notice.

  mutant.py MUTATION COMMAND

refuse   every answer becomes an error        accept   every error becomes an answer
rare:N   in the Nth answer one thing is wrong  edge:N   the Nth error becomes an answer
"""
import json, subprocess, sys


def changed(v):
    """The answer with one small thing wrong in it; nothing where there is nothing to change."""
    if isinstance(v, dict):
        for key in sorted(v, key=lambda k: len(json.dumps(v[k])), reverse=True):
            new = changed(v[key])
            if new != v[key]:
                return {**v, key: new}
        return v
    if isinstance(v, list):
        return v[:-1] if v else v
    if isinstance(v, bool):
        return not v
    if isinstance(v, int):
        return v + 1
    if isinstance(v, str) and v:
        return v[:-1] + ("0" if v[-1] != "0" else "1")
    return "x"


def main():
    how, _, n = sys.argv[1].partition(":")
    answers = errors = 0
    child = subprocess.Popen(["sh", "-c", "exec " + sys.argv[2]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for line in sys.stdin:
        child.stdin.write(line)
        child.stdin.flush()
        if json.loads(line)["op"] == "bye":
            break
        a = json.loads(child.stdout.readline())
        if "id" in a:
            answers += "ok" in a
            errors += "err" in a
            if "ok" in a and how == "refuse":
                a = {"id": a["id"], "err": {"class": "malformed", "text": "no"}}
            elif "err" in a and (how == "accept" or how == "edge" and errors == int(n)):
                a = {"id": a["id"], "ok": {}}
            elif "ok" in a and how == "rare" and answers == int(n):
                # every field, as the case may look at one of them only
                new = {k: changed(v) for k, v in a["ok"].items()}
                a = {"id": a["id"], "ok": new} if new != a["ok"] else {"id": a["id"], "err": {"class": "malformed", "text": "no"}}
        print(json.dumps(a), flush=True)


main()
