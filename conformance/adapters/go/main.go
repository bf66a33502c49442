// Adapter of the conformance kit over Kubo's own Go modules: JSON lines on stdin and stdout.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"strings"
)

// input is the "in" of a case.
type input map[string]any

func (i input) text(name string) string { s, _ := i[name].(string); return s }
func (i input) flag(name string) bool   { b, _ := i[name].(bool); return b }
func (i input) number(name string) uint64 {
	n, err := toUint(i[name])
	if err != nil {
		panic(name + ": " + err.Error())
	}
	return n
}
func (i input) has(name string) bool      { return i[name] != nil }
func (i input) list(name string) []any    { l, _ := i[name].([]any); return l }
func (i input) octets(name string) []byte { return octets(i[name]) }

func toUint(v any) (uint64, error) {
	var n uint64
	_, err := fmt.Sscan(fmt.Sprint(v), &n)
	return n, err
}

// octets are hexadecimal, or {"file": path}.
func octets(v any) []byte {
	if o, ok := v.(map[string]any); ok {
		data, err := os.ReadFile(o["file"].(string))
		if err != nil {
			panic(err)
		}
		return data
	}
	data, err := hex.DecodeString(v.(string))
	if err != nil {
		panic(err)
	}
	return data
}

type output map[string]any
type operation func(input) (output, error)

var operations = map[string]operation{}

func register(all map[string]operation) {
	for name, op := range all {
		operations[name] = op
	}
}

func hello() output {
	ops := []string{}
	for name := range operations {
		ops = append(ops, name)
	}
	sort.Strings(ops)
	versions := []string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			for _, p := range []string{"ipfs/boxo", "ipfs/go-ipld-git", "ceramicnetwork/go-dag-jose", "ipld/go-ipld-adl-hamt", "ipld/go-ipld-prime", "ipld/go-codec-dagpb", "ipld/go-car/v2", "ipfs/go-cid", "libp2p/go-libp2p", "multiformats/go-multiaddr", "multiformats/go-multibase", "multiformats/go-multihash", "multiformats/go-varint"} {
				if d.Path == "github.com/"+p {
					versions = append(versions, p[strings.Index(p, "/")+1:]+" "+d.Version)
				}
			}
		}
	}
	return output{"name": "go", "version": strings.Join(versions, ", "), "language": "go " + runtime.Version()[2:], "ops": ops, "features": features()}
}

func answer(op string, in input) (out map[string]any) {
	run, known := operations[op]
	if !known {
		return map[string]any{"unsupported": true}
	}
	// a panic of a library is a crash and is left one: the runner starts this program again
	got, err := run(in)
	if err != nil {
		return map[string]any{"err": map[string]any{"class": "refused", "text": strings.ToValidUTF8(err.Error(), "?")}}
	}
	return map[string]any{"ok": got}
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	os.Stdout = os.Stderr // a library that prints (go-ipld-git does) prints no answers
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var request struct {
			ID *int64         `json:"id"`
			Op string         `json:"op"`
			In map[string]any `json:"in"`
		}
		d := json.NewDecoder(strings.NewReader(string(line)))
		d.UseNumber()
		if err := d.Decode(&request); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if request.Op == "bye" {
			return
		}
		var reply map[string]any
		if request.Op == "hello" {
			reply = hello()
		} else {
			reply = answer(request.Op, request.In)
		}
		if request.ID != nil {
			reply["id"] = *request.ID
		}
		text, err := json.Marshal(reply)
		if err != nil {
			panic(err)
		}
		out.Write(text)
		out.WriteByte('\n')
		out.Flush()
	}
}
