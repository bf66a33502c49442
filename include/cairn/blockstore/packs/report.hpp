#pragma once

#include <cairn/core/error.hpp>
#include <cairn/multiformats/cid.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn {

/// Counters of a store, kept as it changes: reading them costs nothing.
struct packs_stats {
  std::uint64_t blocks = 0;       ///< live blocks
  std::uint64_t block_bytes = 0;  ///< their bytes
  std::uint64_t disk_bytes = 0;   ///< of segments and `removed`, dead blocks included
  std::uint64_t segments = 0;
};

/// One place where a store is not what it should be.
struct packs_damage {
  std::optional<cid> id;  ///< the block, where it can still be told
  std::string where;      ///< file and offset
  std::string what;
};

struct packs_verify_report {
  std::uint64_t blocks = 0;     ///< live blocks whose bytes were hashed and are right
  std::uint64_t bytes = 0;
  std::uint64_t dead = 0;       ///< copies that no entry names
  std::vector<packs_damage> damage;
};

struct packs_sweep_report {
  std::uint64_t removed_blocks = 0, removed_bytes = 0;
  std::uint64_t dropped_segments = 0, rewritten_segments = 0;
};

}  // namespace cairn
