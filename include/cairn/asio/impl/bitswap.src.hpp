#pragma once
// Bitswap on a host: a unit of its own.
#include <cairn/asio/libp2p/impl/bitswap.ipp>
