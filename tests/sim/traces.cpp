// A seed is one run, on every machine and with every compiler: the numbers here stand in each of the builds that ./check makes.
// What is said on the wire is in them. Where that changes on purpose, the new number is the one that this test prints, and it has to
// be the same of both compilers.
#include <cairn/sim.hpp>

#include <catch2/catch.hpp>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

auto run(std::uint64_t seed) -> std::uint64_t {
  auto lab = sim::lab{seed};
  lab.net.set_link({.latency = 15ms, .jitter = 10ms, .bandwidth = 3'000'000, .loss = 0.01, .buffer = 64 * 1024});
  lab.add_many(12);
  for (auto i = 1uz; i < lab.size(); ++i)
    for (auto k = 0; k < 2; ++k) lab.dial(i, static_cast<std::size_t>(lab.time.random().below(i)));
  lab.time.run_for(2s);
  auto const root = sim::put_dag(lab[0].blocks, lab.time.random(), 30, 10'000);
  auto done = 0;
  for (auto i = 1uz; i < lab.size(); ++i) lab[i].bitswap->fetch(root, 5min, [&](io_result<fetch_report> r) { done += r.has_value(); });
  lab.time.run_for(1s);
  lab.net.cut(lab[0].at, lab[1].at);
  lab.time.run_for(10s);
  lab.net.heal();
  lab.crash(2);
  lab.time.run_for(40s);
  CHECK(done >= 10);
  return lab.time.trace_hash();
}

}  // namespace

TEST_CASE("a seed replays to the same trace, and both compilers agree on it") {
  auto const one = run(1), two = run(2);
  CHECK(one == run(1));
  CHECK(one != two);
  CHECK(one == 3618057546939464708u);
  CHECK(two == 1232747902214538366u);
}
