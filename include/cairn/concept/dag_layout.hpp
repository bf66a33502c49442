#pragma once

#include <cairn/core/bytes.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>

/// The shape of the tree above the leaves of a file.
///
/// Leaves arrive one by one, and nodes stand open on a stack, the root at the bottom. For every leaf the layout is asked,
/// again and again, what to do at the top of the stack until it answers `leaf`; what is open at the end is closed from the top.
///   leaf        the leaf becomes the next child of the top
///   open(tag)   a new node is put on top; once closed it is the next child of the one below
///   close       the top is full: it becomes a child of the one below, or, where it is the root, the first child of a new
///               root with the tag above(its tag)
/// `tag` is the layout's own (a depth, a budget). `first_tag()` is that of the first root.
/// `leaves_are_files()`: wrapped leaves have the UnixFS type File, else Raw.
/// `single_leaf_is_root()`: a file of one leaf has no node above it.
///
/// Laws (tests/laws/dag_layout.hpp)
///   L1  next is a pure function
///   L2  no node without children is closed, and for every leaf `leaf` comes after finitely many steps
///   L3  a node has at most max_children() children
///   L4  the leaves of the tree, from left to right, are those of the file, in order
/// Models: balanced_layout · trickle_layout · any_layout
namespace cairn {

/// A node that still takes children.
struct open_node {
  std::size_t children = 0;
  std::uint64_t tag = 0;
};

enum class layout_action : byte { leaf, open, close };

struct layout_step {
  layout_action action = layout_action::leaf;
  std::uint64_t tag = 0;  ///< of `open`
};

template <class L>
concept dag_layout = std::copyable<L> && requires(L const& l, open_node top, std::uint64_t tag) {
  { l.first_tag() } -> std::same_as<std::uint64_t>;
  { l.above(tag) } -> std::same_as<std::uint64_t>;
  { l.next(top) } -> std::same_as<layout_step>;
  { l.leaves_are_files() } -> std::same_as<bool>;
  { l.single_leaf_is_root() } -> std::same_as<bool>;
  { l.max_children() } -> std::same_as<std::size_t>;
};

}  // namespace cairn
