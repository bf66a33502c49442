#pragma once
// An engine behind one face. Only the bodies of this module see it.

#include <cairn/blockstore/cached.hpp>
#include <cairn/blockstore/flatfs.hpp>
#include <cairn/blockstore/measured.hpp>
#include <cairn/blockstore/packs/packs.hpp>
#include <cairn/blockstore/pipe.hpp>
#include <cairn/multiformats/multihash_set.hpp>
#include <cairn/repo/blocks.hpp>

#include <array>
#include <atomic>
#include <mutex>

namespace cairn {

struct repo_blocks::collection::body {
  virtual ~body() = default;
  virtual auto sweep(std::function<bool(multihash const&)> const& live, std::function<void(multihash const&)> const& removed,
                     std::function<void(multihash const&, error const&)> const& failed) -> io_result<sweep_report> = 0;
};

namespace detail {

class repo_engine {
public:
  virtual ~repo_engine() = default;
  virtual auto store() -> blockstore_ref = 0;
  virtual auto counts() -> store_counts const& = 0;
  virtual auto facts() -> io_result<blocks_facts> = 0;
  virtual auto disk_bytes() -> io_result<std::uint64_t> = 0;
  virtual auto verify(std::function<void(damaged_block const&)> const& sink) -> io_result<verify_report> = 0;
  virtual void before_put(std::span<block_view const>) {}
  virtual auto keep(std::span<cid const> ids) -> io_result<std::vector<bool>> = 0;
  virtual auto begin_collection() -> std::unique_ptr<repo_blocks::collection::body> = 0;
  virtual void aim(std::uint64_t /*disk_bytes*/) {}  // where dead bytes stay on the disk
  virtual void forget_cached() = 0;
  virtual auto close() -> io_result<void> = 0;
};

struct engine_options {
  steady_nanoseconds clock = nullptr;
  std::uint64_t cache_bytes = 0;
};

/// Blocks that are read again and again: checked once, then handed out from memory.
inline auto hot_blocks(engine_options const& o) -> cached_layer {
  constexpr auto mean_block = 4096u;
  return cached(o.cache_bytes / mean_block, o.cache_bytes, cache_admission::second_read);
}

template <class Engine>
using checked_blocks = cached_blockstore<verified_blockstore<measured_blockstore<Engine>>>;

/// No block is kept while a collection removes them below.
template <class Cache>
struct paused_cache {
  explicit paused_cache(Cache& c) : cache{c} { cache.pause(); }
  paused_cache(paused_cache const&) = delete;
  ~paused_cache() { cache.resume(); }
  Cache& cache;
};

class flatfs_engine final : public repo_engine {
public:
  flatfs_engine(flatfs_blockstore raw, engine_options const& o) : store_{std::move(raw) | measured_by(o.clock) | verified | hot_blocks(o) | identity} {}
  auto store() -> blockstore_ref override { return store_; }
  auto counts() -> store_counts const& override { return store_.below().below().below().counts(); }
  void forget_cached() override { cache().clear(); }
  auto disk_bytes() -> io_result<std::uint64_t> override { return raw().disk_usage(); }
  auto close() -> io_result<void> override { return raw().sync(); }

  auto facts() -> io_result<blocks_facts> override {
    auto out = blocks_facts{};
    CAIRN_TRY(out.disk_bytes, disk_bytes());
    CAIRN_TRY(auto all, raw().keys());
    for (;;) {
      CAIRN_TRY(auto key, all.next());
      if (!key) return out;
      ++out.blocks;
    }
  }

  auto verify(std::function<void(damaged_block const&)> const& sink) -> io_result<verify_report> override {
    auto out = verify_report{};
    CAIRN_TRY(auto all, raw().keys());
    auto batch = std::vector<unverified_block>{};
    auto bytes_held = std::size_t{0};
    auto const bad = [&](cid const& id, error const& why) {
      ++out.damaged;
      if (sink) sink({id, std::string{why.clause()}});
    };
    auto const flush = [&] {
      auto const count = batch.size();
      auto copies = batch;
      if (verify_many(std::move(copies))) {
        out.blocks += count;
        out.bytes += bytes_held;
      } else {
        for (auto const& b : batch)
          if (auto const right = check(b.id, b.data); right)
            ++out.blocks, out.bytes += b.data.size();
          else
            bad(b.id, right.error());
      }
      batch.clear();
      bytes_held = 0;
    };
    for (;;) {
      CAIRN_TRY(auto key, all.next());
      if (!key) break;
      auto const id = cid::v1(code::raw, *key);
      auto b = raw().get(id);
      if (!b && b.error() == block_errc::not_found) continue;  // removed meanwhile
      if (!b) {
        bad(id, b.error());
        continue;
      }
      bytes_held += b->data.size();
      batch.push_back(*std::move(b));
      if (batch.size() == 64 || bytes_held > 8 * limits::MiB) flush();
    }
    flush();
    if (out.damaged != 0) cache().clear();
    return out;
  }

  // A put says so before it looks whether the block is here; a sweep looks and removes in one step. So either the sweep sees the put,
  // or the put sees that the file is gone.
  void before_put(std::span<block_view const> blocks) override {
    if (!barrier_->collecting) return;
    for (auto const& b : blocks) barrier_->spare(b.id().hash());
  }

  auto keep(std::span<cid const> ids) -> io_result<std::vector<bool>> override {
    auto here = std::vector<bool>{};
    for (auto const& id : ids) {
      if (barrier_->collecting) barrier_->spare(id.hash());
      CAIRN_TRY(auto found, store_.has(id));
      here.push_back(found);
    }
    return here;
  }

  auto begin_collection() -> std::unique_ptr<repo_blocks::collection::body> override {
    barrier_->collecting = true;
    return std::make_unique<sweeper>(*this, *barrier_);
  }

private:
  struct barrier {
    struct stripe {
      std::mutex guard;
      multihash_set spared;
    };
    std::atomic<bool> collecting = false;
    std::array<stripe, 64> stripes;

    auto of(multihash const& h) -> stripe& { return stripes[std::hash<multihash>{}(h) % stripes.size()]; }
    void spare(multihash const& h) {
      auto& s = of(h);
      auto const lock = std::lock_guard{s.guard};
      s.spared.insert(h);
    }
    void end() {
      collecting = false;
      for (auto& s : stripes) {
        auto const lock = std::lock_guard{s.guard};
        s.spared = {};
      }
    }
  };

  struct sweeper final : repo_blocks::collection::body {
    sweeper(flatfs_engine& of, barrier& by) : raw{of.raw()}, edge{by}, paused{of.cache()} {}
    ~sweeper() override { edge.end(); }
    auto sweep(std::function<bool(multihash const&)> const& live, std::function<void(multihash const&)> const& removed,
               std::function<void(multihash const&, error const&)> const& failed) -> io_result<sweep_report> override {
      auto out = sweep_report{};
      CAIRN_TRY(auto all, raw.keys());
      for (;;) {
        CAIRN_TRY(auto key, all.next());
        if (!key) break;
        if (live(*key)) continue;
        auto const id = cid::v1(code::raw, *key);
        auto& stripe = edge.of(*key);
        auto lock = std::unique_lock{stripe.guard};
        if (stripe.spared.contains(*key)) continue;
        auto const size = raw.get_size(id);
        auto gone = size ? raw.remove(id) : std::unexpected(size.error());
        lock.unlock();
        if (!gone) {
          ++out.failed;
          if (failed) failed(*key, gone.error());
          if (!out.first_failure) out.first_failure = std::move(gone).error();
          continue;
        }
        if (!*size) continue;  // another removed it
        ++out.removed_blocks;
        out.removed_bytes += **size;
        if (removed) removed(*key);
      }
      CAIRN_TRY(raw.sync());
      return out;
    }
    flatfs_blockstore& raw;
    barrier& edge;
    paused_cache<checked_blocks<flatfs_blockstore>> paused;
  };

  auto cache() -> checked_blocks<flatfs_blockstore>& { return store_.below(); }
  auto raw() -> flatfs_blockstore& { return cache().below().below().below(); }
  std::unique_ptr<barrier> barrier_ = std::make_unique<barrier>();
  identity_blockstore<checked_blocks<flatfs_blockstore>> store_;
};

class packs_engine final : public repo_engine {
public:
  packs_engine(packs raw, engine_options const& o) : store_{std::move(raw) | measured_by(o.clock) | verified | hot_blocks(o) | identity} {}
  auto store() -> blockstore_ref override { return store_; }
  void aim(std::uint64_t disk_bytes) override { raw().aim(disk_bytes); }
  auto counts() -> store_counts const& override { return store_.below().below().below().counts(); }
  void forget_cached() override { cache().clear(); }
  auto disk_bytes() -> io_result<std::uint64_t> override { return raw().stats().disk_bytes; }
  auto facts() -> io_result<blocks_facts> override {
    auto const s = raw().stats();
    return blocks_facts{s.blocks, s.disk_bytes};
  }
  auto close() -> io_result<void> override { return raw().close(); }

  auto verify(std::function<void(damaged_block const&)> const& sink) -> io_result<verify_report> override {
    CAIRN_TRY(auto found, raw().verify());
    if (!found.damage.empty()) cache().clear();  // what is set aside is not here any more
    if (sink)
      for (auto const& d : found.damage) sink({d.id, d.where + ": " + d.what});
    return verify_report{found.blocks, found.bytes, found.damage.size()};
  }

  auto keep(std::span<cid const> ids) -> io_result<std::vector<bool>> override { return raw().keep(ids); }
  auto begin_collection() -> std::unique_ptr<repo_blocks::collection::body> override { return std::make_unique<sweeper>(*this, raw().begin_collection()); }

private:
  struct sweeper final : repo_blocks::collection::body {
    sweeper(packs_engine& of, packs::collection c) : paused{of.cache()}, inner{std::move(c)} {}
    auto sweep(std::function<bool(multihash const&)> const& live, std::function<void(multihash const&)> const& removed,
               std::function<void(multihash const&, error const&)> const&) -> io_result<sweep_report> override {
      CAIRN_TRY(auto done, inner.sweep(live, removed));
      return sweep_report{done.removed_blocks, done.removed_bytes, 0, {}};
    }
    paused_cache<checked_blocks<packs>> paused;
    packs::collection inner;
  };

  auto cache() -> checked_blocks<packs>& { return store_.below(); }
  auto raw() -> packs& { return cache().below().below().below(); }
  identity_blockstore<checked_blocks<packs>> store_;
};

}  // namespace detail
}  // namespace cairn
