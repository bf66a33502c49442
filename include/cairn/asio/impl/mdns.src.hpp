#pragma once
// Discovery on the link: a unit of its own.
#include <cairn/asio/libp2p/impl/mdns.ipp>
