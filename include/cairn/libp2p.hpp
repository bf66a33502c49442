#pragma once
// How peers speak: state machines of libp2p's protocols, without a socket and without a clock.
#include <cairn/libp2p/tls/certificate.hpp>
