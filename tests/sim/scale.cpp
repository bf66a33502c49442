// How far one thread reaches.
#include <cairn/sim.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <ctime>
#include <iostream>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

auto seconds_since(std::chrono::steady_clock::time_point begin) -> double {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// The release build shows how far it goes; the others, with sanitizers or without an optimiser, that it goes there.
#if defined(NDEBUG)
constexpr auto scaled_down = false;
#else
constexpr auto scaled_down = true;
#endif

void grow(sim::lab& lab, std::size_t n, std::size_t neighbours) {
  lab.add_many(n);
  for (auto i = 1uz; i < n; ++i)
    for (auto k = 0uz; k < std::min(i, neighbours); ++k) lab.dial(i, static_cast<std::size_t>(lab.time.random().below(i)));
  lab.time.run_for(5s);
}

}  // namespace

TEST_CASE("1,000 nodes exchange a file in one thread") {
  auto const n = scaled_down ? 200uz : 1000uz;
  auto const begin = std::chrono::steady_clock::now();
  auto lab = sim::lab{41};
  grow(lab, n, 2);
  auto const root = sim::put_dag(lab[0].blocks, lab.time.random(), 16, 16 * 1024);
  auto const set_up = seconds_since(begin);
  auto const start = lab.time.elapsed();
  auto done = 0uz;
  for (auto i = 1uz; i < n; ++i) lab[i].bitswap->fetch(root, 10min, [&](io_result<fetch_report> r) { done += r.has_value(); });
  CHECK(lab.time.run_until([&] { return done == n - 1; }, 10min));
  for (auto i = 0uz; i < n; ++i) CHECK(*lab[i].blocks.has(root));
  std::cout << n << " nodes: set up in " << set_up << " s, the file was everywhere after " << (lab.time.elapsed() - start) / 1ms << " ms of their time, all in "
            << seconds_since(begin) << " s and " << lab.time.event_count() << " events\n";
}

TEST_CASE("10,000 nodes maintain their connections faster than time passes") {
  auto const n = scaled_down ? 1000uz : 10'000uz;
  auto const begin = std::chrono::steady_clock::now();
  auto lab = sim::lab{42};
  grow(lab, n, 1);
  auto connections = 0uz;
  for (auto i = 0uz; i < n; ++i) connections += lab[i].peer->connections().size();
  CHECK(connections == 2 * (n - 1));
  auto const set_up = seconds_since(begin);
  auto const idle = std::chrono::steady_clock::now();
  auto const used = std::clock();
  lab.time.run_for(2min);
  auto const factor = 120.0 * CLOCKS_PER_SEC / static_cast<double>(std::clock() - used);  // whatever else the machine does
  auto const seen = 120 / seconds_since(idle);
  auto still = 0uz;
  for (auto i = 0uz; i < n; ++i) still += lab[i].peer->connections().size();
  CHECK(still == connections);
  std::cout << n << " idle nodes, " << connections / 2 << " connections: set up in " << set_up << " s, then " << factor << " times as fast as real time ("
            << seen << " by the clock on the wall)\n";
  if (!scaled_down) CHECK(factor >= 20);
}
