#pragma once

#include <cairn/concept/dag_layout.hpp>

#include <new>
#include <type_traits>

namespace cairn {

/// All leaves at one depth: fit for a file that is read as a whole or by ranges.
class balanced_layout {
public:
  /// max_links  [2 ..]
  explicit constexpr balanced_layout(std::size_t max_links = 174) : max_{max_links} {}

  // the tag is the height: a node of height 1 holds leaves
  constexpr auto first_tag() const -> std::uint64_t { return 1; }
  constexpr auto above(std::uint64_t tag) const -> std::uint64_t { return tag + 1; }
  constexpr auto next(open_node top) const -> layout_step {
    if (top.children == max_) return {layout_action::close};
    return top.tag == 1 ? layout_step{layout_action::leaf} : layout_step{layout_action::open, top.tag - 1};
  }
  constexpr auto leaves_are_files() const -> bool { return true; }
  constexpr auto single_leaf_is_root() const -> bool { return true; }
  constexpr auto max_children() const -> std::size_t { return max_; }

private:
  std::size_t max_;
};

/// Leaves near the root first, then ever deeper subtrees, four of each depth: fit for a stream that starts to play at once.
class trickle_layout {
public:
  /// max_links  [1 ..] leaves directly below each node
  explicit constexpr trickle_layout(std::size_t max_links = 174) : max_{max_links} {}

  // the tag is the depth below which subtrees may be; that of the root is without bound
  constexpr auto first_tag() const -> std::uint64_t { return UINT64_MAX; }
  constexpr auto above(std::uint64_t tag) const -> std::uint64_t { return tag; }
  constexpr auto next(open_node top) const -> layout_step {
    if (top.children < max_) return {layout_action::leaf};
    auto const depth = (top.children - max_) / 4 + 1;
    return depth < top.tag ? layout_step{layout_action::open, depth} : layout_step{layout_action::close};
  }
  constexpr auto leaves_are_files() const -> bool { return false; }
  constexpr auto single_leaf_is_root() const -> bool { return false; }
  constexpr auto max_children() const -> std::size_t { return max_ + 4 * 64; }

private:
  std::size_t max_;
};

/// Any small layout by value: what options hold.
class any_layout {
public:
  template <class L>
    requires(!std::same_as<L, any_layout>) && dag_layout<L> && (std::is_trivially_copyable_v<L> && sizeof(L) <= 32 && alignof(L) <= 16)
  any_layout(L const& l) : next_{&call<L>}, first_{l.first_tag()}, above_{&up<L>}, max_{l.max_children()}, files_{l.leaves_are_files()},
                           single_{l.single_leaf_is_root()} {
    ::new (static_cast<void*>(self_)) L(l);
  }
  any_layout() : any_layout(balanced_layout{}) {}

  auto first_tag() const -> std::uint64_t { return first_; }
  auto above(std::uint64_t tag) const -> std::uint64_t { return above_(self_, tag); }
  auto next(open_node top) const -> layout_step { return next_(self_, top); }
  auto leaves_are_files() const -> bool { return files_; }
  auto single_leaf_is_root() const -> bool { return single_; }
  auto max_children() const -> std::size_t { return max_; }

private:
  template <class L>
  static auto get(byte const* self) -> L const& { return *std::launder(reinterpret_cast<L const*>(self)); }
  template <class L>
  static auto call(byte const* self, open_node top) -> layout_step { return get<L>(self).next(top); }
  template <class L>
  static auto up(byte const* self, std::uint64_t tag) -> std::uint64_t { return get<L>(self).above(tag); }

  alignas(16) byte self_[32]{};
  layout_step (*next_)(byte const*, open_node);
  std::uint64_t first_;
  std::uint64_t (*above_)(byte const*, std::uint64_t);
  std::size_t max_;
  bool files_, single_;
};

static_assert(dag_layout<balanced_layout> && dag_layout<trickle_layout> && dag_layout<any_layout>);

}  // namespace cairn
