#pragma once
// How threads that block ask something of the one thread of the network.

#include <cairn/core/error.hpp>
#include <cairn/service/network.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace cairn::service::detail {

/// One answer, given once.
template <class T>
class answer_box {
public:
  void give(T value) {
    {
      auto const lock = std::lock_guard{mutex_};
      value_.emplace(std::move(value));
    }
    given_.notify_all();
  }
  /// Nothing: `stopped` said so before there was an answer.
  template <class F>
  auto wait(F const& stopped) -> std::optional<T> {
    auto lock = std::unique_lock{mutex_};
    while (!given_.wait_for(lock, std::chrono::milliseconds{50}, [&] { return value_.has_value(); }))
      if (stopped()) break;
    return std::exchange(value_, std::nullopt);
  }

private:
  std::mutex mutex_;
  std::condition_variable given_;
  std::optional<T> value_;
};

/// The answer of f(), on the loop's thread; nothing where the loop has ended.
template <class F>
auto ask_loop(boost::asio::io_context& loop, F f) -> std::optional<decltype(f())> {
  auto const box = std::make_shared<answer_box<decltype(f())>>();
  boost::asio::post(loop, [box, f = std::move(f)]() mutable { box->give(f()); });
  return box->wait([&] { return loop.stopped(); });
}

/// What the coroutine that f() makes comes to. errors: canceled
template <class F>
auto await_loop(boost::asio::io_context& loop, F f, cancel_check const& cancelled) -> typename decltype(f())::value_type {
  using value = typename decltype(f())::value_type;
  auto const box = std::make_shared<answer_box<value>>();
  auto run = [box, f = std::move(f)]() mutable -> boost::asio::awaitable<void> {
    auto own = std::move(f);  // of this coroutine, which outlives the closure
    auto const to = box;
    auto done = co_await own();
    to->give(std::move(done));
  };
  boost::asio::co_spawn(loop, std::move(run), boost::asio::detached);
  auto done = box->wait([&] { return loop.stopped() || (cancelled && cancelled()); });
  if (done) return *std::move(done);
  return value{std::unexpect, error::message("network", "canceled")};
}

}  // namespace cairn::service::detail
