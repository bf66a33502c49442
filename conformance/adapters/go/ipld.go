package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/ipfs/go-cid"
	"github.com/ipld/go-ipld-prime/codec/dagjson"
	"github.com/ipld/go-ipld-prime/datamodel"
	"github.com/ipld/go-ipld-prime/linking"
	cidlink "github.com/ipld/go-ipld-prime/linking/cid"
	"github.com/ipld/go-ipld-prime/node/basicnode"
	"github.com/ipld/go-ipld-prime/node/bindnode"
	"github.com/ipld/go-ipld-prime/schema"
	schemadmt "github.com/ipld/go-ipld-prime/schema/dmt"
	schemadsl "github.com/ipld/go-ipld-prime/schema/dsl"
	"github.com/ipld/go-ipld-prime/traversal"
	"github.com/ipld/go-ipld-prime/traversal/patch"
	"github.com/ipld/go-ipld-prime/traversal/selector"
	mh "github.com/multiformats/go-multihash"
)

var cborPrefix = cid.Prefix{Version: 1, Codec: cid.DagCBOR, MhType: mh.SHA2_256, MhLength: -1}

// linkSystem holds blocks of dag-cbor and notes which of them are read.
func linkSystem(blocks []any, read *[]string) (linking.LinkSystem, error) {
	held := map[string][]byte{}
	for _, b := range blocks {
		data := octets(b)
		c, err := cborPrefix.Sum(data)
		if err != nil {
			return linking.LinkSystem{}, err
		}
		held[c.KeyString()] = data
	}
	ls := cidlink.DefaultLinkSystem()
	ls.StorageReadOpener = func(_ linking.LinkContext, l datamodel.Link) (io.Reader, error) {
		c := l.(cidlink.Link).Cid
		data, ok := held[c.KeyString()]
		if !ok {
			return nil, fmt.Errorf("no block %s", c)
		}
		if read != nil {
			*read = append(*read, c.String())
		}
		return bytes.NewReader(data), nil
	}
	ls.StorageWriteOpener = func(linking.LinkContext) (io.Writer, linking.BlockWriteCommitter, error) {
		var buf bytes.Buffer
		return &buf, func(l datamodel.Link) error {
			held[l.(cidlink.Link).Cid.KeyString()] = buf.Bytes()
			return nil
		}, nil
	}
	return ls, nil
}

func anyNode(v any) (datamodel.Node, error) {
	b := basicnode.Prototype.Any.NewBuilder()
	if err := fromValue(v, b); err != nil {
		return nil, err
	}
	return b.Build(), nil
}

func selectorOf(i input) (datamodel.Node, selector.Selector, error) {
	n, err := anyNode(i["selector"])
	if err != nil {
		return nil, nil, err
	}
	s, err := selector.CompileSelector(n)
	return n, s, err
}

// shown is a visited value; maps and lists without their content.
func shown(n datamodel.Node) (any, error) {
	switch n.Kind() {
	case datamodel.Kind_Map:
		return output{"map": []any{}}, nil
	case datamodel.Kind_List:
		return []any{}, nil
	}
	return toValue(n)
}

func schemaOf(i input) (*schemadmt.Schema, error) {
	if i.has("dmt") {
		b := schemadmt.Prototypes.Schema.Representation().NewBuilder()
		if err := fromValue(i["dmt"], b); err != nil {
			return nil, err
		}
		return bindnode.Unwrap(b.Build()).(*schemadmt.Schema), nil
	}
	return schemadsl.ParseBytes([]byte(i.text("text")))
}

// prototypeOf is that of the type that the case names; what Go types cannot be made for, bindnode says with a panic, as its
// documentation has it.
func prototypeOf(i input) (p schema.TypedPrototype, err error) {
	s, err := schemaOf(i)
	if err != nil {
		return nil, err
	}
	ts := new(schema.TypeSystem)
	ts.Init()
	if err := schemadmt.Compile(ts, s); err != nil {
		return nil, err
	}
	t := ts.TypeByName(i.text("type"))
	if t == nil {
		return nil, errors.New("no such type")
	}
	defer func() {
		if why := recover(); why != nil {
			err = fmt.Errorf("no Go type: %v", why)
		}
	}()
	return bindnode.Prototype(nil, t), nil
}

func init() {
	register(map[string]operation{
		// a compiled selector cannot be written: what was compiled is the answer
		"selector.parse": func(i input) (output, error) {
			n, _, err := selectorOf(i)
			if err != nil {
				return nil, err
			}
			v, err := toValue(n)
			return output{"selector": v}, err
		},
		"selector.walk": func(i input) (output, error) {
			_, s, err := selectorOf(i)
			if err != nil {
				return nil, err
			}
			ls, err := linkSystem(i.list("blocks"), nil)
			if err != nil {
				return nil, err
			}
			root, err := anyNode(i["value"])
			if err != nil {
				return nil, err
			}
			visits := [][]any{}
			walk := traversal.Progress{Cfg: &traversal.Config{Ctx: ctx, LinkSystem: ls, LinkTargetNodePrototypeChooser: basicnode.Chooser}, Budget: &traversal.Budget{NodeBudget: 100_000, LinkBudget: 100_000}}
			err = walk.WalkAdv(root, s, func(at traversal.Progress, n datamodel.Node, why traversal.VisitReason) error {
				v, err := shown(n)
				visits = append(visits, []any{at.Path.String(), why == traversal.VisitReason_SelectionMatch, v})
				return err
			})
			return output{"visits": visits}, err
		},
		"patch.apply": func(i input) (output, error) {
			steps, err := anyNode(i["patch"])
			if err != nil {
				return nil, err
			}
			var text bytes.Buffer
			if err := dagjson.Encode(steps, &text); err != nil {
				return nil, err
			}
			ops, err := patch.ParseBytes(text.Bytes(), dagjson.Decode)
			if err != nil {
				return nil, err
			}
			n, err := anyNode(i["value"])
			if err != nil {
				return nil, err
			}
			if n, err = patch.Eval(n, ops); err != nil {
				return nil, err
			}
			v, err := toValue(n)
			return output{"value": v}, err
		},
		"schema.parse": func(i input) (output, error) {
			s, err := schemaOf(i)
			if err != nil {
				return nil, err
			}
			v, err := toValue(bindnode.Wrap(s, schemadmt.Prototypes.Schema.Type()).Representation())
			return output{"dmt": v}, err
		},
		"schema.check": func(i input) (output, error) {
			s, err := schemaOf(i)
			if err != nil {
				return nil, err
			}
			ts := new(schema.TypeSystem)
			ts.Init()
			return output{}, schemadmt.Compile(ts, s)
		},
		"schema.read": func(i input) (output, error) {
			p, err := prototypeOf(i)
			if err != nil {
				return nil, err
			}
			b := p.Representation().NewBuilder()
			if err := fromValue(i["value"], b); err != nil {
				return nil, err
			}
			v, err := toValue(b.Build())
			return output{"typed": v}, err
		},
		"schema.write": func(i input) (output, error) {
			p, err := prototypeOf(i)
			if err != nil {
				return nil, err
			}
			b := p.NewBuilder()
			if err := fromValue(i["typed"], b); err != nil {
				return nil, err
			}
			v, err := toValue(b.Build().(schema.TypedNode).Representation())
			return output{"value": v}, err
		},
	})
}
