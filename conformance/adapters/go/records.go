package main

import (
	"encoding/hex"
	"strconv"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	"github.com/libp2p/go-libp2p/core/record"
	"github.com/libp2p/go-libp2p/p2p/host/peerstore/pstoremem"
	"github.com/multiformats/go-multiaddr"
)

// A record of any domain and type: its payload as it is.
type anyRecord struct {
	domain  string
	kind    []byte
	payload []byte
}

func (r *anyRecord) Domain() string                  { return r.domain }
func (r *anyRecord) Codec() []byte                   { return r.kind }
func (r *anyRecord) MarshalRecord() ([]byte, error)  { return r.payload, nil }
func (r *anyRecord) UnmarshalRecord(in []byte) error { r.payload = in; return nil }

func init() {
	register(map[string]operation{
		"envelope.open": func(i input) (output, error) {
			r := &anyRecord{domain: i.text("domain")}
			e, err := record.ConsumeTypedEnvelope(i.octets("bytes"), r)
			if err != nil {
				return nil, err
			}
			id, err := peer.IDFromPublicKey(e.PublicKey)
			if err != nil {
				return nil, err
			}
			return output{"peer_id": id.String(), "payload_type": hex.EncodeToString(e.PayloadType), "payload": hex.EncodeToString(e.RawPayload)}, nil
		},
		"envelope.seal": func(i input) (output, error) {
			key, err := crypto.UnmarshalPrivateKey(i.octets("key"))
			if err != nil {
				return nil, err
			}
			e, err := record.Seal(&anyRecord{i.text("domain"), i.octets("payload_type"), i.octets("payload")}, key)
			if err != nil {
				return nil, err
			}
			data, err := e.Marshal()
			return output{"bytes": hex.EncodeToString(data)}, err
		},
		// the peer store is what judges records in a host
		"peer_record.open": func(i input) (output, error) {
			e, any, err := record.ConsumeEnvelope(i.octets("bytes"), peer.PeerRecordEnvelopeDomain)
			if err != nil {
				return nil, err
			}
			store, err := pstoremem.NewPeerstore()
			if err != nil {
				return nil, err
			}
			defer store.Close()
			book, _ := peerstore.GetCertifiedAddrBook(store)
			if _, err := book.ConsumePeerRecord(e, time.Hour); err != nil {
				return nil, err
			}
			r := any.(*peer.PeerRecord)
			addresses := []string{}
			for _, a := range r.Addrs {
				addresses = append(addresses, a.String())
			}
			return output{"peer_id": r.PeerID.String(), "seq": strconv.FormatUint(r.Seq, 10), "addresses": addresses}, nil
		},
		"peer_record.seal": func(i input) (output, error) {
			key, err := crypto.UnmarshalPrivateKey(i.octets("key"))
			if err != nil {
				return nil, err
			}
			id, err := peer.IDFromPrivateKey(key)
			if err != nil {
				return nil, err
			}
			seq, err := strconv.ParseUint(i.text("seq"), 10, 64)
			if err != nil {
				return nil, err
			}
			r := &peer.PeerRecord{PeerID: id, Seq: seq}
			for _, a := range i.list("addresses") {
				m, err := multiaddr.NewMultiaddr(a.(string))
				if err != nil {
					return nil, err
				}
				r.Addrs = append(r.Addrs, m)
			}
			e, err := record.Seal(r, key)
			if err != nil {
				return nil, err
			}
			data, err := e.Marshal()
			return output{"bytes": hex.EncodeToString(data)}, err
		},
	})
}
