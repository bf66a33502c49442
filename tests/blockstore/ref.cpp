#include <cairn/blockstore/memory.hpp>
#include <cairn/blockstore/ref.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

TEST_CASE("a borrowed store is the store") {
  auto store = memory_blockstore{};
  auto const ref = blockstore_ref{store};
  auto const b = *hash_block({}, buffer{as_bytes("foo")});
  REQUIRE(ref.put(b));
  CHECK(*ref.has(b.id()));
  CHECK(*ref.get_size(b.id()) == 3);
  CHECK(as_text(ref.get(b.id())->data()) == "foo");
  auto keys = *ref.keys();
  CHECK(*keys->next() == b.id().hash());
  CHECK(*keys->next() == std::nullopt);
}

TEST_CASE("many blocks at once: all, or the error of one") {
  auto store = memory_blockstore{};
  auto const ref = blockstore_ref{store};
  auto ids = std::vector<cid>{};
  auto raw = std::vector<unverified_block>{};
  for (int i = 0; i < 40; ++i) {
    auto const data = std::string(static_cast<std::size_t>(i * 37), 'x');
    auto const b = *hash_block({}, buffer{as_bytes(data)});
    REQUIRE(ref.put(b));
    ids.push_back(b.id());
    raw.push_back({b.id(), b.share()});
  }
  raw.push_back({cid::v1(code::raw, *multihash::wrap(code::identity, as_bytes("id"))), buffer{as_bytes("id")}});
  auto const got = *ref.get_many(ids);
  auto const checked_all = verify_many(raw);
  REQUIRE(checked_all);
  auto const& checked = *checked_all;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    CHECK(got[i].id() == ids[i]);
    CHECK(equal(got[i].data(), checked[i].data()));
  }
  raw[7].data = buffer{as_bytes("other")};
  CHECK(verify_many(raw).error() == block_errc::hash_mismatch);
  raw[7] = raw.back();
  raw[7].data = buffer{};
  CHECK(verify_many(raw).error() == block_errc::hash_mismatch);
  ids.push_back((*hash_block({}, buffer{as_bytes("absent")})).id());
  CHECK(ref.get_many(ids).error() == block_errc::not_found);
}
