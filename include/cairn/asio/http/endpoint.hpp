#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::http {

/// Where a server listens or a client connects: a TCP address or a Unix socket.
struct endpoint {
  std::string host;         ///< "127.0.0.1", "::1", "localhost"
  std::uint16_t port = 0;
  std::string unix_path{};  ///< not empty: a Unix socket; host and port mean nothing
  bool tls = false;         ///< HTTPS: a client's only

  /// From "/ip4/127.0.0.1/tcp/5001" (ip6, dns, dns4, dns6; a last /http, /https or /tls/http is allowed), "/unix/path",
  /// "http://host:port", "https://host:port" or "host:port".
  ///
  /// errors    not one of those forms
  CAIRN_DECL static auto parse(std::string_view text) -> io_result<endpoint>;

  /// "/ip4/127.0.0.1/tcp/5001", "/dns/node/tcp/443/https", "/unix/path"
  CAIRN_DECL auto to_multiaddr() const -> std::string;
  /// "127.0.0.1:5001", "[::1]:5001", of HTTPS at its own port "node"; of a Unix socket "localhost": what stands in the field Host
  CAIRN_DECL auto to_authority() const -> std::string;
  /// Whether only this machine reaches it: a Unix socket, 127.0.0.0/8, ::1, "localhost".
  CAIRN_DECL auto is_loopback() const -> bool;
};

}  // namespace cairn::http

#if CAIRN_HEADER_ONLY
#  include <cairn/asio/http/impl/endpoint.ipp>
#endif
