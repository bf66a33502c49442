// How much bitswap says: capability 24 on 51 nodes.
#include <cairn/sim.hpp>

#include <catch2/catch.hpp>

#include <iostream>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

// One node knows fifty others; one of these has it all.
struct star {
  sim::lab lab;
  std::size_t holder;
  explicit star(std::uint64_t seed) : lab{seed}, holder{1 + static_cast<std::size_t>(lab.time.random().below(50))} {
    lab.add_many(51);
    for (auto i = 1uz; i < lab.size(); ++i) lab.dial(0, i);
    for (auto i = 1uz; i < lab.size(); ++i) lab.dial(i, i % 50 + 1);
    REQUIRE(lab.time.run_until([&] { return lab[0].peer->connections().size() == 50; }, 10s));
    lab.time.run_for(5s);
  }
  auto dag() -> cid { return sim::put_dag(lab[holder].blocks, lab.time.random(), 999, 4096); }
  auto sent() -> sim::bitswap_sent { return lab[0].bitswap->sent(); }
};

}  // namespace

TEST_CASE("capability 24 (1), (2), (3): 51 nodes, one holder of a 1,000-block DAG: few want entries, then no broadcast, then silence") {
  for (auto seed = 1u; seed <= 3; ++seed) {
    auto s = star{seed};
    auto const root = s.dag();
    auto const report = s.lab.fetch(0, root);
    REQUIRE(report);
    CHECK(report->fetched == 1000);
    auto const first = s.sent();
    auto const to_holder = s.lab[0].bitswap->sent_to(s.lab[s.holder].id());
    auto const totals = s.lab[0].bitswap->engine().client().totals();
    std::cout << "51 nodes, seed " << seed << ": " << first.want_entries() << " want entries (" << to_holder.want_blocks << " blocks of the holder, " << first.want_haves
              << " haves), " << first.cancels << " cancels, " << first.messages << " messages, " << first.octets << " octets; " << totals.duplicates << " duplicates\n";
    CHECK(to_holder.want_entries() <= 1001);
    CHECK(first.want_entries() <= 1000 + 50 + 105);
    CHECK(totals.duplicates <= 10);

    // who gave nothing is not asked again
    auto const again = s.dag();
    REQUIRE(s.lab.fetch(0, again));
    CHECK(s.sent().want_haves == first.want_haves);
    CHECK(s.sent().want_blocks == first.want_blocks + 1000);

    s.lab.time.run_for(1s);
    auto said = std::vector<std::uint64_t>{};
    for (auto i = 0uz; i < s.lab.size(); ++i) said.push_back(s.lab[i].bitswap->sent().octets);
    s.lab.time.run_for(5min);
    for (auto i = 0uz; i < s.lab.size(); ++i) CHECK(s.lab[i].bitswap->sent().octets == said[i]);
    CHECK(s.lab[0].peer->connections().size() == 50);
  }
}

TEST_CASE("capability 24: the holder is found behind forty peers that never answer") {
  auto lab = sim::lab{7};
  // these take wants and say nothing
  auto silent = libp2p::host_options{};
  auto mute = bitswap_options{};
  mute.serve = false;
  lab.add();
  lab.add_many(60, silent, mute);
  lab.add();
  auto const root = sim::put_dag(lab[61].blocks, lab.time.random(), 20, 1000);
  for (auto i = 1uz; i < lab.size(); ++i) lab.dial(0, i);
  REQUIRE(lab.time.run_until([&] { return lab[0].peer->connections().size() == 61; }, 10s));
  auto const begin = lab.time.elapsed();
  auto const report = lab.fetch(0, root, 2min);
  INFO((report ? std::string{} : to_string(report.error())));
  CHECK(report);
  CHECK(lab.time.elapsed() - begin < 40s);
}

TEST_CASE("a peer whose stream could not be opened for a while is asked and served again; one without bitswap is not") {
  auto lab = sim::lab{8};
  lab.add_many(2);
  auto const root = sim::put_dag(lab[0].blocks, lab.time.random(), 5, 1000), other = sim::put_dag(lab[1].blocks, lab.time.random(), 5, 1000);
  REQUIRE(lab.connect(0, 1));
  lab.time.run_for(1s);
  auto first = std::optional<io_result<fetch_report>>{}, second = first;
  lab.net.cut(lab[0].at, lab[1].at);
  lab[1].bitswap->fetch(root, 1min, [&](io_result<fetch_report> r) { first.emplace(std::move(r)); });
  lab.time.run_for(15s);  // longer than the negotiation of a stream may take, shorter than a connection is kept
  REQUIRE_FALSE(first.has_value());
  lab.net.heal();
  lab.time.run_for(5s);
  REQUIRE(first.has_value());
  CHECK(*first);
  lab[0].bitswap->fetch(other, 1min, [&](io_result<fetch_report> r) { second.emplace(std::move(r)); });
  lab.time.run_for(5s);
  REQUIRE(second.has_value());
  CHECK(*second);

  auto const bare = lab.net.add_place();
  auto host = sim::host{lab.net, bare};
  host.dial(lab[0].at, lab[0].id(), 10s, [](auto const&) {});
  lab.time.run_for(1s);
  auto const missing = lab.fetch(0, sim::put_dag(lab[1].blocks, lab.time.random(), 5, 1000), 20s);
  CHECK(missing);  // of the one that has it
  CHECK(lab[0].bitswap->sent_to(host.id()).messages == 0);
}
