#pragma once

#include <cairn/asio/http/endpoint.hpp>
#include <cairn/asio/http/exchange.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace cairn::http {

/// Answers one exchange. What it leaves unfinished is finished for it; an exception ends the connection.
using handler = std::function<void(exchange&)>;

/// The bounds of a server. Times in seconds.
struct server_options {
  std::size_t threads = 2;          ///< that run handlers at once, as long as none of them waits for a client
  std::size_t max_threads = 256;    ///< with those that wait; beyond it requests are answered 503
  std::size_t connections = 16384;  ///< open at once; one more is answered 503 and closed
  std::size_t head_bytes = 1 << 20;        ///< of one request: Go's bound
  std::size_t heads_bytes = 64 << 20;      ///< of all requests whose head is still coming in
  unsigned head_deadline = 20;      ///< from the first octet of a head to its last
  unsigned stall_deadline = 60;     ///< a body or a reader that does not move
  std::size_t slow_rate = 1024;     ///< octets a second that a reader takes at least, over each stall_deadline that is waited for it; 0: any
  unsigned idle_deadline = 600;     ///< between two requests
};

/// What a server is doing.
struct server_counts {
  std::size_t connections = 0, running = 0, waiting = 0, threads = 0;
  std::uint64_t requests = 0, received = 0, sent = 0;
};

/// An HTTP/1.1 server: listeners on TCP and Unix sockets, connections that are kept, a handler for each listener.
///
/// threads   Handlers run on the server's own threads. Before one waits for its client, or where all have been busy for some
///           milliseconds, another thread begins, so a slow client or long work holds up nobody else.
/// memory    an idle connection has no buffer and no thread
class server {
public:
  CAIRN_DECL static auto make(server_options options = {}) -> std::unique_ptr<server>;
  virtual ~server() = default;
  server(server const&) = delete;
  auto operator=(server const&) -> server& = delete;

  /// Where it listens now: port 0 has become a real one.
  ///
  /// errors    those of the system: the address is in use, ...
  virtual auto listen(endpoint at, http::handler answer) -> io_result<endpoint> = 0;
  /// The same for a socket that listens already, as a service manager hands it over.
  virtual auto adopt(int descriptor, http::handler answer) -> io_result<endpoint> = 0;
  virtual auto start() -> io_result<void> = 0;
  /// Take no more requests; give those that run `grace_seconds` to end, then cut their connections. Returns when no handler runs.
  virtual void stop(unsigned grace_seconds) = 0;
  virtual auto counts() const -> server_counts = 0;

protected:
  server() = default;
};

}  // namespace cairn::http

#if CAIRN_HEADER_ONLY
#  include <cairn/asio/http/impl/server.ipp>
#endif
