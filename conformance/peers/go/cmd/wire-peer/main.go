// wire-peer is a go-libp2p host for the matrix of tests/interop/matrix.
//
//	wire-peer listen ADDRESS SECURITY         prints the address, echoes and pings until its input ends
//	wire-peer dial ADDRESS SECURITY           pings, echoes 1 MiB, prints one line of JSON
//	wire-peer perf ADDRESS SECURITY MEBIBYTES sends that much, prints one line of JSON
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	libp2ptls "github.com/libp2p/go-libp2p/p2p/security/tls"
	quic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/libp2p/go-libp2p/p2p/transport/websocket"
	ma "github.com/multiformats/go-multiaddr"
)

const echo, sink = "/cairn-test/echo/1", "/cairn-test/sink/1"

func fail(err error) {
	if err != nil {
		fmt.Println(`{"ok":false,"error":` + strconv.Quote(err.Error()) + `}`)
		os.Exit(1)
	}
}

func makeHost(listen string, security string) host.Host {
	options := []libp2p.Option{
		libp2p.NoTransports, libp2p.Transport(tcp.NewTCPTransport), libp2p.Transport(websocket.New), libp2p.Transport(quic.NewTransport),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport), libp2p.DisableRelay(), libp2p.ResourceManager(&network.NullResourceManager{}),
	}
	switch security {
	case "tls":
		options = append(options, libp2p.Security(libp2ptls.ID, libp2ptls.New))
	case "noise":
		options = append(options, libp2p.Security(noise.ID, noise.New))
	}
	if listen == "" {
		options = append(options, libp2p.NoListenAddrs)
	} else {
		options = append(options, libp2p.ListenAddrStrings(listen))
	}
	h, err := libp2p.New(options...)
	fail(err)
	h.SetStreamHandler(echo, func(s network.Stream) {
		if _, err := io.Copy(s, s); err != nil {
			s.Reset()
			return
		}
		s.Close()
	})
	h.SetStreamHandler(sink, func(s network.Stream) {
		n, err := io.Copy(io.Discard, s)
		if err != nil {
			s.Reset()
			return
		}
		fmt.Fprintf(s, "%d", n)
		s.Close()
	})
	return h
}

func main() {
	address, security := os.Args[2], os.Args[3]
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	if os.Args[1] == "listen" {
		h := makeHost(address, security)
		fmt.Printf("%s/p2p/%s\n", h.Addrs()[0], h.ID())
		io.Copy(io.Discard, os.Stdin)
		return
	}
	h := makeHost("", security)
	m, err := ma.NewMultiaddr(address)
	fail(err)
	info, err := peer.AddrInfoFromP2pAddr(m)
	fail(err)
	h.Peerstore().AddAddrs(info.ID, info.Addrs, peerstore.PermanentAddrTTL)
	fail(h.Connect(ctx, *info))
	state := h.Network().ConnsToPeer(info.ID)[0].ConnState()
	answer := map[string]any{"ok": true, "security": state.Security, "muxer": state.StreamMultiplexer, "transport": state.Transport}
	if os.Args[1] == "perf" {
		mebibytes, err := strconv.Atoi(os.Args[4])
		fail(err)
		s, err := h.NewStream(ctx, info.ID, sink)
		fail(err)
		chunk := make([]byte, 1<<20)
		rand.Read(chunk)
		begin := time.Now()
		for i := 0; i < mebibytes; i++ {
			_, err = s.Write(chunk)
			fail(err)
		}
		fail(s.CloseWrite())
		got, err := io.ReadAll(s)
		fail(err)
		answer["ok"] = strings.TrimSpace(string(got)) == strconv.Itoa(mebibytes<<20)
		answer["seconds"] = time.Since(begin).Seconds()
	} else {
		result := <-ping.Ping(ctx, h, info.ID)
		fail(result.Error)
		answer["ping"] = result.RTT.Seconds()
		s, err := h.NewStream(ctx, info.ID, echo)
		fail(err)
		sent := make([]byte, 1<<20)
		rand.Read(sent)
		go func() {
			s.Write(sent)
			s.CloseWrite()
		}()
		got, err := io.ReadAll(s)
		fail(err)
		answer["ok"] = bytes.Equal(sent, got)
		agent, _ := h.Peerstore().Get(info.ID, "AgentVersion")
		answer["agent"] = agent
	}
	text, _ := json.Marshal(answer)
	fmt.Println(string(text))
}
