#include "packs/crash_history.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace cairn;
using testing::crash_history;
using testing::crash_options;

namespace {

/// Points to go through: few in every run, CAIRN_CRASH_POINTS=100000 for the proof.
auto wanted_points() -> std::uint64_t {
  auto const* text = std::getenv("CAIRN_CRASH_POINTS");
  return text ? std::strtoull(text, nullptr, 10) : 1500;
}

auto first_seed() -> std::uint64_t {
  auto const* text = std::getenv("CAIRN_CRASH_SEED");
  return text ? std::strtoull(text, nullptr, 10) : 1;
}

}  // namespace

TEST_CASE("a power cut at any change of the disk loses nothing acknowledged and revives nothing removed") {
  auto points = std::uint64_t{0};
  for (auto seed = first_seed(); points < wanted_points(); ++seed) {
    auto const report = crash_history{{.seed = seed}}.run();
    points += report.points;
    INFO(report.violation);
    REQUIRE(report.violation.empty());
  }
}

namespace {

/// A cut tail whose cut is lost, under a write that fits the hole exactly: what stood behind the hole must not come back.
auto revived_behind_a_lost_cut(std::set<sync_site> useless) -> bool {
  auto const sized = [](std::size_t size, byte with) { return *hash_block({}, buffer{bytes(size, with)}); };
  // its section ends where the third page does, so that what follows begins a page
  auto const first = sized(3 * 4096 - 69 - 2 - 36, 1), second = sized(3000, 2);
  auto disk = std::make_shared<testing::simulated_disk>();
  disk->useless = useless;
  auto options = crash_history::options_on(disk);
  auto cut_off = [&](auto survives) {
    auto next = disk->after_crash(survives);
    disk = next;
    disk->useless = useless;
    options.files = disk;
  };
  {
    auto store = packs::open(options);
    REQUIRE(store->put(first));
    REQUIRE(store->put(second));
    // the second page of the first block is lost
    cut_off([&](std::size_t i) { return disk->unsynced(i).what != testing::simulated_disk::pending::write || disk->unsynced(i).at != 4096; });
  }
  {
    auto store = packs::open(options);
    CHECK_FALSE(*store->has(second.id()));
    REQUIRE(store->sync());
    REQUIRE(store->put(first));
    cut_off([&](std::size_t i) { return disk->unsynced(i).what != testing::simulated_disk::pending::cut; });
  }
  auto store = packs::open(options);
  CHECK(*store->has(first.id()));
  return *store->has(second.id());
}

}  // namespace

TEST_CASE("a lost cut of the tail revives nothing, because it is synced") {
  CHECK_FALSE(revived_behind_a_lost_cut({}));
  CHECK(revived_behind_a_lost_cut({sync_site::tail_cut}));
}

TEST_CASE("without any one of its syncs the store loses or revives something") {
  for (std::size_t site = 0; site < sync_sites; ++site) {
    if (static_cast<sync_site>(site) == sync_site::tail_cut) continue;  // the test above
    auto points = std::uint64_t{0};
    auto violation = std::string{};
    for (auto seed = std::uint64_t{1}; violation.empty() && points < 20000; ++seed) {
      auto const report = crash_history{{.seed = seed, .useless = {static_cast<sync_site>(site)}}}.run();
      points += report.points;
      violation = report.violation;
    }
    INFO("site " << site << " after " << points << " points");
    CHECK_FALSE(violation.empty());
  }
}
