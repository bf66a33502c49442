#include <cairn/naming/record_store.hpp>

#include <cairn/core/protobuf.hpp>
#include <cairn/datastore/memory.hpp>
#include <cairn/multiformats/multibase.hpp>

#include "support/property.hpp"

using namespace cairn;

namespace {

constexpr auto second = std::int64_t{1'000'000'000};
constexpr auto now = utc_time{1'700'000'000, 0};

auto key_of(byte seed) -> private_key { return *private_key::of_ed25519_seed(bytes(32, seed)); }
auto path_of(std::string_view text) -> content_path {
  auto path = parse_path(text);
  REQUIRE(path);
  return *std::move(path);
}


struct fixture {
  memory_datastore data;
  ipns_record_store store{datastore_ref{data}};
  private_key key = key_of(1);
  peer_id name = peer_id::of(key.public_part());
  content_path hello = path_of("/ipfs/bafkqaa3gn5xq"), world = path_of("/ipfs/bafkqaaa");

  auto value(utc_time at = now) -> std::string {
    auto const found = store.get(name, at);
    REQUIRE(found);
    return *found ? std::string{as_text(decode_ipns_record(**found)->value)} : "none";
  }
  auto sequence() -> std::uint64_t { return decode_ipns_record(**store.get(name, now))->sequence; }
};

}  // namespace

TEST_CASE_METHOD(fixture, "a published value is there at once, its sequence grows with another value only") {
  CHECK(value() == "none");
  REQUIRE(store.publish(key, hello, {}, now));
  CHECK(value() == to_string(hello));
  CHECK(sequence() == 0);
  REQUIRE(store.publish(key, hello, {}, now.plus(second)));
  CHECK(sequence() == 0);
  REQUIRE(store.publish(key, world, {}, now));
  CHECK(sequence() == 1);
  CHECK(value() == to_string(world));
  REQUIRE(store.publish(key, world, {.sequence = 40}, now));
  CHECK(sequence() == 40);
  CHECK(store.publish(key, world, {.sequence = 40}, now).error() == publish_errc::old_sequence);
  REQUIRE(store.publish(key, hello, {.sequence = UINT64_MAX}, now));
  CHECK(store.publish(key, world, {}, now).error() == ipns_errc::sequence_exhausted);
  CHECK(value() == to_string(hello));
}

TEST_CASE_METHOD(fixture, "an expired name is none, and its next sequence is still a new one") {
  REQUIRE(store.publish(key, hello, {.lifetime = second}, now));
  CHECK(value(now.plus(second)) == to_string(hello));
  CHECK(value(now.plus(second + 1)) == "none");
  auto const later = now.plus(5 * second);
  REQUIRE(store.publish(key, world, {}, later));
  CHECK(sequence() == 1);
}

TEST_CASE_METHOD(fixture, "SEC-49 a record that was put never replaces a better one, and never an unsigned one a good one") {
  auto const record = [&](std::uint64_t sequence) { return *make_ipns_record(key, "/ipfs/bafkqaaa/" + std::to_string(sequence), {.sequence = sequence, .end_of_life = now.plus(second)}); };
  CHECK(*store.put(name, record(5), now) == record_fate::kept);
  CHECK(*store.put(name, record(4), now) == record_fate::not_better);
  CHECK(value() == "/ipfs/bafkqaaa/5");
  CHECK(*store.put(name, record(5), now) == record_fate::kept);
  CHECK(*store.put(name, as_bytes("no record"), now) == record_fate::invalid);
  auto forged = record(9);
  forged.back() ^= 1;
  CHECK(*store.put(name, forged, now) == record_fate::invalid);
  CHECK(*store.put(peer_id::of(key_of(2).public_part()), record(9), now) == record_fate::invalid);
  CHECK(value() == "/ipfs/bafkqaaa/5");
  // an expired one gives way to anything that holds
  auto const later = now.plus(2 * second);
  CHECK(*store.put(name, *make_ipns_record(key, "/ipfs/bafkqaaa/0", {.end_of_life = later.plus(second)}), later) == record_fate::kept);
}

TEST_CASE_METHOD(fixture, "keys and octets are those that Kubo writes") {
  auto const record = store.publish(key, hello, {}, now);
  REQUIRE(record);
  auto const hash = to_bytes(name);
  auto const bare = data.get("/ipns/" + encode_base(multibase::base32upper, hash));
  REQUIRE((bare && *bare));
  CHECK(**bare == *record);
  auto routing = bytes{'/', 'i', 'p', 'n', 's', '/'};
  append(routing, hash);
  auto const envelope = data.get("/dht/ipns/" + encode_base(multibase::base32upper, routing));
  REQUIRE((envelope && *envelope));
  auto want = bytes{};
  append_protobuf(want, 1, routing);
  append_protobuf(want, 2, *record);
  append_protobuf(want, 5, as_bytes("2023-11-14T22:13:20Z"));
  CHECK(**envelope == want);
}

TEST_CASE_METHOD(fixture, "a damaged entry of the store is as if it were not there") {
  REQUIRE(store.publish(key, hello, {}, now));
  auto damaged = memory_datastore{};
  auto scan = *datastore_ref{data}.scan("/");
  while (*scan->next()) {
    auto value = bytes(scan->value().begin(), scan->value().end());
    value.resize(value.size() / 2);
    REQUIRE(damaged.put(scan->key(), value));
  }
  auto broken = ipns_record_store{datastore_ref{damaged}};
  auto const found = broken.get(name, now);
  REQUIRE(found);
  CHECK_FALSE(*found);
  CHECK(broken.publish(key, world, {}, now));
  CHECK(*broken.get(name, now));
}

TEST_CASE_METHOD(fixture, "SEC-49 others put records for so many names and no more; what has expired makes room, what a name has is replaced") {
  auto few = ipns_record_store{datastore_ref{data}, 3};
  auto const record_of = [&](byte seed, std::int64_t lifetime, std::uint64_t sequence = 0) {
    auto const made = make_ipns_record(key_of(seed), "/ipfs/bafkqaaa", {.sequence = sequence, .end_of_life = now.plus(lifetime), .ttl = second});
    REQUIRE(made);
    return *made;
  };
  auto const name_of = [&](byte seed) { return peer_id::of(key_of(seed).public_part()); };
  REQUIRE(few.put(name_of(10), record_of(10, 5 * second), now));
  REQUIRE(few.put(name_of(11), record_of(11, 50 * second), now));
  REQUIRE(few.put(name_of(12), record_of(12, 50 * second), now));
  CHECK(few.put(name_of(13), record_of(13, 50 * second), now).error() == record_store_errc::full);
  CHECK_FALSE(*few.get(name_of(13), now));
  CHECK(few.put(name_of(11), record_of(11, 50 * second, 1), now) == record_fate::kept);
  auto const later = now.plus(10 * second);
  CHECK(few.put(name_of(13), record_of(13, 50 * second), later) == record_fate::kept);
  for (byte seed : {11, 12, 13}) CHECK(*few.get(name_of(seed), later));
  CHECK(few.publish(key, hello, {}, later));  // this node's own names are not among them
}
