// What an engine does whose blocks are hashed, stored and read elsewhere; and messages that are not whole.

#include <cairn/exchange/bitswap/engine.hpp>

#include <cairn/block/verify.hpp>
#include <cairn/blockstore/memory.hpp>

#include "peers_and_blocks.hpp"
#include "support/counting_store.hpp"
#include "support/cut.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

constexpr auto v = bitswap_version::v1_2;
constexpr auto now = bitswap_client::clock_time{1h};

auto message_of(std::vector<block> const& blocks) -> bytes {
  auto m = bitswap_message{};
  for (auto const& b : blocks) m.add_block(b.id(), b.data());
  auto q = byte_queue{};
  m.encode(v, q);
  auto const body = read_varint(q.view())->rest;
  return {body.begin(), body.end()};
}

auto wants_of(std::vector<bitswap_want> wants) -> bytes {
  auto m = bitswap_message{};
  for (auto const& w : wants) m.want(w);
  auto q = byte_queue{};
  m.encode(v, q);
  auto const body = read_varint(q.view())->rest;
  return {body.begin(), body.end()};
}

// What the next message for that peer holds, looked up as `between` happens.
template <class Between>
auto answer_of(bitswap_engine& e, peer_id const& p, Between between) -> std::optional<bytes> {
  auto looked = e.look_up(p, v);
  if (looked) looked->run(e.store());
  between();
  auto frames = bitswap_frames{};
  if (!e.next(p, v, now, looked ? &*looked : nullptr, frames)) return std::nullopt;
  auto q = byte_queue{};
  frames.append_to(q);
  return bytes(q.view().begin(), q.view().end());
}

auto payloads_in(std::optional<bytes> const& answer) -> std::size_t { return answer ? decode_bitswap(read_varint(*answer)->rest)->payloads.size() : 0; }

}  // namespace

TEST_CASE("a block on its way is hashed, then stored, then given to all who wait, and asked for once") {
  auto store = testing::counting_store{};
  auto e = bitswap_engine{store, {.works_elsewhere = true}};
  auto const peer = peer_of(1);
  auto const b = block_of(1);
  e.connected(peer, now);
  auto given = std::vector<int>{};
  auto const first = std::make_shared<bitswap_waiter>(), second = std::make_shared<bitswap_waiter>();
  first->to = [&](auto const& o, auto const& stored) { if (o.found && stored) given.push_back(1); };
  second->to = [&](auto const& o, auto const& stored) { if (o.found && stored) given.push_back(2); };
  REQUIRE(e.want(first, b.id(), now, now + 1h));
  auto q = byte_queue{};
  REQUIRE(e.next(peer, v, now, q));

  REQUIRE(e.received(peer, message_of({b}), now));
  CHECK(e.on_the_way() == 5000);
  auto const hashing = e.take_work();
  REQUIRE(hashing);
  CHECK_FALSE(e.take_work());  // one at a time
  hashing->run();
  e.finish(*hashing, now);
  CHECK(store.writes == 0);
  CHECK(given.empty());

  auto const storing = e.take_work();
  REQUIRE(storing);
  REQUIRE(e.want(second, b.id(), now, now + 1h));
  q.clear();
  CHECK_FALSE(e.next(peer, v, now, q));  // nobody is asked for what has come
  storing->run();
  CHECK(store.writes == 1);
  CHECK(given.empty());
  e.finish(*storing, now);
  CHECK(given == std::vector<int>{1, 2});
  CHECK(e.on_the_way() == 0);
  CHECK_FALSE(e.take_work());
  CHECK(first->wanted.empty());
  CHECK(second->wanted.empty());
}

TEST_CASE("who gave up while its block was on the way is not called; its store lives until nothing is stored there") {
  auto store = testing::counting_store{}, own = testing::counting_store{};
  auto e = bitswap_engine{store, {.works_elsewhere = true}};
  auto const peer = peer_of(1);
  auto const b = block_of(1);
  e.connected(peer, now);
  auto called = false;
  auto who = std::make_shared<bitswap_waiter>();
  auto const kept = std::make_shared<int>();
  auto const watch = std::weak_ptr<int>{kept};
  who->to = [&](auto const&, auto const&) { called = true; };
  who->into = own;
  who->keep = std::make_shared<std::shared_ptr<int>>(kept);
  REQUIRE(e.want(who, b.id(), now, now + 1h));
  REQUIRE(e.received(peer, message_of({b}), now));
  auto work = e.take_work();
  work->run();
  e.finish(*work, now);
  work = e.take_work();
  REQUIRE(work);
  e.cancel(who);
  who.reset();
  CHECK(kept.use_count() == 2);
  work->run();
  CHECK(own.writes == 1);
  e.finish(*work, now);
  work.reset();
  CHECK(kept.use_count() == 1);
  CHECK_FALSE(called);
}

TEST_CASE("a want that is taken back while its block is looked up is not answered; one that is repeated, once") {
  auto store = memory_blockstore{};
  auto e = bitswap_engine{store, {.works_elsewhere = true}};
  auto const peer = peer_of(1);
  auto const b = block_of(1);
  REQUIRE(store.put(b));
  e.connected(peer, now);
  REQUIRE(e.received(peer, wants_of({{.id = b.id()}}), now));
  CHECK_FALSE(answer_of(e, peer, [&] { REQUIRE(e.received(peer, wants_of({{.id = b.id(), .cancel = true}}), now)); }));
  CHECK(e.server().wantlist(peer).empty());
  REQUIRE(e.received(peer, wants_of({{.id = b.id()}}), now));
  CHECK(payloads_in(answer_of(e, peer, [&] { REQUIRE(e.received(peer, wants_of({{.id = b.id()}}), now)); })) == 1);
  CHECK_FALSE(answer_of(e, peer, [] {}));
  CHECK_FALSE(e.owes(peer));
}

TEST_CASE("a block that comes while the store says that it is not there is sent") {
  auto store = memory_blockstore{};
  auto e = bitswap_engine{store, {.works_elsewhere = true}};
  auto const peer = peer_of(1);
  auto const b = block_of(1);
  e.connected(peer, now);
  REQUIRE(e.received(peer, wants_of({{.id = b.id()}}), now));
  CHECK_FALSE(answer_of(e, peer, [&] {
    REQUIRE(store.put(b));
    e.added(b.id());
  }));
  CHECK(e.owes(peer));
  CHECK(payloads_in(answer_of(e, peer, [] {})) == 1);
}

TEST_CASE("SEC-03 bitswap: of messages that are not whole a peer has no more than its part; one of them goes on, others of other peers too") {
  auto store = memory_blockstore{};
  auto const e = std::make_shared<bitswap_engine>(store);
  constexpr auto most = bitswap_message_view::max_size;
  auto readers = std::vector<std::unique_ptr<bitswap_reader>>{};
  for (auto i = 0; i < 6; ++i) {
    readers.push_back(std::make_unique<bitswap_reader>(e, peer_of(1)));
    CHECK(readers.back()->hold(most));
  }
  auto passes = bitswap_reader{e, peer_of(1)}, waits = bitswap_reader{e, peer_of(1)}, other = bitswap_reader{e, peer_of(2)};
  CHECK(passes.hold(1000));
  CHECK_FALSE(waits.hold(1000));
  CHECK(passes.hold(most));
  CHECK(other.hold(most));
  CHECK(passes.hold(0));  // it is whole
  CHECK(waits.hold(1000));
  readers.pop_back();
  CHECK(passes.hold(1000));
}

TEST_CASE("whole messages are read where they lie, whatever the pieces; one that is too long ends its stream") {
  auto store = memory_blockstore{};
  auto const e = std::make_shared<bitswap_engine>(store);
  auto const peer = peer_of(1);
  e->connected(peer, now);
  auto text = byte_queue{};
  auto came = 0;
  auto const who = std::make_shared<bitswap_waiter>();
  who->to = [&](auto const& o, auto const&) { came += o.found.has_value(); };
  for (auto i = 0u; i < 20; ++i) {
    auto m = bitswap_message{};
    auto const b = block_of(i, 100 + 37 * i);
    REQUIRE(e->want(who, b.id(), now, now + 1h));
    m.add_block(b.id(), b.data());
    m.encode(v, text);
  }
  auto const step = GENERATE(1uz, 50uz, 333uz, 4000uz, 100'000uz);
  auto reader = bitswap_reader{e, peer};
  for (auto in = text.view(); !in.empty();) {
    auto const piece = in.first(std::min(step, in.size()));
    REQUIRE(reader.resume(piece, now));
    in = in.subspan(piece.size());
  }
  CHECK(came == 20);
  byte const long_one[]{0xff, 0xff, 0xff, 0x7f};
  CHECK(reader.resume(long_one, now).error() == bitswap_errc::too_long);
}
