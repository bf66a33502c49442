#pragma once

#include <cairn/pin/mark.hpp>
#include <cairn/repo/leases.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>

namespace cairn {
namespace detail {

struct lease_entry {
  std::mutex guard;
  multihash_set noted;
  bool unnoted = false;            // too many: a collection waits for the end of it
  std::vector<held_root> roots{};  // guarded by the registry
  std::list<lease_entry>::iterator self{};
};

struct lease_registry {
  enum class phase : byte { idle, marking, sweeping };

  std::mutex collecting;  // one collection at a time
  std::mutex guard;       // guards the list, roots and late roots
  std::condition_variable ended;
  std::list<lease_entry> leases;
  std::atomic<phase> now = phase::idle;
  std::vector<held_root> late;

  auto all_noted() -> bool {
    for (auto& l : leases) {
      auto const inner = std::lock_guard{l.guard};
      if (l.unnoted) return false;
    }
    return true;
  }
};

}  // namespace detail

CAIRN_DECL block_leases::block_leases() : registry_{std::make_shared<detail::lease_registry>()} {}

CAIRN_DECL auto block_leases::take() -> lease {
  auto const lock = std::lock_guard{registry_->guard};
  auto& entry = registry_->leases.emplace_back();
  entry.self = std::prev(registry_->leases.end());
  return lease{registry_, &entry};
}

CAIRN_DECL block_leases::lease::lease(lease&& other) noexcept : registry_{std::move(other.registry_)}, entry_{std::exchange(other.entry_, nullptr)} {}
CAIRN_DECL block_leases::lease::~lease() {
  if (!entry_) return;
  auto const lock = std::lock_guard{registry_->guard};
  registry_->leases.erase(entry_->self);
  registry_->ended.notify_all();
}

CAIRN_DECL void block_leases::lease::note(std::span<block_view const> blocks) {
  using phase = detail::lease_registry::phase;
  auto const lock = std::lock_guard{entry_->guard};
  if (entry_->unnoted) return;
  for (auto const& b : blocks) entry_->noted.insert(b.id().hash());
  // a collection that runs has read this lease, or is about to: then it stays
  if (entry_->noted.size() > most_noted && registry_->now == phase::idle) {
    entry_->unnoted = true;
    entry_->noted = {};
  }
}

CAIRN_DECL auto block_leases::lease::hold(cid const& root, bool alone) -> bool {
  using phase = detail::lease_registry::phase;
  auto const lock = std::lock_guard{registry_->guard};
  entry_->roots.push_back({root, alone});
  if (registry_->now == phase::marking) registry_->late.push_back({root, alone});
  return registry_->now == phase::sweeping;
}

CAIRN_DECL auto block_leases::begin_collection(std::function<bool()> const& stopped) -> std::optional<collection> {
  using phase = detail::lease_registry::phase;
  auto& r = *registry_;
  r.collecting.lock();
  auto out = collection{registry_};
  auto lock = std::unique_lock{r.guard};
  r.late.clear();
  r.now = phase::marking;
  // no lease gives up its notes from here on
  while (!r.all_noted()) {
    if (stopped && stopped()) {
      lock.unlock();
      return std::nullopt;
    }
    r.ended.wait_for(lock, std::chrono::milliseconds{100});
  }
  return out;
}

CAIRN_DECL block_leases::collection::collection(collection&& other) noexcept : registry_{std::move(other.registry_)} {}
CAIRN_DECL block_leases::collection::~collection() {
  if (!registry_) return;
  registry_->now = detail::lease_registry::phase::idle;
  registry_->collecting.unlock();
}

CAIRN_DECL auto block_leases::collection::read(reachable_set& live) -> std::vector<held_root> {
  auto roots = std::vector<held_root>{};
  auto const lock = std::lock_guard{registry_->guard};
  for (auto& l : registry_->leases) {
    auto const inner = std::lock_guard{l.guard};
    live.mark_all(l.noted);
    roots.insert(roots.end(), l.roots.begin(), l.roots.end());
  }
  return roots;
}

CAIRN_DECL auto block_leases::collection::late_roots() -> std::vector<held_root> {
  auto const lock = std::lock_guard{registry_->guard};
  if (registry_->late.empty()) registry_->now = detail::lease_registry::phase::sweeping;
  return std::exchange(registry_->late, {});
}

}  // namespace cairn
