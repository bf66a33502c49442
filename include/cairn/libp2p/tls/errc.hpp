#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why a TLS handshake or channel ended. Clauses without a name are of RFC 8446.
enum class tls_errc : byte {
  unexpected_message = 1,   ///< a message or record that has no place here                                  (4; 5)
  forged,                   ///< "If the decryption fails, the receiver MUST terminate the connection"       (5.2)
  too_long,                 ///< a record above 2^14 octets and what its protection adds                     (5.1, 5.2)
  message_too_long,         ///< a handshake message longer than its place needs
  bad_encoding,             ///< a message that is not of its form                                           (4; 6.2 decode_error)
  illegal_parameter,        ///< a field that does not fit what was said before                              (6.2)
  no_version,               ///< "supported_versions" does not have 0x0304                                   (4.2.1)
  no_suite,                 ///< no cipher suite, group or signature scheme in common                        (4.1.1)
  missing_extension,        ///< an extension that a handshake needs is not there                            (9.2)
  unsupported_extension,    ///< an answer to what was not asked                                             (4.2)
  no_protocol,              ///< no application protocol in common                                           (RFC 7301, 3.2)
  no_certificate,           ///< "Endpoints MUST ... the certificate chain": exactly one is needed           (libp2p TLS, "Peer Authentication")
  bad_signature,            ///< CertificateVerify does not sign the transcript with the certificate's key   (4.4.3)
  bad_finished,             ///< "Recipients of Finished messages MUST verify that the contents are correct" (4.4.4)
  bad_point,                ///< the other's X25519 share is of low order                                    (7.4.2)
  wrong_peer,               ///< the certificate is not that of the peer that was dialed                     (libp2p TLS, "Peer Authentication")
  out_of_turn,              ///< something was written before the channel was open
  closed,                   ///< close_notify: the other side writes no more                                 (6.1)
  alert,                    ///< the other side ended the channel with an alert                              (6.2)
  provider_failed,          ///< signing failed
};

template <>
struct errc_traits<tls_errc> {
  static constexpr std::string_view module = "tls";
  static constexpr auto describe(tls_errc e) -> std::string_view {
    switch (e) {
      case tls_errc::unexpected_message: return "tls: a message that has no place here";
      case tls_errc::forged: return "tls: a record does not decrypt";
      case tls_errc::too_long: return "tls: a record is longer than 16 KiB";
      case tls_errc::message_too_long: return "tls: a handshake message is too long";
      case tls_errc::bad_encoding: return "tls: a handshake message is not of its form";
      case tls_errc::illegal_parameter: return "tls: a field of the handshake does not fit what was said before";
      case tls_errc::no_version: return "tls: the other side does not speak TLS 1.3";
      case tls_errc::no_suite: return "tls: no cipher suite, group or signature scheme in common";
      case tls_errc::missing_extension: return "tls: an extension is missing from the handshake";
      case tls_errc::unsupported_extension: return "tls: the handshake answers an extension that was not offered";
      case tls_errc::no_protocol: return "tls: no application protocol in common";
      case tls_errc::no_certificate: return "tls: the other side must show exactly one certificate";
      case tls_errc::bad_signature: return "tls: the handshake is not signed with the certificate's key";
      case tls_errc::bad_finished: return "tls: the handshake's Finished is wrong";
      case tls_errc::bad_point: return "tls: the other's public key is of low order";
      case tls_errc::wrong_peer: return "tls: peer id mismatch: the remote key is not that of the peer that was dialed";
      case tls_errc::out_of_turn: return "tls: nothing can be written before the handshake has ended";
      case tls_errc::closed: return "tls: the channel was closed by the other side";
      case tls_errc::alert: return "tls: the other side ended the channel with an alert";
      case tls_errc::provider_failed: return "tls: signing failed";
    }
    return "tls: unknown error";
  }
};

/// The alert that tells the other side of that error (6.2).
constexpr auto tls_alert_of(tls_errc e) -> byte {
  switch (e) {
    case tls_errc::unexpected_message: return 10;
    case tls_errc::forged: return 20;
    case tls_errc::too_long: return 22;
    case tls_errc::message_too_long:
    case tls_errc::bad_encoding: return 50;
    case tls_errc::illegal_parameter:
    case tls_errc::bad_point: return 47;
    case tls_errc::no_version: return 70;
    case tls_errc::no_suite: return 40;
    case tls_errc::missing_extension: return 109;
    case tls_errc::unsupported_extension: return 110;
    case tls_errc::no_protocol: return 120;
    case tls_errc::no_certificate: return 116;
    case tls_errc::bad_signature:
    case tls_errc::bad_finished: return 51;
    case tls_errc::wrong_peer: return 42;
    case tls_errc::closed:
    case tls_errc::alert: return 0;
    case tls_errc::out_of_turn:
    case tls_errc::provider_failed: return 80;
  }
  return 80;
}

}  // namespace cairn
