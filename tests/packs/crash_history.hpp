#pragma once
// Random histories of a store on a simulated disk, with a power cut before every change of the disk, and what must hold after it.

#include <cairn/blockstore/packs.hpp>

#include "packs/simulated_file_system.hpp"

#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace cairn::testing {

enum class fate : byte { absent, present, either };

/// What a history promised so far: absent and present are acknowledged, either is not.
using promises = std::map<int, fate>;

struct crash_options {
  std::uint64_t seed = 1;
  int steps = 40;
  int subsets = 2;  ///< per point, of the unsynced changes
  std::set<sync_site> useless = {};
};

struct crash_report {
  std::uint64_t points = 0;
  std::string violation;  ///< the first, with its seed
};

class crash_history {
public:
  explicit crash_history(crash_options o) : options_{std::move(o)}, random_{options_.seed} {}

  auto run() -> crash_report {
    disk_ = std::make_shared<simulated_disk>();
    arm();
    auto store = open_on(disk_);
    for (auto step = 0; store && step < options_.steps && report_.violation.empty(); ++step) {
      act(store);
      check_points();
    }
    return report_;
  }

  static auto content(int i) -> block {
    auto const sizes = std::array{10, 700, 4000, 9000, 1, 90};
    auto data = bytes(static_cast<std::size_t>(sizes[static_cast<std::size_t>(i) % sizes.size()]) + 4, static_cast<byte>(i * 7));
    for (auto k = 0; k < 4; ++k) data[static_cast<std::size_t>(k)] = static_cast<byte>(i >> (8 * k));
    return *hash_block({}, buffer{data});
  }

  static auto options_on(std::shared_ptr<simulated_disk> disk) -> packs_options {
    auto o = packs_options{.blocks = "d/blocks", .index = "d/index"};
    o.files = std::move(disk);
    o.segment_sections = 9;
    o.segment_bytes = 40000;
    o.recent_blocks = 12;
    o.reserve_bytes = 6000;
    return o;
  }

private:
  static constexpr int blocks = 24;

  auto dice(int n) -> int { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }

  void arm() {
    disk_->useless = options_.useless;
    disk_->watch([this, self = std::this_thread::get_id()](simulated_disk& d) {
      if (std::this_thread::get_id() != self) return;  // LevelDB's own: what it changed is among the unsynced of the next point
      auto const n = d.unsynced();
      for (auto i = 0; i < options_.subsets; ++i) {
        if (n == 0 && i > 0) break;
        auto const how = dice(5);
        auto const one = n == 0 ? 0 : random_() % n;
        auto const seed = random_();
        auto chosen = std::mt19937_64{seed};
        auto disk = d.after_crash([&](std::size_t k) {
          if (how == 0) return false;
          if (how == 1) return true;
          if (how == 2) return k != one;
          if (how == 3) return k == one;
          return chosen() % 2 == 0;
        });
        points_.push_back({std::move(disk), promised_, doing_});
      }
    });
  }

  auto open_on(std::shared_ptr<simulated_disk> disk) -> std::optional<packs> {
    auto store = packs::open(options_on(std::move(disk)));
    if (!store) {
      fail("cannot open: " + to_string(store.error()));
      return std::nullopt;
    }
    return std::move(*store);
  }

  void act(std::optional<packs>& store) {
    auto const what = dice(20);
    if (what < 9) {
      doing_ = "put";
      auto own = std::vector<block>{};
      for (auto n = 1 + dice(5); n > 0; --n) {
        auto const i = dice(blocks);
        own.push_back(content(i));
        if (promised_[i] == fate::absent) promised_[i] = fate::either;
        put_[i] = true;
      }
      auto const views = std::vector<block_view>(own.begin(), own.end());
      expect(store->put_many(views));
    } else if (what < 12) {
      doing_ = "remove";
      auto ids = std::vector<cid>{};
      for (auto n = 1 + dice(4); n > 0; --n) {
        auto const i = dice(blocks);
        ids.push_back(content(i).id());
        if (promised_[i] == fate::present) promised_[i] = fate::either;
        put_[i] = false;
      }
      expect(store->remove_many(ids));
    } else if (what < 15) {
      doing_ = "sync";
      expect(store->sync());
      acknowledge();
    } else if (what < 17) {
      doing_ = "sweep";
      auto keep = std::set<multihash>{};
      auto const share = 1 + dice(4);
      auto kept = std::set<int>{};
      for (auto i = 0; i < blocks; ++i)
        if (dice(4) < share) keep.insert(content(i).id().hash()), kept.insert(i);
      for (auto i = 0; i < blocks; ++i)
        if (!kept.contains(i)) {
          if (promised_[i] == fate::present) promised_[i] = fate::either;
          put_[i] = false;
        }
      auto collection = store->begin_collection();
      auto const swept = collection.sweep([&](multihash const& h) { return keep.contains(h); });
      if (!swept) return fail("sweep: " + to_string(swept.error()));
      for (auto i = 0; i < blocks; ++i)
        if (!kept.contains(i)) promised_[i] = fate::absent;
    } else if (what < 18) {
      doing_ = "close and open";
      expect(store->close());
      acknowledge();
      store = open_on(disk_);
    } else if (what < 19) {
      doing_ = "kill and open";
      auto next = disk_->after_kill();
      disk_->watch(nullptr);
      disk_ = std::move(next);
      arm();
      store.reset();
      store = open_on(disk_);
    } else {
      doing_ = "power cut and open";
      auto next = disk_->after_crash([&](std::size_t) { return dice(2) == 0; });
      disk_->watch(nullptr);
      disk_ = std::move(next);
      arm();
      store.reset();
      store = open_on(disk_);
      if (!store) return;
      for (auto i = 0; i < blocks; ++i) {
        put_[i] = *store->has(content(i).id());
        // what is seen after a power cut was on the disk; what recovery dropped may still be on it until the next sync
        if (put_[i] && promised_[i] == fate::absent) fail("revived");
        if (!put_[i] && promised_[i] == fate::present) fail("lost");
      }
    }
    if (store) for (auto i = 0; i < blocks; ++i)
      if (auto const here = store->has(content(i).id()); !here || *here != put_[i]) fail(std::string{"has is wrong about "} + std::to_string(i));
  }

  void acknowledge() {
    for (auto i = 0; i < blocks; ++i) promised_[i] = put_[i] ? fate::present : fate::absent;
  }

  void check_points() {
    auto points = std::exchange(points_, {});
    for (auto& p : points) {
      if (!report_.violation.empty()) return;
      ++report_.points;
      doing_ = "after a power cut in " + p.doing;
      p.disk->useless = options_.useless;
      check_store(p.disk, p.promised);
      if (random_() % 4 != 0 || !report_.violation.empty()) continue;
      // life goes on, and the power goes again
      auto again = p.promised;
      {
        auto store = open_on(p.disk);
        if (!store) return;
        for (auto n = 0; n < 6; ++n) {
          auto const i = dice(blocks);
          if (dice(3) != 0) expect(store->put(content(i))), again[i] = fate::present;
          else expect(store->remove(content(i).id())), again[i] = fate::absent;
        }
        expect(store->sync());
        auto next = p.disk->after_crash([&](std::size_t) { return dice(2) == 0; });
        p.disk = std::move(next);
      }
      doing_ += ", and in what followed";
      p.disk->useless = options_.useless;
      check_store(p.disk, again);
    }
  }

  void check_store(std::shared_ptr<simulated_disk> const& disk, promises& promised) {
    auto store = open_on(disk);
    if (!store) return;
    auto here = std::uint64_t{0};
    for (auto i = 0; i < blocks; ++i) {
      auto const b = content(i);
      auto const got = store->get(b.id());
      if (!got && !(got.error() == block_errc::not_found)) return fail("get: " + to_string(got.error()));
      if (got && !equal(got->data, b.data())) return fail("other bytes of " + std::to_string(i));
      if (!got && promised[i] == fate::present) return fail("lost " + std::to_string(i));
      if (got && promised[i] == fate::absent) return fail("revived " + std::to_string(i));
      here += got.has_value();
    }
    auto const report = store->verify();
    if (!report) return fail("verify: " + to_string(report.error()));
    if (!report->damage.empty())
      return fail("damage: " + report->damage[0].where + ": " + report->damage[0].what + "\n" + std::string{as_text(disk->file("d/blocks/MANIFEST"))});
    if (report->blocks != here || store->stats().blocks != here)
      return fail("counters: " + std::to_string(here) + " blocks, verify " + std::to_string(report->blocks) + ", stats " + std::to_string(store->stats().blocks));
    // the index again, from the segments alone, gives the same
    if (random_() % 8 != 0) return;
    store.reset();
    auto again = packs::rebuild(options_on(disk));
    if (!again) return fail("rebuild: " + to_string(again.error()));
    for (auto i = 0; i < blocks; ++i) {
      auto const has = *again->has(content(i).id());
      if (!has && promised[i] == fate::present) return fail("rebuild lost " + std::to_string(i));
      if (has && promised[i] == fate::absent) return fail("rebuild revived " + std::to_string(i));
    }
  }

  void expect(io_result<void> const& r) {
    if (!r) fail(to_string(r.error()));
  }
  void fail(std::string what) {
    if (report_.violation.empty()) report_.violation = "seed " + std::to_string(options_.seed) + ", " + doing_ + ": " + std::move(what);
  }

  struct point {
    std::shared_ptr<simulated_disk> disk;
    promises promised;
    std::string doing;
  };

  crash_options options_;
  std::mt19937_64 random_;
  std::shared_ptr<simulated_disk> disk_;
  std::vector<point> points_;
  promises promised_;
  std::map<int, bool> put_;
  std::string doing_ = "open";
  crash_report report_;
};

}  // namespace cairn::testing
