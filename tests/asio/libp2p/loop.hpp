#pragma once
// What tests of hosts do with their loop.

#include <cairn/asio/libp2p/task.hpp>
#include <cairn/crypto/key.hpp>

#include "support/cut.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace cairn::testing {

inline auto key_of(std::uint64_t seed) -> private_key {
  auto random = seeded{seed};
  return *private_key::generate(key_type::ed25519, 0, random_source{random});
}

template <class T>
auto keep(boost::asio::awaitable<T> body, std::optional<T>& out) -> boost::asio::awaitable<void> {
  out.emplace(co_await std::move(body));
}

/// Runs until the coroutine has ended; what other coroutines wait for goes on in the next call.
template <class T>
auto run(boost::asio::io_context& context, boost::asio::awaitable<T> body) -> T {
  auto out = std::optional<T>{};
  boost::asio::co_spawn(context, keep(std::move(body), out), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  while (!out) context.run_one();
  return *std::move(out);
}

/// Runs until that is so.
template <class Predicate>
auto becomes(boost::asio::io_context& context, Predicate so) -> bool {
  auto const end = libp2p::within(std::chrono::seconds{20});
  while (!so() && std::chrono::steady_clock::now() < end) context.run_one_for(std::chrono::milliseconds{100});
  return so();
}

}  // namespace cairn::testing
