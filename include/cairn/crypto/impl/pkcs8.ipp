#pragma once

#include <cairn/crypto/der.hpp>
#include <cairn/crypto/impl/ec.hpp>
#include <cairn/crypto/impl/rsa.hpp>
#include <cairn/crypto/impl/secp256k1.hpp>
#include <cairn/crypto/pkcs8.hpp>
#include <cairn/multiformats/multibase.hpp>

namespace cairn {

namespace detail {

inline auto pkcs8_wrap(bytes_view algorithm, bytes_view key) -> secret_bytes {
  auto const octets = secret_bytes{der_element(der_octets, {key})};
  return secret_bytes{der_element(der_sequence, {der_small(0), algorithm, octets})};
}

inline auto ec_algorithm(bytes_view curve_oid) -> bytes {
  return der_element(der_sequence, {der_element(der_oid, {oid_ec}), der_element(der_oid, {curve_oid})});
}

inline auto ed25519_algorithm() -> bytes { return der_element(der_sequence, {der_element(der_oid, {oid_ed25519})}); }

inline auto decode_pkcs8_ed25519(bytes_view inner, der_reader parameters) -> result<private_key, key_errc> {
  CAIRN_TRY(parameters.take_end());
  auto reader = der_reader{inner};
  CAIRN_TRY(auto const seed, reader.take(der_octets));
  CAIRN_TRY(reader.take_end());
  return private_key::of_ed25519_seed(seed);
}

inline auto decode_pkcs8_rsa(bytes_view inner, der_reader parameters) -> result<private_key, key_errc> {
  CAIRN_TRY(auto const null, parameters.take(der_null));
  CAIRN_TRY(parameters.take_end());
  if (!null.empty()) return std::unexpected(key_errc::bad_der);
  return private_key::make(key_type::rsa, inner);
}

inline auto decode_pkcs8_ec(bytes_view inner, der_reader parameters) -> result<private_key, key_errc> {
  CAIRN_TRY(auto const curve_oid, parameters.take(der_oid));
  CAIRN_TRY(parameters.take_end());
  CAIRN_TRY(auto const parts, ec_read_private(inner));
  if (!parts.curve_oid.empty() && !equal(parts.curve_oid, curve_oid)) return std::unexpected(key_errc::bad_der);
  if (equal(curve_oid, oid_secp256k1)) {
    auto key = private_key::make(key_type::secp256k1, parts.scalar);
    if (!key || parts.point.empty()) return key;
    auto const point = secp256k1_reencode(parts.point, true);
    if (!point) return std::unexpected(point.error());
    if (!equal(*point, key->public_part().data())) return std::unexpected(key_errc::public_mismatch);
    return key;
  }
  CAIRN_TRY(auto const* const curve, ec_curve_of(curve_oid));
  CAIRN_TRY(auto const form, ecdsa_private_form(*curve, parts.scalar, parts.point));
  return private_key::make(key_type::ecdsa, form);
}

inline auto pem_text(std::string_view label, bytes_view der) -> std::string {
  auto base64 = encode_base(multibase::base64pad, der);
  auto out = std::string{};
  out.reserve(base64.size() + base64.size() / 64 + 2 * label.size() + 40);
  out.append("-----BEGIN ").append(label).append("-----\n");
  for (std::size_t at = 0; at < base64.size(); at += 64) out.append(base64, at, 64).append("\n");
  out.append("-----END ").append(label).append("-----\n");
  wipe_text(base64);
  return out;
}

inline auto pem_der(std::string_view label, std::string_view text) -> result<secret_bytes, key_errc> {
  auto const begin = std::string{"-----BEGIN "}.append(label).append("-----"), end = std::string{"-----END "}.append(label).append("-----");
  auto from = text.find(begin);
  if (from == text.npos) return std::unexpected(key_errc::bad_pem);
  from += begin.size();
  auto const to = text.find(end, from);
  if (to == text.npos || to - from > 32768) return std::unexpected(key_errc::bad_pem);
  auto base64 = std::string{};
  base64.reserve(to - from);
  for (auto c : text.substr(from, to - from))
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t') base64.push_back(c);
  auto octets = decode_base(multibase::base64pad, base64);
  wipe_text(base64);
  if (!octets) return std::unexpected(key_errc::bad_pem);
  return secret_bytes{*std::move(octets)};
}

}  // namespace detail

CAIRN_DECL void wipe_text(std::string& text) {
  wipe({reinterpret_cast<byte*>(text.data()), text.size()});
  text.clear();
}

CAIRN_DECL auto encode_pkcs8(private_key const& key) -> secret_bytes {
  using namespace detail;
  switch (key.type()) {
    case key_type::ed25519: {
      auto const seed = secret_bytes{der_element(der_octets, {key.data().first(32)})};
      return pkcs8_wrap(ed25519_algorithm(), seed);
    }
    case key_type::secp256k1: {
      auto const point = *secp256k1_reencode(key.public_part().data(), false);
      return pkcs8_wrap(ec_algorithm(oid_secp256k1), ec_write_private(key.data(), {}, point));
    }
    case key_type::ecdsa: {
      auto const parts = *ec_read_private(key.data());
      return pkcs8_wrap(ec_algorithm(parts.curve_oid), ec_write_private(parts.scalar, {}, parts.point));
    }
    case key_type::rsa: break;
  }
  return pkcs8_wrap(rsa_algorithm(), key.data());
}

CAIRN_DECL auto decode_pkcs8(bytes_view der) -> result<private_key, key_errc> {
  using namespace detail;
  CAIRN_TRY(auto info, der_whole_sequence(der));
  if (info.next_is(der_sequence)) return std::unexpected(key_errc::encrypted);
  CAIRN_TRY(auto const version, info.take(der_integer));
  if (version.size() != 1 || version[0] > 1) return std::unexpected(key_errc::bad_der);
  CAIRN_TRY(auto algorithm, info.enter(der_sequence));
  CAIRN_TRY(auto const oid, algorithm.take(der_oid));
  CAIRN_TRY(auto const inner, info.take(der_octets));
  if (info.next_is(0xa0)) CAIRN_TRY(info.take(0xa0));  // attributes
  if (version[0] == 1 && info.next_is(0x81)) CAIRN_TRY(info.take(0x81));  // the public key; computed instead
  CAIRN_TRY(info.take_end());
  if (equal(oid, oid_ed25519)) return decode_pkcs8_ed25519(inner, algorithm);
  if (equal(oid, oid_rsa)) return decode_pkcs8_rsa(inner, algorithm);
  if (equal(oid, oid_ec)) return decode_pkcs8_ec(inner, algorithm);
  return std::unexpected(key_errc::unknown_algorithm);
}

CAIRN_DECL auto encode_spki(public_key const& key) -> bytes {
  using namespace detail;
  if (key.type() == key_type::ed25519) return der_element(der_sequence, {ed25519_algorithm(), der_bit_string(key.data())});
  if (key.type() == key_type::secp256k1) return ec_write_spki(oid_secp256k1, *secp256k1_reencode(key.data(), false));
  return bytes(key.data().begin(), key.data().end());  // RSA and ECDSA are kept in this form
}

CAIRN_DECL auto decode_spki(bytes_view der) -> result<public_key, key_errc> {
  using namespace detail;
  CAIRN_TRY(auto info, der_whole_sequence(der));
  CAIRN_TRY(auto algorithm, info.enter(der_sequence));
  CAIRN_TRY(auto const oid, algorithm.take(der_oid));
  if (equal(oid, oid_rsa)) return public_key::make(key_type::rsa, der);
  if (equal(oid, oid_ec)) {
    CAIRN_TRY(auto const curve_oid, algorithm.take(der_oid));
    if (!equal(curve_oid, oid_secp256k1)) return public_key::make(key_type::ecdsa, der);
  } else if (!equal(oid, oid_ed25519)) {
    return std::unexpected(key_errc::unknown_algorithm);
  }
  CAIRN_TRY(algorithm.take_end());
  CAIRN_TRY(auto const octets, info.take_bits());
  CAIRN_TRY(info.take_end());
  return public_key::make(equal(oid, oid_ec) ? key_type::secp256k1 : key_type::ed25519, octets);
}

CAIRN_DECL auto encode_pem(private_key const& key) -> std::string { return detail::pem_text("PRIVATE KEY", encode_pkcs8(key)); }

CAIRN_DECL auto encode_pem(public_key const& key) -> std::string { return detail::pem_text("PUBLIC KEY", encode_spki(key)); }

CAIRN_DECL auto decode_private_pem(std::string_view text) -> result<private_key, key_errc> {
  auto const der = detail::pem_der("PRIVATE KEY", text);
  if (!der && text.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") != text.npos) return std::unexpected(key_errc::encrypted);
  if (!der) return std::unexpected(der.error());
  return decode_pkcs8(*der);
}

CAIRN_DECL auto decode_public_pem(std::string_view text) -> result<public_key, key_errc> {
  CAIRN_TRY(auto const der, detail::pem_der("PUBLIC KEY", text));
  return decode_spki(der);
}

}  // namespace cairn
