#include <cairn/blockstore.hpp>
#include <cairn/crypto/hash_types.hpp>

#include "archetypes/raw_blockstore.hpp"
#include "laws/blockstore.hpp"

using namespace cairn;
using archetypes::raw_part;
using archetypes::raw_store;

TEST_CASE("memory_blockstore keeps the laws") {
  laws::blockstore([] { return memory_blockstore{}; });
}
TEST_CASE("verified keeps the laws") {
  laws::blockstore([] { return raw_store{} | verified; });
}
TEST_CASE("cached keeps the laws") {
  laws::blockstore([] { return raw_store{} | verified | cached(3, 1 << 20); });
  laws::blockstore([] { return raw_store{} | verified | cached(3, 1 << 20, cache_admission::second_read); });
}
TEST_CASE("measured keeps the laws, above and below verified") {
  laws::blockstore([] { return raw_store{} | measured | verified | measured; });
}
TEST_CASE("identity keeps the laws") {
  laws::blockstore([] { return memory_blockstore{} | identity; });
}
TEST_CASE("all layers together keep the laws") {
  laws::blockstore([] { return raw_store{} | verified | cached(5) | measured | identity; });
}

TEST_CASE("verified gives out no damaged block, alone or among many, and names it") {
  auto store = raw_store{} | verified;
  auto const good = laws::block_of("good", 1), bad = laws::block_of("bad", 1);
  REQUIRE(store.put(good));
  REQUIRE(store.put(bad));
  store.below().damage(bad.id(), "worse");
  auto const got = store.get(bad.id());
  REQUIRE_FALSE(got);
  CHECK(got.error() == block_errc::hash_mismatch);
  CHECK(got.error().subject() == to_string(bad.id()));
  auto const ids = std::vector<cid>{good.id(), bad.id()};
  auto const many = store.get_many(ids);
  REQUIRE_FALSE(many);
  CHECK(many.error() == block_errc::hash_mismatch);
  CHECK(many.error().subject() == to_string(bad.id()));
}

TEST_CASE("a recipe's hash set decides what verified understands") {
  auto const b = laws::block_of("content", 3);  // sha2-512
  auto part = raw_part{} | verified;
  auto narrow = *part.open<hash_set<sha2_256>>();
  REQUIRE(narrow.put(b));
  CHECK(narrow.get(b.id()).error() == block_errc::unknown_hash);
  auto wide = *part.open<hash_set<sha2_256, sha2_512>>();
  REQUIRE(wide.put(b));
  CHECK(wide.get(b.id()));
  wide.below().damage(b.id(), "x");
  CHECK(wide.get(b.id()).error() == block_errc::hash_mismatch);
  static_assert(blockstore_part<decltype(raw_part{} | verified | cached(10, 1000))>);
  CHECK((raw_part{} | verified | cached(0, 1000)).peak_bytes() == 1007);
}

TEST_CASE("cached reads once, stays within its bounds, and forgets what was removed") {
  auto store = raw_store{} | verified | cached(2, 800);
  auto const a = laws::block_of("a", 1), b = laws::block_of("b", 1), c = laws::block_of("c", 1);
  auto const large = laws::block_of(std::string(101, 'x'), 1);
  for (auto const& one : {a, b, c, large}) REQUIRE(store.put(one));
  auto const& reads = store.below().below().reads;
  REQUIRE(store.get(a.id()));
  REQUIRE(store.get(laws::block_of("a", 0).id()));
  CHECK(reads == 1);
  REQUIRE(store.get(b.id()));
  REQUIRE(store.get(c.id()));
  CHECK(store.cached_blocks() == 2);
  REQUIRE(store.get(a.id()));
  CHECK(reads == 4);
  REQUIRE(store.get(large.id()));
  REQUIRE(store.get(large.id()));
  CHECK(reads == 6);  // above an eighth of the bytes: not kept
  CHECK(store.cached_bytes() == 2);
  REQUIRE(store.remove(a.id()));
  CHECK_FALSE(*store.has(a.id()));
  CHECK(store.cached_blocks() == 1);
}

TEST_CASE("cached stays within its bytes") {
  auto store = memory_blockstore{} | cached(1000, 800);
  for (auto i = 0; i < 100; ++i) {
    auto const b = laws::block_of(std::string(90, 'x') + std::to_string(i), 1);
    REQUIRE(store.put(b));
    REQUIRE(store.get(b.id()));
    CHECK(store.cached_bytes() <= 800);
  }
}

TEST_CASE("a cache that admits at the second read keeps what is read again, and one long read pushes nothing out") {
  auto store = raw_store{} | verified | cached(4, 8000, cache_admission::second_read);
  auto const& reads = store.below().below().reads;
  auto const hot = laws::block_of("hot", 1);
  REQUIRE(store.put(hot));
  for (auto i = 0; i < 5; ++i) REQUIRE(store.get(hot.id()));
  CHECK(reads == 2);
  for (auto i = 0; i < 100; ++i) {
    auto const once = laws::block_of("once " + std::to_string(i), 1);
    REQUIRE(store.put(once));
    REQUIRE(store.get(once.id()));
  }
  CHECK(reads == 102);
  CHECK(store.cached_blocks() == 1);
  REQUIRE(store.get(hot.id()));
  CHECK(reads == 102);
  auto const many = std::vector<cid>{hot.id(), laws::block_of("once 7", 1).id()};
  for (auto i = 0; i < 3; ++i) CHECK(as_text((*store.get_many(many))[1].data()) == "once 7");
  CHECK(reads == 103);
}

TEST_CASE("SEC-51: a paused cache asks below, and keeps nothing until it resumes") {
  auto store = raw_store{} | verified | cached(4, 8000);
  auto const& reads = store.below().below().reads;
  auto const b = laws::block_of("b", 1);
  REQUIRE(store.put(b));
  REQUIRE(store.get(b.id()));
  store.pause();
  store.pause();
  REQUIRE(store.get(b.id()));
  store.resume();
  REQUIRE(store.below().remove(b.id()));  // as a collection does, without this layer
  CHECK_FALSE(*store.has(b.id()));
  CHECK_FALSE(store.get(b.id()));
  REQUIRE(store.put(b));
  REQUIRE(store.get(b.id()));
  CHECK(store.cached_blocks() == 0);
  store.resume();
  auto const before = reads;
  REQUIRE(store.get(b.id()));
  REQUIRE(store.get(b.id()));
  CHECK(reads == before + 1);
}

TEST_CASE("measured counts what was asked, and absence is no error") {
  auto store = raw_store{} | verified | measured;
  auto const b = laws::block_of("12345", 1), absent = laws::block_of("absent", 1);
  for (auto i = 0; i < 3; ++i) REQUIRE(store.put(b));
  REQUIRE(store.get(b.id()));
  CHECK_FALSE(store.get(absent.id()));
  store.below().below().damage(b.id(), "other");
  CHECK_FALSE(store.get(b.id()));
  auto const& counts = store.counts();
  CHECK(counts.put.total.value() == 3);
  CHECK(counts.put.sizes.sum() == 15);
  CHECK(counts.get.total.value() == 3);
  CHECK(counts.get.errors.value() == 1);
  CHECK(counts.get.sizes.sum() == 5);
  CHECK(counts.get.nanoseconds.in_place(0) == 0);  // no clock was given
  auto names = std::string{};
  counts.for_each([&](auto const& op) { names += std::string{op.name} + " "; });
  CHECK(names == "has get getsize put delete query sync ");
}

TEST_CASE("identity blocks are here without being stored") {
  auto store = memory_blockstore{} | identity;
  auto const id = cid::v1(code::raw, *multihash::wrap(code::identity, as_bytes("inline")));
  CHECK(*store.has(id));
  CHECK(as_text(store.get(id)->data()) == "inline");
  CHECK(*store.get_size(id) == 6);
  REQUIRE(store.put(*verify_view(id, as_bytes("inline"))));
  auto const stored = laws::block_of("stored", 1);
  auto const two = std::vector<block_view>{*verify_view(id, as_bytes("inline")), stored};
  REQUIRE(store.put_many(two));
  CHECK(store.below().size() == 1);
  REQUIRE(store.remove(id));
  CHECK(*store.has(id));
  auto const ids = std::vector<cid>{id, stored.id(), id};
  auto const got = store.get_many(ids);
  REQUIRE(got);
  CHECK(as_text((*got)[1].data()) == "stored");
  CHECK(as_text((*got)[2].data()) == "inline");
}

TEST_CASE("measured by a clock tells latencies; without a backend it is the store below and not a byte more") {
  auto store = raw_store{} | measured_by([]() -> std::int64_t { static auto now = std::int64_t{0}; return now += 50'000'000; }) | verified;
  auto const b = laws::block_of("12345", 1);
  REQUIRE(store.put(b));
  REQUIRE(store.get(b.id()));
  auto const& get = store.below().counts().get;
  CHECK(get.nanoseconds.in_place(3) == 1);  // 50 ms: above 10 ms, at most 100 ms
  CHECK(get.nanoseconds.sum() == 50'000'000);
  CHECK(get.sizes.in_place(0) == 1);
  auto plain = raw_store{} | unmeasured | verified;
  REQUIRE(plain.put(b));
  CHECK(plain.get(b.id()));
  static_assert(std::is_empty_v<counter<no_metrics>> && std::is_empty_v<histogram<no_metrics, 1, 2>> && std::is_empty_v<gauge<no_metrics>>);
}
