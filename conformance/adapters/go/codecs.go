package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	dagjose "github.com/ceramicnetwork/go-dag-jose/dagjose"
	"github.com/ipfs/go-cid"
	ipldgit "github.com/ipfs/go-ipld-git"
	dagpb "github.com/ipld/go-codec-dagpb"
	"github.com/ipld/go-ipld-prime/codec"
	"github.com/ipld/go-ipld-prime/codec/dagcbor"
	"github.com/ipld/go-ipld-prime/codec/dagjson"
	"github.com/ipld/go-ipld-prime/codec/raw"
	"github.com/ipld/go-ipld-prime/datamodel"
	cidlink "github.com/ipld/go-ipld-prime/linking/cid"
	"github.com/ipld/go-ipld-prime/node/basicnode"
	"github.com/ipld/go-ipld-prime/schema"
	"github.com/ipld/go-ipld-prime/traversal"
)

type codecPair struct {
	decode    codec.Decoder
	encode    codec.Encoder
	prototype datamodel.NodePrototype
}

var codecs = map[string]codecPair{
	"dag-cbor": {dagcbor.Decode, dagcbor.Encode, basicnode.Prototype.Any},
	"dag-json": {dagjson.Decode, dagjson.Encode, basicnode.Prototype.Any},
	"dag-pb":   {dagpb.Decode, dagpb.Encode, dagpb.Type.PBNode},
	"raw":      {raw.Decode, raw.Encode, basicnode.Prototype.Bytes},
	"dag-jose": {dagjose.Decode, dagjose.Encode, basicnode.Prototype.Any},
	"git-raw":  {ipldgit.Decode, ipldgit.Encode, basicnode.Prototype.Any},
}

func decode(name string, data []byte) (datamodel.Node, error) {
	c := codecs[name]
	b := c.prototype.NewBuilder()
	if err := c.decode(b, bytes.NewReader(data)); err != nil {
		return nil, err
	}
	n := b.Build()
	// of the typed node, what is written: absent fields are left out; of an object of git they are null, as Kubo shows them
	if typed, ok := n.(schema.TypedNode); ok && name != "git-raw" {
		n = typed.Representation()
	}
	return n, nil
}

func encode(name string, n datamodel.Node) (output, error) {
	var buf bytes.Buffer
	if err := codecs[name].encode(n, &buf); err != nil {
		return nil, err
	}
	return output{"bytes": hex.EncodeToString(buf.Bytes())}, nil
}

// toValue is the kit's notation of values; absent fields are left out.
func toValue(n datamodel.Node) (any, error) { return notation(n, false) }

func notation(n datamodel.Node, absentIsNull bool) (any, error) {
	switch n.Kind() {
	case datamodel.Kind_Null:
		return nil, nil
	case datamodel.Kind_Bool:
		return n.AsBool()
	case datamodel.Kind_Int:
		if u, ok := n.(datamodel.UintNode); ok {
			v, err := u.AsUint()
			return output{"int": strconv.FormatUint(v, 10)}, err
		}
		v, err := n.AsInt()
		return output{"int": strconv.FormatInt(v, 10)}, err
	case datamodel.Kind_Float:
		v, err := n.AsFloat()
		return output{"float": hex.EncodeToString(binary.BigEndian.AppendUint64(nil, math.Float64bits(v)))}, err
	case datamodel.Kind_String:
		v, err := n.AsString()
		if !utf8.ValidString(v) {
			return output{"text": hex.EncodeToString([]byte(v))}, err
		}
		return v, err
	case datamodel.Kind_Bytes:
		v, err := n.AsBytes()
		return output{"bytes": hex.EncodeToString(v)}, err
	case datamodel.Kind_Link:
		v, err := n.AsLink()
		if err != nil {
			return nil, err
		}
		return output{"link": v.String()}, nil
	case datamodel.Kind_List:
		out := []any{}
		for it := n.ListIterator(); !it.Done(); {
			_, v, err := it.Next()
			if err != nil {
				return nil, err
			}
			x, err := notation(v, absentIsNull)
			if err != nil {
				return nil, err
			}
			out = append(out, x)
		}
		return out, nil
	case datamodel.Kind_Map:
		out := []any{}
		for it := n.MapIterator(); !it.Done(); {
			k, v, err := it.Next()
			if err != nil {
				return nil, err
			}
			if v.IsAbsent() && !absentIsNull {
				continue
			}
			key, err := toValue(k)
			if err != nil {
				return nil, err
			}
			x, err := notation(v, absentIsNull)
			if err != nil {
				return nil, err
			}
			out = append(out, []any{key, x})
		}
		return output{"map": out}, nil
	}
	return nil, fmt.Errorf("a node of kind %s", n.Kind())
}

func fromValue(v any, a datamodel.NodeAssembler) error {
	switch v := v.(type) {
	case nil:
		return a.AssignNull()
	case bool:
		return a.AssignBool(v)
	case string:
		return a.AssignString(v)
	case []any:
		l, err := a.BeginList(int64(len(v)))
		if err != nil {
			return err
		}
		for _, x := range v {
			if err := fromValue(x, l.AssembleValue()); err != nil {
				return err
			}
		}
		return l.Finish()
	case map[string]any:
		for key, inner := range v {
			text, _ := inner.(string)
			switch key {
			case "int":
				if n, err := strconv.ParseInt(text, 10, 64); err == nil {
					return a.AssignInt(n)
				}
				n, err := strconv.ParseUint(text, 10, 64)
				if err != nil {
					return err
				}
				return a.AssignNode(basicnode.NewUint(n))
			case "float":
				return a.AssignFloat(math.Float64frombits(binary.BigEndian.Uint64(octets(inner))))
			case "bytes":
				return a.AssignBytes(octets(inner))
			case "text":
				return a.AssignString(string(octets(inner)))
			case "link":
				c, err := cid.Decode(text)
				if err != nil {
					return err
				}
				return a.AssignLink(cidlink.Link{Cid: c})
			case "map":
				pairs := inner.([]any)
				m, err := a.BeginMap(int64(len(pairs)))
				if err != nil {
					return err
				}
				for _, p := range pairs {
					pair := p.([]any)
					name, ok := pair[0].(string)
					if !ok {
						name = string(octets(pair[0].(map[string]any)["text"]))
					}
					e, err := m.AssembleEntry(name)
					if err != nil {
						return err
					}
					if err := fromValue(pair[1], e); err != nil {
						return err
					}
				}
				return m.Finish()
			}
		}
	}
	panic(fmt.Sprint("no value: ", v))
}

func init() {
	register(map[string]operation{
		"codec.decode": func(i input) (output, error) {
			n, err := decode(i.text("codec"), i.octets("bytes"))
			if err != nil {
				return nil, err
			}
			v, err := notation(n, i.text("codec") == "git-raw")
			return output{"value": v}, err
		},
		"codec.encode": func(i input) (output, error) {
			p := codecs[i.text("codec")].prototype
			if strings.HasPrefix(i.text("codec"), "dag-pb") {
				p = dagpb.Type.PBNode
			}
			b := p.NewBuilder()
			if err := fromValue(i["value"], b); err != nil {
				return nil, err
			}
			return encode(i.text("codec"), b.Build())
		},
		"codec.transcode": func(i input) (output, error) {
			n, err := decode(i.text("from"), i.octets("bytes"))
			if err != nil {
				return nil, err
			}
			return encode(i.text("to"), n)
		},
		"codec.links": func(i input) (output, error) {
			n, err := decode(i.text("codec"), i.octets("bytes"))
			if err != nil {
				return nil, err
			}
			links, err := traversal.SelectLinks(n)
			if err != nil {
				return nil, err
			}
			out := []string{}
			for _, l := range links {
				out = append(out, l.String())
			}
			return output{"links": out}, nil
		},
	})
}
