#include <cairn/libp2p/mdns.hpp>

#include <cairn/crypto/key.hpp>

#include "support/cut.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace cairn;
using testing::seeded;

namespace {

auto peer() -> peer_id {
  auto random = seeded{3};
  return peer_id::of(private_key::generate(key_type::ed25519, 0, random_source{random})->public_part());
}
auto at(std::string_view text) -> multiaddr { return *parse_multiaddr(text); }
auto name() -> std::string { return mdns::peer_name(bytes(mdns::peer_name_size, 7)); }

// A packet of one record, put together by hand.
auto record(std::string_view owner, std::uint16_t type, bytes_view data, std::uint32_t lifetime = 120, byte flags = 0x84) -> bytes {
  auto out = bytes{0, 0, flags, 0, 0, 0, 0, 1, 0, 0, 0, 0};
  while (!owner.empty()) {
    auto const label = owner.substr(0, owner.find('.'));
    out.push_back(static_cast<byte>(label.size()));
    append(out, as_bytes(label));
    owner.remove_prefix(std::min(label.size() + 1, owner.size()));
  }
  auto const u16 = [&](std::size_t n) { out.push_back(static_cast<byte>(n >> 8)), out.push_back(static_cast<byte>(n)); };
  out.push_back(0);
  u16(type), u16(1), u16(lifetime >> 16), u16(lifetime & 0xffff), u16(data.size());
  append(out, data);
  return out;
}

}  // namespace

TEST_CASE("IX-60: a question is a question, and an answer says who is where") {
  auto const asked = mdns::read(mdns::encode_query());
  REQUIRE(asked);
  CHECK(asked->asks);
  CHECK(asked->peers.empty());

  auto const id = peer();
  auto const said = mdns::read(mdns::encode_answer(name(), id, {at("/ip4/192.168.1.2/tcp/4001"), at("/ip6/fe80::1/udp/4001/quic-v1")}, {{192, 168, 1, 2}}));
  REQUIRE(said);
  CHECK_FALSE(said->asks);
  REQUIRE(said->peers.size() == 2);
  CHECK(said->peers[0] == std::pair{id, at("/ip4/192.168.1.2/tcp/4001")});
  CHECK(said->peers[1] == std::pair{id, at("/ip6/fe80::1/udp/4001/quic-v1")});
}

TEST_CASE("IX-60: only addresses of the link are told: none of the world, none through a relay") {
  auto const id = peer();
  auto const relayed = "/ip4/10.0.0.1/tcp/1/p2p/" + to_string(id) + "/p2p-circuit";
  for (auto const* text : {"/ip4/8.8.8.8/tcp/4001", "/ip4/172.32.0.1/tcp/1", "/ip4/100.64.0.1/tcp/1", "/ip6/2001:db8::1/tcp/4001", "/dns4/example.org/tcp/443/tls/ws", "/ip6/::/tcp/1", relayed.c_str()}) {
    INFO(text);
    CHECK_FALSE(mdns::is_local(at(text)));
    auto const said = mdns::read(mdns::encode_answer(name(), id, {at(text)}, {}));
    REQUIRE(said);
    CHECK(said->peers.empty());
  }
  for (auto const* text : {"/ip4/10.1.2.3/tcp/1", "/ip4/172.16.0.1/tcp/1", "/ip4/169.254.3.3/udp/1/quic-v1", "/ip4/127.0.0.1/tcp/1", "/ip6/fd00::1/tcp/1", "/ip6/fe80::9/tcp/1", "/ip6/::1/tcp/1"}) {
    INFO(text);
    CHECK(mdns::is_local(at(text)));
  }
}

TEST_CASE("IX-60: no string is longer than 255 octets, and no packet than a frame, however many addresses a peer has") {
  auto const id = peer();
  auto all = std::vector<multiaddr>{};
  auto const host = std::string(63, 'x');
  all.push_back(at("/ip4/10.0.0.1/tcp/443/tls/sni/" + host + "." + host + "." + host + "/ws"));  // too long for a string
  for (auto i = 1; i <= 250; ++i) all.push_back(at("/ip4/10.0.0." + std::to_string(i) + "/tcp/4001"));
  auto const packet = mdns::encode_answer(name(), id, all, std::vector<std::array<byte, 4>>(40, {10, 0, 0, 1}));
  CHECK(packet.size() <= mdns::max_answer);
  auto const said = mdns::read(packet);
  REQUIRE(said);
  CHECK(said->peers.size() > 5);
  CHECK(said->peers.front().second == all[1]);
}

TEST_CASE("IX-60: the name of a peer is random, and says nothing of it") {
  auto random = seeded{9};
  auto names = std::set<std::string>{};
  for (auto i = 0; i < 200; ++i) {
    auto seed = bytes(mdns::peer_name_size);
    random(seed);
    auto const one = mdns::peer_name(seed);
    CHECK(one.size() >= 32);
    CHECK(one.size() <= 63);
    names.insert(one);
  }
  CHECK(names.size() == 200);
  auto const packet = mdns::encode_answer(name(), peer(), {}, {});
  CHECK(as_text(packet).find(to_string(peer())) == std::string_view::npos);
}

TEST_CASE("IX-60: names in capitals and names that point back are read; those that point forwards or in a circle are not") {
  auto const question = [](bytes_view owner) {
    auto out = bytes{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    append(out, owner);
    for (auto b : {0, 12, 0, 1}) out.push_back(static_cast<byte>(b));
    return out;
  };
  auto const plain = mdns::encode_query();
  auto loud = plain;
  for (auto& b : loud) b = b >= 'a' && b <= 'z' ? static_cast<byte>(b - 32) : b;
  CHECK(mdns::read(loud)->asks);
  CHECK(mdns::read(question(bytes{0xc0, 12})).error() == mdns_errc::bad_name);   // itself
  CHECK(mdns::read(question(bytes{0xc0, 30})).error() == mdns_errc::bad_name);   // forwards
  CHECK(mdns::read(question(bytes{1, 'a', 0xc0, 12})).error() == mdns_errc::bad_name);
  CHECK(mdns::read(question(bytes{0x41, 'a', 0})).error() == mdns_errc::bad_name);
  auto long_name = bytes{};
  for (auto i = 0; i < 5; ++i) {
    long_name.push_back(60);
    append(long_name, bytes(60, 'a'));
  }
  long_name.push_back(0);
  CHECK(mdns::read(question(long_name)).error() == mdns_errc::bad_name);
  // two questions, the second name is the first
  auto twice = plain;
  twice[5] = 2;
  append(twice, bytes{0xc0, 12, 0, 12, 0, 1});
  CHECK(mdns::read(twice)->asks);
}

TEST_CASE("IX-60: what is cut, too much, taken back, or no address of a peer is left out") {
  auto const id = peer();
  auto const whole = mdns::encode_answer(name(), id, {at("/ip4/10.0.0.1/tcp/1")}, {{10, 0, 0, 1}});
  for (auto n = 0uz; n < whole.size(); ++n) {
    INFO(n);
    CHECK_FALSE(mdns::read(bytes_view{whole}.first(n)));
  }
  auto many = whole;
  many[6] = 1;
  CHECK(mdns::read(many).error() == mdns_errc::too_many);

  auto const owner = name() + "." + std::string{mdns::service};
  auto const text = [](std::string_view s) {
    auto out = bytes{static_cast<byte>(s.size())};
    append(out, as_bytes(s));
    return out;
  };
  auto const good = text("dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/" + to_string(id));
  CHECK(mdns::read(record(owner, 16, good))->peers.size() == 1);
  CHECK(mdns::read(record(owner, 16, good, 0))->peers.empty());
  CHECK(mdns::read(record("x.other._udp.local", 16, good))->peers.empty());
  CHECK(mdns::read(record(owner, 16, good, 120, 0))->peers.empty());  // a question answers nothing
  for (auto const& bad : {std::string{"dnsaddr=/ip4/10.0.0.1/tcp/1"}, std::string{"dnsaddr=/p2p/"} + to_string(id), std::string{"dnsaddr=x"}, std::string{"other"},
                          "dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/" + to_string(id) + "/p2p-circuit/p2p/" + to_string(id)})
    CHECK(mdns::read(record(owner, 16, text(bad)))->peers.empty());
  auto crowd = bytes{};
  for (auto i = 0; i < 130; ++i) append(crowd, good);
  CHECK(mdns::read(record(owner, 16, crowd))->peers.size() == mdns::max_addresses);

  auto random = seeded{1};
  for (auto i = 0; i < 20'000; ++i) {
    auto changed = whole;
    for (auto k = 0; k < 3; ++k) changed[random.below(changed.size())] = static_cast<byte>(random.next());
    (void)mdns::read(changed);
  }
}
