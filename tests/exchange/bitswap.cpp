#include <cairn/exchange/bitswap.hpp>

#include <cairn/block/verify.hpp>
#include <cairn/blockstore/memory.hpp>

#include "peers_and_blocks.hpp"
#include "support/cut.hpp"
#include "support/counting_store.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

auto view_of(byte_queue const& q) -> bitswap_message_view { return *decode_bitswap(read_varint(q.view())->rest); }

// One node that wants, others that have: messages go round until nobody has anything to say.
struct net {
  struct node {
    peer_id id;
    testing::counting_store store{};
    bitswap_server server{};
    bool silent = false, lies = false;
  };
  peer_id me = peer_of(0);
  bitswap_client client;
  std::vector<std::unique_ptr<node>> nodes{};
  bitswap_client::clock_time now{1h};
  std::vector<bitswap_client::outcome> outcomes{};
  std::size_t wants_sent = 0, haves_sent = 0;

  explicit net(bitswap_client_options o = {}) : client{o} {}
  auto add(std::uint64_t n) -> node& {
    nodes.push_back(std::make_unique<node>(node{peer_of(n)}));
    client.connected(nodes.back()->id, now);
    return *nodes.back();
  }
  auto round(bitswap_version v = bitswap_version::v1_2) -> bool {
    auto moved = false;
    auto q = byte_queue{};
    for (auto& n : nodes) {
      while (q.clear(), client.next(n->id, v, now, q)) {
        moved = true;
        auto const m = view_of(q);
        for (auto const& w : m.wants) (w.cancel ? wants_sent : w.have ? haves_sent : wants_sent) += !w.cancel;
        if (!n->silent) n->server.received(me, m);
      }
      while (q.clear(), n->server.next(me, v, n->store, q)) {
        moved = true;
        if (n->lies)
          q.writable().back() ^= 1;
        client.received(n->id, view_of(q), now);
      }
    }
    while (auto o = client.take_outcome()) outcomes.push_back(*std::move(o));
    return moved;
  }
  void settle(bitswap_version v = bitswap_version::v1_2) {
    while (round(v)) {}
  }
  void pass(std::chrono::milliseconds t) {
    now += t;
    client.tick(now);
    settle();
  }
};

}  // namespace

TEST_CASE("a block comes from the one peer that has it; the others are asked only whether they do") {
  for (auto v : {bitswap_version::v1_2, bitswap_version::v1_1, bitswap_version::v1_0}) {
    auto n = net{};
    auto const b = block_of(1);
    for (auto i = 1; i <= 5; ++i) n.add(static_cast<std::uint64_t>(i));
    REQUIRE(n.nodes[3]->store.put(b));
    n.client.want(b.id(), n.now, n.now + 1min);
    n.settle(v);
    REQUIRE(n.outcomes.size() == 1);
    CHECK(n.outcomes[0].found->data().size() == b.data().size());
    CHECK(n.client.want_count() == 0);
    if (v == bitswap_version::v1_2) {
      CHECK(n.haves_sent == 5);
      CHECK(n.wants_sent == 1);
    }
    // nothing of the want is left with anybody
    for (auto const& peer : n.nodes) CHECK(peer->server.wantlist(n.me).empty());
  }
}

TEST_CASE("a thousand blocks from a peer that has sent one: no more questions, no duplicates") {
  auto n = net{};
  auto& holder = n.add(1);
  n.add(2);
  n.add(3);
  for (auto i = 0u; i < 1000; ++i) REQUIRE(holder.store.put(block_of(i, 2000)));
  n.client.want(block_of(0, 2000).id(), n.now, n.now + 1min);
  n.settle();
  auto const asked = n.haves_sent;
  for (auto i = 1u; i < 1000; ++i) n.client.want(block_of(i, 2000).id(), n.now, n.now + 1min);
  n.settle();
  CHECK(n.outcomes.size() == 1000);
  CHECK(n.haves_sent == asked);
  CHECK(n.client.totals().duplicates == 0);
  CHECK(n.client.totals().blocks == 1000);
}

TEST_CASE("capability 24 (1), capability 24 (2), capability 24 (3): one of fifty peers has a DAG of a thousand blocks; the root is asked of all, the others of the one, and then nobody hears more") {
  auto n = net{};
  for (auto i = 1u; i <= 50; ++i) n.add(i);
  auto& holder = *n.nodes[36];
  for (auto i = 0u; i < 1000; ++i) REQUIRE(holder.store.put(block_of(i, 2000)));
  auto const fetch = [&](unsigned first, unsigned last) {
    n.client.want(block_of(first, 2000).id(), n.now, n.now + 2min);
    n.settle();
    for (auto i = 0; i < 60 && n.client.want_count() != 0; ++i) n.pass(1s);
    for (auto i = first + 1; i < last; ++i) n.client.want(block_of(i, 2000).id(), n.now, n.now + 2min);
    n.settle();
  };
  fetch(0, 500);
  REQUIRE(n.outcomes.size() == 500);
  CHECK(n.haves_sent <= 55);  // 50 for the root, and a tenth more
  CHECK(n.wants_sent + n.haves_sent <= 605);
  // those who had nothing hear nothing of the second half
  auto const asked = n.haves_sent;
  fetch(500, 1000);
  REQUIRE(n.outcomes.size() == 1000);
  CHECK(n.haves_sent == asked);
  CHECK(n.wants_sent + n.haves_sent <= 1155);
  CHECK(n.client.totals().duplicates <= 10);
  for (auto const& o : n.outcomes) CHECK(o.found);
  // five minutes with nothing wanted: nothing is said
  n.wants_sent = n.haves_sent = 0;
  auto said = false;
  for (auto i = 0; i < 300; ++i) {
    n.now += 1s;
    n.client.tick(n.now);
    said = said || n.round();
  }
  CHECK_FALSE(said);
}

TEST_CASE("IX-64: a no, silence, a lie, a peer that leaves: another is asked; the deadline ends it") {
  auto const b = block_of(5);
  SECTION("a peer that says nothing loses the want to another") {
    auto n = net{};
    auto& mute = n.add(1);
    mute.silent = true;
    n.client.want(b.id(), n.now, n.now + 1min);
    n.settle();
    auto& other = n.add(2);
    REQUIRE(other.store.put(b));
    n.settle();
    CHECK(n.outcomes.empty());
    n.pass(6s);
    REQUIRE(n.outcomes.size() == 1);
    CHECK(n.outcomes[0].found);
  }
  SECTION("octets that are not the block are not delivered") {
    auto n = net{};
    auto& liar = n.add(1);
    liar.lies = true;
    REQUIRE(liar.store.put(b));
    n.client.want(b.id(), n.now, n.now + 30s);
    n.settle();
    CHECK(n.outcomes.empty());
    CHECK(n.client.totals().blocks == 0);
    n.pass(31s);
    REQUIRE(n.outcomes.size() == 1);
    CHECK_FALSE(n.outcomes[0].found);
  }
  SECTION("a peer that leaves") {
    auto n = net{};
    auto& first = n.add(1);
    first.silent = true;
    n.client.want(b.id(), n.now, n.now + 1min);
    n.settle();
    auto& other = n.add(2);
    REQUIRE(other.store.put(b));
    n.client.disconnected(first.id, n.now);
    n.settle();
    CHECK(n.outcomes.size() == 1);
  }
  SECTION("nobody has it until somebody gets it") {
    auto n = net{};
    auto& peer = n.add(1);
    n.client.want(b.id(), n.now, n.now + 1min);
    n.settle();
    CHECK(n.outcomes.empty());
    REQUIRE(peer.store.put(b));
    CHECK(peer.server.added(b.id()) == std::vector{n.me});
    n.settle();
    CHECK(n.outcomes.size() == 1);
  }
  SECTION("the deadline, and cancelling") {
    auto n = net{};
    auto& peer = n.add(1);
    n.client.want(b.id(), n.now, n.now + 2s);
    n.client.want(block_of(6).id(), n.now, n.now + 1min);
    n.settle();
    CHECK(peer.server.wantlist(n.me).size() == 2);
    n.client.cancel(block_of(6).id());
    n.settle();
    CHECK(peer.server.wantlist(n.me).size() == 1);
    n.pass(3s);
    REQUIRE(n.outcomes.size() == 1);
    CHECK_FALSE(n.outcomes[0].found);
    CHECK(n.client.want_count() == 0);
  }
}

TEST_CASE("who was never asked comes before who is silent: sixty silent peers hide no holder") {
  auto n = net{};
  for (auto i = 1u; i <= 61; ++i) n.add(i).silent = true;
  auto& last = **std::ranges::max_element(n.nodes, {}, [](auto const& p) { return p->id; });
  last.silent = false;
  auto const b = block_of(1);
  REQUIRE(last.store.put(b));
  n.client.want(b.id(), n.now, n.now + 1min);
  n.settle();
  for (auto i = 0; i < 25 && n.outcomes.empty(); ++i) n.pass(1s);
  REQUIRE(n.outcomes.size() == 1);
  CHECK(n.outcomes[0].found);
}

TEST_CASE("a peer that had not the block it was asked for is asked whether it has it, and of the next ones too") {
  auto c = bitswap_client{};
  auto const x = peer_of(1), y = peer_of(2);
  auto const t = bitswap_client::clock_time{1h};
  auto const tell = [&](peer_id const& from, auto what) {
    auto message = bitswap_message{};
    what(message);
    auto q = byte_queue{};
    message.encode(bitswap_version::v1_2, q);
    c.received(from, view_of(q), t);
  };
  auto const said = [&](peer_id const& to) {
    auto q = byte_queue{};
    return c.next(to, bitswap_version::v1_2, t, q) ? view_of(q).wants : std::vector<bitswap_want>{};
  };
  c.connected(x, t);
  c.connected(y, t);
  auto const first = block_of(1), second = block_of(2), third = block_of(3);
  c.want(first.id(), t, t + 1min);
  (void)said(x), (void)said(y);
  tell(x, [&](bitswap_message& m) { m.presence(first.id(), true); });
  (void)said(x);
  tell(x, [&](bitswap_message& m) { m.add_block(first.id(), first.data()); });
  (void)said(y);
  c.want(second.id(), t, t + 1min);
  CHECK(said(x) == std::vector{bitswap_want{.id = second.id(), .send_dont_have = true}});
  tell(x, [&](bitswap_message& m) { m.presence(second.id(), false); });
  CHECK(said(x) == std::vector{bitswap_want{.id = second.id(), .cancel = true}});
  CHECK(said(x) == std::vector{bitswap_want{.id = second.id(), .have = true}});
  CHECK(said(y) == std::vector{bitswap_want{.id = second.id(), .have = true, .send_dont_have = true}});
  c.want(third.id(), t, t + 1min);
  CHECK(said(x) == std::vector{bitswap_want{.id = third.id(), .have = true, .send_dont_have = true}});
}

TEST_CASE("SEC-29: blocks that were not asked for are dropped, and their sender gains nothing") {
  auto n = net{};
  auto& peer = n.add(1);
  auto m = bitswap_message{};
  auto const b = block_of(9);
  m.add_block(b.id(), b.data());
  byte_queue q;
  m.encode(bitswap_version::v1_2, q);
  n.client.received(peer.id, view_of(q), n.now);
  CHECK_FALSE(n.client.take_outcome());
  CHECK(n.client.totals().unasked == 1);
}

TEST_CASE("SEC-27, capability 24 (6): two hundred thousand wants leave at most the bound, and nothing after the connection") {
  auto server = bitswap_server{};
  auto const peer = peer_of(1);
  auto urgent = bitswap_message_view{};
  urgent.wants.push_back({.id = block_of(1).id(), .priority = 1000000});
  server.received(peer, urgent);
  auto n = std::uint64_t{0};
  for (auto round = 0; round < 100; ++round) {
    auto m = bitswap_message_view{};
    for (auto i = 0; i < 2000; ++i) {
      auto digest = cairn::digest<32>{};
      for (auto k = 0uz; k < 8; ++k) digest[k] = static_cast<byte>(n >> (8 * k));
      ++n;
      m.wants.push_back({.id = cid::v1(code::raw, multihash::of(code::sha2_256, digest)), .priority = 1});
    }
    server.received(peer, m);
    REQUIRE(server.wantlist(peer).size() <= 1024);
  }
  CHECK(server.wantlist(peer).front().id == block_of(1).id());
  server.disconnected(peer);
  CHECK(server.peer_count() == 0);
  CHECK_FALSE(server.owes(peer));
}

TEST_CASE("IX-65: the same want again while it waits is one answer; after the answer it is a new want") {
  auto server = bitswap_server{};
  auto store = memory_blockstore{};
  auto const b = block_of(1);
  REQUIRE(store.put(b));
  auto const peer = peer_of(1);
  auto m = bitswap_message_view{};
  m.wants = {{.id = b.id()}, {.id = b.id(), .have = true}, {.id = b.id()}};
  server.received(peer, m);
  server.received(peer, m);
  byte_queue q;
  REQUIRE(server.next(peer, bitswap_version::v1_2, store, q));
  CHECK(view_of(q).payloads.size() == 1);
  CHECK_FALSE(server.next(peer, bitswap_version::v1_2, store, q));
  CHECK(server.ledger(peer).blocks_sent == 1);
}

TEST_CASE("have, don't have, small blocks in place of have, what a peer may not have, a list that replaces") {
  auto const secret = block_of(3);
  auto server = bitswap_server{{.may_have = [&](peer_id const&, cid const& id) { return id != secret.id(); }}};
  auto store = memory_blockstore{};
  auto const large = block_of(1), small = block_of(2, 100), absent = block_of(4);
  for (auto const* b : {&large, &small, &secret}) REQUIRE(store.put(*b));
  auto const peer = peer_of(1);
  auto m = bitswap_message_view{};
  for (auto const* b : {&large, &small, &secret, &absent}) m.wants.push_back({.id = b->id(), .have = true, .send_dont_have = true});
  server.received(peer, m);
  byte_queue q;
  REQUIRE(server.next(peer, bitswap_version::v1_2, store, q));
  auto const v = view_of(q);
  REQUIRE(v.payloads.size() == 1);
  CHECK(v.payloads[0].data.size() == 100);
  CHECK(v.presences == std::vector<bitswap_presence>{{large.id(), true}, {secret.id(), false}, {absent.id(), false}});
  CHECK(server.wantlist(peer).size() == 1);  // the absent one
  m.full = true;
  m.wants = {{.id = large.id()}};
  server.received(peer, m);
  CHECK(server.wantlist(peer).size() == 1);
  CHECK(server.wantlist(peer)[0].id == large.id());
}
