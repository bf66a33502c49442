#pragma once
// What runs on real sockets: the only folder that knows Boost.Asio.
#include <cairn/asio/http/block.hpp>
#include <cairn/asio/http/client.hpp>
#include <cairn/asio/http/endpoint.hpp>
#include <cairn/asio/http/exchange.hpp>
#include <cairn/asio/http/multipart.hpp>
#include <cairn/asio/http/server.hpp>
#include <cairn/asio/http/url.hpp>
#include <cairn/asio/libp2p/bitswap.hpp>
#include <cairn/asio/libp2p/host.hpp>
#include <cairn/asio/libp2p/mdns.hpp>
#include <cairn/asio/libp2p/stream.hpp>
#include <cairn/asio/libp2p/task.hpp>
