#pragma once

#include <cairn/core/try.hpp>
#include <cairn/crypto/der.hpp>
#include <cairn/crypto/secret.hpp>

#include <array>
#include <memory>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>

// The NIST curves: our own reading of the containers, OpenSSL's arithmetic.

namespace cairn::detail {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

struct ec_curve {
  bytes_view oid;
  int nid;
  unsigned bits;
  std::size_t size;  // of a coordinate and of a scalar
};

inline constexpr ec_curve ec_curves[]{
    {oid_p256, NID_X9_62_prime256v1, 256, 32}, {oid_p384, NID_secp384r1, 384, 48}, {oid_p521, NID_secp521r1, 521, 66}};

inline auto ec_curve_of(bytes_view oid) -> result<ec_curve const*, key_errc> {
  for (auto const& c : ec_curves)
    if (equal(c.oid, oid)) return &c;
  return std::unexpected(key_errc::unknown_algorithm);
}

struct openssl_delete {
  void operator()(EC_KEY* p) const { ::EC_KEY_free(p); }
  void operator()(EC_POINT* p) const { ::EC_POINT_clear_free(p); }
  void operator()(BIGNUM* p) const { ::BN_clear_free(p); }
  void operator()(BN_CTX* p) const { ::BN_CTX_free(p); }
};
using ec_key_handle = std::unique_ptr<EC_KEY, openssl_delete>;
using ec_point_handle = std::unique_ptr<EC_POINT, openssl_delete>;
using bn_handle = std::unique_ptr<BIGNUM, openssl_delete>;

// An empty key of the curve. Making a group from its name costs more than a signature; copying one does not.
inline auto ec_new_key(ec_curve const& curve) -> ec_key_handle {
  static auto const models = [] {
    auto out = std::array<EC_KEY*, 3>{};
    for (std::size_t i = 0; i < 3; ++i) out[i] = ::EC_KEY_new_by_curve_name(ec_curves[i].nid);
    return out;
  }();
  auto const* const model = models[static_cast<std::size_t>(&curve - ec_curves)];
  return ec_key_handle{model ? ::EC_KEY_dup(model) : nullptr};
}

inline auto bn_of(bytes_view magnitude) -> bn_handle { return bn_handle{::BN_bin2bn(magnitude.data(), static_cast<int>(magnitude.size()), nullptr)}; }

// A key with its public half; compressed and uncompressed points are taken, hybrid ones are not.
inline auto ec_public_handle(ec_curve const& curve, bytes_view point) -> result<ec_key_handle, key_errc> {
  auto const size = point.size();
  if (size != 1 + curve.size && size != 1 + 2 * curve.size) return std::unexpected(key_errc::wrong_length);
  if ((size == 1 + curve.size) != (point[0] == 2 || point[0] == 3) || (size != 1 + curve.size && point[0] != 4))
    return std::unexpected(key_errc::not_on_curve);
  auto key = ec_new_key(curve);
  if (!key) return std::unexpected(key_errc::provider_failed);
  if (!::EC_KEY_oct2key(key.get(), point.data(), size, nullptr)) return std::unexpected(key_errc::not_on_curve);
  return key;
}

inline auto ec_point_octets(EC_KEY const* key, bool compressed) -> bytes {
  auto const form = compressed ? POINT_CONVERSION_COMPRESSED : POINT_CONVERSION_UNCOMPRESSED;
  auto const* const group = ::EC_KEY_get0_group(key);
  auto const* const point = ::EC_KEY_get0_public_key(key);
  auto out = bytes(::EC_POINT_point2oct(group, point, form, nullptr, 0, nullptr));
  ::EC_POINT_point2oct(group, point, form, out.data(), out.size(), nullptr);
  return out;
}

// A key with both halves, the public one computed.
inline auto ec_private_handle(ec_curve const& curve, bytes_view scalar) -> result<ec_key_handle, key_errc> {
  if (scalar.size() != curve.size) return std::unexpected(key_errc::wrong_length);
  auto key = ec_new_key(curve);
  auto const d = bn_of(scalar);
  if (!key || !d) return std::unexpected(key_errc::provider_failed);
  auto const* const group = ::EC_KEY_get0_group(key.get());
  if (::BN_is_zero(d.get()) || ::BN_cmp(d.get(), ::EC_GROUP_get0_order(group)) >= 0) return std::unexpected(key_errc::bad_scalar);
  ::BN_set_flags(d.get(), BN_FLG_CONSTTIME);
  auto const point = ec_point_handle{::EC_POINT_new(group)};
  if (!point || !::EC_POINT_mul(group, point.get(), d.get(), nullptr, nullptr, nullptr) ||
      !::EC_KEY_set_private_key(key.get(), d.get()) || !::EC_KEY_set_public_key(key.get(), point.get()))
    return std::unexpected(key_errc::provider_failed);
  return key;
}

#pragma GCC diagnostic pop

// ---- containers ----

struct ec_public_parts {
  ec_curve const* curve;
  bytes_view point;
};

// SubjectPublicKeyInfo of a named curve.
inline auto ec_read_spki(bytes_view in) -> result<ec_public_parts, key_errc> {
  CAIRN_TRY(auto info, der_whole_sequence(in));
  CAIRN_TRY(auto algorithm, info.enter(der_sequence));
  CAIRN_TRY(auto const oid, algorithm.take(der_oid));
  if (!equal(oid, oid_ec)) return std::unexpected(key_errc::unknown_algorithm);
  CAIRN_TRY(auto const curve_oid, algorithm.take(der_oid));
  CAIRN_TRY(algorithm.take_end());
  CAIRN_TRY(auto const* const curve, ec_curve_of(curve_oid));
  CAIRN_TRY(auto const point, info.take_bits());
  CAIRN_TRY(info.take_end());
  return ec_public_parts{curve, point};
}

inline auto ec_write_spki(bytes_view curve_oid, bytes_view point) -> bytes {
  auto const algorithm = der_element(der_sequence, {der_element(der_oid, {oid_ec}), der_element(der_oid, {curve_oid})});
  return der_element(der_sequence, {algorithm, der_bit_string(point)});
}

struct ec_private_parts {
  bytes_view scalar, curve_oid, point;  // the last two are empty where absent
};

// ECPrivateKey (RFC 5915).
inline auto ec_read_private(bytes_view in) -> result<ec_private_parts, key_errc> {
  auto parts = ec_private_parts{};
  CAIRN_TRY(auto body, der_whole_sequence(in));
  CAIRN_TRY(body.take_small(1));
  CAIRN_TRY(parts.scalar, body.take(der_octets));
  if (body.next_is(0xa0)) {
    CAIRN_TRY(auto parameters, body.enter(0xa0));
    CAIRN_TRY(parts.curve_oid, parameters.take(der_oid));
    CAIRN_TRY(parameters.take_end());
  }
  if (body.next_is(0xa1)) {
    CAIRN_TRY(auto own, body.enter(0xa1));
    CAIRN_TRY(parts.point, own.take_bits());
    CAIRN_TRY(own.take_end());
  }
  CAIRN_TRY(body.take_end());
  return parts;
}

inline auto ec_write_private(bytes_view scalar, bytes_view curve_oid, bytes_view point) -> secret_bytes {
  auto const key = secret_bytes{der_element(der_octets, {scalar})};
  auto const parameters = curve_oid.empty() ? bytes{} : der_element(0xa0, {der_element(der_oid, {curve_oid})});
  return secret_bytes{der_element(der_sequence, {der_small(1), key, parameters, der_element(0xa1, {der_bit_string(point)})})};
}

struct ec_whole_private {
  ec_curve const* curve;
  ec_private_parts parts;
};

inline auto ec_read_whole_private(bytes_view in) -> result<ec_whole_private, key_errc> {
  CAIRN_TRY(auto const parts, ec_read_private(in));
  CAIRN_TRY(auto const* const curve, ec_curve_of(parts.curve_oid));
  return ec_whole_private{curve, parts};
}

// The one form in which a key is kept, of its parts; `point`, where given, must be the scalar's.
inline auto ecdsa_private_form(ec_curve const& curve, bytes_view scalar, bytes_view point) -> result<secret_bytes, key_errc> {
  CAIRN_TRY(auto const key, ec_private_handle(curve, scalar));
  auto const own = ec_point_octets(key.get(), false);
  if (!point.empty() && !equal(point, own) && !equal(point, ec_point_octets(key.get(), true))) return std::unexpected(key_errc::public_mismatch);
  return ec_write_private(scalar, curve.oid, own);
}

}  // namespace cairn::detail
