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
  return text ? std::strtoull(text, nullptr, 10) : 2500;
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
  WARN(points << " crash points");
}

TEST_CASE("without any one of its syncs the store loses or revives something", "[.][slow]") {
  for (std::size_t site = 0; site < sync_sites; ++site) {
    auto points = std::uint64_t{0};
    auto violation = std::string{};
    for (auto seed = std::uint64_t{1}; violation.empty() && points < 60000; ++seed) {
      auto const report = crash_history{{.seed = seed, .useless = {static_cast<sync_site>(site)}}}.run();
      points += report.points;
      violation = report.violation;
    }
    WARN("site " << site << " after " << points << " points: " << violation);
    CHECK_FALSE(violation.empty());
  }
}
