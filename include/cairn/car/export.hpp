#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/core/config.hpp>
#include <cairn/unixfs/byte_sink.hpp>
#include <cairn/unixfs/read_ahead.hpp>

#include <span>

namespace cairn {

/// What happens where the store does not have a block.
enum class car_missing : byte { is_error, is_skipped };

struct car_export_options {
  car_missing on_missing = car_missing::is_error;
  bool duplicates = false;               ///< a block is written each time the walk meets it, not once
  bool identity = true;                  ///< with the blocks of identity CIDs, which hold them anyway
  read_ahead ahead{};                    ///< without a helper the caller reads too
  std::span<block const> leading{};      ///< written before the walk; without duplicates, not again
};

struct car_export_report {
  std::uint64_t blocks = 0;
  std::uint64_t bytes = 0;  ///< of the CAR
};

/// Write the DAG below a root as a CARv1: depth first, a block before what it links to, links in the order of its octets,
/// each block once (by codec and multihash); the order of Kubo's `dag export`. A DAG of more than one batch, a third of the read-ahead, is
/// read and checked by a second thread, and by this one while it has nothing to write: the store's get_many is then called by both.
///
/// errors    those of the store · links_errc::unknown_codec and those of decoders, about the CID · those of the sink; what was
///           written until then is no whole CAR
/// memory    60 octets a block, the links of the blocks on the way down, and twice the read-ahead
CAIRN_DECL auto export_car(blockstore_ref store, cid const& root, sink_ref sink, car_export_options const& options = {})
    -> io_result<car_export_report>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/car/impl/export.ipp>
#endif
