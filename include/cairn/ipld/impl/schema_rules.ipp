#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/schema/schema.hpp>

#include <algorithm>

namespace cairn::ipld::detail {

/// The rules between types that are resolved: which representations fit which keys, fields and members.
class schema_rules {
public:
  schema_rules(std::vector<schema_type> const& types, std::size_t first) : types_{types}, first_{first} {}

  auto check() -> io_result<void> {
    for (auto t = static_cast<std::uint32_t>(first_); t < types_.size(); ++t) {
      auto const& type = types_[t];
      at_ = type.name.empty() ? "a type in place" : type.name;
      auto const texts = type.how == form::stringpairs || type.how == form::stringjoin;
      if (type.what == kind_of::map) {
        if (!is_only(type.key, kind::string)) return fail(schema_errc::bad_key_type);
        if (texts && (!is_texts(type.item) || type.item_nullable)) return fail(schema_errc::bad_representation);
      }
      auto optional = false;
      for (auto const place : type.order) {
        auto const& f = type.fields[place];
        if (texts && (!is_texts(f.type) || f.nullable || (f.optional && type.how == form::stringjoin))) return fail(schema_errc::bad_representation, f.name);
        if (type.how == form::tuple && optional && !f.optional) return fail(schema_errc::bad_representation, f.name);
        optional = optional || f.optional;
      }
      for (auto const& m : type.members) {
        auto const& inner = types_[m.type];
        auto const fits = type.how == form::kinded         ? (kinds(m.type) >> static_cast<unsigned>(m.of) & 1) != 0
                          : type.how == form::stringprefix ? is_only(m.type, kind::string)
                          : type.how == form::bytesprefix  ? is_only(m.type, kind::bytes)
                          : type.how == form::discriminated
                              ? inner.what == kind_of::record && inner.how == form::plain && !has_key(inner, type.discriminant_key)
                              : true;
        if (!fits) return fail(schema_errc::bad_representation, m.name);
      }
    }
    return ends();
  }

private:
  using kind_of = schema_type::kind;
  using form = schema_type::form;

  auto fail(schema_errc e, std::string_view what = {}) const -> std::unexpected<error> {
    return std::unexpected(error{e}.about(printable(what.empty() ? at_ : at_ + ": " + std::string{what})));
  }

  /// The kinds that a type's values have in the data model, as bits.
  auto kinds(std::uint32_t t) -> unsigned {
    auto const bit = [](kind k) { return 1u << static_cast<unsigned>(k); };
    auto const& type = types_[t];
    switch (type.how) {
      case form::tuple: case form::listpairs: return bit(kind::list);
      case form::stringpairs: case form::stringjoin: case form::stringprefix: return bit(kind::string);
      case form::keyed: case form::envelope: case form::discriminated: case form::emptymap: return bit(kind::map);
      case form::bytesprefix: return bit(kind::bytes);
      case form::integer: return bit(kind::integer);
      case form::null: return bit(kind::null);
      case form::yes: case form::no: return bit(kind::boolean);
      case form::kinded: {
        auto all = 0u;
        for (auto const& m : type.members) all |= bit(m.of);
        return all;
      }
      case form::advanced: case form::plain: break;
    }
    switch (type.what) {
      case kind_of::boolean: return bit(kind::boolean);
      case kind_of::string: case kind_of::enumeration: return bit(kind::string);
      case kind_of::bytes: return bit(kind::bytes);
      case kind_of::integer: return bit(kind::integer);
      case kind_of::floating: return bit(kind::floating);
      case kind_of::map: case kind_of::record: return bit(kind::map);
      case kind_of::list: return bit(kind::list);
      case kind_of::link: return bit(kind::link);
      default: return 0x1ff;
    }
  }
  auto is_only(std::uint32_t t, kind k) -> bool { return kinds(t) == 1u << static_cast<unsigned>(k); }
  auto is_texts(std::uint32_t t) -> bool { return is_only(t, kind::string) || is_only(t, kind::integer) || is_only(t, kind::boolean); }

  static auto has_key(schema_type const& record, std::string_view key) -> bool {
    return std::any_of(record.fields.begin(), record.fields.end(), [&](auto const& f) { return f.key == key; });
  }

  /// A kinded union whose members lead back to it would read the same value for ever. Takes away what leads nowhere.
  auto ends() -> io_result<void> {
    auto open = std::vector<std::size_t>(types_.size());  // kinded members that are not known to end
    auto inside = std::vector<std::vector<std::uint32_t>>(types_.size());
    auto todo = std::vector<std::uint32_t>{};
    auto left = 0uz;
    for (std::uint32_t t = 0; t < types_.size(); ++t) {
      if (types_[t].how != form::kinded) continue;
      ++left;
      for (auto const& m : types_[t].members)
        if (types_[m.type].how == form::kinded) ++open[t], inside[m.type].push_back(t);
      if (open[t] == 0) todo.push_back(t);
    }
    while (!todo.empty()) {
      auto const t = todo.back();
      todo.pop_back();
      --left;
      for (auto const outer : inside[t])
        if (--open[outer] == 0) todo.push_back(outer);
    }
    at_ = "kinded unions";
    if (left > 0) return fail(schema_errc::endless);
    return {};
  }

  std::vector<schema_type> const& types_;
  std::size_t first_;  // behind the prelude
  std::string at_;
};

}  // namespace cairn::ipld::detail
