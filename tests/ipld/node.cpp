#include <cairn/ipld/node.hpp>

#include <laws/block_codec.hpp>

#include "support/property.hpp"

using namespace cairn;
using ipld::integer;
using ipld::node;

TEST_CASE("IX-40 integers reach from -2^64 to 2^64 - 1") {
  CHECK(to_string(integer{-1}) == "-1");
  CHECK(to_string(integer::below_zero(UINT64_MAX)) == "-18446744073709551616");
  CHECK(ipld::parse_integer("-18446744073709551616") == integer::below_zero(UINT64_MAX));
  CHECK(ipld::parse_integer("18446744073709551615") == integer{UINT64_MAX});
  CHECK_FALSE(ipld::parse_integer("18446744073709551616"));
  CHECK_FALSE(ipld::parse_integer("-18446744073709551617"));
  CHECK_FALSE(ipld::parse_integer("-"));
  CHECK(ipld::parse_integer("-0") == integer{0});
  CHECK(integer{INT64_MIN}.to_int64() == INT64_MIN);
  CHECK_FALSE(integer{UINT64_MAX}.to_int64());
  CHECK_FALSE(integer{-1}.to_uint64());
  CHECK(integer{-2} < integer{-1});
  CHECK(integer{-1} < integer{0});
  testing::check_property("text", [](std::int64_t n) {
    RC_ASSERT(to_string(integer{n}) == std::to_string(n));
    RC_ASSERT(ipld::parse_integer(std::to_string(n)) == integer{n});
    RC_ASSERT(integer{n}.to_int64() == n);
  });
}

TEST_CASE("a node is a regular value") {
  auto m = ipld::map{{"a", 1}, {"b", ipld::list{true, nullptr, "text", 1.5}}};
  auto const n = node{m};
  CHECK(n.kind() == ipld::kind::map);
  CHECK(*n.find("a")->as_integer() == integer{1});
  CHECK(*n.find("b")->at(2)->as_string() == "text");
  CHECK(n.find("c") == nullptr);
  CHECK(n.at(0) == nullptr);
  CHECK(n.find("b")->at(4) == nullptr);
  auto copy = n;
  CHECK(copy == n);
  copy.as_map()->set("a", 2);
  CHECK_FALSE(copy == n);
  copy.as_map()->set("a", 1);
  CHECK(copy == n);
  CHECK(node{ipld::map{{"x", 1}, {"y", 2}}} == node{ipld::map{{"y", 2}, {"x", 1}}});
  CHECK_FALSE(node{ipld::map{{"x", 1}}} == node{ipld::map{{"y", 1}}});
  CHECK_FALSE(node{0.0} == node{-0.0});
  CHECK(copy.as_map()->remove("a"));
  CHECK_FALSE(copy.as_map()->remove("a"));
  copy = node{*copy.find("b")};
  CHECK(copy.as_list()->size() == 4);
  copy = std::move((*copy.as_list())[1]);  // from inside of itself
  CHECK(copy.is_null());
  auto const kind = n.visit([](auto const& v) -> std::string_view {
    return std::is_same_v<std::remove_cvref_t<decltype(v)>, ipld::map> ? "map" : "other";
  });
  CHECK(kind == "map");
}

TEST_CASE("copying and comparing random nodes") {
  testing::check_property("copy", [](std::uint64_t seed) {
    auto source = laws::node_source{seed};
    auto const n = source.node();
    auto const copy = n;
    RC_ASSERT(copy == n);
    RC_ASSERT(!(node{ipld::list{n}} == n));
  });
}
