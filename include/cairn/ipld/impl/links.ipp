#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/codec/dag_jose.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/codec/dag_pb.hpp>
#include <cairn/ipld/codec/git_raw.hpp>
#include <cairn/ipld/links.hpp>

namespace cairn {
namespace detail {

inline auto links_none(bytes_view, link_sink) -> io_result<void> { return {}; }

template <class C>
auto links_by(bytes_view in, link_sink sink) -> io_result<void> {
  auto const done = C::links(in, sink);
  if (!done) return std::unexpected(error{done.error()});
  return {};
}

struct links_row {
  std::uint64_t codec;
  io_result<void> (*visit)(bytes_view, link_sink);
};

inline constexpr links_row links_table[]{
    {code::cbor, links_none},
    {code::raw, links_none},
    {code::dag_pb, links_by<dag_pb>},
    {code::dag_cbor, links_by<dag_cbor>},
    {code::git_raw, links_by<git_raw>},
    {code::dag_jose, links_by<dag_jose>},
    {code::dag_json, links_by<dag_json>},
    {code::json, links_none},
};

inline auto links_find(std::uint64_t codec) -> links_row const* {
  for (auto const& row : links_table)
    if (row.codec == codec) return &row;
  return nullptr;
}

}  // namespace detail

CAIRN_DECL auto knows_links_of(std::uint64_t codec) -> bool { return detail::links_find(codec) != nullptr; }

CAIRN_DECL auto visit_links(std::uint64_t codec, bytes_view in, link_sink sink) -> io_result<void> {
  auto const* const row = detail::links_find(codec);
  if (!row) return std::unexpected(links_errc::unknown_codec);
  return row->visit(in, sink);
}

CAIRN_DECL auto links_of(std::uint64_t codec, bytes_view in) -> io_result<std::vector<cid>> {
  auto out = std::vector<cid>{};
  auto const add = [&](cid const& id) { out.push_back(id); };
  CAIRN_TRY(visit_links(codec, in, link_sink{add}));
  return out;
}

}  // namespace cairn
