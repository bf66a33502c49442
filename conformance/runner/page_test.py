#!/usr/bin/env python3
"""Opens a matrix page in headless Chromium, clicks a cell, opens a case, and looks at what is shown. Says SKIPPED without Chromium.

  page_test.py MATRIX.html [SCREENSHOT.png]
"""
import re, shutil, subprocess, sys, tempfile, os

browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not browser:
    print("SKIPPED: no Chromium to look at the page with")
    sys.exit(0)
probe = """<script>
const cells = [...document.querySelectorAll('#matrix td.cell')]
const before = document.querySelectorAll('#list details').length
const target = cells.find(c => c.querySelector('.bad')) || cells[0]
target.click()
const first = document.querySelector('#list details')
first.open = true
first.ontoggle()
document.documentElement.dataset.probe = JSON.stringify({ cells: cells.length, before, listed: document.querySelectorAll('#list details').length, blocks: first.querySelectorAll('pre').length, clause: !!first.querySelector('blockquote a'), answers: first.querySelectorAll('.answers .tag').length })
// a picture is of the top of the page: show the cases there
document.getElementById('matrix').parentNode.style.display = 'none'; scrollTo({ top: 0, behavior: 'instant' })
</script></body>"""
with open(sys.argv[1], encoding="utf-8") as f:
    page = f.read()
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "page.html")
    with open(path, "w", encoding="utf-8") as f:
        f.write(page.replace("</body>", probe))
    flags = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--window-size=1400,1000", f"--user-data-dir={folder}/profile"]
    dom = subprocess.run(flags + ["--dump-dom", "file://" + path], capture_output=True, text=True, timeout=120).stdout
    if len(sys.argv) > 2:
        subprocess.run(flags + [f"--screenshot={sys.argv[2]}", "file://" + path], capture_output=True, timeout=120)
found = re.search(r'data-probe="([^"]*)"', dom)
if not found:
    print("the page's script failed")
    sys.exit(1)
import html, json
seen = json.loads(html.unescape(found.group(1)))
print(seen)
sys.exit(0 if seen["cells"] and seen["listed"] and seen["blocks"] >= 2 and seen["clause"] and seen["answers"] else 1)
