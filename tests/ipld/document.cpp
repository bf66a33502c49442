#include <cairn/ipld/document.hpp>

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/codec/dag_json.hpp>

#include <laws/block_codec.hpp>

#include <memory>

using namespace cairn;

namespace {

auto stands_in(bytes_view piece, bytes_view whole) -> bool {
  return std::less_equal<>{}(whole.data(), piece.data()) && std::less_equal<>{}(piece.data() + piece.size(), whole.data() + whole.size());
}

// [sizes]
// How many octets the files of a listing have: nothing of the block is copied.
auto total_size(bytes_view block) -> result<std::uint64_t, dag_cbor_errc> {
  CAIRN_TRY(auto const listing, dag_cbor::read(block));
  auto total = std::uint64_t{0};
  for (auto const& [name, file] : listing.root().entries())
    if (auto const size = file.find("size")) total += size->as_integer().value_or(0).to_uint64().value_or(0);
  return total;
}
// [/sizes]

}  // namespace

TEST_CASE("A document is walked without a copy") {
  auto block = bytes{};
  REQUIRE(dag_cbor::encode(ipld::map{{"a", ipld::map{{"size", 4}}}, {"b", ipld::map{{"size", 38}}}, {"c", ipld::map{}}}, block));
  CHECK(total_size(block) == 42u);
  CHECK(total_size(bytes_view{block}.first(block.size() - 1)).error() == dag_cbor_errc::truncated);
}

TEST_CASE("What a document has of strings, bytes and links stands in the block") {
  auto const id = cid::v1(code::raw, multihash::wrap(code::identity, bytes{1, 2, 3}).value());
  auto block = bytes{};
  REQUIRE(dag_cbor::encode(ipld::map{{"b", bytes(100, 7)}, {"l", id}, {"s", "text"}}, block));
  auto const d = dag_cbor::read(block).value();
  for (auto const& [key, value] : d.root().entries()) {
    CHECK(stands_in(as_bytes(key), block));
    CHECK(stands_in(value.cells()[0].octets(), block));
  }
  CHECK(d.root().find("l")->as_link() == id);
  // in JSON what stands there in other words is kept beside
  auto const text = std::string_view{R"({"b":{"/":{"bytes":"AQID"}},"e":"\u00e4","s":"plain"})"};
  auto const j = dag_json::read(as_bytes(text)).value();
  CHECK(stands_in(as_bytes(*j.root().find("s")->as_string()), as_bytes(text)));
  CHECK(j.root().find("e")->as_string() == "ä");
  CHECK(equal(*j.root().find("b")->as_bytes(), bytes{1, 2, 3}));
  CHECK(j.depth() == 3);  // as JSON has it, with the maps that say bytes
}

TEST_CASE("A document that was moved is where it was going, and a document of nothing is null") {
  auto d = to_document(ipld::list{1, "two", ipld::map{{"three", bytes{4}}}});
  auto const* const before = d.root().cells().data();
  auto const moved = std::move(d);
  CHECK(moved.root().cells().data() == before);
  CHECK(to_node(moved.root()) == ipld::node{ipld::list{1, "two", ipld::map{{"three", bytes{4}}}}});
  CHECK(ipld::document{}.root().is_null());
  CHECK(to_node(ipld::document{}.root()).is_null());
}

TEST_CASE("A document of a node owns its octets, short and long ones") {
  auto owned = std::make_unique<ipld::node>(ipld::list{std::string(10, 'a'), std::string(100'000, 'b'), bytes(300, 'c'), "", bytes{}});
  auto const copy = *owned;
  auto const d = to_document(*owned);
  owned.reset();
  CHECK(to_node(d.root()) == copy);
  CHECK(d.octets() == 100'310);
}

TEST_CASE("SEC-32 a document of any depth is made, compared with its node, and refused by the encoders") {
  auto tower = ipld::node{};
  for (auto i = 0; i < 100'000; ++i) {
    auto m = ipld::map{};
    m.append("in", std::move(tower));
    tower = std::move(m);
  }
  auto const d = to_document(tower);
  CHECK(d.depth() == 100'000);
  CHECK(to_node(d.root()) == tower);
  auto out = bytes{1, 2, 3};
  CHECK(dag_cbor::encode(d, out).error() == dag_cbor_errc::too_deep);
  CHECK(dag_json::encode(d, out).error() == dag_json_errc::too_deep);
  CHECK(out == bytes{1, 2, 3});
}

TEST_CASE("A document is written in order, and what has no form is refused, as of a node") {
  auto const write = [](auto codec, ipld::node const& n) -> std::string {
    auto out = bytes{};
    auto const done = decltype(codec)::encode(to_document(n), out);
    return done ? std::string{as_text(out)} : std::string{describe(done.error())};
  };
  auto const unsorted = ipld::map{{"b", 1}, {"a", ipld::map{{"long", 2}, {"z", 3}}}};
  CHECK(write(dag_cbor{}, unsorted) == "\xa2\x61" "a\xa2\x61z\x03\x64long\x02\x61" "b\x01");
  CHECK(write(dag_json{}, unsorted) == R"({"a":{"long":2,"z":3},"b":1})");
  auto const twice = ipld::map{{"a", 1}, {"b", 2}, {"a", 3}};
  CHECK(write(dag_cbor{}, twice) == describe(dag_cbor_errc::duplicate_key));
  CHECK(write(dag_json{}, twice) == describe(dag_json_errc::duplicate_key));
  CHECK(write(dag_cbor{}, "\xff") == describe(dag_cbor_errc::bad_utf8));
  CHECK(write(dag_json{}, "\xff") == describe(dag_json_errc::bad_utf8));
  CHECK(write(dag_cbor{}, ipld::list{std::numeric_limits<double>::infinity()}) == describe(dag_cbor_errc::not_finite));
  CHECK(write(dag_json{}, ipld::map{{"/", "x"}}) == describe(dag_json_errc::reserved_key));
  CHECK(write(dag_json{}, ipld::map{{"/", ipld::map{{"bytes", "x"}}}}) == describe(dag_json_errc::reserved_key));
}
