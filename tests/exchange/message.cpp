#include <cairn/exchange/bitswap/message.hpp>

#include <cairn/block/verify.hpp>
#include <cairn/core/protobuf.hpp>
#include <cairn/core/text.hpp>

#include "support/cut.hpp"

#include <catch2/catch.hpp>

using namespace cairn;

namespace {

auto named(std::string_view text, unsigned version = 1) -> block {
  auto const prefix = version == 0 ? cid_prefix{0, code::dag_pb, code::sha2_256, 32} : cid_prefix{};
  return *hash_block(prefix, buffer{as_bytes(text)});
}

auto decoded_of(bitswap_message const& m, bitswap_version v, byte_queue& out) -> bitswap_message_view {
  out.clear();
  m.encode(v, out);
  auto const size = read_varint(out.view());
  REQUIRE(size);
  REQUIRE(size->value == size->rest.size());
  return *decode_bitswap(size->rest);
}

}  // namespace

TEST_CASE("a message arrives as it was made, in each version of the protocol") {
  auto const foo = named("foo"), bar = named("bar", 0);
  auto const baz = named("baz").id();
  auto m = bitswap_message{};
  m.want({.id = foo.id(), .priority = 7, .have = true, .send_dont_have = true});
  m.cancel(baz);
  m.add_block(bar.id(), bar.data());
  m.presence(baz, false);
  m.set_full(true);
  m.set_pending(-3);
  byte_queue out;
  auto const v = decoded_of(m, bitswap_version::v1_2, out);
  CHECK(v.full);
  CHECK(v.wants == m.wants());
  CHECK(v.presences == std::vector<bitswap_presence>{{baz, false}});
  REQUIRE(v.payloads.size() == 1);
  CHECK(v.payloads[0].prefix == prefix_of(bar.id()));
  CHECK(as_text(v.payloads[0].data) == "bar");
  CHECK(v.pending_bytes == -3);
  auto const older = decoded_of(m, bitswap_version::v1_1, out);
  CHECK(older.presences.empty());
  CHECK_FALSE(older.wants[0].have);
  CHECK(older.payloads[0].prefix == prefix_of(bar.id()));
  auto const oldest = decoded_of(m, bitswap_version::v1_0, out);
  CHECK(oldest.payloads[0].prefix == prefix_of(bar.id()));
  CHECK(out.view()[out.view().size() - 5] == (2 << 3 | 2));
}

TEST_CASE("IX-63: the octets are those of Kubo: a wantlist in each message, a version 0 block with its prefix spelled out") {
  auto const bar = named("bar", 0);
  auto m = bitswap_message{};
  m.add_block(bar.id(), bar.data());
  byte_queue out;
  m.encode(bitswap_version::v1_2, out);
  CHECK(to_hex(out.view()) == "0f" "0a00" "1a0b" "0a0400701220" "1203626172");
}

TEST_CASE("IX-62, SEC-28: what is absent, doubled, unknown, too long or about nothing") {
  CHECK(decode_bitswap({}));
  auto const entry = [](bytes_view id, auto... fields) {
    auto inner = bytes{}, list = bytes{}, out = bytes{};
    append_protobuf(inner, 1, id);
    (append_protobuf(inner, fields.first, fields.second), ...);
    append_protobuf(list, 1, bytes_view{inner});
    append_protobuf(out, 1, bytes_view{list});
    return out;
  };
  auto const foo = to_bytes(named("foo").id());
  CHECK(decode_bitswap(entry(foo))->wants.size() == 1);
  CHECK(decode_bitswap(entry(foo, std::pair{4u, std::uint64_t{99}}, std::pair{2u, ~std::uint64_t{0}}))->wants[0].priority == -1);
  CHECK(decode_bitswap(entry(to_bytes(cid::v1(code::raw, *hash_bytes(code::identity, as_bytes("hello"))))))->wants.empty());
  CHECK(decode_bitswap(entry(bytes(200, 1)))->wants.empty());
  CHECK(decode_bitswap(entry(bytes{1, 2, 3})).error() == bitswap_errc::bad_message);
  CHECK(decode_bitswap(bytes{0x0a, 0x7f}).error() == bitswap_errc::bad_message);
  auto twice = entry(foo);
  append(twice, entry(foo));
  CHECK(decode_bitswap(twice)->wants.size() == 2);
  CHECK(decode_bitswap(bytes(bitswap_message_view::max_size + 1)).error() == bitswap_errc::too_long);
  auto big = bytes{};
  append_protobuf(big, 2, bytes_view{bytes(limits::block + 1)});
  CHECK(decode_bitswap(big).error() == bitswap_errc::too_long);
  big.clear();
  append_protobuf(big, 2, bytes_view{bytes(limits::block)});
  CHECK(decode_bitswap(big)->payloads.size() == 1);
}

TEST_CASE("one line per CID: want-block above want-have, a wanted no stays, a block makes its presence needless") {
  auto const foo = named("foo"), bar = named("bar");
  auto m = bitswap_message{};
  m.want({.id = foo.id(), .priority = 1, .have = true});
  m.want({.id = foo.id(), .priority = 2, .send_dont_have = true});
  REQUIRE(m.wants().size() == 1);
  CHECK(m.wants()[0] == bitswap_want{.id = foo.id(), .priority = 1, .send_dont_have = true});
  m.want({.id = foo.id(), .priority = 2});
  CHECK(m.wants()[0] == bitswap_want{.id = foo.id(), .priority = 2, .send_dont_have = true});
  m.want({.id = foo.id(), .priority = 3, .have = true});
  CHECK_FALSE(m.wants()[0].have);
  m.cancel(foo.id());
  CHECK(m.wants()[0].cancel);
  CHECK(m.wants().size() == 1);
  m.presence(foo.id(), true);
  m.presence(bar.id(), false);
  m.add_block(foo.id(), foo.data());
  m.add_block(bar.id(), bar.data());
  m.add_block(foo.id(), foo.data());
  m.presence(foo.id(), true);
  CHECK(m.presences().empty());
  CHECK(m.block_count() == 2);
}
