// A disk that is full or read-only at any call, flipped bits, and several threads.
#include "packs/crash_history.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <thread>

using namespace cairn;
using testing::crash_history;
using testing::simulated_disk;

namespace {

auto content(int i) -> block { return crash_history::content(i); }

/// A fixed life of a store: every member, several segments. `acknowledged` holds what is there for sure.
struct life {
  std::set<int> acknowledged;
  std::set<int> unsure;
  int failures = 0;

  auto run(std::shared_ptr<simulated_disk> const& disk) -> bool {
    auto store = packs::open(crash_history::options_on(disk));
    if (!store) return ++failures, false;
    auto waiting = std::set<int>{};
    for (auto i = 0; i < 40; ++i) {
      auto const done = store->put(content(i));
      if (done) waiting.insert(i);
      else {
        ++failures;
        auto const here = store->has(content(i).id());
        CHECK((!here || !*here));  // L7: a failed put leaves the store as it was
      }
      if (i % 8 == 7) {
        if (store->sync()) acknowledged.merge(waiting), waiting.clear();
        else ++failures;
      }
      if (i == 20) {
        for (auto k : {3, 9}) {
          acknowledged.erase(k);
          waiting.erase(k);
          unsure.insert(k);
          if (!store->remove(content(k).id())) ++failures;
        }
      }
      if (i == 30) {
        auto collection = store->begin_collection();
        auto keep = std::set<multihash>{};
        for (auto k = 0; k < 40; ++k)
          if (k % 3 == 0) keep.insert(content(k).id().hash());
          else acknowledged.erase(k), waiting.erase(k), unsure.insert(k);
        if (!collection.sweep([&](multihash const& h) { return keep.contains(h); })) ++failures;
        for (auto k : {1, 2}) {
          unsure.insert(k);
          if (!store->put(content(k))) ++failures;
        }
      }
      for (auto k : acknowledged) {
        auto const got = store->get(content(k).id());
        if (!got || !equal(got->data, content(k).data())) {
          INFO(k << " after " << i << ": " << (got ? "other bytes" : to_string(got.error())));
          CHECK(false);
          return false;
        }
      }
    }
    unsure.merge(waiting);
    if (!store->close()) ++failures;
    return true;
  }

  /// The disk works again: all that was acknowledged is there.
  void look(std::shared_ptr<simulated_disk> const& disk) const {
    disk->fail_at = disk->fail_from = ~0ull;
    auto store = packs::open(crash_history::options_on(disk));
    INFO((store ? "" : to_string(store.error())));
    REQUIRE(store);
    for (auto k : acknowledged) {
      auto const got = store->get(content(k).id());
      INFO(k << (got ? "" : to_string(got.error())));
      REQUIRE(got);
      CHECK(equal(got->data, content(k).data()));
    }
    auto const report = store->verify();
    REQUIRE(report);
    for (auto const& d : report->damage) FAIL_CHECK(d.where << ": " << d.what);
    REQUIRE(store->put(content(77)));
    REQUIRE(store->sync());
  }
};

/// The same store in the next process.
auto options_after(simulated_disk&, packs_options const& options, io_result<packs>& store) -> packs_options {
  static_cast<void>(store->close());
  return options;
}

}  // namespace

TEST_CASE("a call that fails, at every call: an error, nothing acknowledged is lost, and the store goes on") {
  auto calls = std::uint64_t{0};
  {
    auto disk = std::make_shared<simulated_disk>();
    REQUIRE(life{}.run(disk));
    calls = disk->operations;
  }
  // each run takes every seventh call of each kind; with CAIRN_CRASH_POINTS every one
  auto const stride = std::getenv("CAIRN_CRASH_POINTS") ? 1u : 7u;
  auto first = std::uint64_t{0};
  for (auto failure : {ENOSPC, EIO})
    for (auto forever : {false, true})
      for (std::uint64_t at = 1 + first++ * 2 % stride; at <= calls; at += stride) {
        auto disk = std::make_shared<simulated_disk>();
        disk->failure = failure;
        (forever ? disk->fail_from : disk->fail_at) = at;
        auto one = life{};
        INFO("call " << at << " of " << calls << (forever ? " and all after it" : "") << ", errno " << failure);
        one.run(disk);
        one.look(disk);
        if (forever) CHECK(one.failures > 0);
      }
}

TEST_CASE("on a full disk a collection still runs: the reserve makes room for it") {
  for (auto closed : {false, true}) {
    auto disk = std::make_shared<simulated_disk>();
    disk->capacity = 300000;
    auto options = crash_history::options_on(disk);
    options.reserve_bytes = 60000;
    options.recent_blocks = 1000;  // the index is written at seals and at the end
    auto store = packs::open(options);
    REQUIRE(store);
    auto stored = 0;
    for (; stored < 10000; ++stored) {
      auto const done = store->put(content(stored));
      if (done) continue;
      CHECK(done.error().is_system(ENOSPC));
      break;
    }
    REQUIRE(stored > 40);
    REQUIRE(stored < 10000);
    // not a byte is left, unless the reserve was needed already
    auto filler = disk->open("d/filler", open_mode::create);
    for (auto at = std::uint64_t{0}; disk->exists("d/blocks/reserve"); ++at) {
      auto const one = bytes(1, 1);
      auto const part = bytes_view{one};
      if (!(*filler)->pwritev(at, {&part, 1})) break;
    }
    if (closed) {
      store = packs::open(options_after(*disk, options, store));
      INFO((store ? "" : to_string(store.error())));
      REQUIRE(store);
    }
    auto keep = std::set<multihash>{};
    for (auto i = 0; i < stored; i += 4) keep.insert(content(i).id().hash());
    {
      auto collection = store->begin_collection();
      auto const swept = collection.sweep([&](multihash const& h) { return keep.contains(h); });
      INFO((swept ? "" : to_string(swept.error())));
      REQUIRE(swept);
      CHECK(swept->removed_blocks > 20);
    }
    for (auto i = 0; i < stored; i += 4) CHECK(store->get(content(i).id()));
    for (auto i = 0; i < 5; ++i) CHECK(store->put(content(1000 + i)));
    CHECK(disk->exists("d/blocks/reserve"));
  }
}

TEST_CASE("a read-only disk: errors, no crash, and what is there is still read") {
  auto disk = std::make_shared<simulated_disk>();
  auto store = packs::open(crash_history::options_on(disk));
  REQUIRE(store);
  REQUIRE(store->put(content(1)));
  REQUIRE(store->sync());
  disk->read_only = true;
  auto const refused = store->put(content(2));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().is_system(EROFS));
  CHECK(store->get(content(1).id()));
  CHECK_FALSE(*store->has(content(2).id()));
  static_cast<void>(store->remove(content(1).id()));
  static_cast<void>(store->close());
  auto again = packs::open(crash_history::options_on(disk));
  CHECK_FALSE(again);
  disk->read_only = false;
  again = packs::open(crash_history::options_on(disk));
  REQUIRE(again);
  CHECK(again->get(content(1).id()));
}

TEST_CASE("a flipped bit is found, and served by nobody") {
  auto disk = std::make_shared<simulated_disk>();
  {
    auto store = packs::open(crash_history::options_on(disk));
    for (auto i = 0; i < 24; ++i) REQUIRE(store->put(content(i)));
    for (auto i = 0; i < 24; i += 6) REQUIRE(store->remove(content(i).id()));
    REQUIRE(store->close());
  }
  auto found = 0;
  auto random = std::mt19937_64{7};
  for (auto const& name : disk->names()) {
    auto const size = disk->file(name).size();
    if (name.ends_with("/reserve")) continue;  // its bytes mean nothing
    auto const derived = name.starts_with("d/index/");
    for (auto tries = 0; tries < 60 && size > 0; ++tries) {
      auto const at = random() % size;
      auto copy = disk->after_kill();
      copy->file(name)[at] ^= static_cast<byte>(1u << random() % 8);
      // a header's data_size may say less than is there: it only ever lags
      auto const lagging = name.ends_with("00000003.car") && at >= 35 && at < 43;
      INFO(name << " at " << at);
      auto store = packs::open(crash_history::options_on(copy));
      if (!store) {
        ++found;
        continue;
      }
      auto const report = store->verify();
      auto const told = !report || !report->damage.empty();
      auto right = true;
      for (auto i = 0; i < 24; ++i) {
        auto const got = store->get(content(i).id());
        auto const here = got && check(content(i).id(), got->data);
        // after verify only whole blocks are served
        if (got) CHECK(here);
        if (here != (i % 6 != 0)) right = false;
      }
      if (told) ++found;
      else if (derived || lagging) {
        CHECK(right);
      } else {
        FAIL_CHECK("not found");
      }
    }
  }
  CHECK(found > 100);
}

TEST_CASE("a damaged block is written anew by the next put") {
  auto disk = std::make_shared<simulated_disk>();
  auto store = packs::open(crash_history::options_on(disk));
  auto const b = content(1);
  REQUIRE(store->put(b));
  disk->file("d/blocks/00000001.car")[500] ^= 1;
  auto const report = store->verify();
  REQUIRE(report);
  REQUIRE(report->damage.size() == 1);
  CHECK(report->damage[0].id == b.id());
  CHECK_FALSE(*store->has(b.id()));
  CHECK(store->get(b.id()).error() == packs_errc::damaged_block);
  REQUIRE(store->put(b));
  auto const got = store->get(b.id());
  REQUIRE(got);
  CHECK(equal(got->data, b.data()));
  CHECK(store->stats().blocks == 1);
}

TEST_CASE("readers, writers, syncs, verifications and sweeps at once") {
  auto disk = std::make_shared<simulated_disk>();
  auto options = crash_history::options_on(disk);
  options.background = GENERATE(false, true);
  auto store = packs::open(options);
  REQUIRE(store);
  auto failed = std::atomic<int>{0};
  auto stop = std::atomic<bool>{false};
  // 0..49 are kept alive by every sweep, the rest is not
  auto keep = std::set<multihash>{};
  for (auto i = 0; i < 50; ++i) keep.insert(content(i).id().hash());
  for (auto i = 0; i < 50; ++i) REQUIRE(store->put(content(i)));
  auto readers = std::vector<std::thread>{};
  for (auto t = 0; t < 2; ++t)
    readers.emplace_back([&] {
      while (!stop)
        for (auto i = 0; i < 50; ++i) {
          auto const got = store->get(content(i).id());
          if (!got || !equal(got->data, content(i).data())) ++failed;
        }
    });
  auto writers = std::vector<std::thread>{};
  for (auto t = 0; t < 2; ++t)
    writers.emplace_back([&, t] {
      for (auto i = 0; i < 60; ++i) {
        auto const n = 100 + t * 1000 + i;
        if (!store->put(content(n)) || !store->put(content(i % 50)) || !store->sync()) ++failed;
      }
    });
  auto verifier = std::thread{[&] {
    while (!stop)
      if (auto const report = store->verify(); !report || !report->damage.empty()) ++failed;
  }};
  auto remover = std::thread{[&] {
    for (auto i = 0; i < 60; ++i)
      if (!store->remove(content(100 + i).id())) ++failed;
  }};
  for (auto i = 0; i < 12; ++i) {
    auto collection = store->begin_collection();
    if (!collection.sweep([&](multihash const& h) { return keep.contains(h); })) ++failed;
  }
  for (auto& w : writers) w.join();
  remover.join();
  stop = true;
  for (auto& r : readers) r.join();
  verifier.join();
  CHECK(failed == 0);
  auto const report = store->verify();
  REQUIRE(report);
  for (auto const& d : report->damage) FAIL_CHECK(d.where << ": " << d.what);
  CHECK(report->blocks == store->stats().blocks);
  for (auto i = 0; i < 50; ++i) CHECK(store->get(content(i).id()));
}
