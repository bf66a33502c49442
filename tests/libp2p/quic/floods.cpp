// What a peer of QUIC may send without end: connection ids to retire, challenges of a path.
#include <cairn/libp2p/quic/session.hpp>

#include "libp2p/quic/raw_dialer.hpp"

#include <catch2/catch.hpp>

#include <malloc.h>

using namespace cairn;
using namespace std::chrono_literals;
using testing::quic_writer;

namespace {

auto heap() -> std::size_t {
  auto const all = ::mallinfo2();
  return all.uordblks + all.hblkhd;
}

/// A listener, and a dialer that has finished its handshake and plays by no other rule.
struct flooded : testing::quic_ends {
  quic_path path{testing::quic_address_of(2), testing::quic_address_of(1)};
  testing::raw_quic_dialer dialer{alice_tls, {.now = now_seconds, .protocols = {"libp2p"}}, source};
  std::optional<quic_session> listener{};
  std::size_t sent = 0, answered = 0, octets = 0;  // datagrams to the listener, and from it
  std::size_t most_ids = 0, ids = 0;

  flooded() : quic_ends{11} {
    for (auto turn = 0; turn < 10 && !(dialer.is_open() && listener && listener->is_open()); ++turn) {
      for (auto const& d : dialer.take_datagrams()) give(d);
      for (auto const& d : take()) dialer.receive(d);
    }
    REQUIRE(dialer.is_open());
    REQUIRE(listener->is_open());
    CHECK(*listener->remote() == alice.public_part());
    sent = answered = octets = 0;
  }

  auto give(bytes_view datagram) -> io_result<void> {
    now += 10us;
    ++sent;
    if (!listener) listener = *quic_session::accept(bob_tls, {.now = now_seconds, .protocols = {"libp2p"}}, {}, path, datagram, source, now);
    auto const ok = listener->receive(path, datagram, now);
    auto const changed = listener->take_ids();
    ids += changed.added.size();
    ids -= changed.removed.size();
    most_ids = std::max(most_ids, ids);
    return ok;
  }
  auto take() -> std::vector<bytes> {
    auto out = std::vector<bytes>{};
    byte one[quic_session::max_datagram];
    for (std::size_t n; (n = listener->send(one, now)) != 0;) {
      out.emplace_back(one, one + n);
      ++answered, octets += n;
    }
    listener->paced(now);
    return out;
  }
  /// Packets of frames until the listener has had enough. What it holds in its worst moment more than at the beginning.
  template <class F>
  auto flood(std::size_t packets, F frames) -> std::size_t {
    auto const before = heap();
    auto most = 0uz;
    for (auto i = 0uz; i < packets; ++i) {
      auto const text = frames(i);
      ended = give(dialer.packet(text));
      if (!ended) break;
      take();
      if (now >= listener->wake_at()) (void)listener->wake(now);
      if (i % 16 == 0) most = std::max(most, heap() - std::min(before, heap()));
    }
    return std::max(most, heap() - std::min(before, heap()));
  }
  io_result<void> ended{};
};

}  // namespace

TEST_CASE("SEC-06: a peer that has connection ids retired without end, and acknowledges nothing, is cut off before it costs anything") {
  auto w = flooded{};
  auto next = std::uint64_t{1};
  auto const held = w.flood(5'000, [&](std::size_t) {
    auto frames = quic_writer{};
    for (auto i = 0; i < 30; ++i, ++next) frames.new_connection_id(next, next);
    return std::move(frames.out);
  });
  INFO(held << " octets held after " << w.sent << " packets");
  CHECK_FALSE(w.ended);
  CHECK(w.sent < 100);
  CHECK(held < 128 * 1024);
  CHECK_FALSE(w.give(w.dialer.packet(quic_writer{}.ping().out)));
}

TEST_CASE("SEC-06: more connection ids than were allowed for end the connection") {
  auto w = flooded{};
  auto next = std::uint64_t{1};
  auto const held = w.flood(1'000, [&](std::size_t) {
    auto frames = quic_writer{};
    for (auto i = 0; i < 30; ++i, ++next) frames.new_connection_id(next, 0);
    return std::move(frames.out);
  });
  CHECK_FALSE(w.ended);
  CHECK(w.sent == 1);
  CHECK(held < 64 * 1024);
}

TEST_CASE("SEC-06: challenges of a path without end cost no memory, and are not answered by more than was sent") {
  auto w = flooded{};
  auto data = std::uint64_t{0};
  auto const held = w.flood(2'000, [&](std::size_t) {
    auto frames = quic_writer{};
    for (auto i = 0; i < 130; ++i) frames.path_challenge(++data);
    return std::move(frames.out);
  });
  CHECK(held < 256 * 1024);
  CHECK(w.answered <= 2 * w.sent);
  CHECK(w.octets <= 2 * w.sent * quic_session::max_datagram);
  // whoever floods is still a peer, or was cut off; in both cases it has the ids of one connection
  CHECK(w.most_ids <= 16);
}
