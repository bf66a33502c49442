#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/block/block.hpp>
#include <cairn/unixfs/data.hpp>
#include <cairn/unixfs/directory_errc.hpp>

namespace cairn::detail {

struct directory_node {
  pb_view links;
  unixfs_view data;
};

inline auto read_directory_node(block const& b) -> io_result<directory_node> {
  auto const bad = [&](auto code) { return std::unexpected(error{code}.about(to_string(b.id()))); };
  if (b.id().codec() != code::dag_pb) return bad(directory_errc::not_a_directory);
  auto const links = read_dag_pb(b.data());
  if (!links) return bad(links.error());
  if (!links->data()) return bad(unixfs_errc::no_data);
  auto const data = decode_unixfs(*links->data());
  if (!data) return bad(data.error());
  if (!data->is_directory()) return bad(directory_errc::not_a_directory);
  return directory_node{*links, *data};
}

}  // namespace cairn::detail
