// The codecs of go-ipld-prime over the blocks of a folder; see tests/bench/versus_codecs.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ipld/go-ipld-prime/codec/dagcbor"
	"github.com/ipld/go-ipld-prime/codec/dagjson"
	"github.com/ipld/go-ipld-prime/datamodel"
	"github.com/ipld/go-ipld-prime/node/basicnode"
)

func bestOf(work func()) int64 {
	best, spent := int64(1)<<62, int64(0)
	for run := 0; run < 5 || (spent < 5e8 && run < 1000); run++ {
		start := time.Now()
		work()
		took := time.Since(start).Nanoseconds()
		best, spent = min(best, took), spent+took
	}
	return best
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	files, err := filepath.Glob(filepath.Join(os.Args[1], "*"))
	check(err)
	for _, f := range files {
		in, err := os.ReadFile(f)
		check(err)
		codec := strings.TrimPrefix(filepath.Ext(f), ".")
		shape := strings.TrimSuffix(filepath.Base(f), filepath.Ext(f))
		decode := func() datamodel.Node {
			nb := basicnode.Prototype.Any.NewBuilder()
			if codec == "cbor" {
				check(dagcbor.Decode(nb, bytes.NewReader(in)))
			} else {
				check(dagjson.Decode(nb, bytes.NewReader(in)))
			}
			return nb.Build()
		}
		n := decode()
		fmt.Println(shape, codec, "decode", bestOf(func() { decode() }))
		fmt.Println(shape, codec, "encode", bestOf(func() {
			var out bytes.Buffer
			if codec == "cbor" {
				check(dagcbor.Encode(n, &out))
			} else {
				check(dagjson.Encode(n, &out))
			}
		}))
	}
}
