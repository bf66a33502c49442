#pragma once

#include <cairn/core/try.hpp>
#include <cairn/unixfs/resolve.hpp>

namespace cairn {

CAIRN_DECL auto unixfs_name_lookup::find(block_reader blocks, block const& in, std::string_view name) const -> io_result<std::optional<cid>> {
  CAIRN_TRY(auto const node, read_dag_pb(in.data()));
  auto const data = node.data() ? decode_unixfs(*node.data()) : std::unexpected(unixfs_errc::no_data);
  if (data && data->type == unixfs_type::hamt_shard) {
    CAIRN_TRY(auto const link, find_entry(blocks, in, name));
    return link ? std::optional{link->id} : std::nullopt;
  }
  for (auto const& l : node.links())
    if (l.name == name) return l.id;
  return std::nullopt;
}

CAIRN_DECL auto resolve_unixfs(block_reader blocks, immutable_path const& path) -> io_result<resolved> {
  auto const names = unixfs_name_lookup{};
  return resolve(blocks, path, &names);
}

}  // namespace cairn
