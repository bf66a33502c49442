#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/links.hpp>
#include <cairn/ipld/traversal.hpp>

#include <algorithm>

namespace cairn {

CAIRN_DECL dag_walk::dag_walk(block_reader blocks, cid const& root, walk_options options) : blocks_{blocks}, options_{options} {
  add(root);
}

CAIRN_DECL void dag_walk::add(cid const& root) { roots_.push_back(root); }

inline auto dag_walk::follow() -> io_result<void> {
  if (!last_) return {};
  auto const from = std::exchange(last_, std::nullopt);
  if (!from->data || from->depth >= options_.max_depth) return {};
  auto const first = stack_.size();
  auto const push = [&](cid const& id) { stack_.push_back({id, from->depth + 1}); };
  auto done = for_each_link(from->id.codec(), from->data->data(), push);
  if (!done) {
    stack_.resize(first);
    return std::unexpected(std::move(done).error().about(to_string(from->id)));
  }
  std::reverse(stack_.begin() + static_cast<std::ptrdiff_t>(first), stack_.end());
  return {};
}

inline auto dag_walk::see(pending const& p) -> seen {
  if (!options_.unique) return seen::never;
  if (options_.max_depth == std::numeric_limits<std::size_t>::max()) return seen_.insert(p.id) ? seen::never : seen::enough;
  auto const [at, fresh] = depths_.try_emplace(p.id.to_v1(), p.depth);
  if (fresh) return seen::never;
  if (at->second <= p.depth) return seen::enough;
  at->second = p.depth;
  return seen::deeper;
}

CAIRN_DECL auto dag_walk::next() -> io_result<std::optional<item>> {
  CAIRN_TRY(follow());
  for (;;) {
    if (stack_.empty()) {
      if (next_root_ == roots_.size()) return std::nullopt;
      stack_.push_back({roots_[next_root_++], 0});
    }
    auto const at = std::move(stack_.back());
    stack_.pop_back();
    auto const before = see(at);
    if (before == seen::enough) continue;
    if (!options_.read_leaves && at.id.codec() == code::raw) {
      if (before == seen::never) return item{at.id, at.depth, std::nullopt};
      continue;
    }
    auto b = blocks_.get(at.id);
    if (!b) {
      if (!options_.skip_missing || !(b.error() == block_errc::not_found)) return std::unexpected(std::move(b).error());
      if (before == seen::never) ++missing_;
      continue;
    }
    last_ = item{at.id, at.depth, *std::move(b)};
    if (before == seen::never) return last_;
    CAIRN_TRY(follow());
  }
}

}  // namespace cairn
