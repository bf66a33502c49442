package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/ipfs/boxo/blockservice"
	"github.com/ipfs/boxo/blockstore"
	"github.com/ipfs/boxo/chunker"
	"github.com/ipfs/boxo/exchange/offline"
	"github.com/ipfs/boxo/files"
	"github.com/ipfs/boxo/ipld/merkledag"
	ft "github.com/ipfs/boxo/ipld/unixfs"
	"github.com/ipfs/boxo/ipld/unixfs/file"
	"github.com/ipfs/boxo/ipld/unixfs/importer/balanced"
	"github.com/ipfs/boxo/ipld/unixfs/importer/helpers"
	"github.com/ipfs/boxo/ipld/unixfs/importer/trickle"
	uio "github.com/ipfs/boxo/ipld/unixfs/io"
	"github.com/ipfs/go-cid"
	"github.com/ipfs/go-datastore"
	dssync "github.com/ipfs/go-datastore/sync"
	ipld "github.com/ipfs/go-ipld-format"
	mh "github.com/multiformats/go-multihash"
)

var ctx = context.Background()

func newStore() (blockstore.Blockstore, ipld.DAGService) {
	store := blockstore.NewBlockstore(dssync.MutexWrap(datastore.NewMapDatastore()))
	return store, merkledag.NewDAGService(blockservice.New(store, offline.Exchange(store)))
}

func builderOf(i input) cid.Builder {
	hash := i.text("hash")
	code := uint64(mh.SHA2_256)
	if hash != "" {
		code = mh.Names[hash]
	}
	return cid.Prefix{Version: i.number("cid_version"), Codec: cid.DagProtobuf, MhType: code, MhLength: -1}
}

func importFile(i input, data []byte, dag ipld.DAGService) (ipld.Node, error) {
	splitter, err := chunk.FromString(bytes.NewReader(data), i.text("chunker"))
	if err != nil {
		return nil, err
	}
	params := helpers.DagBuilderParams{Maxlinks: int(i.number("max_links")), RawLeaves: i.flag("raw_leaves"), CidBuilder: builderOf(i), Dagserv: dag}
	if i.has("mode") {
		params.FileMode = os.FileMode(i.number("mode"))
	}
	if i.has("mtime") {
		var t [2]int64
		for n, v := range i.list("mtime") {
			t[n], _ = v.(interface{ Int64() (int64, error) }).Int64()
		}
		params.FileModTime = time.Unix(t[0], t[1])
	}
	helper, err := params.New(splitter)
	if err != nil {
		return nil, err
	}
	if i.text("layout") == "trickle" {
		return trickle.Layout(helper)
	}
	return balanced.Layout(helper)
}

func newDirectory(i input, dag ipld.DAGService) (uio.Directory, error) {
	opts := []uio.DirectoryOption{uio.WithCidBuilder(builderOf(i))}
	if i.has("fanout") {
		opts = append(opts, uio.WithMaxHAMTFanout(int(i.number("fanout"))))
	}
	switch i.text("shard") {
	case "block":
		opts = append(opts, uio.WithSizeEstimationMode(uio.SizeEstimationBlock))
	case "never":
		opts = append(opts, uio.WithSizeEstimationMode(uio.SizeEstimationDisabled))
	default:
		opts = append(opts, uio.WithSizeEstimationMode(uio.SizeEstimationLinks))
	}
	dir, err := uio.NewDirectory(dag, opts...)
	if err != nil {
		return nil, err
	}
	if i.has("threshold") {
		dir.SetHAMTShardingSize(int(i.number("threshold")))
	}
	if i.text("shard") == "always" {
		dir.SetHAMTShardingSize(1)
	}
	return dir, nil
}

func importTree(i input, o map[string]any, dag ipld.DAGService) (ipld.Node, error) {
	if data, ok := o["data"]; ok {
		return importFile(i, octets(data), dag)
	}
	if target, ok := o["symlink"]; ok {
		data, err := ft.SymlinkData(target.(string))
		if err != nil {
			return nil, err
		}
		n := merkledag.NodeWithData(data)
		if err := n.SetCidBuilder(builderOf(i)); err != nil {
			return nil, err
		}
		return n, dag.Add(ctx, n)
	}
	dir, err := newDirectory(i, dag)
	if err != nil {
		return nil, err
	}
	for _, e := range o["entries"].([]any) {
		pair := e.([]any)
		child, err := importTree(i, pair[1].(map[string]any), dag)
		if err != nil {
			return nil, err
		}
		if err := dir.AddChild(ctx, pair[0].(string), child); err != nil {
			return nil, err
		}
	}
	n, err := dir.GetNode()
	if err != nil {
		return nil, err
	}
	return n, dag.Add(ctx, n)
}

func describeRoot(n ipld.Node, err error) (output, error) {
	if err != nil {
		return nil, err
	}
	size, err := n.Size()
	return output{"cid": n.Cid().String(), "dag_size": size}, err
}

func walk(dag ipld.DAGService, path string, c cid.Cid, depth int, into *[]output) error {
	if depth > 64 {
		return errors.New("too deep")
	}
	out := output{"path": path, "cid": c.String()}
	codec := c.Prefix().Codec
	if codec != cid.Raw && codec != cid.DagProtobuf {
		out["type"] = "other"
		*into = append(*into, out)
		return nil
	}
	n, err := dag.Get(ctx, c)
	if err != nil {
		return err
	}
	dir, err := uio.NewDirectoryFromNode(dag, n)
	if err == nil {
		out["type"] = "directory"
		*into = append(*into, out)
		return dir.ForEachLink(ctx, func(l *ipld.Link) error {
			inner := l.Name
			if path != "" {
				inner = path + "/" + l.Name
			}
			return walk(dag, inner, l.Cid, depth+1, into)
		})
	}
	f, err := unixfile.NewUnixfsFile(ctx, dag, n)
	if err != nil {
		return err
	}
	switch f := f.(type) {
	case *files.Symlink:
		out["type"], out["target"] = "symlink", f.Target
	case files.File:
		h := sha256.New()
		size, err := io.Copy(h, f)
		if err != nil {
			return err
		}
		out["type"], out["size"], out["sha256"] = "file", size, hex.EncodeToString(h.Sum(nil))
	default:
		return errors.New("neither file nor symlink")
	}
	*into = append(*into, out)
	return nil
}

func init() {
	kinds := []string{"raw", "directory", "file", "metadata", "symlink", "hamt-sharded-directory"}
	register(map[string]operation{
		"chunker.cuts": func(i input) (output, error) {
			s, err := chunk.FromString(bytes.NewReader(i.octets("data")), i.text("chunker"))
			if err != nil {
				return nil, err
			}
			lengths := []int{}
			err = each(s.NextBytes, func(c []byte) error {
				lengths = append(lengths, len(c))
				return nil
			})
			return output{"lengths": lengths}, err
		},
		"unixfs.data_decode": func(i input) (output, error) {
			raw := i.octets("bytes")
			pb, err := ft.FromBytes(raw)
			if err != nil {
				return nil, err
			}
			if _, err := ft.FSNodeFromBytes(raw); err != nil {
				return nil, err
			}
			if t := int(pb.GetType()); t < 0 || t >= len(kinds) {
				return output{"type": pb.GetType().String()}, nil
			}
			out := output{"type": kinds[pb.GetType()], "blocksizes": append([]uint64{}, pb.Blocksizes...)}
			if pb.Data != nil {
				out["data"] = hex.EncodeToString(pb.Data)
			}
			if pb.Filesize != nil {
				out["filesize"] = *pb.Filesize
			}
			if pb.HashType != nil {
				out["hash_type"] = *pb.HashType
			}
			if pb.Fanout != nil {
				out["fanout"] = *pb.Fanout
			}
			if pb.Mode != nil {
				out["mode"] = *pb.Mode & 0xfff
			}
			if pb.Mtime != nil {
				out["mtime"] = []int64{pb.Mtime.GetSeconds(), int64(pb.Mtime.GetNanos())}
			}
			return out, nil
		},
		"unixfs.import_file": func(i input) (output, error) {
			_, dag := newStore()
			return describeRoot(importFile(i, i.octets("data"), dag))
		},
		"unixfs.import_tree": func(i input) (output, error) {
			_, dag := newStore()
			return describeRoot(importTree(i, i["tree"].(map[string]any), dag))
		},
		"hamt.name_hash": func(i input) (output, error) {
			h, err := mh.Sum([]byte(i.text("name")), mh.MURMUR3X64_64, -1)
			if err != nil {
				return nil, err
			}
			d, err := mh.Decode(h)
			if err != nil {
				return nil, err
			}
			return output{"hash": hex.EncodeToString(d.Digest)}, nil
		},
		"unixfs.edit": func(i input) (output, error) {
			_, dag := newStore()
			dir, err := newDirectory(i, dag)
			if err != nil {
				return nil, err
			}
			for _, s := range i.list("steps") {
				step := s.([]any)
				name := step[1].(string)
				if step[0] == "remove" {
					err = dir.RemoveChild(ctx, name)
				} else {
					leaf := merkledag.NewRawNode(octets(step[2]))
					if err = dag.Add(ctx, leaf); err == nil {
						err = dir.AddChild(ctx, name, leaf)
					}
				}
				if err != nil {
					return nil, err
				}
			}
			return describeRoot(dir.GetNode())
		},
		"unixfs.read": func(i input) (output, error) {
			store, dag := newStore()
			if err := loadCar(i.octets("car"), store); err != nil {
				return nil, err
			}
			root, err := cid.Decode(i.text("root"))
			if err != nil {
				return nil, err
			}
			all := []output{}
			if err := walk(dag, "", root, 0, &all); err != nil {
				return nil, err
			}
			sort.Slice(all, func(a, b int) bool { return strings.Compare(all[a]["path"].(string), all[b]["path"].(string)) < 0 })
			return output{"entries": all}, nil
		},
	})
}
