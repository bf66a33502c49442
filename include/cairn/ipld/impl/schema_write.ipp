#pragma once

#include <cairn/ipld/impl/schema_typed.ipp>

namespace cairn::ipld {
namespace detail {

class typed_writer : typed_walk {
public:
  explicit typed_writer(schema const& s) : typed_walk{s} {}

  auto write(std::uint32_t place, node const& v) -> io_result<node> {
    auto const& t = types_[place];
    switch (t.how) {
      case form::advanced: return fail(schema_errc::unknown_layout);
      case form::stringpairs:
      case form::stringjoin:
      case form::stringprefix: return as_text_node(place, v);
      case form::tuple: return tuple(t, v);
      case form::listpairs: {
        if (!v.as_map()) return fail(schema_errc::wrong_kind);
        auto out = list{};
        if (t.what == kind_of::map) {
          for (auto const& e : *v.as_map()) {
            CAIRN_TRY(auto item, part(e.key, t.item, t.item_nullable, e.value));
            out.push_back(list{e.key, std::move(item)});
          }
          return node{std::move(out)};
        }
        CAIRN_TRY(known_fields(t, v));
        for (auto const& f : t.fields) {
          CAIRN_TRY(auto item, field(f, v));
          if (item) out.push_back(list{f.name, *std::move(item)});
        }
        return node{std::move(out)};
      }
      case form::keyed:
      case form::kinded:
      case form::envelope:
      case form::discriminated:
      case form::bytesprefix: return member(t, v);
      case form::integer:
        for (auto const& e : t.values)
          if (v.as_string() && e.name == *v.as_string()) return node{e.number};
        return fail(schema_errc::no_such_value);
      case form::null: return v.is_null() ? io_result<node>{nullptr} : fail(schema_errc::no_such_value);
      case form::yes:
      case form::no: return v.is_null() ? io_result<node>{t.how == form::yes} : fail(schema_errc::no_such_value);
      case form::emptymap: return v.is_null() ? io_result<node>{map{}} : fail(schema_errc::no_such_value);
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
      case kind_of::integer: return as_is(v.as_integer());
      case kind_of::floating: return as_is(v.as_double() || v.as_integer());
      case kind_of::any: return v;
      case kind_of::enumeration: return as_text_node(place, v);
      case kind_of::map: {
        if (!v.as_map()) return fail(schema_errc::wrong_kind);
        auto out = map{};
        for (auto const& e : *v.as_map()) {
          CAIRN_TRY(auto item, part(e.key, t.item, t.item_nullable, e.value));
          out.append(e.key, std::move(item));
        }
        return node{std::move(out)};
      }
      case kind_of::list: {
        if (!v.as_list()) return fail(schema_errc::wrong_kind);
        auto out = list{};
        for (std::size_t i = 0; i < v.as_list()->size(); ++i) {
          CAIRN_TRY(auto item, part(std::to_string(i), t.item, t.item_nullable, (*v.as_list())[i]));
          out.push_back(std::move(item));
        }
        return node{std::move(out)};
      }
      case kind_of::record: {
        CAIRN_TRY(known_fields(t, v));
        auto out = map{};
        for (auto const& f : t.fields) {
          CAIRN_TRY(auto item, field(f, v));
          if (item && !(f.has_implicit && *item == f.implicit)) out.append(f.key, *std::move(item));
        }
        return node{std::move(out)};
      }
      default: return fail(schema_errc::wrong_kind);
    }
  }

  auto known_fields(schema_type const& t, node const& v) -> io_result<void> {
    if (!v.as_map()) return fail(schema_errc::wrong_kind);
    for (auto const& e : *v.as_map())
      if (field_named(t, e.key, false) == t.fields.size()) return fail(schema_errc::unknown_field, e.key);
    return {};
  }

  auto part(std::string_view segment, std::uint32_t type, bool nullable, node const& v) -> io_result<node> {
    if (v.is_null() && nullable) return node{};
    CAIRN_TRY(enter(segment));
    return leave(write(type, v));
  }

  /// Nothing for an optional field that is not there.
  auto field(schema_type::field const& f, node const& v) -> io_result<std::optional<node>> {
    auto const* const value = v.find(f.name);
    if (!value) {
      if (f.optional) return std::nullopt;
      return fail(schema_errc::missing_field, f.name);
    }
    CAIRN_TRY(auto out, part(f.name, f.type, f.nullable, *value));
    return std::optional{std::move(out)};
  }

  auto tuple(schema_type const& t, node const& v) -> io_result<node> {
    CAIRN_TRY(known_fields(t, v));
    auto out = list{};
    auto ended = false;
    for (auto const place : t.order) {
      CAIRN_TRY(auto item, field(t.fields[place], v));
      if (item && ended) return fail(schema_errc::missing_field, "a field before " + t.fields[place].name);
      ended = !item;
      if (item) out.push_back(*std::move(item));
    }
    return node{std::move(out)};
  }

  auto member_of(schema_type const& t, node const& v) const -> schema_type::member const* {
    if (!v.as_map() || v.as_map()->size() != 1) return nullptr;
    auto const named = [&](schema_type::member const& m) { return m.name == v.as_map()->begin()->key; };
    auto const at = std::find_if(t.members.begin(), t.members.end(), named);
    return at == t.members.end() ? nullptr : &*at;
  }

  auto member(schema_type const& t, node const& v) -> io_result<node> {
    auto const* const m = member_of(t, v);
    if (!m) return fail(schema_errc::no_member);
    CAIRN_TRY(auto inner, part(m->name, m->type, false, v.as_map()->begin()->value));
    switch (t.how) {
      case form::keyed: return node{map{{m->discriminant, std::move(inner)}}};
      case form::kinded: return inner.kind() == m->of ? io_result<node>{std::move(inner)} : fail(schema_errc::no_member);
      case form::envelope: return node{map{{t.discriminant_key, m->discriminant}, {t.content_key, std::move(inner)}}};
      case form::discriminated: {
        auto out = map{{t.discriminant_key, m->discriminant}};
        for (auto& e : *inner.as_map()) out.append(e.key, std::move(e.value));
        return node{std::move(out)};
      }
      default: {
        auto out = bytes(m->discriminant.begin(), m->discriminant.end());
        append(out, *inner.as_bytes());
        return node{std::move(out)};
      }
    }
  }

  auto as_text_node(std::uint32_t place, node const& v) -> io_result<node> {
    auto out = std::string{};
    CAIRN_TRY(text(place, v, out));
    return node{std::move(out)};
  }

  /// Append a part that must not hold the delimiters around it.
  auto text_part(std::string_view name, std::uint32_t type, node const& v, std::string& out, schema_type const& in) -> io_result<void> {
    auto own = std::string{};
    CAIRN_TRY(enter(name));
    CAIRN_TRY(text(type, v, own));
    path_.pop_back();
    auto const held = [&](std::string const& delimiter) { return !delimiter.empty() && own.find(delimiter) != own.npos; };
    if (held(in.outer) || held(in.inner)) return fail(schema_errc::bad_text, name);
    out += own;
    return {};
  }

  auto text(std::uint32_t place, node const& v, std::string& out) -> io_result<void> {
    auto const& t = types_[place];
    if (t.how == form::stringjoin || (t.how == form::stringpairs && t.what == kind_of::record)) {
      CAIRN_TRY(known_fields(t, v));
      auto first = true;
      for (auto const at : t.order) {
        auto const& f = t.fields[at];
        auto const* const value = v.find(f.name);
        if (!value && f.optional) continue;
        if (!value) return fail(schema_errc::missing_field, f.name);
        if (!std::exchange(first, false)) out += t.outer;
        if (t.how == form::stringpairs) out += f.name + t.inner;
        CAIRN_TRY(text_part(f.name, f.type, *value, out, t));
      }
      return {};
    }
    if (t.how == form::stringpairs) {
      if (!v.as_map()) return fail(schema_errc::wrong_kind);
      auto first = true;
      for (auto const& e : *v.as_map()) {
        if (e.key.find(t.outer) != e.key.npos || e.key.find(t.inner) != e.key.npos) return fail(schema_errc::bad_text, e.key);
        if (!std::exchange(first, false)) out += t.outer;
        out += e.key + t.inner;
        CAIRN_TRY(text_part(e.key, t.item, e.value, out, t));
      }
      return {};
    }
    if (t.how == form::stringprefix || t.how == form::kinded) {
      auto const* const m = member_of(t, v);
      if (!m || (t.how == form::kinded && m->of != kind::string)) return fail(schema_errc::no_member);
      if (t.how == form::stringprefix) out += m->discriminant;
      CAIRN_TRY(enter(m->name));
      return leave(text(m->type, v.as_map()->begin()->value, out));
    }
    if (t.what == kind_of::enumeration) {
      for (auto const& e : t.values) {
        if (!v.as_string() || e.name != *v.as_string()) continue;
        out += t.how == form::integer ? to_string(e.number) : e.text;
        return {};
      }
      return fail(schema_errc::no_such_value);
    }
    auto const fits = t.what == kind_of::any || (t.what == kind_of::string && v.as_string()) || (t.what == kind_of::integer && v.as_integer()) ||
                      (t.what == kind_of::boolean && v.as_boolean());
    if (!fits || (!v.as_string() && !v.as_integer() && !v.as_boolean())) return fail(schema_errc::wrong_kind);
    out += v.as_string() ? *v.as_string() : v.as_integer() ? to_string(*v.as_integer()) : *v.as_boolean() ? "true" : "false";
    return {};
  }
};

}  // namespace detail

CAIRN_DECL auto write_typed(schema const& s, std::uint32_t type, node const& typed) -> io_result<node> {
  return detail::typed_writer{s}.write(type, typed);
}

CAIRN_DECL auto write_typed(schema const& s, std::string_view type, node const& typed) -> io_result<node> {
  auto const place = s.find(type);
  if (!place) return std::unexpected(error{schema_errc::unknown_type}.about(printable(type)));
  return write_typed(s, *place, typed);
}

}  // namespace cairn::ipld
