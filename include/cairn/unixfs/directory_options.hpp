#pragma once

#include <cairn/block/verify.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/unixfs/import_options.hpp>

namespace cairn {

/// How the size of a directory is judged when it is to be flat or sharded (IPIP-499, IX-26).
enum class directory_estimate : byte {
  links,  ///< the lengths of all names and binary CIDs, as go-ipfs 0.11 began with
  block,  ///< the exact size of the flat directory's block
  off,    ///< the size does not count, only `max_links`
};

/// How a directory becomes blocks. The default is Kubo's.
struct directory_options {
  unsigned cid_version = 0;
  std::uint64_t hash = code::sha2_256;
  std::optional<std::size_t> inline_limit{};
  std::size_t fanout = 256;                     ///< of a sharded one
  std::size_t threshold = 256 * limits::KiB;    ///< sharded when strictly greater; 0: never
  directory_estimate estimate = directory_estimate::links;
  std::size_t max_links = 0;                    ///< sharded with more entries; 0: any number
  file_metadata metadata{};

  auto prefix() const -> cid_prefix { return {cid_version, code::dag_pb, hash, 0}; }
};

/// The options for directories of a profile.
template <class Profile>
auto directory_options_of() -> directory_options {
  auto o = directory_options{};
  o.cid_version = Profile::cid_version;
  o.fanout = Profile::hamt_fanout;
  o.threshold = Profile::hamt_threshold;
  o.estimate = Profile::hamt_threshold_by_links ? directory_estimate::links : directory_estimate::block;
  return o;
}

}  // namespace cairn
