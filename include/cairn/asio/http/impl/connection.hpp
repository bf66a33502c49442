#pragma once
// One connection: reads heads without holding a buffer or a thread, runs the handler, sends what it left to send.

#include <cairn/asio/http/impl/request_parser.hpp>
#include <cairn/asio/http/impl/worker_pool.hpp>
#include <cairn/asio/http/server.hpp>

#include <boost/asio/generic/stream_protocol.hpp>

#include <atomic>
#include <cerrno>
#include <ctime>
#include <list>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/uio.h>

namespace cairn::http::detail {

inline auto coarse_seconds() -> std::int64_t {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return now.tv_sec;
}

inline auto coarse_milliseconds() -> std::int64_t {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

// What connections share.
struct server_state {
  explicit server_state(server_options const& o) : options{o}, pool{o.threads, o.max_threads} {}

  server_options options;
  std::mutex mutex;
  std::list<class connection*> open;
  std::atomic<std::size_t> running = 0, heads = 0;
  std::atomic<std::uint64_t> requests = 0, received = 0, sent = 0;
  std::atomic<bool> stopping = false, cutting = false;
  worker_pool pool;  // the last member: its threads end before the rest goes
};

class connection : public std::enable_shared_from_this<connection> {
public:
  using socket_type = boost::asio::generic::stream_protocol::socket;

  connection(server_state& state, socket_type socket, http::handler const& answer, std::string peer, bool loopback)
      : state_{state}, socket_{std::move(socket)}, answer_{answer}, peer_{std::move(peer)}, loopback_{loopback} {
    auto const lock = std::lock_guard{state_.mutex};
    place_ = state_.open.insert(state_.open.end(), this);
  }
  ~connection() {
    forget_head();
    {
      auto const lock = std::lock_guard{state_.mutex};
      state_.open.erase(place_);
    }
    if (cut_) {
      // the client is to see that the answer is not whole
      auto const reset = ::linger{1, 0};
      ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
  }

  void start() {
    deadline_ = coarse_seconds() + state_.options.idle_deadline;
    wait_for_request();
  }

  // From the sweep, under the lock of the state: the time after which the connection is cut; 0 while a handler runs.
  auto deadline() const -> std::int64_t { return deadline_; }
  auto is_idle() const -> bool { return idle_; }
  void cut() { ::shutdown(socket_.native_handle(), SHUT_RDWR); }

private:
  friend class connection_exchange;
  void wait_for_request();
  void on_readable();
  void serve();
  auto refuse(unsigned status) -> bool;
  void send_rest();
  void linger();
  auto receive_some() -> ssize_t;
  void forget_head() {
    if (counted_ != 0) state_.heads -= std::exchange(counted_, 0);
  }

  server_state& state_;
  socket_type socket_;
  http::handler const& answer_;
  std::string peer_;
  std::list<connection*>::iterator place_;
  std::unique_ptr<request_parser> parser_;
  std::string pending_;            // received, not yet parsed
  std::string unsent_;             // of a finished response
  std::size_t unsent_at_ = 0, counted_ = 0, lingered_ = 0;
  std::int64_t rest_until_ = 0;    // when all of `unsent_` must have been taken
  std::atomic<std::int64_t> deadline_ = 0;
  std::atomic<bool> idle_ = true;
  bool loopback_, keep_ = true, cut_ = false;
};

}  // namespace cairn::http::detail
