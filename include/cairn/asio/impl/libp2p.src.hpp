#pragma once
// The host of libp2p: a unit of its own.
#include <cairn/asio/libp2p/impl/host.ipp>
