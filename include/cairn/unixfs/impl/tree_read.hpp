#pragma once

#include <cairn/core/try.hpp>
#include <cairn/unixfs/directory_cursor.hpp>
#include <cairn/unixfs/file_reader.hpp>
#include <cairn/unixfs/get_tree.hpp>

#include <vector>

// Reading a stored tree, entry by entry: what get_tree and write_tar share.

namespace cairn::detail {

/// An entry of a directory whose own block is at hand.
struct tree_child {
  std::string name;
  block root;
};

/// The entries of a directory, their blocks read in batches.
class tree_children {
public:
  static constexpr std::size_t batch = 64, batch_bytes = 4 * limits::MiB;
  static constexpr unsigned free_depth = 8;  // levels that may keep what they read ahead

  /// Which names are let through: one name each, or any relative path, which the caller then puts together.
  enum class names : byte { plain, relative };

  tree_children(blockstore_ref store, directory_cursor entries, names which = names::plain)
      : store_{store}, entries_{std::move(entries)}, which_{which} {}

  auto next() -> io_result<std::optional<tree_child>> {
    if (at_ == ready_.size()) CAIRN_TRY(fill());
    if (at_ == ready_.size()) return std::nullopt;
    auto& r = ready_[at_++];
    if (!r.root) {
      CAIRN_TRY(r.root, get_block(store_, r.id));
    }
    return tree_child{std::move(r.name), *std::exchange(r.root, std::nullopt)};
  }

  /// Let go of blocks read ahead; they are read again when their turn comes. What goes deep does so, to stay small.
  void trim() {
    for (auto& r : ready_) r.root.reset();
  }

private:
  auto fill() -> io_result<void> {
    ready_.clear();
    at_ = 0;
    auto found = std::vector<directory_entry>{};
    auto ids = std::vector<cid>{};
    auto bytes = std::uint64_t{0};
    while (found.size() < batch && bytes < batch_bytes) {
      CAIRN_TRY(auto e, entries_.next());
      if (!e) break;
      // hostile names never get as far as a file system or an archive (SEC-41)
      auto const& n = e->name;
      auto const relative = n == ".." || n.find('/') != n.npos;
      if (n.empty() || n == "." || (relative && which_ == names::plain) || n.find('\0') != n.npos)
        return std::unexpected(error{get_errc::bad_name}.about(n));
      // no block is larger than the tree it is the root of, if the directory tells the truth
      bytes += std::min<std::uint64_t>(e->link.tsize, limits::block);
      if (e->link.id.hash().code() != code::identity) ids.push_back(e->link.id);
      found.push_back(*std::move(e));
    }
    auto blocks = std::vector<block>{};
    if (!ids.empty()) {
      CAIRN_TRY(blocks, store_.get_many(ids));
    }
    auto from_store = blocks.begin();
    for (auto& e : found) {
      auto root = std::optional<block>{};
      if (e.link.id.hash().code() != code::identity) root = std::move(*from_store++);
      ready_.push_back({std::move(e.name), e.link.id, std::move(root)});
    }
    return {};
  }

  blockstore_ref store_;
  directory_cursor entries_;
  names which_;
  struct row {
    std::string name;
    cid id;
    std::optional<block> root;
  };
  std::vector<row> ready_;
  std::size_t at_ = 0;
};

/// What a block is the root of.
struct tree_node {
  enum class kind : byte { file, directory, symlink } what = kind::file;
  file_metadata metadata{};
  std::string target{};               // of a symlink
  std::optional<bytes_view> content;  // of a file that is this one block; it lies in the block
};

inline auto read_tree_node(block const& b) -> io_result<tree_node> {
  if (b.id().codec() == code::raw) return tree_node{tree_node::kind::file, {}, {}, b.data()};
  auto const bad = [&](auto code) { return std::unexpected(error{code}.about(to_string(b.id()))); };
  if (b.id().codec() != code::dag_pb) return bad(unixfs_errc::not_unixfs);
  auto const links = read_dag_pb(b.data());
  if (!links) return bad(links.error());
  if (!links->data()) return bad(unixfs_errc::no_data);
  auto const data = decode_unixfs(*links->data());
  if (!data) return bad(data.error());
  auto out = tree_node{tree_node::kind::file, {data->permissions(), data->mtime}, {}, {}};
  if (data->is_directory()) {
    out.what = tree_node::kind::directory;
  } else if (data->type == unixfs_type::symlink) {
    out.what = tree_node::kind::symlink;
    out.target = as_text(data->content());
    if (out.target.empty() || out.target.find('\0') != out.target.npos) return bad(get_errc::bad_target);
  } else if (data->type == unixfs_type::metadata) {
    return bad(unixfs_errc::not_a_file);
  } else if (links->link_count() == 0 && data->filesize.value_or(data->content().size()) == data->content().size()) {
    out.content = data->content();
  }
  return out;
}

}  // namespace cairn::detail
