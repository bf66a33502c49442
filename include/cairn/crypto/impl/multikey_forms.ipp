#pragma once

#include <cairn/crypto/impl/ec.hpp>
#include <cairn/crypto/impl/rsa.hpp>
#include <cairn/crypto/multikey_forms.hpp>

#include <sodium.h>

namespace cairn::detail {

struct multikey_curve_row {
  std::uint64_t public_code, private_code;
  ec_curve const* curve;
};

inline constexpr multikey_curve_row multikey_curves[]{
    {0x1200, 0x1306, &ec_curves[0]}, {0x1201, 0x1307, &ec_curves[1]}, {0x1202, 0x1308, &ec_curves[2]}};

inline auto multikey_curve_of(ec_curve const* curve) -> multikey_curve_row const& {
  for (auto const& row : multikey_curves)
    if (row.curve == curve) return row;
  return multikey_curves[0];  // not reached: a checked key has one of the curves
}

inline auto multikey_curve_of(std::uint64_t code) -> ec_curve const* {
  for (auto const& row : multikey_curves)
    if (row.public_code == code || row.private_code == code) return row.curve;
  return nullptr;
}

CAIRN_DECL auto multikey_form_of(public_key const& key) -> multikey_form {
  switch (key.type()) {
    case key_type::ed25519: return {0xed, secret_bytes{key.data()}};
    case key_type::secp256k1: return {0xe7, secret_bytes{key.data()}};
    case key_type::ecdsa: {
      auto const parts = *ec_read_spki(key.data());
      auto const handle = *ec_public_handle(*parts.curve, parts.point);
      return {multikey_curve_of(parts.curve).public_code, secret_bytes{ec_point_octets(handle.get(), true)}};
    }
    case key_type::rsa: break;
  }
  return {0x1205, secret_bytes{*rsa_read_spki(key.data())}};
}

CAIRN_DECL auto multikey_form_of(private_key const& key) -> multikey_form {
  switch (key.type()) {
    case key_type::ed25519: return {0x1300, secret_bytes{key.data().first(32)}};
    case key_type::secp256k1: return {0x1301, secret_bytes{key.data()}};
    case key_type::ecdsa: {
      auto const parts = *ec_read_private(key.data());
      return {multikey_curve_of(*ec_curve_of(parts.curve_oid)).private_code, secret_bytes{parts.scalar}};
    }
    case key_type::rsa: break;
  }
  return {0x1305, secret_bytes{key.data()}};
}

CAIRN_DECL auto multikey_type_of(std::uint64_t code) -> std::optional<key_type> {
  if (code == 0xed || code == 0x1300) return key_type::ed25519;
  if (code == 0xe7 || code == 0x1301) return key_type::secp256k1;
  if (code == 0x1205 || code == 0x1305) return key_type::rsa;
  if (multikey_curve_of(code)) return key_type::ecdsa;
  return std::nullopt;
}

CAIRN_DECL auto public_key_of_multikey(std::uint64_t code, bytes_view octets) -> result<public_key, key_errc> {
  auto const type = multikey_type_of(code);
  if (!type) return std::unexpected(key_errc::unknown_type);
  if (*type == key_type::rsa) return public_key::make(*type, rsa_write_spki(octets));
  if (*type != key_type::ecdsa) return public_key::make(*type, octets);
  auto const* const curve = multikey_curve_of(code);
  CAIRN_TRY(auto const handle, ec_public_handle(*curve, octets));
  return public_key::make(*type, ec_write_spki(curve->oid, ec_point_octets(handle.get(), false)));
}

CAIRN_DECL auto private_key_of_multikey(std::uint64_t code, bytes_view octets) -> result<private_key, key_errc> {
  auto const type = multikey_type_of(code);
  if (!type) return std::unexpected(key_errc::unknown_type);
  if (*type == key_type::ed25519) return private_key::of_ed25519_seed(octets);
  if (*type != key_type::ecdsa) return private_key::make(*type, octets);
  CAIRN_TRY(auto const form, ecdsa_private_form(*multikey_curve_of(code), octets, {}));
  return private_key::make(*type, form);
}

CAIRN_DECL auto x25519_of_ed25519(bytes_view key) -> std::optional<digest<32>> {
  auto out = digest<32>{};
  if (key.size() != 32 || ::crypto_sign_ed25519_pk_to_curve25519(out.data(), key.data()) != 0) return std::nullopt;
  return out;
}

}  // namespace cairn::detail
