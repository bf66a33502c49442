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

TEST_CASE_METHOD(fixture, "a sequence number of one's own is above the last one, and above 0 where there is none") {
  CHECK(store.publish(key, hello, {.sequence = 0}, now).error() == publish_errc::old_sequence);
  CHECK(value() == "none");
  REQUIRE(store.publish(key, hello, {.sequence = 1}, now));
  CHECK(sequence() == 1);
}

namespace {

struct renewed_record : fixture {
  static constexpr auto hour = 3600 * second;
  auto last() -> ipns_record {
    auto const bare = data.get("/ipns/" + encode_base(multibase::base32upper, to_bytes(name)));
    REQUIRE((bare && *bare));
    auto record = decode_ipns_record(**bare);
    REQUIRE(record);
    return *record;
  }
};

}  // namespace

TEST_CASE_METHOD(renewed_record, "a renewed record holds longer and says the same: value, sequence, TTL, and the signature of old readers or none") {
  auto const old_readers = GENERATE(true, false);
  REQUIRE(store.publish(key, hello, {}, now));
  REQUIRE(store.publish(key, world, {.lifetime = 48 * hour, .ttl = 7 * second, .v1_compatible = old_readers}, now));
  auto const before = last();
  auto const later = now.plus(4 * hour);
  auto const renewed = store.renew(key, 48 * hour, later);
  REQUIRE((renewed && *renewed));
  CHECK(decode_ipns_record(**renewed)->data == last().data);
  CHECK(*last().end_of_life() == later.plus(48 * hour));
  CHECK(last().sequence == 1);
  CHECK(last().value == before.value);
  CHECK(last().ttl == 7 * second);
  CHECK(last().signature_v1.empty() != old_readers);
  CHECK(compare(last(), before) > 0);  // so that others take it in the old one's place
  // past the first end it is still what `get` gives
  CHECK(value(now.plus(49 * hour)) == to_string(world));
}

TEST_CASE_METHOD(renewed_record, "a renewal shortens nothing, and brings back a name that expired while the node was off") {
  REQUIRE(store.publish(key, hello, {.lifetime = 1000 * hour}, now));
  REQUIRE(store.renew(key, 48 * hour, now.plus(hour)));
  CHECK(*last().end_of_life() == now.plus(1000 * hour));
  auto const late = now.plus(2000 * hour);
  CHECK(value(late) == "none");
  REQUIRE(store.renew(key, 48 * hour, late));
  CHECK(value(late) == to_string(hello));
  CHECK(*last().end_of_life() == late.plus(48 * hour));
}

TEST_CASE_METHOD(renewed_record, "a key that published nothing has nothing to renew, and a damaged record is none") {
  auto const none = store.renew(key, 48 * hour, now);
  REQUIRE(none);
  CHECK_FALSE(*none);
  CHECK(value() == "none");
  auto forged = *make_ipns_record(key_of(2), to_string(hello), {.end_of_life = now.plus(hour)});
  REQUIRE(data.put("/ipns/" + encode_base(multibase::base32upper, to_bytes(name)), forged));
  CHECK_FALSE(*store.renew(key, 48 * hour, now));
  CHECK(value() == "none");
}

TEST_CASE_METHOD(renewed_record, "SEC-49 a renewal does not put this node's older value in the place of a newer one of the same key") {
  REQUIRE(store.publish(key, hello, {}, now));
  auto const elsewhere = make_ipns_record(key, to_string(world), {.sequence = 5, .end_of_life = now.plus(hour)});
  REQUIRE(store.put(name, *elsewhere, now) == record_fate::kept);
  REQUIRE(store.renew(key, 48 * hour, now.plus(second)));
  CHECK(last().sequence == 0);
  CHECK(value(now.plus(2 * second)) == to_string(world));
}
