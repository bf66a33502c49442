#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/car/reader.hpp>

namespace cairn {

struct car_import_options {
  car_read_options read = {};
  std::size_t max_block = limits::stored_block;  ///< a longer block is refused
  bool follow_links = false;                     ///< find out whether the CAR is whole
};

struct car_import_report {
  unsigned version = 1;
  std::vector<cid> roots;
  std::uint64_t blocks = 0;  ///< sections, the same block twice counts twice
  std::uint64_t bytes = 0;   ///< of the blocks, without their CIDs
  bool whole = false;        ///< its roots are in it, and so is whatever a block in it links to; false also where that is not known
};

/// Store every block of a CAR, each checked against its CID (SEC-35). Blocks go to the store in large batches, hashed
/// several at once by a second thread, and by this one while it has nothing to store; the store is used on the calling thread alone.
/// Identity CIDs are checked and not stored: they hold their own bytes.
///
/// errors    those of car_reader, about "after the header" or "after" and the CID of the block before the fault · those of the store · hash_mismatch, unknown_hash, digest_too_short, about the CID ·
///           block_too_long. Blocks before the fault may have been stored
/// memory    four batches of 2 MiB, or of the longest section; with `follow_links` at most 64 MiB more, 64 bytes a block
CAIRN_DECL auto import_car(blockstore_ref store, source_ref source, car_import_options const& options = {}) -> io_result<car_import_report>;

/// Of a CAR that lies in memory: nothing is copied but what the store copies.
CAIRN_DECL auto import_car(blockstore_ref store, bytes_view whole, car_import_options const& options = {}) -> io_result<car_import_report>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/car/impl/import.ipp>
#endif
