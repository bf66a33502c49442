// Many nodes in one thread; bench_sim says how fast.
#include <cairn/sim.hpp>

#include <catch2/catch.hpp>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

void grow(sim::lab& lab, std::size_t n, std::size_t neighbours) {
  lab.add_many(n);
  for (auto i = 1uz; i < n; ++i)
    for (auto k = 0uz; k < std::min(i, neighbours); ++k) lab.dial(i, static_cast<std::size_t>(lab.time.random().below(i)));
  lab.time.run_for(5s);
}

}  // namespace

TEST_CASE("300 nodes exchange a file in one thread") {
  auto lab = sim::lab{41};
  grow(lab, 300, 2);
  auto const root = sim::put_dag(lab[0].blocks, lab.time.random(), 16, 16 * 1024);
  auto done = 0uz;
  for (auto i = 1uz; i < lab.size(); ++i) lab[i].bitswap->fetch(root, 10min, [&](io_result<fetch_report> r) { done += r.has_value(); });
  CHECK(lab.time.run_until([&] { return done == lab.size() - 1; }, 10min));
  for (auto i = 0uz; i < lab.size(); ++i) CHECK(*lab[i].blocks.has(root));
}

TEST_CASE("a thousand nodes keep their connections for ten minutes") {
  auto lab = sim::lab{42};
  grow(lab, 1000, 1);
  lab.time.run_for(10min);
  auto connections = 0uz;
  for (auto i = 0uz; i < lab.size(); ++i) connections += lab[i].peer->connections().size();
  CHECK(connections == 2 * (lab.size() - 1));
}
