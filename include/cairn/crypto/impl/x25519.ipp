#pragma once

#include <cairn/crypto/impl/ready_sodium.hpp>
#include <cairn/crypto/x25519.hpp>

#include <sodium.h>

namespace cairn {

CAIRN_DECL auto x25519_public(bytes_view secret) -> digest<32> {
  auto out = digest<32>{};
  if (secret.size() != 32) std::abort();
  detail::ready_sodium();
  ::crypto_scalarmult_curve25519_base(out.data(), secret.data());
  return out;
}

CAIRN_DECL auto x25519(bytes_view secret, bytes_view other) -> result<secret_bytes, key_errc> {
  if (secret.size() != 32 || other.size() != 32) return std::unexpected(key_errc::wrong_length);
  detail::ready_sodium();
  auto out = bytes(32);
  if (::crypto_scalarmult_curve25519(out.data(), secret.data(), other.data()) != 0) return std::unexpected(key_errc::not_on_curve);
  return secret_bytes{std::move(out)};
}

}  // namespace cairn
