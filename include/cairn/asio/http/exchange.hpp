#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// One HTTP request and its response, as handlers see them: no socket, no HTTP library, so that a gateway or an RPC is
/// tested without a network. The server (cairn/asio/http/server.hpp) makes exchanges from connections.
namespace cairn::http {

struct header {
  std::string name, value;
};

/// Header fields in the order of the wire; names compare without case.
class headers {
public:
  /// The value of the first field of that name.
  CAIRN_DECL auto find(std::string_view name) const -> std::optional<std::string_view>;
  /// All values of that name, in order.
  CAIRN_DECL auto all(std::string_view name) const -> std::vector<std::string_view>;
  CAIRN_DECL void add(std::string_view name, std::string_view value);
  /// One field of that name, with that value.
  CAIRN_DECL void set(std::string_view name, std::string_view value);
  CAIRN_DECL void remove(std::string_view name);
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  auto size() const -> std::size_t { return fields_.size(); }

private:
  std::vector<header> fields_;
};

/// The head of a request.
struct request {
  std::string method;          ///< "GET"
  std::string target;          ///< as on the wire: "/ipfs/bafy.../a%20b?format=car"
  http::headers fields{};
  std::string peer{};          ///< "127.0.0.1:4711"; of a Unix socket "@"
  bool from_loopback = false;  ///< the peer's address is of this machine, or the socket is a Unix one

  /// The target before the question mark, not decoded.
  CAIRN_DECL auto path() const -> std::string_view;
  /// The target behind the question mark, not decoded; empty where there is none.
  CAIRN_DECL auto query() const -> std::string_view;
  /// The field Host without a port, in lower case; the port stays in host_and_port().
  CAIRN_DECL auto host() const -> std::string;
  CAIRN_DECL auto host_and_port() const -> std::string_view;
};

/// The head of a response.
struct response {
  unsigned status = 200;
  http::headers fields{};
  std::optional<std::uint64_t> length{};  ///< of the body; unset: chunked
};

/// One request being answered. Handlers run on a thread that may block; each call below blocks while the client is slow,
/// within the server's deadlines.
///
/// errors    of every call: the client has gone, or was too slow. The handler then ends.
class exchange {
public:
  virtual ~exchange() = default;
  exchange(exchange const&) = delete;
  auto operator=(exchange const&) -> exchange& = delete;

  virtual auto head() const -> http::request const& = 0;

  /// Read the body: how many octets; 0 at its end. errors: a body cut short is an error, never an end
  virtual auto read(bytes_span into) -> io_result<std::size_t> = 0;

  /// Send the head of the response, once. `trailers` names the trailer fields that finish() may set.
  virtual auto begin(response head) -> io_result<void> = 0;
  /// Send more of the body. Small pieces may be gathered.
  virtual auto write(bytes_view more) -> io_result<void> = 0;
  /// Hand on what was gathered: the client may wait for it.
  virtual auto flush() -> io_result<void> = 0;
  /// End the response. Trailers are sent where the response is chunked and its head announced them (field Trailer).
  virtual auto finish(headers const& trailers = {}) -> io_result<void> = 0;
  /// End the response so that the client sees that it is cut short: the connection is closed at once.
  virtual void abort() = 0;

  /// Whether the head has been sent.
  virtual auto begun() const -> bool = 0;
  /// Whether nobody waits for the answer any more. Long work asks now and then.
  virtual auto cancelled() const -> bool = 0;

protected:
  exchange() = default;
};

/// Answer with a whole body and its length.
CAIRN_DECL auto respond(exchange& to, unsigned status, std::string_view content_type, std::string_view body, headers more = {}) -> io_result<void>;

/// The phrase of a status: "Not Found".
CAIRN_DECL auto reason(unsigned status) -> std::string_view;

}  // namespace cairn::http

#if CAIRN_HEADER_ONLY
#  include <cairn/asio/http/impl/exchange.ipp>
#endif
