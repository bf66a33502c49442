#pragma once

#include <cairn/core/try.hpp>
#include <cairn/crypto/key_error.hpp>
#include <cairn/crypto/random.hpp>
#include <cairn/crypto/secret.hpp>

#include <cstdlib>

#include <secp256k1.h>

namespace cairn::detail {


// One context for the process: made once, blinded once, only read afterwards.
inline auto secp256k1_shared_context() -> ::secp256k1_context const* {
  static auto* const context = [] {
    auto* const c = ::secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
    byte seed[32];
    random_source::system()(seed);
    if (!::secp256k1_context_randomize(c, seed)) std::abort();
    wipe(seed);
    return c;
  }();
  return context;
}

inline auto secp256k1_point(bytes_view in) -> result<::secp256k1_pubkey, key_errc> {
  if (in.size() != 33 && in.size() != 65) return std::unexpected(key_errc::wrong_length);
  if (in.size() == 65 && in[0] != 4) return std::unexpected(key_errc::not_on_curve);  // the hybrid forms
  auto point = ::secp256k1_pubkey{};
  if (!::secp256k1_ec_pubkey_parse(secp256k1_shared_context(), &point, in.data(), in.size())) return std::unexpected(key_errc::not_on_curve);
  return point;
}

inline auto secp256k1_point_octets(::secp256k1_pubkey const& point, bool compressed) -> bytes {
  auto out = bytes(compressed ? 33 : 65);
  auto size = out.size();
  ::secp256k1_ec_pubkey_serialize(secp256k1_shared_context(), out.data(), &size, &point, compressed ? SECP256K1_EC_COMPRESSED : SECP256K1_EC_UNCOMPRESSED);
  return out;
}

inline auto secp256k1_reencode(bytes_view in, bool compressed) -> result<bytes, key_errc> {
  CAIRN_TRY(auto const point, secp256k1_point(in));
  return secp256k1_point_octets(point, compressed);
}

}  // namespace cairn::detail
