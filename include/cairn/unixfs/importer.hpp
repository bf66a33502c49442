#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/unixfs/byte_source.hpp>
#include <cairn/unixfs/import_options.hpp>

#include <memory>
#include <optional>

namespace cairn {

/// What a file became.
struct imported_file {
  cid root;
  std::uint64_t file_size = 0;  ///< bytes of content
  std::uint64_t dag_size = 0;   ///< bytes of all blocks of the tree, a repeated one counted each time: Tsize of a link to it
  std::uint64_t blocks = 0;     ///< nodes of the tree, the root included
};

namespace detail {
class import_engine;
}

/// Turns files into blocks of a store, many files one after the other: small ones share their batches and buffers.
///
/// A big file is read, hashed and stored by threads that share the work, each going on with what it has in its cache where it can; more
/// of them than cores only take turns. Nothing is started for a file that fits a batch.
/// The store is called by one thread at a time, and never after `add`, `put` or `flush` has returned.
///
/// memory    about 2 MiB for each helper and twice as much besides, whatever the size of the file; 2 MiB for small files
/// cost      leaves are read in place and hashed several at once; a wrapped leaf is not copied (fixed-size chunks)
/// lifetime  the store outlives it; destroying it without `flush` drops what is not yet stored
class importer {
public:
  /// One for two cores, two where there are more: reading and storing are each done by one thread at a time.
  CAIRN_DECL static auto helpers_here() -> unsigned;

  /// helpers  threads beside the caller that work on big files
  CAIRN_DECL importer(blockstore_ref store, import_options options, unsigned helpers = helpers_here());
  CAIRN_DECL importer(importer&&) noexcept;
  CAIRN_DECL ~importer();

  /// Read `in` to its end and make a file of it. `size_hint`, where known, lets small files lie close together; it need not be right.
  ///
  /// errors    raw_leaves_metadata · v0_needs_sha2_256 · too_few_links · leaf_too_big · unknown_hash · those of the source and the store
  CAIRN_DECL auto add(source_ref in, std::optional<std::uint64_t> size_hint = {}) -> io_result<imported_file>;

  /// The same with metadata of its own instead of the options'.
  CAIRN_DECL auto add(source_ref in, std::optional<std::uint64_t> size_hint, file_metadata const& metadata) -> io_result<imported_file>;

  CAIRN_DECL auto add(bytes_view in) -> io_result<imported_file>;

  /// Name and store another dag-pb node (a directory) in the same batches and with the same kind of CID. The bytes are copied.
  CAIRN_DECL auto put(bytes_view dag_pb_node) -> io_result<cid>;

  /// How many blocks got their names, and how many of them, the first ones, are in the store: what was added when `named` was no larger
  /// than `stored` is now, is there.
  CAIRN_DECL auto named() const -> std::uint64_t;
  CAIRN_DECL auto stored() const -> std::uint64_t;

  /// Everything added so far is in the store when this returns.
  CAIRN_DECL auto flush() -> io_result<void>;

private:
  std::unique_ptr<detail::import_engine> engine_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/importer.ipp>
#endif
