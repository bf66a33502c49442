#pragma once

#include <cairn/ipld/selector/selector.hpp>

#include <array>

/// Selectors as types: they are checked and laid out when the program is compiled.
///
///   namespace s = cairn::ipld::select;
///   using whole = s::recursive<s::any_of<s::match<>, s::all<s::edge>>>;
///   auto walk = select_walk{blocks, root, s::program<whole>};
///
/// A type's program is the one that `selector::parse` makes of its data model form; conditions on values, which no type can
/// hold, exist at run time only.
namespace cairn::ipld::select {

/// A literal as a template argument.
template <std::size_t N>
struct literal {
  char text[N]{};
  consteval literal(char const (&t)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = t[i];
  }
  constexpr auto view() const -> std::string_view { return {text, N - 1}; }
};

namespace detail {

struct sizes {
  std::size_t ops = 0, fields = 0, members = 0, conditions = 0;
  std::size_t edges = 0;  // that belong to a recursion around this selector
  constexpr auto operator+(sizes o) const -> sizes {
    return {ops + o.ops, fields + o.fields, members + o.members, conditions + o.conditions, edges + o.edges};
  }
};

template <sizes S>
struct tables {
  std::array<selector_op, S.ops> ops{};
  std::array<selector_field, S.fields> fields{};
  std::array<std::uint32_t, S.members> members{};
  std::array<selector_condition, S.conditions> conditions{};
  std::uint32_t op_count = 0, field_count = 0, member_count = 0, condition_count = 0;

  constexpr auto add(selector_op op, std::uint32_t recursion) -> std::uint32_t {
    op.recursion = recursion;
    ops[op_count] = op;
    return op_count++;
  }
};

}  // namespace detail

/// Matches the value it is at. A label tells several matchers apart.
template <literal Label = "">
struct match {
  static constexpr auto sizes = detail::sizes{.ops = 1};
  static constexpr auto put(auto& t, std::uint32_t r) { return t.add({.what = selector_op::kind::match, .text = Label.view()}, r); }
};

/// Matches a part of a string or of bytes.
template <std::uint64_t From, std::uint64_t To>
struct subset {
  static_assert(From <= To, "select: a subset ends before it starts");
  static constexpr auto sizes = detail::sizes{.ops = 1};
  static constexpr auto put(auto& t, std::uint32_t r) {
    return t.add({.what = selector_op::kind::match, .has_subset = true, .bounds = {From, To}}, r);
  }
};

/// All items of a list, all values of a map.
template <class Next>
struct all {
  static constexpr auto sizes = detail::sizes{.ops = 1} + Next::sizes;
  static constexpr auto put(auto& t, std::uint32_t r) {
    auto const at = t.add({.what = selector_op::kind::all}, r);
    t.ops[at].next = Next::put(t, r);
    return at;
  }
};

/// One of the entries that `fields` asks for.
template <literal Name, class Next>
struct field {
  using next = Next;
  static constexpr auto name() -> std::string_view { return Name.view(); }
};

/// Some entries of a map, by their keys.
template <class... Fields>
struct fields {
  static constexpr auto sizes = (detail::sizes{.ops = 1, .fields = sizeof...(Fields)} + ... + Fields::next::sizes);
  static constexpr auto put(auto& t, std::uint32_t r) {
    auto const at = t.add({.what = selector_op::kind::fields}, r);
    auto own = std::array<selector_field, sizeof...(Fields)>{{{Fields::name(), Fields::next::put(t, r)}...}};
    t.ops[at].first = t.field_count;
    t.ops[at].count = static_cast<std::uint32_t>(own.size());
    for (auto const& f : own) t.fields[t.field_count++] = f;
    return at;
  }
};

/// The items [From, To) of a list.
template <std::uint64_t From, std::uint64_t To, class Next>
struct range {
  static_assert(From < To, "select: a range ends before it starts");
  static constexpr auto sizes = detail::sizes{.ops = 1} + Next::sizes;
  static constexpr auto put(auto& t, std::uint32_t r) {
    auto const at = t.add({.what = selector_op::kind::range, .bounds = {From, To}}, r);
    t.ops[at].next = Next::put(t, r);
    return at;
  }
};

/// One item of a list.
template <std::uint64_t At, class Next>
struct index {
  static constexpr auto sizes = detail::sizes{.ops = 1} + Next::sizes;
  static constexpr auto put(auto& t, std::uint32_t r) {
    auto const at = t.add({.what = selector_op::kind::index, .bounds = {At, At + 1}}, r);
    t.ops[at].next = Next::put(t, r);
    return at;
  }
};

/// Where the recursion around it begins anew.
struct edge {
  static constexpr auto sizes = detail::sizes{.ops = 1, .edges = 1};
  static constexpr auto put(auto& t, std::uint32_t r) { return t.add({.what = selector_op::kind::edge}, r); }
};

/// Follows a sequence of selectors again and again, at most Depth times.
template <class Sequence, std::uint64_t Depth = selector_op::unlimited>
struct recursive {
  static_assert(Sequence::sizes.edges > 0, "select: a recursion needs an edge inside of it");
  static constexpr auto sizes = [] {
    auto s = detail::sizes{.ops = 1} + Sequence::sizes;
    s.edges = 0;
    return s;
  }();
  static constexpr auto put(auto& t, std::uint32_t r) {
    auto const at = t.add({.what = selector_op::kind::recursive, .depth = Depth}, r);
    t.ops[at].next = Sequence::put(t, at);
    return at;
  }
};

/// Several selectors at once.
template <class... Members>
struct any_of {
  static constexpr auto sizes = (detail::sizes{.ops = 1, .members = sizeof...(Members)} + ... + Members::sizes);
  static constexpr auto put(auto& t, std::uint32_t r) {
    auto const at = t.add({.what = selector_op::kind::any_of}, r);
    auto own = std::array<std::uint32_t, sizeof...(Members)>{Members::put(t, r)...};
    t.ops[at].first = t.member_count;
    t.ops[at].count = static_cast<std::uint32_t>(own.size());
    for (auto const m : own) t.members[t.member_count++] = m;
    return at;
  }
};

/// Goes on only where the value is of a kind.
template <kind Kind, class Next>
struct when {
  static constexpr auto sizes = detail::sizes{.ops = 1, .conditions = 1} + Next::sizes;
  static constexpr auto put(auto& t, std::uint32_t r) {
    t.conditions[t.condition_count] = {.what = selector_condition::kind::has_kind, .kind_of = Kind};
    auto const at = t.add({.what = selector_op::kind::conditional, .condition = t.condition_count++}, r);
    t.ops[at].next = Next::put(t, r);
    return at;
  }
};

/// Sees the value as an advanced layout.
template <literal Layout, class Next>
struct as {
  static constexpr auto sizes = detail::sizes{.ops = 1} + Next::sizes;
  static constexpr auto put(auto& t, std::uint32_t r) {
    auto const at = t.add({.what = selector_op::kind::interpret_as, .text = Layout.view()}, r);
    t.ops[at].next = Next::put(t, r);
    return at;
  }
};

namespace detail {

template <class S>
constexpr auto table_of() {
  static_assert(S::sizes.edges == 0, "select: an edge outside of a recursion");
  static_assert(S::sizes.ops + S::sizes.conditions <= limits::selector_nodes, "select: the selector is too large");
  auto t = tables<S::sizes>{};
  S::put(t, selector_op::none);
  return t;
}

template <class S>
inline constexpr auto table = table_of<S>();

}  // namespace detail

/// The program of a selector that is a type.
template <class S>
inline constexpr auto program = selector_program{detail::table<S>.ops, detail::table<S>.fields, detail::table<S>.members, detail::table<S>.conditions};

/// Every value below the root, over all links, each a match: what fetching a whole DAG walks.
using everything = recursive<any_of<match<>, all<edge>>>;

}  // namespace cairn::ipld::select
