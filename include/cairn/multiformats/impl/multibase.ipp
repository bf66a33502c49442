#pragma once

#include <cairn/multiformats/impl/base_bits.hpp>
#include <cairn/multiformats/impl/base_number.hpp>
#include <cairn/multiformats/impl/base_words.hpp>
#include <cairn/multiformats/multibase.hpp>

namespace cairn {
namespace detail {

enum class base_kind : byte { octets, bits1, bits3, bits4, bits5, bits6, number10, number36, number58, base45, emoji };
enum class letter_case : byte { exact, either };
enum class base_padding : byte { none, required };

// by prefix; base_shapes has the same order
inline constexpr std::array<multibase_row, 25> multibase_rows{{
    {multibase::identity, "identity", std::string_view{"\0", 1uz}},
    {multibase::base2, "base2", "0"},
    {multibase::base8, "base8", "7"},
    {multibase::base10, "base10", "9"},
    {multibase::base32upper, "base32upper", "B"},
    {multibase::base32padupper, "base32padupper", "C"},
    {multibase::base16upper, "base16upper", "F"},
    {multibase::base36upper, "base36upper", "K"},
    {multibase::base64pad, "base64pad", "M"},
    {multibase::base45, "base45", "R"},
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
    {multibase::base256emoji, "base256emoji", "\xf0\x9f\x9a\x80"},
}};

// The value of each character; 0xff: not in the alphabet. Rows that differ in case or padding alone share their values.
inline constexpr auto no_values = [] {
  auto values = base_values{};
  for (auto& v : values) v = 0xff;
  return values;
}();

constexpr auto base_values_of(std::string_view alphabet, letter_case cased = letter_case::exact) -> base_values {
  auto values = no_values;
  auto value = byte{0};
  for (auto const c : alphabet) {
    auto const is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    values[static_cast<byte>(c)] = value;
    if (cased == letter_case::either && is_letter) values[static_cast<byte>(c) ^ 0x20u] = value;
    ++value;
  }
  return values;
}

inline constexpr std::string_view digits36 = "0123456789abcdefghijklmnopqrstuvwxyz", digits36upper = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                  rfc32 = "abcdefghijklmnopqrstuvwxyz234567", rfc32upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
                                  z32 = "ybndrfg8ejkmcpqxot1uwisza345h769",
                                  letters45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:",
                                  btc58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
                                  flickr58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ",
                                  rfc64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                                  url64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

inline constexpr auto values_bits1 = base_values_of(digits36.substr(0, 2)), values_bits3 = base_values_of(digits36.substr(0, 8)),
                      values_number10 = base_values_of(digits36.substr(0, 10)), values_bits4 = base_values_of(digits36.substr(0, 16), letter_case::either),
                      values_hex32 = base_values_of(digits36.substr(0, 32), letter_case::either), values_number36 = base_values_of(digits36, letter_case::either),
                      values_rfc32 = base_values_of(rfc32, letter_case::either), values_z32 = base_values_of(z32), values_45 = base_values_of(letters45),
                      values_btc58 = base_values_of(btc58), values_flickr58 = base_values_of(flickr58), values_rfc64 = base_values_of(rfc64),
                      values_url64 = base_values_of(url64);

struct base_shape {
  base_kind kind;
  std::string_view alphabet;
  base_values const& values;
  base_padding padding = base_padding::none;
};

inline constexpr base_shape base_shapes[]{
    {base_kind::octets, {}, no_values},
    {base_kind::bits1, digits36, values_bits1},
    {base_kind::bits3, digits36, values_bits3},
    {base_kind::number10, digits36, values_number10},
    {base_kind::bits5, rfc32upper, values_rfc32},
    {base_kind::bits5, rfc32upper, values_rfc32, base_padding::required},
    {base_kind::bits4, digits36upper, values_bits4},
    {base_kind::number36, digits36upper, values_number36},
    {base_kind::bits6, rfc64, values_rfc64, base_padding::required},
    {base_kind::base45, letters45, values_45},
    {base_kind::bits5, digits36upper, values_hex32, base_padding::required},
    {base_kind::bits6, url64, values_url64, base_padding::required},
    {base_kind::bits5, digits36upper, values_hex32},
    {base_kind::number58, flickr58, values_flickr58},
    {base_kind::bits5, rfc32, values_rfc32},
    {base_kind::bits5, rfc32, values_rfc32, base_padding::required},
    {base_kind::bits4, digits36, values_bits4},
    {base_kind::bits5, z32, values_z32},
    {base_kind::number36, digits36, values_number36},
    {base_kind::bits6, rfc64, values_rfc64},
    {base_kind::bits5, digits36, values_hex32, base_padding::required},
    {base_kind::bits6, url64, values_url64},
    {base_kind::bits5, digits36, values_hex32},
    {base_kind::number58, btc58, values_btc58},
    {base_kind::emoji, {}, no_values},
};

inline constexpr auto base_count = std::size(multibase_rows);
static_assert(base_count == std::size(base_shapes));

// The row of each ASCII prefix; base_count: none.
inline constexpr auto base_rows_by_prefix = [] {
  auto rows = std::array<byte, 128>{};
  for (auto& row : rows) row = static_cast<byte>(base_count);
  for (std::size_t i = 0; i < base_count; ++i)
    if (multibase_rows[i].prefix.size() == 1) rows[static_cast<byte>(multibase_rows[i].prefix[0])] = static_cast<byte>(i);
  return rows;
}();

inline auto base_row(multibase base) -> std::size_t {
  auto const point = static_cast<std::uint32_t>(base);
  if (point < 128) return base_rows_by_prefix[point];
  return base == multibase::base256emoji ? base_count - 1 : base_count;
}

inline auto base_row_of_prefix(std::string_view text) -> std::size_t {
  if (text.empty()) return base_count;
  if (static_cast<byte>(text[0]) < 128) return base_rows_by_prefix[static_cast<byte>(text[0])];
  return text.starts_with(multibase_rows[base_count - 1].prefix) ? base_count - 1 : base_count;
}

template <unsigned Bits>
inline void append_bits(base_shape const& shape, bytes_view in, std::string& out) {
  auto const start = out.size();
  auto const size = bits_encoded_size(Bits, in.size());
  constexpr auto group = bit_group<Bits>::padded;
  auto const padded = shape.padding == base_padding::required ? (size + group - 1) / group * group : size;
  out.resize(start + padded, '=');
  encode_bits<Bits>(shape.alphabet.data(), in, out.data() + start);
}

inline void append_base(std::size_t row, bytes_view in, std::string& out) {
  auto const& shape = base_shapes[row];
  switch (shape.kind) {
    case base_kind::octets: out.append(as_text(in).data(), in.size()); break;
    case base_kind::bits1: append_bits<1>(shape, in, out); break;
    case base_kind::bits3: append_bits<3>(shape, in, out); break;
    case base_kind::bits4: append_bits<4>(shape, in, out); break;
    case base_kind::bits5: append_bits<5>(shape, in, out); break;
    case base_kind::bits6: append_bits<6>(shape, in, out); break;
    case base_kind::number10: encode_number<10>(shape.alphabet.data(), in, out); break;
    case base_kind::number36: encode_number<36>(shape.alphabet.data(), in, out); break;
    case base_kind::number58: encode_number<58>(shape.alphabet.data(), in, out); break;
    case base_kind::base45: out += encode_base45(shape.alphabet.data(), in); break;
    case base_kind::emoji: out += encode_emoji(in); break;
  }
}

template <unsigned Bits>
inline auto decode_bits_of(std::size_t row, std::string_view text) -> result<bytes, multibase_errc> {
  if (base_shapes[row].padding == base_padding::required) {
    auto const kept = unpadded_size(text, bit_group<Bits>::padded);
    if (kept == text.npos) return std::unexpected(multibase_errc::bad_padding);
    text = text.substr(0, kept);
  } else if (!text.empty() && text.back() == '=') {
    return std::unexpected(multibase_errc::bad_padding);
  }
  base64_quads const* quads = nullptr;
  if constexpr (Bits == 6) {
    static auto const rfc = base64_quads{values_rfc64}, url = base64_quads{values_url64};
    quads = &base_shapes[row].values == &values_url64 ? &url : &rfc;
  }
  return decode_bits<Bits>(base_shapes[row].values, text, quads);
}

inline auto decode_octets(std::string_view text) -> bytes {
  auto out = bytes{};
  append(out, as_bytes(text));
  return out;
}

inline auto decode_row(std::size_t row, std::string_view text, std::size_t max_positional) -> result<bytes, multibase_errc> {
  auto const& shape = base_shapes[row];
  auto const& values = shape.values;
  auto const is_number = shape.kind == base_kind::number10 || shape.kind == base_kind::number36 || shape.kind == base_kind::number58;
  if (is_number && text.size() > max_positional) return std::unexpected(multibase_errc::too_long);
  switch (shape.kind) {
    case base_kind::octets: return decode_octets(text);
    case base_kind::bits1: return decode_bits_of<1>(row, text);
    case base_kind::bits3: return decode_bits_of<3>(row, text);
    case base_kind::bits4: return decode_bits_of<4>(row, text);
    case base_kind::bits5: return decode_bits_of<5>(row, text);
    case base_kind::bits6: return decode_bits_of<6>(row, text);
    case base_kind::number10: return decode_number<10>(values, shape.alphabet[0], text);
    case base_kind::number36: return decode_number<36>(values, shape.alphabet[0], text);
    case base_kind::number58: return decode_number<58>(values, shape.alphabet[0], text);
    case base_kind::base45: return decode_base45(values, text);
    case base_kind::emoji: return decode_emoji(text);
  }
  return std::unexpected(multibase_errc::unknown_prefix);
}

// decode_multibase without the pair, which is dear to compile
inline auto decode_prefixed(std::string_view text, multibase& base, std::size_t max_positional) -> result<bytes, multibase_errc> {
  if (text.empty()) return std::unexpected(multibase_errc::empty);
  auto const row = base_row_of_prefix(text);
  if (row == base_count) return std::unexpected(multibase_errc::unknown_prefix);
  base = multibase_rows[row].base;
  return decode_row(row, text.substr(multibase_rows[row].prefix.size()), max_positional);
}

}  // namespace detail

CAIRN_DECL auto multibase_table() -> std::array<multibase_row, 25> const& { return detail::multibase_rows; }

CAIRN_DECL auto to_string(multibase base) -> std::string_view {
  auto const row = detail::base_row(base);
  return row == detail::base_count ? std::string_view{} : detail::multibase_rows[row].name;
}

CAIRN_DECL auto parse_multibase_name(std::string_view name) -> std::optional<multibase> {
  for (auto const& row : detail::multibase_rows)
    if (row.name == name) return row.base;
  return std::nullopt;
}

CAIRN_DECL auto read_multibase_prefix(std::string_view text) -> std::optional<multibase> {
  auto const row = detail::base_row_of_prefix(text);
  if (row == detail::base_count) return std::nullopt;
  return detail::multibase_rows[row].base;
}

CAIRN_DECL auto encode_base(multibase base, bytes_view in) -> std::string {
  auto out = std::string{};
  if (auto const row = detail::base_row(base); row != detail::base_count) detail::append_base(row, in, out);
  return out;
}

CAIRN_DECL auto decode_base(multibase base, std::string_view text, std::size_t max_positional) -> result<bytes, multibase_errc> {
  auto const row = detail::base_row(base);
  if (row == detail::base_count) return std::unexpected(multibase_errc::unknown_prefix);
  return detail::decode_row(row, text, max_positional);
}

CAIRN_DECL auto encode_multibase(multibase base, bytes_view in) -> std::string {
  auto out = std::string{};
  auto const row = detail::base_row(base);
  if (row == detail::base_count) return out;
  auto const& shape = detail::base_shapes[row];
  if (shape.kind == detail::base_kind::bits5) out.reserve(1 + (in.size() + 4) / 5 * 8);
  out.append(detail::multibase_rows[row].prefix.data(), detail::multibase_rows[row].prefix.size());
  detail::append_base(row, in, out);
  return out;
}

CAIRN_DECL auto decode_multibase(std::string_view text, std::size_t max_positional) -> result<std::pair<multibase, bytes>, multibase_errc> {
  auto base = multibase{};
  auto octets = detail::decode_prefixed(text, base, max_positional);
  if (!octets) return std::unexpected(octets.error());
  return std::pair{base, *std::move(octets)};
}

}  // namespace cairn
