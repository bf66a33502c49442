#pragma once

#include <cairn/core/config.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace cairn {

/// How the value of a protocol is written, as text and as octets.
enum class multiaddr_value : std::uint8_t {
  none,       ///< no value
  ip4,        ///< four octets; dotted decimal
  ip6,        ///< sixteen octets; RFC 5952 (IPv4-mapped: "::ffff:1.2.3.4")
  port,       ///< two octets, big-endian; decimal, 0 to 65535
  prefix,     ///< one octet; decimal, 0 to 255
  name,       ///< UTF-8 text, not empty, without a slash
  onion,      ///< 10 octets and a port; base32, colon, decimal above 0
  onion3,     ///< 35 octets and a port; base32, colon, decimal above 0
  garlic64,   ///< at least 386 octets; base64 with - and ~
  garlic32,   ///< 32 octets or at least 35; base32
  peer,       ///< a multihash, sha2-256 or identity; base58btc, or a CID with the codec libp2p-key
  certhash,   ///< a multihash; any multibase, written in base64url
  http_path,  ///< octets; percent-encoded
  path,       ///< a path with slashes; takes the rest of the text
};

/// One row of the multiaddr table.
struct multiaddr_protocol {
  std::uint64_t code;
  std::int16_t bits;  ///< the size of the value in bits; -1: a varint of its length in octets goes before it
  multiaddr_value value;
  std::string_view name;
};

/// All protocols, by code. `ipfs`, the old name of `p2p`, is not a row: it is read, never written (IX-11).
CAIRN_DECL auto multiaddr_protocols() -> std::span<multiaddr_protocol const>;

/// The protocol of a code, or nothing.
CAIRN_DECL auto find_multiaddr_protocol(std::uint64_t code) -> multiaddr_protocol const*;

/// The protocol of a name, or nothing; "ipfs" is "p2p".
CAIRN_DECL auto find_multiaddr_protocol(std::string_view name) -> multiaddr_protocol const*;

/// Codes that the framework itself speaks of.
namespace maddr {
inline constexpr std::uint64_t ip4 = 4, tcp = 6, ip6 = 41, dns = 53, dns4 = 54, dns6 = 55, dnsaddr = 56, udp = 273,
                               webrtc_direct = 280, webrtc = 281, p2p_circuit = 290, unix_path = 400, p2p = 421, https = 443, tls = 448,
                               sni = 449, noise = 454, quic = 460, quic_v1 = 461, webtransport = 465, certhash = 466, ws = 477,
                               wss = 478, http = 480, http_path = 481, memory = 777;
}

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/multiformats/impl/multiaddr_protocol.ipp>
#endif
