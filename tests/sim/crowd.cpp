// Many nodes, and what happens between them.
#include <cairn/sim.hpp>

#include <catch2/catch.hpp>

#include <iostream>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

auto to_ms(std::chrono::nanoseconds d) -> long { return static_cast<long>(d / 1ms); }

// Each node knows some that came before it.
void grow(sim::lab& lab, std::size_t n, std::size_t neighbours, libp2p::host_options const& options = {}) {
  lab.add_many(n, options);
  for (auto i = 1uz; i < n; ++i)
    for (auto k = 0uz; k < std::min(i, neighbours); ++k) lab.dial(i, static_cast<std::size_t>(lab.time.random().below(i)));
  lab.time.run_for(3s);
}

// All that have not fetched it do; how many did, within that time.
auto fetch_all(sim::lab& lab, cid const& root, std::chrono::nanoseconds at_most) -> std::size_t {
  auto const done = std::make_shared<std::size_t>(0);
  for (auto i = 1uz; i < lab.size(); ++i)
    lab[i].bitswap->fetch(root, at_most, [done](io_result<fetch_report> r) { *done += r.has_value(); });
  (void)lab.time.run_until([&] { return *done == lab.size() - 1; }, at_most);
  return *done;
}

}  // namespace

TEST_CASE("100 nodes fetch one file from one another") {
  auto lab = sim::lab{11};
  grow(lab, 100, 4);
  auto const root = sim::put_dag(lab[0].blocks, lab.time.random(), 64, 16 * 1024);
  auto const begin = lab.time.elapsed();
  auto const before = lab.net.delivered();
  CHECK(fetch_all(lab, root, 5min) == 99);
  auto copies = std::uint64_t{0}, duplicates = std::uint64_t{0};
  for (auto i = 1uz; i < 100; ++i) {
    auto const& t = lab[i].bitswap->engine().client().totals();
    copies += t.blocks, duplicates += t.duplicates;
    CHECK(*lab[i].blocks.has(root));
  }
  std::cout << "100 nodes, 1 MiB: " << to_ms(lab.time.elapsed() - begin) << " ms, " << copies << " blocks and " << duplicates << " duplicates, "
            << (lab.net.delivered() - before) / 1024 << " KiB on all links\n";
  CHECK(copies == 99 * 65);
  CHECK(duplicates <= copies / 100);
}

TEST_CASE("a partition of seconds only delays, one of minutes ends connections; after it heals the file comes") {
  auto lab = sim::lab{12};
  grow(lab, 20, 3);
  lab.net.set_link({.latency = 20ms, .bandwidth = 2'000'000});
  auto const root = sim::put_dag(lab[0].blocks, lab.time.random(), 100, 16 * 1024);
  for (auto const i : {18, 19}) REQUIRE(lab.connect(static_cast<std::size_t>(i), 0));
  auto island = std::vector<sim::place>{};
  for (auto i = 0uz; i < 10; ++i) island.push_back(lab[i].at);

  auto done = std::optional<io_result<fetch_report>>{};
  auto const links = lab[0].peer->connections().size();
  lab[19].bitswap->fetch(root, 10min, [&](io_result<fetch_report> r) { done.emplace(std::move(r)); });
  lab.time.run_for(30ms);
  lab.net.partition(island);
  lab.time.run_for(10s);
  REQUIRE_FALSE(done.has_value());
  lab.net.heal();
  lab.time.run_for(5s);
  CHECK(lab[0].peer->connections().size() == links);

  lab.net.partition(island);
  lab.time.run_for(2min);
  for (auto i = 0uz; i < 10; ++i)
    for (auto const& c : lab[i].peer->connections()) CHECK(c->place_of_remote() < 10);
  auto second = std::optional<io_result<fetch_report>>{};
  auto const other = sim::put_dag(lab[0].blocks, lab.time.random(), 10, 1000);
  lab[18].bitswap->fetch(other, 10min, [&](io_result<fetch_report> r) { second.emplace(std::move(r)); });
  lab.time.run_for(1min);
  CHECK_FALSE(second.has_value());
  lab.net.heal();
  lab.dial(18, 0);
  REQUIRE(lab.time.run_until([&] { return second && done; }, 1min));
  CHECK(*second);
  CHECK(*done);
}

// [slow]
TEST_CASE("a slow reader holds up nobody, and holds little") {
  auto lab = sim::lab{13};
  lab.add_many(3);
  lab.net.set_link(lab[0].at, lab[1].at, {.latency = 20ms, .bandwidth = 20'000, .buffer = 64 * 1024});
  auto const root = sim::put_dag(lab[0].blocks, lab.time.random(), 200, 64 * 1024);
  REQUIRE(lab.connect(1, 0));
  REQUIRE(lab.connect(2, 0));
  lab[1].bitswap->fetch(root, 1h, [](io_result<fetch_report> const&) {});
  lab.time.run_for(5s);
  auto const begin = lab.time.elapsed();
  REQUIRE(lab.fetch(2, root));
  CHECK(lab.time.elapsed() - begin < 3s);
  auto const slow = lab[0].peer->find(lab[1].id());
  REQUIRE(slow);
  CHECK(slow->waiting() < 1024 * 1024);
}
// [/slow]

TEST_CASE("loss, jitter and narrow links change nothing of what arrives") {
  auto lab = sim::lab{14};
  lab.net.set_link({.latency = 30ms, .jitter = 40ms, .bandwidth = 1'000'000, .loss = 0.02, .buffer = 32 * 1024});
  grow(lab, 8, 2);
  auto const root = sim::put_dag(lab[0].blocks, lab.time.random(), 40, 20'000);
  CHECK(fetch_all(lab, root, 5min) == 7);
}

TEST_CASE("the holder crashes in the middle; it comes back, or another has the rest") {
  auto lab = sim::lab{15};
  lab.net.set_link({.latency = 20ms, .bandwidth = 1'000'000});
  lab.add_many(4);
  auto one = sim::seeded_random{15}, same = one;
  auto const root = sim::put_dag(lab[0].blocks, one, 100, 32 * 1024), other = sim::put_dag(lab[2].blocks, same, 100, 32 * 1024);
  REQUIRE(root == other);
  REQUIRE(lab.connect(1, 0));
  auto done = std::optional<io_result<fetch_report>>{};
  lab[1].bitswap->fetch(root, 5min, [&](io_result<fetch_report> r) { done.emplace(std::move(r)); });
  lab.time.run_for(500ms);
  lab.crash(0);
  lab.time.run_for(1min);
  REQUIRE_FALSE(done.has_value());
  CHECK(lab[1].peer->connections().empty());
  SECTION("it comes back") {
    lab.restart(0);
    lab.dial(1, 0);
  }
  SECTION("another has the rest") { lab.dial(1, 2); }
  REQUIRE(lab.time.run_until([&] { return done.has_value(); }, 1min));
  REQUIRE(*done);
  CHECK((*done)->blocks == 101);
}

TEST_CASE("a full disk ends a fetch with its reason; a node that nobody can dial dials") {
  auto lab = sim::lab{16};
  lab.add();
  lab.add({}, {}, 100'000);
  auto const root = sim::put_dag(lab[0].blocks, lab.time.random(), 50, 10'000);
  lab.net.set_hidden(lab[1].at, true);
  CHECK_FALSE(lab.connect(0, 1));
  REQUIRE(lab.connect(1, 0));
  auto const report = lab.fetch(1, root);
  REQUIRE_FALSE(report);
  CHECK(report.error() == memory_blockstore_errc::full);
}
