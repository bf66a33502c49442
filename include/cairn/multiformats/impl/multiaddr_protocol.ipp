#pragma once

#include <cairn/multiformats/multiaddr_protocol.hpp>

#include <iterator>

namespace cairn {
namespace detail {

inline constexpr multiaddr_protocol multiaddr_rows[]{
    {4, 32, multiaddr_value::ip4, "ip4"},
    {6, 16, multiaddr_value::port, "tcp"},
    {33, 16, multiaddr_value::port, "dccp"},
    {41, 128, multiaddr_value::ip6, "ip6"},
    {42, -1, multiaddr_value::name, "ip6zone"},
    {43, 8, multiaddr_value::prefix, "ipcidr"},
    {53, -1, multiaddr_value::name, "dns"},
    {54, -1, multiaddr_value::name, "dns4"},
    {55, -1, multiaddr_value::name, "dns6"},
    {56, -1, multiaddr_value::name, "dnsaddr"},
    {132, 16, multiaddr_value::port, "sctp"},
    {273, 16, multiaddr_value::port, "udp"},
    {275, 0, multiaddr_value::none, "p2p-webrtc-star"},
    {276, 0, multiaddr_value::none, "p2p-webrtc-direct"},
    {277, 0, multiaddr_value::none, "p2p-stardust"},
    {280, 0, multiaddr_value::none, "webrtc-direct"},
    {281, 0, multiaddr_value::none, "webrtc"},
    {290, 0, multiaddr_value::none, "p2p-circuit"},
    {301, 0, multiaddr_value::none, "udt"},
    {302, 0, multiaddr_value::none, "utp"},
    {400, -1, multiaddr_value::path, "unix"},
    {421, -1, multiaddr_value::peer, "p2p"},
    {443, 0, multiaddr_value::none, "https"},
    {444, 96, multiaddr_value::onion, "onion"},
    {445, 296, multiaddr_value::onion3, "onion3"},
    {446, -1, multiaddr_value::garlic64, "garlic64"},
    {447, -1, multiaddr_value::garlic32, "garlic32"},
    {448, 0, multiaddr_value::none, "tls"},
    {449, -1, multiaddr_value::name, "sni"},
    {454, 0, multiaddr_value::none, "noise"},
    {460, 0, multiaddr_value::none, "quic"},
    {461, 0, multiaddr_value::none, "quic-v1"},
    {465, 0, multiaddr_value::none, "webtransport"},
    {466, -1, multiaddr_value::certhash, "certhash"},
    {477, 0, multiaddr_value::none, "ws"},
    {478, 0, multiaddr_value::none, "wss"},
    {479, 0, multiaddr_value::none, "p2p-websocket-star"},
    {480, 0, multiaddr_value::none, "http"},
    {481, -1, multiaddr_value::http_path, "http-path"},
    {777, -1, multiaddr_value::name, "memory"},
    {7367777, 0, multiaddr_value::none, "plaintextv2"},  // not in the table of protocols, but deployed
};

}  // namespace detail

CAIRN_DECL auto multiaddr_protocols() -> std::span<multiaddr_protocol const> { return detail::multiaddr_rows; }

CAIRN_DECL auto find_multiaddr_protocol(std::uint64_t code) -> multiaddr_protocol const* {
  for (auto const& row : detail::multiaddr_rows)
    if (row.code >= code) return row.code == code ? &row : nullptr;
  return nullptr;
}

CAIRN_DECL auto find_multiaddr_protocol(std::string_view name) -> multiaddr_protocol const* {
  if (name == "ipfs") name = "p2p";
  for (auto const& row : detail::multiaddr_rows)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace cairn
