#pragma once

#include <cairn/core/byte_queue.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/crypto/random.hpp>
#include <cairn/crypto/secret.hpp>
#include <cairn/crypto/xsalsa20.hpp>

#include <optional>
#include <string_view>

namespace cairn {

/// Why a text is not the key of a private network.
enum class pnet_errc : byte {
  bad_header = 1,  ///< the first line is not /key/swarm/psk/1.0.0/               (libp2p/specs pnet, "PSK file format")
  bad_encoding,    ///< the second line is none of /base16/, /base64/, /bin/
  bad_key,         ///< the key is not 32 octets in that encoding
};

template <>
struct errc_traits<pnet_errc> {
  static constexpr std::string_view module = "pnet";
  static constexpr auto describe(pnet_errc e) -> std::string_view {
    switch (e) {
      case pnet_errc::bad_header: return "pnet: the key file does not begin with /key/swarm/psk/1.0.0/";
      case pnet_errc::bad_encoding: return "pnet: the encoding of the key is none of /base16/, /base64/, /bin/";
      case pnet_errc::bad_key: return "pnet: the key is not 32 octets";
    }
    return "pnet: unknown error";
  }
};

/// The key of a private network, from the text of a file swarm.key.
///
/// errors    bad_header · bad_encoding · bad_key
CAIRN_DECL auto parse_swarm_key(std::string_view text) -> result<secret_bytes, pnet_errc>;

/// What stands between a socket and everything else in a private network: XSalsa20 under the network's key, each side with a
/// nonce that it sends first. It proves nothing; who has another key reads noise and ends in the negotiation.
///
/// spec      libp2p/specs pnet
class pnet_channel {
public:
  /// key       exactly [32]
  CAIRN_DECL pnet_channel(bytes_view key, random_source const& random);

  /// Our nonce; before anything else (IX-50: it is part of the first write).
  CAIRN_DECL void start(byte_queue& wire);
  /// Take all of `in`, but a nonce that is not whole; returns octets taken.
  CAIRN_DECL auto resume(bytes_view in, byte_queue& text) -> std::size_t;
  CAIRN_DECL void write(bytes_view text, byte_queue& wire);

private:
  secret_bytes key_;
  digest<24> nonce_{};
  xsalsa20 send_;
  std::optional<xsalsa20> receive_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/pnet.ipp>
#endif
