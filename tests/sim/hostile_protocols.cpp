// Peers that hold to framing and lie above it: identify and bitswap.
#include "sim/raw.hpp"

#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/libp2p/envelope.hpp>

#include <catch2/catch.hpp>

using namespace cairn;
using namespace std::chrono_literals;
using testing::siege;

namespace {

// A stream to that peer, and all of this on it, as there is room.
void say(sim::host& from, peer_id const& to, std::string protocol, bytes_view what, bool ends = false) {
  auto const rest = std::make_shared<byte_queue>();
  rest->push(what);
  from.open(to, {std::move(protocol)}, [rest, ends](io_result<std::shared_ptr<sim::stream>> s) {
    if (!s) return;
    auto go = [rest, ends, s = s->get()] {
      rest->consume(s->write(rest->view()));
      if (rest->empty() && ends) s->close();
    };
    go();
    (*s)->on_event = std::move(go);
  });
}
constexpr auto bitswap_name = "/ipfs/bitswap/1.2.0";

auto wants(std::uint64_t from, std::size_t n, bool have = false) -> bytes {
  auto message = bitswap_message{};
  for (auto i = from; i < from + n; ++i) {
    auto d = digest<32>{};
    for (auto k = 0; k < 8; ++k) d[static_cast<std::size_t>(24 + k)] = static_cast<byte>(i >> (8 * k));
    message.want({.id = cid::v1(code::raw, multihash::of(code::sha2_256, d)), .have = have, .send_dont_have = true});
  }
  auto out = byte_queue{};
  message.encode(bitswap_version::v1_2, out);
  return {out.view().begin(), out.view().end()};
}

// A node whose identify or bitswap is not what it should be.
struct liar {
  explicit liar(siege& s) : at{s.lab.net.add_place()}, host{s.lab.net, at} {}
  auto connect(siege& s) -> bool {
    host.dial(s.victim().at(), s.victim().id(), 10s, [](auto const&) {});
    return s.lab.time.run_until([&] { return host.find(s.victim().id()) && s.victim().find(host.id()); }, 10s);
  }
  void says(identify_info const& info) {
    auto out = std::make_shared<byte_queue>();
    append_identify(*out, info);
    host.handle(std::string{identify_info::protocol_id}, [out](std::shared_ptr<sim::stream> const& s) {
      (void)s->write(out->view());
      s->close();
    });
  }
  sim::place at;
  sim::host host;
};

auto info_of(public_key const& key) -> identify_info {
  auto info = identify_info{};
  info.public_key = encode_libp2p_key(key);
  info.agent_version = "liar";
  return info;
}
auto key_of(std::uint64_t seed) -> private_key {
  auto random = sim::seeded_random{seed};
  return *private_key::generate(key_type::ed25519, 0, random_source{random});
}

}  // namespace

TEST_CASE("SEC-15, SEC-17: an identity that is not the connection's ends it; a signed record of another peer is not kept") {
  auto s = siege{31};
  auto wrong = liar{s};
  wrong.says(info_of(key_of(1).public_part()));
  REQUIRE(wrong.connect(s));
  s.lab.time.run_for(1s);
  CHECK_FALSE(s.victim().find(wrong.host.id()));
  CHECK(s.victim().ends().contains(std::string{errc_traits<identify_errc>::describe(identify_errc::wrong_key)}));

  auto other = liar{s};
  auto const foreign = key_of(2);
  auto info = identify_info{};
  info.agent_version = "liar";
  info.signed_record = *seal_peer_record(foreign, 1, {*parse_multiaddr("/ip4/10.0.0.9/tcp/1")});
  other.says(info);
  REQUIRE(other.connect(s));
  s.lab.time.run_for(1s);
  auto const c = s.victim().find(other.host.id());
  REQUIRE(c);
  REQUIRE(c->identified);
  CHECK(c->identified->agent_version == "liar");
  CHECK_FALSE(c->identified->signed_record);
  CHECK(s.serves());
}

TEST_CASE("SEC-16: identify with thousands of protocols is cut, a storm of pushes leaves what one leaves") {
  auto s = siege{32};
  auto many = liar{s};
  auto info = identify_info{};
  for (auto i = 0; i < 1800; ++i) info.protocols.push_back("/p/" + std::to_string(i));
  many.says(info);
  REQUIRE(many.connect(s));
  s.lab.time.run_for(1s);
  auto const c = s.victim().find(many.host.id());
  REQUIRE(c);
  REQUIRE(c->identified);
  CHECK(c->identified->protocols.size() == identify_info::max_protocols);

  for (auto i = 0; i < 2000; ++i) {
    auto push = identify_info{};
    for (auto k = 0; k < 50; ++k) push.listen_addresses.push_back(*parse_multiaddr("/ip4/10.9." + std::to_string(i % 250) + "." + std::to_string(k) + "/tcp/1"));
    auto out = byte_queue{};
    append_identify(out, push);
    say(many.host, s.victim().id(), std::string{identify_info::push_protocol_id}, out.view(), true);
    if (i % 100 == 0) s.lab.time.run_for(10ms);
  }
  CHECK(s.serves());
  s.lab.time.run_for(15s);
  CHECK(c->identified->listen_addresses.size() <= identify_info::max_addresses);
  CHECK(c->session().inbound_count() == 0);
  CHECK(c->waiting() < 64 * 1024);
}

TEST_CASE("SEC-27, capability 24 (6): a million wants are 1,024, others are served meanwhile, and nothing stays behind") {
  auto s = siege{33};
  auto greedy = liar{s};
  REQUIRE(greedy.connect(s));
  auto const& server = s.lab[0].bitswap->engine().server();
  for (auto i = 0u; i < 25; ++i) {
    say(greedy.host, s.victim().id(), bitswap_name, wants(i * 40'000, 40'000, i % 2 == 0));
    s.lab.time.run_for(300ms);
    CHECK(server.wantlist(greedy.host.id()).size() <= 1024);
    if (i % 8 == 0) CHECK(s.serves());
  }
  CHECK(server.wantlist(greedy.host.id()).size() == 1024);
  greedy.host.disconnect(s.victim().id());
  s.lab.time.run_for(1s);
  CHECK(server.wantlist(greedy.host.id()).empty());
  CHECK(server.peer_count() == 1);
  CHECK(s.serves());
}

TEST_CASE("SEC-28: messages that are none, or nearly one, end their stream and nothing else") {
  auto s = siege{34};
  auto random = sim::seeded_random{34};
  auto crooked = liar{s};
  REQUIRE(crooked.connect(s));
  auto const good = wants(0, 20);
  for (auto i = 0; i < 500; ++i) {
    auto bad = good;
    for (auto k = 0; k < 1 + i % 5; ++k) bad[random.below(bad.size())] = static_cast<byte>(random.next());
    if (i % 7 == 0) bad.resize(random.below(bad.size()) + 1);
    say(crooked.host, s.victim().id(), bitswap_name, bad, i % 2 == 0);
    if (i % 50 == 0) s.lab.time.run_for(100ms);
  }
  say(crooked.host, s.victim().id(), bitswap_name, bytes{0});  // a message of nothing at all
  s.lab.time.run_for(1s);
  CHECK(s.victim().find(crooked.host.id()));
  CHECK(s.serves());
}

TEST_CASE("SEC-03: messages that are begun on many streams and never whole hold no more than a peer may hold") {
  auto s = siege{35};
  auto hoarder = liar{s};
  REQUIRE(hoarder.connect(s));
  auto begun = bytes{0x80, 0x80, 0x80, 0x02};  // 4 MiB
  begun.resize(3'000'000);
  auto const before = s.lab.net.delivered();
  for (auto i = 0; i < 40; ++i) {
    say(hoarder.host, s.victim().id(), bitswap_name, begun);
    s.lab.time.run_for(200ms);
  }
  s.lab.time.run_for(5s);
  CHECK(s.lab.net.delivered() - before > 24'000'000);
  auto const c = s.victim().find(hoarder.host.id());
  REQUIRE(c);
  CHECK(c->session().inbound_count() <= 8);  // of 3 MB each, below 24 MiB; the others were reset
  CHECK(s.serves());
}

TEST_CASE("SEC-29: who wants much does not hold up who wants little, nor is a want that is repeated answered again") {
  auto s = siege{36};
  s.lab.net.set_uplink(s.victim().at(), 2'000'000);
  auto const big = sim::put_dag(s.lab[0].blocks, s.lab.time.random(), 400, 64 * 1024);
  auto& greedy = s.lab.add();
  REQUIRE(s.lab.connect(2, 0));
  REQUIRE(s.lab.connect(1, 0));
  auto done = false;
  greedy.bitswap->fetch(big, 5min, [&](auto const&) { done = true; });
  s.lab.time.run_for(2s);
  REQUIRE_FALSE(done);
  CHECK(s.serves());
  CHECK_FALSE(done);

  auto parrot = liar{s};
  REQUIRE(parrot.connect(s));
  auto message = bitswap_message{};
  message.want({.id = s.root});
  auto one = byte_queue{}, said = byte_queue{};
  message.encode(bitswap_version::v1_2, one);
  for (auto i = 0; i < 1000; ++i) said.push(one.view());
  say(parrot.host, s.victim().id(), bitswap_name, said.view());
  s.lab.time.run_for(5s);
  auto const ledger = s.lab[0].bitswap->engine().server().ledger(parrot.host.id());
  CHECK(ledger.messages_received == 1000);
  CHECK(ledger.blocks_sent < 20);
}

TEST_CASE("forged blocks and empty promises cost a pause, and nothing of them is stored") {
  auto s = siege{37};
  auto& node = s.lab.add();
  REQUIRE(s.lab.connect(2, 0));
  auto liars = std::vector<std::unique_ptr<liar>>{};
  for (auto i = 0; i < 10; ++i) {
    auto& l = *liars.emplace_back(std::make_unique<liar>(s));
    auto const forges = i % 2 == 0;
    l.host.handle(bitswap_name, [&l, forges](std::shared_ptr<sim::stream> const& in) {
      in->on_event = [&l, forges, in = in.get(), held = std::make_shared<byte_queue>()] {
        held->push(in->in());
        in->consume(in->in().size());
        auto const size = read_varint(held->view());
        if (!size || held->size() < size->value + 1) return;
        auto const message = decode_bitswap(size->rest.first(static_cast<std::size_t>(size->value)));
        auto answer = bitswap_message{};
        auto const junk = bytes(500, byte{7});
        for (auto const& w : message->wants) {
          if (w.cancel) continue;
          if (w.have || !forges) answer.presence(w.id, true);
          else answer.add_block(w.id, junk);
        }
        auto out = byte_queue{};
        if (!answer.empty()) answer.encode(bitswap_version::v1_2, out);
        if (!out.empty()) say(l.host, in->remote(), bitswap_name, out.view());
        held->clear();
      };
    });
    l.host.dial(node.at, node.id(), 10s, [](auto const&) {});
  }
  s.lab.time.run_for(2s);
  REQUIRE(node.peer->connections().size() == 11);
  auto const begin = s.lab.time.elapsed();
  auto const report = s.lab.fetch(2, s.root, 3min);
  INFO((report ? std::string{} : to_string(report.error())));
  REQUIRE(report);
  CHECK(report->blocks == 21);
  CHECK(s.lab.time.elapsed() - begin < 1min);
  auto keys = 0;
  auto cursor = node.blocks.keys();
  while (auto k = *cursor->next()) ++keys;
  CHECK(keys == 21);
}
