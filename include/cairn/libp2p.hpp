#pragma once
// How peers speak: state machines of libp2p's protocols; octets in, octets and events out, no socket and no clock.
#include <cairn/libp2p/envelope.hpp>
#include <cairn/libp2p/identify.hpp>
#include <cairn/libp2p/multistream.hpp>
#include <cairn/libp2p/noise.hpp>
#include <cairn/libp2p/noise_errc.hpp>
#include <cairn/libp2p/noise_handshake.hpp>
#include <cairn/libp2p/noise_pattern.hpp>
#include <cairn/libp2p/noise_payload.hpp>
#include <cairn/libp2p/pnet.hpp>
#include <cairn/libp2p/stream_event.hpp>
#include <cairn/libp2p/tls/certificate.hpp>
#include <cairn/libp2p/yamux.hpp>
#include <cairn/libp2p/yamux_errc.hpp>
