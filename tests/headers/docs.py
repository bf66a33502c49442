#!/usr/bin/env python3
"""Every code block of README and docs is a region of a compiled file, or the output of a command that a test runs.

A block is preceded by <!-- region FILE NAME -->; FILE holds `// [NAME]` ... `// [/NAME]` (`# [NAME]` in scripts); the name -namespace- is all that a header's namespace has.
With --write the blocks are brought up to date."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
write = "--write" in sys.argv
BLOCK = re.compile(r"(<!-- region (\S+) (\S+) -->\n)?```(\w*)\n(.*?)```", re.S)
failures = 0


def region(file, name):
    text = (root / file).read_text()
    if name == "-namespace-":  # what a header declares
        inner = re.search(r"^namespace [\w:]+ \{\n\n(.*?)\n\n?\}  // namespace", text, re.S | re.M)
        return inner[1].strip("\n") + "\n" if inner else None
    found = re.search(rf"^[ \t]*(?://|#) \[{re.escape(name)}\]\n(.*?)^[ \t]*(?://|#) \[/{re.escape(name)}\]", text, re.S | re.M)
    if not found:
        return None
    lines = found[1].splitlines()
    indent = min((len(l) - len(l.lstrip()) for l in lines if l.strip()), default=0)
    return "\n".join(l[indent:] for l in lines) + "\n"


def check(page):
    global failures

    def one(match):
        global failures
        marker, file, name, language, body = match.groups()
        if not marker:
            if language != "text":
                failures += 1
                print(f"{page.relative_to(root)}: a code block without a region: {body.splitlines()[0] if body.strip() else ''}")
            return match[0]
        wanted = region(file, name) if (root / file).exists() else None
        if wanted is None:
            failures += 1
            print(f"{page.relative_to(root)}: no region [{name}] in {file}")
        elif wanted != body:
            if not write:
                failures += 1
                print(f"{page.relative_to(root)}: the block differs from [{name}] of {file}; run tests/headers/docs.py . --write")
            return f"{marker}```{language}\n{wanted}```"
        return match[0]

    text = page.read_text()
    fresh = BLOCK.sub(one, text)
    if write and fresh != text:
        page.write_text(fresh)


pages = sorted([*root.glob("*.md"), *root.glob("docs/**/*.md")])
for page in pages:
    check(page)
print(f"{len(pages)} pages, {failures} failures")
sys.exit(1 if failures else 0)
