#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/bytes.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn {

/// Lower-case hexadecimal digits.
CAIRN_DECL auto to_hex(bytes_view in) -> std::string;

/// Hexadecimal of either case; nothing on an odd length or a foreign character.
CAIRN_DECL auto from_hex(std::string_view text) -> std::optional<bytes>;

/// A whole decimal number, no sign, no space; nothing on overflow.
constexpr auto parse_decimal(std::string_view text) -> std::optional<std::uint64_t> {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (auto c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    auto const digit = static_cast<std::uint64_t>(c - '0');
    if (value > (UINT64_MAX - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

/// Whether the octets are well-formed UTF-8 (RFC 3629: no surrogates, nothing above U+10FFFF, shortest form).
CAIRN_DECL auto is_utf8(bytes_view in) -> bool;

/// Text that is safe on a terminal: control characters, bidi marks and broken UTF-8 become `\x1b`, `\u202e` (SEC-42).
CAIRN_DECL auto printable(std::string_view text) -> std::string;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/core/impl/text.ipp>
#endif
