"""The lines of the kit's protocol, as the adapters in Python read and answer them."""
import json, sys


def octets(v):
    if isinstance(v, str):
        return bytes.fromhex(v)
    with open(v["file"], "rb") as f:
        return f.read()


def serve(hello, operations, refused):
    """Answers until "bye". operations: by their names; refused: the exceptions that are an answer, the others end the adapter."""
    hello = {**hello, "ops": list(operations)}
    for line in sys.stdin:
        q = json.loads(line)
        if q["op"] == "bye":
            break
        if q["op"] == "hello":
            a = hello
        elif q["op"] not in operations:
            a = {"unsupported": True}
        else:
            try:
                a = {"ok": operations[q["op"]](q["in"])}
            except refused as e:
                a = {"err": {"class": "refused", "text": f"{type(e).__name__}: {e}"[:500]}}
        if "id" in q:
            a = {**a, "id": q["id"]}
        print(json.dumps(a), flush=True)
