#pragma once
// The laws of `concept/datastore.hpp`, run by every model: laws::datastore([] { return a fresh, empty store; }).

#include <cairn/concept/datastore.hpp>
#include <cairn/datastore/ref.hpp>

#include "support/property.hpp"

#include <map>

namespace cairn::laws {

template <class S>
auto entries_of(S const& store, std::string_view prefix) -> std::vector<std::pair<std::string, bytes>> {
  auto out = std::vector<std::pair<std::string, bytes>>{};
  auto cursor = store.scan(prefix);
  REQUIRE(cursor);
  for (;;) {
    auto const more = cursor->next();
    REQUIRE(more);
    if (!*more) return out;
    auto const value = bytes_view{cursor->value()};
    out.emplace_back(std::string{cursor->key()}, bytes(value.begin(), value.end()));
  }
}

template <class Make>
void datastore(Make make) {
  auto const value = [](std::string_view text) { auto const v = as_bytes(text); return bytes(v.begin(), v.end()); };
  SECTION("L1 to L4: put, get, replace, remove") {
    auto store = make();
    CHECK(*store.get("/a") == std::nullopt);
    CHECK_FALSE(*store.has("/a"));
    REQUIRE(store.put("/a", value("1")));
    CHECK(*store.get("/a") == value("1"));
    REQUIRE(store.put("/a", value("2")));
    CHECK(*store.get("/a") == value("2"));
    REQUIRE(store.put("/empty", {}));
    CHECK(*store.has("/empty"));
    REQUIRE(store.remove("/a"));
    REQUIRE(store.remove("/a"));
    CHECK(*store.get("/a") == std::nullopt);
  }
  SECTION("L5: a scan has its prefix, in byte order, as of its start") {
    auto store = make();
    for (auto key : {"/p/b", "/p/a", "/q", "/p", "/p/a/c", "/o"}) REQUIRE(store.put(key, value(key)));
    auto cursor = store.scan("/p/");
    REQUIRE(cursor);
    REQUIRE(*cursor->next());
    CHECK(std::string{cursor->key()} == "/p/a");
    REQUIRE(store.remove("/p/b"));
    REQUIRE(store.put("/p/a/a", value("late")));
    REQUIRE(*cursor->next());
    CHECK(std::string{cursor->key()} == "/p/a/c");
    REQUIRE(*cursor->next());
    CHECK(std::string{cursor->key()} == "/p/b");
    CHECK_FALSE(*cursor->next());
  }
  SECTION("like a map") {
    testing::check_property("map", [&] {
      auto store = make();
      auto model = std::map<std::string, bytes>{};
      for (auto step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1000))) {
        auto const key = "/k/" + std::to_string(step % 13);
        if (step % 3 == 0) {
          RC_ASSERT(store.remove(key).has_value());
          model.erase(key);
        } else {
          RC_ASSERT(store.put(key, value(std::to_string(step))).has_value());
          model[key] = value(std::to_string(step));
        }
      }
      auto const found = entries_of(store, "/k/");
      RC_ASSERT(found == (std::vector<std::pair<std::string, bytes>>(model.begin(), model.end())));
    });
  }
  SECTION("L6: a batch is applied in its order") {
    auto store = make();
    REQUIRE(store.put("/x", value("old")));
    auto batch = write_batch{};
    batch.put("/x", value("new"));
    batch.remove("/x");
    batch.put("/y", value("1"));
    REQUIRE(datastore_ref{store}.apply(batch));
    CHECK(entries_of(store, "/") == std::vector<std::pair<std::string, bytes>>{{"/y", value("1")}});
  }
}

}  // namespace cairn::laws
