#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why a trie of hashed keys cannot be read or changed.
enum class hamt_errc : byte {
  too_deep = 1,      ///< the hash of a key has no bits left for another level
  not_a_node,        ///< the block is no node of this kind of trie
  bad_fanout,        ///< fanout is a power of two and a multiple of 8, at most 1024       (CVE-2023-23625)
  fanout_differs,    ///< a child node has another fanout than the root
  unknown_hash,      ///< hashType is not murmur3-x64-64 (0x22)
  bitmap_too_wide,   ///< the bitfield has more bytes than fanout / 8
  count_differs,     ///< the bitfield has as many bits set as the node has links
  bad_link_name,     ///< a link's name starts with its position in upper-case hexadecimal
  bad_bucket,        ///< a bucket has 1 to bucketSize entries, sorted by their keys, each key once      (IPLD HashMap)
  bad_parameters,    ///< "bitWidth must be at least 3", bucketSize at least 1, hashAlg a hash that is known here
};

template <>
struct errc_traits<hamt_errc> {
  static constexpr std::string_view module = "hamt";
  static constexpr auto describe(hamt_errc e) -> std::string_view {
    switch (e) {
      case hamt_errc::too_deep: return "sharded directory too deep";
      case hamt_errc::not_a_node: return "hamt: node was not a dir shard";
      case hamt_errc::bad_fanout: return "hamt: fanout must be a power of two and a multiple of 8, from 8 to 1024";
      case hamt_errc::fanout_differs: return "hamt: a child has another fanout than the root";
      case hamt_errc::unknown_hash: return "hamt: only murmur3 supported as hash function";
      case hamt_errc::bitmap_too_wide: return "hamt: bitfield exceeds fanout";
      case hamt_errc::count_differs: return "hamt: the bitfield has another number of bits set than there are links";
      case hamt_errc::bad_link_name: return "hamt: invalid link name, it does not begin with its position";
      case hamt_errc::bad_bucket: return "hamt: a bucket that is empty, too large or not sorted by keys";
      case hamt_errc::bad_parameters: return "hamt: parameters out of their range, or an unknown hash";
    }
    return "hamt: unknown error";
  }
};

}  // namespace cairn
