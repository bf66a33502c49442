#include <cairn/core/utc_time.hpp>

#include "support/property.hpp"

#include <limits>

using namespace cairn;

namespace {
constexpr auto first = std::numeric_limits<std::int64_t>::min(), last = std::numeric_limits<std::int64_t>::max();
}

TEST_CASE("A moment is written and read back as it was") {
  testing::check_property("of years with four digits", [] {
    // from 0000-01-01 to 9999-12-31
    auto const at = utc_time{*rc::gen::inRange(std::int64_t{-62'167'219'200}, std::int64_t{253'402'300'800}), *rc::gen::inRange(0u, 1'000'000'000u)};
    RC_ASSERT(parse_rfc3339(to_rfc3339(at)) == at);
  });
  CHECK(to_rfc3339({0, 0}) == "1970-01-01T00:00:00Z");
  CHECK(to_rfc3339({-1, 500'000'000}) == "1969-12-31T23:59:59.5Z");
  CHECK(to_rfc3339({951'782'400, 1}) == "2000-02-29T00:00:00.000000001Z");
  CHECK(to_rfc3339({-62'167'219'200, 0}) == "0000-01-01T00:00:00Z");
  CHECK(to_rfc3339({253'402'300'799, 999'999'999}) == "9999-12-31T23:59:59.999999999Z");
}

TEST_CASE("Times with offsets and fractions are the moments that they name") {
  CHECK(parse_rfc3339("2000-03-01T01:00:00+02:30") == parse_rfc3339("2000-02-29T22:30:00Z"));
  CHECK(parse_rfc3339("1999-12-31T20:15:00-05:15") == parse_rfc3339("2000-01-01T01:30:00Z"));
  CHECK(parse_rfc3339("2000-03-01T01:00:00.1234567899Z")->nanos == 123'456'789);  // digits behind the ninth are dropped
  CHECK(parse_rfc3339("2000-03-01T01:00:00.25-00:00")->nanos == 250'000'000);
  CHECK(parse_rfc3339("2024-02-29T00:00:00Z"));
  CHECK(parse_rfc3339("2000-02-29T00:00:00Z"));
}

TEST_CASE("What is no time of RFC 3339 is none") {
  auto const good = std::string{"2021-08-14T12:17:03.5+01:30"};
  REQUIRE(parse_rfc3339(good));
  for (auto n = 0uz; n < good.size(); ++n) CHECK_FALSE(parse_rfc3339(good.substr(0, n)));
  for (auto n = 0uz; n < good.size(); ++n) {
    auto text = good;
    text[n] = 'x';
    CHECK_FALSE(parse_rfc3339(text));
  }
  for (auto text : {"2021-00-14T12:17:03Z", "2021-13-14T12:17:03Z", "2021-08-00T12:17:03Z", "2021-08-32T12:17:03Z", "2021-02-29T12:17:03Z", "1900-02-29T12:17:03Z",
                    "2021-08-14T24:17:03Z", "2021-08-14T12:60:03Z", "2021-08-14T12:17:60Z", "2021-08-14T12:17:03.Z", "2021-08-14T12:17:03Z ", "2021-08-14T12:17:03+24:00",
                    "2021-08-14T12:17:03+01:60", "2021-08-14T12:17:03+01:300", "2021-08-14 12:17:03Z", "2021-08-14t12:17:03z", ""})
    CHECK_FALSE(parse_rfc3339(text));
}

TEST_CASE("Sums and differences of moments stay at the ends of their range") {
  CHECK(utc_time{10, 900'000'000}.plus(200'000'000) == utc_time{11, 100'000'000});
  CHECK(utc_time{10, 100'000'000}.plus(-200'000'000) == utc_time{9, 900'000'000});
  CHECK(utc_time{10, 0}.plus(-3'000'000'000) == utc_time{7, 0});
  CHECK(utc_time{last, 0}.plus(2'000'000'000) == utc_time{last, 999'999'999});
  CHECK(utc_time{first, 0}.plus(-1) == utc_time{first, 0});
  CHECK(utc_time{11, 100'000'000}.since({10, 900'000'000}) == 200'000'000);
  CHECK(utc_time{9, 900'000'000}.since({10, 100'000'000}) == -200'000'000);
  CHECK(utc_time{last, 0}.since({first, 0}) == last);
  CHECK(utc_time{first, 0}.since({last, 0}) == first);
  CHECK(utc_time{10'000'000'000, 0}.since({0, 0}) == last);
  testing::check_property("what is added is the difference", [] {
    auto const at = utc_time{*rc::gen::inRange(std::int64_t{-4'000'000'000}, std::int64_t{4'000'000'000}), *rc::gen::inRange(0u, 1'000'000'000u)};
    auto const n = *rc::gen::arbitrary<std::int64_t>() / 2;
    RC_ASSERT(at.plus(n).since(at) == n);
    RC_ASSERT((at.plus(n) > at) == (n > 0));
  });
}
