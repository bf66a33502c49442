#pragma once

#include <cairn/mfs/errc.hpp>
#include <cairn/unixfs/directory.hpp>

#include <functional>
#include <map>
#include <memory>

namespace cairn {

struct mfs_options {
  directory_options directories{};      ///< of the root, and what new and loaded directories do not say themselves
  std::size_t most_held = 160 * 1024;   ///< entries that loaded directories may hold in memory after a save
};

/// What a path of a tree names.
struct mfs_entry {
  unixfs_link link;
  bool is_directory = false;
};

/// A tree of UnixFS directories over blocks, open for changes. Directories are loaded when a path leads through them and stay, so
/// that the next change below reads nothing; a change costs the blocks from it up to the root, written by `save`.
///
/// The same content has the same root, whatever happened before. Paths are as in "/a/b"; the root is "/" or "".
/// memory    options.most_held entries after a save, and what changed since
/// threads   one
/// lifetime  the store outlives it
class mfs_tree {
public:
  static constexpr std::size_t most_parts = 1024;

  /// errors    those of directory::open
  CAIRN_DECL static auto open(blockstore_ref store, cid const& root, mfs_options options) -> io_result<mfs_tree>;
  CAIRN_DECL mfs_tree(mfs_tree&&) noexcept;
  CAIRN_DECL auto operator=(mfs_tree&&) noexcept -> mfs_tree&;
  CAIRN_DECL ~mfs_tree();

  /// Its link as it is now: what is above a directory that has changed is not written.
  ///
  /// errors    not_exist · "cannot access a/b: Not a directory" · those of the store
  CAIRN_DECL auto find(std::string_view path) -> io_result<mfs_entry>;

  /// The entries of a directory: flat ones by name, sharded ones in the order of their hashes.
  CAIRN_DECL auto entries(std::string_view directory, std::function<io_result<void>(std::string_view name, unixfs_link const& link)> const& sink) -> io_result<void>;

  /// errors    entry_exists · empty_name · "/a/ is not a directory" · those of find
  CAIRN_DECL auto insert(std::string_view path, unixfs_link const& link) -> io_result<void>;
  /// Another content for an entry that is there.
  CAIRN_DECL auto replace(std::string_view path, unixfs_link const& link) -> io_result<void>;
  /// An entry with all that is below it. errors: not_exist · those of find
  CAIRN_DECL auto remove(std::string_view path) -> io_result<void>;

  /// cid_version, hash  of new directories, the parents too
  /// errors    exists · "cannot create directory '/': Already exists" · those of find
  CAIRN_DECL auto make_directory(std::string_view path, bool parents, unsigned cid_version, std::uint64_t hash) -> io_result<void>;

  /// Into a directory where `to` is one, else to that name; a file there is replaced.
  ///
  /// errors    into_itself · entry_exists · those of find; the tree is then as it was
  CAIRN_DECL auto move(std::string_view from, std::string_view to) -> io_result<void>;

  /// How a directory's own blocks are named from now on. errors: "can only update directories" · those of find
  CAIRN_DECL auto set_prefix(std::string_view path, unsigned cid_version, std::uint64_t hash) -> io_result<void>;

  /// Mode and modification time of a file, directory or symlink; what is not given stays.
  CAIRN_DECL auto set_metadata(std::string_view path, std::optional<std::uint32_t> mode, std::optional<unixfs_time> mtime) -> io_result<void>;

  /// Write all that has changed; the root.
  CAIRN_DECL auto save() -> io_result<unixfs_link>;

private:
  struct node;
  struct spot;
  mfs_tree(blockstore_ref store, mfs_options options);
  auto child(node& in, std::string_view name) -> io_result<spot>;
  auto locate(std::string_view path) -> io_result<spot>;
  auto directory_at(std::string_view path) -> io_result<node*>;
  auto adopt(node& in, std::string_view name, directory d) -> node*;
  auto save(node& n) -> io_result<unixfs_link>;
  auto settled(node& n) -> io_result<unixfs_link>;
  auto put(node& in, std::string_view name, unixfs_link const& link) -> io_result<void>;
  auto drop(node& in, std::string_view name) -> io_result<void>;
  static void mark(node* n);
  static auto held(node const& n) -> std::size_t;

  blockstore_ref store_;
  mfs_options options_;
  std::unique_ptr<node> root_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/mfs/impl/tree.ipp>
#endif
