#include <cairn/libp2p/tls/channel.hpp>

#include "laws/secure_channel.hpp"

namespace cairn {

struct tls_identity_access {
  /// Somebody's certificate before a key that is not its.
  static auto stolen(tls_identity const& certificate, tls_identity key) -> tls_identity {
    key.certificate_ = certificate.certificate_;
    return key;
  }
};

}  // namespace cairn

using namespace cairn;
using testing::seeded;

namespace {

constexpr auto now = std::int64_t{1'767'225'600};

struct peers {
  seeded random{7};
  random_source source{random};
  private_key alice = *private_key::generate(key_type::ed25519, 0, source), bob = *private_key::generate(key_type::secp256k1, 0, source);
  tls_identity alice_tls = *tls_identity::make(alice, now), bob_tls = *tls_identity::make(bob, now);

  auto options(bool dialer) -> tls_options { return {.dialer = dialer, .now = now, .protocols = {"/yamux/1.0.0", "libp2p"}}; }
  auto dialer(std::optional<peer_id> expected = {}) -> tls_channel {
    auto o = options(true);
    o.expected = expected;
    return tls_channel{alice_tls, o, source};
  }
  auto listener() -> tls_channel { return tls_channel{bob_tls, options(false), source}; }
};

struct wires {
  byte_queue ab, ba, text_a, text_b;
};

// Both sides to the end of the handshake, or the first error.
auto shake(tls_channel& a, tls_channel& b, wires& w) -> std::optional<error> {
  if (auto const ok = a.start(w.ab); !ok) return ok.error();
  for (auto i = 0; i < 4; ++i) {
    if (auto const n = b.resume(w.ab.view(), w.text_b, w.ba); !n) return n.error();
    else w.ab.consume(*n);
    if (auto const n = a.resume(w.ba.view(), w.text_a, w.ab); !n) return n.error();
    else w.ba.consume(*n);
  }
  return std::nullopt;
}

auto record(byte type, bytes_view body) -> bytes {
  auto out = bytes{type, 3, 3, static_cast<byte>(body.size() >> 8), static_cast<byte>(body.size())};
  append(out, body);
  return out;
}

}  // namespace

TEST_CASE("TLS keeps the laws of a secure channel") {
  auto p = peers{};
  auto const bob = peer_id::of(p.bob.public_part()), alice = peer_id::of(p.alice.public_part());
  laws::secure_channel([&](bool dialer, int expects) {
    return dialer ? p.dialer(expects == 0 ? std::optional<peer_id>{} : expects == 1 ? bob : alice) : p.listener();
  }, true);
}

TEST_CASE("IX-44: peers with keys of every type prove them in the handshake") {
  auto random = seeded{3};
  auto const source = random_source{random};
  auto p = peers{};
  for (auto type : {key_type::ed25519, key_type::secp256k1, key_type::ecdsa, key_type::rsa}) {
    auto const key = *private_key::generate(type, 0, source);
    auto const own = *tls_identity::make(key, now);
    for (auto dials : {true, false}) {
      auto a = tls_channel{dials ? own : p.alice_tls, p.options(true), source}, b = tls_channel{dials ? p.bob_tls : own, p.options(false), source};
      auto w = wires{};
      REQUIRE_FALSE(shake(a, b, w));
      CHECK(*a.remote() == (dials ? p.bob : key).public_part());
      CHECK(*b.remote() == (dials ? key : p.alice).public_part());
    }
  }
}

TEST_CASE("IX-44, IX-49: the first muxer of the dialer that the listener has; libp2p means that it is negotiated; nothing in common is an error") {
  auto p = peers{};
  struct row { std::vector<std::string> dialer, listener; std::string_view want; };
  for (auto const& [dialer, listener, want] :
       {row{{"/mplex/6.7.0", "/yamux/1.0.0", "libp2p"}, {"/yamux/1.0.0", "/mplex/6.7.0", "libp2p"}, "/mplex/6.7.0"},
        row{{"/yamux/1.0.0", "libp2p"}, {"/mplex/6.7.0", "/yamux/1.0.0"}, "/yamux/1.0.0"}, row{{"libp2p"}, {"/yamux/1.0.0", "libp2p"}, ""},
        row{{}, {"/yamux/1.0.0", "libp2p"}, ""}}) {
    auto one = p.options(true), other = p.options(false);
    one.protocols = dialer, other.protocols = listener;
    auto a = tls_channel{p.alice_tls, one, p.source}, b = tls_channel{p.bob_tls, other, p.source};
    auto w = wires{};
    REQUIRE_FALSE(shake(a, b, w));
    CHECK(a.early_muxer() == want);
    CHECK(b.early_muxer() == want);
  }
  auto other = p.options(false);
  other.protocols = {"h2"};
  auto a = p.dialer(), b = tls_channel{p.bob_tls, other, p.source};
  auto w = wires{};
  CHECK(shake(a, b, w).value() == tls_errc::no_protocol);
  auto const told = a.resume(w.ba.view(), w.text_a, w.ab);
  REQUIRE_FALSE(told);
  CHECK(told.error() == tls_errc::alert);
  CHECK(told.error().subject() == "alert 120");
}

TEST_CASE("SEC-04: certificates outside their time end the handshake, on both sides, with an alert") {
  auto p = peers{};
  auto const century = std::int64_t{101} * 365 * 24 * 3600;
  for (auto dialer_is_late : {true, false}) {
    auto one = p.options(true), other = p.options(false);
    (dialer_is_late ? one : other).now = now + century;
    auto a = tls_channel{p.alice_tls, one, p.source}, b = tls_channel{p.bob_tls, other, p.source};
    auto w = wires{};
    CHECK(shake(a, b, w).value() == x509::certificate_errc::expired);
    CHECK_FALSE(b.is_open());
    auto& victim = dialer_is_late ? b : a;
    auto& wire = dialer_is_late ? w.ab : w.ba;
    auto const told = victim.resume(wire.view(), w.text_a, w.ba);
    REQUIRE_FALSE(told);
    CHECK(told.error() == tls_errc::alert);
  }
}

TEST_CASE("SEC-01, SEC-04: records and messages that lie about their length cost nothing and end the channel") {
  auto p = peers{};
  byte_queue text, wire;
  SECTION("a record above 16 KiB, from its head alone") {
    auto b = p.listener();
    CHECK(b.resume(bytes{22, 3, 1, 0x40, 0x01}, text, wire).error() == tls_errc::too_long);
  }
  SECTION("a message of 16 MiB, from its head alone") {
    auto b = p.listener();
    CHECK(b.resume(record(22, bytes{1, 0xff, 0xff, 0xff}), text, wire).error() == tls_errc::message_too_long);
  }
  SECTION("octets that are no TLS") {
    auto b = p.listener();
    CHECK(b.resume(as_bytes("GET / HTTP/1.1\r\n"), text, wire).error() == tls_errc::unexpected_message);
  }
  SECTION("empty records, and more than the two of compatibility") {
    auto b = p.listener();
    auto const one = record(20, bytes{1});
    CHECK(b.resume(one, text, wire));
    CHECK(b.resume(one, text, wire));
    CHECK(b.resume(one, text, wire).error() == tls_errc::unexpected_message);
    auto c = p.listener();
    CHECK(c.resume(record(22, {}), text, wire).error() == tls_errc::unexpected_message);
  }
  SECTION("text before the handshake") {
    auto b = p.listener();
    CHECK(b.resume(record(23, bytes(40)), text, wire).error() == tls_errc::unexpected_message);
    CHECK(text.empty());
  }
  SECTION("every message of the handshake, cut at every place with its length corrected") {
    for (auto flight = 0; flight < 2; ++flight) {
      auto whole = bytes{};
      {
        auto a = p.dialer(), b = p.listener();
        byte_queue ab, ba;
        REQUIRE(a.start(ab));
        if (flight == 1) REQUIRE(b.resume(ab.view(), text, ba));
        auto const view = (flight == 0 ? ab : ba).view();
        whole.assign(view.begin() + 5, view.begin() + 5 + (view[3] << 8 | view[4]));  // the hello of either side
      }
      for (auto n = 4uz; n < whole.size(); n += 3) {
        auto cut = bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        cut[2] = static_cast<byte>((n - 4) >> 8), cut[3] = static_cast<byte>(n - 4);
        auto victim = flight == 0 ? p.listener() : p.dialer();
        byte_queue out;
        REQUIRE(victim.start(out));
        CHECK_FALSE(victim.resume(record(22, cut), text, out));
      }
    }
    CHECK(text.empty());
  }
}

TEST_CASE("SEC-04: a certificate without its key opens nothing (RFC 8446, 4.4.3)") {
  auto p = peers{};
  auto const thief = tls_identity_access::stolen(p.bob_tls, p.alice_tls);
  auto w = wires{};
  auto a = p.dialer(), b = tls_channel{thief, p.options(false), p.source};
  CHECK(shake(a, b, w).value() == tls_errc::bad_signature);
  CHECK_FALSE(a.is_open());
  auto c = tls_channel{thief, p.options(true), p.source}, d = p.listener();
  auto v = wires{};
  CHECK(shake(c, d, v).value() == tls_errc::bad_signature);
  CHECK_FALSE(d.is_open());
}

TEST_CASE("SEC-04: a share of low order ends the handshake") {
  auto p = peers{};
  auto a = p.dialer(), b = p.listener();
  byte_queue ab, ba, text;
  REQUIRE(a.start(ab));
  auto hello = testing::to_vector(ab.view());
  // the share stands behind its group and its length
  byte const mark[]{0x00, 0x1d, 0x00, 0x20};
  auto const at = std::search(hello.begin(), hello.end(), std::begin(mark), std::end(mark));
  REQUIRE(at != hello.end());
  std::fill_n(at + 4, 32, byte{0});
  CHECK(b.resume(hello, text, ba).error() == tls_errc::bad_point);
}

TEST_CASE("SEC-17: no flipped bit of the handshake opens both sides") {
  auto p = peers{};
  // nothing, where the flight has no such bit: signatures differ in length from one handshake to the next
  auto const opens = [&](int flight, std::size_t bit, std::size_t& size) -> std::optional<bool> {
    auto a = p.dialer(), b = p.listener();
    auto w = wires{};
    auto flipped = false;
    auto const flip = [&](byte_queue& q) {
      size = q.size();
      flipped = bit / 8 < size;
      if (flipped) q.writable()[bit / 8] ^= static_cast<byte>(1 << bit % 8);
    };
    REQUIRE(a.start(w.ab));
    if (flight == 0) flip(w.ab);
    if (!b.resume(w.ab.view(), w.text_b, w.ba)) return false;
    if (flight == 1) flip(w.ba);
    w.ab.clear();
    if (!a.resume(w.ba.view(), w.text_a, w.ab)) return false;
    if (flight == 2) flip(w.ab);
    auto const both = b.resume(w.ab.view(), w.text_b, w.ba).has_value() && a.is_open() && b.is_open();
    if (!flipped) {
      CHECK(both);
      return std::nullopt;
    }
    return both;
  };
  for (auto flight = 0; flight < 3; ++flight) {
    auto size = 1uz;
    auto opened = std::vector<std::size_t>{};
    auto tried = 0uz;
    for (auto bit = 0uz; bit < 8 * size; bit += flight == 0 ? 1 : 13) {
      auto const open = opens(flight, bit, size);
      tried += open.has_value();
      if (open.value_or(false)) opened.push_back(bit);
    }
    CHECK(tried > 100);
    // "legacy_record_version ... MUST be ignored for all purposes" (5.1): the one octet of a record that nothing protects
    for (auto bit : opened) CHECK(bit / 8 == 2);
  }
}

TEST_CASE("SEC-17: no flipped bit of any message, without the records that protect them, ends in a handshake that both sides finish") {
  auto p = peers{};
  // one handshake; of the message `victim` the given part is flipped, if it has it: proofs differ in length from one to the next
  auto flipped = false;
  auto const run = [&](std::size_t victim, std::size_t part, std::size_t& messages, std::size_t& size) {
    flipped = false;
    auto a = tls_handshake{p.alice_tls, p.options(true), p.source}, b = tls_handshake{p.bob_tls, p.options(false), p.source};
    a.start();
    messages = 0;
    for (auto turn = 0; turn < 4; ++turn) {
      auto& from = turn % 2 == 0 ? a : b;
      auto& to = turn % 2 == 0 ? b : a;
      for (auto& o : from.take_outputs()) {
        if (o.what != tls_output::kind::message) continue;
        for (auto rest = bytes_view{o.data}; !rest.empty();) {
          auto const n = 4 + (std::size_t{rest[1]} << 16 | std::size_t{rest[2]} << 8 | rest[3]);
          auto message = bytes(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(n));
          rest = rest.subspan(n);
          if (messages++ == victim) {
            size = n;
            flipped = part / 8 < n;
            if (flipped) message[part / 8] ^= static_cast<byte>(1 << part % 8);
          }
          if (!to.resume(o.level, message)) return false;
        }
      }
    }
    return a.is_finished() && b.is_finished();
  };
  auto messages = 0uz, size = 0uz;
  REQUIRE(run(99, 0, messages, size));
  REQUIRE(messages == 10);  // two hellos, extensions, the question, two times certificate, proof and end
  for (auto victim = 0uz; victim < messages; ++victim) {
    auto all = 0uz;
    size = 1;
    auto tried = 0uz;
    for (auto part = 0uz; part < 8 * size; part += 7) {
      auto const finished = run(victim, part, all, size);
      tried += flipped;
      if (finished == flipped) FAIL_CHECK("message " << victim << ", bit " << part << (flipped ? "" : ", which it does not have"));
    }
    CHECK(tried >= 4);
  }
}

TEST_CASE("keys change when either side asks, and a flood of changes ends the channel (SEC-12)") {
  auto p = peers{};
  auto a = p.dialer(), b = p.listener();
  auto w = wires{};
  REQUIRE_FALSE(shake(a, b, w));
  CHECK(b.resume(record(20, bytes{1}), w.text_b, w.ba).error() == tls_errc::unexpected_message);  // compatibility ends with the handshake
}
