#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/unixfs/data.hpp>
#include <cairn/unixfs/import_options.hpp>

#include <vector>

namespace cairn::detail {

/// A finished subtree, as its parent sees it.
struct file_tree_link {
  cid id;
  std::uint64_t file_size = 0;
  std::uint64_t dag_size = 0;
};

/// The nodes above the leaves, built while leaves arrive: links are encoded as they come, so a node is bytes at once.
/// Buffers are kept from file to file.
class file_tree {
public:
  void reset(any_layout const& layout) {
    layout_ = layout;
    open_ = leaves_ = nodes_ = 0;
  }

  auto leaves() const -> std::uint64_t { return leaves_; }
  auto nodes() const -> std::uint64_t { return nodes_; }

  /// emit  (bytes_view node) -> io_result<cid>, names and keeps a node
  template <class Emit>
  auto add_leaf(file_tree_link const& leaf, Emit&& emit) -> io_result<void> {
    if (leaves_++ == 0) open(layout_.first_tag());
    for (;;) {
      auto const step = layout_.next({top().sizes.size(), top().tag});
      if (step.action == layout_action::leaf) break;
      if (step.action == layout_action::open) {
        open(step.tag);
        continue;
      }
      auto const tag = top().tag;
      CAIRN_TRY(auto closed, close({}, emit));
      if (open_ == 0) open(layout_.above(tag));
      append_child(closed);
    }
    append_child(leaf);
    last_leaf_ = leaf;
    return {};
  }

  /// Close what is open; the root carries the metadata. There is at least one leaf.
  template <class Emit>
  auto finish(file_metadata const& metadata, Emit&& emit) -> io_result<file_tree_link> {
    if (leaves_ == 1 && layout_.single_leaf_is_root()) return last_leaf_;
    while (open_ > 1) {
      CAIRN_TRY(auto closed, close({}, emit));
      append_child(closed);
    }
    return close(metadata, emit);
  }

private:
  struct node {
    std::uint64_t tag = 0, dag_size = 0, file_size = 0;
    std::vector<std::uint64_t> sizes;
    bytes links;
  };

  auto top() -> node& { return stack_[open_ - 1]; }

  void open(std::uint64_t tag) {
    if (open_ == stack_.size()) stack_.emplace_back();
    auto& n = stack_[open_++];
    n.tag = tag;
    n.dag_size = n.file_size = 0;
    n.sizes.clear();
    n.links.clear();
  }

  void append_child(file_tree_link const& child) {
    auto& n = top();
    append_dag_pb_link(n.links, {.id = child.id, .name = {}, .tsize = child.dag_size});
    n.sizes.push_back(child.file_size);
    n.file_size += child.file_size;
    n.dag_size += child.dag_size;
  }

  template <class Emit>
  auto close(file_metadata const& metadata, Emit&& emit) -> io_result<file_tree_link> {
    auto& n = top();
    auto fields = unixfs_fields{.type = unixfs_type::file, .filesize = n.file_size, .block_sizes = n.sizes, .mtime = metadata.mtime};
    if (metadata.mode != 0) fields.mode = metadata.mode;
    data_.clear();
    append_unixfs(data_, fields);
    append_dag_pb_data(n.links, data_);
    CAIRN_TRY(auto id, emit(bytes_view{n.links}));
    --open_;
    ++nodes_;
    return file_tree_link{id, n.file_size, n.dag_size + n.links.size()};
  }

  any_layout layout_;
  std::vector<node> stack_;
  std::size_t open_ = 0;
  std::uint64_t leaves_ = 0, nodes_ = 0;
  file_tree_link last_leaf_;
  bytes data_;
};

}  // namespace cairn::detail
