#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/impl/json_plain.hpp>

#include <bitset>
#include <charconv>
#include <cmath>

namespace cairn::detail {

/// A string token: what stands between the quotes, checked, and whether it has escapes.
struct json_text {
  std::string_view raw;
  bool escaped = false;
};

inline auto json_hex4(std::string_view text) -> std::uint32_t {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + 4, value, 16);
  return value;
}

inline void json_append_utf8(std::string& out, std::uint32_t c) {
  auto const put = [&](std::uint32_t b) { out += static_cast<char>(b); };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xc0 | c >> 6), put(0x80 | (c & 0x3f));
  if (c < 0x10000) return put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
  put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 0x3f)), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
}

/// The octets that a checked token means.
inline auto json_unescape(json_text text) -> std::string {
  if (!text.escaped) return std::string{text.raw};
  auto out = std::string{};
  out.reserve(text.raw.size());
  for (std::size_t i = 0; i < text.raw.size(); ++i) {
    if (text.raw[i] != '\\') {
      out += text.raw[i];
      continue;
    }
    switch (auto const c = text.raw[++i]) {
      case 'b': out += '\b'; break;
      case 'f': out += '\f'; break;
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case 'u': {
        auto point = json_hex4(text.raw.substr(i + 1));
        i += 4;
        if (point >= 0xd800 && point < 0xdc00) {
          point = 0x10000 + ((point - 0xd800) << 10) + (json_hex4(text.raw.substr(i + 3)) - 0xdc00);
          i += 6;
        }
        json_append_utf8(out, point);
        break;
      }
      default: out += c;
    }
  }
  return out;
}

/// Walks over JSON once and tells a handler what it meets:
///   open(is_map) · close(is_map) · key(json_text) · text(json_text) · number(string_view) · word(optional<bool>)
/// each -> result<void, dag_json_errc>. Nesting is counted, not recursive.
template <class Handler>
class json_reader {
public:
  json_reader(bytes_view in, Handler& handler) : in_{as_text(in)}, to_{handler} {}

  auto run() -> result<void, dag_json_errc> {
    for (;;) {
      CAIRN_TRY(auto const opened, value());
      if (opened) continue;
      CAIRN_TRY(auto const more, after_value());
      if (!more) break;
    }
    skip_space();
    if (at_ != in_.size()) return std::unexpected(dag_json_errc::trailing_bytes);
    return {};
  }

private:
  void skip_space() {
    while (at_ < in_.size() && (in_[at_] == ' ' || in_[at_] == '\n' || in_[at_] == '\t' || in_[at_] == '\r')) ++at_;
  }

  /// The next character that is no space, not taken yet.
  auto peek() -> result<char, dag_json_errc> {
    skip_space();
    if (at_ == in_.size()) return std::unexpected(dag_json_errc::truncated);
    return in_[at_];
  }

  /// One value, or the beginning of one: true where an entry or item has to follow.
  auto value() -> result<bool, dag_json_errc> {
    CAIRN_TRY(auto const c, peek());
    switch (c) {
      case '{':
      case '[': return open(c == '{');
      case '"': {
        CAIRN_TRY(auto const t, string());
        CAIRN_TRY(to_.text(t));
        return false;
      }
      case 't': return word("true", true);
      case 'f': return word("false", false);
      case 'n': return word("null", std::nullopt);
      default: {
        CAIRN_TRY(auto const n, number());
        CAIRN_TRY(to_.number(n));
        return false;
      }
    }
  }

  auto open(bool is_map) -> result<bool, dag_json_errc> {
    if (depth_ >= limits::depth) return std::unexpected(dag_json_errc::too_deep);
    ++at_;
    CAIRN_TRY(to_.open(is_map));
    maps_[depth_++] = is_map;
    CAIRN_TRY(auto const c, peek());
    if (c == (is_map ? '}' : ']')) {
      CAIRN_TRY(close());
      return false;
    }
    if (is_map) CAIRN_TRY(key());
    return true;
  }

  auto close() -> result<void, dag_json_errc> {
    ++at_;
    return to_.close(maps_[--depth_]);
  }

  /// Close what ends here; whether another value follows.
  auto after_value() -> result<bool, dag_json_errc> {
    while (depth_ > 0) {
      auto const is_map = maps_[depth_ - 1];
      CAIRN_TRY(auto const c, peek());
      if (c == ',') {
        ++at_;
        if (is_map) CAIRN_TRY(key());
        return true;
      }
      if (c != (is_map ? '}' : ']')) return std::unexpected(dag_json_errc::syntax);
      CAIRN_TRY(close());
    }
    return false;
  }

  auto key() -> result<void, dag_json_errc> {
    CAIRN_TRY(auto const c, peek());
    if (c != '"') return std::unexpected(dag_json_errc::syntax);
    CAIRN_TRY(auto const t, string());
    CAIRN_TRY(auto const colon, peek());
    if (colon != ':') return std::unexpected(dag_json_errc::syntax);
    ++at_;
    return to_.key(t);
  }

  auto word(std::string_view text, std::optional<bool> meaning) -> result<bool, dag_json_errc> {
    auto const have = in_.substr(at_, text.size());
    if (have != text) return std::unexpected(text.starts_with(have) ? dag_json_errc::truncated : dag_json_errc::syntax);
    at_ += text.size();
    CAIRN_TRY(to_.word(meaning));
    return false;
  }

  auto string() -> result<json_text, dag_json_errc> {
    auto const begin = ++at_;
    auto escaped = false, ascii = true;
    for (;; ++at_) {
      at_ += json_plain_size(in_.substr(at_));
      if (at_ == in_.size()) return std::unexpected(dag_json_errc::truncated);
      auto const c = static_cast<unsigned char>(in_[at_]);
      if (c == '"') break;
      if (c < 0x20) return std::unexpected(dag_json_errc::bad_string);
      if (c >= 0x80) ascii = false;
      if (c != '\\') continue;
      escaped = true;
      CAIRN_TRY(escape());
    }
    auto const raw = in_.substr(begin, at_++ - begin);
    if (!ascii && !is_utf8(as_bytes(raw))) return std::unexpected(dag_json_errc::bad_utf8);
    return json_text{raw, escaped};
  }

  /// From a backslash to the last character of its escape.
  auto escape() -> result<void, dag_json_errc> {
    if (++at_ == in_.size()) return std::unexpected(dag_json_errc::truncated);
    if (std::string_view{"\"\\/bfnrt"}.find(in_[at_]) != std::string_view::npos) return {};
    if (in_[at_] != 'u') return std::unexpected(dag_json_errc::bad_string);
    CAIRN_TRY(auto const first, hex4());
    if (first < 0xd800 || first > 0xdfff) return {};
    if (first >= 0xdc00 || in_.substr(at_ + 1, 2) != "\\u") return std::unexpected(dag_json_errc::bad_utf8);
    at_ += 2;
    CAIRN_TRY(auto const second, hex4());
    if (second < 0xdc00 || second > 0xdfff) return std::unexpected(dag_json_errc::bad_utf8);
    return {};
  }

  /// From the u to the last of four digits.
  auto hex4() -> result<std::uint32_t, dag_json_errc> {
    auto const digits = in_.substr(at_ + 1, 4);
    for (auto c : digits)
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
        return std::unexpected(dag_json_errc::bad_string);
    if (digits.size() < 4) return std::unexpected(dag_json_errc::truncated);
    at_ += 4;
    return json_hex4(digits);
  }

  auto number() -> result<std::string_view, dag_json_errc> {
    auto const begin = at_;
    auto const digits = [&] {
      auto const from = at_;
      while (at_ < in_.size() && in_[at_] >= '0' && in_[at_] <= '9') ++at_;
      return at_ - from;
    };
    auto const at_char = [&](std::string_view any) { return at_ < in_.size() && any.find(in_[at_]) != std::string_view::npos; };
    auto const fail = [&] { return std::unexpected(at_ == in_.size() ? dag_json_errc::truncated : dag_json_errc::bad_number); };
    if (at_char("-"))
      ++at_;
    else if (!at_char("0123456789"))
      return std::unexpected(dag_json_errc::syntax);
    auto const zero = at_char("0");
    auto const whole = digits();
    if (whole == 0) return fail();
    if (zero && whole > 1) return std::unexpected(dag_json_errc::bad_number);
    if (at_char(".")) {
      ++at_;
      if (digits() == 0) return fail();
    }
    if (at_char("eE")) {
      ++at_;
      if (at_char("+-")) ++at_;
      if (digits() == 0) return fail();
    }
    return in_.substr(begin, at_ - begin);
  }

  std::string_view in_;
  Handler& to_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::bitset<limits::depth> maps_;
};

}  // namespace cairn::detail
