#pragma once

#include <cairn/asio/http/endpoint.hpp>
#include <cairn/asio/http/exchange.hpp>

#include <functional>

namespace cairn::http {

/// One request to a server, and what becomes of its answer.
struct call {
  http::request head;
  /// Gives the body, piece by piece; 0 octets end it. Null: there is no body. It goes in chunks, unless the head has its Content-Length.
  std::function<io_result<std::size_t>(bytes_span)> body{};
  /// The head of the answer has come.
  std::function<io_result<void>(response const&)> began{};
  /// Octets of its body. They come while the request is still being sent, so a long answer to a long request holds up neither.
  std::function<io_result<void>(bytes_view)> more{};
  /// Asked several times a second; true ends it.
  std::function<bool()> cancelled{};
};

/// Connect, ask, and read the answer to its end. Gives the trailers.
///
/// memory    128 KiB; with TLS about 64 KiB more, and once the certificates of the machine's authorities
/// errors    refused: nobody listens there (is_system(ECONNREFUSED), is_system(ENOENT) for a socket) · those of the call's functions ·
///           an answer that is cut short · with TLS: a certificate that is not that host's, or that nobody trusts
CAIRN_DECL auto perform(endpoint const& to, call const& what) -> io_result<headers>;

}  // namespace cairn::http

#if CAIRN_HEADER_ONLY
#  include <cairn/asio/http/impl/client.ipp>
#endif
