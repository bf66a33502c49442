#pragma once
// What every codec promises of any bytes: what decodes is written canonically, reads back as the same node, and has the links
// that the fast path finds.

#include <cairn/concept/block_codec.hpp>
#include <cairn/ipld/codec/mode.hpp>
#include <cairn/ipld/document.hpp>
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

/// The links of a document, by the views on it.
inline void links_in_order(ipld::view v, std::vector<cid>& out) {
  if (auto const id = v.as_link()) out.push_back(*id);
  for (auto item : v.items()) links_in_order(item, out);
  for (auto const& e : v.entries()) links_in_order(e.value, out);
}

/// A document is what the node is: read or refused alike, with the same links, written with the same bytes.
template <block_codec C, class Decoded>
void same_document(bytes_view in, Decoded const& n, codec_mode mode) {
  auto const d = C::read(in, mode);
  CAIRN_LAW(d.has_value() == n.has_value());
  if (!n) {
    CAIRN_LAW(d.error() == n.error());
    return;
  }
  auto links = std::vector<cid>{}, expected = std::vector<cid>{};
  links_in_order(d->root(), links);
  links_in_order(*n, expected);
  CAIRN_LAW(links == expected && to_node(d->root()) == *n);
  auto const own = to_document(*n);
  auto of_node = bytes{}, of_document = bytes{}, of_own = bytes{};
  auto const done = C::encode(*n, of_node, mode);
  CAIRN_LAW(done == C::encode(*d, of_document, mode) && done == C::encode(own, of_own, mode));
  CAIRN_LAW(of_node == of_document && of_node == of_own);
}

}  // namespace cairn::fuzz
