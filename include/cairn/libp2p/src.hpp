#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/libp2p/impl/envelope.ipp>
#include <cairn/libp2p/impl/identify.ipp>
#include <cairn/libp2p/impl/mdns.ipp>
#include <cairn/libp2p/impl/multistream.ipp>
#include <cairn/libp2p/impl/noise.ipp>
#include <cairn/libp2p/impl/noise_handshake.ipp>
#include <cairn/libp2p/impl/noise_payload.ipp>
#include <cairn/libp2p/impl/pnet.ipp>
#include <cairn/libp2p/impl/transport.ipp>
#include <cairn/libp2p/impl/websocket.ipp>
#include <cairn/libp2p/impl/yamux.ipp>
#include <cairn/libp2p/tls/impl/certificate.ipp>
#include <cairn/libp2p/tls/impl/chain.ipp>
#include <cairn/libp2p/tls/impl/channel.ipp>
#include <cairn/libp2p/tls/impl/handshake.ipp>
#include <cairn/libp2p/tls/impl/listener.ipp>
