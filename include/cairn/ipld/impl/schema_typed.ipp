#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/schema/typed.hpp>

#include <algorithm>
#include <cmath>

namespace cairn::ipld {
namespace detail {

/// What reading and writing of typed values share: the schema, and the path for errors.
class typed_walk {
protected:
  using kind_of = schema_type::kind;
  using form = schema_type::form;

  explicit typed_walk(schema const& s) : types_{s.types()} {}

  auto fail(schema_errc e, std::string_view what = {}) const -> std::unexpected<error> {
    auto at = std::string{};
    for (auto const& segment : path_) at += "/" + printable(segment);
    if (!what.empty()) at += (at.empty() ? "" : ": ") + printable(what);
    return std::unexpected(error{e}.about(at.empty() ? "/" : at));
  }
  auto enter(std::string_view segment) -> io_result<void> {
    if (path_.size() >= limits::schema_depth) return fail(schema_errc::too_large);
    path_.emplace_back(segment);
    return {};
  }
  auto leave(auto done) {
    path_.pop_back();
    return done;
  }

  /// The parts of a text between delimiters; an empty text has one empty part.
  static auto parts(std::string_view text, std::string_view delimiter) -> std::vector<std::string_view> {
    auto out = std::vector<std::string_view>{};
    for (;;) {
      auto const at = text.find(delimiter);
      out.push_back(text.substr(0, at));
      if (at == text.npos) return out;
      text.remove_prefix(at + delimiter.size());
    }
  }

  static auto field_named(schema_type const& t, std::string_view name, bool by_key) -> std::size_t {
    auto const named = [&](schema_type::field const& f) { return (by_key ? f.key : f.name) == name; };
    return static_cast<std::size_t>(std::find_if(t.fields.begin(), t.fields.end(), named) - t.fields.begin());
  }

  std::span<schema_type const> types_;
  std::vector<std::string> path_;
};

class typed_reader : typed_walk {
public:
  typed_reader(schema const& s, codec_mode mode) : typed_walk{s}, lax_{mode == codec_mode::lax} {}

  auto read(std::uint32_t place, node const& v) -> io_result<node> {
    auto const& t = types_[place];
    switch (t.how) {
      case form::advanced: return fail(schema_errc::unknown_layout);
      case form::tuple: return tuple(t, v);
      case form::listpairs: return t.what == kind_of::map ? listed_map(t, v) : listed_record(t, v);
      case form::stringpairs:
      case form::stringjoin:
      case form::stringprefix: return v.as_string() ? text(place, *v.as_string()) : fail(schema_errc::wrong_kind);
      case form::keyed: {
        auto const* const m = v.as_map();
        if (!m) return fail(schema_errc::wrong_kind);
        if (m->size() != 1) return fail(schema_errc::no_member);
        return member(t, m->begin()->key, m->begin()->value);
      }
      case form::kinded:
        for (auto const& m : t.members)
          if (m.of == v.kind()) return wrapped(m, v);
        return fail(schema_errc::no_member, to_string(v.kind()));
      case form::envelope: {
        auto const* const tag = v.find(t.discriminant_key);
        auto const* const content = v.find(t.content_key);
        if (!v.as_map()) return fail(schema_errc::wrong_kind);
        if (!tag || !content) return fail(schema_errc::missing_field, tag ? t.content_key : t.discriminant_key);
        if (v.as_map()->size() != 2) return fail(schema_errc::unknown_field);
        return tag->as_string() ? member(t, *tag->as_string(), *content) : fail(schema_errc::wrong_kind, t.discriminant_key);
      }
      case form::discriminated: {
        auto const* const tag = v.find(t.discriminant_key);
        if (!v.as_map()) return fail(schema_errc::wrong_kind);
        if (!tag) return fail(schema_errc::missing_field, t.discriminant_key);
        if (!tag->as_string()) return fail(schema_errc::wrong_kind, t.discriminant_key);
        auto rest = *v.as_map();
        rest.remove(t.discriminant_key);
        return member(t, *tag->as_string(), node{std::move(rest)});
      }
      case form::bytesprefix:
        if (!v.as_bytes()) return fail(schema_errc::wrong_kind);
        for (auto const& m : t.members)
          if (as_text(*v.as_bytes()).starts_with(m.discriminant))
            return wrapped(m, node{bytes(v.as_bytes()->begin() + static_cast<std::ptrdiff_t>(m.discriminant.size()), v.as_bytes()->end())});
        return fail(schema_errc::no_member);
      case form::integer:
        if (!v.as_integer()) return fail(schema_errc::wrong_kind);
        for (auto const& e : t.values)
          if (e.number == *v.as_integer()) return node{e.name};
        return fail(schema_errc::no_such_value);
      case form::null: return v.is_null() ? io_result<node>{nullptr} : fail(schema_errc::no_such_value);
      case form::yes:
      case form::no: return v.as_boolean() && *v.as_boolean() == (t.how == form::yes) ? io_result<node>{nullptr} : fail(schema_errc::no_such_value);
      case form::emptymap: return v.as_map() && v.as_map()->empty() ? io_result<node>{nullptr} : fail(schema_errc::no_such_value);
      case form::plain: break;
    }
    return plain(place, v);
  }

private:
  auto plain(std::uint32_t place, node const& v) -> io_result<node> {
    auto const& t = types_[place];
    auto const as_is = [&](bool fits) -> io_result<node> { return fits ? io_result<node>{v} : fail(schema_errc::wrong_kind); };
    switch (t.what) {
      case kind_of::boolean: return as_is(v.as_boolean());
      case kind_of::string: return as_is(v.as_string());
      case kind_of::bytes: return as_is(v.as_bytes());
      case kind_of::link: return as_is(v.as_link());
      case kind_of::any: return v;
      case kind_of::integer: return lax_ ? whole(v) : as_is(v.as_integer());
      case kind_of::floating: return as_is(v.as_double() || (lax_ && v.as_integer()));
      case kind_of::enumeration: return v.as_string() ? text(place, *v.as_string()) : fail(schema_errc::wrong_kind);
      case kind_of::map: {
        if (!v.as_map()) return fail(schema_errc::wrong_kind);
        auto out = map{};
        out.reserve(v.as_map()->size());
        for (auto const& e : *v.as_map()) {
          CAIRN_TRY(key(t.key, e.key));
          CAIRN_TRY(auto item, part(e.key, t.item, t.item_nullable, e.value));
          out.append(e.key, std::move(item));
        }
        return node{std::move(out)};
      }
      case kind_of::list: {
        if (!v.as_list()) return fail(schema_errc::wrong_kind);
        auto out = list{};
        out.reserve(v.as_list()->size());
        for (std::size_t i = 0; i < v.as_list()->size(); ++i) {
          CAIRN_TRY(auto item, part(std::to_string(i), t.item, t.item_nullable, (*v.as_list())[i]));
          out.push_back(std::move(item));
        }
        return node{std::move(out)};
      }
      case kind_of::record: {
        if (!v.as_map()) return fail(schema_errc::wrong_kind);
        auto found = std::vector<node const*>(t.fields.size());
        for (auto const& e : *v.as_map()) {
          auto const at = field_named(t, e.key, true);
          if (at == t.fields.size() || found[at]) return fail(schema_errc::unknown_field, e.key);
          if (t.fields[at].has_implicit && !lax_ && e.value == t.fields[at].implicit) return fail(schema_errc::unknown_field, e.key);
          found[at] = &e.value;
        }
        return fields(t, found);
      }
      case kind_of::any_of:
      case kind_of::unit: break;
    }
    return fail(schema_errc::wrong_kind);
  }

  auto whole(node const& v) -> io_result<node> {
    if (v.as_integer()) return v;
    if (auto const* const t = v.as_string())
      if (auto const i = parse_integer(*t)) return node{*i};
    if (auto const* const d = v.as_double(); d && std::trunc(*d) == *d && std::abs(*d) < 9e15) return node{static_cast<std::int64_t>(*d)};
    return fail(schema_errc::wrong_kind);
  }

  auto part(std::string_view segment, std::uint32_t type, bool nullable, node const& v) -> io_result<node> {
    if (v.is_null() && nullable) return node{};
    CAIRN_TRY(enter(segment));
    auto got = read(type, v);
    if (!got && v.is_null() && got.error() == schema_errc::wrong_kind) got = fail(schema_errc::not_nullable);
    return leave(std::move(got));
  }

  auto wrapped(schema_type::member const& m, node const& v) -> io_result<node> {
    CAIRN_TRY(enter(m.name));
    auto got = read(m.type, v);
    if (got) got = node{map{{m.name, *std::move(got)}}};
    return leave(std::move(got));
  }

  auto member(schema_type const& t, std::string_view discriminant, node const& v) -> io_result<node> {
    for (auto const& m : t.members)
      if (m.discriminant == discriminant) return wrapped(m, v);
    return fail(schema_errc::no_member, discriminant);
  }

  auto key(std::uint32_t type, std::string_view k) -> io_result<void> {
    CAIRN_TRY(enter(k));
    auto got = text(type, k);
    path_.pop_back();
    if (!got) return std::unexpected(std::move(got).error());
    return {};
  }

  /// The fields that were found, in the order of the type, and what the others are then.
  auto fields(schema_type const& t, std::span<node const* const> found) -> io_result<node> {
    auto out = map{};
    out.reserve(t.fields.size());
    for (std::size_t i = 0; i < t.fields.size(); ++i) {
      auto const& f = t.fields[i];
      if (found[i]) {
        CAIRN_TRY(auto v, part(f.name, f.type, f.nullable, *found[i]));
        out.append(f.name, std::move(v));
      } else if (f.has_implicit) {
        out.append(f.name, f.implicit);
      } else if (!f.optional) {
        return fail(schema_errc::missing_field, f.name);
      }
    }
    return node{std::move(out)};
  }

  auto tuple(schema_type const& t, node const& v) -> io_result<node> {
    if (!v.as_list()) return fail(schema_errc::wrong_kind);
    if (v.as_list()->size() > t.order.size()) return fail(schema_errc::unknown_field);
    auto found = std::vector<node const*>(t.fields.size());
    for (std::size_t i = 0; i < v.as_list()->size(); ++i) found[t.order[i]] = &(*v.as_list())[i];
    return fields(t, found);
  }

  static auto pair_of(node const& v) -> std::string const* {
    return v.as_list() && v.as_list()->size() == 2 ? (*v.as_list())[0].as_string() : nullptr;
  }

  auto listed_map(schema_type const& t, node const& v) -> io_result<node> {
    if (!v.as_list()) return fail(schema_errc::wrong_kind);
    auto out = map{};
    auto seen = std::vector<std::string_view>{};
    for (auto const& pair : *v.as_list()) {
      auto const* const k = pair_of(pair);
      if (!k) return fail(schema_errc::wrong_kind);
      seen.push_back(*k);
      CAIRN_TRY(key(t.key, *k));
      CAIRN_TRY(auto item, part(*k, t.item, t.item_nullable, (*pair.as_list())[1]));
      out.append(*k, std::move(item));
    }
    std::sort(seen.begin(), seen.end());
    if (std::adjacent_find(seen.begin(), seen.end()) != seen.end()) return fail(schema_errc::duplicate);
    return node{std::move(out)};
  }

  auto listed_record(schema_type const& t, node const& v) -> io_result<node> {
    if (!v.as_list()) return fail(schema_errc::wrong_kind);
    auto found = std::vector<node const*>(t.fields.size());
    for (auto const& pair : *v.as_list()) {
      auto const* const k = pair_of(pair);
      if (!k) return fail(schema_errc::wrong_kind);
      auto const at = field_named(t, *k, false);
      if (at == t.fields.size() || found[at]) return fail(schema_errc::unknown_field, *k);
      found[at] = &(*pair.as_list())[1];
    }
    return fields(t, found);
  }

  /// A value of a type that is represented by a text, or is part of one.
  auto text(std::uint32_t place, std::string_view in) -> io_result<node> {
    auto const& t = types_[place];
    if (t.how == form::stringjoin) {
      auto const split = parts(in, t.outer);
      if (split.size() != t.order.size() && !(in.empty() && t.order.empty())) return fail(schema_errc::bad_text);
      auto found = std::vector<std::optional<std::string_view>>(t.fields.size());
      for (std::size_t i = 0; i < t.order.size(); ++i) found[t.order[i]] = split[i];
      return text_fields(t, found);
    }
    if (t.how == form::stringpairs) return text_pairs(t, in);
    if (t.how == form::stringprefix) {
      for (auto const& m : t.members)
        if (in.starts_with(m.discriminant)) return text_member(m, in.substr(m.discriminant.size()));
      return fail(schema_errc::no_member);
    }
    if (t.how == form::kinded) {
      for (auto const& m : t.members)
        if (m.of == kind::string) return text_member(m, in);
      return fail(schema_errc::no_member);
    }
    switch (t.what) {
      case kind_of::string:
      case kind_of::any: return node{in};
      case kind_of::boolean: return in == "true" || in == "false" ? io_result<node>{in == "true"} : fail(schema_errc::bad_text);
      case kind_of::integer: {
        auto const i = parse_integer(in);
        return i && to_string(*i) == in ? io_result<node>{*i} : fail(schema_errc::bad_text);
      }
      case kind_of::enumeration:
        for (auto const& e : t.values)
          if ((t.how == form::integer ? to_string(e.number) : e.text) == in) return node{e.name};
        return fail(schema_errc::no_such_value, in);
      default: return fail(schema_errc::wrong_kind);
    }
  }

  auto text_member(schema_type::member const& m, std::string_view in) -> io_result<node> {
    CAIRN_TRY(enter(m.name));
    auto got = text(m.type, in);
    if (got) got = node{map{{m.name, *std::move(got)}}};
    return leave(std::move(got));
  }

  auto text_part(std::string_view name, std::uint32_t type, std::string_view in) -> io_result<node> {
    CAIRN_TRY(enter(name));
    return leave(text(type, in));
  }

  auto text_fields(schema_type const& t, std::span<std::optional<std::string_view> const> found) -> io_result<node> {
    auto out = map{};
    for (std::size_t i = 0; i < t.fields.size(); ++i) {
      auto const& f = t.fields[i];
      if (found[i]) {
        CAIRN_TRY(auto v, text_part(f.name, f.type, *found[i]));
        out.append(f.name, std::move(v));
      } else if (!f.optional) {
        return fail(schema_errc::missing_field, f.name);
      }
    }
    return node{std::move(out)};
  }

  auto text_pairs(schema_type const& t, std::string_view in) -> io_result<node> {
    auto out = map{};
    auto seen = std::vector<std::string_view>{};
    auto found = std::vector<std::optional<std::string_view>>(t.fields.size());
    auto const split = in.empty() ? std::vector<std::string_view>{} : parts(in, t.outer);
    for (auto const one : split) {
      auto const at = one.find(t.inner);
      if (at == one.npos) return fail(schema_errc::bad_text, one);
      auto const k = one.substr(0, at), v = one.substr(at + t.inner.size());
      if (v.find(t.inner) != v.npos) return fail(schema_errc::bad_text, one);
      seen.push_back(k);
      if (t.what == kind_of::map) {
        CAIRN_TRY(key(t.key, k));
        CAIRN_TRY(auto item, text_part(k, t.item, v));
        out.append(std::string{k}, std::move(item));
        continue;
      }
      auto const f = field_named(t, k, false);
      if (f == t.fields.size() || found[f]) return fail(schema_errc::unknown_field, k);
      found[f] = v;
    }
    std::sort(seen.begin(), seen.end());
    if (std::adjacent_find(seen.begin(), seen.end()) != seen.end()) return fail(schema_errc::duplicate);
    if (t.what == kind_of::map) return node{std::move(out)};
    return text_fields(t, found);
  }

  bool lax_;
};

}  // namespace detail

CAIRN_DECL auto read_typed(schema const& s, std::uint32_t type, node const& value, codec_mode mode) -> io_result<node> {
  return detail::typed_reader{s, mode}.read(type, value);
}

CAIRN_DECL auto read_typed(schema const& s, std::string_view type, node const& value, codec_mode mode) -> io_result<node> {
  auto const place = s.find(type);
  if (!place) return std::unexpected(error{schema_errc::unknown_type}.about(printable(type)));
  return read_typed(s, *place, value, mode);
}

}  // namespace cairn::ipld
