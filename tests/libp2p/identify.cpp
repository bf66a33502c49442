#include <cairn/libp2p/identify.hpp>

#include <cairn/core/protobuf.hpp>
#include <cairn/crypto/libp2p_key.hpp>

#include "support/cut.hpp"

#include <catch2/catch.hpp>

using namespace cairn;

namespace {

auto key_of(std::uint64_t seed) -> private_key {
  auto random = testing::seeded{seed};
  return *private_key::generate(key_type::ed25519, 0, random_source{random});
}

auto sample(private_key const& key) -> identify_info {
  auto info = identify_info{};
  info.public_key = encode_libp2p_key(key.public_part());
  info.listen_addresses = {*parse_multiaddr("/ip4/127.0.0.1/tcp/4001"), *parse_multiaddr("/dns4/example.net/tcp/443/wss")};
  info.protocols = {"/ipfs/id/1.0.0", "/ipfs/ping/1.0.0"};
  info.observed_address = *parse_multiaddr("/ip4/10.0.0.1/tcp/5");
  info.protocol_version = "ipfs/0.1.0";
  info.agent_version = "cairn/1";
  info.signed_record = *seal_peer_record(key, 7, info.listen_addresses);
  return info;
}

// Written by one side, read by the other, whatever the pieces.
auto through(byte_queue const& sent, public_key const& proven, std::size_t piece) -> result<identify_info, identify_errc> {
  auto random = testing::seeded{piece + 9};
  auto pipe = testing::cut_pipe{piece};
  pipe.from.push(sent.view());
  auto reader = identify_reader{};
  while (pipe.step(random)) {
    auto const n = reader.resume(pipe.arrived.view());
    if (!n) return std::unexpected(n.error());
    pipe.arrived.consume(*n);
  }
  return reader.finish(pipe.arrived.size(), proven);
}

}  // namespace

TEST_CASE("what a peer says arrives, however it is cut") {
  auto const key = key_of(1);
  auto const info = sample(key);
  byte_queue sent;
  append_identify(sent, info);
  for (auto piece : {0uz, 1uz, 7uz, 100uz, 100000uz}) CHECK(through(sent, key.public_part(), piece) == info);
  byte_queue none;
  CHECK(through(none, key.public_part(), 1).error() == identify_errc::truncated);
}

TEST_CASE("more than one message holds is sent in several, which a reader merges") {
  auto const key = key_of(1);
  auto info = sample(key);
  for (auto i = 0; i < 900; ++i) info.protocols.push_back("/a-protocol-with-a-long-name/" + std::to_string(i));
  byte_queue sent;
  append_identify(sent, info);
  CHECK(sent.size() > 3 * identify_info::max_message);
  CHECK(through(sent, key.public_part(), 0) == info);
}

TEST_CASE("IX-17: addresses that are empty or unreadable are left out, and never sent") {
  auto message = bytes{};
  append_protobuf(message, 2, bytes_view{});
  append_protobuf(message, 2, bytes{0x04, 1});
  append_protobuf(message, 2, parse_multiaddr("/ip4/1.2.3.4/tcp/5")->bytes());
  auto info = identify_info{};
  REQUIRE(merge_identify(message, info));
  CHECK(info.listen_addresses == std::vector{*parse_multiaddr("/ip4/1.2.3.4/tcp/5")});
  info.listen_addresses.push_back(multiaddr{});
  byte_queue sent;
  append_identify(sent, info);
  auto again = identify_info{};
  REQUIRE(merge_identify(sent.view().subspan(1), again));
  CHECK(again.listen_addresses.size() == 1);
  // the same inside a record
  auto const key = key_of(2);
  auto const sealed = *seal_peer_record(key, 1, {multiaddr{}, *parse_multiaddr("/ip4/1.2.3.4/tcp/5")});
  CHECK(open_peer_record(sealed)->addresses.size() == 1);
}

TEST_CASE("IX-19: in a push, what is absent is told from what is empty") {
  auto info = identify_info{};
  auto message = bytes{};
  append_protobuf(message, 6, as_bytes(""));
  REQUIRE(merge_identify(message, info));
  CHECK(info.agent_version == "");
  CHECK_FALSE(info.protocol_version);
  CHECK_FALSE(info.public_key);
}

TEST_CASE("IX-20: a public key that is not the connection's is refused; a record of another peer is dropped") {
  auto const key = key_of(1), other = key_of(2);
  auto info = sample(key);
  byte_queue sent;
  append_identify(sent, info);
  CHECK(through(sent, other.public_part(), 0).error() == identify_errc::wrong_key);
  info.signed_record = *seal_peer_record(other, 7, {});  // SEC-15
  sent.clear();
  append_identify(sent, info);
  auto const got = through(sent, key.public_part(), 0);
  REQUIRE(got);
  CHECK_FALSE(got->signed_record);
}

TEST_CASE("SEC-16: floods of protocols, addresses, texts, messages, lengths") {
  auto const key = key_of(1);
  auto info = identify_info{};
  auto message = bytes{};
  for (auto i = 0; i < 1800; ++i) append_protobuf(message, 3, as_bytes("/p/" + std::to_string(i)));
  for (auto i = 0; i < 1800; ++i) append_protobuf(message, 2, parse_multiaddr("/ip4/1.2.3.4/tcp/" + std::to_string(i + 1))->bytes());
  append_protobuf(message, 3, as_bytes(std::string(600, 'x')));
  append_protobuf(message, 6, as_bytes(std::string(60000, 'x')));
  REQUIRE(merge_identify(message, info));
  CHECK(info.protocols.size() == identify_info::max_protocols);
  CHECK(info.listen_addresses.size() == identify_info::max_addresses);
  CHECK(info.agent_version->size() == identify_info::max_text);
  CHECK(identify_reader{}.resume(bytes{0x81, 0x40}).error() == identify_errc::too_long);  // 8193, no body
  CHECK(identify_reader{}.resume(bytes{0x80, 0x80, 0x80, 0x80, 0x10}).error() == identify_errc::too_long);
  auto reader = identify_reader{};
  CHECK(reader.resume(bytes(11, 0)).error() == identify_errc::too_long);
}

TEST_CASE("IX-58: pings are answered in whole, and not without end") {
  byte_queue out;
  auto in = bytes(100);
  for (auto i = 0uz; i < 100; ++i) in[i] = static_cast<byte>(i);
  CHECK(ping_protocol::answer(bytes_view{in}.first(31), out) == 0);
  CHECK(ping_protocol::answer(in, out) == 96);
  CHECK(testing::to_vector(out.view()) == bytes(in.begin(), in.begin() + 96));
  auto const flood = bytes(3200);
  for (auto i = 0; i < 100; ++i) (void)ping_protocol::answer(flood, out);
  CHECK(out.size() <= 6500);
}

TEST_CASE("IX-16, SEC-17: an envelope opens under its own domain, type and signer, and with no bit changed") {
  auto const key = key_of(3);
  auto const sealed = *seal_peer_record(key, 42, {*parse_multiaddr("/ip4/1.2.3.4/udp/5/quic-v1")});
  auto const record = open_peer_record(sealed);
  REQUIRE(record);
  CHECK(record->seq == 42);
  CHECK(record->peer == peer_id::of(key.public_part()));
  CHECK(open_envelope(sealed, "libp2p-routing-state").error() == envelope_errc::bad_signature);
  for (auto i = 0uz; i < sealed.size() * 8; i += 5) {
    auto bad = sealed;
    bad[i / 8] ^= static_cast<byte>(1 << i % 8);
    CHECK_FALSE(open_peer_record(bad));
  }
  auto const typed = *seal_envelope(key, peer_record::domain, as_bytes("/libp2p/routing-state-record"), encode_peer_record(*record));
  CHECK(open_peer_record(typed).error() == envelope_errc::wrong_type);
  auto const about_other = *seal_envelope(key, peer_record::domain, peer_record::payload_type, encode_peer_record({peer_id::of(key_of(4).public_part()), 1, {}}));
  CHECK(open_peer_record(about_other).error() == envelope_errc::wrong_peer);
}
