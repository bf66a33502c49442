#pragma once

#include <cairn/core/try.hpp>
#include <cairn/mfs/file_edit.hpp>
#include <cairn/mfs/impl/file_node.hpp>

#include <algorithm>

namespace cairn {
namespace detail {

/// What is to be appended, leaf by leaf.
class leaf_source {
public:
  leaf_source(bytes_view data, any_chunker const& chunker) : rest_{data}, chunker_{&chunker} {}
  explicit leaf_source(std::uint64_t zeros) : zeros_{zeros} {}

  auto done() const -> bool { return rest_.empty() && zeros_ == 0; }
  auto next() -> bytes_view {
    static constexpr byte page[4096]{};
    if (zeros_ != 0) {
      auto const n = std::min<std::uint64_t>(zeros_, sizeof page);
      zeros_ -= n;
      return {page, static_cast<std::size_t>(n)};
    }
    auto const n = chunker_->cut(rest_.first(std::min(rest_.size(), chunker_->max_size())));
    auto out = rest_.first(n);
    rest_ = rest_.subspan(n);
    return out;
  }

private:
  bytes_view rest_{};
  any_chunker const* chunker_ = nullptr;
  std::uint64_t zeros_ = 0;
};

class file_editor {
public:
  static constexpr std::size_t buffer_size = std::size_t{1} << 21, most_links = 174, repeat = 4;
  static constexpr int most_depth = 64;

  file_editor(blockstore_ref store, file_node root, file_edit_options options) : nodes_{store}, root_{std::move(root)}, options_{options}, prefix_{root_.prefix} {
    raw_leaves_ = options.raw_leaves.value_or(prefix_.version > 0);
  }

  auto size() const -> std::uint64_t { return buffer_.empty() ? root_.size() : std::max(root_.size(), start_ + buffer_.size()); }

  auto seek(std::uint64_t offset) -> io_result<void> {
    CAIRN_TRY(sync());
    if (offset > root_.size()) CAIRN_TRY(expand(offset - root_.size()));
    start_ = offset;
    return {};
  }

  auto write(bytes_view data) -> io_result<void> {
    append(buffer_, data);
    return buffer_.size() > buffer_size ? sync() : io_result<void>{};
  }

  auto truncate(std::uint64_t size) -> io_result<void> {
    CAIRN_TRY(sync());
    if (size == root_.size()) return {};
    if (size > root_.size()) return expand(size - root_.size());
    return cut(root_, size, 0);
  }

  auto finish() -> io_result<unixfs_link> {
    CAIRN_TRY(sync());
    auto out = std::optional<unixfs_link>{};
    if (auto const leaf = only_raw_leaf()) {
      CAIRN_TRY(auto node, nodes_.get(leaf->id));
      out = unixfs_link{leaf->id, node.own()};
    } else {
      CAIRN_TRY(out, nodes_.put(root_));
    }
    CAIRN_TRY(nodes_.flush());
    return *out;
  }

  auto only_raw_leaf() const -> pb_link const* {
    if (!raw_leaves_ || root_.raw || root_.links.size() != 1 || root_.own() != 0 || !root_.bare()) return nullptr;
    return root_.links[0].id.codec() == code::raw ? &root_.links[0] : nullptr;
  }

private:
  auto sync() -> io_result<void> {
    if (buffer_.empty()) return {};
    if (root_.size() < start_) CAIRN_TRY(expand(start_ - root_.size()));
    auto rest = bytes_view{buffer_};
    CAIRN_TRY(overwrite(root_, start_, rest, 0));
    if (!rest.empty()) {
      auto source = leaf_source{rest, options_.chunker};
      CAIRN_TRY(append_root(source));
    }
    start_ += buffer_.size();
    buffer_.clear();
    return {};
  }

  auto expand(std::uint64_t by) -> io_result<void> {
    auto source = leaf_source{by};
    return append_root(source);
  }

  // Bytes of `rest` go over what the node has from `offset` on; the node itself is not stored.
  auto overwrite(file_node& n, std::uint64_t offset, bytes_view& rest, int depth) -> io_result<void> {
    if (depth > most_depth) return std::unexpected(mfs_errc::too_deep);
    if (offset < n.own()) {
      auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), n.own() - offset));
      std::copy_n(rest.begin(), count, n.data->begin() + static_cast<std::ptrdiff_t>(offset));
      rest = rest.subspan(count);
      offset += count;
    }
    if (n.links.empty()) {
      if (n.mtime) n.mtime = options_.now;
      return {};
    }
    auto at = n.own();
    for (std::size_t i = 0; i < n.sizes.size() && !rest.empty(); ++i) {
      auto const end = at + n.sizes[i];
      if (end > offset) {
        CAIRN_TRY(auto child, nodes_.get(n.links[i].id));
        if (child.size() != n.sizes[i]) return std::unexpected(error{mfs_errc::sizes_differ}.about(to_string(n.links[i].id)));
        CAIRN_TRY(overwrite(child, offset - at, rest, depth + 1));
        CAIRN_TRY(auto link, nodes_.put(child));
        n.links[i].id = link.id;
        offset = end;
      }
      at = end;
    }
    return {};
  }

  auto cut(file_node& n, std::uint64_t size, int depth) -> io_result<void> {
    if (depth > most_depth) return std::unexpected(mfs_errc::too_deep);
    if (n.links.empty()) {
      if (size < n.own()) n.data->resize(static_cast<std::size_t>(size));
      if (n.raw) return {};
      n.filesize = size;
      if (n.mtime) n.mtime = options_.now;
      n.prefix = {0, code::dag_pb, code::sha2_256, 0};  // as Kubo names it
      return {};
    }
    if (size <= n.own() && n.own() != 0) {
      n.drop_children(0);
      n.data->resize(static_cast<std::size_t>(size));
      n.filesize = size;
      return {};
    }
    auto at = n.own();
    for (std::size_t i = 0; i < n.sizes.size(); ++i) {
      if (size < at + n.sizes[i]) {
        CAIRN_TRY(auto child, nodes_.get(n.links[i].id));
        if (child.size() != n.sizes[i]) return std::unexpected(error{mfs_errc::sizes_differ}.about(to_string(n.links[i].id)));
        CAIRN_TRY(cut(child, size - at, depth + 1));
        CAIRN_TRY(auto link, nodes_.put(child));
        n.drop_children(i);
        n.add_child(link.id, link.tsize, size - at);
        return {};
      }
      at += n.sizes[i];
    }
    return std::unexpected(mfs_errc::sizes_differ);
  }

  // --- the trickle layout, as it goes on from what is there

  auto leaf(leaf_source& from) -> io_result<std::pair<unixfs_link, std::uint64_t>> {
    auto const data = from.next();
    auto n = file_node{.raw = raw_leaves_, .prefix = prefix_, .type = unixfs_type::raw, .data = bytes(data.begin(), data.end())};
    if (!n.raw) n.filesize = data.size();
    CAIRN_TRY(auto link, nodes_.put(n));
    return std::pair{link, std::uint64_t{data.size()}};
  }

  auto fill_layer(file_node& n, leaf_source& from) -> io_result<void> {
    while (n.links.size() < most_links && !from.done()) {
      CAIRN_TRY(auto made, leaf(from));
      n.add_child(made.first.id, made.first.tsize, made.second);
    }
    return {};
  }

  auto add_subtree(file_node& n, leaf_source& from, int depth) -> io_result<void> {
    auto child = file_node{.prefix = prefix_};
    child.filesize = 0;
    CAIRN_TRY(fill(child, from, depth));
    CAIRN_TRY(auto link, nodes_.put(child));
    n.add_child(link.id, link.tsize, child.size());
    return {};
  }

  auto fill(file_node& n, leaf_source& from, int most) -> io_result<void> {
    CAIRN_TRY(fill_layer(n, from));
    for (auto depth = 1; depth < most && !from.done(); ++depth)
      for (auto i = 0uz; i < repeat && !from.done(); ++i) CAIRN_TRY(add_subtree(n, from, depth));
    return {};
  }

  static auto depth_of(file_node const& n) -> std::pair<int, std::size_t> {
    if (n.links.size() < most_links) return {0, 0};
    auto const subtrees = n.links.size() - most_links;
    return {static_cast<int>(subtrees / repeat) + 1, subtrees % repeat};
  }

  auto append_root(leaf_source& from) -> io_result<void> {
    auto const outer = raw_leaves_;
    if (root_.raw) {
      // the block becomes the first leaf of a file, whose other leaves are raw too
      auto file = file_node{.prefix = prefix_};
      file.filesize = 0;
      CAIRN_TRY(auto link, nodes_.put(root_));
      file.add_child(link.id, link.tsize, root_.size());
      root_ = std::move(file);
      raw_leaves_ = true;
    }
    auto done = append_to_root(from);
    raw_leaves_ = outer;
    return done;
  }

  auto append_to_root(leaf_source& from) -> io_result<void> {
    auto [depth, nth] = depth_of(root_);
    if (depth == 0) {
      CAIRN_TRY(fill_layer(root_, from));
      if (from.done()) {
        if (root_.mtime) root_.mtime = options_.now;
        return {};
      }
      ++depth;
    }
    CAIRN_TRY(fill_last(root_, from, depth - 1, nth, 0));
    if (!from.done()) ++depth;
    for (; !from.done(); ++depth)
      for (auto i = 0uz; i < repeat && !from.done(); ++i) CAIRN_TRY(add_subtree(root_, from, depth));
    return {};
  }

  auto fill_last(file_node& n, leaf_source& from, int depth, std::size_t nth, int level) -> io_result<void> {
    if (level > most_depth) return std::unexpected(mfs_errc::too_deep);
    if (n.links.size() <= most_links) return {};
    CAIRN_TRY(auto last, nodes_.get(n.links.back().id));
    if (last.raw) return std::unexpected(error{mfs_errc::not_unixfs}.about(to_string(n.links.back().id)));
    CAIRN_TRY(append_below(last, from, depth - 1, level + 1));
    CAIRN_TRY(auto link, nodes_.put(last));
    n.drop_children(n.links.size() - 1);
    n.add_child(link.id, link.tsize, last.size());
    if (nth != 0)
      for (; nth < repeat && !from.done(); ++nth) CAIRN_TRY(add_subtree(n, from, depth));
    return {};
  }

  auto append_below(file_node& n, leaf_source& from, int most, int level) -> io_result<void> {
    if (most == 0 || from.done()) return {};
    auto [depth, nth] = depth_of(n);
    if (depth == 0) {
      CAIRN_TRY(fill_layer(n, from));
      ++depth;
    }
    if (depth == most) return {};
    CAIRN_TRY(fill_last(n, from, depth, nth, level));
    if (!from.done()) ++depth;
    for (; depth < most && !from.done(); ++depth)
      for (auto i = 0uz; i < repeat && !from.done(); ++i) CAIRN_TRY(add_subtree(n, from, depth));
    return {};
  }

  node_batch nodes_;
  file_node root_;
  file_edit_options options_;
  cid_prefix prefix_;
  bool raw_leaves_ = false;
  bytes buffer_;
  std::uint64_t start_ = 0;
};

}  // namespace detail

CAIRN_DECL file_edit::file_edit(std::unique_ptr<detail::file_editor> editor) : editor_{std::move(editor)} {}
CAIRN_DECL file_edit::file_edit(file_edit&&) noexcept = default;
CAIRN_DECL file_edit::~file_edit() = default;

CAIRN_DECL auto file_edit::open(blockstore_ref store, cid const& root, file_edit_options options) -> io_result<file_edit> {
  CAIRN_TRY(auto b, get_block(store, root));
  CAIRN_TRY(auto node, detail::read_file_node(b));
  if (node.type == unixfs_type::symlink) return std::unexpected(mfs_errc::is_symlink);
  if (!node.raw && node.type != unixfs_type::file && node.type != unixfs_type::raw) return std::unexpected(mfs_errc::not_a_file);
  return file_edit{std::make_unique<detail::file_editor>(store, std::move(node), options)};
}

CAIRN_DECL auto file_edit::create(blockstore_ref store, unsigned cid_version, std::uint64_t hash, file_edit_options options) -> file_edit {
  auto node = detail::file_node{.prefix = {cid_version, code::dag_pb, hash, 0}};
  node.filesize = 0;
  return file_edit{std::make_unique<detail::file_editor>(store, std::move(node), options)};
}

CAIRN_DECL auto file_edit::size() const -> std::uint64_t { return editor_->size(); }
CAIRN_DECL auto file_edit::truncate(std::uint64_t size) -> io_result<void> { return editor_->truncate(size); }
CAIRN_DECL auto file_edit::seek(std::uint64_t offset) -> io_result<void> { return editor_->seek(offset); }
CAIRN_DECL auto file_edit::write(bytes_view data) -> io_result<void> { return editor_->write(data); }
CAIRN_DECL auto file_edit::finish() -> io_result<unixfs_link> { return editor_->finish(); }

CAIRN_DECL auto with_metadata(blockstore_ref store, cid const& file, std::optional<std::uint32_t> mode, std::optional<unixfs_time> mtime)
    -> io_result<unixfs_link> {
  auto nodes = detail::node_batch{store};
  CAIRN_TRY(auto node, nodes.get(file));
  if (node.raw) {
    node.raw = false;
    node.prefix = {0, code::dag_pb, code::sha2_256, 0};  // as Kubo names it
    node.filesize = node.own();
  }
  if (mode) {
    auto const bits = (node.mode.value_or(0) & 0xfffff000u) | (*mode & 0xfffu);
    node.mode = bits == 0 ? std::nullopt : std::optional{bits};
  }
  if (mtime) node.mtime = mtime;
  CAIRN_TRY(auto link, nodes.put(node));
  CAIRN_TRY(nodes.flush());
  return link;
}

CAIRN_DECL auto flushed_file(blockstore_ref store, unixfs_link const& file, file_edit_options const& options) -> io_result<unixfs_link> {
  if (file.id.codec() == code::raw) return file;
  CAIRN_TRY(auto b, get_block(store, file.id));
  CAIRN_TRY(auto node, detail::read_file_node(b));
  if (node.type == unixfs_type::symlink) return std::unexpected(mfs_errc::is_symlink);
  auto const editor = detail::file_editor{store, std::move(node), options};
  auto const* const leaf = editor.only_raw_leaf();
  if (!leaf) return file;
  CAIRN_TRY(auto size, get_block(store, leaf->id));
  return unixfs_link{leaf->id, size.data().size()};
}

}  // namespace cairn
