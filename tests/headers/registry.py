#!/usr/bin/env python3
"""A newer registry may add rows to the committed table; it may not rename, move or drop one. registry.py ROOT"""
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1])
header = (root / "include/cairn/multiformats/multicodec_table.hpp").read_text()
rows = re.findall(r'\{(0x[0-9a-f]+), "([^"]+)", multicodec_tag::([a-z0-9]+?)_?, multicodec_status::(\w+)\}', header)
failures = 0


def expect(what, good, said=""):
    global failures
    failures += not good
    print(f"{'good' if good else 'BAD '} capability 2 (5): {what}{'' if good else ': ' + said}")


with tempfile.TemporaryDirectory() as folder:
    table = pathlib.Path(folder) / "table.csv"

    def check(changed):
        table.write_text("name, tag, code, status, description\n" + "".join(f"{name}, {tag}, {code}, {status},\n" for code, name, tag, status in changed))
        done = subprocess.run([sys.executable, root / "tools/multicodec_table.py", table, "--check"], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    expect(f"the table as it is, {len(rows)} rows", check(rows)[0] == 0 and len(rows) >= 637, check(rows)[1])
    code, said = check([*rows, ("0x3ffff0", "a-row-that-is-new", "ipld", "draft")])
    expect("a row more is no change of a constant", code != 0 and "would" not in said and "is not what the table gives" in said, said)
    at = next(i for i, row in enumerate(rows) if row[1] == "dag-cbor")
    for what, changed in (
        ("a row renamed", [*rows[:at], (rows[at][0], "dag-cbor-two", *rows[at][2:]), *rows[at + 1:]]),
        ("a row moved", [*rows[:at], ("0x3ffff1", *rows[at][1:]), *rows[at + 1:]]),
        ("a row dropped", [*rows[:at], *rows[at + 1:]]),
    ):
        code, said = check(changed)
        expect(what + " is refused, and named", code != 0 and "0x71" in said and "dag-cbor" in said, said)
sys.exit(1 if failures else 0)
