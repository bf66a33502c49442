#pragma once

#include <cairn/ipld/resolve.hpp>
#include <cairn/unixfs/directory_cursor.hpp>

namespace cairn {

/// Names of a path under dag-pb blocks as UnixFS has them: entries of directories, flat and sharded; under everything else the
/// links of the block. Give it to `resolve`: only the shard blocks on the way of a name are read.
class unixfs_name_lookup final : public name_lookup {
public:
  CAIRN_DECL auto find(block_reader blocks, block const& in, std::string_view name) const -> io_result<std::optional<cid>> override;
};

/// Walk a path through directories; `resolve` with unixfs_name_lookup.
///
/// errors    those of resolve and find_entry
CAIRN_DECL auto resolve_unixfs(block_reader blocks, immutable_path const& path) -> io_result<resolved>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/resolve.ipp>
#endif
