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
