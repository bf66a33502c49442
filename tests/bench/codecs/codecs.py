"""The codecs of Python over the blocks of a folder; see tests/bench/versus_codecs."""
import os
import sys
import time

codecs = {}
try:
    import dag_cbor
    codecs["dag-cbor"] = ("cbor", dag_cbor.decode, dag_cbor.encode)
except ImportError:
    pass
try:
    import libipld
    codecs["libipld"] = ("cbor", libipld.decode_dag_cbor, libipld.encode_dag_cbor)
except ImportError:
    pass


def best_of(work):
    best, spent, run = 1e18, 0, 0
    while run < 5 or (spent < 5e8 and run < 1000):
        start = time.perf_counter_ns()
        work()
        took = time.perf_counter_ns() - start
        best, spent, run = min(best, took), spent + took, run + 1
    return best


best = {}
for file in sorted(os.listdir(sys.argv[1])):
    shape, ext = os.path.splitext(file)
    with open(os.path.join(sys.argv[1], file), "rb") as f:
        data = f.read()
    for name, (kind, decode, encode) in codecs.items():
        if ext != "." + kind:
            continue
        try:
            value = decode(data)
            for op, work in (("decode", lambda: decode(data)), ("encode", lambda: encode(value))):
                key = (shape, kind, op)
                best[key] = min(best.get(key, 1e18), best_of(work))
        except Exception as error:  # an implementation may have limits of its own; it is left out there
            print(file, name, repr(error)[:100], file=sys.stderr)
for (shape, kind, op), ns in best.items():
    print(shape, kind, op, ns)
