#pragma once
// QUIC: a unit of its own.
#include <cairn/libp2p/quic/impl/session.ipp>
