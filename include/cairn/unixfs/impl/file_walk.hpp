#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/unixfs/data.hpp>
#include <cairn/unixfs/import_options.hpp>

#include <optional>
#include <vector>

namespace cairn::detail {

/// A block of a file, taken apart; it keeps the block.
struct file_part {
  block source;
  bytes_view content;             // own octets, before those of the children
  std::uint64_t size = 0;         // of the whole subtree
  std::optional<pb_view> links;   // where there are children
  block_sizes_view sizes;
  file_metadata metadata;
};

inline auto read_file_part(block const& b) -> io_result<file_part> {
  auto part = file_part{.source = b, .content = {}, .links = {}, .sizes = {}, .metadata = {}};
  if (b.id().codec() == code::raw) {
    part.content = part.source.data();
    part.size = part.content.size();
    return part;
  }
  if (b.id().codec() != code::dag_pb) return std::unexpected(unixfs_errc::not_unixfs);
  CAIRN_TRY(auto view, read_dag_pb(part.source.data()));
  if (!view.data()) return std::unexpected(unixfs_errc::no_data);
  CAIRN_TRY(auto data, decode_unixfs(*view.data()));
  if (data.is_directory()) return std::unexpected(unixfs_errc::is_directory);
  if (data.type != unixfs_type::file && data.type != unixfs_type::raw) return std::unexpected(unixfs_errc::not_a_file);
  if (data.block_sizes.size() != view.link_count()) return std::unexpected(unixfs_errc::sizes_differ);
  auto const children = data.block_sizes.sum();
  if (!children || *children > static_cast<std::uint64_t>(INT64_MAX) - data.content().size())
    return std::unexpected(unixfs_errc::sizes_overflow);
  part.content = data.content();
  part.size = *children + part.content.size();
  if (data.filesize && *data.filesize != part.size) return std::unexpected(unixfs_errc::wrong_filesize);
  if (view.link_count() != 0) part.links = view;
  part.sizes = data.block_sizes;
  part.metadata = {data.permissions(), data.mtime};
  return part;
}

/// The block of a CID, or the octets that the CID itself holds.
inline auto get_file_block(blockstore_ref const& store, cid const& id) -> io_result<block> {
  if (id.hash().code() == code::identity) return block_access::make(id, buffer{id.hash().digest()});
  return store.get(id);
}

/// A run of octets of the file: of a block at hand, or of a child that nobody has looked at yet (leaf or small subtree).
struct file_piece {
  cid id;
  std::uint64_t start = 0, size = 0;
  std::optional<block> source{};  // keeps `content`
  bytes_view content{};
  std::size_t depth = 0;          // of the child
};

/// A position in a file: the nodes above it, each with the child that comes next. Iterative, and no deeper than a file can be.
class file_walk {
public:
  file_walk(blockstore_ref store, file_part root, std::size_t depth = 0) : store_{store}, base_{depth} { push(std::move(root), 0); }

  auto store() const -> blockstore_ref const& { return store_; }
  auto root() const -> file_part const& { return open_.front().part; }

  /// The piece that holds `offset`, which is inside the file, comes next.
  void seek(std::uint64_t offset) {
    while (open_.size() > 1 && !(open_.back().start <= offset && offset < open_.back().end())) open_.pop_back();
    target_ = offset;
    if (auto& top = open_.back(); offset < top.next) top.rewind();
  }

  /// The next piece, in order; nothing at the end. Children of up to `unread` octets are handed out without reading them.
  auto next(std::uint64_t unread) -> io_result<std::optional<file_piece>> {
    for (;;) {
      auto& top = open_.back();
      if (!top.content_done) {
        top.content_done = true;
        auto const size = top.part.content.size();
        top.next = top.start + size;
        if (size != 0 && target_ < top.next) return file_piece{{}, top.start, size, top.part.source, top.part.content, 0};
      }
      // empty children are passed over without reading them: there may be as many as a block can name
      while (!top.at_end() && (top.child_size() == 0 || top.next + top.child_size() <= target_)) top.skip();
      if (top.at_end()) {
        if (open_.size() == 1) return std::nullopt;
        open_.pop_back();
        continue;
      }
      auto const start = top.next, size = top.child_size();
      auto const id = top.child_id();
      auto const depth = base_ + open_.size();
      top.skip();
      if (depth >= limits::unixfs_depth) return std::unexpected(unixfs_errc::too_deep);
      if (size <= unread) return file_piece{.id = id, .start = start, .size = size, .depth = depth};
      CAIRN_TRY(auto child, read_child(id, size));
      if (!child.links) return file_piece{id, start, size, child.source, child.content, depth};
      push(std::move(child), start);
    }
  }

  // the leaf that `read` is in
  std::optional<file_piece> current;

private:
  struct node {
    file_part part;
    std::uint64_t start = 0, next = 0;  // `next`: where the next piece begins
    bool content_done = false;
    std::optional<pb_view::link_iterator> link;
    block_sizes_view::iterator size;

    auto end() const -> std::uint64_t { return start + part.size; }
    auto at_end() const -> bool { return !link || *link == std::default_sentinel; }
    auto child_size() const -> std::uint64_t { return *size; }
    auto child_id() const -> cid const& { return (**link).id; }
    void skip() {
      next += *size;
      ++*link;
      ++size;
    }
    void rewind() {
      next = start;
      content_done = false;
      if (part.links) {
        link.emplace(part.links->links().begin());
        size = part.sizes.begin();
      }
    }
  };

  auto read_child(cid const& id, std::uint64_t size) -> io_result<file_part> {
    CAIRN_TRY(auto b, get_file_block(store_, id));
    CAIRN_TRY(auto child, read_file_part(b));
    if (child.size != size) return std::unexpected(error{unixfs_errc::wrong_size}.about(to_string(id)));
    return child;
  }

  void push(file_part part, std::uint64_t start) {
    open_.push_back({.part = std::move(part), .start = start, .link = {}, .size = {}});
    open_.back().rewind();
  }

  blockstore_ref store_;
  std::size_t base_;
  std::vector<node> open_;
  std::uint64_t target_ = 0;
};

}  // namespace cairn::detail
