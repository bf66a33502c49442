#pragma once
// What every codec promises of any bytes: what decodes is written canonically, reads back as the same node, and has the links
// that the fast path finds.

#include <cairn/concept/block_codec.hpp>
#include <cairn/ipld/link_sink.hpp>
#include <cairn/ipld/node.hpp>

#include <vector>

#include "law.hpp"

namespace cairn::fuzz {

inline void links_in_order(ipld::node const& n, std::vector<cid>& out) {
  if (auto const* const id = n.as_link()) out.push_back(*id);
  if (auto const* const l = n.as_list())
    for (auto const& item : *l) links_in_order(item, out);
  if (auto const* const m = n.as_map())
    for (auto const& e : *m) links_in_order(e.value, out);
}

template <block_codec C>
auto links(bytes_view in) -> std::vector<cid> {
  auto seen = std::vector<cid>{};
  auto const add = [&](cid const& id) { seen.push_back(id); };
  CAIRN_LAW(C::links(in, link_sink{add}));
  return seen;
}

template <block_codec C>
void same_links(bytes_view in, ipld::node const& n) {
  auto expected = std::vector<cid>{};
  links_in_order(n, expected);
  CAIRN_LAW(links<C>(in) == expected);
}

}  // namespace cairn::fuzz
