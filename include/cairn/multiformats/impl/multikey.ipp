#pragma once

#include <cairn/core/try.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/crypto/multikey_forms.hpp>
#include <cairn/multiformats/multicodec.hpp>
#include <cairn/multiformats/multikey.hpp>

#include <algorithm>

namespace cairn {

namespace detail {

inline constexpr std::size_t multikey_limit = 16384;  // RSA-8192 private keys are 4.7 KiB, the largest post-quantum ones below 5

struct multikey_size_row {
  std::uint64_t code;
  std::size_t size;
};

// Octets of the keys whose length is fixed, by code; the kinds come from the registry's names.
inline constexpr multikey_size_row multikey_sizes[]{
    {0xa0, 16},     {0xa1, 24},     {0xa2, 32},     {0xa3, 16},     {0xa4, 32},     {0xe7, 33},     {0xea, 48},     {0xeb, 96},
    {0xec, 32},     {0xed, 32},     {0xee, 144},    {0xef, 32},     {0x1200, 33},   {0x1201, 49},   {0x1202, 67},   {0x1203, 57},
    {0x1204, 56},   {0x120b, 800},  {0x120c, 1184}, {0x120d, 1568}, {0x1210, 1312}, {0x1211, 1952}, {0x1212, 2592}, {0x1220, 32},
    {0x1221, 32},   {0x1222, 32},   {0x1223, 32},   {0x1224, 48},   {0x1225, 48},   {0x1226, 48},   {0x1227, 48},   {0x1228, 64},
    {0x1229, 64},   {0x122a, 64},   {0x122b, 64},   {0x1300, 32},   {0x1301, 32},   {0x1302, 32},   {0x1306, 32},   {0x1307, 48},
    {0x1308, 66},   {0x1311, 57},   {0x1312, 56},   {0x1313, 1632}, {0x1314, 2400}, {0x1315, 3168}, {0x1317, 2560}, {0x1318, 4032},
    {0x1319, 4896}, {0x131a, 32},   {0x131b, 32},   {0x131c, 32},   {0x1340, 32},   {0x1341, 32}};

inline auto multikey_kind_of(multicodec_row const& row) -> multikey_kind {
  if (row.name.find("-priv") != row.name.npos) return multikey_kind::secret_key;
  if (row.name.find("-pub") != row.name.npos) return multikey_kind::public_key;
  return multikey_kind::symmetric_key;
}

}  // namespace detail

CAIRN_DECL auto multikey_row_of(std::uint64_t code) -> multikey_row {
  auto row = multikey_row{code, 0, multikey_kind::unknown};
  auto const* const known = find_multicodec(code);
  if (!known || known->tag != multicodec_tag::key) return row;
  row.kind = detail::multikey_kind_of(*known);
  auto const* const fixed = std::ranges::lower_bound(detail::multikey_sizes, code, {}, &detail::multikey_size_row::code);
  if (fixed != std::end(detail::multikey_sizes) && fixed->code == code) row.size = fixed->size;
  return row;
}

CAIRN_DECL auto multikey::make(std::uint64_t code, bytes_view octets) -> result<multikey, multikey_errc> {
  if (octets.empty()) return std::unexpected(multikey_errc::empty);
  if (octets.size() > detail::multikey_limit) return std::unexpected(multikey_errc::too_long);
  auto const size = multikey_row_of(code).size;
  if (size != 0 && octets.size() != size) return std::unexpected(multikey_errc::wrong_length);
  return multikey{code, octets};
}

CAIRN_DECL auto decode_multikey(bytes_view in) -> result<multikey, multikey_errc> {
  auto const code = read_varint(in);
  if (!code) return std::unexpected(code.error() == varint_errc::truncated ? multikey_errc::truncated : multikey_errc::bad_varint);
  return multikey::make(code->value, code->rest);
}

CAIRN_DECL auto encode_multikey(multikey const& key) -> secret_bytes {
  auto out = bytes{};
  out.reserve(key.octets().size() + 10);
  append_varint(out, key.code());
  append(out, key.octets());
  return secret_bytes{std::move(out)};
}

CAIRN_DECL auto parse_multikey(std::string_view text) -> result<multikey, multikey_errc> {
  if (text.size() > 2 * detail::multikey_limit) return std::unexpected(multikey_errc::too_long);
  auto const base = read_multibase_prefix(text);
  if (text.empty() || !base) return std::unexpected(multikey_errc::bad_text);
  if (*base != multibase::base58btc && *base != multibase::base64url) return std::unexpected(multikey_errc::wrong_base);
  auto octets = decode_base(*base, text.substr(1));
  if (!octets) return std::unexpected(multikey_errc::bad_text);
  auto const held = secret_bytes{*std::move(octets)};
  return decode_multikey(held);
}

CAIRN_DECL auto to_string(multikey const& key, multibase base) -> std::string { return encode_multibase(base, encode_multikey(key)); }

CAIRN_DECL auto parse_did_key(std::string_view text) -> result<multikey, multikey_errc> {
  constexpr std::string_view method = "did:key:";
  if (!text.starts_with(method)) return std::unexpected(multikey_errc::not_a_did_key);
  text.remove_prefix(method.size());
  if (!text.starts_with("z")) return std::unexpected(multikey_errc::wrong_base);
  auto key = parse_multikey(text);
  if (key && (key->kind() == multikey_kind::secret_key || key->kind() == multikey_kind::symmetric_key))
    return std::unexpected(multikey_errc::not_public);
  return key;
}

CAIRN_DECL auto to_did_key(multikey const& key) -> std::string { return "did:key:" + to_string(key); }

CAIRN_DECL auto to_multikey(public_key const& key) -> multikey {
  auto const form = detail::multikey_form_of(key);
  return *multikey::make(form.code, form.octets);
}

CAIRN_DECL auto to_multikey(private_key const& key) -> multikey {
  auto const form = detail::multikey_form_of(key);
  return *multikey::make(form.code, form.octets);
}

CAIRN_DECL auto to_public_key(multikey const& key) -> result<public_key, multikey_errc> {
  if (key.kind() == multikey_kind::secret_key || key.kind() == multikey_kind::symmetric_key) return std::unexpected(multikey_errc::not_public);
  auto const type = detail::multikey_type_of(key.code());
  if (!type || key.kind() != multikey_kind::public_key) return std::unexpected(multikey_errc::no_such_key);
  return replace_error(detail::public_key_of_multikey(key.code(), key.octets()), multikey_errc::bad_key);
}

CAIRN_DECL auto to_private_key(multikey const& key) -> result<private_key, multikey_errc> {
  if (key.kind() == multikey_kind::public_key || key.kind() == multikey_kind::symmetric_key) return std::unexpected(multikey_errc::not_secret);
  auto const type = detail::multikey_type_of(key.code());
  if (!type || key.kind() != multikey_kind::secret_key) return std::unexpected(multikey_errc::no_such_key);
  return replace_error(detail::private_key_of_multikey(key.code(), key.octets()), multikey_errc::bad_key);
}

CAIRN_DECL auto to_x25519(multikey const& key) -> result<multikey, multikey_errc> {
  if (key.code() != 0xed) return std::unexpected(multikey_errc::no_such_key);
  auto const point = detail::x25519_of_ed25519(key.octets());
  if (!point) return std::unexpected(multikey_errc::bad_key);
  return multikey::make(0xec, *point);
}

}  // namespace cairn
