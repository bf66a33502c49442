#pragma once

#include <cairn/crypto/key.hpp>

#include <string>
#include <string_view>

namespace cairn {

/// PKCS #8 in DER (RFC 5958, version 1), with the octets of OpenSSL and of Go: what `openssl genpkey` makes and
/// `ipfs key export -f pem-pkcs8-cleartext` writes.
CAIRN_DECL auto encode_pkcs8(private_key const& key) -> secret_bytes;

/// errors    bad_der · unknown_algorithm · encrypted · those of private_key::make
CAIRN_DECL auto decode_pkcs8(bytes_view der) -> result<private_key, key_errc>;

/// SubjectPublicKeyInfo in DER (RFC 5280); points are uncompressed.
CAIRN_DECL auto encode_spki(public_key const& key) -> bytes;

/// errors    bad_der · unknown_algorithm · those of public_key::make
CAIRN_DECL auto decode_spki(bytes_view der) -> result<public_key, key_errc>;

/// PEM, "PRIVATE KEY" and "PUBLIC KEY" (RFC 7468): 64 columns, one line feed each.
///
/// security  the text of a private key is the caller's to wipe: `wipe_text`
CAIRN_DECL auto encode_pem(private_key const& key) -> std::string;
CAIRN_DECL auto encode_pem(public_key const& key) -> std::string;

/// The first block of the label; text around it is skipped, as OpenSSL and Go do.
///
/// errors    bad_pem · encrypted · those of decode_pkcs8 and decode_spki
CAIRN_DECL auto decode_private_pem(std::string_view text) -> result<private_key, key_errc>;
CAIRN_DECL auto decode_public_pem(std::string_view text) -> result<public_key, key_errc>;

/// Overwrite a text that held a secret.
CAIRN_DECL void wipe_text(std::string& text);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/pkcs8.ipp>
#endif
