#pragma once

#include <cairn/core/config.hpp>
#include <cairn/ipld/fwd.hpp>
#include <cairn/ipld/integer.hpp>
#include <cairn/multiformats/cid.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// The data model. It owns the words list, map, entry, kind, so it has a namespace of its own.
namespace cairn::ipld {

enum class kind : byte { null, boolean, integer, floating, string, bytes, list, map, link };

/// The specification's name of a kind: "int", "map".
CAIRN_DECL auto to_string(kind k) -> std::string_view;

using list = std::vector<node>;

/// Entries in the order of insertion. Codecs refuse equal keys; find gives the first.
///
/// cost      find O(n)
class map {
public:
  // defined behind `entry`, which is incomplete here
  map() noexcept;
  map(std::initializer_list<entry> entries);
  map(map const&);
  map(map&&) noexcept;
  auto operator=(map const&) -> map&;
  auto operator=(map&&) noexcept -> map&;
  ~map();

  auto size() const -> std::size_t;
  auto empty() const -> bool;
  auto begin() const -> entry const*;
  auto end() const -> entry const*;
  auto begin() -> entry*;
  auto end() -> entry*;
  void reserve(std::size_t n);
  /// Behind the others; the caller knows that the key is new.
  auto append(std::string key, node value) -> node&;
  /// Replaces the value of a key, or appends.
  CAIRN_DECL auto set(std::string_view key, node value) -> node&;
  /// Whether there was such a key.
  CAIRN_DECL auto remove(std::string_view key) -> bool;
  auto find(std::string_view key) const -> node const*;
  auto find(std::string_view key) -> node*;

private:
  std::vector<entry> entries_;
};

/// One value of the data model with all that is in it. A string is octets, as deployed data has it; codecs check UTF-8.
///
/// size      40 bytes; a link is kept on the heap
/// cost      copying, comparing and destroying are loops, not recursion: any depth is safe (SEC-32)
class node {
public:
  node() = default;
  node(std::nullptr_t) {}
  template <std::same_as<bool> B>
  node(B value) : value_{std::in_place_type<bool>, value} {}
  template <std::integral I>
    requires(!std::same_as<I, bool> && !std::same_as<I, char>)
  node(I value) : value_{std::in_place_type<integer>, value} {}
  node(integer value) : value_{value} {}
  node(double value) : value_{value} {}
  node(std::string value) : value_{std::move(value)} {}
  node(std::string_view value) : value_{std::in_place_type<std::string>, value} {}
  node(char const* value) : value_{std::in_place_type<std::string>, value} {}
  node(cairn::bytes value) : value_{std::move(value)} {}
  node(list value) : value_{std::move(value)} {}
  node(map value) : value_{std::move(value)} {}
  node(cid const& value) : value_{std::make_unique<cid>(value)} {}

  CAIRN_DECL node(node const& other);
  node(node&& other) noexcept = default;
  auto operator=(node const& other) -> node& { return *this = node{other}; }
  CAIRN_DECL auto operator=(node&& other) noexcept -> node&;
  ~node() { if (has_children()) release(); }

  auto kind() const -> ipld::kind { return static_cast<ipld::kind>(value_.index()); }
  auto is_null() const -> bool { return kind() == ipld::kind::null; }

  /// The value, or nullptr where the node is of another kind.
  auto as_boolean() const -> bool const* { return std::get_if<bool>(&value_); }
  auto as_integer() const -> integer const* { return std::get_if<integer>(&value_); }
  auto as_double() const -> double const* { return std::get_if<double>(&value_); }
  auto as_string() const -> std::string const* { return std::get_if<std::string>(&value_); }
  auto as_string() -> std::string* { return std::get_if<std::string>(&value_); }
  auto as_bytes() const -> cairn::bytes const* { return std::get_if<cairn::bytes>(&value_); }
  auto as_bytes() -> cairn::bytes* { return std::get_if<cairn::bytes>(&value_); }
  auto as_list() const -> list const* { return std::get_if<list>(&value_); }
  auto as_list() -> list* { return std::get_if<list>(&value_); }
  auto as_map() const -> map const* { return std::get_if<map>(&value_); }
  auto as_map() -> map* { return std::get_if<map>(&value_); }
  auto as_link() const -> cid const* {
    auto const* const p = std::get_if<std::unique_ptr<cid>>(&value_);
    return p ? p->get() : nullptr;
  }

  /// The value of a key; nullptr where there is none or the node is no map.
  auto find(std::string_view key) const -> node const* { auto const* m = as_map(); return m ? m->find(key) : nullptr; }
  /// The item at a place; nullptr where there is none or the node is no list.
  auto at(std::size_t index) const -> node const* {
    auto const* l = as_list();
    return l && index < l->size() ? &(*l)[index] : nullptr;
  }

  /// Call `f` with nullptr, bool, integer, double, std::string, bytes, list, map or cid, each const&.
  template <class F>
  auto visit(F&& f) const -> decltype(auto) {
    return std::visit(
        [&](auto const& v) -> decltype(auto) {
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(v)>, std::monostate>)
            return f(nullptr);
          else if constexpr (std::is_same_v<std::remove_cvref_t<decltype(v)>, std::unique_ptr<cid>>)
            return f(static_cast<cid const&>(*v));
          else
            return f(v);
        },
        value_);
  }

  /// Equal values; maps may differ in the order of their entries. -0.0 and 0.0 differ.
  friend auto operator==(node const& a, node const& b) -> bool { return equals(a, b); }

private:
  auto has_children() const -> bool {
    if (auto const* l = as_list()) return !l->empty();
    if (auto const* m = as_map()) return !m->empty();
    return false;
  }
  CAIRN_DECL void release() noexcept;
  CAIRN_DECL static auto equals(node const& a, node const& b) -> bool;
  CAIRN_DECL static void copy_shallow(node const& from, node& to);

  // in the order of `kind`; a moved-from link is a null pointer, which only destruction and assignment may see
  std::variant<std::monostate, bool, integer, double, std::string, cairn::bytes, list, map, std::unique_ptr<cid>> value_;
};

/// One entry of a map.
struct entry {
  std::string key;
  node value;
};

inline map::map() noexcept = default;
inline map::map(map const&) = default;
inline map::map(map&&) noexcept = default;
inline auto map::operator=(map const&) -> map& = default;
inline auto map::operator=(map&&) noexcept -> map& = default;
inline map::~map() = default;
inline map::map(std::initializer_list<entry> entries) : entries_{entries} {}
inline auto map::size() const -> std::size_t { return entries_.size(); }
inline auto map::empty() const -> bool { return entries_.empty(); }
inline auto map::begin() const -> entry const* { return entries_.data(); }
inline auto map::end() const -> entry const* { return entries_.data() + entries_.size(); }
inline auto map::begin() -> entry* { return entries_.data(); }
inline auto map::end() -> entry* { return entries_.data() + entries_.size(); }
inline void map::reserve(std::size_t n) { entries_.reserve(n); }
inline auto map::append(std::string key, node value) -> node& {
  return entries_.emplace_back(entry{std::move(key), std::move(value)}).value;
}
inline auto map::find(std::string_view key) const -> node const* {
  for (auto const& e : entries_)
    if (e.key == key) return &e.value;
  return nullptr;
}
inline auto map::find(std::string_view key) -> node* {
  return const_cast<node*>(static_cast<map const*>(this)->find(key));
}

}  // namespace cairn::ipld

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/node.ipp>
#endif
