#pragma once

#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/impl/ec.hpp>
#include <cairn/crypto/signature_schemes.hpp>

namespace cairn {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

CAIRN_DECL auto ecdsa::check_public(bytes_view data) -> result<bytes, key_errc> {
  CAIRN_TRY(auto const parts, detail::ec_read_spki(data));
  CAIRN_TRY(auto const key, detail::ec_public_handle(*parts.curve, parts.point));
  return detail::ec_write_spki(parts.curve->oid, detail::ec_point_octets(key.get(), false));
}

CAIRN_DECL auto ecdsa::check_private(bytes_view data) -> result<secret_bytes, key_errc> {
  CAIRN_TRY(auto const whole, detail::ec_read_whole_private(data));
  return detail::ecdsa_private_form(*whole.curve, whole.parts.scalar, whole.parts.point);
}

CAIRN_DECL auto ecdsa::generate(random_source const& random, unsigned bits) -> result<secret_bytes, key_errc> {
  for (auto const& curve : detail::ec_curves) {
    if (curve.bits != (bits == 0 ? 256 : bits)) continue;
    byte scalar[66];
    auto const out = bytes_span{scalar}.first(curve.size);
    for (int tries = 0; tries < 100; ++tries) {
      random(out);
      if (curve.bits == 521) scalar[0] &= 1;
      auto form = detail::ecdsa_private_form(curve, out, {});
      wipe(scalar);
      if (form || form.error() != key_errc::bad_scalar) return form;
    }
    return std::unexpected(key_errc::bad_scalar);
  }
  return std::unexpected(key_errc::wrong_length);
}

CAIRN_DECL auto ecdsa::public_of(bytes_view private_data) -> result<bytes, key_errc> {
  CAIRN_TRY(auto const whole, detail::ec_read_whole_private(private_data));
  return detail::ec_write_spki(whole.curve->oid, whole.parts.point);
}

CAIRN_DECL auto ecdsa::prepare(bytes_view private_data) -> void* {
  auto const whole = detail::ec_read_whole_private(private_data);
  if (!whole) return nullptr;
  auto key = detail::ec_new_key(*whole->curve);
  auto const d = detail::bn_of(whole->parts.scalar);
  if (!key || !d || !::EC_KEY_set_private_key(key.get(), d.get())) return nullptr;
  return key.release();
}

CAIRN_DECL void ecdsa::release(void* prepared) { ::EC_KEY_free(static_cast<EC_KEY*>(prepared)); }

CAIRN_DECL auto ecdsa::sign_prepared(void* prepared, bytes_view message) -> result<bytes, key_errc> {
  auto* const key = static_cast<EC_KEY*>(prepared);
  if (!key) return std::unexpected(key_errc::provider_failed);
  auto const hash = sha256(message);
  auto out = bytes(static_cast<std::size_t>(::ECDSA_size(key)));
  auto size = static_cast<unsigned>(out.size());
  if (!::ECDSA_sign(0, hash.data(), 32, out.data(), &size, key)) return std::unexpected(key_errc::provider_failed);
  out.resize(size);
  return out;
}

CAIRN_DECL auto ecdsa::sign(bytes_view private_data, bytes_view message) -> result<bytes, key_errc> {
  auto* const key = prepare(private_data);
  auto out = sign_prepared(key, message);
  release(key);
  return out;
}

CAIRN_DECL auto ecdsa::verify(bytes_view public_data, bytes_view message, bytes_view signature) -> bool {
  auto const parts = detail::ec_read_spki(public_data);
  if (!parts || signature.size() > 256) return false;
  auto const key = detail::ec_public_handle(*parts->curve, parts->point);
  if (!key) return false;
  auto const hash = sha256(message);
  return ::ECDSA_verify(0, hash.data(), 32, signature.data(), static_cast<int>(signature.size()), key->get()) == 1;
}

#pragma GCC diagnostic pop

}  // namespace cairn
