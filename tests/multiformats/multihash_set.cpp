#include <cairn/multiformats/multihash_set.hpp>

#include <cairn/crypto/hash.hpp>

#include "support/property.hpp"

#include <set>

using namespace cairn;

TEST_CASE("a set of multihashes is a set") {
  testing::check_property("set", [] {
    auto seen = multihash_set{};
    auto model = std::set<multihash>{};
    for (auto step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 2000))) {
      auto const text = std::to_string(step);
      auto const h = step % 3 == 0 ? *multihash::wrap(1 + step % 2, as_bytes(text)) : *hash_bytes(code::sha2_256, as_bytes(text));
      RC_ASSERT(seen.insert(h) == model.insert(h).second);
      RC_ASSERT(seen.contains(h));
    }
    RC_ASSERT(seen.size() == model.size());
  });
}

TEST_CASE("a set of multihashes grows and keeps what it has") {
  auto seen = multihash_set{};
  for (int i = 0; i < 20'000; ++i) REQUIRE(seen.insert(*hash_bytes(code::sha2_256, as_bytes(std::to_string(i)))));
  for (int i = 0; i < 20'000; ++i) REQUIRE(seen.contains(*hash_bytes(code::sha2_256, as_bytes(std::to_string(i)))));
  for (int i = 20'000; i < 30'000; ++i) REQUIRE_FALSE(seen.contains(*hash_bytes(code::sha2_256, as_bytes(std::to_string(i)))));
  CHECK(seen.memory() <= 20'000 * 43);
}
