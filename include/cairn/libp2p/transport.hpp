#pragma once

#include <cairn/concept/transport.hpp>
#include <cairn/core/config.hpp>
#include <cairn/libp2p/quic/session.hpp>
#include <cairn/libp2p/websocket.hpp>
#include <cairn/multiformats/multiaddr.hpp>

namespace cairn {

namespace detail {
/// Whether an address is a host, then exactly these protocols, then a peer or nothing.
CAIRN_DECL auto leads_over(multiaddr const& a, std::string_view first, std::string_view second) -> bool;
}  // namespace detail

/// Connections of TCP. The part of a recipe, as the two below it; sockets are the runtime's.
struct tcp : part {
  static constexpr std::string_view name = "tcp", protocol = "tcp";
  static constexpr bool is_secure = false, is_muxed = false;
  static auto dialable(multiaddr const& a) -> bool { return detail::leads_over(a, "tcp", {}); }
  /// What is read at once, and what waits to be sent.
  constexpr auto peak_bytes() const -> std::uint64_t { return 2 * 256 * 1024; }
};

/// WebSockets over TCP.
struct websocket : part {
  static constexpr std::string_view name = "websocket", protocol = "ws";
  static constexpr bool is_secure = false, is_muxed = false;
  static auto dialable(multiaddr const& a) -> bool { return detail::leads_over(a, "tcp", "ws"); }
  constexpr auto peak_bytes() const -> std::uint64_t { return tcp{}.peak_bytes() + websocket_channel::max_head + websocket_channel::max_frame; }
};

/// QUIC v1 over UDP: secure and muxed by itself.
struct quic : part {
  static constexpr std::string_view name = "quic", protocol = "quic-v1";
  static constexpr bool is_secure = true, is_muxed = true;
  quic_options options{};

  static auto dialable(multiaddr const& a) -> bool { return detail::leads_over(a, "udp", "quic-v1"); }
  /// The window of the connection and what of all streams waits for acknowledgements.
  constexpr auto peak_bytes() const -> std::uint64_t { return options.max_window + options.max_streams * options.max_unsent; }
};
static_assert(transport<tcp> && transport<websocket> && transport<quic>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/transport.ipp>
#endif
