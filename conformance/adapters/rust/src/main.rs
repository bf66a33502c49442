//! Adapter of the conformance kit over the Rust crates cid, multihash, multibase and serde_ipld_*: JSON lines on stdin and stdout.
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use cid::Cid;
use ipld_core::ipld::Ipld;
use multihash::Multihash;
use serde_json::{json, Value};

type Answer = Result<Value, String>;

fn text<E: std::fmt::Debug>(e: E) -> String {
    format!("{e:?}")
}

fn octets(v: &Value) -> Vec<u8> {
    match v {
        Value::String(s) => hex::decode(s).expect("hexadecimal"),
        _ => std::fs::read(v["file"].as_str().expect("a file")).expect("a file that can be read"),
    }
}

fn describe(c: &Cid) -> Value {
    json!({"version": u64::from(c.version()), "codec": c.codec(), "hash": hex::encode(c.hash().to_bytes()), "bytes": hex::encode(c.to_bytes())})
}

/// The whole input is one CID.
fn whole_cid(bytes: &[u8]) -> Result<Cid, String> {
    Cid::try_from(bytes).map_err(text)
}

fn cid_of(i: &Value) -> Result<Cid, String> {
    match i["text"].as_str() {
        Some(t) => Cid::try_from(t).map_err(text),
        None => whole_cid(&octets(&i["bytes"])),
    }
}

fn to_value(v: &Ipld) -> Value {
    match v {
        Ipld::Null => Value::Null,
        Ipld::Bool(b) => json!(b),
        Ipld::Integer(n) => json!({"int": n.to_string()}),
        Ipld::Float(f) => json!({"float": hex::encode(f.to_be_bytes())}),
        Ipld::String(s) => json!(s),
        Ipld::Bytes(b) => json!({"bytes": hex::encode(b)}),
        Ipld::Link(c) => json!({"link": c.to_string()}),
        Ipld::List(l) => Value::Array(l.iter().map(to_value).collect()),
        Ipld::Map(m) => json!({"map": m.iter().map(|(k, x)| json!([k, to_value(x)])).collect::<Vec<_>>()}),
    }
}

fn from_value(v: &Value) -> Result<Ipld, String> {
    Ok(match v {
        Value::Null => Ipld::Null,
        Value::Bool(b) => Ipld::Bool(*b),
        Value::String(s) => Ipld::String(s.clone()),
        Value::Array(l) => Ipld::List(l.iter().map(from_value).collect::<Result<_, _>>()?),
        Value::Object(o) => {
            let (key, inner) = o.iter().next().expect("a field");
            match key.as_str() {
                "int" => Ipld::Integer(inner.as_str().expect("digits").parse().map_err(text)?),
                "float" => Ipld::Float(f64::from_be_bytes(octets(inner).try_into().map_err(text)?)),
                "bytes" => Ipld::Bytes(octets(inner)),
                "link" => Ipld::Link(Cid::try_from(inner.as_str().expect("a CID")).map_err(text)?),
                "map" => {
                    let mut m = BTreeMap::new();
                    for pair in inner.as_array().expect("pairs") {
                        m.insert(pair[0].as_str().expect("a key").to_owned(), from_value(&pair[1])?);
                    }
                    Ipld::Map(m)
                }
                other => panic!("no value: {other}"),
            }
        }
        other => panic!("no value: {other}"),
    })
}

fn decode(codec: &str, bytes: &[u8]) -> Result<Ipld, String> {
    match codec {
        "dag-cbor" => serde_ipld_dagcbor::from_slice(bytes).map_err(text),
        "dag-json" => serde_ipld_dagjson::from_slice(bytes).map_err(text),
        "raw" => Ok(Ipld::Bytes(bytes.to_vec())),
        other => panic!("no codec {other}"),
    }
}

fn encode(codec: &str, v: &Ipld) -> Answer {
    let bytes = match (codec, v) {
        ("dag-cbor", _) => serde_ipld_dagcbor::to_vec(v).map_err(text)?,
        ("dag-json", _) => serde_ipld_dagjson::to_vec(v).map_err(text)?,
        ("raw", Ipld::Bytes(b)) => b.clone(),
        ("raw", _) => return Err("raw blocks are bytes".into()),
        (other, _) => panic!("no codec {other}"),
    };
    Ok(json!({"bytes": hex::encode(bytes)}))
}

fn links(v: &Ipld, into: &mut Vec<String>) {
    match v {
        Ipld::Link(c) => into.push(c.to_string()),
        Ipld::List(l) => l.iter().for_each(|x| links(x, into)),
        Ipld::Map(m) => m.values().for_each(|x| links(x, into)),
        _ => {}
    }
}

const BASES: &[(&str, multibase::Base)] = {
    use multibase::Base::*;
    &[("base2", Base2), ("base8", Base8), ("base10", Base10), ("base16", Base16Lower), ("base16upper", Base16Upper), ("base32", Base32Lower), ("base32upper", Base32Upper),
      ("base32pad", Base32PadLower), ("base32padupper", Base32PadUpper), ("base32hex", Base32HexLower), ("base32hexupper", Base32HexUpper), ("base32hexpad", Base32HexPadLower),
      ("base32hexpadupper", Base32HexPadUpper), ("base32z", Base32Z), ("base36", Base36Lower), ("base36upper", Base36Upper), ("base58btc", Base58Btc), ("base58flickr", Base58Flickr),
      ("base64", Base64), ("base64pad", Base64Pad), ("base64url", Base64Url), ("base64urlpad", Base64UrlPad)]
};

fn base_of(i: &Value) -> multibase::Base {
    BASES.iter().find(|b| Some(b.0) == i["base"].as_str()).expect("a base").1
}

const OPS: &[&str] = &["varint.encode", "varint.decode", "multibase.encode", "multibase.decode", "multihash.decode", "multihash.encode", "cid.parse", "cid.decode", "cid.decode_first", "cid.format", "cid.to_v0",
    "cid.to_v1", "codec.decode", "codec.encode", "codec.transcode", "codec.links"];

fn answer(op: &str, i: &Value) -> Answer {
    let s = |name: &str| i[name].as_str().expect("a text").to_owned();
    match op {
        "varint.encode" => {
            let n: u64 = s("value").parse().map_err(text)?;
            let mut buffer = unsigned_varint::encode::u64_buffer();
            Ok(json!({"bytes": hex::encode(unsigned_varint::encode::u64(n, &mut buffer))}))
        }
        "varint.decode" => {
            let bytes = octets(&i["bytes"]);
            let (n, rest) = unsigned_varint::decode::u64(&bytes).map_err(text)?;
            Ok(json!({"value": n.to_string(), "size": bytes.len() - rest.len()}))
        }
        "multibase.encode" => Ok(json!({"text": multibase::encode(base_of(i), octets(&i["bytes"]))})),
        "multibase.decode" => {
            let (base, bytes) = multibase::decode(s("text")).map_err(text)?;
            Ok(json!({"base": BASES.iter().find(|b| b.1 == base).map(|b| b.0).unwrap_or("identity"), "bytes": hex::encode(bytes)}))
        }
        "multihash.decode" => {
            let h = Multihash::<128>::from_bytes(&octets(&i["bytes"])).map_err(text)?;
            Ok(json!({"code": h.code(), "digest": hex::encode(h.digest())}))
        }
        "multihash.encode" => {
            let h = Multihash::<128>::wrap(i["code"].as_u64().expect("a code"), &octets(&i["digest"])).map_err(text)?;
            Ok(json!({"bytes": hex::encode(h.to_bytes())}))
        }
        "cid.parse" => Ok(describe(&Cid::try_from(s("text").as_str()).map_err(text)?)),
        "cid.decode" => Ok(describe(&whole_cid(&octets(&i["bytes"]))?)),
        "cid.decode_first" => {
            let bytes = octets(&i["bytes"]);
            let mut rest = bytes.as_slice();
            let c = Cid::read_bytes(&mut rest).map_err(text)?;
            let mut out = describe(&c);
            out["size"] = json!(bytes.len() - rest.len());
            Ok(out)
        }
        "cid.format" => {
            let c = cid_of(i)?;
            if i["base"].is_null() {
                return Ok(json!({"text": c.to_string()}));
            }
            Ok(json!({"text": c.to_string_of_base(base_of(i)).map_err(text)?}))
        }
        "cid.to_v0" => {
            let c = cid_of(i)?;
            if c.codec() != 0x70 {
                return Err("not dag-pb".into());
            }
            Ok(json!({"text": Cid::new_v0(*c.hash()).map_err(text)?.to_string()}))
        }
        "cid.to_v1" => Ok(json!({"text": cid_of(i)?.into_v1().map_err(text)?.to_string()})),
        "codec.decode" => Ok(json!({"value": to_value(&decode(&s("codec"), &octets(&i["bytes"]))?)})),
        "codec.encode" => encode(&s("codec"), &from_value(&i["value"])?),
        "codec.transcode" => encode(&s("to"), &decode(&s("from"), &octets(&i["bytes"]))?),
        "codec.links" => {
            let mut out = vec![];
            links(&decode(&s("codec"), &octets(&i["bytes"]))?, &mut out);
            Ok(json!({"links": out}))
        }
        other => panic!("no operation {other}"),
    }
}

fn hello() -> Value {
    let mut features: Vec<String> = ["codec:dag-cbor", "codec:dag-json", "codec:raw", "int:64", "int:full", "float:integral", "varint:wide"].iter().map(|f| f.to_string()).collect();
    features.extend(BASES.iter().map(|b| format!("base:{}", b.0)));
    json!({"name": "rust", "version": env!("CRATES"), "language": "rust", "ops": OPS, "features": features})
}

fn main() {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let q: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let op = q["op"].as_str().expect("an op");
        if op == "bye" {
            break;
        }
        let mut reply = if op == "hello" {
            hello()
        } else if !OPS.contains(&op) {
            json!({"unsupported": true})
        } else {
            match answer(op, &q["in"]) {
                Ok(v) => json!({"ok": v}),
                Err(e) => json!({"err": {"class": "refused", "text": e}}),
            }
        };
        if !q["id"].is_null() {
            reply["id"] = q["id"].clone();
        }
        writeln!(out, "{reply}").expect("stdout");
        out.flush().expect("stdout");
    }
}
