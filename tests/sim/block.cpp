// The smallest scenario: two nodes, one block.
#include <cairn/sim.hpp>

#include <catch2/catch.hpp>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

struct outcome {
  std::uint64_t trace, events;
  std::chrono::nanoseconds took;
  friend auto operator==(outcome const&, outcome const&) -> bool = default;
};

// [scenario]
auto one_block(std::uint64_t seed) -> outcome {
  auto lab = sim::lab{seed};
  lab.add_many(2);
  auto data = bytes(100'000);
  lab.time.random()(data);
  auto const wanted = *hash_block({}, buffer{bytes_view{data}});
  REQUIRE(lab[0].blocks.put(wanted));
  REQUIRE(lab.connect(1, 0));
  auto const begin = lab.time.elapsed();
  auto const report = lab.fetch(1, wanted.id());
  INFO((report ? std::string{} : to_string(report.error())));
  REQUIRE(report);
  CHECK(report->fetched == 1);
  CHECK(lab[1].blocks.get(wanted.id())->data().size() == data.size());
  auto const took = lab.time.elapsed() - begin;
  lab.time.run_for(5s);
  return {lab.time.trace_hash(), lab.time.event_count(), took};
}
// [/scenario]

}  // namespace

TEST_CASE("two nodes exchange a block over noise and yamux, and a seed is one run") {
  auto const first = one_block(1);
  CHECK(first == one_block(1));
  CHECK(first.trace != one_block(2).trace);
  // a stream is opened and its protocol asked for with the want, each way takes 20 ms
  CHECK(first.took >= 40ms);
  CHECK(first.took < 200ms);
}
