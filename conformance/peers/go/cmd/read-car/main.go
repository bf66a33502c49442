// read-car reads a CAR with go-car: version, roots, how many blocks of how many bytes, each checked against its CID,
// and for a CARv2 the index: every section must be found through it.
package main

import (
	"fmt"
	"io"
	"os"

	blocks "github.com/ipfs/go-block-format"
	carv2 "github.com/ipld/go-car/v2"
	"github.com/ipld/go-car/v2/blockstore"
	"github.com/ipld/go-car/v2/index"
)

func fail(why error) {
	fmt.Fprintln(os.Stderr, "read-car:", why)
	os.Exit(1)
}

// The blocks of a CAR, each checked against its CID; its roots.
func each(data io.Reader, use func(blocks.Block), options ...carv2.Option) int {
	all, err := carv2.NewBlockReader(data, options...)
	if err != nil {
		fail(err)
	}
	for {
		block, err := all.Next()
		if err == io.EOF {
			return len(all.Roots)
		}
		if err != nil {
			fail(err)
		}
		use(block)
	}
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: read-car FILE")
		os.Exit(1)
	}
	file, err := os.Open(os.Args[1])
	if err != nil {
		fail(err)
	}
	defer file.Close()
	reader, err := carv2.NewReader(file)
	if err != nil {
		fail(err)
	}
	data := func() io.Reader {
		r, err := reader.DataReader()
		if err != nil {
			fail(err)
		}
		return r
	}
	indexed := 0
	if reader.Version == 2 && reader.Header.HasIndex() {
		from, err := reader.IndexReader()
		if err != nil {
			fail(err)
		}
		found, err := index.ReadFrom(from)
		if err != nil {
			fail(err)
		}
		store, err := blockstore.NewReadOnly(file, found)
		if err != nil {
			fail(err)
		}
		each(data(), func(block blocks.Block) {
			if size, err := store.GetSize(nil, block.Cid()); err != nil || size != len(block.RawData()) {
				fail(fmt.Errorf("the index does not find %s: %v", block.Cid(), err))
			}
			indexed++
		}, carv2.ZeroLengthSectionAsEOF(false))
	}
	count, size := 0, 0
	roots := each(data(), func(block blocks.Block) {
		count++
		size += len(block.RawData())
	})
	fmt.Printf("version %d roots %d blocks %d bytes %d indexed %d\n", reader.Version, roots, count, size, indexed)
}
