#pragma once

#include <cairn/crypto/hkdf.hpp>
#include <cairn/crypto/impl/ready_sodium.hpp>
#include <cairn/crypto/secret.hpp>

#include <algorithm>

#include <sodium.h>

namespace cairn {

CAIRN_DECL auto hmac_sha256(bytes_view key, bytes_view message) -> digest<32> {
  detail::ready_sodium();
  auto out = digest<32>{};
  ::crypto_auth_hmacsha256_state state;
  ::crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  ::crypto_auth_hmacsha256_update(&state, message.data(), message.size());
  ::crypto_auth_hmacsha256_final(&state, out.data());
  ::sodium_memzero(&state, sizeof state);
  return out;
}

CAIRN_DECL void hkdf_sha256(bytes_view salt, bytes_view secret, bytes_view info, bytes_span out) {
  auto const zeros = digest<32>{};
  auto key = hmac_sha256(salt.empty() ? bytes_view{zeros} : salt, secret);
  auto text = bytes{};
  auto last = digest<32>{};
  for (byte count = 1; !out.empty(); ++count) {
    append(text, info);
    text.push_back(count);
    last = hmac_sha256(key, text);
    auto const n = std::min(out.size(), last.size());
    std::copy_n(last.begin(), n, out.begin());
    out = out.subspan(n);
    text.assign(last.begin(), last.end());
  }
  wipe(key);
  wipe(last);
  wipe(text);
}

}  // namespace cairn
