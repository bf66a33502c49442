// How far the simulator reaches in one thread: a file through NODES nodes, and ten times as many that only keep their connections,
// which has to be FACTOR times as fast as real time at least, in time of the processor.   bench_sim [NODES [FACTOR]]
#include <cairn/sim.hpp>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

auto seconds_since(std::clock_t begin) -> double { return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC; }

void grow(sim::lab& lab, std::size_t n, std::size_t neighbours) {
  lab.add_many(n);
  for (auto i = 1uz; i < n; ++i)
    for (auto k = 0uz; k < std::min(i, neighbours); ++k) lab.dial(i, static_cast<std::size_t>(lab.time.random().below(i)));
  lab.time.run_for(5s);
}

auto connections(sim::lab& lab) -> std::size_t {
  auto n = 0uz;
  for (auto i = 0uz; i < lab.size(); ++i) n += lab[i].peer->connections().size();
  return n / 2;
}

auto file(std::size_t n) -> bool {
  auto const begin = std::clock();
  auto lab = sim::lab{41};
  grow(lab, n, 2);
  auto const root = sim::put_dag(lab[0].blocks, lab.time.random(), 16, 64 * 1024);
  auto const set_up = seconds_since(begin);
  auto const start = lab.time.elapsed();
  auto done = 1uz;
  for (auto i = 1uz; i < n; ++i) lab[i].bitswap->fetch(root, 10min, [&](io_result<fetch_report> const& r) { done += r.has_value(); });
  (void)lab.time.run_until([&] { return done == n; }, 10min);
  std::cout << done << " of " << n << " nodes, " << connections(lab) << " connections: set up in " << set_up << " s; 1 MiB was everywhere after "
            << (lab.time.elapsed() - start) / 1ms << " ms of their time, in " << seconds_since(begin) - set_up << " s; " << lab.time.event_count() << " events\n";
  return done == n;
}

auto idle(std::size_t n, double wanted) -> bool {
  auto const begin = std::clock();
  auto lab = sim::lab{42};
  grow(lab, n, 1);
  auto const before = connections(lab);
  auto const set_up = seconds_since(begin);
  auto const start = std::clock();
  lab.time.run_for(3min);
  auto const factor = 180 / seconds_since(start);
  std::cout << n << " idle nodes, " << before << " connections: set up in " << set_up << " s; three minutes are " << factor << " times as fast as real time\n";
  return connections(lab) == before && before == n - 1 && factor >= wanted;
}

}  // namespace

int main(int argc, char** argv) {
  auto const n = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
  auto const factor = argc > 2 ? std::strtod(argv[2], nullptr) : 20.0;
  auto const exchanged = file(n), kept = idle(10 * n, factor);
  return exchanged && kept ? 0 : 1;
}
