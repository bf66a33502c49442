#pragma once

#include <cairn/unixfs/directory_cursor.hpp>

#include <vector>

namespace cairn {

/// One line of `ls`.
struct list_entry {
  enum class kind : byte { unknown, file, directory, symlink };

  std::string name;
  cid id;
  std::uint64_t size = 0;  ///< of a file its content, of a symlink its target, of a directory 0
  kind type = kind::unknown;
  std::string target{};  ///< of a symlink
  file_metadata metadata{};
};

/// What `ls` shows of a node, one entry at a time, as Kubo gives it: the entries of a directory, or else the links of the block.
///
/// A raw block has none; entries that are raw blocks are files and are not read.
/// memory    one block per level of the directory and one of an entry
/// lifetime  the store outlives it
class list_cursor {
public:
  /// look      read each dag-pb entry's block to tell its type, size and metadata; else they stay unknown and 0
  /// errors    those of directory_cursor::open, but not_a_directory
  CAIRN_DECL static auto open(blockstore_ref store, cid const& node, bool look = true) -> io_result<list_cursor>;

  /// The next entry; nothing at the end. After an error it goes on behind what could not be read.
  ///
  /// errors    those of directory_cursor::next, "failed to fetch all nodes"; of an entry's block: those of the store, dag-pb, Data
  CAIRN_DECL auto next() -> io_result<std::optional<list_entry>>;

private:
  list_cursor(blockstore_ref store, bool look) : store_{store}, look_{look} {}

  blockstore_ref store_;
  bool look_;
  std::optional<directory_cursor> directory_;
  std::vector<directory_entry> links_;  // of what is no directory
  std::size_t at_ = 0;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/list.ipp>
#endif
