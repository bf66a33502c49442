#include <cairn/hamt/hashmap.hpp>

#include <cairn/blockstore/memory.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <map>
#include <set>

using namespace cairn;

namespace {

auto root_after(memory_blockstore& store, hashmap_parameters const& p, std::map<std::string, int> const& entries) -> cid {
  auto map = make_hashmap(store, store, p).value();
  for (auto const& [k, v] : entries) REQUIRE(map.set(k, v));
  return map.save().value();
}

auto block_of(memory_blockstore& store, ipld::node const& n) -> cid {
  auto out = bytes{};
  REQUIRE(dag_cbor::encode(n, out));
  auto const b = hash_block({.codec = code::dag_cbor}, buffer{out}).value();
  REQUIRE(store.put(b));
  return b.id();
}

/// A root with one bucket of these entries at position 0.
auto forged(memory_blockstore& store, ipld::node bucket, ipld::node map = bytes{1}, ipld::node hash = 0x12, ipld::node size = 3) -> cid {
  auto data = ipld::list{};
  data.push_back(std::move(bucket));
  return block_of(store, ipld::map{{"hashAlg", std::move(hash)}, {"bucketSize", std::move(size)}, {"hamt", ipld::list{std::move(map), std::move(data)}}});
}

auto why(memory_blockstore& store, cid const& root) -> std::string {
  auto const got = hashmap_get(store, root, "x");
  return got ? "read" : std::string{got.error().clause()};
}

auto text(hamt_errc e) -> std::string { return std::string{describe(e)}; }

}  // namespace

TEST_CASE("an empty HashMap and one entry have the blocks of the specification") {
  auto store = memory_blockstore{};
  auto map = make_hashmap(store, store, {.bit_width = 3}).value();
  auto const empty = map.save().value();
  auto const n = dag_cbor::decode(store.get(empty)->data()).value();
  CHECK(n == ipld::node{ipld::map{{"hashAlg", 0x12}, {"bucketSize", 3}, {"hamt", ipld::list{bytes{0}, ipld::list{}}}}});
  REQUIRE(map.set("a", "b"));
  auto const one = dag_cbor::decode(store.get(map.save().value())->data()).value();
  // sha2-256 of "a" begins with 0xca: position 6
  auto bucket = ipld::list{};
  bucket.push_back(ipld::list{bytes{'a'}, "b"});
  auto data = ipld::list{};
  data.push_back(std::move(bucket));
  CHECK(*one.find("hamt") == ipld::node{ipld::list{bytes{0x40}, std::move(data)}});
}

TEST_CASE("a HashMap of the documentation keeps what was set") {
  auto store = memory_blockstore{};
  auto const words = [&]() -> io_result<std::optional<ipld::node>> {
    // [words]
    CAIRN_TRY(auto map, make_hashmap(store, store, {.bit_width = 5, .bucket_size = 3}));
    CAIRN_TRY(map.set("alice", ipld::list{2, 4}));
    CAIRN_TRY(map.set("rabbit", ipld::list{7}));
    CAIRN_TRY(auto const root, map.save());
    CAIRN_TRY(auto const lines, hashmap_get(store, root, "rabbit"));   // reads the blocks on the way to the key alone
    // [/words]
    return lines;
  };
  CHECK(words().value() == ipld::node{ipld::list{7}});
}

TEST_CASE("the root depends on the entries alone: any order, any detour, any parameters") {
  rc::prop("insertions and removals", [] {
    auto store = memory_blockstore{};
    auto const p = hashmap_parameters{.bit_width = *rc::gen::inRange(3u, 9u), .bucket_size = *rc::gen::inRange<std::size_t>(1, 5)};
    auto const entries = *rc::gen::container<std::map<std::string, int>>(rc::gen::arbitrary<std::string>(), rc::gen::arbitrary<int>());
    auto const others = *rc::gen::container<std::set<std::string>>(rc::gen::arbitrary<std::string>());
    auto const direct = root_after(store, p, entries);
    auto map = make_hashmap(store, store, p).value();
    for (auto const& k : others) RC_ASSERT(map.set(k, 0).has_value());
    auto const between = map.save();
    RC_ASSERT(between.has_value());
    for (auto e = entries.rbegin(); e != entries.rend(); ++e) RC_ASSERT(map.set(e->first, e->second).has_value());
    for (auto const& k : others)
      if (!entries.contains(k)) RC_ASSERT(map.remove(k).has_value());
    RC_ASSERT(map.save().value() == direct);
    auto again = open_hashmap(store, store, direct).value();
    RC_ASSERT(again.policy().parameters() == p);
    auto seen = std::map<std::string, int>{};
    auto cursor = again.entries();
    for (auto e = cursor.next(); e && *e; e = cursor.next()) seen[(*e)->key] = static_cast<int>(*(*e)->value.as_integer()->to_int64());
    RC_ASSERT(seen == entries);
    for (auto const& [k, v] : entries) RC_ASSERT(hashmap_get(store, direct, k).value() == ipld::node{v});
    for (auto const& k : others)
      if (!entries.contains(k)) RC_ASSERT(!hashmap_get(store, direct, k).value());
  });
}

TEST_CASE("hashes that are all alike end with an error, not in a loop") {
  auto store = memory_blockstore{};
  auto map = make_hashmap(store, store, {.hash = code::identity, .bit_width = 8, .bucket_size = 1}).value();
  REQUIRE(map.set("aaaa", 1));
  auto const clash = map.set("aaaaa", 1);
  REQUIRE_FALSE(clash);
  CHECK(clash.error() == hamt_errc::too_deep);
  CHECK(map.get("aaaa").value() == ipld::node{1});
}

TEST_CASE("blocks that are no HashMap are refused with their clause") {
  auto store = memory_blockstore{};
  auto const pair = [](std::string_view key) { return ipld::list{bytes(key.begin(), key.end()), 1}; };
  auto const bucket = [&](std::initializer_list<std::string_view> keys) {
    auto out = ipld::list{};
    for (auto const k : keys) out.push_back(pair(k));
    return ipld::node{std::move(out)};
  };
  CHECK(why(store, forged(store, bucket({"a", "b"}))) == "read");
  CHECK(why(store, forged(store, bucket({"b", "a"}))) == text(hamt_errc::bad_bucket));
  CHECK(why(store, forged(store, bucket({"a", "a"}))) == text(hamt_errc::bad_bucket));
  CHECK(why(store, forged(store, bucket({"a", "b", "c", "d"}))) == text(hamt_errc::bad_bucket));
  CHECK(why(store, forged(store, ipld::list{})) == text(hamt_errc::bad_bucket));
  CHECK(why(store, forged(store, "x")) == text(hamt_errc::not_a_node));
  CHECK(why(store, forged(store, bucket({"a"}), bytes{3})) == text(hamt_errc::count_differs));
  CHECK(why(store, forged(store, bucket({"a"}), bytes{1, 0, 0})) == text(hamt_errc::bad_parameters));
  CHECK(why(store, forged(store, bucket({"a"}), bytes(256))) == text(hamt_errc::bad_parameters));
  CHECK(why(store, forged(store, bucket({"a"}), bytes{})) == text(hamt_errc::bad_parameters));
  CHECK(why(store, forged(store, bucket({"a"}), bytes{1}, 0x0fffff)) == text(hamt_errc::bad_parameters));
  CHECK(why(store, forged(store, bucket({"a"}), bytes{1}, 0x12, 0)) == text(hamt_errc::bad_parameters));
  CHECK(why(store, block_of(store, ipld::list{})) == text(hamt_errc::not_a_node));
  // a child of another width, and a child that is its own parent's kind of root
  auto const child = block_of(store, ipld::list{bytes{0, 0}, ipld::list{}});
  auto data = ipld::list{};
  for (int i = 0; i < 8; ++i) data.emplace_back(child);
  CHECK(why(store, block_of(store, ipld::map{{"hashAlg", 0x12}, {"bucketSize", 3}, {"hamt", ipld::list{bytes{0xff}, std::move(data)}}})) == text(hamt_errc::fanout_differs));
}
