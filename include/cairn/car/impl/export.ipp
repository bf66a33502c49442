#pragma once

#include <cairn/car/export.hpp>
#include <cairn/car/impl/work_ahead.hpp>
#include <cairn/car/writer.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/cid_set.hpp>
#include <cairn/ipld/links.hpp>

#include <algorithm>

namespace cairn {

namespace detail {

inline auto batch_of(read_ahead const& how) -> std::size_t { return how.helpers == 0 ? std::min(how.bytes, read_ahead::alone) : how.bytes / 3; }

// dag_walk's order, with siblings fetched several at a time: a store on a disk then hashes them at twice the speed. What was
// fetched ahead is bounded over all levels, so a deep DAG is walked one by one.
class car_walk {
public:
  car_walk(blockstore_ref store, cid const& root, car_export_options const& options)
      : store_{store}, on_missing_{options.on_missing}, duplicates_{options.duplicates}, budget_{batch_of(options.ahead)} {
    path_.push_back({{root}, 0, {}, 0});
    if (duplicates_) return;
    // the walk still goes below a block that was written before it; only its section is not repeated
    for (auto const& b : options.leading) written_.insert(b.id());
  }

  // `get_many` asks the store for several blocks at once.
  template <class GetMany>
  auto next(GetMany const& get_many) -> io_result<std::optional<block>> {
    while (!path_.empty()) {
      auto& here = path_.back();
      if (here.next == here.links.size()) {
        path_.pop_back();
        continue;
      }
      auto const id = here.links[here.next];
      auto const wanted = seen_.insert(id) || duplicates_;
      auto found = take_ahead(here);
      ++here.next;
      if (!wanted) continue;
      if (!found) {
        auto one = fetch(here, id, get_many);
        if (!one) {
          if (on_missing_ == car_missing::is_skipped && one.error() == block_errc::not_found) continue;
          return std::unexpected(std::move(one).error());
        }
        found = *std::move(one);
      }
      largest_ = std::max(largest_, found->data().size());
      auto links = links_of(id.codec(), found->data());
      if (!links) return std::unexpected(std::move(links).error().about(to_string(id)));
      if (here.next == here.links.size()) path_.pop_back();  // so a chain takes no memory
      if (!links->empty()) path_.push_back({*std::move(links), 0, {}, 0});
      if (written_.size() != 0 && written_.contains(id)) continue;
      return found;
    }
    return std::nullopt;
  }

private:
  struct level {
    std::vector<cid> links;
    std::size_t next;
    std::vector<block> ahead;  // in the order of links; each is of a link that had not been seen
    std::size_t ahead_at;
    bool one_by_one = false;
  };

  // The block that was fetched ahead for the link at `next`.
  auto take_ahead(level& here) -> std::optional<block> {
    if (here.ahead_at == here.ahead.size() || here.ahead[here.ahead_at].id() != here.links[here.next]) return std::nullopt;
    auto& one = here.ahead[here.ahead_at++];
    held_ -= one.data().size();
    return std::move(one);
  }

  // The block of a link, and of those behind it.
  template <class GetMany>
  auto fetch(level& here, cid const& id, GetMany const& get_many) -> io_result<block> {
    constexpr std::size_t most = 32;
    auto const fitting = held_ > budget_ ? 1 : std::clamp<std::size_t>(budget_ / largest_, 1, std::min(most, batch_));
    if (here.one_by_one || fitting == 1 || here.ahead_at != here.ahead.size()) return store_.get(id);
    auto ids = std::vector<cid>{id};
    for (auto i = here.next; i < here.links.size() && ids.size() < fitting; ++i) {
      auto const& sibling = here.links[i];
      if ((duplicates_ || !seen_.contains(sibling)) && std::find(ids.begin(), ids.end(), sibling) == ids.end()) ids.push_back(sibling);
    }
    if (ids.size() == 1) return store_.get(id);
    auto many = get_many(ids, largest_);
    if (!many) {
      here.one_by_one = true;  // one of them is missing or damaged: the walk finds it in its turn
      return store_.get(id);
    }
    batch_ = std::min(most, batch_ * 2);
    here.ahead = *std::move(many);
    here.ahead_at = 1;
    for (std::size_t i = 1; i < here.ahead.size(); ++i) held_ += here.ahead[i].data().size();
    return std::move(here.ahead[0]);
  }

  blockstore_ref store_;
  car_missing on_missing_;
  bool duplicates_;
  std::size_t budget_;
  std::vector<level> path_;
  cid_set seen_, written_;
  std::size_t held_ = 0, largest_ = 1, batch_ = 4;
};

struct walked_batch {
  std::vector<block> blocks;
  std::optional<error> failed;
  bool more = false;
};

template <class GetMany>
void walk_batch(car_walk& walk, walked_batch& b, std::size_t enough, GetMany const& get_many) {
  b.blocks.clear();
  for (std::size_t size = 0; size < enough;) {
    auto found = walk.next(get_many);
    if (!found) b.failed = std::move(found).error();
    b.more = found && *found;
    if (!b.more) return;
    size += (*found)->data().size() + 256;
    b.blocks.push_back(**std::move(found));
  }
}

// Blocks of a store, read and checked by the walk and by who waits for it: four at a time, which is what the engines of SHA-256 take
// at once and the cache of a core holds.
template <class Crew>
auto get_shared(blockstore_ref store, Crew& crew, std::span<cid const> ids, std::size_t largest) -> io_result<std::vector<block>> {
  constexpr std::size_t step = 4, worth = 512 * limits::KiB;
  if (ids.size() <= step || ids.size() * largest < worth) return store.get_many(ids);
  auto parts = std::vector<io_result<std::vector<block>>>((ids.size() + step - 1) / step);
  auto get = [&](std::size_t i) { parts[i] = store.get_many(ids.subspan(step * i, std::min(step, ids.size() - step * i))); };
  crew.share(parts.size(), get);
  auto all = std::vector<block>{};
  all.reserve(ids.size());
  for (auto& part : parts) {
    if (!part) return std::unexpected(std::move(part).error());
    std::move(part->begin(), part->end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace detail

CAIRN_DECL auto export_car(blockstore_ref store, cid const& root, sink_ref sink, car_export_options const& options)
    -> io_result<car_export_report> {
  auto walk = detail::car_walk{store, root, options};
  auto report = car_export_report{};
  auto first = detail::walked_batch{};
  auto const enough = detail::batch_of(options.ahead);
  auto const alone = [&](std::span<cid const> ids, std::size_t) { return store.get_many(ids); };
  detail::walk_batch(walk, first, enough, alone);
  if (first.blocks.empty() && first.failed) return std::unexpected(*std::move(first.failed));  // nothing was written
  CAIRN_TRY(auto writer, car_writer::open(sink, {&root, 1}));
  for (auto const& one : options.leading) CAIRN_TRY(writer.put(one));
  report.blocks += options.leading.size();
  auto const write_batch = [&](detail::walked_batch& b) -> io_result<void> {
    for (auto const& one : b.blocks) {
      if (!options.identity && one.id().hash().code() == code::identity) continue;
      CAIRN_TRY(writer.put(one));
      ++report.blocks;
    }
    if (b.failed) return std::unexpected(*std::move(b.failed));
    return {};
  };
  if (first.more && options.ahead.helpers == 0) {
    CAIRN_TRY(write_batch(first));
    while (first.more) {
      detail::walk_batch(walk, first, enough, alone);
      CAIRN_TRY(write_batch(first));
    }
  } else if (first.more) {
    auto const fill = [&](detail::walked_batch& b, auto& crew) {
      detail::walk_batch(walk, b, enough, [&](std::span<cid const> ids, std::size_t largest) { return detail::get_shared(store, crew, ids, largest); });
    };
    auto ahead = detail::work_ahead<detail::walked_batch, decltype(fill)>{fill};
    CAIRN_TRY(write_batch(first));
    for (auto more = true; more;) {
      auto b = ahead.take();
      more = b->more;
      CAIRN_TRY(write_batch(*b));
      if (more) ahead.recycle(std::move(b));
    }
  } else {
    CAIRN_TRY(write_batch(first));
  }
  CAIRN_TRY(writer.finish());
  report.bytes = writer.size();
  return report;
}

}  // namespace cairn
