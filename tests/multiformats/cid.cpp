#include <cairn/block.hpp>
#include <cairn/multiformats/cid.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

TEST_CASE("the CID of foo") {
  auto const b = hash_block({}, buffer{as_bytes("foo")});
  REQUIRE(b);
  CHECK(to_string(b->id()) == "bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy");
  CHECK(parse_cid(to_string(b->id())) == b->id());
}
