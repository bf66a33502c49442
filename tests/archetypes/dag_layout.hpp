#pragma once
// The smallest model of the concept: what generic code may rely on, and nothing more.

#include <cairn/concept/dag_layout.hpp>

namespace cairn::archetypes {

/// A leaning tree: a full node becomes the first child of a new root, whose other children are leaves.
struct dag_layout {
  auto first_tag() const -> std::uint64_t { return 0; }
  auto above(std::uint64_t tag) const -> std::uint64_t { return tag; }
  auto next(open_node top) const -> layout_step { return {top.children < max_children() ? layout_action::leaf : layout_action::close}; }
  auto leaves_are_files() const -> bool { return true; }
  auto single_leaf_is_root() const -> bool { return false; }
  auto max_children() const -> std::size_t { return 40; }
};

static_assert(cairn::dag_layout<dag_layout>);

}  // namespace cairn::archetypes
