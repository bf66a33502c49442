// read-car reads a CAR with go-car: version, roots, how many blocks of how many bytes, each checked against its CID,
// and for a CARv2 the index: every section must be found through it.
package main

import (
	"fmt"
	"io"
	"os"

	carv2 "github.com/ipld/go-car/v2"
	"github.com/ipld/go-car/v2/blockstore"
	"github.com/ipld/go-car/v2/index"
)

func fail(why error) {
	fmt.Fprintln(os.Stderr, "read-car:", why)
	os.Exit(1)
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
		data, err := reader.DataReader()
		if err != nil {
			fail(err)
		}
		blocks, err := carv2.NewBlockReader(data, carv2.ZeroLengthSectionAsEOF(false))
		if err != nil {
			fail(err)
		}
		for {
			block, err := blocks.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				fail(err)
			}
			if size, err := store.GetSize(nil, block.Cid()); err != nil || size != len(block.RawData()) {
				fail(fmt.Errorf("the index does not find %s: %v", block.Cid(), err))
			}
			indexed++
		}
	}
	data, err := reader.DataReader()
	if err != nil {
		fail(err)
	}
	blocks, err := carv2.NewBlockReader(data)
	if err != nil {
		fail(err)
	}
	count, size := 0, 0
	for {
		block, err := blocks.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			fail(err)
		}
		count++
		size += len(block.RawData())
	}
	fmt.Printf("version %d roots %d blocks %d bytes %d indexed %d\n", reader.Version, len(blocks.Roots), count, size, indexed)
}
