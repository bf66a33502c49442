#pragma once

#include <cairn/core/config.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <string_view>

namespace cairn {

/// A name in any of its texts: the peer ID ("12D3...", "Qm..."), or a CID with codec libp2p-key in any base ("k51...",
/// "bafz..."), with or without "/ipns/" before it. It is printed by `to_ipns_name`.
///
/// errors    those of parse_peer_id
CAIRN_DECL auto parse_ipns_name(std::string_view text) -> result<peer_id, peer_id_errc>;

/// The key of a name's record in the routing system: "/ipns/" and the multihash in binary.
///
/// spec      IPNS Record, "Routing Record"
CAIRN_DECL auto ipns_routing_key(peer_id const& name) -> bytes;

/// The name of a routing key; its inverse.
///
/// errors    bad_text · those of decode_peer_id
CAIRN_DECL auto read_ipns_routing_key(bytes_view key) -> result<peer_id, peer_id_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/naming/impl/ipns_name.ipp>
#endif
