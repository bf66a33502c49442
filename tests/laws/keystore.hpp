#pragma once
// The laws of <cairn/concept/keystore.hpp>, for every model.

#include <cairn/concept/keystore.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/keystore/keystore_error.hpp>

#include "support/property.hpp"

#include <algorithm>

namespace cairn::laws {

// `make()` gives an empty store.
template <class Make>
void keystore_laws(Make make) {
  auto const key = *private_key::generate(key_type::ed25519), other = *private_key::generate(key_type::secp256k1);
  {
    auto s = make();
    static_assert(keystore<decltype(s)>);
    auto names = std::vector<std::string>{"foo", "a/b", ".hidden", "..", "x y", "\xc3\xa4", std::string("\0\xff", 2), "UPPER", "upper", "self", std::string(156, 'n')};
    for (auto const& name : names) {
      CHECK(*s.has(name) == false);
      CHECK(s.get(name).error() == keystore_errc::no_such_key);    // L2
      CHECK(s.remove(name).error() == keystore_errc::no_such_key);
      CHECK(s.rename(name, "to", false).error() == keystore_errc::no_such_key);
      CHECK(s.rename(name, name, false).error() == keystore_errc::no_such_key);
      REQUIRE(s.put(name, key));
      CHECK(*s.has(name));
      CHECK(*s.get(name) == key);                                   // L1
      CHECK(s.put(name, other).error() == keystore_errc::already_exists);  // L3
      CHECK(*s.get(name) == key);
      CHECK(s.rename(name, name, false));
      CHECK(*s.get(name) == key);
    }
    std::sort(names.begin(), names.end());
    CHECK(*s.list() == names);                                      // L5
    for (auto const& name : names) REQUIRE(s.remove(name));
    CHECK(s.list()->empty());
  }
  {  // L4
    auto s = make();
    REQUIRE(s.put("a", key));
    REQUIRE(s.put("b", other));
    CHECK(s.rename("a", "b", false).error() == keystore_errc::already_exists);
    CHECK(*s.get("a") == key);
    CHECK(*s.get("b") == other);
    REQUIRE(s.rename("a", "c", false));
    CHECK(*s.get("c") == key);
    CHECK_FALSE(*s.has("a"));
    REQUIRE(s.rename("c", "b", true));
    CHECK(*s.get("b") == key);
    CHECK(*s.list() == std::vector<std::string>{"b"});
  }
  {  // L6
    auto s = make();
    auto const is = [](auto const& done, keystore_errc why) { return !done && done.error() == why; };
    for (auto const& [name, why] : {std::pair{std::string{}, keystore_errc::empty_name}, {std::string(157, 'x'), keystore_errc::name_too_long}}) {
      CHECK(is(s.get(name), why));
      CHECK(is(s.has(name), why));
      CHECK(is(s.put(name, key), why));
      CHECK(is(s.remove(name), why));
      CHECK(is(s.rename(name, "x", false), why));
      CHECK(is(s.rename("x", name, false), why));
    }
  }
  testing::check_property("as a map does", [&](std::vector<std::pair<std::uint8_t, std::uint8_t>> const& steps) {
    auto s = make();
    auto model = std::map<std::string, bool>{};  // name -> whether it holds `key`
    for (auto [what, which] : steps) {
      auto const name = std::string(1, static_cast<char>('a' + which % 4)), to = std::string(1, static_cast<char>('a' + which / 4 % 4));
      auto const there = model.count(name) != 0;
      switch (what % 4) {
        case 0: {
          auto const first = which % 2 == 0;
          RC_ASSERT(s.put(name, first ? key : other).has_value() == !there);
          model.try_emplace(name, first);
          break;
        }
        case 1:
          RC_ASSERT(s.remove(name).has_value() == there);
          model.erase(name);
          break;
        case 2: {
          auto const replace = which >= 128;
          auto const moves = there && (name == to || replace || model.count(to) == 0);
          RC_ASSERT(s.rename(name, to, replace).has_value() == moves);
          if (!moves || name == to) break;
          model[to] = model[name];
          model.erase(name);
          break;
        }
        default: {
          auto const k = s.get(name);
          RC_ASSERT(k.has_value() == there);
          if (k) RC_ASSERT((*k == (model[name] ? key : other)));
        }
      }
      RC_ASSERT(s.list()->size() == model.size());
    }
  });
}

}  // namespace cairn::laws
