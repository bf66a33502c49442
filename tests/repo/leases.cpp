// What is under way while a collection marks and sweeps (SEC-51).

#include "repo/support.hpp"

#include <cairn/blockstore/ref.hpp>

#include <random>
#include <set>
#include <thread>

using namespace cairn;
using namespace cairn::testing;

namespace {

/// The same number for the same seed on every library.
struct dice {
  std::mt19937_64 source;
  auto operator()(std::size_t below) -> std::size_t { return static_cast<std::size_t>(source() % below); }
};

auto leaf(std::string const& text) -> block { return laws::block_of(text, 1); }

struct fixture {
  explicit fixture(std::string_view engine) {
    REQUIRE(init_repo(folder / "r", new_config({engine, "nosync"})));
    r.emplace(*repo::open(folder / "r"));
    pins.emplace(*pinset::open(r->metadata()));
  }
  auto collect(gc_options options = {}) -> io_result<sweep_report> {
    options.leases = &leases;
    options.pins = &*pins;
    return collect_garbage(*r, options);
  }
  auto here(block const& b) -> bool { return *r->blocks().has(b.id()) && r->blocks().get(b.id()).has_value(); }

  temporary_folder folder;
  std::optional<repo> r;
  std::optional<pinset> pins;
  block_leases leases;
};

}  // namespace

TEST_CASE("SEC-51: what a lease noted before a collection stays until the lease ends") {
  auto f = fixture{GENERATE("packs", "flatfs")};
  auto const mine = leaf("mine"), loose = leaf("loose"), found = leaf("found");
  REQUIRE(f.r->blocks().put(loose));
  REQUIRE(f.r->blocks().put(found));
  {
    auto held = f.leases.take();
    auto store = leased_blocks{f.r->blocks(), held};
    REQUIRE(store.put(mine));
    REQUIRE(store.put(found));  // here already
    CHECK(f.collect()->removed_blocks == 1);
    CHECK(f.here(mine));
    CHECK(f.here(found));
    CHECK_FALSE(f.here(loose));
    CHECK(f.collect()->removed_blocks == 0);
  }
  CHECK(f.collect()->removed_blocks == 2);
  CHECK_FALSE(f.here(mine));
}

TEST_CASE("SEC-51: what is put, found or pinned while a collection marks stays") {
  auto f = fixture{GENERATE("packs", "flatfs")};
  auto const fresh = leaf("fresh"), found = leaf("found"), loose = leaf("loose"), below = leaf("below"), alone = leaf("alone");
  auto const root = list_block({below.id()});
  for (auto const* b : {&found, &loose, &below, &root, &alone}) REQUIRE(f.r->blocks().put(*b));
  auto held = f.leases.take();
  auto store = leased_blocks{f.r->blocks(), held};
  auto options = gc_options{};
  options.best_effort_roots = [&]() -> io_result<std::vector<cid>> {
    REQUIRE(store.put(fresh));
    REQUIRE(store.put(found));
    CHECK_FALSE(held.hold(root.id()));  // marked by the collection, with what is below it
    CHECK_FALSE(held.hold(alone.id(), true));
    REQUIRE(f.pins->add({root.id(), pin_mode::recursive, ""}));
    return std::vector<cid>{};
  };
  CHECK(f.collect(options)->removed_blocks == 1);
  for (auto const* b : {&fresh, &found, &root, &below, &alone}) CHECK(f.here(*b));
  CHECK_FALSE(f.here(loose));
}

TEST_CASE("SEC-51: while a sweep goes on, a put writes what goes anew, and a pin keeps what is still here or says that it is gone") {
  auto f = fixture{GENERATE("packs", "flatfs")};
  auto all = std::vector<block>{};
  for (auto n = 0; n < 300; ++n) all.push_back(leaf("block " + std::to_string(n)));
  for (auto const& b : all) REQUIRE(f.r->blocks().put(b));
  auto kept = std::set<std::size_t>{}, again = kept;
  auto random = dice{};
  auto options = gc_options{};
  auto told = std::size_t{0};
  options.removed = [&](cid const&) {
    // between two removals, others work
    auto held = f.leases.take();
    auto const n = random(all.size()), m = random(all.size());
    if (++told % 3 == 0) {
      auto store = leased_blocks{f.r->blocks(), held};
      REQUIRE(store.put(all[n]));
      again.insert(n);
    }
    CHECK(held.hold(all[m].id(), true));
    auto const id = all[m].id();
    auto const here = f.r->blocks().keep({&id, 1});
    REQUIRE(here);
    if ((*here)[0]) kept.insert(m);
  };
  REQUIRE(f.collect(options));
  CHECK(told > 50);
  for (auto n : again) CHECK(f.here(all[n]));
  for (auto n : kept) CHECK(f.here(all[n]));
}

TEST_CASE("SEC-51: a collection waits for a lease that has stored too much to be noted, and nobody else does") {
  auto f = fixture{"packs"};
  auto held = std::optional{f.leases.take()};
  auto store = std::optional<leased_blocks>{std::in_place, f.r->blocks(), *held};
  auto const first = leaf("first");
  REQUIRE(store->put(first));
  auto options = gc_options{};
  auto asked_without_wait = 1;
  options.stopped = [&] { return ++asked_without_wait < 0; };
  REQUIRE(f.collect(options));
  {
    // notes alone: the store need not hold them
    auto const many = leaf("many");
    for (std::size_t n = 0; n <= block_leases::most_noted; ++n) {
      auto const b = hash_block({.codec = code::raw}, buffer{as_bytes(std::to_string(n))});
      auto const view = block_view{*b};
      held->note({&view, 1});
    }
  }
  // it asks whether to stop for as long as it waits: more often than all of a collection that does not wait
  auto asked = 0;
  options.stopped = [&] { return ++asked > asked_without_wait; };
  CHECK(f.collect(options).error() == gc_errc::stopped);
  CHECK(f.here(first));
  auto collected = std::atomic<bool>{false};
  auto collector = std::thread{[&] {
    static_cast<void>(f.collect());
    collected = true;
  }};
  auto other = f.leases.take();
  auto others = leased_blocks{f.r->blocks(), other};
  REQUIRE(others.put(leaf("other")));
  CHECK_FALSE(collected);
  REQUIRE(f.pins->add({first.id(), pin_mode::recursive, ""}));
  store.reset();
  held.reset();
  collector.join();
  CHECK(f.here(first));
  CHECK(f.here(leaf("other")));
}

namespace {

/// What must be here, by definition: fifty lines that know nothing of stores.
struct oracle {
  struct node {
    block what;
    std::vector<std::size_t> links;
  };
  std::vector<node> world;
  std::set<std::size_t> here, recursive, direct;
  std::optional<std::size_t> files;
  std::set<std::size_t> noted;  // by the lease in force

  void walk(std::size_t at, bool best_effort, std::set<std::size_t>& live, bool& whole) const {
    auto seen = std::set<std::size_t>{};
    auto stack = std::vector<std::size_t>{at};
    while (!stack.empty()) {
      auto const n = stack.back();
      stack.pop_back();
      if (!seen.insert(n).second) continue;
      live.insert(n);
      auto const leaf = world[n].what.id().codec() == code::raw;
      if (leaf) continue;
      if (!here.contains(n)) {
        whole = whole && best_effort;
        continue;
      }
      stack.insert(stack.end(), world[n].links.begin(), world[n].links.end());
    }
  }
  /// False: it aborts, and nothing changes.
  auto collect() -> bool {
    auto live = noted;
    auto whole = true;
    for (auto n : recursive) walk(n, false, live, whole);
    for (auto n : direct) live.insert(n);
    if (files) walk(*files, true, live, whole);
    if (!whole) return false;
    auto rest = std::set<std::size_t>{};
    for (auto n : here)
      if (live.contains(n)) rest.insert(n);
    here = std::move(rest);
    return true;
  }
};

void run_model(std::string_view engine, std::uint64_t seed, std::size_t steps) {
  CAPTURE(engine, seed);
  auto f = fixture{engine};
  auto random = dice{std::mt19937_64{seed}};
  auto model = oracle{};
  for (std::size_t n = 0; n < 60; ++n) model.world.push_back({leaf("leaf " + std::to_string(n)), {}});
  for (auto distinct = std::set<cid>{}; model.world.size() < 120;) {
    auto const n = model.world.size();
    auto links = std::vector<std::size_t>{};
    auto ids = std::vector<cid>{};
    for (auto k = random(4) + 1; k > 0; --k) {
      links.push_back(random(n));
      ids.push_back(model.world[links.back()].what.id());
    }
    auto node = list_block(ids);
    if (distinct.insert(node.id()).second) model.world.push_back({std::move(node), links});
  }
  auto held = std::optional<block_leases::lease>{};
  auto const agree = [&](std::size_t step) {
    for (std::size_t n = 0; n < model.world.size(); ++n) {
      auto const is = *f.r->blocks().has(model.world[n].what.id());
      if (is != model.here.contains(n)) FAIL("step " << step << ": block " << n << (is ? " is here" : " is gone"));
    }
  };
  for (std::size_t step = 0; step < steps; ++step) {
    auto const n = random(model.world.size());
    auto const& b = model.world[n].what;
    switch (random(100)) {
      default:
        if (held) {
          auto store = leased_blocks{f.r->blocks(), *held};
          REQUIRE(store.put(b));
          model.noted.insert(n);
        } else {
          REQUIRE(f.r->blocks().put(b));
        }
        model.here.insert(n);
        break;
      case 0: case 1: case 2: case 3: case 4: case 5:
        REQUIRE(f.pins->add({b.id(), pin_mode::recursive, ""}));
        model.recursive.insert(n);
        model.direct.erase(n);
        break;
      case 6: case 7:
        if (f.pins->add({b.id(), pin_mode::direct, ""})) model.direct.insert(n);
        else if (!model.recursive.contains(n)) FAIL("a direct pin was refused");
        break;
      case 8: case 9: case 10: case 11: case 12: case 13: case 14: case 15: {
        auto const was = model.recursive.erase(n) + model.direct.erase(n) > 0;
        if (f.pins->remove(b.id()).has_value() != was) FAIL("an unpin that " << (was ? "failed" : "worked"));
        break;
      }
      case 16:
        REQUIRE(f.r->metadata().put("/local/filesroot", to_bytes(b.id())));
        model.files = n;
        break;
      case 17: case 18:
        REQUIRE(f.r->blocks().remove(b.id()));
        model.here.erase(n);
        break;
      case 19:
        if (held) held.reset(), model.noted.clear();
        else held.emplace(f.leases.take());
        break;
      case 20: case 21: {
        auto const done = f.collect();
        auto const expected = model.collect();
        if (done.has_value() != expected) FAIL("step " << step << ": a collection that " << (expected ? "failed: " + to_string(done.error()) : "did not abort"));
        if (!done) CHECK(done.error() == gc_errc::aborted);
        model.here.insert(0), static_cast<void>(f.r->blocks().put(model.world[0].what));
        agree(step);
        break;
      }
      case 22:
        if (random(20) != 0) break;
        f.pins.reset();
        held.reset(), model.noted.clear();
        REQUIRE(f.r->close());
        f.r.emplace(*repo::open(f.folder / "r"));
        f.pins.emplace(*pinset::open(f.r->metadata()));
        agree(step);
        break;
    }
    // so many pins that nearly every collection would abort: some go
    while (model.recursive.size() > 6) {
      auto const old = *std::next(model.recursive.begin(), static_cast<std::ptrdiff_t>(random(model.recursive.size())));
      REQUIRE(f.pins->remove(model.world[old].what.id()));
      model.recursive.erase(old);
    }
  }
  agree(steps);
}

}  // namespace

TEST_CASE("SEC-51: random puts, pins, MFS roots, leases, removals, collections and restarts agree with an oracle, 100,000 steps") {
  run_model("packs", 1, 60'000);
  run_model("packs", 2, 20'000);
  run_model("flatfs", 3, 20'000);
}
