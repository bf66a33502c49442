#pragma once
// The laws of `concept/secure_channel.hpp`, run by every model: laws::secure_channel(make), where make(dialer, expects) gives
// a machine; `expects` 0 nobody, 1 the other side, 2 somebody else. `ignores`: a protocol whose handshake has octets that are to be
// ignored (RFC 8446 section 5.1, legacy_record_version): where one of them is flipped both sides hold the same keys.

#include <cairn/concept/secure_channel.hpp>
#include <cairn/core/byte_queue.hpp>

#include "support/cut.hpp"

#include <catch2/catch.hpp>

namespace cairn::laws {

template <class Machine>
struct channel_pair {
  Machine a, b;
  testing::cut_pipe to_b, to_a;
  byte_queue text_a, text_b;
  bool failed = false;

  void one(Machine& m, testing::cut_pipe& in, byte_queue& text, byte_queue& wire) {
    auto const was = text.size();
    auto const taken = m.resume(in.arrived.view(), text, wire);
    if (text.size() > was) {
      CHECK(m.is_open());
      CHECK(m.remote().has_value());  // L3
    }
    if (!taken) {
      failed = true;
      in.arrived.clear();
      in.from.clear();
    } else {
      in.arrived.consume(*taken);
    }
  }

  void run(testing::seeded& random) {
    for (auto moved = true; moved && !failed;) {
      moved = false;
      if (to_b.step(random)) moved = true, one(b, to_b, text_b, to_a.from);
      if (to_a.step(random)) moved = true, one(a, to_a, text_a, to_b.from);
    }
  }
  auto open(testing::seeded& random) -> bool {
    REQUIRE(b.start(to_a.from));
    REQUIRE(a.start(to_b.from));
    run(random);
    return !failed && a.is_open() && b.is_open();
  }
};

template <class Make>
void secure_channel(Make make, bool ignores = false) {
  using machine = decltype(make(true, 0));
  auto random = testing::seeded{0x5eed};
  auto const pair = [&](std::size_t piece, int expects = 1) {
    return channel_pair<machine>{make(true, expects), make(false, 0), testing::cut_pipe{piece}, testing::cut_pipe{piece}, {}, {}};
  };
  SECTION("L1, SEC-08: any cut of the octets gives the same text") {
    for (auto piece : {1uz, 2uz, 3uz, 17uz, 18uz, 1000uz, 65536uz, 0uz, 0uz, 0uz}) {
      auto p = pair(piece);
      REQUIRE(p.open(random));
      for (auto size : {0uz, 1uz, 15uz, 16uz, 65518uz, 65519uz, 65520uz, 65535uz, 200000uz}) {
        if (piece != 0 && piece < 1000 && size > 1000) continue;
        auto text = bytes(size);
        random(text);
        REQUIRE(p.a.write(text, p.to_b.from));
        REQUIRE(p.b.write(text, p.to_a.from));
        p.run(random);
        REQUIRE_FALSE(p.failed);
        REQUIRE(testing::to_vector(p.text_b.view()) == text);
        REQUIRE(testing::to_vector(p.text_a.view()) == text);
        p.text_a.clear(), p.text_b.clear();
      }
    }
  }
  SECTION("L2: a flipped bit ends the channel, in the handshake and after it") {
    // after the handshake
    for (auto trial = 0; trial < 64; ++trial) {
      auto p = pair(0);
      REQUIRE(p.open(random));
      auto text = bytes(1 + random.below(300));
      REQUIRE(p.a.write(text, p.to_b.from));
      auto const size = p.to_b.from.size();
      p.to_b.from.writable()[random.below(size)] ^= static_cast<byte>(1 << random.below(8));
      p.run(random);
      // a flipped length may leave the machine waiting; it has delivered nothing
      CHECK(p.text_b.empty());
      if (!p.failed) {  // else the sender may have been told
        auto more = bytes(70000);
        REQUIRE(p.a.write(more, p.to_b.from));
        p.run(random);
      }
      CHECK(p.text_b.empty());
      CHECK(p.failed);
    }
    // in the handshake: neither side may end up open while the other holds other keys
    for (auto trial = 0; trial < 200; ++trial) {
      auto p = pair(0);
      REQUIRE(p.b.start(p.to_a.from));
      REQUIRE(p.a.start(p.to_b.from));
      auto const victim = random.below(3);
      for (auto flight = 0uz; flight < 3; ++flight) {
        auto& pipe = flight % 2 == 0 ? p.to_b : p.to_a;
        if (flight == victim && !pipe.from.empty())
          pipe.from.writable()[2 + random.below(pipe.from.size() - 2)] ^= static_cast<byte>(1 << random.below(8));
        while (pipe.step(random))
          if (flight % 2 == 0) p.one(p.b, p.to_b, p.text_b, p.to_a.from);
          else p.one(p.a, p.to_a, p.text_a, p.to_b.from);
      }
      if (!ignores || p.failed || !p.a.is_open() || !p.b.is_open()) {
        CHECK_FALSE((p.a.is_open() && p.b.is_open()));
        continue;
      }
      auto text = bytes(100);
      random(text);
      REQUIRE(p.a.write(text, p.to_b.from));
      REQUIRE(p.b.write(text, p.to_a.from));
      p.run(random);
      CHECK_FALSE(p.failed);
      CHECK(testing::to_vector(p.text_b.view()) == text);
      CHECK(testing::to_vector(p.text_a.view()) == text);
    }
  }
  SECTION("L3: another peer than the expected one is refused before a word of it") {
    auto p = pair(0, 2);
    CHECK_FALSE(p.open(random));
    CHECK_FALSE(p.a.is_open());
    CHECK(p.text_a.empty());
  }
  SECTION("an error is final") {
    auto p = pair(0);
    REQUIRE(p.open(random));
    auto zeros = bytes(100);
    byte_queue text, wire;
    REQUIRE_FALSE(p.a.resume(zeros, text, wire));
    CHECK_FALSE(p.a.resume({}, text, wire));
    CHECK_FALSE(p.a.write(zeros, wire));
  }
}

}  // namespace cairn::laws
