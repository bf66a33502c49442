#pragma once

#include <cairn/core/try.hpp>
#include <cairn/unixfs/get_tree.hpp>
#include <cairn/unixfs/impl/tree_read.hpp>
#include <cairn/unixfs/tar_writer.hpp>

namespace cairn {
namespace detail {

class tree_archiver {
public:
  tree_archiver(blockstore_ref store, std::string_view root, sink_ref out, unixfs_time const& when, get_listener* listener)
      : store_{store}, root_{root}, tar_{out}, when_{when}, listener_{listener} {}

  auto put(block const& b, std::string const& name, unsigned depth) -> io_result<void> {
    if (listener_ && listener_->stopped()) return std::unexpected(get_errc::stopped);
    CAIRN_TRY(auto const node, read_tree_node(b));
    auto entry = tar_entry{.name = name, .mtime = node.metadata.mtime.value_or(when_)};
    auto const mode = [&](std::uint32_t otherwise) { return node.metadata.mode != 0 ? node.metadata.mode : otherwise; };
    switch (node.what) {
      case tree_node::kind::symlink:
        entry.type = tar_type::symlink;
        entry.mode = mode(0777);
        entry.target = node.target;
        return tar_.begin(entry);
      case tree_node::kind::file: {
        entry.mode = mode(0644);
        if (node.content) {
          entry.size = node.content->size();
          CAIRN_TRY(tar_.begin(entry));
          return write(*node.content);
        }
        CAIRN_TRY(auto file, open_file(store_, b));
        entry.size = file.size();
        CAIRN_TRY(tar_.begin(entry));
        auto sink = forward{*this};
        auto* const budget = listener_ ? listener_->budget() : nullptr;
        auto const share = budget ? std::optional{budget->take()} : std::nullopt;
        CAIRN_TRY(file.copy_to(sink, 0, UINT64_MAX, share ? share->ahead : read_ahead{}));
        return {};
      }
      case tree_node::kind::directory: break;
    }
    // the archive is flat, but the way back up is kept: one level a directory
    if (depth == max_depth) return std::unexpected(error{get_errc::too_deep}.about(name));
    entry.type = tar_type::directory;
    entry.mode = mode(0755);
    CAIRN_TRY(tar_.begin(entry));
    CAIRN_TRY(auto entries, directory_cursor::open(store_, b));
    auto children = tree_children{store_, std::move(entries), tree_children::names::relative};
    for (;;) {
      CAIRN_TRY(auto child, children.next());
      if (!child) return {};
      if (depth >= tree_children::free_depth) children.trim();
      CAIRN_TRY(auto const below, joined(name, child->name));
      CAIRN_TRY(put(child->root, below, depth + 1));
    }
  }

  auto finish() -> io_result<void> { return tar_.finish(); }

private:
  static constexpr unsigned max_depth = 800;

  /// An archive has no folders that a symlink could stand for, so a path that comes back to where it may be is written as what it
  /// means (as Kubo does); one that is not below the root is refused (SEC-41).
  auto joined(std::string const& folder, std::string_view name) const -> io_result<std::string> {
    auto out = folder;
    for (auto rest = name; !rest.empty();) {
      auto const part = rest.substr(0, rest.find('/'));
      rest.remove_prefix(std::min(part.size() + 1, rest.size()));
      if (part.empty() || part == ".") continue;
      if (part != "..") out.append("/").append(part);
      else if (out.size() > root_.size()) out.resize(out.rfind('/'));
      else return std::unexpected(error{get_errc::bad_name}.about(std::string{name}));
    }
    if (out.size() <= root_.size()) return std::unexpected(error{get_errc::bad_name}.about(std::string{name}));
    return out;
  }

  auto write(bytes_view in) -> io_result<void> {
    if (listener_ && listener_->stopped()) return std::unexpected(get_errc::stopped);
    CAIRN_TRY(tar_.write(in));
    if (listener_) listener_->wrote(in.size());
    return {};
  }
  struct forward {
    tree_archiver& to;
    auto write(bytes_view in) -> io_result<void> { return to.write(in); }
  };

  blockstore_ref store_;
  std::string_view root_;
  tar_writer tar_;
  unixfs_time when_;
  get_listener* listener_;
};

}  // namespace detail

CAIRN_DECL auto write_tar(blockstore_ref store, cid const& root, std::string const& name, sink_ref out, unixfs_time const& when,
                          get_listener* listener) -> io_result<void> {
  CAIRN_TRY(auto const b, get_block(store, root));
  auto archiver = detail::tree_archiver{store, name, out, when, listener};
  CAIRN_TRY(archiver.put(b, name, 0));
  return archiver.finish();
}

}  // namespace cairn
