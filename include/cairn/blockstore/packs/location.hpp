#pragma once

#include <cairn/core/bytes.hpp>

#include <compare>
#include <cstdint>

namespace cairn::detail {

/// Where a block's bytes are: segment, offset of the first byte, length. `damaged`: found to differ from its hash; not served
/// without a check, and a put writes a new copy.
struct block_location {
  std::uint32_t segment = 0, offset = 0, length = 0;
  bool damaged = false;

  friend auto operator==(block_location const& a, block_location const& b) -> bool {
    return a.segment == b.segment && a.offset == b.offset && a.length == b.length;
  }
};

/// A point in the order in which a store was written: segment numbers only grow, and so do offsets in one.
struct pack_position {
  std::uint32_t segment = 0;
  std::uint64_t offset = 0;
  friend auto operator<=>(pack_position const&, pack_position const&) = default;
};

}  // namespace cairn::detail
