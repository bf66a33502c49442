#pragma once

#include <cairn/core/error.hpp>

#include <cstdint>

namespace cairn {

/// The kinds of keys of libp2p, with the numbers of its protobuf.
enum class key_type : std::uint8_t { rsa = 0, ed25519 = 1, secp256k1 = 2, ecdsa = 3 };

/// "rsa", "ed25519", "secp256k1", "ecdsa".
constexpr auto to_string(key_type t) -> std::string_view {
  constexpr std::string_view names[]{"rsa", "ed25519", "secp256k1", "ecdsa"};
  return static_cast<std::size_t>(t) < 4 ? names[static_cast<std::size_t>(t)] : "unknown";
}

/// Why octets are not a key, or a key cannot do what was asked.
enum class key_errc : byte {
  bad_protobuf = 1,    ///< not the deterministic message {Type = 1, Data = 2}                  (libp2p peer-ids, "Keys")
  unknown_type,        ///< the key type is none of RSA, Ed25519, Secp256k1, ECDSA              (libp2p peer-ids, KeyType)
  wrong_length,        ///< the key does not have the length of its type
  public_mismatch,     ///< the public key beside the private one is not its own
  not_on_curve,        ///< the public key is no point of its curve, or a weak one
  bad_scalar,          ///< the private key is zero or not below the order of its group
  rsa_too_small,       ///< RSA keys below 2048 bits are refused                                (CVE-2023-39533, Go's lower limit)
  rsa_too_big,         ///< RSA keys above 8192 bits are refused before any arithmetic          (CVE-2023-39533)
  bad_rsa,             ///< the numbers of an RSA key do not belong together, or its exponent is not odd in 3 .. 2^32
  bad_der,             ///< not DER: a length, a tag or an integer is not in its only form       (X.690, 10 and 11)
  unknown_algorithm,   ///< the object identifier names no key type that is known here
  bad_pem,             ///< no PEM block of the expected label                                  (RFC 7468)
  encrypted,           ///< the private key is encrypted; only cleartext can be imported
  provider_failed,     ///< the cryptographic library refused
};

template <>
struct errc_traits<key_errc> {
  static constexpr std::string_view module = "key";
  static constexpr auto describe(key_errc e) -> std::string_view {
    switch (e) {
      case key_errc::bad_protobuf: return "key: not the deterministic protobuf of a type and its data";
      case key_errc::unknown_type: return "key: the type is none of RSA, Ed25519, Secp256k1, ECDSA";
      case key_errc::wrong_length: return "key: wrong length for its type";
      case key_errc::public_mismatch: return "key: the public key beside the private one is not its own";
      case key_errc::not_on_curve: return "key: the public key is no usable point of its curve";
      case key_errc::bad_scalar: return "key: the private key is zero or not below the order of its group";
      case key_errc::rsa_too_small: return "key: RSA keys below 2048 bits are refused";
      case key_errc::rsa_too_big: return "key: RSA keys above 8192 bits are refused";
      case key_errc::bad_rsa: return "key: the numbers of the RSA key do not belong together";
      case key_errc::bad_der: return "key: not DER, or not of the expected structure";
      case key_errc::unknown_algorithm: return "key: the object identifier names no known key type";
      case key_errc::bad_pem: return "key: no PEM block of the expected label";
      case key_errc::encrypted: return "key: the private key is encrypted";
      case key_errc::provider_failed: return "key: the cryptographic library refused";
    }
    return "key: unknown error";
  }
};

}  // namespace cairn
