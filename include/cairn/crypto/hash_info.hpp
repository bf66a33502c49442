#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cairn {

/// One hash function that this build implements.
struct hash_info {
  std::uint64_t code;
  std::string_view name;    ///< the multicodec table's name
  std::size_t digest_size;  ///< its usual digest in bytes; 0 for identity, whose digest is the data
  std::size_t max_size;     ///< the longest digest it gives; more than digest_size for identity, SHAKE and BLAKE3
};

}  // namespace cairn
