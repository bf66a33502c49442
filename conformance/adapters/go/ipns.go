package main

import (
	"encoding/hex"
	"strconv"
	"time"

	"github.com/ipfs/boxo/ipns"
	"github.com/ipfs/boxo/path"
	"github.com/libp2p/go-libp2p/core/crypto"
)

func init() {
	register(map[string]operation{
		"ipns.validate": func(i input) (output, error) {
			name, err := ipns.NameFromString(i.text("name"))
			if err != nil {
				return nil, err
			}
			rec, err := ipns.UnmarshalRecord(i.octets("record"))
			if err != nil {
				return nil, err
			}
			if err := ipns.ValidateWithName(rec, name); err != nil {
				return nil, err
			}
			out := output{}
			if v, err := rec.Value(); err == nil {
				out["value"] = v.String()
			}
			if v, err := rec.Sequence(); err == nil {
				out["sequence"] = strconv.FormatUint(v, 10)
			}
			if v, err := rec.TTL(); err == nil {
				out["ttl"] = strconv.FormatInt(v.Nanoseconds(), 10)
			}
			if v, err := rec.Validity(); err == nil {
				out["validity"] = v.UTC().Format("2006-01-02T15:04:05.000000000Z")
			}
			return out, nil
		},
		"ipns.create": func(i input) (output, error) {
			key, err := crypto.UnmarshalPrivateKey(i.octets("key"))
			if err != nil {
				return nil, err
			}
			value, err := path.NewPath(i.text("value"))
			if err != nil {
				return nil, err
			}
			eol, err := time.Parse(time.RFC3339Nano, i.text("validity"))
			if err != nil {
				return nil, err
			}
			sequence, err := strconv.ParseUint(i.text("sequence"), 10, 64)
			if err != nil {
				return nil, err
			}
			ttl, err := strconv.ParseInt(i.text("ttl"), 10, 64)
			if err != nil {
				return nil, err
			}
			rec, err := ipns.NewRecord(key, value, sequence, eol, time.Duration(ttl), ipns.WithV1Compatibility(i.flag("v1")))
			if err != nil {
				return nil, err
			}
			data, err := ipns.MarshalRecord(rec)
			return output{"record": hex.EncodeToString(data)}, err
		},
		"ipns.select": func(i input) (output, error) {
			name, err := ipns.NameFromString(i.text("name"))
			if err != nil {
				return nil, err
			}
			records := [][]byte{}
			for _, r := range i.list("records") {
				records = append(records, octets(r))
			}
			best, err := ipns.Validator{}.Select(string(name.RoutingKey()), records)
			return output{"index": best}, err
		},
	})
}
