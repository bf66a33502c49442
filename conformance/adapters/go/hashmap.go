package main

import (
	"errors"

	"github.com/ipfs/go-cid"
	hamt "github.com/ipld/go-ipld-adl-hamt"
	"github.com/ipld/go-ipld-prime/datamodel"
	"github.com/ipld/go-ipld-prime/linking"
	cidlink "github.com/ipld/go-ipld-prime/linking/cid"
	"github.com/ipld/go-ipld-prime/node/bindnode"
	"github.com/ipld/go-ipld-prime/schema"
	"github.com/multiformats/go-multicodec"
)

var cborLink = cidlink.LinkPrototype{Prefix: cid.Prefix{Version: 1, Codec: cid.DagCBOR, MhType: uint64(multicodec.Sha2_256), MhLength: 32}}

func init() {
	register(map[string]operation{
		// the library has no removal: "hashmap:remove" is not among the features
		"hashmap.build": func(i input) (output, error) {
			ls, err := linkSystem(nil, nil)
			if err != nil {
				return nil, err
			}
			p := hamt.Prototype{BitWidth: int(i.number("bitWidth")), BucketSize: int(i.number("bucketSize"))}.WithHashAlg(multicodec.Code(i.number("hash")))
			b := hamt.NewBuilder(p).WithLinking(ls, cborLink)
			m, err := b.BeginMap(-1)
			if err != nil {
				return nil, err
			}
			for _, e := range i.list("entries") {
				pair := e.([]any)
				v, err := anyNode(pair[1])
				if err != nil {
					return nil, err
				}
				if err := m.AssembleKey().AssignBytes(octets(pair[0])); err != nil {
					return nil, err
				}
				if err := m.AssembleValue().AssignNode(v); err != nil {
					return nil, err
				}
			}
			if err := m.Finish(); err != nil {
				return nil, err
			}
			root := hamt.Build(b).Substrate().(schema.TypedNode).Representation()
			l, err := ls.Store(linking.LinkContext{Ctx: ctx}, cborLink, root)
			if err != nil {
				return nil, err
			}
			return output{"root": l.String()}, nil
		},
		"hashmap.get": func(i input) (output, error) {
			read := []string{}
			ls, err := linkSystem(i.list("blocks"), &read)
			if err != nil {
				return nil, err
			}
			c, err := cid.Decode(i.text("root"))
			if err != nil {
				return nil, err
			}
			n, err := ls.Load(linking.LinkContext{Ctx: ctx}, cidlink.Link{Cid: c}, hamt.HashMapRootPrototype.Representation())
			if err != nil {
				return nil, err
			}
			root := bindnode.Unwrap(n).(*hamt.HashMapRoot)
			v, err := hamt.Node{HashMapRoot: *root}.WithLinking(ls, cborLink).LookupByString(string(i.octets("key")))
			if errors.As(err, &datamodel.ErrNotExists{}) {
				return output{"found": false, "visited": read}, nil
			}
			if err != nil {
				return nil, err
			}
			value, err := toValue(v)
			return output{"found": true, "value": value, "visited": read}, err
		},
	})
}
