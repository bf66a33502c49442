#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why a Noise handshake or channel ended.
enum class noise_errc : byte {
  truncated = 1,      ///< a handshake message is shorter than its tokens                          (Noise, 5.3)
  forged,             ///< the authentication tag of a message is wrong                            (Noise, 5.1 DecryptWithAd)
  bad_point,          ///< the other's public key is of low order                                  (Noise, 12.1)
  nonce_exhausted,    ///< 2^64 - 1 is reserved: no message may be sent or read with it            (Noise, 5.1)
  too_long,           ///< a Noise message is at most 65535 bytes                                  (Noise, 3)
  out_of_turn,        ///< a message was written or read when it was the other side's turn
  unknown_pattern,    ///< the name is not Noise_<pattern>_25519_ChaChaPoly_SHA256
  missing_key,        ///< the pattern needs a key that was not given
  bad_payload,        ///< the payload is not a NoiseHandshakePayload                              (libp2p noise, "The libp2p Handshake Payload")
  bad_identity,       ///< the identity key of the payload is no key                               (libp2p noise, identity_key)
  bad_signature,      ///< identity_sig does not sign the static key                               (libp2p noise, identity_sig)
  wrong_peer,         ///< the identity key is not that of the peer that was dialed                (libp2p noise)
  unknown_certhash,   ///< the responder did not send a certificate hash that the dialer was given (WebTransport, "Security Handshake")
};

template <>
struct errc_traits<noise_errc> {
  static constexpr std::string_view module = "noise";
  static constexpr auto describe(noise_errc e) -> std::string_view {
    switch (e) {
      case noise_errc::truncated: return "noise: a handshake message is too short";
      case noise_errc::forged: return "noise: the authentication tag of a message is wrong";
      case noise_errc::bad_point: return "noise: the other's public key is of low order";
      case noise_errc::nonce_exhausted: return "noise: the nonces of this channel are used up";
      case noise_errc::too_long: return "noise: a message is longer than 65535 bytes";
      case noise_errc::out_of_turn: return "noise: a handshake message out of turn";
      case noise_errc::unknown_pattern: return "noise: unknown protocol name";
      case noise_errc::missing_key: return "noise: the pattern needs a key that was not given";
      case noise_errc::bad_payload: return "noise: the handshake payload is not a NoiseHandshakePayload";
      case noise_errc::bad_identity: return "noise: the identity key in the handshake is not valid";
      case noise_errc::bad_signature: return "noise: the identity key did not sign the static key";
      case noise_errc::wrong_peer: return "noise: peer id mismatch: the remote key is not that of the peer that was dialed";
      case noise_errc::unknown_certhash: return "noise: the certificate hash that was dialed is not among the remote's";
    }
    return "noise: unknown error";
  }
};

}  // namespace cairn
