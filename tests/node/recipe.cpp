#include <cairn/node.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

TEST_CASE("an omitted role takes its default, and nothing is paid for it") {
  auto const recipe = node{.blocks = memory{.max_bytes = 1 << 20}};
  static_assert(sizeof(*open(recipe)) == sizeof(memory_blockstore));
  CHECK(manifest(recipe).host == "none");
  CHECK(manifest(recipe).codecs.size() == default_codecs::rows.size());
  CHECK(to_string(manifest(recipe)).find("blocks: memory") != std::string::npos);
}

TEST_CASE("a node takes in what hashes to its CID, and nothing else") {
  auto n = *open(node{.hashes = hash_set<sha2_256>{}, .blocks = memory{.max_bytes = 1 << 20}});
  auto const good = *hash_block({}, buffer{as_bytes("good")});
  CHECK(n.accept({good.id(), buffer{as_bytes("evil")}}).error() == block_errc::hash_mismatch);
  CHECK_FALSE(*n.blocks().has(good.id()));
  REQUIRE(n.accept({good.id(), buffer{as_bytes("good")}}));
  CHECK(*n.blocks().has(good.id()));
  auto const foreign = *hash_block({.hash = code::blake3}, buffer{as_bytes("x")});
  CHECK(n.accept({foreign.id(), buffer{as_bytes("x")}}).error() == node_errc::unknown_hash);
}

TEST_CASE("a codec that is not composed is not decoded") {
  auto n = *open(node{.codecs = codec_set<raw>{}});
  auto const b = *hash_block({.codec = code::dag_cbor}, buffer{bytes{0xf6}});
  REQUIRE(n.blocks().put(b));
  CHECK(n.get(b.id()).error() == node_errc::unknown_codec);
}

TEST_CASE("a bounded memory store refuses what does not fit, and loses nothing") {
  auto n = *open(node{.blocks = memory{.max_bytes = 10'000}});
  auto const small = *hash_block({}, buffer{bytes(4'000, 1)}), big = *hash_block({}, buffer{bytes(9'000, 2)});
  REQUIRE(n.blocks().put(small));
  CHECK(n.blocks().put(big).error() == memory_blockstore_errc::full);
  CHECK(n.blocks().get(small.id())->data().size() == 4'000);
  REQUIRE(n.blocks().remove(small.id()));
  CHECK(n.blocks().put(big));
}
