#pragma once
// The laws of `concept/stream_muxer.hpp`, run by every model: laws::stream_muxer(make), where make(dialer) gives a machine.

#include <cairn/concept/stream_muxer.hpp>
#include <cairn/core/byte_queue.hpp>
#include <cairn/libp2p/stream_event.hpp>

#include "support/cut.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace cairn::laws {

/// One side: the machine and what a driver keeps of its streams.
template <class Machine>
struct muxer_side {
  Machine machine;
  testing::cut_pipe in;  // what the other side writes
  struct stream {
    bytes got{};
    bool finished = false, reset = false;
  };
  std::map<stream_id, stream> streams{};
  std::vector<stream_id> opened{};
  bool failed = false, reads = true;
  std::size_t unread = 0;
  typename Machine::clock_time now{};

  void turn(byte_queue& out) {
    using kind = stream_event::kind;
    while (!failed) {
      auto const s = machine.resume(in.arrived.view(), now, out);
      if (!s) {
        failed = true;
        in.arrived.clear();
        return;
      }
      auto const& e = s->event;
      auto& to = streams[e.id];
      switch (e.what) {
        case kind::opened: opened.push_back(e.id); to = {}; break;
        case kind::data:
          append(to.got, e.data);
          if (reads) machine.consumed(e.id, e.data.size(), now, out);
          else unread += e.data.size();
          break;
        case kind::finished: to.finished = true; break;
        case kind::reset: to.reset = true; break;
        default: break;
      }
      if (s->taken == 0 && e.what == kind::none) return;
      in.arrived.consume(s->taken);
    }
  }
};

template <class Machine>
struct muxer_pair {
  muxer_side<Machine> a, b;

  void run(testing::seeded& random) {
    for (auto moved = true; moved;) {
      moved = false;
      if (b.in.step(random)) moved = true, b.turn(a.in.from);
      if (a.in.step(random)) moved = true, a.turn(b.in.from);
    }
  }
  auto to_b() -> byte_queue& { return b.in.from; }
  auto to_a() -> byte_queue& { return a.in.from; }
};

template <class Make>
void stream_muxer(Make make, std::size_t window) {
  using machine = decltype(make(true));
  auto random = testing::seeded{0x5eed};
  auto const pair = [&](std::size_t piece) {
    return muxer_pair<machine>{{make(true), testing::cut_pipe{piece}}, {make(false), testing::cut_pipe{piece}}};
  };
  SECTION("L1, SEC-08: any number of streams both ways, any cut of the octets") {
    for (auto piece : {1uz, 11uz, 12uz, 13uz, 4096uz, 0uz, 0uz, 0uz}) {
      auto p = pair(piece);
      auto want = std::map<stream_id, std::pair<bytes, bytes>>{};  // to b, to a
      for (auto i = 0; i < 6; ++i) {
        auto const id = *(i % 2 == 0 ? p.a.machine.open(p.to_b()) : p.b.machine.open(p.to_a()));
        for (auto* text : {&want[id].first, &want[id].second}) {
          text->resize(random.below(piece == 1 ? 3000 : 700000));
          random(*text);
        }
      }
      p.run(random);
      REQUIRE(p.a.opened.size() == 3);
      REQUIRE(p.b.opened.size() == 3);
      auto sent = std::map<stream_id, std::pair<std::size_t, std::size_t>>{};
      for (auto left = true; left;) {
        left = false;
        for (auto& [id, texts] : want) {
          auto& [to_b, to_a] = sent[id];
          auto const some = [&](bytes const& text, std::size_t at) { return bytes_view{text}.subspan(at, std::min(text.size() - at, 1 + random.below(100000))); };
          to_b += *p.a.machine.write(id, some(texts.first, to_b), p.to_b());
          to_a += *p.b.machine.write(id, some(texts.second, to_a), p.to_a());
          left = left || to_b < texts.first.size() || to_a < texts.second.size();
        }
        p.run(random);
        REQUIRE_FALSE((p.a.failed || p.b.failed));
      }
      for (auto& [id, texts] : want) {
        p.a.machine.close(id, p.to_b());
        p.b.machine.close(id, p.to_a());
      }
      p.run(random);
      for (auto& [id, texts] : want) {
        CHECK(p.b.streams[id].got == texts.first);
        CHECK(p.a.streams[id].got == texts.second);
        CHECK(p.a.streams[id].finished);
        CHECK(p.b.streams[id].finished);
      }
      CHECK(p.a.machine.stream_count() == 0);
      CHECK(p.b.machine.stream_count() == 0);
    }
  }
  SECTION("L2, SEC-10: a reader that stops bounds its writer to one window, and holds up no other stream") {
    auto p = pair(0);
    auto const slow = *p.a.machine.open(p.to_b()), quick = *p.a.machine.open(p.to_b());
    p.run(random);
    p.b.reads = false;
    auto text = bytes(8 * window);
    random(text);
    auto sent = 0uz;
    for (auto i = 0; i < 100; ++i) {
      sent += *p.a.machine.write(slow, bytes_view{text}.subspan(sent), p.to_b());
      p.run(random);
    }
    CHECK(sent == window);
    CHECK(p.b.unread == window);
    CHECK(p.a.machine.writable(slow) == 0);
    p.b.reads = true;
    for (auto at = 0uz; at < text.size();) {
      at += *p.a.machine.write(quick, bytes_view{text}.subspan(at), p.to_b());
      p.run(random);
    }
    CHECK(p.b.streams[quick].got == text);
    p.b.machine.consumed(slow, window, p.b.now, p.to_a());
    p.run(random);
    CHECK(p.a.machine.writable(slow) >= window);
  }
  SECTION("L3: close ends one direction, reset both") {
    auto p = pair(0);
    auto const id = *p.a.machine.open(p.to_b()), other = *p.a.machine.open(p.to_b());
    p.run(random);
    p.a.machine.close(id, p.to_b());
    p.run(random);
    CHECK(p.b.streams[id].finished);
    CHECK_FALSE(p.a.machine.write(id, bytes{1}, p.to_b()));
    CHECK(p.b.machine.write(id, bytes{1, 2, 3}, p.to_a()));
    p.run(random);
    CHECK(p.a.streams[id].got == bytes{1, 2, 3});
    p.b.machine.close(id, p.to_a());
    p.run(random);
    CHECK(p.a.streams[id].finished);
    p.b.machine.reset(other, p.to_a());
    CHECK(p.a.machine.write(other, bytes{9}, p.to_b()));  // crosses the reset on its way
    p.run(random);
    CHECK(p.a.streams[other].reset);
    CHECK_FALSE(p.a.machine.write(other, bytes{1}, p.to_b()));
    CHECK_FALSE((p.a.failed || p.b.failed));
    CHECK(p.a.machine.stream_count() + p.b.machine.stream_count() == 0);
  }
  SECTION("L4: octets that are no frames end the session, and an error is final") {
    auto p = pair(0);
    p.b.in.from.push(bytes(24, 0xee));
    p.run(random);
    CHECK(p.b.failed);
    CHECK_FALSE(p.b.machine.resume({}, p.b.now, p.to_a()));
    CHECK_FALSE(p.b.machine.open(p.to_a()));
  }
}

}  // namespace cairn::laws
