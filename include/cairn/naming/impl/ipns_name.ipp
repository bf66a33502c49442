#pragma once

#include <cairn/naming/ipns_name.hpp>

namespace cairn {

namespace detail {
inline constexpr std::string_view ipns_prefix = "/ipns/";
}

CAIRN_DECL auto parse_ipns_name(std::string_view text) -> result<peer_id, peer_id_errc> {
  if (text.starts_with(detail::ipns_prefix)) text.remove_prefix(detail::ipns_prefix.size());
  return parse_peer_id(text);
}

CAIRN_DECL auto ipns_routing_key(peer_id const& name) -> bytes {
  auto out = bytes(detail::ipns_prefix.begin(), detail::ipns_prefix.end());
  append_multihash(out, name.hash());
  return out;
}

CAIRN_DECL auto read_ipns_routing_key(bytes_view key) -> result<peer_id, peer_id_errc> {
  if (!as_text(key).starts_with(detail::ipns_prefix)) return std::unexpected(peer_id_errc::bad_text);
  return decode_peer_id(key.subspan(detail::ipns_prefix.size()));
}

}  // namespace cairn
