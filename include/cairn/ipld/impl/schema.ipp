#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/impl/schema_rules.ipp>
#include <cairn/ipld/schema/schema.hpp>

#include <algorithm>
#include <array>

namespace cairn::ipld {

/// Makes types of a data model form: first one after the other, then their names, then the rules between them.
class schema_builder {
public:
  static auto build(node const& dmt) -> io_result<schema> {
    auto b = schema_builder{};
    CAIRN_TRY(b.prelude());
    CAIRN_TRY(b.document(dmt));
    b.out_->dmt = dmt;
    CAIRN_TRY(b.resolve());
    CAIRN_TRY((detail::schema_rules{b.out_->types, b.preludes_}.check()));
    return schema{std::move(b.out_)};
  }

private:
  using kind_of = schema_type::kind;
  using form = schema_type::form;
  static constexpr std::uint32_t unresolved = 0xffffffff;

  /// A name that is to be resolved when all are known, and where the place of its type goes.
  enum class slot : byte { key, item, field, member };
  struct wish {
    std::string name, at;
    std::uint32_t type;
    slot where;
    std::size_t part = 0;
  };
  void set(std::uint32_t type, slot where, std::size_t part, std::uint32_t to) {
    auto& t = types()[type];
    (where == slot::key ? t.key : where == slot::item ? t.item : where == slot::field ? t.fields[part].type : t.members[part].type) = to;
  }

  auto fail(schema_errc e, std::string_view what = {}) const -> std::unexpected<error> {
    return std::unexpected(error{e}.about(printable(what.empty() ? std::string_view{at_} : at_ + ": " + std::string{what})));
  }

  auto prelude() -> io_result<void> {
    for (auto const& [name, what] : std::initializer_list<std::pair<char const*, kind_of>>{
             {"Bool", kind_of::boolean}, {"Int", kind_of::integer}, {"Float", kind_of::floating}, {"String", kind_of::string},
             {"Bytes", kind_of::bytes}, {"Any", kind_of::any}, {"Map", kind_of::map}, {"List", kind_of::list}, {"Link", kind_of::link},
             {"Null", kind_of::unit}})
      types().push_back({.name = name, .what = what, .how = what == kind_of::unit ? form::null : form::plain});
    for (auto const composed : {6, 7, 8}) types()[composed].item = 5;
    types()[6].key = 3;
    preludes_ = types().size();
    return {};
  }

  auto types() -> std::vector<schema_type>& { return out_->types; }

  static auto is_type_name(std::string_view name) -> bool {
    auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && name[0] >= 'A' && name[0] <= 'Z' && std::all_of(name.begin(), name.end(), letter);
  }

  auto document(node const& dmt) -> io_result<void> {
    at_ = "schema";
    auto const* const defined = dmt.find("types");
    if (!defined || !defined->as_map()) return fail(schema_errc::bad_form, "types");
    CAIRN_TRY(only(dmt, {"types", "advanced"}));
    if (auto const* const advanced = dmt.find("advanced")) {
      if (!advanced->as_map()) return fail(schema_errc::bad_form, "advanced");
      for (auto const& e : *advanced->as_map()) layouts_.push_back(e.key);
      std::sort(layouts_.begin(), layouts_.end());
    }
    for (auto const& e : *defined->as_map()) {
      at_ = e.key;
      if (!is_type_name(e.key)) return fail(schema_errc::bad_name);
      CAIRN_TRY(auto const place, add(e.value, 0));
      if (place) types()[*place].name = e.key;
      if (out_->names.size() == limits::schema_types) return fail(schema_errc::too_large);
      out_->names.emplace_back(e.key, place ? *place : unresolved);
      if (!place) copies_.emplace_back(e.key, *e.value.find("copy")->find("fromType")->as_string());
    }
    std::sort(out_->names.begin(), out_->names.end());
    std::sort(copies_.begin(), copies_.end());
    auto const same = [](auto const& a, auto const& b) { return a.first == b.first; };
    if (auto const twice = std::adjacent_find(out_->names.begin(), out_->names.end(), same); twice != out_->names.end())
      return std::unexpected(error{schema_errc::duplicate}.about(twice->first));
    auto own = out_->names;
    for (std::size_t i = 0; i < preludes_; ++i)  // a schema may define a name of the prelude anew
      if (!find(own, types()[i].name)) out_->names.emplace_back(types()[i].name, static_cast<std::uint32_t>(i));
    std::sort(out_->names.begin(), out_->names.end());
    return {};
  }

  using names = std::vector<std::pair<std::string, std::uint32_t>>;
  static auto find(names const& in, std::string_view name) -> std::optional<std::uint32_t> {
    auto const at = std::lower_bound(in.begin(), in.end(), name, [](auto const& a, std::string_view b) { return a.first < b; });
    return at != in.end() && at->first == name ? std::optional{at->second} : std::nullopt;
  }

  auto only(node const& n, std::initializer_list<std::string_view> known) const -> io_result<void> {
    if (!n.as_map()) return fail(schema_errc::bad_form);
    for (auto const& e : *n.as_map())
      if (std::find(known.begin(), known.end(), e.key) == known.end()) return fail(schema_errc::bad_form, e.key);
    return {};
  }
  auto single(node const* n) const -> io_result<entry const*> {
    if (!n || !n->as_map() || n->as_map()->size() != 1) return fail(schema_errc::bad_form, "a map of one entry is wanted");
    return n->as_map()->begin();
  }
  auto text(node const& n, std::string_view name) const -> io_result<std::string> {
    auto const* const t = n.find(name);
    if (!t || !t->as_string()) return fail(schema_errc::bad_form, name);
    return *t->as_string();
  }
  auto flag(node const& n, std::string_view name) const -> io_result<bool> {
    auto const* const f = n.find(name);
    if (f && !f->as_boolean()) return fail(schema_errc::bad_form, name);
    return f && *f->as_boolean();
  }
  auto bounded(std::size_t parts) const -> io_result<void> {
    if (parts > limits::schema_fields) return fail(schema_errc::too_large);
    return {};
  }

  /// A name to be resolved when all are known, or a type in place.
  auto reference(node const* n, std::size_t depth, std::uint32_t type, slot where, std::size_t part = 0) -> io_result<void> {
    if (n && n->as_string()) {
      wanted_.push_back({*n->as_string(), at_, type, where, part});
      return {};
    }
    CAIRN_TRY(auto const* const e, single(n));
    if (e->key != "map" && e->key != "list" && e->key != "link") return fail(schema_errc::bad_form, e->key);
    CAIRN_TRY(auto const place, add(*n, depth + 1));
    set(type, where, part, *place);
    return {};
  }

  /// The place of a new type; nothing for a copy, which gets that of its source.
  auto add(node const& n, std::size_t depth) -> io_result<std::optional<std::uint32_t>> {
    static constexpr std::array<std::string_view, 13> kinds{"bool", "string", "bytes", "int", "float", "map", "list", "link", "union", "struct", "enum", "unit", "any"};
    if (depth > limits::schema_depth || types().size() >= limits::schema_types) return fail(schema_errc::too_large);
    CAIRN_TRY(auto const* const e, single(&n));
    if (e->key == "copy") {
      CAIRN_TRY(text(e->value, "fromType"));
      CAIRN_TRY(only(e->value, {"fromType"}));
      return std::nullopt;
    }
    auto const what = std::find(kinds.begin(), kinds.end(), e->key);
    if (what == kinds.end()) return fail(schema_errc::bad_form, e->key);
    auto const place = static_cast<std::uint32_t>(types().size());
    types().push_back({.what = static_cast<kind_of>(what - kinds.begin())});
    CAIRN_TRY(body(place, e->value, depth));
    return place;
  }

  auto body(std::uint32_t t, node const& n, std::size_t depth) -> io_result<void> {
    switch (types()[t].what) {
      case kind_of::map:
      case kind_of::list: return collection(t, n, depth);
      case kind_of::link: {
        CAIRN_TRY(only(n, {"expectedType"}));
        types()[t].item = 5;
        if (!n.find("expectedType")) return {};
        CAIRN_TRY(auto to, text(n, "expectedType"));
        wanted_.push_back({std::move(to), at_, t, slot::item});
        return {};
      }
      case kind_of::record: return record(t, n, depth);
      case kind_of::any_of: return any_of(t, n, depth);
      case kind_of::enumeration: return enumeration(t, n);
      case kind_of::unit: {
        CAIRN_TRY(only(n, {"representation"}));
        CAIRN_TRY(auto const how, text(n, "representation"));
        constexpr std::array<std::string_view, 4> units{"null", "true", "false", "emptymap"};
        auto const at = std::find(units.begin(), units.end(), how);
        if (at == units.end()) return fail(schema_errc::bad_representation, how);
        types()[t].how = static_cast<form>(static_cast<int>(form::null) + (at - units.begin()));
        return {};
      }
      case kind_of::bytes: {
        CAIRN_TRY(only(n, {"representation"}));
        if (!n.find("representation")) return {};
        CAIRN_TRY(auto const* const r, single(n.find("representation")));
        if (r->key == "advanced") return layout(t, r->value);
        if (r->key != "bytes") return fail(schema_errc::bad_representation, r->key);
        return {};
      }
      default: return only(n, {});
    }
  }

  auto layout(std::uint32_t t, node const& name) -> io_result<void> {
    if (!name.as_string() || !std::binary_search(layouts_.begin(), layouts_.end(), *name.as_string())) return fail(schema_errc::unknown_type, "advanced");
    types()[t].how = form::advanced;
    return {};
  }

  auto collection(std::uint32_t t, node const& n, std::size_t depth) -> io_result<void> {
    auto const is_map = types()[t].what == kind_of::map;
    CAIRN_TRY(only(n, {is_map ? "keyType" : "valueType", "valueType", "valueNullable", "representation"}));
    CAIRN_TRY(types()[t].item_nullable, flag(n, "valueNullable"));
    if (is_map) {
      CAIRN_TRY(auto key, text(n, "keyType"));
      wanted_.push_back({std::move(key), at_, t, slot::key});
    }
    if (auto const* const how = n.find("representation")) {
      CAIRN_TRY(auto const* const r, single(how));
      if (r->key == "advanced") {
        CAIRN_TRY(layout(t, r->value));
      } else if (is_map && r->key == "listpairs") {
        types()[t].how = form::listpairs;
      } else if (is_map && r->key == "stringpairs") {
        CAIRN_TRY(pairs(t, r->value));
      } else if (r->key != (is_map ? "map" : "list")) {
        return fail(schema_errc::bad_representation, r->key);
      }
    }
    return reference(n.find("valueType"), depth, t, slot::item);
  }

  auto pairs(std::uint32_t t, node const& n) -> io_result<void> {
    CAIRN_TRY(only(n, {"innerDelim", "entryDelim"}));
    auto& type = types()[t];
    type.how = form::stringpairs;
    CAIRN_TRY(type.inner, text(n, "innerDelim"));
    CAIRN_TRY(type.outer, text(n, "entryDelim"));
    if (type.inner.empty() || type.outer.empty() || type.inner == type.outer) return fail(schema_errc::bad_representation, "delimiters");
    return {};
  }

  auto record(std::uint32_t t, node const& n, std::size_t depth) -> io_result<void> {
    CAIRN_TRY(only(n, {"fields", "representation"}));
    auto const* const fields = n.find("fields");
    if (!fields || !fields->as_map()) return fail(schema_errc::bad_form, "fields");
    CAIRN_TRY(bounded(fields->as_map()->size()));
    for (auto const& e : *fields->as_map()) {
      auto const place = types()[t].fields.size();
      for (auto const& f : types()[t].fields)
        if (f.name == e.key) return fail(schema_errc::duplicate, e.key);
      CAIRN_TRY(only(e.value, {"type", "optional", "nullable"}));
      auto f = schema_type::field{.name = e.key, .key = e.key};
      CAIRN_TRY(f.optional, flag(e.value, "optional"));
      CAIRN_TRY(f.nullable, flag(e.value, "nullable"));
      types()[t].fields.push_back(std::move(f));
      types()[t].order.push_back(static_cast<std::uint32_t>(place));
      CAIRN_TRY(reference(e.value.find("type"), depth, t, slot::field, place));
    }
    if (!n.find("representation")) return {};
    CAIRN_TRY(auto const* const r, single(n.find("representation")));
    if (r->key == "map") return renames(t, r->value);
    if (r->key == "stringpairs") return pairs(t, r->value);
    if (r->key == "listpairs") {
      types()[t].how = form::listpairs;
      return only(r->value, {});
    }
    if (r->key != "tuple" && r->key != "stringjoin") return fail(schema_errc::bad_representation, r->key);
    types()[t].how = r->key == "tuple" ? form::tuple : form::stringjoin;
    if (r->key == "tuple") {
      CAIRN_TRY(only(r->value, {"fieldOrder"}));
    } else {
      CAIRN_TRY(only(r->value, {"fieldOrder", "join"}));
      CAIRN_TRY(types()[t].outer, text(r->value, "join"));
      if (types()[t].outer.empty()) return fail(schema_errc::bad_representation, "join");
    }
    return field_order(types()[t], r->value.find("fieldOrder"));
  }

  auto field_order(schema_type& type, node const* order) -> io_result<void> {
    if (!order) return {};
    if (!order->as_list() || order->as_list()->size() != type.fields.size()) return fail(schema_errc::bad_representation, "fieldOrder");
    type.order.clear();
    auto seen = std::vector<bool>(type.fields.size());
    for (auto const& name : *order->as_list()) {
      auto const named = [&](schema_type::field const& f) { return name.as_string() && f.name == *name.as_string(); };
      auto const at = std::find_if(type.fields.begin(), type.fields.end(), named) - type.fields.begin();
      if (at == static_cast<std::ptrdiff_t>(type.fields.size()) || seen[static_cast<std::size_t>(at)]) return fail(schema_errc::bad_representation, "fieldOrder");
      seen[static_cast<std::size_t>(at)] = true;
      type.order.push_back(static_cast<std::uint32_t>(at));
    }
    return {};
  }

  auto renames(std::uint32_t t, node const& n) -> io_result<void> {
    CAIRN_TRY(only(n, {"fields"}));
    auto& type = types()[t];
    auto const* const details = n.find("fields");
    if (details && !details->as_map()) return fail(schema_errc::bad_form, "fields");
    if (details) CAIRN_TRY(bounded(details->as_map()->size()));
    for (std::size_t i = 0; details && i < details->as_map()->size(); ++i) {
      auto const& e = details->as_map()->begin()[i];
      auto const named = [&](schema_type::field const& f) { return f.name == e.key; };
      auto const f = std::find_if(type.fields.begin(), type.fields.end(), named);
      if (f == type.fields.end()) return fail(schema_errc::bad_representation, e.key);
      CAIRN_TRY(only(e.value, {"rename", "implicit"}));
      if (e.value.find("rename")) {
        CAIRN_TRY(f->key, text(e.value, "rename"));
      }
      if (auto const* const implicit = e.value.find("implicit")) {
        if (f->optional || implicit->as_map() || implicit->as_list() || implicit->as_link() || implicit->is_null())
          return fail(schema_errc::bad_representation, e.key);
        f->implicit = *implicit;
        f->has_implicit = true;
      }
    }
    auto keys = std::vector<std::string_view>{};
    for (auto const& f : type.fields) keys.push_back(f.key);
    std::sort(keys.begin(), keys.end());
    if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) return fail(schema_errc::duplicate, "keys");
    return {};
  }

  auto any_of(std::uint32_t t, node const& n, std::size_t depth) -> io_result<void> {
    static constexpr std::array<std::string_view, 6> forms{"keyed", "kinded", "envelope", "inline", "stringprefix", "bytesprefix"};
    CAIRN_TRY(only(n, {"members", "representation"}));
    CAIRN_TRY(auto const* const r, single(n.find("representation")));
    auto const how = std::find(forms.begin(), forms.end(), r->key);
    if (how == forms.end()) return fail(schema_errc::bad_representation, r->key);
    auto& type = types()[t];
    type.how = static_cast<form>(static_cast<int>(form::keyed) + (how - forms.begin()));
    auto const* table = &r->value;
    if (type.how == form::envelope || type.how == form::discriminated) {
      CAIRN_TRY(type.discriminant_key, text(r->value, "discriminantKey"));
      if (type.how == form::envelope) {
        CAIRN_TRY(type.content_key, text(r->value, "contentKey"));
        if (type.content_key == type.discriminant_key) return fail(schema_errc::duplicate, type.content_key);
      }
      table = r->value.find("discriminantTable");
    } else if (type.how == form::stringprefix || type.how == form::bytesprefix) {
      table = r->value.find("prefixes");
    }
    if (!table || !table->as_map()) return fail(schema_errc::bad_form, r->key);
    CAIRN_TRY(bounded(table->as_map()->size()));
    for (auto const& e : *table->as_map()) CAIRN_TRY(member(t, e, depth));
    auto const* const members = n.find("members");
    if (!members || !members->as_list() || members->as_list()->size() != table->as_map()->size()) return fail(schema_errc::bad_form, "members");
    for (auto const& m : *members->as_list()) {
      auto const listed = [&](entry const& e) { return e.value == m; };
      if (std::none_of(table->as_map()->begin(), table->as_map()->end(), listed)) return fail(schema_errc::bad_form, "members");
    }
    return {};
  }

  auto member(std::uint32_t t, entry const& e, std::size_t depth) -> io_result<void> {
    auto m = schema_type::member{.name = {}, .discriminant = e.key};
    auto const* const link = e.value.find("link");
    auto const* const to = link ? link->find("expectedType") : nullptr;
    if (!link && !e.value.as_string()) return fail(schema_errc::bad_form, e.key);
    m.name = e.value.as_string() ? *e.value.as_string() : "&" + (to && to->as_string() ? *to->as_string() : "Any");
    auto const how = types()[t].how;
    if (how == form::kinded) {
      auto k = static_cast<int>(kind::boolean);
      while (k <= static_cast<int>(kind::link) && to_string(static_cast<kind>(k)) != e.key) ++k;
      if (k > static_cast<int>(kind::link)) return fail(schema_errc::bad_representation, e.key);
      m.of = static_cast<kind>(k);
    } else if (how == form::bytesprefix) {
      auto const octets = from_hex(e.key);
      if (!octets || octets->empty()) return fail(schema_errc::bad_representation, e.key);
      m.discriminant = as_text(*octets);
    } else if (how == form::stringprefix && e.key.empty()) {
      return fail(schema_errc::bad_representation, "an empty prefix");
    }
    for (auto const& other : types()[t].members) {
      auto const prefix = (how == form::stringprefix || how == form::bytesprefix) &&
                          (other.discriminant.starts_with(m.discriminant) || m.discriminant.starts_with(other.discriminant));
      if (prefix || other.discriminant == m.discriminant || other.name == m.name) return fail(schema_errc::duplicate, e.key);
    }
    auto const place = types()[t].members.size();
    types()[t].members.push_back(std::move(m));
    return reference(&e.value, depth, t, slot::member, place);
  }

  auto enumeration(std::uint32_t t, node const& n) -> io_result<void> {
    CAIRN_TRY(only(n, {"members", "representation"}));
    CAIRN_TRY(auto const* const r, single(n.find("representation")));
    auto const numbers = r->key == "int";
    if ((!numbers && r->key != "string") || !r->value.as_map()) return fail(schema_errc::bad_representation, r->key);
    auto& type = types()[t];
    type.how = numbers ? form::integer : form::plain;
    auto const* const members = n.find("members");
    if (!members || !members->as_list()) return fail(schema_errc::bad_form, "members");
    CAIRN_TRY(bounded(members->as_list()->size()));
    auto used = 0uz;
    for (auto const& m : *members->as_list()) {
      if (!m.as_string()) return fail(schema_errc::bad_form, "members");
      auto v = schema_type::value{.name = *m.as_string(), .text = *m.as_string()};
      if (auto const* const given = r->value.find(v.name)) {
        ++used;
        if (numbers ? !given->as_integer() : !given->as_string()) return fail(schema_errc::bad_representation, v.name);
        if (numbers) v.number = *given->as_integer();
        else v.text = *given->as_string();
      } else if (numbers) {
        return fail(schema_errc::bad_representation, v.name);
      }
      for (auto const& o : type.values)
        if (o.name == v.name || (numbers ? o.number == v.number : o.text == v.text)) return fail(schema_errc::duplicate, v.name);
      type.values.push_back(std::move(v));
    }
    if (used != r->value.as_map()->size()) return fail(schema_errc::bad_representation, "values of no member");
    return {};
  }

  auto resolve() -> io_result<void> {
    for (auto const& copy : copies_) {
      auto chain = std::vector<std::string_view>{copy.first};
      auto place = std::optional<std::uint32_t>{unresolved};
      while (place == unresolved) {
        if (chain.size() > copies_.size()) return std::unexpected(error{schema_errc::endless}.about(copy.first));
        auto const next = std::lower_bound(copies_.begin(), copies_.end(), chain.back(), [](auto const& a, auto b) { return a.first < b; });
        chain.push_back(next->second);
        place = find(out_->names, next->second);
        if (!place) return std::unexpected(error{schema_errc::unknown_type}.about(copy.first + ": " + printable(next->second)));
      }
      chain.pop_back();
      for (auto const name : chain) place_of(name) = *place;
    }
    for (auto const& w : wanted_) {
      auto const place = find(out_->names, w.name);
      if (!place) return std::unexpected(error{schema_errc::unknown_type}.about(w.at + ": " + printable(w.name)));
      set(w.type, w.where, w.part, *place);
    }
    return {};
  }

  auto place_of(std::string_view name) -> std::uint32_t& {
    return std::lower_bound(out_->names.begin(), out_->names.end(), name, [](auto const& a, auto b) { return a.first < b; })->second;
  }

  std::vector<std::pair<std::string, std::string>> copies_;  // a copy's name, and that of its source
  std::vector<std::string> layouts_;
  std::vector<wish> wanted_;
  std::shared_ptr<schema::data> out_ = std::make_shared<schema::data>();
  std::size_t preludes_ = 0;
  std::string at_;
};

CAIRN_DECL auto schema::from_node(node const& dmt) -> io_result<schema> { return schema_builder::build(dmt); }

CAIRN_DECL auto schema::find(std::string_view name) const -> std::optional<std::uint32_t> {
  auto const at = std::lower_bound(data_->names.begin(), data_->names.end(), name, [](auto const& a, std::string_view b) { return a.first < b; });
  return at != data_->names.end() && at->first == name ? std::optional{at->second} : std::nullopt;
}

}  // namespace cairn::ipld
