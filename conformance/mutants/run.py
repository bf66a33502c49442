#!/usr/bin/env python3
"""Proves that the runner catches what it has to: four mutants of every operation, two of which are wrong in a single case.

  run.py RUNNER COMMAND SPECS [--ops-only]    RUNNER is cairn-conformance, COMMAND an adapter that answers well; with --ops-only
                                              the runner's manners and reports are left out (they are proven with one adapter)

Every mutant has to break a case that the adapter itself passes. Also broken in other ways: adapters that die, hang, fill the
memory, answer with another id, write no JSON or never say hello.
"""
import json, os, shlex, subprocess, sys, tempfile, xml.dom.minidom

runner, command, specs = sys.argv[1:4]
here = os.path.dirname(os.path.abspath(__file__))
broken = ("fail", "error", "timeout", "crash", "limit")


def run(adapters, *more):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "r.json")
        args = [runner, specs, "--json", out, *more]
        for label, c in adapters:
            args += ["--adapter", f"{label}={c}"]
        done = subprocess.run(args, capture_output=True, text=True)
        if not os.path.exists(out):
            raise SystemExit(done.stdout + done.stderr)
        with open(out, encoding="utf-8") as f:
            r = json.load(f)
    return r["cases"], {i["label"]: i for i in r["implementations"]}, done.returncode


cases, impls, _ = run([("true", command)])
by_op = {}
for c, r in zip(cases, impls["true"]["results"]):
    by_op.setdefault(c["op"], []).append((c, r))

caught, missed, without, rare_ones = 0, [], 0, 0
for op, list_ in sorted(by_op.items()):
    # which answers the adapter gave, in order: the middle one of those that are judged is the one to change
    oks = errs = 0
    judged_ok, judged_err = [], []
    for c, r in list_:
        if r["outcome"] == "unsupported":
            continue
        ok = "out" in c if r["outcome"] == "pass" else '"ok":' in r.get("answer", "")
        oks, errs = oks + ok, errs + (not ok)
        if r["outcome"] == "pass":
            (judged_ok if ok else judged_err).append(oks if ok else errs)
    mutations = []
    if judged_ok:
        mutations += [("refuse", "refuse"), ("rare", f"rare:{judged_ok[len(judged_ok) // 2]}"), ("rare-last", f"rare:{judged_ok[-1]}")]
    if judged_err:
        mutations += [("accept", "accept"), ("edge", f"edge:{judged_err[len(judged_err) // 2]}")]
    elif len(judged_ok) > 1:
        mutations.append(("rare-first", f"rare:{judged_ok[0]}"))
    if not mutations:
        without += 1
        continue
    program = shlex.quote(os.path.join(here, "mutant.py"))
    got, mutants, _ = run([(n, f"python3 {program} {m} {shlex.quote(command)}") for n, m in mutations], "--op", op)
    good = {c["id"] for c, r in list_ if r["outcome"] == "pass"}
    for name, _ in mutations:
        wrong = [c["id"] for c, r in zip(got, mutants[name]["results"]) if c["id"] in good and r["outcome"] in broken]
        if wrong:
            caught += 1
            rare_ones += len(wrong) * 20 < max(len(list_), 21)
        else:
            missed.append(f"{op} {name}")

if "--ops-only" in sys.argv:
    print(f"{caught} mutants of {len(by_op) - without} operations caught, {rare_ones} of them wrong in fewer than one case in twenty; missed: {', '.join(missed) or 'none'}")
    sys.exit(bool(missed) or without == len(by_op))

# adapters that misbehave: what has to come out
reader = "import sys,json,time,os\nfor l in sys.stdin:\n q=json.loads(l)\n if q['op']=='hello': print(json.dumps({'name':'x','ops':['varint.decode']}),flush=True); continue\n if q['op']=='bye': break\n "
manners = {
    "crash": (reader + "os.kill(os.getpid(),11)", "crash"), "exit": (reader + "sys.exit(3)", "crash"), "hang": (reader + "time.sleep(100)", "timeout"), "memory": (reader + "x=[bytearray(1<<20) for _ in range(96)]; time.sleep(1000); print(len(x))", "limit"),
    "other-id": (reader + "print(json.dumps({'id':-5,'ok':{}}),flush=True)", "error"), "no-json": (reader + "print('hello',flush=True)", "error"), "declines": (reader + "print(json.dumps({'id':q['id'],'unsupported':True}),flush=True)", "fail"),
    "both": (reader + "print(json.dumps({'id':q['id'],'ok':{},'err':{}}),flush=True)", "error"), "empty": (reader + "print(json.dumps({'id':q['id']}),flush=True)", "error"), "mute": ("import time\ntime.sleep(0.1)", "error"),
}
for name, (text, want) in manners.items():
    with tempfile.NamedTemporaryFile("w", suffix=".py") as f:
        f.write(text)
        f.flush()
        # one that fills the memory has all the time that a busy machine needs for it, and never answers
        seconds = {"hang": "0.5", "memory": "120"}.get(name, "10")
        got, one, status = run([(name, f"python3 {f.name}")], "--case", "varint-4/", "--timeout", seconds, "--memory", "64")
    seen = {r["outcome"] for r in one[name]["results"]}
    if seen == {want} and status != 0:
        caught += 1
    else:
        missed.append(f"manners {name}: {sorted(seen)}, status {status}")

# the reports tell of one broken case: the diff names it alone, JUnit counts it, a known failure does not count, an expired one does
with tempfile.TemporaryDirectory() as folder:
    path = lambda name: os.path.join(folder, name)
    program = shlex.quote(os.path.join(here, "mutant.py"))
    liar = f"x=python3 {program} rare:3 {shlex.quote(command)}"
    base = [runner, specs, "--area", "varint"]
    first = subprocess.run(base + ["--adapter", "x=" + command, "--json", path("before.json")], capture_output=True)
    second = subprocess.run(base + ["--adapter", liar, "--json", path("now.json"), "--junit", path("j.xml"), "--before", path("before.json"), "--diff", path("d.md")], capture_output=True)
    with open(path("d.md"), encoding="utf-8") as f:
        rows = [l for l in f if l.startswith("| x / ")]
    failures = xml.dom.minidom.parse(path("j.xml")).getElementsByTagName("failure")
    statuses, lines = [], []
    case = rows[0].split(" / ")[1].split(" |")[0] if rows else ""
    # (the case that is listed, the reason, until when)
    for id, reason, until in ((case, "a lie", "2999-01-01"), (case, "a lie", "2000-01-01"), (got[0]["id"], "a lie", "2999-01-01"), (case, "", "2999-01-01")):
        with open(path("known.json"), "w", encoding="utf-8") as f:
            json.dump([{"adapter": "x", "case": id, "reason": reason, "until": until}], f)
        done = subprocess.run(base + ["--adapter", liar, "--known", path("known.json")], capture_output=True, text=True)
        statuses.append(done.returncode)
        lines += [l for l in done.stdout.splitlines() if l.startswith(("KNOWN: ", "NOT BROKEN "))]
    told = (first.returncode, second.returncode, len(rows), len(failures), statuses, [l.split(":")[0].split(" any")[0] + l[-6:] for l in lines])
    if told == (0, 1, 1, 1, [0, 1, 1, 2], ["KNOWN a lie", "NOT BROKEN" + got[0]["id"][-6:]]):
        caught += 1
    else:
        missed.append(f"reports: {told}")

print(f"{caught} mutants caught, {rare_ones} of them wrong in fewer than one case in twenty; missed: {', '.join(missed) or 'none'}")
sys.exit(bool(missed))
