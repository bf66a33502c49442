#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/unixfs/byte_sink.hpp>
#include <cairn/unixfs/import_options.hpp>
#include <cairn/unixfs/read_ahead.hpp>

#include <memory>

namespace cairn {

namespace detail {
class file_walk;
}

/// A file in a store, read by ranges.
///
/// Only blocks that a range needs are read, and of a child its size must be what its parent says: a DAG that lies is an error
/// at the place of the lie, after all bytes before it. Depth, open nodes and read-ahead are bounded, whatever the DAG (SEC-38).
///
/// errors    of reading: unixfs_errc · those of the store; a missing block is block_errc::not_found
/// memory    one open node per level (at most 64), one leaf; with copy_to what it is to read ahead
/// lifetime  the store outlives it
class file_reader {
public:
  CAIRN_DECL file_reader(file_reader&&) noexcept;
  CAIRN_DECL auto operator=(file_reader&&) noexcept -> file_reader&;
  CAIRN_DECL ~file_reader();

  CAIRN_DECL auto size() const -> std::uint64_t;
  CAIRN_DECL auto metadata() const -> file_metadata;

  /// Fill the front of `out` from `offset` on; fewer than asked for only at the end of the file, none behind it, or before a
  /// block that cannot be read, whose error the next call has.
  ///
  /// cost      going on where the last read ended costs no search
  CAIRN_DECL auto read(std::uint64_t offset, bytes_span out) -> io_result<std::size_t>;

  /// Write [offset, offset + length), or what of it exists, to `out`, leaf by leaf without copying; returns how much that was.
  ///
  /// Long ranges are read and checked ahead in batches by the caller and its helpers; the store's get_many is then called by several
  /// threads at once, as a const member may be. `out` is called by the caller's thread only.
  CAIRN_DECL auto copy_to(sink_ref out, std::uint64_t offset = 0, std::uint64_t length = UINT64_MAX, read_ahead how = {}) -> io_result<std::uint64_t>;

private:
  friend auto open_file(blockstore_ref, block const&) -> io_result<file_reader>;
  CAIRN_DECL explicit file_reader(std::unique_ptr<detail::file_walk> walk);
  std::unique_ptr<detail::file_walk> walk_;
};

/// Open the file with this root: a raw block, or dag-pb with UnixFS of type File or Raw. Identity CIDs need no store.
///
/// errors    not_unixfs · is_directory · not_a_file · those of decoding · not_found
CAIRN_DECL auto open_file(blockstore_ref store, cid const& root) -> io_result<file_reader>;

/// The same where the root's block is at hand.
CAIRN_DECL auto open_file(blockstore_ref store, block const& root) -> io_result<file_reader>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/file_reader.ipp>
#endif
