#pragma once

#include <cairn/core/text.hpp>
#include <cairn/service/go_text.hpp>

#include <algorithm>
#include <cstdio>

namespace cairn::service {
namespace detail {

struct text_rune {
  std::uint32_t value;
  std::size_t size;
  bool broken;
};

inline auto read_rune(std::string_view in) -> text_rune {
  auto const at = [&](std::size_t i) { return static_cast<unsigned char>(in[i]); };
  auto const lead = at(0);
  if (lead < 0x80) return {lead, 1, false};
  auto const size = lead >= 0xf0 ? 4uz : lead >= 0xe0 ? 3uz : 2uz;
  if (lead < 0xc2 || lead > 0xf4 || in.size() < size) return {0xfffd, 1, true};
  std::uint32_t value = lead & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xc0) != 0x80) return {0xfffd, 1, true};
    value = value << 6 | (at(i) & 0x3fu);
  }
  constexpr std::uint32_t smallest[]{0, 0, 0x80, 0x800, 0x10000};
  if (value < smallest[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return {0xfffd, 1, true};
  return {value, size, false};
}

// What has no glyph of its own: controls, blanks other than U+0020, format marks, surrogates, private use, noncharacters.
inline auto has_no_glyph(std::uint32_t c) -> bool {
  return c < 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0xad || c == 0x034f || (c >= 0x0600 && c <= 0x0605) || c == 0x061c ||
         c == 0x06dd || c == 0x070f || c == 0x1680 || c == 0x180e || (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) ||
         (c >= 0x205f && c <= 0x206f) || c == 0x3000 || (c >= 0xe000 && c <= 0xf8ff) || c == 0xfeff ||
         (c >= 0xfff0 && c <= 0xfffb) || (c & 0xfffe) == 0xfffe || c >= 0xe0000;
}

inline void append_go_escaped(std::string& out, std::string_view text, bool escape_quotes) {
  char escape[16];
  while (!text.empty()) {
    auto const r = read_rune(text);
    if (r.broken) {
      std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned char>(text[0]));
      out += escape;
    } else if (r.value == '\\' || (r.value == '"' && escape_quotes)) {
      out += '\\';
      out += text[0];
    } else if (!has_no_glyph(r.value)) {
      out += text.substr(0, r.size);
    } else {
      switch (r.value) {
        case '\a': out += "\\a"; break;
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        case '\v': out += "\\v"; break;
        default:
          std::snprintf(escape, sizeof escape, r.value < 0x80 ? "\\x%02x" : r.value < 0x10000 ? "\\u%04x" : "\\U%08x", r.value);
          out += escape;
      }
    }
    text.remove_prefix(r.size);
  }
}

}  // namespace detail

CAIRN_DECL auto go_quoted(std::string_view text) -> std::string {
  auto out = std::string{"\""};
  detail::append_go_escaped(out, text, true);
  return out += '"';
}

CAIRN_DECL auto escaped_name(std::string_view text) -> std::string {
  auto out = std::string{};
  detail::append_go_escaped(out, text, false);
  return out;
}

CAIRN_DECL auto parse_go_unsigned(std::string_view text) -> std::optional<std::uint64_t> {
  auto base = 10u;
  if (text.size() > 1 && text[0] == '0') {
    auto const kind = text[1] | 0x20;
    base = kind == 'x' ? 16 : kind == 'b' ? 2 : 8;
    text.remove_prefix(kind == 'x' || kind == 'b' || kind == 'o' ? 2 : 1);
    if (text.starts_with('_')) text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  auto digit_before = false;
  for (auto c : text) {
    if (c == '_') {
      if (!digit_before) return std::nullopt;
      digit_before = false;
      continue;
    }
    auto const lower = c | 0x20;
    auto const digit = c >= '0' && c <= '9' ? static_cast<unsigned>(c - '0') : lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a') + 10 : 99u;
    if (digit >= base || value > (UINT64_MAX - digit) / base) return std::nullopt;
    value = value * base + digit;
    digit_before = true;
  }
  if (!digit_before) return std::nullopt;
  return value;
}

CAIRN_DECL auto parse_go_integer(std::string_view text) -> std::optional<std::int64_t> {
  auto const negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  auto const value = parse_go_unsigned(text);
  if (!value || *value > static_cast<std::uint64_t>(INT64_MAX) + (negative ? 1 : 0)) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - *value : *value);
}

CAIRN_DECL auto parse_duration(std::string_view text) -> io_result<std::int64_t> {
  auto const bad = [whole = text](std::string_view why) {
    return std::unexpected(error::message("duration", "time: " + std::string{why} + " " + go_quoted(whole)));
  };
  auto const bad_unit = [whole = text](std::string_view unit) {
    return std::unexpected(error::message("duration", "time: unknown unit " + go_quoted(unit) + " in duration " + go_quoted(whole)));
  };
  auto rest = text;
  auto const negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return 0;
  if (rest.empty()) return bad("invalid duration");
  struct unit {
    std::string_view name;
    std::uint64_t nanoseconds;
  };
  constexpr unit units[]{{"ns", 1}, {"us", 1'000}, {"\xc2\xb5s", 1'000}, {"\xce\xbcs", 1'000}, {"ms", 1'000'000},
                         {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000}};
  auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::uint64_t total = 0;
  while (!rest.empty()) {
    if (!is_digit(rest[0]) && rest[0] != '.') return bad("invalid duration");
    std::uint64_t whole = 0, fraction = 0, scale = 1;
    auto digits = 0uz;
    for (; !rest.empty() && is_digit(rest[0]); rest.remove_prefix(1), ++digits) {
      if (whole > (1ull << 63) / 10) return bad("invalid duration");
      whole = whole * 10 + static_cast<unsigned>(rest[0] - '0');
    }
    if (rest.starts_with('.'))
      for (rest.remove_prefix(1); !rest.empty() && is_digit(rest[0]); rest.remove_prefix(1), ++digits)
        if (scale < 1'000'000'000'000) {
          fraction = fraction * 10 + static_cast<unsigned>(rest[0] - '0');
          scale *= 10;
        }
    if (digits == 0) return bad("invalid duration");
    auto end = 0uz;
    while (end < rest.size() && rest[end] != '.' && !is_digit(rest[end])) ++end;
    if (end == 0) return bad("missing unit in duration");
    auto const name = rest.substr(0, end);
    rest.remove_prefix(end);
    std::uint64_t each = 0;
    for (auto const& u : units)
      if (u.name == name) each = u.nanoseconds;
    if (each == 0) return bad_unit(name);
    if (whole > (1ull << 63) / each) return bad("invalid duration");
    auto const part = whole * each + static_cast<std::uint64_t>(static_cast<double>(fraction) * (static_cast<double>(each) / static_cast<double>(scale)));
    if (part > (1ull << 63) || total + part > (1ull << 63)) return bad("invalid duration");
    total += part;
  }
  if (!negative && total > static_cast<std::uint64_t>(INT64_MAX)) return bad("invalid duration");
  return static_cast<std::int64_t>(negative ? 0 - total : total);
}

CAIRN_DECL auto duration_text(std::int64_t nanoseconds) -> std::string {
  auto left = nanoseconds < 0 ? 0 - static_cast<std::uint64_t>(nanoseconds) : static_cast<std::uint64_t>(nanoseconds);
  auto const scaled = [](std::uint64_t value, std::uint64_t unit) {
    auto out = std::to_string(value / unit);
    if (value % unit == 0) return out;
    auto fraction = std::to_string(unit + value % unit).substr(1);
    while (fraction.ends_with('0')) fraction.pop_back();
    return out + "." + fraction;
  };
  auto out = std::string{nanoseconds < 0 ? "-" : ""};
  if (left == 0) return "0s";
  if (left < 1'000) return out + std::to_string(left) + "ns";
  if (left < 1'000'000) return out + scaled(left, 1'000) + "\xc2\xb5s";
  if (left < 1'000'000'000) return out + scaled(left, 1'000'000) + "ms";
  constexpr auto minute = 60'000'000'000ull;
  if (left >= 60 * minute) out += std::to_string(left / (60 * minute)) + "h";
  if (left >= minute) out += std::to_string(left / minute % 60) + "m";
  return out + scaled(left % minute, 1'000'000'000) + "s";
}

CAIRN_DECL auto hex_dump(bytes_view in) -> std::string {
  auto out = std::string{};
  char text[16];
  for (std::size_t at = 0; at < in.size(); at += 16) {
    std::snprintf(text, sizeof text, "%08zx ", at);
    out += text;
    auto const row = in.subspan(at, std::min<std::size_t>(16, in.size() - at));
    for (std::size_t i = 0; i < 16; ++i) {
      if (i == 8) out += ' ';
      if (i < row.size()) std::snprintf(text, sizeof text, " %02x", row[i]);
      out += i < row.size() ? text : "   ";
    }
    out += "  |";
    for (auto b : row) out += b >= 0x20 && b < 0x7f ? static_cast<char>(b) : '.';
    out += "|\n";
  }
  return out;
}

CAIRN_DECL auto human_size(std::uint64_t size) -> std::string {
  constexpr char const* units[]{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  if (size < 10) return std::to_string(size) + " B";
  auto value = static_cast<double>(size);
  auto step = 0uz;
  while (value >= 1000 && step < 6) {
    value /= 1000;
    ++step;
  }
  value = static_cast<double>(static_cast<std::uint64_t>(value * 10 + 0.5)) / 10;
  char text[32];
  std::snprintf(text, sizeof text, value < 10 ? "%.1f %s" : "%.0f %s", value, units[step]);
  return text;
}

}  // namespace cairn::service
