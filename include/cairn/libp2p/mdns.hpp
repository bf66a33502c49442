#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/multiformats/multiaddr.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

/// Why a packet of mDNS was not taken. Clauses are of RFC 1035.
enum class mdns_errc : byte {
  truncated = 1,  ///< the packet ends inside a field
  bad_name,       ///< a name of more than 255 octets, of an unknown kind of label, or one that points forwards  (3.1, 4.1.4)
  too_many,       ///< more than 64 questions or 128 records
};

template <>
struct errc_traits<mdns_errc> {
  static constexpr std::string_view module = "mdns";
  static constexpr auto describe(mdns_errc e) -> std::string_view {
    switch (e) {
      case mdns_errc::truncated: return "mdns: the packet ends inside a field";
      case mdns_errc::bad_name: return "mdns: a name is too long, of an unknown kind, or points forwards";
      case mdns_errc::too_many: return "mdns: the packet has too many questions or records";
    }
    return "mdns: unknown error";
  }
};

/// What a packet says that concerns libp2p.
struct mdns_message {
  bool asks = false;  ///< who is there?
  std::vector<std::pair<peer_id, multiaddr>> peers{};  ///< who is where; at most `mdns::max_addresses`
};

/// Peers find each other on one link: packets, no socket.
///
/// spec      libp2p/specs discovery/mdns; RFC 6762, 6763, 1035
namespace mdns {

inline constexpr std::string_view service = "_p2p._udp.local";
inline constexpr std::uint16_t port = 5353;
inline constexpr std::size_t max_packet = 9000, max_answer = 1400, max_text = 255, max_addresses = 64, peer_name_size = 40;

/// A name of one's own, of random letters and digits: it must say nothing of the peer (IX-60).
CAIRN_DECL auto peer_name(bytes_view random) -> std::string;

/// Whether an address is of use on the link and of no harm elsewhere: the address itself is private, of the link or of this machine, and
/// it leads through no relay.
CAIRN_DECL auto is_local(multiaddr const& address) -> bool;

CAIRN_DECL auto encode_query() -> bytes;

/// Says where a peer is: PTR, TXT, and what others look for beside them: SRV and A.
///
/// addresses without /p2p/ID; those that are not local, too long for a string of TXT (255) or beyond the packet (1,400) are left out
/// ip4       those of the link the packet goes to
CAIRN_DECL auto encode_answer(std::string_view peer_name, peer_id const& id, std::vector<multiaddr> const& addresses, std::vector<std::array<byte, 4>> const& ip4) -> bytes;

/// errors    those of mdns_errc; strings that are no address of a peer are left out
CAIRN_DECL auto read(bytes_view packet) -> result<mdns_message, mdns_errc>;

}  // namespace mdns
}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/mdns.ipp>
#endif
