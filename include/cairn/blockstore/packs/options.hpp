#pragma once

#include <cairn/blockstore/packs/file_system.hpp>

#include <memory>
#include <string>

namespace cairn {

/// What an acknowledged operation outlives.
enum class sync_mode : byte {
  commit,  ///< a power cut, once `sync` has returned
  off,     ///< a kill of the process
};

struct packs_options {
  std::string blocks;              ///< folder of the segments, `removed` and the MANIFEST; made where missing
  std::string index = {};               ///< folder of the index; empty: beside `blocks`, named "index"
  sync_mode sync = sync_mode::commit;
  std::uint64_t segment_bytes = 256ull << 20;  ///< a segment is sealed before it would be larger
  std::uint32_t segment_sections = 131072;     ///< or have more sections
  std::uint64_t reserve_bytes = 256ull << 20;   ///< room kept from the first sealed segment on, for a collection on a full disk, at most an eighth of `packs::aim`; 0: none
  std::size_t recent_blocks = 32768;           ///< index entries gathered before they are written
  bool background = false;                     ///< they are written, and segments finished, by a thread of its own; else by whoever puts
  std::int64_t (*clock)() = nullptr;           ///< with it, the faster way of writing is found; what is synced anyway needs none
  std::shared_ptr<file_system> files = {};     ///< empty: this machine's
};

}  // namespace cairn
