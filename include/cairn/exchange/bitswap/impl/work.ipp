#pragma once

#include <cairn/exchange/bitswap/work.hpp>

namespace cairn {

CAIRN_DECL void bitswap_work::run() {
  auto deliveries = std::vector<bitswap_delivery*>{};
  for (auto& [peer, d] : arrived) deliveries.push_back(&d);
  bitswap_delivery::hash(deliveries);
  // one call for what goes to the same store
  for (auto i = 0uz; i < blocks.size();) {
    auto views = std::vector<block_view>{};
    auto end = i;
    for (; end < blocks.size() && blocks[end]->first == blocks[i]->first; ++end) views.emplace_back(*blocks[end]->outcome.found);
    auto const done = blocks[i]->into.put_many(views);
    for (; i < end; ++i) blocks[i]->stored = done;
  }
}

}  // namespace cairn
