#include <cairn/naming/ipns_record.hpp>

#include <cairn/core/protobuf.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/naming/ipns_name.hpp>

#include "support/property.hpp"

using namespace cairn;

namespace {

constexpr auto second = std::int64_t{1'000'000'000};
constexpr auto now = utc_time{1'700'000'000, 0};

auto key_of(byte seed) -> private_key { return *private_key::of_ed25519_seed(bytes(32, seed)); }
auto name_of(private_key const& key) -> peer_id { return peer_id::of(key.public_part()); }

auto made(private_key const& key, std::string_view value = "/ipfs/bafkqaaa", ipns_record_options options = {}) -> bytes {
  if (options.end_of_life == utc_time{}) options.end_of_life = now.plus(3600 * second);
  auto record = make_ipns_record(key, value, options);
  REQUIRE(record);
  return *std::move(record);
}

auto verdict(bytes_view record, peer_id const& name, utc_time at = now) -> std::string {
  auto const decoded = decode_ipns_record(record);
  if (!decoded) return std::string{describe(decoded.error())};
  auto const valid = validate(*decoded, name, at);
  return valid ? "valid" : std::string{describe(valid.error())};
}

struct raw_field {
  unsigned number;
  std::variant<std::uint64_t, bytes> value;
};
auto fields_of(bytes_view in) -> std::vector<raw_field> {
  auto out = std::vector<raw_field>{};
  while (!in.empty()) {
    auto const f = read_protobuf_field(in);
    REQUIRE(f);
    if (f->value.wire == protobuf_wire::bytes)
      out.push_back({static_cast<unsigned>(f->value.number), bytes(f->value.body.begin(), f->value.body.end())});
    else
      out.push_back({static_cast<unsigned>(f->value.number), f->value.value});
    in = f->rest;
  }
  return out;
}
auto encoded(std::vector<raw_field> const& fields) -> bytes {
  auto out = bytes{};
  for (auto const& f : fields) {
    if (auto const* b = std::get_if<bytes>(&f.value)) append_protobuf(out, f.number, *b);
    else append_protobuf(out, f.number, std::get<std::uint64_t>(f.value));
  }
  return out;
}

// A record whose signed data is that map, signed as V2 records are.
auto signed_map(private_key const& key, ipld::map map) -> bytes {
  auto data = bytes{};
  REQUIRE(dag_cbor::encode(ipld::node{std::move(map)}, data));
  auto message = bytes{};
  append(message, as_bytes("ipns-signature:"));
  append(message, data);
  auto out = bytes{};
  append_protobuf(out, 8, *key.sign(message));
  append_protobuf(out, 9, data);
  return out;
}
auto octets(std::string_view text) -> ipld::node { return ipld::node{bytes(text.begin(), text.end())}; }
auto usual_map() -> ipld::map {
  auto map = ipld::map{};
  map.append("TTL", ipld::node{5});
  map.append("Value", octets("/ipfs/bafkqaaa"));
  map.append("Sequence", ipld::node{7});
  map.append("Validity", octets("2123-08-14T12:17:03.694052Z"));
  map.append("ValidityType", ipld::node{0});
  return map;
}

}  // namespace

TEST_CASE("IX-69 the signed data has PascalCase keys, and the record's own fields are those") {
  auto const key = key_of(1);
  auto const decoded = decode_ipns_record(made(key, "/ipfs/bafkqaaa", {.sequence = 9, .ttl = 60 * second}));
  REQUIRE(decoded);
  auto const data = dag_cbor::decode(decoded->data);
  REQUIRE(data);
  auto keys = std::vector<std::string>{};
  for (auto const& e : *data->as_map()) keys.push_back(e.key);
  CHECK(keys == std::vector<std::string>{"TTL", "Value", "Sequence", "Validity", "ValidityType"});
  CHECK(decoded->sequence == 9);
  CHECK(decoded->ttl == 60 * second);
  CHECK(decoded->validity == "2023-11-14T23:13:20Z");
  CHECK(as_text(decoded->value) == "/ipfs/bafkqaaa");

  auto lower = usual_map();
  lower.remove("Value");
  lower.append("value", octets("/ipfs/bafkqaaa"));
  CHECK(verdict(signed_map(key, std::move(lower)), name_of(key)) == "record is malformed");
}

TEST_CASE("IX-69 SEC-49 a record without signed data is refused, whatever its signatureV1 says") {
  auto const key = key_of(1);
  auto fields = fields_of(made(key));
  std::erase_if(fields, [](auto const& f) { return f.number == 8 || f.number == 9; });
  CHECK(verdict(encoded(fields), name_of(key)) == describe(ipns_errc::no_data));
  fields = fields_of(made(key));
  std::erase_if(fields, [](auto const& f) { return f.number == 8; });
  CHECK(verdict(encoded(fields), name_of(key)) == describe(ipns_errc::bad_signature));
  // and signatureV1 is not looked at
  fields = fields_of(made(key));
  for (auto& f : fields)
    if (f.number == 2) std::get<bytes>(f.value)[0] ^= 1;
  CHECK(verdict(encoded(fields), name_of(key)) == "valid");
  CHECK(verdict(made(key, "/ipfs/bafkqaaa", {.v1_compatible = false}), name_of(key)) == "valid");
}

TEST_CASE("SEC-17 any flipped bit of the signed data or of its signature is refused") {
  auto const key = key_of(2);
  auto const whole = made(key, "/ipfs/bafkqaaa", {.v1_compatible = false});
  auto const name = name_of(key);
  REQUIRE(verdict(whole, name) == "valid");
  for (std::size_t i = 0; i < whole.size() * 8; ++i) {
    auto broken = whole;
    broken[i / 8] ^= static_cast<byte>(1 << i % 8);
    INFO(i);
    CHECK(verdict(broken, name) != "valid");
  }
}

TEST_CASE("SEC-49 a protobuf field that differs from the signed data is refused") {
  auto const key = key_of(3);
  auto const change = [&](unsigned number, auto&& how) {
    auto fields = fields_of(made(key, "/ipfs/bafkqaaa", {.sequence = 4}));
    for (auto& f : fields)
      if (f.number == number) how(f.value);
    return verdict(encoded(fields), name_of(key));
  };
  auto const one_more = [](auto& v) { v = std::get<std::uint64_t>(v) + 1; };
  auto const another = [](auto& v) { std::get<bytes>(v).back() ^= 1; };
  for (auto number : {3u, 5u, 6u}) CHECK(change(number, one_more) == describe(ipns_errc::not_the_same));
  for (auto number : {1u, 4u}) CHECK(change(number, another) == describe(ipns_errc::not_the_same));
}

TEST_CASE("SEC-49 IX-69 a record has at most 10 KiB") {
  auto const key = key_of(4);
  auto const long_value = "/ipfs/bafkqaaa/" + std::string(5200, 'a');
  CHECK(make_ipns_record(key, long_value, {.end_of_life = now.plus(second)}).error() == ipns_errc::too_big);
  auto fitting = made(key);
  append_protobuf(fitting, 15, bytes(limits::ipns_record - fitting.size() - 3));
  REQUIRE(fitting.size() == limits::ipns_record);
  CHECK(verdict(fitting, name_of(key)) == "valid");
  fitting.push_back(0);
  CHECK(verdict(fitting, name_of(key)) == describe(ipns_errc::too_big));
}

TEST_CASE("SEC-49 a record ends at its validity, to the nanosecond") {
  auto const key = key_of(5);
  auto const end = utc_time{now.seconds, 123'456'789};
  auto const record = made(key, "/ipfs/bafkqaaa", {.end_of_life = end});
  CHECK(decode_ipns_record(record)->validity == "2023-11-14T22:13:20.123456789Z");
  CHECK(verdict(record, name_of(key), end) == "valid");
  CHECK(verdict(record, name_of(key), end.plus(1)) == describe(ipns_errc::expired));
  CHECK(verdict(record, name_of(key), end.plus(-1)) == "valid");

  auto other = usual_map();
  other.set("ValidityType", ipld::node{1});
  CHECK(verdict(signed_map(key, std::move(other)), name_of(key)) == describe(ipns_errc::unknown_validity));
  for (auto bad : {"", "2123-08-14", "2123-13-14T12:17:03Z", "2123-02-29T12:17:03Z", "2123-08-14T12:17:03", "tomorrow"}) {
    other = usual_map();
    other.set("Validity", octets(bad));
    CHECK(verdict(signed_map(key, std::move(other)), name_of(key)) == describe(ipns_errc::bad_validity));
  }
}

TEST_CASE("IX-69 a TTL is not negative, and nobody keeps an answer beyond the record's end") {
  auto const key = key_of(6);
  auto map = usual_map();
  map.set("TTL", ipld::node{-1});
  CHECK(verdict(signed_map(key, std::move(map)), name_of(key)) == describe(ipns_errc::negative_ttl));
  CHECK(decode_ipns_record(made(key, "/ipfs/bafkqaaa", {.ttl = -5}))->ttl == 0);

  auto const record = *decode_ipns_record(made(key, "/ipfs/bafkqaaa", {.end_of_life = now.plus(10 * second), .ttl = 60 * second}));
  CHECK(record.time_to_live(now) == 10 * second);
  CHECK(record.time_to_live(now.plus(9 * second)) == second);
  CHECK(record.time_to_live(now.plus(10 * second)) == 0);
  CHECK(record.time_to_live(now.plus(-100 * second)) == 60 * second);
}

TEST_CASE("IX-69 old values: a binary CID is its path, nothing is an empty file") {
  auto const key = key_of(7);
  auto const value_of = [&](bytes value) {
    auto map = usual_map();
    map.set("Value", ipld::node{std::move(value)});
    auto const record = decode_ipns_record(signed_map(key, std::move(map)));
    REQUIRE(record);
    auto const path = record->path();
    return path ? to_string(*path) : std::string{describe(path.error())};
  };
  CHECK(value_of(to_bytes(*parse_cid("bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am"))) ==
        "/ipfs/bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am");
  CHECK(value_of({}) == "/ipfs/bafkqaaa");
  CHECK(value_of({'x'}) == "value is not a valid content path");
}

TEST_CASE("names hold their key, or the record does, and then it is the right one") {
  auto const rsa = *private_key::generate(key_type::rsa);
  auto const ecdsa = *private_key::generate(key_type::ecdsa);
  auto const secp = *private_key::generate(key_type::secp256k1);
  for (auto const* key : {&rsa, &ecdsa, &secp}) {
    auto const whole = made(*key);
    CHECK(verdict(whole, name_of(*key)) == "valid");
    CHECK(decode_ipns_record(whole)->public_key.empty() == (key == &secp));
  }
  auto fields = fields_of(made(rsa));
  std::erase_if(fields, [](auto const& f) { return f.number == 7; });
  CHECK(verdict(encoded(fields), name_of(rsa)) == describe(ipns_errc::no_public_key));
  for (auto& f : fields = fields_of(made(rsa)))
    if (f.number == 7) f.value = encode_libp2p_key(ecdsa.public_part());
  CHECK(verdict(encoded(fields), name_of(rsa)) == describe(ipns_errc::other_public_key));
  for (auto& f : fields = fields_of(made(rsa)))
    if (f.number == 7) f.value = bytes{1, 2, 3};
  CHECK(verdict(encoded(fields), name_of(rsa)) == describe(ipns_errc::bad_public_key));
  CHECK(verdict(made(key_of(8)), name_of(key_of(9))) == describe(ipns_errc::bad_signature));
}

TEST_CASE("IX-69 SEC-49 the best record: sequence, then a later end, then the octets, in any order of arrival") {
  auto const key = key_of(10);
  auto const at = [&](std::uint64_t sequence, int seconds) { return made(key, "/ipfs/bafkqaaa", {.sequence = sequence, .end_of_life = now.plus(seconds * second)}); };
  auto const best = [](std::vector<bytes> const& records) {
    auto const views = std::vector<bytes_view>{records.begin(), records.end()};
    return select_ipns_record(views);
  };
  CHECK(best({at(1, 9), at(2, 5), at(0, 99)}) == 1);
  CHECK(best({at(2, 9), at(2, 10)}) == 1);
  CHECK(best({at(2, 10), at(2, 9)}) == 0);
  CHECK(best({{1, 2, 3}, at(0, 1)}) == 1);
  CHECK(best({{1, 2, 3}}) == std::nullopt);
  CHECK(best({at(UINT64_MAX, 9), at(UINT64_MAX - 1, 9), at(1ull << 63, 9)}) == 0);

  auto const a = made(key, "/ipfs/bafkqaaa"), b = made(key, "/ipfs/bafkqaa3gn5xq");
  auto const first = best({a, b}), second_time = best({b, a});
  REQUIRE((first && second_time));
  CHECK((*first == 0) == (*second_time == 1));
}

TEST_CASE("IX-69 the routing key is /ipns/ and the octets of the multihash, and leads back") {
  testing::check_property("key of a name", [] {
    auto const key = *private_key::of_ed25519_seed(*rc::gen::container<bytes>(32, rc::gen::arbitrary<byte>()));
    auto const name = peer_id::of(key.public_part());
    auto const routing = ipns_routing_key(name);
    RC_ASSERT(as_text(routing).starts_with("/ipns/"));
    RC_ASSERT(*read_ipns_routing_key(routing) == name);
    for (auto const& text : {to_string(name), to_ipns_name(name), to_string(to_cid(name)), "/ipns/" + to_ipns_name(name)}) RC_ASSERT(*parse_ipns_name(text) == name);
  });
  CHECK_FALSE(read_ipns_routing_key(as_bytes("/pk/x")));
  CHECK_FALSE(parse_ipns_name("example.com"));
}
