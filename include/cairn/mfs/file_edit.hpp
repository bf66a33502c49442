#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/mfs/errc.hpp>
#include <cairn/unixfs/any_chunker.hpp>
#include <cairn/unixfs/import_options.hpp>
#include <cairn/unixfs/shard.hpp>

#include <memory>

namespace cairn {

/// How a file is written.
struct file_edit_options {
  any_chunker chunker{};
  std::optional<bool> raw_leaves{};  ///< unset: for files whose root is a CIDv1
  unixfs_time now{};                 ///< what a modification time becomes, where the file has one
};

namespace detail {
class file_editor;
}

/// A stored file, open for writing in place: leaves are replaced, what is longer is appended as a trickle DAG, gaps are zeros in
/// leaves of 4096 bytes. The blocks are those that Kubo makes of the same calls with the same pieces.
///
/// A node that has data of its own beside children is read as Kubo reads it, its data first; Kubo writes to such files at wrong
/// offsets, here they are written where they are read.
/// memory    at most about 2 MiB and one node per level
/// lifetime  the store outlives it
class file_edit {
public:
  /// errors    is_symlink · not_a_file · not_unixfs · those of decoding and of the store
  CAIRN_DECL static auto open(blockstore_ref store, cid const& root, file_edit_options options) -> io_result<file_edit>;
  /// An empty file.
  CAIRN_DECL static auto create(blockstore_ref store, unsigned cid_version, std::uint64_t hash, file_edit_options options) -> file_edit;
  CAIRN_DECL file_edit(file_edit&&) noexcept;
  CAIRN_DECL ~file_edit();

  CAIRN_DECL auto size() const -> std::uint64_t;
  CAIRN_DECL auto truncate(std::uint64_t size) -> io_result<void>;
  /// Where the next write begins; what lies between the end and it becomes zeros.
  CAIRN_DECL auto seek(std::uint64_t offset) -> io_result<void>;
  CAIRN_DECL auto write(bytes_view data) -> io_result<void>;
  /// Write what is left, and the root; the edit is over.
  CAIRN_DECL auto finish() -> io_result<unixfs_link>;

private:
  explicit file_edit(std::unique_ptr<detail::file_editor> editor);
  std::unique_ptr<detail::file_editor> editor_;
};

/// A file or symlink with other metadata; a raw block becomes a UnixFS file. What is not given stays.
CAIRN_DECL auto with_metadata(blockstore_ref store, cid const& file, std::optional<std::uint32_t> mode, std::optional<unixfs_time> mtime)
    -> io_result<unixfs_link>;

/// What Kubo's flush makes of a file: one that is a CIDv1 with a single raw leaf and no metadata becomes that leaf.
///
/// errors    is_symlink · those of file_edit::open
CAIRN_DECL auto flushed_file(blockstore_ref store, unixfs_link const& file, file_edit_options const& options) -> io_result<unixfs_link>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/mfs/impl/file_edit.ipp>
#endif
