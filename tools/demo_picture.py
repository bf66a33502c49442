#!/usr/bin/env python3
"""The picture that ./demo ends with: what went where, and how fast. Reads facts as JSON, prints a text picture, writes an SVG.

  demo_picture.py FACTS.json [OUT.svg]
  FACTS: {"root", "files", "links", "bytes", "steps": [{"name", "ms"}], "light": [lines]}"""
import html
import json
import os
import sys

facts = json.load(open(sys.argv[1]))
steps = {s["name"]: s["ms"] for s in facts["steps"]}
size = facts["bytes"]
unicode_ok = "UTF-8" in (os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or "").upper().replace("UTF8", "UTF-8")
bold, dim, plain = ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("", "", "")


def speed(ms):
    return f"{size / 1e6 / max(ms, 1) * 1000:,.0f} MB/s"


def took(name):
    return f"{steps[name] / 1000:.2f} s, {speed(steps[name])}" if name in steps else ""


# ---- text ----
def box(lines, width):
    h, v, c = ("─", "│", "┌┐└┘") if unicode_ok else ("-", "|", "++++")
    yield c[0] + h * (width + 2) + c[1]
    for line in lines:
        yield f"{v} {line:<{width}} {v}"
    yield c[2] + h * (width + 2) + c[3]


arrow, bar = ("──▶", "█") if unicode_ok else ("-->", "#")
short = facts["root"][:12] + "..." + facts["root"][-6:]
tree = list(box(["a tree of this machine", f"{facts['files']} files, {facts['links']} symlinks", f"{size / 1e6:,.0f} MB"], 26))
repo = list(box(["repo: packs, pins", short, "every block by its hash"], 26))


def beside(left, right, words):
    middle = [f" {w:^10} " for w in words]
    return [f"  {a}{m}{b}" for a, m, b in zip(left, middle, right)]


print()
for line in beside(tree, repo, ["", "", "add " + arrow, f"{steps.get('add (cairn)', 0) / 1000:.2f} s", ""]):
    print(line)
down = "│" if unicode_ok else "|"
tip = "▼" if unicode_ok else "v"
lines = [
    f"{'':44}{down} dag export  {took('export to CAR')}",
    f"{'':44}{tip}",
]
for line in lines:
    print(line)
car = list(box(["tree.car", "one file, CARv1"], 26))
for line in [" " * 42 + row for row in car]:
    print(line)
branch = "├" if unicode_ok else "+"
end = "└" if unicode_ok else "+"
print(f"{'':44}{branch}{arrow} archiver: unpacked, every byte the same      {took('unpack (archiver)')}")
print(f"{'':44}{end}{arrow} light client, trusts nobody: every hash right {took('verify (light client)')}")
print()
most = max(steps.values(), default=1) or 1
for name, ms in steps.items():
    width = max(1, round(ms * 40 / most))
    print(f"  {name:<22} {ms:>7} ms  {speed(ms):>12}  {dim}{bar * width}{plain}")
print(f"\n  {bold}{facts['root']}{plain}")

# ---- SVG ----
if len(sys.argv) > 2:
    out = []

    def text(x, y, words, kind=""):
        out.append(f'<text x="{x}" y="{y}" class="{kind}">{html.escape(words)}</text>')

    def card(x, y, w, title, *words):
        out.append(f'<rect x="{x}" y="{y}" width="{w}" height="{38 + 18 * len(words)}" rx="8"/>')
        text(x + 14, y + 24, title, "title")
        for i, line in enumerate(words):
            text(x + 14, y + 44 + 18 * i, line)

    def line(x1, y1, x2, y2, words, wx, wy):
        out.append(f'<path d="M{x1} {y1} L{x2} {y2}" marker-end="url(#tip)"/>')
        text(wx, wy, words, "small")

    card(20, 20, 240, "a tree of this machine", f"{facts['files']} files, {facts['links']} symlinks", f"{size / 1e6:,.0f} MB")
    card(460, 20, 320, "repo: packs, pins", short, "every block under its hash")
    line(262, 57, 452, 57, f"add: {took('add (cairn)')}", 268, 48)
    line(620, 96, 620, 146, f"dag export: {took('export to CAR')}", 630, 126)
    card(460, 152, 320, "tree.car", "one file; whoever has it needs no node")
    line(458, 180, 272, 180, "archiver", 330, 172)
    card(20, 152, 240, "the tree again", "every byte compared: the same")
    line(620, 210, 620, 252, "light client, trusts nobody", 630, 234)
    card(460, 258, 320, "verified", f"every hash right: {took('verify (light client)')}")
    y = 262
    text(20, y, "how long", "title")
    for name, ms in steps.items():
        y += 24
        text(20, y, name)
        out.append(f'<rect class="bar" x="180" y="{y - 12}" width="{max(2, ms * 180 / most):.0f}" height="14" rx="3"/>')
        text(186 + max(2, ms * 180 / most), y, f"{ms} ms", "small")
    height = max(y + 30, 340)
    text(20, height - 8, facts["root"], "small")
    open(sys.argv[2], "w").write(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="800" height="{height}" viewBox="0 0 800 {height}">\n'
        '<style>rect{fill:#f4f6fa;stroke:#8aa}.bar{fill:#4a7;stroke:none}text{font:13px sans-serif;fill:#234}.title{font-weight:bold}'
        ".small{font-size:11px;fill:#567}path{stroke:#567;fill:none;stroke-width:1.5}</style>\n"
        '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto"><path d="M0 0 L8 4 L0 8 z" style="fill:#567"/></marker></defs>\n'
        f'<rect x="0" y="0" width="800" height="{height}" style="fill:#fff;stroke:none"/>\n' + "\n".join(out) + "\n</svg>\n")
    print(f"  the same as a picture: {sys.argv[2]}")
