#pragma once

#include <cairn/core/try.hpp>
#include <cairn/exchange/dag_fetch.hpp>
#include <cairn/ipld/links.hpp>

#include <utility>

namespace cairn {

// The links of a block that were not seen before go on the pile; the first is the next to be asked for.
inline auto dag_fetch::walk(cid const& id, bytes_view data) -> io_result<void> {
  ++report_.blocks;
  report_.bytes += data.size();
  auto found = std::vector<cid>{};
  CAIRN_TRY(for_each_link(id.codec(), data, [&](cid const& link) { if (seen_.insert(link)) found.push_back(link); }));
  todo_.insert(todo_.end(), found.rbegin(), found.rend());
  return {};
}

CAIRN_DECL auto dag_fetch::next(blockstore_ref store) -> io_result<std::vector<cid>> {
  auto out = std::vector<cid>{};
  while (!todo_.empty() && open_.size() < window_) {
    auto const id = todo_.back();
    todo_.pop_back();
    auto const here = store.get(id);
    if (here) {
      CAIRN_TRY(walk(id, here->data()));
      continue;
    }
    auto& same = open_[id.hash()];
    if (same.empty()) out.push_back(id);
    same.push_back(id);
  }
  return out;
}

CAIRN_DECL auto dag_fetch::came(block const& b) -> io_result<void> {
  auto const at = open_.find(b.id().hash());
  if (at == open_.end()) return {};
  ++report_.fetched;
  auto const ids = std::move(at->second);
  open_.erase(at);
  for (auto const& id : ids) {
    CAIRN_TRY(walk(id, b.data()));
  }
  return {};
}

}  // namespace cairn
