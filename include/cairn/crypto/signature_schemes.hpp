#pragma once

#include <cairn/concept/signature_scheme.hpp>
#include <cairn/core/result.hpp>
#include <cairn/crypto/key_error.hpp>
#include <cairn/crypto/random.hpp>
#include <cairn/crypto/secret.hpp>

// The kinds of keys of libp2p as types; `public_key` and `private_key` choose among them by their type.

namespace cairn {

/// Ed25519 (RFC 8032). Private: seed and public key, 64 octets; the old form with the public key twice (96) is taken and
/// written as 64 (IX-77). Public: 32. Keys and signatures in other than their only form, and points of small order, are refused.
///
/// errors    those of key_errc
struct ed25519 {
  static constexpr auto type = key_type::ed25519;
  static constexpr std::string_view name = "ed25519";
  static constexpr bool deterministic = true;
  /// The canonical form of a public key.
  CAIRN_DECL static auto check_public(bytes_view data) -> result<bytes, key_errc>;
  /// The canonical form of a private key.
  CAIRN_DECL static auto check_private(bytes_view data) -> result<secret_bytes, key_errc>;
  /// bits      ignored
  CAIRN_DECL static auto generate(random_source const& random, unsigned bits = 0) -> result<secret_bytes, key_errc>;
  // what follows takes canonical forms
  CAIRN_DECL static auto public_of(bytes_view private_data) -> result<bytes, key_errc>;
  CAIRN_DECL static auto sign(bytes_view private_data, bytes_view message) -> result<bytes, key_errc>;
  [[nodiscard]] CAIRN_DECL static auto verify(bytes_view public_data, bytes_view message, bytes_view signature) -> bool;
};

/// ECDSA on secp256k1 with SHA-256, DER signatures. Private: 32 octets. Public: the compressed point, 33; the uncompressed
/// one is taken and compressed. Sign gives low S, verify refuses high S (IX-18).
///
/// errors    those of key_errc
struct secp256k1 {
  static constexpr auto type = key_type::secp256k1;
  static constexpr std::string_view name = "secp256k1";
  static constexpr bool deterministic = true;
  /// The canonical form of a public key.
  CAIRN_DECL static auto check_public(bytes_view data) -> result<bytes, key_errc>;
  /// The canonical form of a private key.
  CAIRN_DECL static auto check_private(bytes_view data) -> result<secret_bytes, key_errc>;
  /// bits      ignored
  CAIRN_DECL static auto generate(random_source const& random, unsigned bits = 0) -> result<secret_bytes, key_errc>;
  // what follows takes canonical forms
  CAIRN_DECL static auto public_of(bytes_view private_data) -> result<bytes, key_errc>;
  CAIRN_DECL static auto sign(bytes_view private_data, bytes_view message) -> result<bytes, key_errc>;
  [[nodiscard]] CAIRN_DECL static auto verify(bytes_view public_data, bytes_view message, bytes_view signature) -> bool;
};

/// ECDSA on P-256, P-384 and P-521 with SHA-256, DER signatures. Private: ECPrivateKey with its curve (RFC 5915). Public:
/// SubjectPublicKeyInfo with a named curve and an uncompressed point.
///
/// errors    those of key_errc
struct ecdsa {
  static constexpr auto type = key_type::ecdsa;
  static constexpr std::string_view name = "ecdsa";
  static constexpr bool deterministic = false;
  /// The canonical form of a public key.
  CAIRN_DECL static auto check_public(bytes_view data) -> result<bytes, key_errc>;
  /// The canonical form of a private key.
  CAIRN_DECL static auto check_private(bytes_view data) -> result<secret_bytes, key_errc>;
  /// bits      256, 384 or 521; 0: 256
  CAIRN_DECL static auto generate(random_source const& random, unsigned bits = 0) -> result<secret_bytes, key_errc>;
  // what follows takes canonical forms
  CAIRN_DECL static auto public_of(bytes_view private_data) -> result<bytes, key_errc>;
  CAIRN_DECL static auto sign(bytes_view private_data, bytes_view message) -> result<bytes, key_errc>;
  /// The provider's own form of a private key, for many signatures: `release` it. Null where the provider refuses.
  CAIRN_DECL static auto prepare(bytes_view private_data) -> void*;
  CAIRN_DECL static void release(void* prepared);
  CAIRN_DECL static auto sign_prepared(void* prepared, bytes_view message) -> result<bytes, key_errc>;
  [[nodiscard]] CAIRN_DECL static auto verify(bytes_view public_data, bytes_view message, bytes_view signature) -> bool;
};

/// RSA PKCS #1 v1.5 with SHA-256, 2048 to 8192 bits. Private: RSAPrivateKey (RFC 8017). Public: SubjectPublicKeyInfo. The
/// sizes are checked before any arithmetic (SEC-14).
///
/// errors    those of key_errc
struct rsa {
  static constexpr auto type = key_type::rsa;
  static constexpr std::string_view name = "rsa";
  static constexpr bool deterministic = true;
  /// The canonical form of a public key.
  CAIRN_DECL static auto check_public(bytes_view data) -> result<bytes, key_errc>;
  /// The canonical form of a private key.
  CAIRN_DECL static auto check_private(bytes_view data) -> result<secret_bytes, key_errc>;
  /// bits      bits of the modulus, 0: 2048; from the provider's own generator
  CAIRN_DECL static auto generate(random_source const& random, unsigned bits = 0) -> result<secret_bytes, key_errc>;
  // what follows takes canonical forms
  CAIRN_DECL static auto public_of(bytes_view private_data) -> result<bytes, key_errc>;
  CAIRN_DECL static auto sign(bytes_view private_data, bytes_view message) -> result<bytes, key_errc>;
  /// The provider's own form of a private key, for many signatures: `release` it. Null where the provider refuses.
  CAIRN_DECL static auto prepare(bytes_view private_data) -> void*;
  CAIRN_DECL static void release(void* prepared);
  CAIRN_DECL static auto sign_prepared(void* prepared, bytes_view message) -> result<bytes, key_errc>;
  [[nodiscard]] CAIRN_DECL static auto verify(bytes_view public_data, bytes_view message, bytes_view signature) -> bool;
};

static_assert(signature_scheme<ed25519> && signature_scheme<secp256k1> && signature_scheme<ecdsa> && signature_scheme<rsa>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/ecdsa.ipp>
#  include <cairn/crypto/impl/ed25519.ipp>
#  include <cairn/crypto/impl/rsa.ipp>
#  include <cairn/crypto/impl/secp256k1.ipp>
#endif
