#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/schema/schema.hpp>

#include <algorithm>
#include <array>

namespace cairn::ipld {
namespace detail {

/// Reads the schema language token by token; every error names its line.
class schema_text_reader {
public:
  explicit schema_text_reader(std::string_view text) : rest_{text} {}

  auto document() -> io_result<node> {
    if (rest_.size() > limits::schema_text) return std::unexpected(error{schema_errc::too_large}.about("the text"));
    auto types = map{}, advanced = map{};
    CAIRN_TRY(advance());
    while (token_.what != kind::end) {
      auto const layout = is("advanced");
      if (!layout && !is("type")) return fail("type");
      CAIRN_TRY(advance());
      CAIRN_TRY(auto const name, word());
      auto& into = layout ? advanced : types;
      if (layout) {
        into.append(name, map{});
      } else {
        CAIRN_TRY(auto defined, definition());
        into.append(name, std::move(defined));
      }
      names_.push_back((layout ? "advanced " : "") + name);
    }
    std::sort(names_.begin(), names_.end());
    if (auto const twice = std::adjacent_find(names_.begin(), names_.end()); twice != names_.end())
      return std::unexpected(error{schema_errc::duplicate}.about(*twice));
    auto out = map{{"types", std::move(types)}};
    if (!advanced.empty()) out.append("advanced", std::move(advanced));
    return node{std::move(out)};
  }

private:
  enum class kind : byte { end, word, quoted, sign };
  struct token {
    kind what = kind::end;
    std::string text;
    std::size_t line = 1;
  };

  auto fail(std::string_view wanted) const -> std::unexpected<error> {
    auto const found = token_.what == kind::end ? std::string{"the end"} : '"' + printable(token_.text) + '"';
    return std::unexpected(
        error{schema_errc::bad_syntax}.about("line " + std::to_string(token_.line) + ": expected " + std::string{wanted} + ", found " + found));
  }

  static auto is_word(char c) -> bool {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '+';
  }

  auto advance() -> io_result<void> {
    for (;;) {
      while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\r' || rest_.front() == '\n')) {
        line_ += rest_.front() == '\n';
        rest_.remove_prefix(1);
      }
      if (!rest_.starts_with('#')) break;
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    }
    token_ = {kind::end, {}, line_};
    if (rest_.empty()) return {};
    if (rest_.front() == '"') return quoted();
    auto const end = std::find_if_not(rest_.begin(), rest_.end(), is_word);
    auto const size = static_cast<std::size_t>(end - rest_.begin());
    token_.what = size > 0 ? kind::word : kind::sign;
    token_.text = rest_.substr(0, std::max<std::size_t>(size, 1));
    rest_.remove_prefix(token_.text.size());
    return {};
  }

  auto quoted() -> io_result<void> {
    token_.what = kind::quoted;
    rest_.remove_prefix(1);
    while (!rest_.empty() && rest_.front() != '"' && rest_.front() != '\n') {
      if (rest_.front() == '\\' && rest_.size() > 1) {
        auto const escaped = rest_[1];
        token_.text += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
        rest_.remove_prefix(2);
      } else {
        token_.text += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    if (!rest_.starts_with('"')) return fail("a closing quote");
    rest_.remove_prefix(1);
    return {};
  }

  auto is(std::string_view text) const -> bool { return (token_.what == kind::word || token_.what == kind::sign) && token_.text == text; }
  /// Whether the token was there; it is passed then.
  auto accept(std::string_view text) -> io_result<bool> {
    if (!is(text)) return false;
    CAIRN_TRY(advance());
    return true;
  }
  auto expect(std::string_view text) -> io_result<void> {
    if (!is(text)) return fail('"' + std::string{text} + '"');
    return advance();
  }
  auto word() -> io_result<std::string> {
    if (token_.what != kind::word) return fail("a name");
    auto text = std::move(token_.text);
    CAIRN_TRY(advance());
    return text;
  }
  auto text() -> io_result<std::string> {
    if (token_.what != kind::quoted) return fail("a text in quotes");
    auto text = std::move(token_.text);
    CAIRN_TRY(advance());
    return text;
  }

  auto bounded(std::size_t parts) const -> io_result<void> {
    if (parts < limits::schema_fields) return {};
    return std::unexpected(error{schema_errc::too_large}.about("line " + std::to_string(token_.line)));
  }

  static auto scalar_kind(std::string_view name) -> bool {
    constexpr std::array<std::string_view, 6> names{"bool", "string", "bytes", "int", "float", "any"};
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  auto definition() -> io_result<node> {
    CAIRN_TRY(auto const copy, accept("="));
    if (copy) {
      CAIRN_TRY(auto from, word());
      return node{map{{"copy", map{{"fromType", std::move(from)}}}}};
    }
    if (is("{") || is("[") || is("&")) return with_layout();
    CAIRN_TRY(auto const name, word());
    if (name == "struct") return record();
    if (name == "union") return any_of();
    if (name == "enum") return enumeration();
    if (name == "unit") return unit();
    if ((name == "map" && is("{")) || (name == "list" && is("["))) return with_layout();
    if (name == "link") return node{map{{"link", map{}}}};
    if (!scalar_kind(name)) return std::unexpected(error{schema_errc::bad_syntax}.about("line " + std::to_string(token_.line) + ": \"" + printable(name) + "\" is no kind of type"));
    auto body = map{};
    CAIRN_TRY(auto const represented, accept("representation"));
    if (represented) {
      CAIRN_TRY(auto const how, word());
      if (name != "bytes" || (how != "advanced" && how != "bytes")) return fail("a representation of " + name);
      CAIRN_TRY(auto const r, strategy(how));
      body.append("representation", r);
    }
    return node{map{{name, std::move(body)}}};
  }

  /// A map, list or link as a type of its own, where a representation may follow.
  auto with_layout() -> io_result<node> {
    CAIRN_TRY(auto out, term(0));
    CAIRN_TRY(auto const represented, accept("representation"));
    if (!represented) return out;
    CAIRN_TRY(auto const how, word());
    auto& body = *out.as_map()->begin()->value.as_map();
    if (how == out.as_map()->begin()->key) return out;
    CAIRN_TRY(auto r, strategy(how));
    body.append("representation", std::move(r));
    return out;
  }

  /// A name, or a map, list or link in place.
  auto term(std::size_t depth) -> io_result<node> {
    if (depth > limits::schema_depth) return std::unexpected(error{schema_errc::too_large}.about("line " + std::to_string(token_.line)));
    CAIRN_TRY(auto const link, accept("&"));
    if (link) {
      CAIRN_TRY(auto to, word());
      return node{map{{"link", map{{"expectedType", std::move(to)}}}}};
    }
    CAIRN_TRY(auto const list, accept("["));
    auto body = map{};
    auto const* close = "]";
    if (!list) {
      CAIRN_TRY(auto const map_here, accept("{"));
      if (!map_here) {
        CAIRN_TRY(auto name, word());
        return node{std::move(name)};
      }
      CAIRN_TRY(auto key, word());
      CAIRN_TRY(expect(":"));
      body.append("keyType", std::move(key));
      close = "}";
    }
    CAIRN_TRY(auto const nullable, accept("nullable"));
    CAIRN_TRY(auto item, term(depth + 1));
    body.append("valueType", std::move(item));
    if (nullable) body.append("valueNullable", true);
    CAIRN_TRY(expect(close));
    return node{map{{list ? "list" : "map", std::move(body)}}};
  }

  auto value() -> io_result<node> {
    if (token_.what == kind::quoted) {
      CAIRN_TRY(auto t, text());
      return node{std::move(t)};
    }
    CAIRN_TRY(auto const t, word());
    if (t == "true" || t == "false") return node{t == "true"};
    if (auto const i = parse_integer(t)) return node{*i};
    auto const f = parse_real(t);
    if (!f) return fail("a value");
    return node{*f};
  }

  static auto parse_real(std::string const& t) -> std::optional<double> {
    auto* end = static_cast<char*>(nullptr);
    auto const d = std::strtod(t.c_str(), &end);
    return end == t.c_str() + t.size() && t.find_first_not_of("0123456789.eE+-") == t.npos ? std::optional{d} : std::nullopt;
  }

  auto record() -> io_result<node> {
    auto fields = map{}, details = map{};
    CAIRN_TRY(expect("{"));
    while (!is("}")) {
      CAIRN_TRY(auto const name, word());
      CAIRN_TRY(bounded(fields.size()));
      if (fields.find(name)) return std::unexpected(error{schema_errc::duplicate}.about("line " + std::to_string(token_.line) + ": field " + name));
      CAIRN_TRY(auto const optional, accept("optional"));
      CAIRN_TRY(auto const nullable, accept("nullable"));
      CAIRN_TRY(auto type, term(0));
      auto f = map{{"type", std::move(type)}};
      if (optional) f.append("optional", true);
      if (nullable) f.append("nullable", true);
      fields.append(name, std::move(f));
      CAIRN_TRY(auto const more, accept("("));
      if (!more) continue;
      auto d = map{};
      while (!is(")")) {
        CAIRN_TRY(auto const what, word());
        if ((what != "rename" && what != "implicit") || d.find(what)) return fail("rename or implicit");
        CAIRN_TRY(auto v, value());
        d.append(what, std::move(v));
      }
      CAIRN_TRY(advance());
      details.append(name, std::move(d));
    }
    CAIRN_TRY(advance());
    auto how = std::string{"map"};
    auto r = node{map{}};
    CAIRN_TRY(auto const represented, accept("representation"));
    if (represented) {
      CAIRN_TRY(how, word());
      CAIRN_TRY(auto body, options(how));
      r = std::move(body);
    }
    if (!details.empty()) {
      if (how != "map") return fail("the representation map, where fields have other keys or implicit values");
      r.as_map()->append("fields", std::move(details));
    }
    return node{map{{"struct", map{{"fields", std::move(fields)}, {"representation", map{{how, std::move(r)}}}}}}};
  }

  auto any_of() -> io_result<node> {
    auto members = list{};
    auto table = map{};
    CAIRN_TRY(expect("{"));
    while (!is("}")) {
      CAIRN_TRY(expect("|"));
      CAIRN_TRY(auto member, term(0));
      if (member.as_map() && !member.find("link")) return fail("a name or a link as a member");
      auto key = std::string{};
      if (token_.what == kind::quoted) {
        CAIRN_TRY(key, text());
      } else {
        CAIRN_TRY(key, word());
      }
      CAIRN_TRY(bounded(table.size()));
      if (table.find(key)) return std::unexpected(error{schema_errc::duplicate}.about("line " + std::to_string(token_.line) + ": member " + printable(key)));
      table.append(key, member);
      members.push_back(std::move(member));
    }
    CAIRN_TRY(advance());
    CAIRN_TRY(expect("representation"));
    CAIRN_TRY(auto const how, word());
    auto r = node{};
    if (how == "keyed" || how == "kinded") {
      r = std::move(table);
    } else if (how == "stringprefix" || how == "bytesprefix") {
      r = map{{"prefixes", std::move(table)}};
    } else if (how == "envelope" || how == "inline") {
      CAIRN_TRY(auto body, options(how));
      body.as_map()->append("discriminantTable", std::move(table));
      r = std::move(body);
    } else {
      return fail("a representation of unions");
    }
    return node{map{{"union", map{{"members", std::move(members)}, {"representation", map{{how, std::move(r)}}}}}}};
  }

  auto enumeration() -> io_result<node> {
    auto members = list{};
    auto values = std::vector<std::pair<std::string, node>>{};
    CAIRN_TRY(expect("{"));
    while (!is("}")) {
      CAIRN_TRY(expect("|"));
      CAIRN_TRY(auto name, word());
      CAIRN_TRY(auto const given, accept("("));
      if (given) {
        CAIRN_TRY(auto v, value());
        values.emplace_back(name, std::move(v));
        CAIRN_TRY(expect(")"));
      }
      members.emplace_back(std::move(name));
    }
    CAIRN_TRY(advance());
    auto how = std::string{"string"};
    CAIRN_TRY(auto const represented, accept("representation"));
    if (represented) {
      CAIRN_TRY(how, word());
      if (how != "string" && how != "int") return fail("string or int");
    }
    auto table = map{};
    for (auto& [name, v] : values) {
      if (how == "int" && v.as_string()) {
        auto const i = parse_integer(*v.as_string());
        if (!i) return fail("numbers as values");
        v = *i;
      }
      table.append(std::move(name), std::move(v));
    }
    return node{map{{"enum", map{{"members", std::move(members)}, {"representation", map{{how, std::move(table)}}}}}}};
  }

  auto unit() -> io_result<node> {
    auto how = std::string{"null"};
    CAIRN_TRY(auto const represented, accept("representation"));
    if (represented) {
      CAIRN_TRY(how, word());
    }
    return node{map{{"unit", map{{"representation", std::move(how)}}}}};
  }

  auto strategy(std::string const& how) -> io_result<node> {
    if (how == "advanced") {
      CAIRN_TRY(auto name, word());
      return node{map{{"advanced", std::move(name)}}};
    }
    CAIRN_TRY(auto body, options(how));
    return node{map{{how, std::move(body)}}};
  }

  /// { innerDelim "=" fieldOrder ["a", "b"] field foo rename "x" }, where there is one.
  auto options(std::string const& how) -> io_result<node> {
    auto out = map{}, details = map{};
    if (how == "advanced") {
      CAIRN_TRY(auto name, word());
      return node{std::move(name)};
    }
    CAIRN_TRY(auto const given, accept("{"));
    while (given && !is("}")) {
      CAIRN_TRY(auto const name, word());
      if (name == "fieldOrder") {
        auto order = list{};
        CAIRN_TRY(expect("["));
        while (!is("]")) {
          CAIRN_TRY(auto f, text());
          order.emplace_back(std::move(f));
          CAIRN_TRY(accept(","));
        }
        CAIRN_TRY(advance());
        out.append(name, std::move(order));
      } else if (name == "field") {
        CAIRN_TRY(auto const field, word());
        auto d = map{};
        while (is("rename") || is("implicit")) {
          CAIRN_TRY(auto const what, word());
          CAIRN_TRY(auto v, value());
          d.set(what, std::move(v));
        }
        details.append(field, std::move(d));
      } else {
        CAIRN_TRY(auto t, text());
        out.append(name, std::move(t));
      }
    }
    if (given) {
      CAIRN_TRY(advance());
    }
    if (!details.empty()) out.append("fields", std::move(details));
    return node{std::move(out)};
  }

  std::string_view rest_;
  token token_;
  std::size_t line_ = 1;
  std::vector<std::string> names_;
};

}  // namespace detail

CAIRN_DECL auto parse_schema_text(std::string_view text) -> io_result<node> { return detail::schema_text_reader{text}.document(); }

CAIRN_DECL auto schema::parse(std::string_view text) -> io_result<schema> {
  CAIRN_TRY(auto const dmt, parse_schema_text(text));
  return from_node(dmt);
}

}  // namespace cairn::ipld
