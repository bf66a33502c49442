#pragma once

#include <cairn/blockstore/flatfs_shard.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/ipld/node.hpp>

#include <string>

namespace cairn {

/// Where blocks live.
enum class block_engine : byte { packs, flatfs };

CAIRN_DECL auto to_string(block_engine e) -> std::string_view;

/// What `Datastore.Spec` of a config says, as far as this build can open it: a mount of packs or flatfs at /blocks and of
/// levelds at /, each bare or inside "measure".
struct datastore_spec {
  block_engine engine = block_engine::packs;
  std::string blocks_path = "blocks";        ///< relative to the repo, or absolute
  flatfs_shard shard{};                      ///< of flatfs
  bool sync = true;                          ///< of blocks
  std::string metadata_path = "datastore";
  bool metadata_sync = true;

  /// What the file `datastore_spec` says of it: canonical JSON of what cannot change, keys sorted.
  CAIRN_DECL auto disk_text() const -> std::string;
};

/// errors    bad_spec · unsupported_store · bad_sharding
CAIRN_DECL auto parse_datastore_spec(ipld::node const& spec) -> io_result<datastore_spec>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/repo/impl/datastore_spec.ipp>
#endif
