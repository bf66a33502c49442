#!/usr/bin/env python3
"""tools/remember.py in a repository of its own: what passed is not run again, what changed, failed or was skipped is."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1]).resolve()
failures = 0


def check(what, holds):
    global failures
    failures += not holds
    if not holds:
        print(f"FAILED: {what}")


with tempfile.TemporaryDirectory() as folder:
    here = pathlib.Path(folder) / "repository"
    (here / "tools").mkdir(parents=True)
    build = here / "build" / "one"
    (build / "tests").mkdir(parents=True)
    shutil.copy(root / "tools" / "remember.py", here / "tools")
    (here / ".gitignore").write_text("build/\n")
    (here / "input").write_text("1")
    subprocess.run(["git", "init", "-q", str(here)], check=True)
    environment = {**os.environ, "CAIRN_VECTORS": str(here / "input")}

    def remember(*arguments, **more):
        done = subprocess.run([str(here / "tools/remember.py"), *map(str, arguments)], cwd=here, env={**environment, **more}, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def known(*inputs, **more):
        return remember("ask", "lane", *inputs, **more)[0] == 0

    check("nothing is known at first", not known("."))
    remember("keep", "lane", ".")
    check("what passed is known", known("."))
    check("another lane is not", remember("ask", "other", ".")[0] == 1)
    check("another environment is not", not known(".", CAIRN_KUBO="elsewhere"))
    (here / "input").write_text("2")
    check("a file that changed is not", not known("."))
    (here / "input").write_text("1")
    check("a file that changed back is", known("."))
    (here / "new").write_text("")
    check("a new file is a change", not known("."))
    (here / "newer").write_text("")
    remember("keep", "lane", ".")
    check("what changed while it ran is not kept", not known("."))
    (here / "new").unlink(), (here / "newer").unlink()
    remember("forget", "lane", ".")
    check("what failed is forgotten", not known("."))

    runs = here / "build" / "runs"
    (build / "CTestTestfile.cmake").write_text("".join(
        f'add_test({name} "/bin/sh" "{here}/script" "{name}")\nset_tests_properties({name} PROPERTIES SKIP_RETURN_CODE 77)\n'
        for name in ("passes", "fails", "skips", "a++")) + f'add_test(program "{build}/tests/program")\n')
    (here / "script").write_text(f'echo "$1" >> {runs}\ncase $1 in fails) exit 1 ;; skips) exit 77 ;; esac\n')
    program = build / "tests" / "program"
    program.write_text(f"#!/bin/sh\necho program >> {runs}\n")
    program.chmod(0o755)

    def ran(*arguments):
        runs.unlink(missing_ok=True)
        status, _ = remember("ctest", *arguments, build, here / "build/log")
        return status != 0, sorted(runs.read_text().split()) if runs.exists() else []

    check("at first every test runs", ran() == (True, ["a++", "fails", "passes", "program", "skips"]))
    check("then those that did not pass", ran() == (True, ["fails", "skips"]))
    check("those that passed are printed", (here / "build/log").read_text().count("unchanged since it passed") == 3)
    (here / "input2").write_text("")
    check("a change of the repository runs the scripts, not the program", ran() == (True, ["a++", "fails", "passes", "skips"]))
    program.write_text(program.read_text() + "# changed\n")
    check("a change of the program runs it", ran() == (True, ["fails", "program", "skips"]))
    (here / "input").write_text("3")
    check("a change of the data runs all", ran() == (True, ["a++", "fails", "passes", "program", "skips"]))
    check("and so does --again", ran("--again") == (True, ["a++", "fails", "passes", "program", "skips"]))
    (here / "script").write_text((here / "script").read_text().replace("fails) exit 1 ;; skips) exit 77 ;;", "x) ;;"))
    check("what is mended runs", ran() == (False, ["a++", "fails", "passes", "skips"]))
    check("then nothing runs", ran() == (False, []))

print(f"{failures} failures")
sys.exit(1 if failures else 0)
