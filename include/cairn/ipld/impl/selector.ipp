#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/selector/selector.hpp>

#include <algorithm>
#include <array>
#include <deque>

namespace cairn::ipld {

struct selector::storage {
  std::vector<selector_op> ops;
  std::vector<selector_field> fields;
  std::vector<std::uint32_t> members;
  std::vector<selector_condition> conditions;
  std::deque<std::string> texts;  // what the views refer to
  std::deque<node> values;
};

class selector_parser {
public:
  static auto parse(node const& n) -> result<selector, selector_errc> {
    auto const* const envelope = n.as_map() && n.as_map()->size() == 1 ? n.find("selector") : nullptr;
    auto p = selector_parser{};
    CAIRN_TRY(p.op(envelope ? *envelope : n, selector_op::none, 0));
    return selector{std::move(p.out_)};
  }

private:
  using op_kind = selector_op::kind;
  using place = result<std::uint32_t, selector_errc>;

  static auto single(node const& n) -> entry const* {
    auto const* const m = n.as_map();
    return m && m->size() == 1 ? m->begin() : nullptr;
  }

  static auto only_fields(node const& n, std::initializer_list<std::string_view> known) -> result<void, selector_errc> {
    if (!n.as_map()) return std::unexpected(selector_errc::wrong_kind);
    for (auto const& e : *n.as_map())
      if (std::find(known.begin(), known.end(), e.key) == known.end()) return std::unexpected(selector_errc::unknown_field);
    return {};
  }

  static auto need(node const& n, std::string_view name) -> result<node const*, selector_errc> {
    auto const* const value = n.find(name);
    if (!value) return std::unexpected(selector_errc::missing_field);
    return value;
  }

  static auto number(node const& n) -> result<std::uint64_t, selector_errc> {
    auto const* const i = n.as_integer();
    if (!i) return std::unexpected(selector_errc::wrong_kind);
    // as a signed number of 64 bits, which is what deployed readers hold it in
    auto const v = i->to_int64();
    if (!v || *v < 0) return std::unexpected(selector_errc::bad_range);
    return static_cast<std::uint64_t>(*v);
  }

  auto text(std::string const& s) -> std::string_view { return out_->texts.emplace_back(s); }

  auto count() -> result<void, selector_errc> {
    if (++size_ > limits::selector_nodes) return std::unexpected(selector_errc::too_large);
    return {};
  }

  auto op(node const& n, std::uint32_t recursion, std::size_t depth) -> place {
    static constexpr std::array<std::string_view, 10> names{".", "a", "f", "i", "r", "R", "|", "&", "@", "~"};
    if (depth >= limits::selector_depth) return std::unexpected(selector_errc::too_large);
    CAIRN_TRY(count());
    auto const* const e = single(n);
    if (!e) return std::unexpected(selector_errc::not_a_selector);
    auto const name = std::find(names.begin(), names.end(), e->key);
    if (name == names.end()) return std::unexpected(selector_errc::unknown_member);
    auto const at = static_cast<std::uint32_t>(out_->ops.size());
    out_->ops.push_back({.what = static_cast<op_kind>(name - names.begin()), .recursion = recursion});
    CAIRN_TRY(body(at, e->value, depth));
    return at;
  }

  auto next(std::uint32_t at, node const& n, std::string_view name, std::uint32_t recursion, std::size_t depth) -> result<void, selector_errc> {
    CAIRN_TRY(auto const* const value, need(n, name));
    CAIRN_TRY(auto const to, op(*value, recursion, depth + 1));
    out_->ops[at].next = to;
    return {};
  }

  auto body(std::uint32_t at, node const& n, std::size_t depth) -> result<void, selector_errc> {
    auto const recursion = out_->ops[at].recursion;
    switch (out_->ops[at].what) {
      case op_kind::match: return match(at, n);
      case op_kind::all: {
        CAIRN_TRY(only_fields(n, {">"}));
        return next(at, n, ">", recursion, depth);
      }
      case op_kind::fields: return fields(at, n, depth);
      case op_kind::index: {
        CAIRN_TRY(only_fields(n, {"i", ">"}));
        CAIRN_TRY(auto const* const place, need(n, "i"));
        CAIRN_TRY(auto const i, number(*place));
        out_->ops[at].bounds = {i, i + 1};
        return next(at, n, ">", recursion, depth);
      }
      case op_kind::range: {
        CAIRN_TRY(only_fields(n, {"^", "$", ">"}));
        CAIRN_TRY(out_->ops[at].bounds, bounds(n, "^", "$"));
        if (out_->ops[at].bounds.from == out_->ops[at].bounds.to) return std::unexpected(selector_errc::bad_range);
        return next(at, n, ">", recursion, depth);
      }
      case op_kind::recursive: return recursive(at, n, depth);
      case op_kind::any_of: return any_of(at, n, depth);
      case op_kind::conditional: {
        CAIRN_TRY(only_fields(n, {"&", ">"}));
        CAIRN_TRY(auto const* const c, need(n, "&"));
        CAIRN_TRY(out_->ops[at].condition, condition(*c, 0));
        return next(at, n, ">", recursion, depth);
      }
      case op_kind::edge: {
        CAIRN_TRY(only_fields(n, {}));
        if (recursion == selector_op::none) return std::unexpected(selector_errc::edge_outside);
        ++edges_.back();
        return {};
      }
      case op_kind::interpret_as: {
        CAIRN_TRY(only_fields(n, {"as", ">"}));
        CAIRN_TRY(auto const* const as, need(n, "as"));
        if (!as->as_string()) return std::unexpected(selector_errc::wrong_kind);
        out_->ops[at].text = text(*as->as_string());
        return next(at, n, ">", recursion, depth);
      }
    }
    return std::unexpected(selector_errc::unknown_member);
  }

  static auto bounds(node const& n, std::string_view from, std::string_view to) -> result<slice, selector_errc> {
    CAIRN_TRY(auto const* const a, need(n, from));
    CAIRN_TRY(auto const* const b, need(n, to));
    auto s = slice{};
    CAIRN_TRY(s.from, number(*a));
    CAIRN_TRY(s.to, number(*b));
    if (s.from > s.to) return std::unexpected(selector_errc::bad_range);
    return s;
  }

  // bounds below zero are counted from the end, as deployed readers do
  static auto offsets(node const& n) -> result<slice, selector_errc> {
    CAIRN_TRY(auto const* const a, need(n, "["));
    CAIRN_TRY(auto const* const b, need(n, "]"));
    if (!a->as_integer() || !b->as_integer()) return std::unexpected(selector_errc::wrong_kind);
    auto const from = a->as_integer()->to_int64(), to = b->as_integer()->to_int64();
    if (!from || !to || (*to >= 0 && *from > *to)) return std::unexpected(selector_errc::bad_range);
    return slice{static_cast<std::uint64_t>(*from), static_cast<std::uint64_t>(*to)};
  }

  auto match(std::uint32_t at, node const& n) -> result<void, selector_errc> {
    CAIRN_TRY(only_fields(n, {"onlyIf", "label", "subset"}));
    if (auto const* const c = n.find("onlyIf")) {
      CAIRN_TRY(out_->ops[at].condition, condition(*c, 0));
    }
    if (auto const* const label = n.find("label")) {
      if (!label->as_string()) return std::unexpected(selector_errc::wrong_kind);
      out_->ops[at].text = text(*label->as_string());
    }
    if (auto const* const subset = n.find("subset")) {
      CAIRN_TRY(only_fields(*subset, {"[", "]"}));
      CAIRN_TRY(out_->ops[at].bounds, offsets(*subset));
      out_->ops[at].has_subset = true;
    }
    return {};
  }

  auto fields(std::uint32_t at, node const& n, std::size_t depth) -> result<void, selector_errc> {
    CAIRN_TRY(only_fields(n, {"f>"}));
    CAIRN_TRY(auto const* const map, need(n, "f>"));
    if (!map->as_map()) return std::unexpected(selector_errc::wrong_kind);
    auto own = std::vector<selector_field>{};
    for (auto const& e : *map->as_map()) {
      CAIRN_TRY(auto const to, op(e.value, out_->ops[at].recursion, depth + 1));
      own.push_back({text(e.key), to});
    }
    out_->ops[at].first = static_cast<std::uint32_t>(out_->fields.size());
    out_->ops[at].count = static_cast<std::uint32_t>(own.size());
    out_->fields.insert(out_->fields.end(), own.begin(), own.end());
    return {};
  }

  auto any_of(std::uint32_t at, node const& n, std::size_t depth) -> result<void, selector_errc> {
    if (!n.as_list()) return std::unexpected(selector_errc::wrong_kind);
    auto own = std::vector<std::uint32_t>{};
    for (auto const& item : *n.as_list()) {
      CAIRN_TRY(auto const to, op(item, out_->ops[at].recursion, depth + 1));
      own.push_back(to);
    }
    keep(own, out_->ops[at].first, out_->ops[at].count);
    return {};
  }

  auto recursive(std::uint32_t at, node const& n, std::size_t depth) -> result<void, selector_errc> {
    CAIRN_TRY(only_fields(n, {"l", ":>", "!"}));
    CAIRN_TRY(auto const* const limit, need(n, "l"));
    auto const* const how = single(*limit);
    if (!how) return std::unexpected(selector_errc::wrong_kind);
    if (how->key == "depth") {
      CAIRN_TRY(out_->ops[at].depth, number(how->value));
    } else if (how->key != "none") {
      return std::unexpected(selector_errc::unknown_member);
    } else {
      CAIRN_TRY(only_fields(how->value, {}));
    }
    if (auto const* const stop = n.find("!")) {
      CAIRN_TRY(out_->ops[at].condition, condition(*stop, 0));
    }
    edges_.push_back(0);
    CAIRN_TRY(next(at, n, ":>", at, depth));
    auto const edges = edges_.back();
    edges_.pop_back();
    if (edges == 0) return std::unexpected(selector_errc::no_edge);
    return {};
  }

  auto condition(node const& n, std::size_t depth) -> place {
    static constexpr std::array<std::string_view, 8> names{"hasField", "=", "%", "/", "greaterThan", "lessThan", "and", "or"};
    if (depth >= limits::selector_depth) return std::unexpected(selector_errc::too_large);
    CAIRN_TRY(count());
    auto const* const e = single(n);
    if (!e) return std::unexpected(selector_errc::wrong_kind);
    auto const name = std::find(names.begin(), names.end(), e->key);
    if (name == names.end()) return std::unexpected(selector_errc::unknown_member);
    using condition_kind = selector_condition::kind;
    auto c = selector_condition{.what = static_cast<condition_kind>(name - names.begin())};
    auto const& v = e->value;
    switch (c.what) {
      case condition_kind::has_field:
        if (!v.as_string()) return std::unexpected(selector_errc::wrong_kind);
        c.text = text(*v.as_string());
        break;
      case condition_kind::has_value: c.value = &out_->values.emplace_back(v); break;
      case condition_kind::has_kind: {
        if (!v.as_string()) return std::unexpected(selector_errc::wrong_kind);
        auto k = 0;
        while (k <= static_cast<int>(kind::link) && to_string(static_cast<kind>(k)) != *v.as_string()) ++k;
        if (k > static_cast<int>(kind::link)) return std::unexpected(selector_errc::unknown_member);
        c.kind_of = static_cast<kind>(k);
        break;
      }
      case condition_kind::is_link:
        if (!v.as_link()) return std::unexpected(selector_errc::wrong_kind);
        c.value = &out_->values.emplace_back(v);
        break;
      case condition_kind::greater_than:
      case condition_kind::less_than:
        if (!v.as_integer() && !v.as_double()) return std::unexpected(selector_errc::wrong_kind);
        c.value = &out_->values.emplace_back(v);
        break;
      case condition_kind::all_of:
      case condition_kind::any_of:
        if (!v.as_list()) return std::unexpected(selector_errc::wrong_kind);
        CAIRN_TRY(parts(c, *v.as_list(), depth));
        break;
    }
    out_->conditions.push_back(std::move(c));
    return static_cast<std::uint32_t>(out_->conditions.size() - 1);
  }

  auto parts(selector_condition& c, list const& items, std::size_t depth) -> result<void, selector_errc> {
    auto own = std::vector<std::uint32_t>{};
    for (auto const& item : items) {
      CAIRN_TRY(auto const at, condition(item, depth + 1));
      own.push_back(at);
    }
    keep(own, c.first, c.count);
    return {};
  }

  /// A list of places in the program.
  void keep(std::vector<std::uint32_t> const& own, std::uint32_t& first, std::uint32_t& count) {
    first = static_cast<std::uint32_t>(out_->members.size());
    count = static_cast<std::uint32_t>(own.size());
    out_->members.insert(out_->members.end(), own.begin(), own.end());
  }

  std::shared_ptr<selector::storage> out_ = std::make_shared<selector::storage>();
  std::vector<std::size_t> edges_;  // of the recursions around this place
  std::size_t size_ = 0;
};

CAIRN_DECL auto selector::parse(node const& n) -> result<selector, selector_errc> { return selector_parser::parse(n); }

CAIRN_DECL auto selector::program() const -> selector_program {
  return {storage_->ops, storage_->fields, storage_->members, storage_->conditions};
}

namespace detail {

inline auto selector_less(node const& a, node const& b) -> bool {
  if (a.as_integer() && b.as_integer()) return *a.as_integer() < *b.as_integer();
  return a.as_double() && b.as_double() && *a.as_double() < *b.as_double();
}

inline auto condition_node(selector_program const& p, std::uint32_t at) -> node {
  using condition_kind = selector_condition::kind;
  auto const& c = p.conditions[at];
  auto const parts = [&] {
    auto out = list{};
    for (auto const part : p.members.subspan(c.first, c.count)) out.push_back(condition_node(p, part));
    return out;
  };
  switch (c.what) {
    case condition_kind::has_field: return map{{"hasField", c.text}};
    case condition_kind::has_value: return map{{"=", *c.value}};
    case condition_kind::has_kind: return map{{"%", to_string(c.kind_of)}};
    case condition_kind::is_link: return map{{"/", *c.value}};
    case condition_kind::greater_than: return map{{"greaterThan", *c.value}};
    case condition_kind::less_than: return map{{"lessThan", *c.value}};
    case condition_kind::all_of: return map{{"and", parts()}};
    case condition_kind::any_of: return map{{"or", parts()}};
  }
  return nullptr;
}

// the nesting is bounded where the program was made
inline auto selector_node(selector_program const& p, std::uint32_t at) -> node {
  using op_kind = selector_op::kind;
  auto const& op = p.ops[at];
  auto const next = [&] { return selector_node(p, op.next); };
  auto body = map{};
  switch (op.what) {
    case op_kind::match:
      if (op.condition != selector_op::none) body.append("onlyIf", condition_node(p, op.condition));
      if (!op.text.empty()) body.append("label", op.text);
      if (op.has_subset) body.append("subset", map{{"[", static_cast<std::int64_t>(op.bounds.from)}, {"]", static_cast<std::int64_t>(op.bounds.to)}});
      return map{{".", std::move(body)}};
    case op_kind::all: return map{{"a", map{{">", next()}}}};
    case op_kind::fields:
      for (auto const& f : p.fields.subspan(op.first, op.count)) body.append(std::string{f.name}, selector_node(p, f.next));
      return map{{"f", map{{"f>", std::move(body)}}}};
    case op_kind::index: return map{{"i", map{{"i", op.bounds.from}, {">", next()}}}};
    case op_kind::range: return map{{"r", map{{"^", op.bounds.from}, {"$", op.bounds.to}, {">", next()}}}};
    case op_kind::recursive:
      body.append("l", op.depth == selector_op::unlimited ? node{map{{"none", map{}}}} : node{map{{"depth", op.depth}}});
      body.append(":>", next());
      if (op.condition != selector_op::none) body.append("!", condition_node(p, op.condition));
      return map{{"R", std::move(body)}};
    case op_kind::any_of: {
      auto members = list{};
      for (auto const m : p.members.subspan(op.first, op.count)) members.push_back(selector_node(p, m));
      return map{{"|", std::move(members)}};
    }
    case op_kind::conditional: return map{{"&", map{{"&", condition_node(p, op.condition)}, {">", next()}}}};
    case op_kind::edge: return map{{"@", map{}}};
    case op_kind::interpret_as: return map{{"~", map{{"as", op.text}, {">", next()}}}};
  }
  return nullptr;
}

}  // namespace detail

CAIRN_DECL auto to_node(selector_program const& p) -> node { return detail::selector_node(p, 0); }

CAIRN_DECL auto holds(selector_program const& p, std::uint32_t condition, node const& value) -> bool {
  using condition_kind = selector_condition::kind;
  auto const& c = p.conditions[condition];
  auto const parts = p.members.subspan(c.first, c.count);
  auto const part_holds = [&](std::uint32_t part) { return holds(p, part, value); };
  switch (c.what) {
    case condition_kind::has_field: return value.find(c.text) != nullptr;
    case condition_kind::has_value: return value == *c.value;
    case condition_kind::has_kind: return value.kind() == c.kind_of;
    case condition_kind::is_link: return value.as_link() && *value.as_link() == *c.value->as_link();
    case condition_kind::greater_than: return detail::selector_less(*c.value, value);
    case condition_kind::less_than: return detail::selector_less(value, *c.value);
    case condition_kind::all_of: return std::all_of(parts.begin(), parts.end(), part_holds);
    case condition_kind::any_of: return std::any_of(parts.begin(), parts.end(), part_holds);
  }
  return false;
}

}  // namespace cairn::ipld
