#pragma once

#include <cairn/core/error.hpp>

#include <chrono>

#include <boost/asio/awaitable.hpp>

namespace cairn::libp2p {

/// What waits for a peer.
template <class T>
using task = boost::asio::awaitable<io_result<T>>;

/// Until when; every operation on a network has one.
using deadline = std::chrono::steady_clock::time_point;

/// So long from now.
inline auto within(std::chrono::steady_clock::duration d) -> deadline { return std::chrono::steady_clock::now() + d; }

}  // namespace cairn::libp2p
