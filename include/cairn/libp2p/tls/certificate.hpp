#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/crypto/key.hpp>

#include <cstdint>
#include <span>
#include <string>

/// The X.509 certificate of the libp2p TLS handshake: self-signed by a key of its own, with one extension in which the peer's
/// key signs that key. Nothing else of the certificate says who the peer is.
namespace cairn::x509 {

/// Why a certificate proves no peer.
enum class certificate_errc : byte {
  too_large = 1,      ///< above limits::certificate
  not_x509,           ///< not one DER certificate of version 3
  not_yet_valid,      ///< "the certificate ... MUST be valid at the time it is received"        (libp2p TLS, "Peer Authentication")
  expired,            ///< the same
  wrong_usage,        ///< "If ... present, then the digitalSignature bit MUST be set"; nor is it for no side of TLS      (RFC 8446, 4.4.2.2; RFC 5280, 4.2.1.12)
  unknown_critical,   ///< "Endpoints MUST abort ... unknown critical extensions"                 (libp2p TLS, "libp2p Public Key Extension")
  no_extension,       ///< the extension 1.3.6.1.4.1.53594.1.1 is missing, or stands there twice
  bad_extension,      ///< not SEQUENCE { publicKey OCTET STRING, signature OCTET STRING }
  bad_key,            ///< the peer's key in the extension is none
  weak_signature,     ///< the certificate's signature scheme is not one of TLS 1.3
  bad_self_signature, ///< "verify the signature of the certificate by its own key"
  bad_signature,      ///< the peer's key did not sign the certificate's key
  provider_failed,    ///< making a certificate failed
  untrusted,          ///< no chain to an authority that the system trusts          (RFC 5280)
  wrong_name,         ///< the certificate is not for the server that was dialed    (RFC 6125)
};

}  // namespace cairn::x509

namespace cairn {
template <>
struct errc_traits<x509::certificate_errc> {
  static constexpr std::string_view module = "x509";
  static constexpr auto describe(x509::certificate_errc e) -> std::string_view {
    using enum x509::certificate_errc;
    switch (e) {
      case too_large: return "tls: the certificate is larger than 16 KiB";
      case not_x509: return "tls: not one DER certificate of version 3";
      case not_yet_valid: return "tls: the certificate is not valid yet";
      case expired: return "tls: the certificate has expired";
      case wrong_usage: return "tls: the certificate's key is not for handshakes";
      case unknown_critical: return "tls: the certificate has a critical extension that is not known";
      case no_extension: return "tls: the certificate must have the libp2p extension 1.3.6.1.4.1.53594.1.1 once";
      case bad_extension: return "tls: the libp2p extension is not a sequence of a key and a signature";
      case bad_key: return "tls: the key in the libp2p extension is not valid";
      case weak_signature: return "tls: the certificate is not signed by a scheme of TLS 1.3";
      case bad_self_signature: return "tls: the certificate is not signed by its own key";
      case bad_signature: return "tls: the peer's key did not sign the certificate's key";
      case provider_failed: return "tls: the certificate could not be made";
      case untrusted: return "tls: the certificate was not made by an authority that this system trusts";
      case wrong_name: return "tls: the certificate is not for the server that was dialed";
    }
    return "tls: unknown error";
  }
};
}  // namespace cairn

namespace cairn::x509 {

/// A certificate with the private key it was made with, both DER: X.509 and PKCS #8.
struct credentials {
  bytes certificate;
  secret_bytes key;
};

/// A certificate for the peer of that key: a new P-256 key, valid from a day before `now` for a hundred years. The extension is
/// its only one: js-libp2p reads none but the first.
///
/// now       seconds since 1970
/// errors    provider_failed
/// cost      one P-256 key, two signatures
CAIRN_DECL auto make_credentials(private_key const& peer, std::int64_t now) -> result<credentials, certificate_errc>;

/// Whose certificate this is: the peer's public key, proven.
///
/// now       seconds since 1970
/// errors    all but the last three
/// cost      two signature checks, after every check that is cheaper
/// spec      libp2p/specs tls, "Peer Authentication"
[[nodiscard]] CAIRN_DECL auto verify_certificate(bytes_view der, std::int64_t now) -> result<public_key, certificate_errc>;

/// Whether a server of the web is who it says: a chain from its certificate to an authority of the system's (those of OpenSSL's
/// default places, or of SSL_CERT_FILE and SSL_CERT_DIR), valid now, made for servers, and for that name or address.
///
/// now       seconds since 1970
/// errors    not_x509 · not_yet_valid · expired · untrusted · wrong_name
[[nodiscard]] CAIRN_DECL auto verify_chain(bytes_view leaf, std::span<bytes_view const> above, std::string const& name, std::int64_t now)
    -> result<void, certificate_errc>;

}  // namespace cairn::x509

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/tls/impl/certificate.ipp>
#  include <cairn/libp2p/tls/impl/chain.ipp>
#endif
