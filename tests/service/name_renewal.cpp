// The names of a running node, renewed by a clock of the test's.

#include <cairn/service/name_renewal.hpp>

#include <cairn/naming/ipns_record.hpp>
#include <cairn/repo/config.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>

#include "support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace cairn::service;
using namespace cairn::testing;

namespace {

constexpr auto second = std::int64_t{1'000'000'000}, minute = 60 * second, hour = 60 * minute;

auto terms_of(std::string_view text) { return renewal_terms::of(*parse_config(text)); }
auto trouble(std::string_view text) -> std::string {
  auto const terms = terms_of(text);
  REQUIRE_FALSE(terms);
  return to_string(terms.error());
}

// A clock that only the test moves; the calendar goes with it.
struct moment {
  std::int64_t steady = 12345;
  utc_time date;
  void pass(std::int64_t nanoseconds) {
    steady += nanoseconds;
    date = date.plus(nanoseconds);
  }
};

auto end_of(core_api& api, std::string const& name) -> utc_time {
  auto const bytes = api.name_record(name);
  REQUIRE(bytes);
  auto const record = decode_ipns_record(*bytes);
  REQUIRE(record);
  CHECK(record->sequence == 0);
  return *record->end_of_life();
}

}  // namespace

TEST_CASE("the config says how often names are renewed, in Kubo's words where it cannot be") {
  auto const unset = terms_of("{}");
  REQUIRE(unset);
  CHECK(unset->period == 4 * hour);
  CHECK(unset->lifetime == 48 * hour);
  auto const set = terms_of(R"({"Ipns": {"RepublishPeriod": "1m", "RecordLifetime": "72h"}})");
  REQUIRE(set);
  CHECK(set->period == minute);
  CHECK(set->lifetime == 72 * hour);
  CHECK(terms_of(R"({"Ipns": {"RepublishPeriod": "", "RecordLifetime": "0s"}})")->lifetime == 48 * hour);
  CHECK(trouble(R"({"Ipns": {"RepublishPeriod": "59s"}})") == "config setting IPNS.RepublishPeriod is not between 1min and 1day: 59s");
  CHECK(trouble(R"({"Ipns": {"RepublishPeriod": "0s"}})") == "config setting IPNS.RepublishPeriod is not between 1min and 1day: 0s");
  CHECK(trouble(R"({"Ipns": {"RepublishPeriod": "25h"}})") == "config setting IPNS.RepublishPeriod is not between 1min and 1day: 25h0m0s");
  CHECK(trouble(R"({"Ipns": {"RepublishPeriod": "foo"}})") == "failure to parse config setting IPNS.RepublishPeriod: time: invalid duration \"foo\"");
  CHECK(trouble(R"({"Ipns": {"RecordLifetime": "bar"}})") == "failure to parse config setting IPNS.RecordLifetime: time: invalid duration \"bar\"");
  CHECK(trouble(R"({"Ipns": {"RecordLifetime": "3h"}})") ==
        "config setting IPNS.RecordLifetime (3h0m0s) must be >= IPNS.RepublishPeriod (4h0m0s), otherwise records expire before they are republished");
}

TEST_CASE("it is time a minute after the start, then once a period, and five minutes after a failure") {
  auto timer = renewal_timer{4 * hour, 7};
  CHECK_FALSE(timer.is_due(7 + minute - 1));
  CHECK(timer.is_due(7 + minute));
  timer.ran(true, 7 + minute);
  CHECK_FALSE(timer.is_due(7 + minute + 4 * hour - 1));
  CHECK(timer.is_due(7 + minute + 4 * hour));
  timer.ran(false, hour);
  CHECK_FALSE(timer.is_due(hour + 5 * minute - 1));
  CHECK(timer.is_due(hour + 5 * minute));
  auto quick = renewal_timer{2 * minute, 0};
  quick.ran(false, 0);
  CHECK(quick.is_due(2 * minute));
}

TEST_CASE("a node renews what it published under each of its keys, every four hours of a clock that the test moves") {
  auto const folder = temporary_folder{};
  auto const path = (folder.path() / "repo").string();
  REQUIRE(core_api::create(path, *core_api::new_config("ed25519", {})));
  auto api = core_api::open(path, {});
  REQUIRE(api);
  auto const named = (*api)->key_generate("site", "ed25519", {});
  auto const silent = (*api)->key_generate("silent", "ed25519", {});
  REQUIRE((named && silent));
  auto const publish = [&](std::string key) {
    auto request = publish_request{};
    request.key = std::move(key);
    request.check = false;
    request.lifetime = 24 * hour;
    auto const done = (*api)->name_publish(path_like{"/ipfs/bafkqaaa"}, request);
    REQUIRE(done);
    return to_string(done->name);
  };
  auto const self = publish("self"), site = publish("site");
  auto const first_end = end_of(**api, site);

  auto clock = moment{.date = first_end.plus(-24 * hour)};
  auto names = name_renewal{**api, {}, clock.steady};
  clock.pass(minute - 1);
  CHECK(*names.look(clock.steady, clock.date) == 0);
  CHECK(end_of(**api, site) == first_end);
  clock.pass(1);
  CHECK(*names.look(clock.steady, clock.date) == 2);  // the third key has published nothing
  CHECK(end_of(**api, self) == clock.date.plus(48 * hour));
  CHECK(end_of(**api, site) == clock.date.plus(48 * hour));
  CHECK_FALSE((*api)->name_record(to_string(silent->id)));
  for (auto n = 0; n < 20; ++n) {
    clock.pass(4 * hour - 1);
    CHECK(*names.look(clock.steady, clock.date) == 0);
    clock.pass(1);
    CHECK(*names.look(clock.steady, clock.date) == 2);
    CHECK(end_of(**api, site) == clock.date.plus(48 * hour));
  }
}
