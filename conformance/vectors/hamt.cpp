#include "areas.hpp"

#include <cairn/blockstore/memory.hpp>
#include <cairn/car/import.hpp>
#include <cairn/core/text.hpp>
#include <cairn/hamt/hashmap.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/unixfs/directory_cursor.hpp>

namespace conformance {
namespace {

using namespace cairn;

/// Notes which blocks are asked for.
struct watched_store {
  memory_blockstore inner{};
  mutable std::vector<std::string> asked{};

  auto get(cid const& id) const -> io_result<block> {
    asked.push_back(to_string(id));
    return inner.get(id);
  }
};

auto load(test_case const& c, std::string const& car, memory_blockstore& into) -> void {
  auto const in = c.file(car);
  auto source = memory_source{in};
  if (auto const done = import_car(into, source); !done) throw bad_case{"CAR: " + to_string(done.error())};
}

auto root_of(std::string const& text) -> cid {
  auto const id = parse_cid(text);
  if (!id) throw bad_case{"root " + text};
  return *id;
}

auto joined(std::vector<std::string> const& ids) -> std::string {
  auto out = std::string{};
  for (auto const& id : ids) out += id + " ";
  return out;
}

auto joined(json::array const& ids) -> std::string {
  auto out = std::string{};
  for (auto const& id : ids) out += to_text(id) + " ";
  return out;
}

auto bit_reads(test_case const& c) -> answer {
  auto const bits = hash_bits{c.hex("bytes_hex")};
  auto const& values = c.array("values");
  auto at = 0uz, place = 0uz;
  for (auto const& n : c.array("reads")) {
    auto const count = n.to_number<unsigned>();
    auto const got = bits.take(at, count);
    if (place == values.size() || values[place].is_null() || values[place].is_string()) return expect_error(true, !got, "a read behind the end");
    if (!got) return fail("no bits left");
    if (auto const a = same("value", std::to_string(*got), to_text(values[place])); a.outcome != verdict::pass) return a;
    ++place;
    at += count;
  }
  return pass();
}

auto positions(test_case const& c) -> answer {
  auto const hash = unixfs_name_hash(c.text("name"));
  if (auto const a = same("hash", hash.digest(), c.hex("hash_hex")); a.outcome != verdict::pass) return a;
  for (auto const& [key, want] : c.body) {
    if (!key.starts_with("fanout")) continue;
    auto const fanout = *parse_decimal(std::string_view{key}.substr(6));
    auto const bits = shard_bits(fanout);
    if (!bits) return fail("fanout refused");
    auto const digits = (*bits + 3) / 4;
    auto at = 0uz;
    for (auto const& prefix : want.as_array()) {
      auto const place = hash.take(at, *bits);
      if (!place) return fail("no bits left");
      auto have = std::string{};
      for (auto i = digits; i-- > 0;) have += "0123456789ABCDEF"[*place >> 4 * i & 15];
      if (auto const a = same(std::string{key}, have, to_text(prefix)); a.outcome != verdict::pass) return a;
      at += *bits;
    }
  }
  return pass();
}

auto directory_get(test_case const& c) -> answer {
  auto store = watched_store{};
  load(c, c.text("car"), store.inner);
  auto const got = find_entry(block_reader{store}, root_of(c.text("root")), c.text("name"));
  if (!got) return fail(to_string(got.error()));
  auto const have = *got ? to_string((*got)->id) : "not found";
  if (auto const a = same("cid", have, c.has("cid") ? c.text("cid") : "not found"); a.outcome != verdict::pass) return a;
  return same("visited", joined(store.asked), joined(c.array("visited")));
}

auto hashmap_get_case(test_case const& c) -> answer {
  auto store = watched_store{};
  load(c, c.text_or("car", "hamt.car"), store.inner);
  auto const& visited = c.array("visited");
  auto const key = c.has("key_hex") ? std::string{as_text(c.hex("key_hex"))} : c.text("key_text");
  auto const got = hashmap_get(block_reader{store}, root_of(to_text(visited.at(0))), key);
  if (!got) return fail(to_string(got.error()));
  if (got->has_value() != c.flag("found")) return fail(got->has_value() ? "found" : "not found");
  if (*got) {
    auto const want = dag_json::decode(as_bytes(json::serialize(c.at("value"))));
    if (!want || !(**got == *want)) return fail("another value than " + json::serialize(c.at("value")));
  }
  return same("visited", joined(store.asked), joined(visited));
}

auto run(test_case const& c) -> answer {
  if (c.op == "hamt.get") return hashmap_get_case(c);
  if (c.op == "hamt.hash_bits") return bit_reads(c);
  if (c.op == "hamt.unixfs_path") return positions(c);
  if (c.op == "unixfs.hamt_get") return directory_get(c);
  return unsupported("op " + c.op);
}

}  // namespace

auto hamt_area() -> area { return {"hamt", run, nullptr, false}; }

}  // namespace conformance
