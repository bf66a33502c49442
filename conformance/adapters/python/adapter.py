#!/usr/bin/env python3
"""Adapter of the conformance kit over the Python libraries multiformats and dag-cbor: JSON lines on stdin and stdout."""
import os, platform, struct, sys
from importlib.metadata import version

import dag_cbor
from multiformats import CID, multibase, multicodec, multihash, varint
from multiformats.multicodec.err import MulticodecKeyError, MulticodecValueError

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from lines import octets, serve  # noqa: E402


def describe(cid):
    return {"version": cid.version, "codec": cid.codec.code, "hash": bytes(cid.digest).hex(), "bytes": bytes(cid).hex()}


def cid_of(i):
    return CID.decode(i["text"]) if "text" in i else CID.decode(octets(i["bytes"]))


def link(cid):
    """As text in the kit's base: this library keeps base58btc for a CID that comes from octets."""
    return str(cid) if cid.version == 0 else cid.encode("base32")


def to_value(v):
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, int):
        return {"int": str(v)}
    if isinstance(v, float):
        return {"float": struct.pack(">d", v).hex()}
    if isinstance(v, bytes):
        return {"bytes": v.hex()}
    if isinstance(v, CID):
        return {"link": link(v)}
    if isinstance(v, list):
        return [to_value(x) for x in v]
    return {"map": [[k, to_value(x)] for k, x in v.items()]}


def from_value(v):
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, list):
        return [from_value(x) for x in v]
    (key, inner), = v.items()
    if key == "int":
        return int(inner)
    if key == "float":
        return struct.unpack(">d", bytes.fromhex(inner))[0]
    if key == "bytes":
        return octets(inner)
    if key == "link":
        return CID.decode(inner)
    return {k: from_value(x) for k, x in inner}


def links(v):
    if isinstance(v, CID):
        yield link(v)
    elif isinstance(v, list):
        for x in v:
            yield from links(x)
    elif isinstance(v, dict):
        for x in v.values():
            yield from links(x)


def decode_varint(i):
    data = octets(i["bytes"])
    value, size, _ = varint.decode_raw(data)
    return {"value": str(value), "size": size}


def decode_multibase(i):
    base, data = multibase.decode_raw(i["text"])
    return {"base": base.name, "bytes": data.hex()}


def decode_multihash(i):
    function, data = multihash.unwrap_raw(octets(i["bytes"]))
    return {"code": function, "digest": bytes(data).hex()} if isinstance(function, int) else {"code": function.code, "digest": bytes(data).hex()}


def sum_multihash(i):
    return {"bytes": multihash.digest(octets(i["data"]), multicodec.get(code=i["code"]).name, size=i.get("size")).hex()}


def sum_cid(i):
    digest = multihash.digest(octets(i["data"]), multicodec.get(code=i["hash"]).name)
    return {"text": str(CID("base58btc" if i["version"] == 0 else "base32", i["version"], multicodec.get(code=i["codec"]).name, digest))}


def format_cid(i):
    cid = cid_of(i)
    return {"text": cid.encode(i["base"]) if "base" in i else str(cid)}


def cbor_only(name):
    if name != "dag-cbor":
        raise SystemExit(f"no codec {name}")
    return dag_cbor


ops = {
    "varint.encode": lambda i: {"bytes": varint.encode(int(i["value"])).hex()},
    "varint.decode": decode_varint,
    "multibase.encode": lambda i: {"text": multibase.encode(octets(i["bytes"]), i["base"])},
    "multibase.decode": decode_multibase,
    "multicodec.name": lambda i: {"name": multicodec.get(code=i["code"]).name, "tag": multicodec.get(code=i["code"]).tag},
    "multicodec.code": lambda i: {"code": multicodec.get(i["name"]).code, "prefix": varint.encode(multicodec.get(i["name"]).code).hex()},
    "multihash.decode": decode_multihash,
    "multihash.sum": sum_multihash,
    "cid.parse": lambda i: describe(CID.decode(i["text"])),
    "cid.decode": lambda i: describe(CID.decode(octets(i["bytes"]))),
    "cid.format": format_cid,
    "cid.to_v1": lambda i: {"text": str(cid_of(i).set(version=1, base="base32") if cid_of(i).version == 0 else cid_of(i))},
    "cid.sum": sum_cid,
    "codec.decode": lambda i: {"value": to_value(cbor_only(i["codec"]).decode(octets(i["bytes"])))},
    "codec.encode": lambda i: {"bytes": cbor_only(i["codec"]).encode(from_value(i["value"])).hex()},
    "codec.transcode": lambda i: {"bytes": cbor_only(i["to"]).encode(cbor_only(i["from"]).decode(octets(i["bytes"]))).hex()},
    "codec.links": lambda i: {"links": list(links(cbor_only(i["codec"]).decode(octets(i["bytes"]))))},
}

features = ["codec:dag-cbor", "int:64", "int:full", "float:integral", "varint:wide"]
for b in multibase.table():
    features.append("base:" + b.name)
for name in ("identity", "sha1", "sha2-256", "sha2-512", "sha3-224", "sha3-256", "sha3-384", "sha3-512", "shake-128", "shake-256", "blake2b-256", "blake2b-512", "blake2s-256", "blake2b-128", "blake2s-128", "dbl-sha2-256", "md5", "sha2-384"):
    try:
        multihash.digest(b"x", name)
        features.append("hash:" + name)
    except Exception:  # not there
        pass

hello = {"name": "python", "version": ", ".join(f"{p} {version(p)}" for p in ("multiformats", "dag-cbor")), "language": f"python {platform.python_version()}", "features": features}
serve(hello, ops, Exception)
