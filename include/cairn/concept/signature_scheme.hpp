#pragma once

#include <cairn/core/bytes.hpp>

#include <concepts>
#include <string_view>

/// A kind of keys and signatures. Keys go in and out as octets in the form that libp2p gives them in the field Data.
///
/// Laws (tests/laws/signature_scheme.hpp)
///   L1  verify(public_of(k), m, *sign(k, m)) for every k that check_private took
///   L2  a signature with any bit flipped, another message, another key: verify is false (SEC-17)
///   L3  check_public and check_private give the one canonical form, and take it unchanged
///   L4  a key of another length, off the curve, zero or too large is refused before it is used (SEC-14)
///   L5  equal keys, equal public keys; where `deterministic`, equal messages, equal signatures
///   L6  no octets of the private key stay in memory that was released
/// Models: ed25519 · secp256k1 · ecdsa · rsa
namespace cairn {

class secret_bytes;
class random_source;

template <class S>
concept signature_scheme = requires(bytes_view in, random_source const& random, unsigned bits) {
  S::type;
  { S::name } -> std::convertible_to<std::string_view>;
  { S::deterministic } -> std::convertible_to<bool>;
  { *S::check_public(in) } -> std::convertible_to<bytes_view>;
  { *S::check_private(in) } -> std::convertible_to<bytes_view>;
  { *S::generate(random, bits) } -> std::convertible_to<bytes_view>;
  { *S::public_of(in) } -> std::convertible_to<bytes_view>;
  { *S::sign(in, in) } -> std::convertible_to<bytes_view>;
  { S::verify(in, in, in) } -> std::same_as<bool>;
};

}  // namespace cairn
