package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"github.com/ipfs/boxo/path"
	"github.com/ipfs/go-cid"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"
	mbase "github.com/multiformats/go-multibase"
	"github.com/multiformats/go-multicodec"
	mh "github.com/multiformats/go-multihash"
	_ "github.com/multiformats/go-multihash/register/all"
	"github.com/multiformats/go-varint"
)

func describeCid(c cid.Cid) output {
	return output{"version": c.Version(), "codec": c.Prefix().Codec, "hash": hex.EncodeToString(c.Hash()), "bytes": hex.EncodeToString(c.Bytes())}
}

func cidOf(i input) (cid.Cid, error) {
	if i.has("text") {
		return cid.Decode(i.text("text"))
	}
	return cid.Cast(i.octets("bytes"))
}

func encoding(i input) (mbase.Encoding, error) {
	e, ok := mbase.Encodings[i.text("base")]
	if !ok {
		return 0, errors.New("no such base")
	}
	return e, nil
}

func describeAddress(m ma.Multiaddr, err error) (output, error) {
	if err != nil {
		return nil, err
	}
	parts := []any{}
	for _, c := range m {
		parts = append(parts, []any{c.Protocol().Code, c.Value()})
	}
	return output{"bytes": hex.EncodeToString(m.Bytes()), "text": m.String(), "components": parts}, nil
}

func describePath(text string) (output, error) {
	p, err := path.NewPath(text)
	if err != nil {
		return nil, err
	}
	return output{"text": p.String(), "namespace": p.Namespace()}, nil
}

func sum(i input) (mh.Multihash, error) {
	size := -1
	if i.has("size") {
		size = int(i.number("size"))
	}
	return mh.Sum(i.octets("data"), i.number("code"), size)
}

func twoAddresses(i input) (a, b ma.Multiaddr, err error) {
	if a, err = ma.NewMultiaddr(i.text("a")); err == nil {
		b, err = ma.NewMultiaddr(i.text("b"))
	}
	return a, b, err
}

func init() {
	register(map[string]operation{
		"varint.encode": func(i input) (output, error) {
			n, err := strconv.ParseUint(i.text("value"), 10, 64)
			if err != nil {
				return nil, err
			}
			return output{"bytes": hex.EncodeToString(varint.ToUvarint(n))}, nil
		},
		"varint.decode": func(i input) (output, error) {
			n, size, err := varint.FromUvarint(i.octets("bytes"))
			if err != nil {
				return nil, err
			}
			return output{"value": strconv.FormatUint(n, 10), "size": size}, nil
		},
		"multibase.encode": func(i input) (output, error) {
			e, err := encoding(i)
			if err != nil {
				return nil, err
			}
			text, err := mbase.Encode(e, i.octets("bytes"))
			return output{"text": text}, err
		},
		"multibase.decode": func(i input) (output, error) {
			e, data, err := mbase.Decode(i.text("text"))
			if err != nil {
				return nil, err
			}
			return output{"base": mbase.EncodingToStr[e], "bytes": hex.EncodeToString(data)}, nil
		},
		"multicodec.name": func(i input) (output, error) {
			c := multicodec.Code(i.number("code"))
			for _, known := range multicodec.KnownCodes() {
				if known == c {
					return output{"name": c.String(), "tag": c.Tag()}, nil
				}
			}
			return nil, errors.New("unknown code")
		},
		"multicodec.code": func(i input) (output, error) {
			var c multicodec.Code
			if err := c.Set(i.text("name")); err != nil {
				return nil, err
			}
			return output{"code": uint64(c), "prefix": hex.EncodeToString(varint.ToUvarint(uint64(c)))}, nil
		},
		"multihash.decode": func(i input) (output, error) {
			d, err := mh.Decode(i.octets("bytes"))
			if err != nil {
				return nil, err
			}
			return output{"code": d.Code, "digest": hex.EncodeToString(d.Digest)}, nil
		},
		"multihash.encode": func(i input) (output, error) {
			h, err := mh.Encode(i.octets("digest"), i.number("code"))
			return output{"bytes": hex.EncodeToString(h)}, err
		},
		"multihash.sum": func(i input) (output, error) {
			h, err := sum(i)
			return output{"bytes": hex.EncodeToString(h)}, err
		},
		"cid.parse": func(i input) (output, error) {
			c, err := cid.Decode(i.text("text"))
			if err != nil {
				return nil, err
			}
			return describeCid(c), nil
		},
		"cid.decode": func(i input) (output, error) {
			c, err := cid.Cast(i.octets("bytes"))
			if err != nil {
				return nil, err
			}
			return describeCid(c), nil
		},
		"cid.decode_first": func(i input) (output, error) {
			n, c, err := cid.CidFromBytes(i.octets("bytes"))
			if err != nil {
				return nil, err
			}
			out := describeCid(c)
			out["size"] = n
			return out, nil
		},
		"cid.format": func(i input) (output, error) {
			c, err := cidOf(i)
			if err != nil {
				return nil, err
			}
			if !i.has("base") {
				return output{"text": c.String()}, nil
			}
			e, err := encoding(i)
			if err != nil {
				return nil, err
			}
			text, err := c.StringOfBase(e)
			return output{"text": text}, err
		},
		"cid.to_v0": func(i input) (output, error) {
			c, err := cidOf(i)
			if err != nil {
				return nil, err
			}
			p := c.Prefix()
			if p.Codec != cid.DagProtobuf || p.MhType != mh.SHA2_256 || p.MhLength != 32 {
				return nil, errors.New("no CIDv0")
			}
			return output{"text": cid.NewCidV0(c.Hash()).String()}, nil
		},
		"cid.to_v1": func(i input) (output, error) {
			c, err := cidOf(i)
			if err != nil {
				return nil, err
			}
			return output{"text": cid.NewCidV1(c.Prefix().Codec, c.Hash()).String()}, nil
		},
		"cid.sum": func(i input) (output, error) {
			c, err := cid.Prefix{Version: i.number("version"), Codec: i.number("codec"), MhType: i.number("hash"), MhLength: -1}.Sum(i.octets("data"))
			if err != nil {
				return nil, err
			}
			return output{"text": c.String()}, nil
		},
		"cid.verify": func(i input) (output, error) {
			c, err := cidOf(i)
			if err != nil {
				return nil, err
			}
			have, err := c.Prefix().Sum(i.octets("data"))
			if err != nil {
				return nil, err
			}
			if !have.Equals(c) {
				return nil, errors.New("another hash")
			}
			return output{}, nil
		},
		"multiaddr.parse":  func(i input) (output, error) { return describeAddress(ma.NewMultiaddr(i.text("text"))) },
		"multiaddr.decode": func(i input) (output, error) { return describeAddress(ma.NewMultiaddrBytes(i.octets("bytes"))) },
		"multiaddr.encapsulate": func(i input) (output, error) {
			a, b, err := twoAddresses(i)
			if err != nil {
				return nil, err
			}
			return output{"text": a.Encapsulate(b).String()}, nil
		},
		"multiaddr.decapsulate": func(i input) (output, error) {
			a, b, err := twoAddresses(i)
			if err != nil {
				return nil, err
			}
			m := a.Decapsulate(b)
			if m == nil {
				return output{"text": ""}, nil
			}
			return output{"text": m.String()}, nil
		},
		"peer_id.parse": func(i input) (output, error) {
			p, err := peer.Decode(i.text("text"))
			if err != nil {
				return nil, err
			}
			c := peer.ToCid(p)
			b36, err := c.StringOfBase(mbase.Base36)
			return output{"bytes": hex.EncodeToString([]byte(p)), "text": p.String(), "cid": c.String(), "ipns": b36}, err
		},
		"key.public": func(i input) (output, error) {
			k, err := crypto.UnmarshalPublicKey(i.octets("bytes"))
			if err != nil {
				return nil, err
			}
			data, err := crypto.MarshalPublicKey(k)
			if err != nil {
				return nil, err
			}
			id, err := peer.IDFromPublicKey(k)
			return output{"type": k.Type().String(), "bytes": hex.EncodeToString(data), "peer_id": id.String()}, err
		},
		"key.private": func(i input) (output, error) {
			k, err := crypto.UnmarshalPrivateKey(i.octets("bytes"))
			if err != nil {
				return nil, err
			}
			data, err := crypto.MarshalPublicKey(k.GetPublic())
			return output{"type": k.Type().String(), "public": hex.EncodeToString(data)}, err
		},
		"key.sign": func(i input) (output, error) {
			k, err := crypto.UnmarshalPrivateKey(i.octets("key"))
			if err != nil {
				return nil, err
			}
			s, err := k.Sign(i.octets("data"))
			return output{"signature": hex.EncodeToString(s)}, err
		},
		"key.verify": func(i input) (output, error) {
			k, err := crypto.UnmarshalPublicKey(i.octets("key"))
			if err != nil {
				return nil, err
			}
			valid, err := k.Verify(i.octets("data"), i.octets("signature"))
			if err != nil {
				valid = false
			}
			return output{"valid": valid}, nil
		},
		"path.parse": func(i input) (output, error) { return describePath(i.text("text")) },
	})
}

func features() []string {
	out := []string{"codec:dag-cbor", "codec:dag-json", "codec:dag-pb", "codec:raw", "codec:dag-jose", "codec:git-raw", "chunker:rabin", "chunker:buzhash", "chunker:parse", "layout:trickle", "unixfs:metadata", "car:v2", "car:index", "hamt:fanout", "unixfs:mode", "unixfs:hamt-fields", "varint:wide", "int:64", "float:integral"}
	for name := range mbase.Encodings {
		out = append(out, "base:"+name)
	}
	for code := range mh.Codes {
		if _, err := mh.Sum([]byte{1}, code, -1); err == nil {
			out = append(out, "hash:"+multicodec.Code(code).String())
		}
	}
	for _, code := range []multicodec.Code{multicodec.Sha3_512, multicodec.Blake3} {
		if _, err := mh.Sum([]byte{1}, uint64(code), -1); err == nil {
			out = append(out, fmt.Sprint("hash:", code))
		}
	}
	return out
}
