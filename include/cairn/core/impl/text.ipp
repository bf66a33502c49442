#pragma once

#include <cstring>
#include <cairn/core/text.hpp>

namespace cairn {
namespace detail {

struct code_point {
  std::uint32_t value = 0;
  std::size_t size = 0;  // 0: not well-formed
};

inline auto read_code_point(bytes_view in) -> code_point {
  auto const b = in[0];
  if (b < 0x80) return {b, 1};
  auto const size = b >= 0xf0 ? 4uz : b >= 0xe0 ? 3uz : 2uz;
  if (b < 0xc2 || b > 0xf4 || in.size() < size) return {};
  std::uint32_t value = b & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((in[i] & 0xc0) != 0x80) return {};
    value = value << 6 | (in[i] & 0x3fu);
  }
  constexpr std::uint32_t smallest[]{0, 0, 0x80, 0x800, 0x10000};
  if (value < smallest[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return {};
  return {value, size};
}

// C0, DEL, C1; bidi embeddings, overrides and isolates; line and paragraph separators; zero-width marks that reorder.
inline auto is_unsafe(std::uint32_t c) -> bool {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

}  // namespace detail

CAIRN_DECL auto to_hex(bytes_view in) -> std::string {
  constexpr auto digits = "0123456789abcdef";
  auto out = std::string(in.size() * 2, '0');
  for (std::size_t i = 0; i < in.size(); ++i) {
    out[2 * i] = digits[in[i] >> 4];
    out[2 * i + 1] = digits[in[i] & 15];
  }
  return out;
}

CAIRN_DECL auto from_hex(std::string_view text) -> std::optional<bytes> {
  if (text.size() % 2 != 0) return std::nullopt;
  auto const digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  auto out = bytes(text.size() / 2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto const high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out[i] = static_cast<byte>(high << 4 | low);
  }
  return out;
}

CAIRN_DECL auto is_utf8(bytes_view in) -> bool {
  while (!in.empty()) {
    // eight octets of ASCII at once
    std::uint64_t word = 0x8080808080808080;
    if (in.size() >= 8) std::memcpy(&word, in.data(), 8);
    if ((word & 0x8080808080808080) == 0) {
      in = in.subspan(8);
      continue;
    }
    if (in.size() < 8) {
      auto all = byte{0};
      for (auto const b : in) all |= b;
      if (all < 0x80) return true;
    }
    auto const c = detail::read_code_point(in);
    if (c.size == 0) return false;
    in = in.subspan(c.size);
  }
  return true;
}

CAIRN_DECL auto printable(std::string_view text) -> std::string {
  auto out = std::string{};
  auto in = as_bytes(text);
  while (!in.empty()) {
    auto const c = detail::read_code_point(in);
    if (c.size == 0 || (c.size == 1 && detail::is_unsafe(c.value))) {
      out += "\\x" + to_hex(in.first(1));
      in = in.subspan(1);
    } else if (detail::is_unsafe(c.value)) {
      byte const two[]{static_cast<byte>(c.value >> 8), static_cast<byte>(c.value)};
      out += "\\u" + to_hex(two);
      in = in.subspan(c.size);
    } else {
      out += as_text(in.first(c.size));
      in = in.subspan(c.size);
    }
  }
  return out;
}

}  // namespace cairn
