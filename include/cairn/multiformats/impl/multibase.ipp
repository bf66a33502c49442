#pragma once

#include <cairn/multiformats/multibase.hpp>

#include <algorithm>
#include <array>

namespace cairn {
namespace detail {

enum class letter_case : byte { exact, either };

// How a base works: `bits` per character for RFC 4648 and its kin, 0 for positional notation of a big number.
struct base_shape {
  multibase base;
  std::string_view alphabet;
  unsigned bits;
  letter_case cased;
  bool padded;
};

inline constexpr std::string_view digits10 = "0123456789", digits16 = "0123456789abcdef", digits16upper = "0123456789ABCDEF",
                                  rfc32 = "abcdefghijklmnopqrstuvwxyz234567", rfc32upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
                                  hex32 = "0123456789abcdefghijklmnopqrstuv", hex32upper = "0123456789ABCDEFGHIJKLMNOPQRSTUV",
                                  z32 = "ybndrfg8ejkmcpqxot1uwisza345h769", digits36 = "0123456789abcdefghijklmnopqrstuvwxyz",
                                  digits36upper = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                  btc58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
                                  flickr58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ",
                                  rfc64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                                  url64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

inline constexpr base_shape base_shapes[]{
    {multibase::base2, "01", 1, letter_case::exact, false},
    {multibase::base8, "01234567", 3, letter_case::exact, false},
    {multibase::base10, digits10, 0, letter_case::exact, false},
    {multibase::base16, digits16, 4, letter_case::either, false},
    {multibase::base16upper, digits16upper, 4, letter_case::either, false},
    {multibase::base32hex, hex32, 5, letter_case::either, false},
    {multibase::base32hexupper, hex32upper, 5, letter_case::either, false},
    {multibase::base32hexpad, hex32, 5, letter_case::either, true},
    {multibase::base32hexpadupper, hex32upper, 5, letter_case::either, true},
    {multibase::base32, rfc32, 5, letter_case::either, false},
    {multibase::base32upper, rfc32upper, 5, letter_case::either, false},
    {multibase::base32pad, rfc32, 5, letter_case::either, true},
    {multibase::base32padupper, rfc32upper, 5, letter_case::either, true},
    {multibase::base32z, z32, 5, letter_case::exact, false},
    {multibase::base36, digits36, 0, letter_case::either, false},
    {multibase::base36upper, digits36upper, 0, letter_case::either, false},
    {multibase::base58btc, btc58, 0, letter_case::exact, false},
    {multibase::base58flickr, flickr58, 0, letter_case::exact, false},
    {multibase::base64, rfc64, 6, letter_case::exact, false},
    {multibase::base64pad, rfc64, 6, letter_case::exact, true},
    {multibase::base64url, url64, 6, letter_case::exact, false},
    {multibase::base64urlpad, url64, 6, letter_case::exact, true},
};

inline auto shape_of(multibase base) -> base_shape const* {
  auto const* const at = std::ranges::find(base_shapes, base, &base_shape::base);
  return at == std::end(base_shapes) ? nullptr : at;
}

// 0xff: not in the alphabet
inline auto values_of(base_shape const& shape) -> std::array<byte, 256> {
  auto values = std::array<byte, 256>{};
  values.fill(0xff);
  for (std::size_t i = 0; i < shape.alphabet.size(); ++i) {
    auto const c = shape.alphabet[i];
    values[static_cast<byte>(c)] = static_cast<byte>(i);
    auto const is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (shape.cased == letter_case::either && is_letter) values[static_cast<byte>(c) ^ 0x20u] = static_cast<byte>(i);
  }
  return values;
}

// Characters after which the bits come out even: 8 for base32, 4 for base64.
constexpr auto group_of(unsigned bits) -> std::size_t { return bits == 5 || bits == 3 || bits == 1 ? 8 : bits == 6 ? 4 : 2; }

inline auto encode_bits(base_shape const& shape, bytes_view in) -> std::string {
  auto out = std::string{};
  out.reserve((in.size() * 8 + shape.bits - 1) / shape.bits + 8);
  std::uint32_t held = 0;
  unsigned count = 0;
  auto const mask = (1u << shape.bits) - 1;
  for (auto b : in) {
    held = held << 8 | b;
    count += 8;
    while (count >= shape.bits) {
      count -= shape.bits;
      out += shape.alphabet[held >> count & mask];
    }
  }
  if (count > 0) out += shape.alphabet[held << (shape.bits - count) & mask];
  if (shape.padded)
    while (out.size() % group_of(shape.bits) != 0) out += '=';
  return out;
}

inline auto decode_bits(base_shape const& shape, std::string_view text) -> result<bytes, multibase_errc> {
  if (shape.padded) {
    if (text.size() % group_of(shape.bits) != 0) return std::unexpected(multibase_errc::bad_padding);
    auto const last = text.find_last_not_of('=');
    auto const kept = last == text.npos ? 0 : last + 1;
    if (text.size() - kept >= group_of(shape.bits)) return std::unexpected(multibase_errc::bad_padding);
    text = text.substr(0, kept);
  } else if (text.ends_with('=')) {
    return std::unexpected(multibase_errc::bad_padding);
  }
  auto const values = values_of(shape);
  auto out = bytes{};
  out.reserve(text.size() * shape.bits / 8);
  std::uint32_t held = 0;
  unsigned count = 0;
  for (auto c : text) {
    auto const value = values[static_cast<byte>(c)];
    if (value == 0xff) return std::unexpected(multibase_errc::bad_character);
    held = held << shape.bits | value;
    count += shape.bits;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<byte>(held >> count));
    }
  }
  if (count >= shape.bits) return std::unexpected(multibase_errc::bad_length);
  if ((held & ((1u << count) - 1)) != 0) return std::unexpected(multibase_errc::stray_bits);
  return out;
}

// Positional notation; each leading zero octet is one leading zero digit.
inline auto encode_number(base_shape const& shape, bytes_view in) -> std::string {
  auto const base = static_cast<std::uint32_t>(shape.alphabet.size());
  auto const zeros = static_cast<std::size_t>(std::ranges::find_if(in, [](byte b) { return b != 0; }) - in.begin());
  auto digits = bytes{};  // least significant first
  digits.reserve(in.size() * 5 / 2);
  for (auto b : in.subspan(zeros)) {
    std::uint32_t carry = b;
    for (auto& d : digits) {
      carry += static_cast<std::uint32_t>(d) << 8;
      d = static_cast<byte>(carry % base);
      carry /= base;
    }
    for (; carry > 0; carry /= base) digits.push_back(static_cast<byte>(carry % base));
  }
  auto out = std::string(zeros, shape.alphabet[0]);
  std::for_each(digits.rbegin(), digits.rend(), [&](byte d) { out += shape.alphabet[d]; });
  return out;
}

inline auto decode_number(base_shape const& shape, std::string_view text) -> result<bytes, multibase_errc> {
  auto const base = static_cast<std::uint32_t>(shape.alphabet.size());
  auto const values = values_of(shape);
  auto const zeros = std::min(text.find_first_not_of(shape.alphabet[0]), text.size());
  auto number = bytes{};  // least significant first
  for (auto c : text.substr(zeros)) {
    auto const value = values[static_cast<byte>(c)];
    if (value == 0xff) return std::unexpected(multibase_errc::bad_character);
    std::uint32_t carry = value;
    for (auto& b : number) {
      carry += b * base;
      b = static_cast<byte>(carry);
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) number.push_back(static_cast<byte>(carry));
  }
  number.insert(number.end(), zeros, 0);
  std::ranges::reverse(number);
  return number;
}

inline constexpr multibase_row multibase_rows[]{
    {multibase::identity, "identity", std::string_view{"\0", 1}},
    {multibase::base2, "base2", "0"},
    {multibase::base8, "base8", "7"},
    {multibase::base10, "base10", "9"},
    {multibase::base32upper, "base32upper", "B"},
    {multibase::base32padupper, "base32padupper", "C"},
    {multibase::base16upper, "base16upper", "F"},
    {multibase::base36upper, "base36upper", "K"},
    {multibase::base64pad, "base64pad", "M"},
    {multibase::base32hexpadupper, "base32hexpadupper", "T"},
    {multibase::base64urlpad, "base64urlpad", "U"},
    {multibase::base32hexupper, "base32hexupper", "V"},
    {multibase::base58flickr, "base58flickr", "Z"},
    {multibase::base32, "base32", "b"},
    {multibase::base32pad, "base32pad", "c"},
    {multibase::base16, "base16", "f"},
    {multibase::base32z, "base32z", "h"},
    {multibase::base36, "base36", "k"},
    {multibase::base64, "base64", "m"},
    {multibase::base32hexpad, "base32hexpad", "t"},
    {multibase::base64url, "base64url", "u"},
    {multibase::base32hex, "base32hex", "v"},
    {multibase::base58btc, "base58btc", "z"},
};

}  // namespace detail

CAIRN_DECL auto multibase_table() -> std::span<multibase_row const> { return detail::multibase_rows; }

CAIRN_DECL auto to_string(multibase base) -> std::string_view {
  auto const* const row = std::ranges::find(detail::multibase_rows, base, &multibase_row::base);
  return row == std::end(detail::multibase_rows) ? std::string_view{} : row->name;
}

CAIRN_DECL auto parse_multibase_name(std::string_view name) -> std::optional<multibase> {
  auto const* const row = std::ranges::find(detail::multibase_rows, name, &multibase_row::name);
  if (row == std::end(detail::multibase_rows)) return std::nullopt;
  return row->base;
}

CAIRN_DECL auto read_multibase_prefix(std::string_view text) -> std::optional<multibase> {
  for (auto const& row : detail::multibase_rows)
    if (text.starts_with(row.prefix)) return row.base;
  return std::nullopt;
}

CAIRN_DECL auto encode_base(multibase base, bytes_view in) -> std::string {
  auto const* const shape = detail::shape_of(base);
  if (!shape) return std::string{as_text(in)};
  return shape->bits > 0 ? detail::encode_bits(*shape, in) : detail::encode_number(*shape, in);
}

CAIRN_DECL auto decode_base(multibase base, std::string_view text) -> result<bytes, multibase_errc> {
  auto const* const shape = detail::shape_of(base);
  if (!shape) return bytes(text.begin(), text.end());
  return shape->bits > 0 ? detail::decode_bits(*shape, text) : detail::decode_number(*shape, text);
}

CAIRN_DECL auto encode_multibase(multibase base, bytes_view in) -> std::string {
  auto const* const row = std::ranges::find(detail::multibase_rows, base, &multibase_row::base);
  return std::string{row->prefix} + encode_base(base, in);
}

CAIRN_DECL auto decode_multibase(std::string_view text) -> result<std::pair<multibase, bytes>, multibase_errc> {
  if (text.empty()) return std::unexpected(multibase_errc::empty);
  for (auto const& row : detail::multibase_rows) {
    if (!text.starts_with(row.prefix)) continue;
    auto octets = decode_base(row.base, text.substr(row.prefix.size()));
    if (!octets) return std::unexpected(octets.error());
    return std::pair{row.base, *std::move(octets)};
  }
  return std::unexpected(multibase_errc::unknown_prefix);
}

}  // namespace cairn
