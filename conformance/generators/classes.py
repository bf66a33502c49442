"""Whose a divergence is, and why: conformance/classification.json, by clause and implementation."""
import json, os

broken = ("fail", "error", "timeout", "crash", "limit", "not run")
unknown = "not classified"

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "classification.json"), encoding="utf-8") as f:
    _classes = json.load(f)


def class_of(clause, label):
    """[whose, why]; whose is `unknown` where nobody has looked yet."""
    # a program is known by the library that it is made of
    alias = _classes["as"].get(label, label)
    reasons = _classes["reasons"]
    return reasons.get(f"{clause}/{label}") or reasons.get(f"{clause}/{alias}") or _classes["labels"].get(label) or [unknown, ""]


def divergences(results):
    """{(clause, level, label): [(case, result)]} of a run, disputed cases left out."""
    found = {}
    for i in results["implementations"]:
        for c, x in zip(results["cases"], i["results"]):
            if x["outcome"] in broken and c["level"] != "disputed":
                found.setdefault((c["clause"], c["level"], i["label"]), []).append((c, x))
    return found
