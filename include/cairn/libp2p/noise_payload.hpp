#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/result.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/libp2p/noise_errc.hpp>

#include <string>
#include <vector>

namespace cairn {

/// What libp2p tells inside a Noise handshake beside the keys. Fields that are not known are skipped (IX-45).
struct noise_extensions {
  std::vector<bytes> certhashes;           ///< of a WebTransport listener, as multihashes
  std::vector<std::string> stream_muxers;  ///< in order of preference: a match saves a negotiation

  friend auto operator==(noise_extensions const&, noise_extensions const&) -> bool = default;
};

/// The payload of the second and the third message: who owns the static key.
struct noise_payload {
  bytes identity_key;  ///< the protobuf of a public key
  bytes identity_sig;  ///< of "noise-libp2p-static-key:" and the static key
  noise_extensions extensions;

  friend auto operator==(noise_payload const&, noise_payload const&) -> bool = default;
};

/// Exactly the protobuf, with no length before it (IX-43).
CAIRN_DECL auto encode_noise_payload(noise_payload const& p) -> bytes;

/// errors    bad_payload; also where there are more than 64 certificate hashes or muxers
CAIRN_DECL auto decode_noise_payload(bytes_view in) -> result<noise_payload, noise_errc>;

/// The key of the payload, where it signed that static key.
///
/// errors    bad_identity · bad_signature
CAIRN_DECL auto verify_noise_payload(noise_payload const& p, bytes_view static_key) -> result<public_key, noise_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/noise_payload.ipp>
#endif
