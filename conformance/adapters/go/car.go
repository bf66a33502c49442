package main

import (
	"bytes"
	"encoding/hex"
	"io"
	"sort"

	"github.com/ipfs/boxo/blockstore"
	blocks "github.com/ipfs/go-block-format"
	"github.com/ipfs/go-cid"
	"github.com/ipld/go-car/v2"
	"github.com/ipld/go-car/v2/index"
	"github.com/ipld/go-car/v2/storage"
	mh "github.com/multiformats/go-multihash"
)

// each hands on what next gives, to its end.
func each[T any](next func() (T, error), use func(T) error) error {
	for {
		v, err := next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := use(v); err != nil {
			return err
		}
	}
}

func loadCar(data []byte, store blockstore.Blockstore) error {
	r, err := car.NewBlockReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return each(r.Next, func(b blocks.Block) error { return store.Put(ctx, b) })
}

func init() {
	register(map[string]operation{
		"car.read": func(i input) (output, error) {
			r, err := car.NewBlockReader(bytes.NewReader(i.octets("bytes")))
			if err != nil {
				return nil, err
			}
			roots, all := []string{}, [][2]string{}
			for _, c := range r.Roots {
				roots = append(roots, c.String())
			}
			err = each(r.Next, func(b blocks.Block) error {
				all = append(all, [2]string{b.Cid().String(), hex.EncodeToString(b.RawData())})
				return nil
			})
			return output{"version": r.Version, "roots": roots, "blocks": all}, err
		},
		"car.write": func(i input) (output, error) {
			roots := []cid.Cid{}
			for _, r := range i.list("roots") {
				c, err := cid.Decode(r.(string))
				if err != nil {
					return nil, err
				}
				roots = append(roots, c)
			}
			var buf bytes.Buffer
			w, err := storage.NewWritable(&buf, roots, car.WriteAsCarV1(true), car.AllowDuplicatePuts(true), car.StoreIdentityCIDs(true))
			if err != nil {
				return nil, err
			}
			for _, p := range i.list("blocks") {
				pair := p.([]any)
				c, err := cid.Decode(pair[0].(string))
				if err != nil {
					return nil, err
				}
				if err := w.Put(ctx, c.KeyString(), octets(pair[1])); err != nil {
					return nil, err
				}
			}
			if err := w.Finalize(); err != nil {
				return nil, err
			}
			return output{"bytes": hex.EncodeToString(buf.Bytes())}, nil
		},
		"car.index_read": func(i input) (output, error) {
			idx, err := index.ReadFrom(bytes.NewReader(i.octets("bytes")))
			if err != nil {
				return nil, err
			}
			entries := [][]any{}
			if it, ok := idx.(index.IterableIndex); ok {
				err = it.ForEach(func(h mh.Multihash, offset uint64) error {
					d, err := mh.Decode(h)
					if err != nil {
						return err
					}
					entries = append(entries, []any{hex.EncodeToString(d.Digest), offset})
					return nil
				})
			}
			sort.Slice(entries, func(a, b int) bool { return entries[a][0].(string) < entries[b][0].(string) })
			return output{"codec": uint64(idx.Codec()), "entries": entries}, err
		},
	})
}
