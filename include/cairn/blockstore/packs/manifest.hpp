#pragma once

#include <cairn/blockstore/packs/errc.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/result.hpp>

#include <string>
#include <vector>

namespace cairn::detail {

/// A sealed segment: where its sections end, the file's size with the index, how many sections.
struct sealed_segment {
  std::uint32_t number = 0;
  std::uint64_t data_end = 0, file_size = 0;
  std::uint32_t sections = 0;
};

/// Which segments the store is made of. The text form has one line each and its SHA-256 at the end.
struct packs_manifest {
  std::uint32_t next = 1;    ///< the smallest number never used
  std::uint32_t active = 0;  ///< the segment that is written to
  /// Dead blocks that went with dropped segments, ever: what the index counted of them before it knew is taken off by this.
  std::uint64_t dropped_blocks = 0, dropped_bytes = 0;
  std::vector<sealed_segment> sealed;
};

CAIRN_DECL auto encode_packs_manifest(packs_manifest const& m) -> std::string;

/// errors    bad_manifest
CAIRN_DECL auto decode_packs_manifest(std::string_view text) -> result<packs_manifest, packs_errc>;

}  // namespace cairn::detail
