"""What the generators share: writing files of cases, and the formats themselves written from their specifications in plain Python.

Nothing here is taken from an implementation: this is the oracle that implementations are compared with.
"""
import base64, fnmatch, hashlib, json, os, re, struct

root = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))


with open(os.path.join(root, "specs", "cases.json"), encoding="utf-8") as f:
    known_cases = json.load(f)


def stands_for(id):
    """The known divergences and attacks (IX, SEC) that a case is of."""
    return [known for known, row in known_cases.items() if any(fnmatch.fnmatchcase(id, p) for p in row["cases"])]


class Area:
    """The cases of one area; every clause that a case names stands in specs/<area>/README.md."""

    def __init__(self, name, title):
        self.name, self.title, self.cases, self.ids = name, title, [], set()
        with open(os.path.join(root, "specs", name, "README.md"), encoding="utf-8") as f:
            self.clauses = dict(re.findall(r"^- \*\*([^*]+)\*\* (MUST|SHOULD|MAY): ", f.read(), re.M))

    def add(self, clause, slug, op, inp, out=None, err=None, variants=None, level=None, features=(), note=""):
        assert clause in self.clauses, f"{self.name}: no clause {clause}"
        id = f"{clause}/{slug}"
        assert id not in self.ids, f"{id} stands twice"
        self.ids.add(id)
        c = {"id": id, "clause": clause, "op": op, "level": "disputed" if variants else level or self.clauses[clause].lower(), "in": inp}
        if variants:
            c["variants"] = variants
        elif err is not None:
            c["err"] = err
        else:
            c["out"] = {} if out is None else out
        if features:
            c["features"] = sorted(set(features))
        if note:
            c["note"] = note
        self.cases.append(c)

    def write(self):
        missing = sorted(set(self.clauses) - {c["clause"] for c in self.cases})
        assert not missing, f"{self.name}: clauses without a case: {missing}"
        for c in self.cases:
            if ids := stands_for(c["id"]):
                c["stands_for"] = ids
        folder = os.path.join(root, "specs", self.name, "vectors")
        os.makedirs(folder, exist_ok=True)
        head = json.dumps({"format": "cairn-conformance/1", "area": self.name, "title": self.title}, ensure_ascii=False)
        with open(os.path.join(folder, self.name + ".json"), "w", encoding="utf-8") as f:
            f.write(head[:-1] + ', "cases": [\n')
            f.write(",\n".join(json.dumps(c, ensure_ascii=False) for c in self.cases))
            f.write("\n]}\n")
        print(f"{self.name:16} {len(self.cases):5} cases of {len(self.clauses)} clauses")


# ---- unsigned varint ----

def varint(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7f | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


# ---- multibase ----

b32 = "abcdefghijklmnopqrstuvwxyz234567"
b32hex = "0123456789abcdefghijklmnopqrstuv"
b64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
b58btc = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# name: (prefix, kind, alphabet, bits or 0, padded)
bases = {
    "base2": ("0", "01", 1, False), "base8": ("7", "01234567", 3, False), "base10": ("9", "0123456789", 0, False),
    "base16": ("f", "0123456789abcdef", 4, False), "base16upper": ("F", "0123456789ABCDEF", 4, False),
    "base32": ("b", b32, 5, False), "base32upper": ("B", b32.upper(), 5, False), "base32pad": ("c", b32, 5, True), "base32padupper": ("C", b32.upper(), 5, True),
    "base32hex": ("v", b32hex, 5, False), "base32hexupper": ("V", b32hex.upper(), 5, False), "base32hexpad": ("t", b32hex, 5, True),
    "base32hexpadupper": ("T", b32hex.upper(), 5, True), "base32z": ("h", "ybndrfg8ejkmcpqxot1uwisza345h769", 5, False),
    "base36": ("k", "0123456789abcdefghijklmnopqrstuvwxyz", 0, False), "base36upper": ("K", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0, False),
    "base58btc": ("z", b58btc, 0, False), "base58flickr": ("Z", "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ", 0, False),
    "base64": ("m", b64 + "+/", 6, False), "base64pad": ("M", b64 + "+/", 6, True), "base64url": ("u", b64 + "-_", 6, False), "base64urlpad": ("U", b64 + "-_", 6, True),
}


def base_encode(alphabet, bits, padded, data):
    if bits == 0:  # a number in big-endian order; each leading zero octet is the first character
        zeros = len(data) - len(data.lstrip(b"\0"))
        n, out = int.from_bytes(data, "big"), ""
        while n:
            n, r = divmod(n, len(alphabet))
            out = alphabet[r] + out
        return alphabet[0] * zeros + out
    out, word, have = "", 0, 0
    for b in data:
        word, have = word << 8 | b, have + 8
        while have >= bits:
            have -= bits
            out += alphabet[word >> have & (1 << bits) - 1]
    if have:
        out += alphabet[word << bits - have & (1 << bits) - 1]
    if padded:
        group = 8 if bits == 5 else 4
        out += "=" * (-len(out) % group)
    return out


def multibase(name, data):
    prefix, alphabet, bits, padded = bases[name]
    return prefix + base_encode(alphabet, bits, padded, data)


# ---- multihash and CID ----

SHA1, SHA256, SHA512, IDENTITY = 0x11, 0x12, 0x13, 0
RAW, DAG_PB, DAG_CBOR, LIBP2P_KEY, DAG_JSON = 0x55, 0x70, 0x71, 0x72, 0x0129
hash_names = {0: "identity", 0x11: "sha1", 0x12: "sha2-256", 0x13: "sha2-512", 0x14: "sha3-512", 0x15: "sha3-384", 0x16: "sha3-256", 0x17: "sha3-224",
              0x18: "shake-128", 0x19: "shake-256", 0x20: "sha2-384", 0x56: "dbl-sha2-256", 0xd5: "md5", 0x1012: "sha2-224-unused", 0xb220: "blake2b-256", 0xb240: "blake2b-512",
              0xb260: "blake2s-256"}


def digest(code, data):
    simple = {0x11: "sha1", 0x12: "sha256", 0x13: "sha512", 0x14: "sha3_512", 0x15: "sha3_384", 0x16: "sha3_256", 0x17: "sha3_224", 0x20: "sha384", 0xd5: "md5"}
    if code == 0:
        return data
    if code in simple:
        return hashlib.new(simple[code], data).digest()
    if code == 0x56:
        return hashlib.sha256(hashlib.sha256(data).digest()).digest()
    if code == 0x18:
        return hashlib.shake_128(data).digest(32)
    if code == 0x19:
        return hashlib.shake_256(data).digest(64)
    if 0xb201 <= code <= 0xb240:
        return hashlib.blake2b(data, digest_size=code - 0xb200).digest()
    if 0xb241 <= code <= 0xb260:
        return hashlib.blake2s(data, digest_size=code - 0xb240).digest()
    raise ValueError(hex(code))


def multihash(code, digest):
    return varint(code) + varint(len(digest)) + digest


def mh(data, code=SHA256):
    return multihash(code, digest(code, data))


def cid1(codec, hash):
    return varint(1) + varint(codec) + hash


def cid_text(octets, base="base32"):
    if octets[:2] == b"\x12\x20" and len(octets) == 34:
        return base_encode(b58btc, 0, False, octets)
    return multibase(base, octets)


def describe_cid(octets):
    if octets[:2] == b"\x12\x20" and len(octets) == 34:
        return {"version": 0, "codec": DAG_PB, "hash": octets.hex(), "bytes": octets.hex()}
    n, at, shift = 0, 1, 0
    while True:
        b = octets[at]
        n |= (b & 0x7f) << shift
        at, shift = at + 1, shift + 7
        if b < 0x80:
            break
    return {"version": 1, "codec": n, "hash": octets[at:].hex(), "bytes": octets.hex()}


# ---- dag-cbor ----

def head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    for size, code in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if n < 1 << 8 * size:
            return bytes([major << 5 | code]) + n.to_bytes(size, "big")
    raise ValueError(n)


class Link(bytes):
    """The octets of a CID."""


def cbor(v):
    """A Python value as canonical dag-cbor: keys by length, then octets; floats in 64 bits; links in tag 42."""
    if v is None:
        return b"\xf6"
    if v is True or v is False:
        return b"\xf5" if v else b"\xf4"
    if isinstance(v, int):
        return head(0, v) if v >= 0 else head(1, -1 - v)
    if isinstance(v, float):
        return b"\xfb" + struct.pack(">d", v)
    if isinstance(v, str):
        return head(3, len(v.encode())) + v.encode()
    if isinstance(v, Link):
        return b"\xd8\x2a" + head(2, len(v) + 1) + b"\0" + v
    if isinstance(v, bytes):
        return head(2, len(v)) + v
    if isinstance(v, list):
        return head(4, len(v)) + b"".join(map(cbor, v))
    keys = sorted(v, key=lambda k: (len(k.encode()), k.encode()))
    return head(5, len(v)) + b"".join(cbor(k) + cbor(v[k]) for k in keys)


# ---- dag-json ----

def dag_json(v):
    """A Python value as canonical dag-json: no space, keys by their octets, bytes and links in the reserved maps."""
    if v is None or isinstance(v, bool):
        return json.dumps(v)
    if isinstance(v, int):
        return str(v)
    if isinstance(v, float):
        return repr(v)
    if isinstance(v, str):
        return json.dumps(v, ensure_ascii=False)
    if isinstance(v, Link):
        return '{"/":' + json.dumps(cid_text(v)) + "}"
    if isinstance(v, bytes):
        return '{"/":{"bytes":"' + base64.b64encode(v).decode().rstrip("=") + '"}}'
    if isinstance(v, list):
        return "[" + ",".join(map(dag_json, v)) + "]"
    return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + dag_json(v[k]) for k in sorted(v, key=lambda k: k.encode())) + "}"


def notation(v, dag_json=False):
    """A Python value in the kit's notation; of `dag_json`, as Python reads JSON, the reserved maps are links and octets."""
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, int):
        return {"int": str(v)}
    if isinstance(v, float):
        return {"float": struct.pack(">d", v).hex()}
    if isinstance(v, Link):
        return {"link": cid_text(v)}
    if isinstance(v, bytes):
        return {"bytes": v.hex()}
    if isinstance(v, list):
        return [notation(x, dag_json) for x in v]
    if dag_json and list(v) == ["/"]:
        inner = v["/"]
        if isinstance(inner, str):
            return {"link": inner}
        if isinstance(inner, dict) and list(inner) == ["bytes"]:
            return {"bytes": base64.b64decode(inner["bytes"] + "=" * (-len(inner["bytes"]) % 4)).hex()}
    return {"map": [[k, notation(x, dag_json)] for k, x in v.items()]}


# ---- protobuf and dag-pb ----

def pb(field, value):
    """One field: a number as a varint, octets with their length."""
    if isinstance(value, int):
        return varint(field << 3) + varint(value & (1 << 64) - 1)
    return varint(field << 3 | 2) + varint(len(value)) + value


def pb_link(cid, name=None, tsize=None):
    return (pb(1, cid) if cid is not None else b"") + (pb(2, name if isinstance(name, bytes) else name.encode()) if name is not None else b"") + (pb(3, tsize) if tsize is not None else b"")


def pb_node(links, data=None):
    return b"".join(pb(2, l) for l in links) + (pb(1, data) if data is not None else b"")


# ---- CAR ----

def car_section(cid, data):
    return varint(len(cid) + len(data)) + cid + data


def car_header(roots, version=1):
    h = cbor({"roots": [Link(r) for r in roots], "version": version})
    return varint(len(h)) + h


def car(roots, blocks):
    return car_header(roots) + b"".join(car_section(c, d) for c, d in blocks)


def car2(v1, index=b"", characteristics=bytes(16), padding=0, index_padding=0):
    pragma = bytes.fromhex("0aa16776657273696f6e02")
    at = len(pragma) + 40 + padding
    index_at = at + len(v1) + index_padding if index else 0
    return pragma + characteristics + struct.pack("<QQQ", at, len(v1), index_at) + bytes(padding) + v1 + bytes(index_padding) + index


# ---- ChaCha20 keystream: the recipe of big contents ----

def chacha20(seed, size):
    key = hashlib.sha256(seed.encode()).digest()
    words = list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key))
    out, counter = bytearray(), 0
    rot = lambda x, n: (x << n | x >> 32 - n) & 0xffffffff

    def quarter(x, a, b, c, d):
        x[a] = x[a] + x[b] & 0xffffffff; x[d] = rot(x[d] ^ x[a], 16)
        x[c] = x[c] + x[d] & 0xffffffff; x[b] = rot(x[b] ^ x[c], 12)
        x[a] = x[a] + x[b] & 0xffffffff; x[d] = rot(x[d] ^ x[a], 8)
        x[c] = x[c] + x[d] & 0xffffffff; x[b] = rot(x[b] ^ x[c], 7)
    while len(out) < size:
        start = words + [counter & 0xffffffff, counter >> 32, 0, 0]
        x = start[:]
        for _ in range(10):
            for i in range(4):
                quarter(x, i, 4 + i, 8 + i, 12 + i)
            for i in range(4):
                quarter(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
        out += struct.pack("<16I", *[(a + b) & 0xffffffff for a, b in zip(x, start)])
        counter += 1
    return bytes(out[:size])


# ---- murmur3 x64 128, of which UnixFS takes the first half ----

def murmur3_64(data, seed=0):
    m = (1 << 64) - 1
    c1, c2 = 0x87c37b91114253d5, 0x4cf5ad432745937f
    rot = lambda x, n: (x << n | x >> 64 - n) & m

    def mix(k):
        k = (k ^ k >> 33) * 0xff51afd7ed558ccd & m
        k = (k ^ k >> 33) * 0xc4ceb9fe1a85ec53 & m
        return k ^ k >> 33
    h1 = h2 = seed
    whole = len(data) // 16 * 16
    for i in range(0, whole, 16):
        k1, k2 = struct.unpack("<QQ", data[i:i + 16])
        h1 ^= rot(k1 * c1 & m, 31) * c2 & m
        h1 = ((rot(h1, 27) + h2) * 5 + 0x52dce729) & m
        h2 ^= rot(k2 * c2 & m, 33) * c1 & m
        h2 = ((rot(h2, 31) + h1) * 5 + 0x38495ab5) & m
    tail = data[whole:]
    if len(tail) > 8:
        h2 ^= rot(int.from_bytes(tail[8:], "little") * c2 & m, 33) * c1 & m
    if tail:
        h1 ^= rot(int.from_bytes(tail[:8], "little") * c1 & m, 31) * c2 & m
    h1 ^= len(data)
    h2 ^= len(data)
    h1 = h1 + h2 & m
    h2 = h2 + h1 & m
    h1, h2 = mix(h1), mix(h2)
    return (h1 + h2 & m).to_bytes(8, "big")


# ---- Ed25519 (RFC 8032) ----

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _recover(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return P - x if x & 1 != sign else x


_gy = 4 * pow(5, P - 2, P) % P
_gx = _recover(_gy, 0)
G = (_gx, _gy, 1, _gx * _gy % P)


def _plus(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = _plus(q, p)
        p = _plus(p, p)
        n >>= 1
    return q


def _point(p):
    z = pow(p[2], P - 2, P)
    x, y = p[0] * z % P, p[1] * z % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _secret(seed):
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], "little")
    return a & (1 << 254) - 8 | 1 << 254, h[32:]


def ed25519_public(seed):
    return _point(_times(_secret(seed)[0], G))


def ed25519_sign(seed, message):
    a, prefix = _secret(seed)
    public = _point(_times(a, G))
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    rr = _point(_times(r, G))
    k = int.from_bytes(hashlib.sha512(rr + public + message).digest(), "little") % L
    return rr + ((r + k * a) % L).to_bytes(32, "little")


# ---- secp256k1: a key, and a signature as libp2p has it (DER, of the sha2-256 of the message) ----

KP, KN = 2 ** 256 - 2 ** 32 - 977, 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141
KG = (0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798, 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8)


def _k_plus(p, q):
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % KP == 0:
        return None
    slope = 3 * p[0] * p[0] * pow(2 * p[1], -1, KP) if p == q else (q[1] - p[1]) * pow(q[0] - p[0], -1, KP)
    x = (slope * slope - p[0] - q[0]) % KP
    return x, (slope * (p[0] - x) - p[1]) % KP


def _k_times(n, p):
    out = None
    while n:
        if n & 1:
            out = _k_plus(out, p)
        p = _k_plus(p, p)
        n >>= 1
    return out


def secp256k1_public(secret):
    x, y = _k_times(secret, KG)
    return bytes([2 + y % 2]) + x.to_bytes(32, "big")


def der(tag, body):
    return bytes([tag]) + (bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)]) if len(body) < 256 else b"\x82" + len(body).to_bytes(2, "big")) + body


def der_int(n):
    return der(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def secp256k1_sign(secret, message, high=False):
    z = int.from_bytes(hashlib.sha256(message).digest(), "big")
    k = int.from_bytes(hashlib.sha256(b"nonce" + message).digest(), "big") % KN
    r = _k_times(k, KG)[0] % KN
    s = pow(k, -1, KN) * (z + r * secret) % KN
    if (s > KN // 2) != high:
        s = KN - s
    return der(0x30, der_int(r) + der_int(s))


def libp2p_public(seed):
    return pb(1, 1) + pb(2, ed25519_public(seed))


def libp2p_private(seed):
    return pb(1, 1) + pb(2, seed + ed25519_public(seed))


def ipns_name(seed):
    return multibase("base36", cid1(LIBP2P_KEY, multihash(IDENTITY, libp2p_public(seed))))
