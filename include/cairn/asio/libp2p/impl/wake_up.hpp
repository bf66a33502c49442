#pragma once

#include <cairn/asio/libp2p/task.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn::libp2p::detail {

namespace net = boost::asio;

inline auto now() -> deadline { return std::chrono::steady_clock::now(); }

/// One waiter sleeps until it is notified or its deadline has passed.
class wake_up {
public:
  explicit wake_up(net::any_io_executor const& e) : timer_{e} {}
  void notify() {
    if (waiting_) timer_.cancel();
  }
  /// False: the deadline.
  auto sleep(deadline until) -> net::awaitable<bool> {
    timer_.expires_at(until);
    waiting_ = true;
    auto ec = boost::system::error_code{};
    co_await timer_.async_wait(net::redirect_error(net::use_awaitable, ec));
    waiting_ = false;
    co_return ec == net::error::operation_aborted;
  }

private:
  net::steady_timer timer_;
  bool waiting_ = false;
};

}  // namespace cairn::libp2p::detail
