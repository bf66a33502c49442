// A swarm in one thread and no network: so many nodes fetch one file from one another in virtual time.
//   swarm [NODES [SEED]]

#include <cairn/sim.hpp>

#include <charconv>
#include <iostream>
#include <string_view>

using namespace cairn;
using namespace std::chrono_literals;

// [swarm]
auto swarm(std::size_t nodes, std::uint64_t seed) -> bool {
  auto lab = sim::lab{seed};
  lab.net.set_link({.latency = 25ms, .jitter = 5ms, .bandwidth = 4'000'000, .loss = 0.001});
  lab.add_many(nodes);
  for (auto i = 1uz; i < nodes; ++i)  // each knows one that came before it, and another
    for (auto k = 0; k < 2; ++k) lab.dial(i, static_cast<std::size_t>(lab.time.random().below(i)));
  lab.time.run_for(5s);

  auto const root = sim::put_dag(lab[0].blocks, lab.time.random(), 32, 32 * 1024);
  auto const begin = lab.time.elapsed();
  auto done = 1uz;
  for (auto i = 1uz; i < nodes; ++i)
    lab[i].bitswap->fetch(root, 10min, [&](io_result<fetch_report> const& r) {
      done += r.has_value();
      if (done == nodes / 2 || done == nodes) std::cout << done << " nodes have it after " << (lab.time.elapsed() - begin) / 1ms << " ms\n";
    });
  auto const all = lab.time.run_until([&] { return done == nodes; }, 10min);
  std::cout << lab.net.delivered() / 1024 / 1024 << " MiB on all links, " << lab.time.event_count() << " events, trace " << std::hex << lab.time.trace_hash() << '\n';
  return all;
}
// [/swarm]

int main(int argc, char** argv) {
  auto nodes = std::size_t{50};
  auto seed = std::uint64_t{1};
  auto const read = [](std::string_view text, auto& into) { return std::from_chars(text.data(), text.data() + text.size(), into).ec == std::errc{}; };
  if ((argc > 1 && !read(argv[1], nodes)) || (argc > 2 && !read(argv[2], seed)) || nodes < 2) {
    std::cerr << "swarm [NODES [SEED]]\n";
    return 2;
  }
  return swarm(nodes, seed) ? 0 : 1;
}
