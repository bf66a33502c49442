#include <cairn/libp2p/quic/session.hpp>

#include <cairn/crypto/header_mask.hpp>
#include <cairn/multiformats/multibase.hpp>

#include "libp2p/quic/raw_dialer.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <map>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

auto hex(std::string_view text) -> bytes { return *decode_base(multibase::base16, text); }

// Two sessions in virtual time; what travels may be lost, doubled or out of order.
struct world : testing::quic_ends {
  world() : quic_ends{5} {}

  quic_options options{};
  std::optional<quic_session> a, b;
  std::deque<bytes> to_a, to_b;
  std::map<stream_id, bytes> got_a, got_b;
  std::vector<stream_id> opened{}, ended{}, gone{};
  std::optional<error> failed_a{}, failed_b{};
  unsigned loss = 0;  // of 100
  byte home = 0;      // which host the dialer's datagrams come from
  bool reads = true;
  std::optional<quic_retry> retry{};
  std::optional<std::string> first{};

  auto tls(std::optional<peer_id> expected = {}) -> tls_options { return {.expected = expected, .now = now_seconds, .protocols = {"libp2p"}}; }
  auto path_a() const -> quic_path { return {testing::quic_address_of(1), testing::quic_address_of(2)}; }
  auto path_b() const -> quic_path {
    auto there = testing::quic_address_of(1);
    there.octets[7] = home;
    return {testing::quic_address_of(2), there};
  }

  void dial(std::optional<peer_id> expected = {}) { a = *quic_session::dial(alice_tls, tls(expected), options, path_a(), source, now); }
  void collect(quic_session& s, std::map<stream_id, bytes>& got) {
    while (auto const e = s.next_event()) {
      using kind = stream_event::kind;
      if (e->what == kind::opened) opened.push_back(e->id);
      if (e->what == kind::finished) ended.push_back(e->id);
      if (e->what == kind::reset) gone.push_back(e->id);
      if (e->what != kind::data) continue;
      append(got[e->id], e->data);
      if (reads) s.consumed(e->id, e->data.size());
    }
  }
  void send(quic_session& s, std::deque<bytes>& to) {
    byte out[quic_session::max_datagram];
    for (std::size_t n; (n = s.send(out, now)) != 0;)
      if (random.below(100) >= loss) to.emplace_back(out, out + n);
    s.paced(now);
  }
  // Until nothing moves for the given time.
  void run(std::chrono::nanoseconds time = 3s) {
    auto const end = now + time;
    while (now < end) {
      if (a) send(*a, to_b);
      if (b) send(*b, to_a);
      if (to_a.empty() && to_b.empty()) {
        auto next = end;
        for (auto* s : {&a, &b})
          if (*s) next = std::min(next, (*s)->wake_at());
        now = std::max(now + 1ms, next);
        if (a && !failed_a)
          if (auto const ok = a->wake(now); !ok) failed_a = ok.error();
        if (b && !failed_b)
          if (auto const ok = b->wake(now); !ok) failed_b = ok.error();
        continue;
      }
      now += 100us;
      for (auto left = to_b.size(); left != 0; --left) {
        auto const d = std::move(to_b.front());
        to_b.pop_front();
        if (!b && retry) {
          auto const head = read_quic_head(d);
          first = retry->check(head->token, testing::quic_address_of(1), now);
          if (!first) {
            byte out[256];
            auto const n = retry->answer(*head, testing::quic_address_of(1), source, now, out);
            CHECK(n < d.size());
            to_a.emplace_back(out, out + n);
            continue;
          }
        }
        if (!b) {
          auto made = quic_session::accept(bob_tls, tls(), options, path_b(), d, source, now, first);
          if (!made) continue;
          b = *std::move(made);
        }
        if (failed_b) continue;
        if (auto const ok = b->receive(path_b(), d, now); !ok) fail(*b, ok.error(), failed_b, to_a);
        collect(*b, got_b);
      }
      for (auto left = to_a.size(); left != 0; --left) {
        auto const d = std::move(to_a.front());
        to_a.pop_front();
        if (failed_a) continue;
        if (auto const ok = a->receive(path_a(), d, now); !ok) fail(*a, ok.error(), failed_a, to_b);
        collect(*a, got_a);
      }
    }
  }
  void fail(quic_session& s, error e, std::optional<error>& to, std::deque<bytes>& wire) {
    to = std::move(e);
    byte out[quic_session::max_datagram];
    if (auto const n = s.farewell(out, now); n != 0) wire.emplace_back(out, out + n);
  }
};

}  // namespace

TEST_CASE("RFC 9001, appendix A: the masks of its samples") {
  auto const one = [](aead_kind k, std::string_view key, std::string_view sample, std::string_view want) {
    auto mask = header_mask{k, hex(key)};
    auto const in = hex(sample);
    byte out[16];
    mask.make(in.data(), out);
    CHECK(bytes(out, out + 5) == hex(want));
  };
  one(aead_kind::aes_128_gcm, "9f50449e04a0e810283a1e9933adedd2", "d1b1c98dd7689fb8ec11d242b123dc9b", "437b9aec36");
  one(aead_kind::chacha20_poly1305, "25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4", "5e5cd55c41f69080575d7999c25a5bfb", "aefefe7d03");
}

TEST_CASE("QUIC: both sides learn whom they talk to, and streams carry what was written, on any road") {
  for (auto loss : {0u, 10u, 30u}) {
    auto w = world{};
    w.loss = loss;
    w.dial(peer_id::of(w.bob.public_part()));
    w.run(5s);
    REQUIRE(w.a->is_open());
    REQUIRE(w.b->is_open());
    CHECK(*w.a->remote() == w.bob.public_part());
    CHECK(*w.b->remote() == w.alice.public_part());
    auto texts = std::map<stream_id, std::pair<bytes, std::size_t>>{};
    for (auto i = 0; i < 4; ++i) {
      auto text = bytes(100'000 * static_cast<std::size_t>(i) + 1);
      w.random(text);
      texts[w.a->open().value()] = {std::move(text), 0};
    }
    for (auto left = true; left;) {
      left = false;
      for (auto& [id, t] : texts) {
        t.second += w.a->write(id, bytes_view{t.first}.subspan(t.second));
        left = left || t.second < t.first.size();
      }
      w.run(500ms);
      REQUIRE_FALSE((w.failed_a || w.failed_b));
    }
    for (auto& [id, t] : texts) w.a->close(id);
    w.run(10s);
    for (auto& [id, t] : texts) CHECK(w.got_b[id] == t.first);
    CHECK(w.ended.size() == 4);
    CHECK(w.opened.size() == 4);
    for (auto id : w.opened) w.b->close(id);
    w.run(10s);
    CHECK(w.a->stream_count() + w.b->stream_count() == 0);
  }
}

TEST_CASE("SEC-10: a reader of QUIC that stops bounds its writer, and holds up no other stream") {
  auto w = world{};
  w.dial();
  w.run();
  w.reads = false;
  auto const id = w.a->open().value();
  auto const text = bytes(8 << 20, 7);
  auto sent = 0uz;
  for (auto i = 0; i < 50; ++i) {
    sent += w.a->write(id, bytes_view{text}.subspan(sent));
    w.run(100ms);
  }
  CHECK(w.got_b[id].size() == w.options.stream_window);
  CHECK(sent <= w.options.stream_window + w.options.max_unsent);
  CHECK(w.a->writable(id) == 0);
  auto const other = w.a->open().value();
  REQUIRE(w.a->write(other, bytes(1000, 1)) == 1000);
  w.run(1s);
  CHECK(w.got_b[other].size() == 1000);
}

TEST_CASE("SEC-05: in a flood a dialer proves its address before anything is kept of it; a token is for one address and a short time") {
  auto w = world{};
  w.retry.emplace(w.source);
  w.dial(peer_id::of(w.bob.public_part()));
  w.run();
  REQUIRE(w.first);
  CHECK(w.a->is_open());
  CHECK(w.b->is_open());

  auto const from = testing::quic_address_of(1), other = testing::quic_address_of(3);
  auto token = bytes{};
  byte out[256];
  auto const head = quic_head{.id = "12345678", .source = "abcdefgh", .is_initial = true};
  auto const n = w.retry->answer(head, from, w.source, w.now, out);
  // behind the head, two ids with their lengths, before the tag
  token.assign(out + 5 + 1 + 8 + 1 + 16, out + n - 16);
  CHECK(w.retry->check(token, from, w.now) == "12345678");
  CHECK_FALSE(w.retry->check(token, other, w.now));
  CHECK_FALSE(w.retry->check(token, from, w.now + 12s));
  CHECK_FALSE(quic_retry{w.source}.check(token, from, w.now));
  token[3] ^= 1;
  CHECK_FALSE(w.retry->check(token, from, w.now));
}

TEST_CASE("QUIC: another peer than the expected one is refused, and is told") {
  auto w = world{};
  w.dial(peer_id::of(w.alice.public_part()));
  w.run();
  REQUIRE(w.failed_a);
  CHECK(*w.failed_a == tls_errc::wrong_peer);
  CHECK(w.failed_b);
  CHECK_FALSE(w.b->is_open());
}

TEST_CASE("QUIC: close ends one direction, reset both; a silent peer ends the connection") {
  auto w = world{};
  w.dial();
  w.run();
  auto const id = w.a->open().value(), other = w.a->open().value();
  CHECK(w.a->write(id, bytes(10, 1)) == 10);
  CHECK(w.a->write(other, bytes(10, 1)) == 10);
  w.a->close(id);
  w.run(200ms);
  CHECK(w.ended == std::vector<stream_id>{id});
  CHECK(w.a->write(id, bytes(1)) == 0);
  CHECK(w.b->write(id, bytes(5, 2)) == 5);
  w.run(200ms);
  CHECK(w.got_a[id] == bytes(5, 2));
  w.b->reset(other);
  w.run(200ms);
  CHECK(w.gone == std::vector<stream_id>{other});
  CHECK(w.a->write(other, bytes(1)) == 0);
  w.loss = 100;
  w.run(60s);
  CHECK(w.failed_a);
  CHECK(w.failed_b);
}

TEST_CASE("SEC-06: a dialer that moves and comes back at once ends nothing, and what it writes arrives") {
  // while the listener learns how long datagrams may be, and after
  auto tried = 0;
  for (auto first = 15ms + 0us; first < 30ms; first += 100us) {
    auto w = world{};
    w.dial();
    w.run(first);
    if (!w.b || !w.b->is_open()) continue;
    auto const id = w.a->open().value();
    REQUIRE(w.a->write(id, as_bytes("x")) == 1);
    // a small datagram from another address: too little to answer with a challenge of full size; the answer to it comes from the old one
    byte out[quic_session::max_datagram];
    while (auto const n = w.a->send(out, w.now)) {
      w.home = n < 400 ? 3 : 0;
      tried += n < 400;
      REQUIRE(w.b->receive(w.path_b(), {out, n}, w.now));
      w.collect(*w.b, w.got_b);
    }
    w.home = 0;
    w.run(12s);
    CHECK_FALSE(w.failed_a);
    CHECK_FALSE(w.failed_b);
    CHECK(w.got_b[id].size() == 1);
  }
  CHECK(tried > 5);
}

TEST_CASE("QUIC: what a listener looks at a new address with goes there, not to the old one") {
  auto w = world{};
  w.dial();
  w.run();
  auto const id = w.a->open().value();
  REQUIRE(w.a->write(id, bytes(1000, 1)) == 1000);
  w.home = 3;
  byte out[quic_session::max_datagram];
  while (auto const n = w.a->send(out, w.now)) REQUIRE(w.b->receive(w.path_b(), {out, n}, w.now));
  auto there = 0;
  while (w.b->send(out, w.now) != 0) there += w.b->target() == w.path_b().remote;
  CHECK(there > 0);
  auto const farewell = w.b->farewell(out, w.now);
  CHECK(farewell != 0);
}

TEST_CASE("QUIC: who has lost a connection says so by a token that only the other side knows, and that ends it") {
  auto w = world{};
  for (auto i = 0u; i < 32; ++i) w.options.reset_secret[i] = static_cast<byte>(i + 1);
  w.dial();
  w.run();
  auto const id = w.a->open().value();
  REQUIRE(w.a->write(id, bytes(100, 1)) == 100);
  byte out[quic_session::max_datagram];
  auto const n = w.a->send(out, w.now);
  auto const head = read_quic_head({out, n});
  REQUIRE(head);
  CHECK_FALSE(head->is_long);
  auto const resets = quic_reset{w.options.reset_secret};
  CHECK(quic_reset::size_for(21) == 0);
  CHECK(quic_reset::size_for(22) == 21);
  auto const size = quic_reset::size_for(n);
  REQUIRE(size == quic_reset::most_size);
  auto reset = bytes(size);
  resets.write(as_bytes(head->id), w.source, reset);
  CHECK((reset[0] & 0xc0) == 0x40);
  auto const from = w.path_a().remote;
  auto forged = reset;
  forged.back() ^= 1;
  CHECK_FALSE(w.a->is_reset_by(from, forged));
  CHECK_FALSE(w.a->is_reset_by(testing::quic_address_of(9), reset));
  CHECK_FALSE(w.b->is_reset_by(w.path_b().remote, reset));
  CHECK_FALSE(w.a->is_reset_by(from, bytes_view{reset}.first(20)));
  CHECK(w.a->is_open());
  CHECK(w.a->is_reset_by(from, reset));
  CHECK_FALSE(w.a->is_open());
  CHECK(w.a->farewell(out, w.now) == 0);
  // of another secret, after a restart with another key
  auto other = w.options.reset_secret;
  other[0] ^= 1;
  CHECK(quic_reset{other}.token(as_bytes(head->id)) != resets.token(as_bytes(head->id)));
}

TEST_CASE("QUIC: a dialer whose address is another from now on is followed there, within some round trips") {
  auto w = world{};
  w.dial();
  w.run();
  auto const id = *w.a->open();
  for (auto home : {3, 4, 0}) {
    w.home = static_cast<byte>(home);
    REQUIRE(w.a->write(id, as_bytes("x")) == 1);
    w.run(500ms);
    CHECK(w.got_b[id].size() == (home == 3 ? 1u : home == 4 ? 2u : 3u));
  }
  CHECK_FALSE(w.failed_b);
}

TEST_CASE("SEC-06, SEC-04: datagrams of anything end nothing and cost nothing; a version that is not known is answered") {
  auto w = world{};
  w.dial();
  w.run();
  for (auto i = 0; i < 2000; ++i) {
    auto junk = bytes(1 + w.random.below(1500));
    w.random(junk);
    if (i % 2 == 0) junk[0] |= 0xc0;
    (void)read_quic_head(junk);
    (void)w.b->receive(w.path_b(), junk, w.now);
    CHECK_FALSE(quic_session::accept(w.bob_tls, w.tls(), w.options, w.path_b(), junk, w.source, w.now));
  }
  CHECK(w.b->is_open());
  auto const id = w.a->open().value();
  CHECK(w.a->write(id, bytes(10, 1)) == 10);
  w.run();
  CHECK(w.got_b[id].size() == 10);

  auto other = bytes(1200);
  other[0] = 0xc0, other[1] = 0xff, other[4] = 0x1d, other[5] = 8, other[14] = 4;  // draft-29 (IX-51)
  auto const head = read_quic_head(other);
  REQUIRE(head);
  CHECK(head->unknown_version);
  byte out[256];
  auto const n = quic_version_negotiation(*head, out);
  REQUIRE(n > 7);
  CHECK(bytes(out + 1, out + 5) == bytes(4));
  CHECK(bytes(out + n - 4, out + n) == bytes{0, 0, 0, 1});
}
