#pragma once

#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/impl/secp256k1.hpp>
#include <cairn/crypto/signature_schemes.hpp>

namespace cairn {

CAIRN_DECL auto secp256k1::check_public(bytes_view data) -> result<bytes, key_errc> { return detail::secp256k1_reencode(data, true); }

CAIRN_DECL auto secp256k1::check_private(bytes_view data) -> result<secret_bytes, key_errc> {
  if (data.size() != 32) return std::unexpected(key_errc::wrong_length);
  if (!::secp256k1_ec_seckey_verify(detail::secp256k1_shared_context(), data.data())) return std::unexpected(key_errc::bad_scalar);
  return secret_bytes{data};
}

CAIRN_DECL auto secp256k1::generate(random_source const& random, unsigned) -> result<secret_bytes, key_errc> {
  byte scalar[32];
  for (int tries = 0; tries < 100; ++tries) {  // one in 2^128 is out of range; a broken source must not loop for ever
    random(scalar);
    auto out = check_private(scalar);
    wipe(scalar);
    if (out) return out;
  }
  return std::unexpected(key_errc::bad_scalar);
}

CAIRN_DECL auto secp256k1::public_of(bytes_view private_data) -> result<bytes, key_errc> {
  if (private_data.size() != 32) return std::unexpected(key_errc::wrong_length);
  auto point = ::secp256k1_pubkey{};
  if (!::secp256k1_ec_pubkey_create(detail::secp256k1_shared_context(), &point, private_data.data())) return std::unexpected(key_errc::bad_scalar);
  return detail::secp256k1_point_octets(point, true);
}

CAIRN_DECL auto secp256k1::sign(bytes_view private_data, bytes_view message) -> result<bytes, key_errc> {
  if (private_data.size() != 32) return std::unexpected(key_errc::wrong_length);
  auto const hash = sha256(message);
  auto signature = ::secp256k1_ecdsa_signature{};
  if (!::secp256k1_ecdsa_sign(detail::secp256k1_shared_context(), &signature, hash.data(), private_data.data(), nullptr, nullptr))
    return std::unexpected(key_errc::bad_scalar);
  auto out = bytes(72);
  auto size = out.size();
  ::secp256k1_ecdsa_signature_serialize_der(detail::secp256k1_shared_context(), out.data(), &size, &signature);
  out.resize(size);
  return out;
}

CAIRN_DECL auto secp256k1::verify(bytes_view public_data, bytes_view message, bytes_view signature) -> bool {
  if (signature.empty()) return false;  // the library ends the process on a null pointer
  auto const point = detail::secp256k1_point(public_data);
  if (!point) return false;
  auto const* const context = detail::secp256k1_shared_context();
  auto parsed = ::secp256k1_ecdsa_signature{};
  if (!::secp256k1_ecdsa_signature_parse_der(context, &parsed, signature.data(), signature.size())) return false;
  auto const hash = sha256(message);
  return ::secp256k1_ecdsa_verify(context, &parsed, hash.data(), &*point) == 1;  // refuses a high S by itself
}

}  // namespace cairn
