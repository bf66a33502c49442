#pragma once
// What runs on real sockets: the only folder that knows Boost.Asio.
#include <cairn/asio/http/exchange.hpp>
