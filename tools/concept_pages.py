#!/usr/bin/env python3
"""docs/concepts/<name>.md from include/cairn/concept/<name>.hpp: what the role is, its laws, its models, and how one is added.

  tools/concept_pages.py           write the pages
  tools/concept_pages.py --check   exit 1 where a page is not what its header says"""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
pages = root / "docs" / "concepts"
# where models of a concept live: module of the header, folder of the test
HOMES = {
    "base_codec": ("multiformats", "a base"), "block_codec": ("ipld/codec", "a codec"), "block_exchange": ("exchange", "an exchange"),
    "blockstore": ("blockstore", "a block store"), "byte_sink": ("unixfs", "a sink"), "byte_source": ("unixfs", "a source"),
    "chunker": ("unixfs", "a chunker"), "content_router": ("routing", "a router"), "dag_layout": ("unixfs", "a layout"),
    "datastore": ("datastore", "a datastore"), "keystore": ("keystore", "a keystore"), "layer": ("blockstore", "a layer"),
    "multihasher": ("crypto", "a hash function"), "secure_channel": ("libp2p", "a secure channel"), "signature_scheme": ("crypto", "a kind of key"),
    "stream_muxer": ("libp2p", "a muxer"), "transport": ("libp2p", "a transport"), "dns_resolver": ("naming", "a DNS resolver"),
}


def page_of(header):
    name = header.stem
    text = header.read_text()
    comment = [line.removeprefix("///").removeprefix(" ") for line in re.search(r"((?:^///.*\n)+)(?=namespace)", text, re.M)[1].splitlines()]
    code = re.search(r"^namespace [\w:]+ \{\n\n(.*?)\n\n?\}  // namespace", text, re.S | re.M)[1]
    home, one = HOMES.get(name, ("", "a model"))
    out = [f"# {name}", ""]
    laws = False
    for line in comment:
        if line.startswith("Laws"):
            laws = True
            where = re.search(r"\((.*)\)", line)
            out += ["## Laws", ""]
            if where:
                out += [f"Every model runs `{where[1]}`.", ""]
        elif laws and (law := re.match(r"  (L\d+)\s+(.*)", line)):
            out.append(f"- **{law[1]}** {law[2]}")
        elif laws and line.startswith("      ") and out[-1].startswith("- "):
            out[-1] += " " + line.strip()
        elif line.startswith("Models"):
            laws = False
            out += ["", "## Models", "", line.split(":", 1)[1].strip()]
        else:
            laws = laws and not line.startswith("Optional")
            out.append(line if line.strip() else "")
    out += ["", "## What is required", "", f"<!-- region include/cairn/concept/{name}.hpp -namespace- -->", "```cpp", code.strip("\n"), "```", ""]
    if home:
        kit = f"`laws::{name}`" if (root / f"tests/laws/{name}.hpp").exists() else "the laws above"
        out += ["## Adding " + one, "",
                f"One header, `include/cairn/{home}/<name>.hpp`, that ends with `static_assert` of the concept; one test,",
                f"`tests/{home}/<name>.cpp`, that runs {kit}; its line in the module's umbrella. Nothing else changes."]
        archetype = root / f"tests/archetypes/{name}.hpp"
        if archetype.exists():
            out += ["", f"The smallest model is `tests/archetypes/{name}.hpp`: whatever is generic compiles with it."]
        out.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out))


stale = []
for header in sorted((root / "include/cairn/concept").glob("*.hpp")):
    if header.stem == "fwd":
        continue
    page = pages / f"{header.stem}.md"
    wanted = page_of(header)
    if "--check" in sys.argv:
        if not page.exists() or page.read_text() != wanted:
            stale.append(page.name)
    else:
        pages.mkdir(parents=True, exist_ok=True)
        page.write_text(wanted)
if stale:
    print("not what the headers say; run tools/concept_pages.py: " + ", ".join(stale))
    sys.exit(1)
