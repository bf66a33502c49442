#pragma once

#include <cairn/unixfs/directory_errc.hpp>
#include <cairn/unixfs/shard.hpp>

#include <memory>
#include <string>

namespace cairn {

/// One entry of a directory.
struct directory_entry {
  std::string name;
  unixfs_link link;
};

/// The entries of a stored directory, flat or sharded, one at a time: flat ones in the block's order, sharded ones by hash.
///
/// A shard block that is missing or bad is reported once; `next` after that goes on behind it.
/// memory    one block per level
/// lifetime  the store outlives it
class directory_cursor {
public:
  /// errors    not_a_directory · those of shard_page::open · those of the store
  CAIRN_DECL static auto open(blockstore_ref store, cid const& root) -> io_result<directory_cursor>;
  CAIRN_DECL static auto open(blockstore_ref store, block root) -> io_result<directory_cursor>;

  /// The next entry; nothing at the end.
  CAIRN_DECL auto next() -> io_result<std::optional<directory_entry>>;

  auto is_sharded() const -> bool { return trie_.has_value(); }
  auto metadata() const -> file_metadata const& { return metadata_; }

private:
  friend class directory;
  directory_cursor() = default;

  file_metadata metadata_{};
  std::optional<block> block_;
  std::optional<pb_view::link_iterator> flat_;
  std::span<pb_link const> links_;  // of an open directory
  struct source {
    blockstore_ref store;
    unixfs_shard_policy policy;
  };
  std::unique_ptr<source> source_;
  std::optional<hamt_cursor<unixfs_shard_policy>> trie_;
};

/// One entry by its name, reading only the blocks on its way.
///
/// errors    not_a_directory · those of shard_page::open · those of the store
CAIRN_DECL auto find_entry(block_reader blocks, cid const& directory, std::string_view name) -> io_result<std::optional<unixfs_link>>;
CAIRN_DECL auto find_entry(block_reader blocks, block directory, std::string_view name) -> io_result<std::optional<unixfs_link>>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/directory_cursor.ipp>
#endif
