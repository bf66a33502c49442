#include <cairn/pin.hpp>

#include <cairn/blockstore/memory.hpp>
#include <cairn/datastore/memory.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/node.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

namespace {
auto store_raw(memory_blockstore& store, std::string const& text) -> cid {
  auto const b = *hash_block({}, buffer{as_bytes(text)});
  REQUIRE(store.put(b));
  return b.id();
}

// a dag-cbor list of links, by hand: tag 42 over 00 and the CID
auto store_list(memory_blockstore& store, std::vector<cid> const& links) -> cid {
  auto out = bytes{static_cast<byte>(0x80 + links.size())};
  for (auto const& id : links) {
    auto const octets = to_bytes(id);
    append(out, bytes{0xd8, 0x2a, 0x58, static_cast<byte>(octets.size() + 1), 0x00});
    append(out, octets);
  }
  auto const b = *hash_block({.codec = code::dag_cbor}, buffer{out});
  REQUIRE(store.put(b));
  return b.id();
}
}  // namespace

TEST_CASE("what is reachable is marked, what is not is not") {
  auto store = memory_blockstore{};
  auto metadata = memory_datastore{};
  auto const leaf = store_raw(store, "leaf"), other = store_raw(store, "other"), loose = store_raw(store, "loose");
  auto const inner = store_list(store, {leaf, leaf});
  auto const root = store_list(store, {inner, inner, other});
  auto const alone = store_list(store, {loose});
  auto pins = *pinset::open(metadata);
  REQUIRE(pins.add({root, pin_mode::recursive, ""}));
  REQUIRE(pins.add({alone, pin_mode::direct, ""}));
  auto live = reachable_set{store};
  REQUIRE(live.mark_pins(pins));
  CHECK(live.complete());
  for (auto const& id : {root, inner, leaf, other, alone}) CHECK(live.contains(id.hash()));
  CHECK_FALSE(live.contains(loose.hash()));
  CHECK(live.size() == 5);
}

TEST_CASE("a missing raw leaf is no problem, a missing node with links is, and a best-effort root forgives it") {
  auto store = memory_blockstore{};
  auto const leaf = store_raw(store, "leaf");
  auto const inner = store_list(store, {leaf});
  auto const root = store_list(store, {inner});
  REQUIRE(store.remove(leaf));
  auto live = reachable_set{store};
  live.mark(root);
  CHECK(live.complete());
  CHECK(live.contains(leaf.hash()));
  REQUIRE(store.remove(inner));
  auto broken = reachable_set{store};
  broken.mark(root);
  CHECK_FALSE(broken.complete());
  REQUIRE(broken.problems().size() == 1);
  CHECK(broken.problems().front().id == inner);
  auto lazy = reachable_set{store};
  lazy.mark(root, true);
  CHECK(lazy.complete());
}

TEST_CASE("a block first met as raw is still walked under its own codec") {
  auto store = memory_blockstore{};
  auto const leaf = store_raw(store, "leaf");
  auto const inner = store_list(store, {leaf});
  auto const root = store_list(store, {cid::v1(code::raw, inner.hash()), inner});
  auto live = reachable_set{store};
  live.mark(root);
  CHECK(live.contains(leaf.hash()));
}
