"""Corpora as they are committed: corpus/<target>.txt, an input a line, in hexadecimal, the shortest first."""
import hashlib, os

here = os.path.dirname(os.path.abspath(__file__))


def unpack(target, folder):
    """The committed inputs of a target and its regressions as files of `folder`; how many."""
    os.makedirs(folder, exist_ok=True)
    inputs = []
    packed = os.path.join(here, "corpus", target + ".txt")
    if os.path.exists(packed):
        with open(packed, encoding="ascii") as f:
            inputs += [bytes.fromhex(line) for line in f]
    regress = os.path.join(here, "..", "tests", "regress", target)
    if os.path.isdir(regress):
        for name in os.listdir(regress):
            with open(os.path.join(regress, name), "rb") as f:
                inputs.append(f.read())
    for b in inputs:
        with open(os.path.join(folder, hashlib.sha1(b).hexdigest()), "wb") as f:
            f.write(b)
    return len(inputs)


# handshakes: over QUIC some datagrams of 1200 octets, each in a part of its own
bounds = {"quic": (12 * 1024, 64 * 1024), "tls_channel": (2048, 48 * 1024)}


def pack(target, folder):
    """The files of `folder`, as far as they are small: the shortest first, up to so many octets in all."""
    longest, total = bounds.get(target, (2048, 16 * 1024))
    inputs = []
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as f:
            inputs.append(f.read())
    kept, size = [], 0
    for b in sorted({i for i in inputs if len(i) <= longest}, key=lambda i: (len(i), i)):
        if size + len(b) > total:
            break
        kept.append(b)
        size += len(b)
    if not kept:
        return 0, 0
    os.makedirs(os.path.join(here, "corpus"), exist_ok=True)
    with open(os.path.join(here, "corpus", target + ".txt"), "w", encoding="ascii") as f:
        f.writelines(b.hex() + "\n" for b in kept)
    return len(kept), size
