#pragma once

#include <cairn/crypto/impl/ready_sodium.hpp>
#include <cairn/crypto/signature_schemes.hpp>

#include <sodium.h>

namespace cairn {

CAIRN_DECL auto ed25519::check_public(bytes_view data) -> result<bytes, key_errc> {
  if (data.size() != 32) return std::unexpected(key_errc::wrong_length);
  return bytes(data.begin(), data.end());
}

CAIRN_DECL auto ed25519::check_private(bytes_view data) -> result<secret_bytes, key_errc> {
  if (data.size() != 64 && data.size() != 96) return std::unexpected(key_errc::wrong_length);
  detail::ready_sodium();
  byte own[32], secret[64];
  ::crypto_sign_ed25519_seed_keypair(own, secret, data.data());
  auto const same = equal(data.subspan(32, 32), own) && (data.size() == 64 || equal(data.subspan(64), own));
  wipe(secret);
  if (!same) return std::unexpected(key_errc::public_mismatch);
  return secret_bytes{data.first(64)};
}

CAIRN_DECL auto ed25519::generate(random_source const& random, unsigned) -> result<secret_bytes, key_errc> {
  detail::ready_sodium();
  byte seed[32], own[32], secret[64];
  random(seed);
  ::crypto_sign_ed25519_seed_keypair(own, secret, seed);
  auto out = secret_bytes{bytes_view{secret}};
  wipe(seed);
  wipe(secret);
  return out;
}

CAIRN_DECL auto ed25519::public_of(bytes_view private_data) -> result<bytes, key_errc> {
  if (private_data.size() != 64) return std::unexpected(key_errc::wrong_length);
  return bytes(private_data.begin() + 32, private_data.end());
}

CAIRN_DECL auto ed25519::sign(bytes_view private_data, bytes_view message) -> result<bytes, key_errc> {
  if (private_data.size() != 64) return std::unexpected(key_errc::wrong_length);
  detail::ready_sodium();
  auto out = bytes(64);
  ::crypto_sign_ed25519_detached(out.data(), nullptr, message.data(), message.size(), private_data.data());
  return out;
}

CAIRN_DECL auto ed25519::verify(bytes_view public_data, bytes_view message, bytes_view signature) -> bool {
  if (public_data.size() != 32 || signature.size() != 64) return false;
  detail::ready_sodium();
  return ::crypto_sign_ed25519_verify_detached(signature.data(), message.data(), message.size(), public_data.data()) == 0;
}

}  // namespace cairn
