#include <cairn/pin.hpp>

#include <cairn/block.hpp>
#include <cairn/blockstore/memory.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/datastore/memory.hpp>
#include <cairn/hamt/errc.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/ipld/node.hpp>

#include "support/property.hpp"

#include <map>
#include <random>
#include <set>

using namespace cairn;

namespace {

auto named(std::string const& text) -> cid { return hash_block({}, buffer{as_bytes(text)})->id(); }

auto count(memory_blockstore const& store) -> std::size_t {
  auto n = std::size_t{0};
  auto keys = *store.keys();
  while (*keys.next()) ++n;
  return n;
}

auto numbered(std::size_t n) -> pin { return {named(std::to_string(n)), n % 5 == 0 ? pin_mode::direct : pin_mode::recursive, n % 3 == 0 ? "name " + std::to_string(n) : ""}; }

using changes = std::set<std::string>;
auto differences(memory_blockstore& store, cid const& a, cid const& b) -> changes {
  auto out = changes{};
  auto const text = [](pin const& p) { return to_string(p.id) + " " + std::string{to_string(p.mode)} + " " + p.name; };
  auto const done = diff_pin_snapshots(store, a, b, [&](std::optional<pin> const& old, std::optional<pin> const& now) -> io_result<void> {
    if (old) out.insert("- " + text(*old));
    if (now) out.insert("+ " + text(*now));
    return {};
  });
  REQUIRE(done);
  return out;
}

}  // namespace

TEST_CASE("a snapshot of pins has one CID, whatever the order of the pins, and one pin more writes at most four blocks") {
  auto const many = GENERATE(0u, 1u, 8u, 9u, 300u, 20'000u);
  auto order = std::vector<std::size_t>(many);
  for (std::size_t n = 0; n < many; ++n) order[n] = n;
  auto first = memory_datastore{}, second = memory_datastore{};
  auto a = *pinset::open(first), b = *pinset::open(second);
  for (auto n : order) REQUIRE(a.add(numbered(n)));
  std::shuffle(order.begin(), order.end(), std::mt19937_64{1});
  REQUIRE(b.add(numbered(many + 7)));
  for (auto n : order) REQUIRE(b.add(numbered(n)));
  auto store = memory_blockstore{};
  auto const with_one_more = save_pin_snapshot(b, store);
  REQUIRE(with_one_more);
  REQUIRE(b.remove(numbered(many + 7).id));
  auto const left = save_pin_snapshot(a, store), right = save_pin_snapshot(b, store);
  REQUIRE(left);
  REQUIRE(right);
  CHECK(left->root == right->root);
  CHECK(left->pins == many);
  CHECK_FALSE(with_one_more->root == left->root);
  auto const before = count(store);
  REQUIRE(a.add(numbered(many + 1)));
  auto const more = save_pin_snapshot(a, store);
  REQUIRE(more);
  CHECK(count(store) - before <= 4);
  CHECK(differences(store, left->root, more->root) ==
        changes{"+ " + to_string(numbered(many + 1).id) + " " + std::string{to_string(numbered(many + 1).mode)} + " " + numbered(many + 1).name});
  CHECK(differences(store, left->root, left->root).empty());
}

TEST_CASE("the difference of two snapshots is that of the maps, and its cost that of what differs") {
  testing::check_property("model", [] {
    auto metadata = memory_datastore{};
    auto pins = *pinset::open(metadata);
    auto store = memory_blockstore{};
    auto model = std::map<std::string, std::string>{};
    auto const text = [](pin const& p) { return std::string{to_string(p.mode)} + " " + p.name; };
    auto const change = [&] {
      for (auto step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4000))) {
        auto const id = named(std::to_string(step % 400));
        if (step % 4 == 0) {
          RC_ASSERT(pins.remove(id).has_value() == (model.erase(to_string(id)) > 0));
        } else {
          auto const p = pin{id, pin_mode::recursive, "n" + std::to_string(step % 3)};
          RC_ASSERT(pins.add(p).has_value());
          model[to_string(id)] = text(p);
        }
      }
    };
    change();
    auto const old = model;
    auto const before = save_pin_snapshot(pins, store);
    change();
    auto const after = save_pin_snapshot(pins, store);
    RC_ASSERT(before && after);
    auto wanted = changes{};
    for (auto const& [id, what] : old)
      if (!model.contains(id) || model.at(id) != what) wanted.insert("- " + id + " " + what);
    for (auto const& [id, what] : model)
      if (!old.contains(id) || old.at(id) != what) wanted.insert("+ " + id + " " + what);
    RC_ASSERT(differences(store, before->root, after->root) == wanted);
  });
}

TEST_CASE("what is no snapshot of pins is refused") {
  auto store = memory_blockstore{};
  auto const never = [](std::optional<pin> const&, std::optional<pin> const&) -> io_result<void> { return {}; };
  auto metadata = memory_datastore{};
  auto const right = save_pin_snapshot(*pinset::open(metadata), store);
  REQUIRE(right);
  auto const refused = [&](bytes const& data) {
    auto const b = *hash_block({.codec = code::dag_cbor}, buffer{data});
    REQUIRE(store.put(b));
    return !diff_pin_snapshots(store, b.id(), right->root, never) && !diff_pin_snapshots(store, right->root, b.id(), never);
  };
  CHECK(refused(bytes{0xa0}));
  CHECK(refused(bytes{0x80}));
  auto node = store.get(right->root)->data();
  auto data = bytes(node.begin(), node.end());
  for (std::size_t n = 0; n < data.size(); ++n) {
    auto other = data;
    other[n] ^= 1;
    CAPTURE(n);
    CHECK(refused(other));
  }
  CHECK(diff_pin_snapshots(store, named("absent"), right->root, never).error() == hamt_errc::not_a_node);
}

TEST_CASE("a snapshot that branches without end costs no more than its blocks") {
  auto store = memory_blockstore{};
  auto metadata = memory_datastore{};
  auto const right = save_pin_snapshot(*pinset::open(metadata), store);
  // each node stands in all 256 places of the one above it
  auto below = ipld::node{ipld::list{ipld::node{bytes(32, 0)}, ipld::node{ipld::list{}}}};
  auto put = [&](ipld::node const& n) {
    auto out = bytes{};
    REQUIRE(dag_cbor::encode(n, out));
    auto const b = *hash_block({.codec = code::dag_cbor}, buffer{out});
    REQUIRE(store.put(b));
    return b.id();
  };
  auto link = put(below);
  for (auto level = 0; level < 12; ++level) {
    auto slots = ipld::list(256, ipld::node{link});
    auto n = ipld::list{ipld::node{bytes(32, 0xff)}, ipld::node{std::move(slots)}};
    if (level == 11) n.insert(n.begin(), {ipld::node{"pins"}, ipld::node{1}});
    link = put(ipld::node{std::move(n)});
  }
  auto const never = [](std::optional<pin> const&, std::optional<pin> const&) -> io_result<void> { return {}; };
  CHECK(diff_pin_snapshots(store, link, right->root, never).error() == hamt_errc::not_a_node);
}

namespace {

/// A set of pins as nodes before 0.8 wrote it: a header with version 1, fanout 256 and a seed, 256 links to sub-sets, then items.
class old_set {
public:
  static constexpr auto fanout = 256u;
  static constexpr auto most_items = 8192u;
  explicit old_set(memory_blockstore& store) : store_{store} { empty_ = put({}); }

  auto make(std::vector<cid> const& items, std::uint32_t seed = 0) -> cid {
    auto links = std::vector<cid>(fanout, empty_);
    if (items.size() < most_items) {
      links.insert(links.end(), items.begin(), items.end());
    } else {
      auto places = std::vector<std::vector<cid>>(fanout);
      for (auto const& id : items) places[fnv(id, seed) % fanout].push_back(id);
      for (auto n = 0u; n < fanout; ++n)
        if (!places[n].empty()) links[n] = make(places[n], seed + 1);
    }
    auto node = bytes{};
    for (auto const& l : links) append_dag_pb_link(node, {l, "", 0});
    auto header = bytes{0x08, 0x01, 0x10, 0x80, 0x02, 0x1d};
    for (auto shift = 0; shift < 32; shift += 8) header.push_back(static_cast<byte>(seed >> shift));
    header.insert(header.begin(), static_cast<byte>(header.size()));
    append_dag_pb_data(node, header);
    return put(node);
  }
  auto root(cid const& direct, cid const& recursive) -> cid {
    auto node = bytes{};
    append_dag_pb_link(node, {direct, "direct", 0});
    append_dag_pb_link(node, {recursive, "recursive", 0});
    return put(node);
  }

private:
  static auto fnv(cid const& id, std::uint32_t seed) -> std::uint32_t {
    auto h = std::uint32_t{2166136261u};
    for (auto shift = 0; shift < 32; shift += 8) h = (h ^ (seed >> shift & 0xff)) * 16777619u;
    for (auto b : to_bytes(id)) h = (h ^ b) * 16777619u;
    return h;
  }
  auto put(bytes const& node) -> cid {
    auto const b = *hash_block({.version = 0, .codec = code::dag_pb}, buffer{node});
    REQUIRE(store_.put(b));
    return b.id();
  }
  memory_blockstore& store_;
  cid empty_;
};

}  // namespace

TEST_CASE("pins of a node before 0.8 are read, all of them, across the bounds at which its sets were split") {
  auto const many = GENERATE(0u, 3u, 8191u, 8192u, 8193u, 20'000u);
  auto store = memory_blockstore{};
  auto sets = old_set{store};
  auto items = std::vector<cid>{};
  for (auto n = 0u; n < many; ++n) items.push_back(named("old " + std::to_string(n)));
  auto const root = sets.root(sets.make({named("direct")}), sets.make(items));
  auto read = std::set<cid>{}, direct = read;
  auto const done = read_old_pins(store, root, [&](pin const& p) -> io_result<void> {
    CHECK((p.mode == pin_mode::direct ? direct : read).insert(p.id).second);
    return {};
  });
  REQUIRE(done);
  CHECK(read == std::set<cid>(items.begin(), items.end()));
  CHECK(direct == std::set<cid>{named("direct")});
}

TEST_CASE("what is no set of pins is refused, without end too") {
  auto store = memory_blockstore{};
  auto sets = old_set{store};
  auto const never = [](pin const&) -> io_result<void> { return {}; };
  auto const right = sets.make({});
  CHECK(read_old_pins(store, right, never).error() == pin_errc::bad_record);
  CHECK(read_old_pins(store, sets.root(right, sets.root(right, right)), never).error() == pin_errc::bad_record);
  CHECK(read_old_pins(store, sets.root(right, right), never));
}
