#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/impl/json_plain.hpp>
#include <cairn/ipld/impl/staged_bytes.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace cairn::detail {

struct json_rules {
  bool reserved = true;  ///< links, bytes and the key "/" of dag-json
  bool lax = false;
  bool sort = true;
  bool indent = false;
  dag_json_style style{};
};

/// Shortest digits that read back as the same float; 1e21 and above and below 1e-6 with an exponent, as ECMAScript does.
inline void json_append_double(staged_bytes& out, double value, bool keep_point) {
  char text[32];
  auto const end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  auto in = std::string_view{text, static_cast<std::size_t>(end - text)};
  auto const put = [&](std::string_view s) { out.put(s); };
  auto const absolute = std::fabs(value);
  if (absolute != 0 && (absolute < 1e-6 || absolute >= 1e21)) {
    auto const e = in.find('e');
    auto exponent = in.substr(e + 2);
    if (in[e + 1] == '-' && exponent.starts_with('0')) exponent.remove_prefix(1);  // 1e-07 is written 1e-7
    put(in.substr(0, e + 2));
    put(exponent);
    return;
  }
  if (in.starts_with('-')) {
    put("-");
    in.remove_prefix(1);
  }
  auto const e = in.find('e');
  auto exponent = 0;
  std::from_chars(in.data() + e + (in[e + 1] == '+' ? 2 : 1), end, exponent);
  auto digits = std::string{in.substr(0, 1)};
  if (e > 1) digits += in.substr(2, e - 2);
  if (exponent < 0) {
    put("0.");
    put(std::string(static_cast<std::size_t>(-1 - exponent), '0'));
    put(digits);
    return;
  }
  auto const whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) {
    put(digits);
    put(std::string(whole - digits.size(), '0'));
    if (keep_point) put(".0");
  } else {
    put(std::string_view{digits}.substr(0, whole));
    put(".");
    put(std::string_view{digits}.substr(whole));
  }
}

/// Octets of the character, not ASCII, at the front; 0 where it is not well-formed.
inline auto json_utf8_size(std::string_view s) -> std::size_t {
  auto const first = static_cast<unsigned char>(s[0]);
  auto const size = first >= 0xf0 ? 4uz : first >= 0xe0 ? 3uz : 2uz;
  return s.size() >= size && is_utf8(as_bytes(s.substr(0, size))) ? size : 0;
}

/// Writes a node, or a document, value by value.
class json_writer {
public:
  json_writer(bytes& out, json_rules rules) : target_{out}, out_{out}, rules_{rules} {}

  auto run(ipld::node const& n) -> result<void, dag_json_errc> { return run(n, n); }
  auto run(ipld::document const& d) -> result<void, dag_json_errc> { return run(d, d.root()); }

private:
  /// `whole` is or has the value, and knows how long it is.
  template <class Whole, class Value>
  auto run(Whole const& whole, Value const& value) -> result<void, dag_json_errc> {
    auto const before = target_.size();
    reserve_for(target_, whole, 4, 3);  // as base64 is
    auto done = put(value, 0);
    if (!done) {
      target_.resize(before);
      return done;
    }
    if (rules_.indent && (value.kind() == ipld::kind::list || value.kind() == ipld::kind::map)) text("\n");
    out_.flush();
    return {};
  }

  static auto items_of(ipld::node const& n) -> ipld::list const& { return *n.as_list(); }
  static auto items_of(ipld::view v) { return v.items(); }
  static auto entries_of(ipld::node const& n) -> ipld::map const& { return *n.as_map(); }
  static auto entries_of(ipld::view v) { return v.entries(); }
  static auto size_of(ipld::node const& map) -> std::size_t { return map.as_map()->size(); }
  static auto size_of(ipld::view map) -> std::size_t { return map.size(); }

  void text(std::string_view s) { out_.put(s); }

  template <class Value>
  auto put(Value const& n, std::size_t depth) -> result<void, dag_json_errc> {
    switch (n.kind()) {
      case ipld::kind::null: text("null"); return {};
      case ipld::kind::boolean: text(*n.as_boolean() ? "true" : "false"); return {};
      case ipld::kind::integer: integer(*n.as_integer()); return {};
      case ipld::kind::floating:
        if (!std::isfinite(*n.as_double())) return std::unexpected(dag_json_errc::not_finite);
        json_append_double(out_, *n.as_double(), rules_.style.keep_point);
        return {};
      case ipld::kind::string: return string(*n.as_string());
      case ipld::kind::bytes:
        if (!rules_.reserved) return std::unexpected(dag_json_errc::no_bytes);
        text("{\"/\":{\"bytes\":\"");
        text(encode_base(multibase::base64, *n.as_bytes()));
        text("\"}}");
        return {};
      case ipld::kind::link:
        if (!rules_.reserved) return std::unexpected(dag_json_errc::no_links);
        text("{\"/\":\"");
        text(to_string(*n.as_link()));
        text("\"}");
        return {};
      case ipld::kind::list: return list(n, depth);
      case ipld::kind::map: return map(n, depth);
    }
    return {};
  }

  void line(std::size_t depth) {
    if (!rules_.indent) return;
    text("\n");
    for (; depth != 0; --depth) out_.put(byte{'\t'});
  }

  void integer(ipld::integer const& i) {
    if (i.is_negative()) return text(to_string(i));
    auto* const to = reinterpret_cast<char*>(out_.room(20));
    out_.took(static_cast<std::size_t>(std::to_chars(to, to + 20, i.rank()).ptr - to));
  }

  template <class Value>
  auto list(Value const& n, std::size_t depth) -> result<void, dag_json_errc> {
    if (depth >= limits::depth) return std::unexpected(dag_json_errc::too_deep);
    text("[");
    auto first = true;
    for (auto const& item : items_of(n)) {
      if (!std::exchange(first, false)) text(",");
      line(depth + 1);
      CAIRN_TRY(put(item, depth + 1));
    }
    if (!first) line(depth);
    text("]");
    return {};
  }

  template <class Value>
  auto map(Value const& n, std::size_t depth) -> result<void, dag_json_errc> {
    if (depth >= limits::depth) return std::unexpected(dag_json_errc::too_deep);
    auto const& entries = entries_of(n);
    auto const keys = look_at_keys(n);
    if (rules_.reserved && keys.slash) CAIRN_TRY(check_reserved(n));
    text("{");
    auto first = true;
    auto const entry = [&](auto const& e) -> result<void, dag_json_errc> {
      if (!std::exchange(first, false)) text(",");
      line(depth + 1);
      CAIRN_TRY(string(e.key));
      text(rules_.indent ? ": " : ":");
      return put(e.value, depth + 1);
    };
    if (keys.rise) {
      for (auto const& e : entries) CAIRN_TRY(entry(e));
    } else {
      auto order = std::vector<decltype(entries.begin())>{};
      order.reserve(size_of(n));
      for (auto at = entries.begin(); at != entries.end(); ++at) order.push_back(at);
      auto sorted = order;
      std::sort(sorted.begin(), sorted.end(), [](auto a, auto b) { return (*a).key < (*b).key; });
      auto const same = [](auto a, auto b) { return (*a).key == (*b).key; };
      if (std::adjacent_find(sorted.begin(), sorted.end(), same) != sorted.end()) return std::unexpected(dag_json_errc::duplicate_key);
      for (auto at : rules_.sort ? sorted : order) CAIRN_TRY(entry(*at));
    }
    if (!first) line(depth);
    text("}");
    return {};
  }

  struct key_facts {
    bool rise = true;    // each behind the one before it
    bool slash = false;  // "/" is one of them
  };
  template <class Value>
  static auto look_at_keys(Value const& n) -> key_facts {
    auto facts = key_facts{};
    if constexpr (std::is_same_v<Value, ipld::view>)
      if (n.cells()[0].kind_of & document_cell::json_order) return facts;
    auto last = std::string_view{};
    auto first = true;
    for (auto const& e : entries_of(n)) {
      auto const key = std::string_view{e.key};
      if (!std::exchange(first, false) && !(last < key)) facts.rise = false;
      if (key == "/") facts.slash = true;
      last = key;
    }
    return facts;
  }

  /// What dag-json would read back as something else.
  template <class Value>
  auto check_reserved(Value const& n) const -> result<void, dag_json_errc> {
    if (rules_.lax && size_of(n) > 1) return {};
    auto const slash = n.find("/");
    auto const text = slash->find("bytes");
    auto const like_bytes = text && text->as_string() && !(rules_.lax && size_of(*slash) > 1);
    if (slash->as_string() || like_bytes) return std::unexpected(dag_json_errc::reserved_key);
    return {};
  }

  auto string(std::string_view s) -> result<void, dag_json_errc> {
    constexpr auto hex = "0123456789abcdef";
    out_.put(byte{'"'});
    std::size_t plain = 0;  // where what needs no escape begins
    auto const flush = [&](std::size_t to) { text(s.substr(plain, to - plain)); };
    for (std::size_t i = 0; i < s.size();) {
      i += json_plain_size(s.substr(i));
      if (i == s.size()) break;
      auto const c = static_cast<unsigned char>(s[i]);
      if (c < 0x80) {
        flush(i);
        char const pair[]{'\\', c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : static_cast<char>(c)};
        char const code[]{'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        if (c < 0x20 && pair[1] == static_cast<char>(c))
          text({code, 6});
        else
          text({pair, 2});
        plain = ++i;
        continue;
      }
      auto const size = json_utf8_size(s.substr(i));
      auto const character = s.substr(i, size);
      if (size == 0) {
        if (!rules_.style.replace_utf8) return std::unexpected(dag_json_errc::bad_utf8);
        flush(i);
        text("\\ufffd");
        plain = ++i;
      } else if (character == "\u2028" || character == "\u2029") {
        flush(i);
        text(character == "\u2028" ? "\\u2028" : "\\u2029");
        plain = i += size;
      } else {
        i += size;
      }
    }
    flush(s.size());
    out_.put(byte{'"'});
    return {};
  }

  bytes& target_;
  staged_bytes out_;
  json_rules rules_;
};

}  // namespace cairn::detail
