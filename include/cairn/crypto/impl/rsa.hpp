#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/der.hpp>
#include <cairn/crypto/impl/ec.hpp>
#include <cairn/crypto/secret.hpp>

#include <bit>

#include <openssl/rsa.h>

namespace cairn::detail {

struct rsa_public_parts {
  bytes_view n, e;
};

struct rsa_private_parts {
  bytes_view n, e, d, p, q, dp, dq, inverse;
};

// Sizes first: nothing is computed with a modulus that was not measured (SEC-14).
inline auto rsa_check_sizes(bytes_view n, bytes_view e) -> result<void, key_errc> {
  auto const bits = n.empty() ? 0 : 8 * (n.size() - 1) + static_cast<std::size_t>(std::bit_width(n[0]));
  if (bits > limits::rsa_bits_max) return std::unexpected(key_errc::rsa_too_big);
  if (bits < limits::rsa_bits_min) return std::unexpected(key_errc::rsa_too_small);
  auto const exponent_is_small = e.size() == 1 && e[0] < 3;
  if (e.empty() || e.size() > 4 || (e.back() & 1) == 0 || exponent_is_small || (n.back() & 1) == 0) return std::unexpected(key_errc::bad_rsa);
  return {};
}

// RSAPublicKey (RFC 8017, A.1.1)
inline auto rsa_read_public(bytes_view in) -> result<rsa_public_parts, key_errc> {
  auto parts = rsa_public_parts{};
  CAIRN_TRY(auto body, der_whole_sequence(in));
  CAIRN_TRY(parts.n, body.take_number());
  CAIRN_TRY(parts.e, body.take_number());
  CAIRN_TRY(body.take_end());
  CAIRN_TRY(rsa_check_sizes(parts.n, parts.e));
  return parts;
}

inline auto rsa_write_public(bytes_view n, bytes_view e) -> bytes { return der_element(der_sequence, {der_number(n), der_number(e)}); }

// RSAPrivateKey of two primes (RFC 8017, A.1.2)
inline auto rsa_read_private(bytes_view in) -> result<rsa_private_parts, key_errc> {
  auto parts = rsa_private_parts{};
  CAIRN_TRY(auto body, der_whole_sequence(in));
  CAIRN_TRY(body.take_small(0));
  CAIRN_TRY(parts.n, body.take_number());
  CAIRN_TRY(parts.e, body.take_number());
  CAIRN_TRY(rsa_check_sizes(parts.n, parts.e));
  CAIRN_TRY(parts.d, body.take_number());
  CAIRN_TRY(parts.p, body.take_number());
  CAIRN_TRY(parts.q, body.take_number());
  CAIRN_TRY(parts.dp, body.take_number());
  CAIRN_TRY(parts.dq, body.take_number());
  CAIRN_TRY(parts.inverse, body.take_number());
  CAIRN_TRY(body.take_end());
  for (auto part : {parts.d, parts.p, parts.q, parts.dp, parts.dq, parts.inverse})
    if (part.empty() || part.size() > parts.n.size()) return std::unexpected(key_errc::bad_rsa);
  return parts;
}

inline auto rsa_algorithm() -> bytes { return der_element(der_sequence, {der_element(der_oid, {oid_rsa}), der_element(der_null, {})}); }

inline auto rsa_write_spki(bytes_view pkcs1) -> bytes { return der_element(der_sequence, {rsa_algorithm(), der_bit_string(pkcs1)}); }

// The RSAPublicKey inside a SubjectPublicKeyInfo.
inline auto rsa_read_spki(bytes_view in) -> result<bytes_view, key_errc> {
  CAIRN_TRY(auto info, der_whole_sequence(in));
  CAIRN_TRY(auto algorithm, info.enter(der_sequence));
  CAIRN_TRY(auto const oid, algorithm.take(der_oid));
  if (!equal(oid, oid_rsa)) return std::unexpected(key_errc::unknown_algorithm);
  CAIRN_TRY(auto const parameters, algorithm.take(der_null));
  if (!parameters.empty()) return std::unexpected(key_errc::bad_der);
  CAIRN_TRY(algorithm.take_end());
  CAIRN_TRY(auto const key, info.take_bits());
  CAIRN_TRY(info.take_end());
  return key;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

struct rsa_delete {
  void operator()(RSA* p) const { ::RSA_free(p); }
};
using rsa_handle = std::unique_ptr<RSA, rsa_delete>;

inline auto rsa_public_handle(rsa_public_parts const& parts) -> rsa_handle {
  auto key = rsa_handle{::RSA_new()};
  auto n = bn_of(parts.n), e = bn_of(parts.e);
  if (!key || !n || !e || !::RSA_set0_key(key.get(), n.get(), e.get(), nullptr)) return nullptr;
  n.release();
  e.release();
  return key;
}

inline auto rsa_private_handle(rsa_private_parts const& parts) -> rsa_handle {
  auto key = rsa_handle{::RSA_new()};
  auto n = bn_of(parts.n), e = bn_of(parts.e), d = bn_of(parts.d), p = bn_of(parts.p), q = bn_of(parts.q), dp = bn_of(parts.dp),
       dq = bn_of(parts.dq), inverse = bn_of(parts.inverse);
  if (!key || !n || !e || !d || !p || !q || !dp || !dq || !inverse) return nullptr;
  for (auto* number : {d.get(), p.get(), q.get(), dp.get(), dq.get(), inverse.get()}) ::BN_set_flags(number, BN_FLG_CONSTTIME);
  if (!::RSA_set0_key(key.get(), n.get(), e.get(), d.get())) return nullptr;
  n.release(), e.release(), d.release();
  if (!::RSA_set0_factors(key.get(), p.get(), q.get())) return nullptr;
  p.release(), q.release();
  if (!::RSA_set0_crt_params(key.get(), dp.get(), dq.get(), inverse.get())) return nullptr;
  dp.release(), dq.release(), inverse.release();
  return key;
}

// n = p q, and d, dp, dq, inverse are what e, p and q make them. The primes are not tested, as Go does not.
inline auto rsa_belongs_together(rsa_private_parts const& parts) -> bool {
  auto const context = std::unique_ptr<BN_CTX, openssl_delete>{::BN_CTX_new()};
  auto const n = bn_of(parts.n), e = bn_of(parts.e), d = bn_of(parts.d), p = bn_of(parts.p), q = bn_of(parts.q), dp = bn_of(parts.dp),
             dq = bn_of(parts.dq), inverse = bn_of(parts.inverse);
  auto const t = bn_handle{::BN_new()}, less = bn_handle{::BN_new()};
  if (!context || !n || !e || !d || !p || !q || !dp || !dq || !inverse || !t || !less) return false;
  if (!::BN_mul(t.get(), p.get(), q.get(), context.get()) || ::BN_cmp(t.get(), n.get()) != 0) return false;
  auto const half = [&](BIGNUM const* prime, BIGNUM const* exponent) {
    if (::BN_is_one(prime) || !::BN_sub(less.get(), prime, ::BN_value_one())) return false;
    if (!::BN_mod_mul(t.get(), d.get(), e.get(), less.get(), context.get()) || !::BN_is_one(t.get())) return false;
    return ::BN_nnmod(t.get(), d.get(), less.get(), context.get()) == 1 && ::BN_cmp(t.get(), exponent) == 0;
  };
  if (!half(p.get(), dp.get()) || !half(q.get(), dq.get())) return false;
  return ::BN_mod_mul(t.get(), inverse.get(), q.get(), p.get(), context.get()) == 1 && ::BN_is_one(t.get()) &&
         ::BN_cmp(inverse.get(), p.get()) < 0;
}

#pragma GCC diagnostic pop

}  // namespace cairn::detail
