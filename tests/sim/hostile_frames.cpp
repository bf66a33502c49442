// Peers that break the rules of framing, negotiation and multiplexing: they are cut off, others are served, memory stays small.
#include "sim/raw.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace std::chrono_literals;
using testing::raw_peer;
using testing::siege;

namespace {
auto text_of(std::string_view s) -> bytes { return {s.begin(), s.end()}; }
constexpr byte data = 0, window = 1, ping = 2;
constexpr std::uint16_t syn = 1, rst = 8;
}  // namespace

TEST_CASE("SEC-01: lengths without a body end what they came on, and nothing is held for them") {
  auto s = siege{21};
  for (auto const& length : {bytes{0x80, 0x80, 0x40}, bytes{0x80, 0x80, 0x80, 0x80, 0x10}, bytes{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01}}) {
    auto const before = s.attacker();
    REQUIRE(before->dial(s.victim().at()));
    auto first = text_of("\x13/multistream/1.0.0\n");
    first.insert(first.end(), length.begin(), length.end());
    (void)before->wire->write(first);
    CHECK(s.lab.time.run_until([&] { return before->over(); }, 200ms));

    for (auto const protocol : {"/ipfs/bitswap/1.2.0", "/ipfs/id/push/1.0.0"}) {
      auto const inside = s.attacker();
      REQUIRE(inside->enter(s.victim().at()));
      REQUIRE(inside->stream(1, protocol, length));
      s.lab.time.run_for(1s);
      // 2^20 octets of bitswap may follow; all else is refused
      auto const c = s.victim().find(inside->id());
      REQUIRE(c);
      CHECK(c->waiting() < 1024);
      s.victim().disconnect(inside->id());
    }
  }
  CHECK(s.victim().shaking_count() == 0);
  CHECK(s.serves());
}

TEST_CASE("SEC-02: endless proposals, drips, and names of any length end in bounded time") {
  auto s = siege{22};
  SECTION("proposals without end") {
    auto const p = s.attacker();
    REQUIRE(p->dial(s.victim().at()));
    auto said = byte_queue{};
    append_multistream(said, "/multistream/1.0.0");
    for (auto i = 0; i < 100'000; ++i) append_multistream(said, "/no/" + std::to_string(i));
    while (!said.empty() && !p->over()) {
      said.consume(p->wire->write(said.view()));
      s.lab.time.run_for(10ms);
    }
    CHECK(p->over());
    CHECK(s.lab.time.elapsed() < 5s);
  }
  SECTION("one octet each second") {
    auto const p = s.attacker();
    REQUIRE(p->dial(s.victim().at()));
    auto const said = text_of("\x13/multistream/1.0.0\n");
    for (auto i = 0uz; !p->over() && i < said.size(); ++i) {
      (void)p->wire->write(bytes_view{said}.subspan(i, 1));
      s.lab.time.run_for(1s);
    }
    CHECK(p->over());
    CHECK(s.lab.time.elapsed() < 12s);
  }
  SECTION("names of nothing, and of 64 KiB") {
    for (auto const size : {0uz, 64uz * 1024}) {
      auto const p = s.attacker();
      REQUIRE(p->dial(s.victim().at()));
      auto said = byte_queue{};
      append_multistream(said, "/multistream/1.0.0");
      append_multistream(said, std::string(size, 'x'));
      (void)p->wire->write(said.view());
      CHECK(s.lab.time.run_until([&] { return p->over(); }, 11s));
    }
  }
  s.lab.time.run_for(1s);
  CHECK(s.victim().shaking_count() == 0);
  CHECK(s.serves());
}

TEST_CASE("SEC-03, SEC-07: streams that are opened and never agreed on are counted, and go; an unrelated peer notices nothing") {
  auto s = siege{23};
  auto peers = std::vector<std::shared_ptr<raw_peer>>{};
  for (auto i = 0; i < 5; ++i) {
    peers.push_back(s.attacker());
    REQUIRE(peers.back()->enter(s.victim().at()));
    for (auto id = 1u; id < 2 * 1000; id += 2) REQUIRE(peers.back()->frame(window, syn, id, 0));
  }
  s.lab.time.run_for(1s);
  auto most = 0uz;
  for (auto const& c : s.victim().connections()) most = std::max(most, c->stream_count());
  CHECK(most >= 256);
  CHECK(most <= 256 + 2);  // and ours: identify
  CHECK(s.serves());
  s.lab.time.run_for(11s);
  for (auto const& p : peers) {
    auto const c = s.victim().find(p->id());
    REQUIRE(c);
    CHECK(c->session().inbound_count() == 0);
  }
}

TEST_CASE("SEC-04: a handshake with any octet changed is refused, never worse") {
  auto s = siege{24};
  for (auto i = 0; i < 200; ++i) {
    auto random = sim::seeded_random{static_cast<std::uint64_t>(i)};
    auto const p = s.attacker();
    REQUIRE(p->dial(s.victim().at()));
    auto said = byte_queue{};
    append_multistream(said, "/multistream/1.0.0");
    append_multistream(said, "/noise");
    auto hello = bytes(2 + 32 + random.below(200));
    random(hello);
    hello[0] = static_cast<byte>((hello.size() - 2) >> 8), hello[1] = static_cast<byte>(hello.size() - 2);
    if (i % 3 == 0) std::fill(hello.begin() + 2, hello.begin() + 34, byte{0});  // a point of low order
    said.push(hello);
    auto rest = bytes(300);
    random(rest);
    said.push(rest);
    (void)p->wire->write(said.view());
    CHECK(s.lab.time.run_until([&] { return p->over(); }, 11s));
  }
  CHECK(s.victim().connections().empty());
  CHECK(s.victim().shaking_count() == 0);
  CHECK(s.serves());
}

// [flood]
TEST_CASE("SEC-05: a thousand dials that say nothing take their places and no more, and give them back") {
  auto s = siege{25};
  auto peers = std::vector<std::shared_ptr<raw_peer>>{};
  auto most = 0uz;
  for (auto i = 0; i < 1000; ++i) {
    peers.push_back(s.attacker());
    (void)peers.back()->dial(s.victim().at());
    most = std::max(most, s.victim().shaking_count());
  }
  CHECK(most == s.victim().options().max_handshakes);
  s.lab.time.run_for(11s);
  CHECK(s.victim().shaking_count() == 0);
  CHECK(s.victim().memory_used() == 0);
  CHECK(s.serves());
}
// [/flood]

TEST_CASE("SEC-10, SEC-11: frames that break windows and numbers end the session; its memory stays below a window") {
  auto s = siege{26};
  auto const ends = [&](auto attack) {
    auto const p = s.attacker();
    REQUIRE(p->enter(s.victim().at()));
    attack(*p);
    auto const over = s.lab.time.run_until([&] { return p->over(); }, 3s);
    CHECK(s.waiting() <= 256 * 1024 + 64 * 1024);
    return over && !s.victim().find(p->id());
  };
  auto const piece = bytes(32 * 1024);
  CHECK(ends([&](raw_peer& p) {  // a window of 256 KiB that is not waited for
    (void)p.stream(1, "/ipfs/bitswap/1.2.0", bytes{0x80, 0x80, 0x80, 0x01});
    for (auto i = 0; i < 7; ++i) (void)p.frame(data, 0, 1, static_cast<std::uint32_t>(piece.size()), piece);
    (void)p.frame(data, 0, 1, static_cast<std::uint32_t>(piece.size()));
  }));
  CHECK(ends([&](raw_peer& p) { (void)p.frame(data, syn, 1, 262'145); }));                 // more than the first window
  CHECK(ends([&](raw_peer& p) {
    (void)p.frame(window, syn, 1, 0);
    (void)p.frame(data, 0, 1, 262'145);
  }));
  CHECK(ends([&](raw_peer& p) {
    (void)p.frame(window, syn, 1, 0xffffffff);
    (void)p.frame(window, 0, 1, 0xffffffff);
  }));
  CHECK(ends([&](raw_peer& p) { (void)p.frame(window, syn, 2, 0); }));                     // a number of the listener's
  CHECK(ends([&](raw_peer& p) { (void)p.frame(window, syn, 0, 0); }));
  CHECK(ends([&](raw_peer& p) {
    (void)p.frame(window, syn, 1, 0);
    (void)p.frame(window, syn, 1, 0);
  }));
  CHECK(ends([&](raw_peer& p) { (void)p.frame(7, 0, 1, 0); }));                            // a type that is none
  CHECK(ends([&](raw_peer& p) { (void)p.seal(bytes{9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}); }));  // a version that is none
  CHECK_FALSE(ends([&](raw_peer& p) {  // a stream may be opened again after its reset: by the specification that is a stream
    (void)p.frame(window, syn, 1, 0);
    (void)p.frame(window, rst, 1, 0);
    (void)p.frame(data, 0, 1, 10, bytes(10));
  }));
  CHECK(s.serves());
}

TEST_CASE("SEC-11: random frames never do worse than end their session") {
  auto s = siege{27};
  for (auto i = 0u; i < 150; ++i) {
    auto random = sim::seeded_random{i};
    auto const p = s.attacker();
    REQUIRE(p->enter(s.victim().at()));
    for (auto k = 0; k < 200 && !p->over(); ++k) {
      auto const lengths = std::array<std::uint32_t, 6>{0, 1, 100, 262'144, 262'145, 0xffffffff};
      auto const length = lengths[random.below(lengths.size())];
      auto const body = bytes(std::min<std::size_t>(length, 4096));
      if (!p->frame(static_cast<byte>(random.below(5)), static_cast<std::uint16_t>(random.below(16)), static_cast<std::uint32_t>(random.below(12)), length, body)) break;
    }
    s.lab.time.run_for(100ms);
    CHECK(s.waiting() < 512 * 1024);
    s.victim().disconnect(p->id());
  }
  CHECK(s.victim().memory_used() == 0);
  CHECK(s.serves());
}

TEST_CASE("SEC-12: floods of pings, opens and resets by a peer that reads nothing stop at the bound of what is unsent") {
  auto s = siege{28};
  for (auto const kind : {0, 1, 2}) {
    auto const p = s.attacker();
    REQUIRE(p->enter(s.victim().at()));
    s.lab.time.run_for(1s);
    p->reads = false;
    auto frames = byte_queue{};
    auto id = 1u;
    for (auto round = 0; round < 300 && !p->over(); ++round) {
      frames.clear();
      for (auto k = 0; k < 5000; ++k) {
        if (kind == 0) frames.push(raw_peer::frame_of(ping, syn, 0, id++));
        if (kind != 0) frames.push(raw_peer::frame_of(window, syn, id, 0));
        if (kind == 2) frames.push(raw_peer::frame_of(window, rst, id, 0));
        if (kind != 0) id += 2;
      }
      (void)p->seal(frames.view());
      s.lab.time.run_for(50ms);
      CHECK(s.waiting() < 3 * 1024 * 1024);
    }
    CHECK(s.serves());
    s.lab.time.run_for(1min);
    CHECK_FALSE(s.victim().find(p->id()));  // it answers no ping
  }
}
