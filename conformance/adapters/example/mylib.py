"""A library to be judged: unsigned varints of at most nine octets, in their shortest form."""
version = "1"


class Error(ValueError):
    pass


def encode(n):
    out = bytearray()
    while True:
        out.append(n & 0x7F | (0x80 if n > 0x7F else 0))
        n >>= 7
        if not n:
            return bytes(out)


def decode(octets):
    n = 0
    for i, b in enumerate(octets[:9]):
        n |= (b & 0x7F) << 7 * i
        if b < 0x80:
            if i and not b:
                raise Error("not the shortest form")
            return n, i + 1
    raise Error("no end within nine octets")
