#include <cairn/block.hpp>
#include <cairn/core/text.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/ipld/links.hpp>

#include "support/property.hpp"

using namespace cairn;

namespace {

auto id_of(std::string_view text, std::uint64_t codec = code::raw) -> cid { return hash_cid({.codec = codec}, as_bytes(text)).value(); }
auto hex(std::string_view text) -> bytes { return from_hex(text).value(); }
auto why(std::string_view text) -> dag_pb_errc {
  auto const in = hex(text);
  auto const view = read_dag_pb(in);
  REQUIRE_FALSE(view);
  CHECK(decode_dag_pb(in).error() == view.error());
  CHECK_FALSE(for_each_link(code::dag_pb, in, [](cid const&) {}));
  return view.error();
}

}  // namespace

TEST_CASE("IX-31 links are written before data, absent and empty differ") {
  auto const link = pb_link{decode_cid(hex("015500050001020304")).value(), "some name", 0, true, false};
  CHECK(to_hex(encode_dag_pb({{link}, bytes{0, 1}})) == "12160a090155000500010203041209736f6d65206e616d650a020001");
  CHECK(encode_dag_pb({{}, bytes{}}) == hex("0a00"));
  CHECK(encode_dag_pb({}) == bytes{});
  for (auto text : {"", "0a00", "120b0a09015500050001020304", "120d0a090155000500010203041200", "120d0a090155000500010203041800",
                    "120b0a090155000500010203040a00"}) {
    auto const node = decode_dag_pb(hex(text));
    REQUIRE(node);
    CHECK(to_hex(encode_dag_pb(*node)) == text);
  }
}

TEST_CASE("IX-32 SEC-36 broken dag-pb bytes have their own errors") {
  CHECK(why("1200") == dag_pb_errc::missing_hash);
  CHECK(why("12021200") == dag_pb_errc::missing_hash);
  CHECK(why("120318f207") == dag_pb_errc::missing_hash);
  CHECK(why("12020a00") == dag_pb_errc::bad_hash);
  CHECK(why("120c0a0a01550005000102030400") == dag_pb_errc::bad_hash);  // a byte behind the CID
  CHECK(why("120b0a090155000500010203040a00120b0a09015500050001020304") == dag_pb_errc::split_links);
  CHECK(why("0a000a00") == dag_pb_errc::duplicate_data);
  CHECK(why("120d12000a09015500050001020304") == dag_pb_errc::field_order);
  CHECK(why("120f0a0901550005000102030418001200") == dag_pb_errc::field_order);
  CHECK(why("120f0a0901550005000102030412001200") == dag_pb_errc::duplicate_field);
  CHECK(why("120f0a0901550005000102030418001800") == dag_pb_errc::duplicate_field);
  CHECK(why("0b0c") == dag_pb_errc::bad_wire_type);    // group start
  CHECK(why("0800") == dag_pb_errc::bad_wire_type);    // Data as varint
  CHECK(why("1a00") == dag_pb_errc::unknown_field);
  CHECK(why("0200") == dag_pb_errc::unknown_field);    // field 0
  CHECK(why("120d0a090155000500010203042000") == dag_pb_errc::unknown_field);
  CHECK(why("0a") == dag_pb_errc::truncated);
  CHECK(why("0a05000102") == dag_pb_errc::truncated);
  CHECK(why("0aff") == dag_pb_errc::truncated);
  CHECK(why("0affffffff07") == dag_pb_errc::truncated);            // 2^31 - 1
  CHECK(why("0a8080808008") == dag_pb_errc::truncated);            // 2^31
  CHECK(why("0affffffffffffffffff01") == dag_pb_errc::truncated);  // 2^64 - 1
  CHECK(why("0affffffffffffffffff02") == dag_pb_errc::bad_varint);
  CHECK(why("0a8000") == dag_pb_errc::bad_varint);
  CHECK(why("120e0a09015500050001020304188100") == dag_pb_errc::bad_varint);
}

TEST_CASE("IX-30 the order of a block's links is kept, new nodes sort by name bytes and stay stable") {
  auto node = pb_node{};
  for (auto name : {"b", "\xff", "a", "", "a"}) node.links.push_back({id_of(std::to_string(node.links.size())), name, 1});
  auto const unsorted = encode_dag_pb(node);
  CHECK(encode_dag_pb(*decode_dag_pb(unsorted)) == unsorted);
  sort_links(node.links);
  CHECK(node.links[0].name == "");
  CHECK(node.links[1].id == id_of("2"));
  CHECK(node.links[2].id == id_of("4"));
  CHECK(node.links[4].name == "\xff");
}

TEST_CASE("data before links, as old blocks have it, is read") {
  auto const block = hex("0a0201ff120b0a09015500050001020304");
  auto const view = read_dag_pb(block);
  REQUIRE(view);
  CHECK(view->link_count() == 1);
  CHECK(to_hex(*view->data()) == "01ff");
  CHECK(to_string((*view->links().begin()).id) == "bafkqabiaaebagba");
}

TEST_CASE("dag-pb round trip, sizes and links") {
  testing::check_property("round trip", [](std::vector<std::pair<std::string, std::uint64_t>> const& entries, bytes const& data) {
    auto node = pb_node{{}, data};
    for (auto const& [name, size] : entries) {
      auto const n = node.links.size();
      auto id = id_of(name, n % 2 ? code::dag_pb : code::dag_json);
      if (n % 3 == 1) id = to_v0(id).value_or(id);
      if (n % 5 == 4) id = cid::v1(code::raw, *multihash::wrap(code::identity, as_bytes(name.substr(0, 100))));
      node.links.push_back({id, n % 7 == 6 ? "" : name, n % 4 == 3 ? 0 : size, n % 7 != 6, n % 4 != 3});
    }
    auto const block = encode_dag_pb(node);
    RC_ASSERT(block.size() == dag_pb_size(node.links, data));
    auto const back = decode_dag_pb(block);
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == node);
    auto const links = links_of(code::dag_pb, block);
    RC_ASSERT(links.has_value());
    RC_ASSERT(links->size() == node.links.size());
    for (std::size_t i = 0; i < links->size(); ++i) RC_ASSERT((*links)[i] == node.links[i].id);
    for (std::size_t n = 0; n < block.size(); n += 1 + n / 16) (void)decode_dag_pb(bytes_view{block}.first(n));
  });
}

TEST_CASE("a sink stops the walk by answering false") {
  auto node = pb_node{};
  for (auto name : {"a", "b", "c"}) node.links.push_back({id_of(name), name});
  auto const block = encode_dag_pb(node);
  auto seen = 0;
  REQUIRE(for_each_link(code::dag_pb, block, [&](cid const&) { return ++seen < 2; }));
  CHECK(seen == 2);
  REQUIRE(for_each_link(code::raw, block, [&](cid const&) { ++seen; }));
  CHECK(seen == 2);
  CHECK(for_each_link(0x9999, block, [](cid const&) {}).error() == links_errc::unknown_codec);
}
