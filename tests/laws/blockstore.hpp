#pragma once
// The laws of <cairn/concept/blockstore.hpp>, for any model: laws::blockstore([] { return a fresh, empty store; }).

#include <cairn/block/verify.hpp>
#include <cairn/blockstore/ref.hpp>

#include "support/property.hpp"

#include <map>
#include <set>

namespace cairn::laws {

/// A block of that content, under one of the forms that a CID has.
inline auto block_of(std::string_view content, int form = 0) -> block {
  auto prefix = cid_prefix{};
  if (form % 4 == 0) prefix.version = 0, prefix.codec = code::dag_pb;
  if (form % 4 == 1) prefix.version = 1, prefix.codec = code::raw;
  if (form % 4 == 2) prefix.version = 1, prefix.codec = code::dag_cbor;
  if (form % 4 == 3) prefix.version = 1, prefix.codec = code::raw, prefix.hash = code::sha2_512;
  return *hash_block(prefix, buffer{as_bytes(content)});
}

template <class S>
auto all_keys(S& store) -> std::multiset<multihash> {
  auto out = std::multiset<multihash>{};
  auto cursor = store.keys();
  REQUIRE(cursor);
  for (;;) {
    auto key = [&] {
      if constexpr (requires { cursor->next(); })
        return cursor->next();
      else
        return (*cursor)->next();  // behind a pointer
    }();
    REQUIRE(key);
    if (!*key) return out;
    out.insert(**key);
  }
}

template <class Make>
void blockstore(Make make) {
  SECTION("L1: what was put is there, under every codec and version") {
    auto store = make();
    auto const v0 = block_of("content", 0), v1 = block_of("content", 1), cbor = block_of("content", 2);
    REQUIRE(store.put(v0));
    for (auto const& b : {v0, v1, cbor}) {
      CHECK(*store.has(b.id()));
      auto const got = store.get(b.id());
      REQUIRE(got);
      CHECK(got->id() == b.id());
      CHECK(as_text(got->data()) == "content");
      CHECK(*cairn::get_size(store, b.id()) == 7);
    }
    auto const empty = block_of("", 1), large = block_of(std::string(1 << 20, 'x'), 3);
    REQUIRE(store.put(empty));
    REQUIRE(store.put(large));
    CHECK(store.get(empty.id())->data().empty());
    CHECK(store.get(large.id())->data().size() == 1 << 20);
    CHECK(*cairn::get_size(store, empty.id()) == 0);
  }
  SECTION("L2: what was never put is not found") {
    auto store = make();
    auto const b = block_of("absent");
    CHECK_FALSE(*store.has(b.id()));
    auto const got = store.get(b.id());
    REQUIRE_FALSE(got);
    CHECK(got.error() == block_errc::not_found);
    CHECK(*cairn::get_size(store, b.id()) == std::nullopt);
    auto const ids = std::vector<cid>{b.id()};
    CHECK_FALSE(cairn::get_many(store, std::span<cid const>{ids}));
  }
  SECTION("L3, L5: putting twice is putting once, and keys gives each multihash once") {
    auto store = make();
    REQUIRE(store.put(block_of("a", 0)));
    REQUIRE(store.put(block_of("a", 1)));
    auto const b = block_of("b", 1), a = block_of("a", 2);
    auto const two = std::vector<block_view>{b, a, b};
    REQUIRE(cairn::put_many(store, std::span<block_view const>{two}));
    CHECK(all_keys(store) == (std::multiset<multihash>{a.id().hash(), b.id().hash()}));
  }
  SECTION("L4: what was removed is gone, and removing what is not there succeeds") {
    auto store = make();
    auto const b = block_of("a", 1);
    REQUIRE(store.put(b));
    REQUIRE(store.get(b.id()));
    REQUIRE(store.remove(block_of("a", 0).id()));
    CHECK_FALSE(*store.has(b.id()));
    CHECK(store.get(b.id()).error() == block_errc::not_found);
    REQUIRE(store.remove(b.id()));
    CHECK(all_keys(store).empty());
    REQUIRE(store.put(b));
    CHECK(store.get(b.id()));
  }
  SECTION("many at a time is one at a time") {
    auto store = make();
    auto blocks = std::vector<block>{};
    for (auto i = 0; i < 40; ++i) blocks.push_back(block_of("block " + std::to_string(i), i));
    auto const views = std::vector<block_view>(blocks.begin(), blocks.end());
    REQUIRE(cairn::put_many(store, std::span<block_view const>{views}));
    REQUIRE(cairn::sync(store));
    auto ids = std::vector<cid>{};
    for (auto const& b : blocks) ids.push_back(b.id());
    ids.push_back(ids.front());
    auto const got = cairn::get_many(store, std::span<cid const>{ids});
    REQUIRE(got);
    REQUIRE(got->size() == ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      CHECK((*got)[i].id() == ids[i]);
      CHECK(equal((*got)[i].data(), blocks[i % 40].data()));
    }
  }
  SECTION("like a map") {
    testing::check_property("map", [&] {
      auto store = make();
      auto model = std::map<multihash, std::string>{};
      for (auto step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1000))) {
        auto const content = "content " + std::to_string(step % 11);
        auto const b = block_of(content, step % 3);
        if (step % 4 == 0) {
          RC_ASSERT(store.remove(b.id()).has_value());
          model.erase(b.id().hash());
        } else if (step % 4 == 1) {
          auto const got = store.get(b.id());
          RC_ASSERT(got.has_value() == model.contains(b.id().hash()));
        } else {
          RC_ASSERT(store.put(b).has_value());
          model[b.id().hash()] = content;
        }
      }
      auto wanted = std::multiset<multihash>{};
      for (auto const& [hash, content] : model) {
        wanted.insert(hash);
        auto const got = store.get(cid::v1(code::raw, hash));
        RC_ASSERT(got.has_value());
        RC_ASSERT(as_text(got->data()) == content);
      }
      auto found = std::multiset<multihash>{};
      auto cursor = *blockstore_ref{store}.keys();
      for (;;) {
        auto key = cursor->next();
        RC_ASSERT(key.has_value());
        if (!*key) break;
        found.insert(**key);
      }
      RC_ASSERT(found == wanted);
    });
  }
}

}  // namespace cairn::laws
