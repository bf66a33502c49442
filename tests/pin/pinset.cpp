#include <cairn/pin.hpp>

#include <cairn/block.hpp>
#include <cairn/core/text.hpp>
#include <cairn/datastore/memory.hpp>

#include "support/property.hpp"

#include <map>

using namespace cairn;

namespace {
auto named(std::string const& text) -> cid { return hash_block({}, buffer{as_bytes(text)})->id(); }

auto all(pinset const& pins, pin_mode mode) -> std::vector<pin> {
  auto out = std::vector<pin>{};
  auto cursor = *pins.list(mode, true);
  while (auto p = *cursor.next()) out.push_back(*p);
  return out;
}
}  // namespace

TEST_CASE("the record of a pin has Kubo's bytes") {
  // written by a Kubo 0.43 node: pin add --name=hello of a file that holds "x"
  auto const id = *parse_cid("QmULKig5Fxrs2sC4qt9nNduucXfb92AFYQ6Hi3YRqDmrYC");
  auto const record = encode_pin({id, pin_mode::recursive, "hello"});
  CHECK(to_hex(record) ==
        "a363636964582212205910a635e5b44201ae883796c2c1c90d81049741c26f36aadc58e53a533a9415646d6f646500646e616d656568656c6c6f");
  CHECK(decode_pin(record)->name == "hello");
  CHECK(encode_pin({id, pin_mode::direct, ""}).size() == record.size() - 11);
}

TEST_CASE("a truncated record of a pin is refused at every length") {
  auto const record = encode_pin({named("x"), pin_mode::direct, "name"});
  for (std::size_t n = 0; n < record.size(); ++n) CHECK_FALSE(decode_pin(bytes_view{record}.first(n)));
  auto deep = bytes{0xa1, 0x61, 'x'};
  deep.resize(100'000, 0x81);
  CHECK(decode_pin(deep).error() == pin_errc::bad_record);
}

TEST_CASE("pins behave like a map from CID to mode and name") {
  testing::check_property("model", [] {
    auto store = memory_datastore{};
    auto pins = *pinset::open(store);
    auto model = std::map<cid, pin>{};
    auto const steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 60));
    for (auto step : steps) {
      auto const id = named(std::to_string(step % 5));
      auto const name = step % 3 == 0 ? std::string{} : "n" + std::to_string(step % 7);
      auto const old = model.find(id);
      if (step % 4 == 0) {
        auto const done = pins.remove(id, step % 8 == 0);
        auto const allowed = old != model.end() && (step % 8 == 0 || old->second.mode == pin_mode::direct);
        RC_ASSERT(done.has_value() == allowed);
        if (allowed) model.erase(id);
      } else {
        auto const mode = step % 2 == 0 ? pin_mode::recursive : pin_mode::direct;
        auto const done = pins.add({id, mode, name});
        auto const allowed = mode == pin_mode::recursive || old == model.end() || old->second.mode == pin_mode::direct;
        RC_ASSERT(done.has_value() == allowed);
        if (allowed) model[id] = {id, mode, name};
      }
    }
    auto count = 0uz;
    for (auto mode : {pin_mode::recursive, pin_mode::direct})
      for (auto const& p : all(pins, mode)) {
        RC_ASSERT(model.at(p.id) == p);
        ++count;
      }
    RC_ASSERT(count == model.size());
  });
}

TEST_CASE("a dirty pinset rebuilds its indexes from the records") {
  auto store = memory_datastore{};
  REQUIRE(pinset::open(store)->add({named("a"), pin_mode::recursive, "one"}));
  REQUIRE(pinset::open(store)->add({named("b"), pin_mode::direct, ""}));
  auto gone = write_batch{};
  auto entries = *store.scan("/pins/index/");
  while (*entries.next()) gone.remove(entries.key());
  REQUIRE(store.apply(gone));
  REQUIRE(all(*pinset::open(store), pin_mode::recursive).empty());
  constexpr byte dirty[]{1};
  REQUIRE(store.put("/pins/state/dirty", dirty));
  auto const pins = *pinset::open(store);
  CHECK(all(pins, pin_mode::recursive) == std::vector{pin{named("a"), pin_mode::recursive, "one"}});
  CHECK(all(pins, pin_mode::direct).size() == 1);
  CHECK((*store.get("/pins/state/dirty"))->front() == 0);
}

TEST_CASE("a pin moves") {
  auto store = memory_datastore{};
  auto pins = *pinset::open(store);
  REQUIRE(pins.add({named("a"), pin_mode::recursive, "kept"}));
  CHECK(pins.update(named("c"), named("b"), true).error() == pin_errc::from_not_pinned);
  REQUIRE(pins.update(named("a"), named("b"), true));
  CHECK(*pins.find(named("a")) == std::nullopt);
  CHECK((*pins.find(named("b")))->name == "kept");
}
