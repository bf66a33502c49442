#include <cairn/libp2p/noise.hpp>

#include <cairn/core/limits.hpp>
#include <cairn/core/protobuf.hpp>
#include <cairn/crypto/x25519.hpp>

#include "laws/secure_channel.hpp"

using namespace cairn;
using testing::seeded;

namespace {

struct peers {
  seeded random{7};
  random_source source{random};
  private_key alice = *private_key::generate(key_type::ed25519, 0, source), bob = *private_key::generate(key_type::secp256k1, 0, source);
  noise_identity alice_noise = *noise_identity::make(alice, source), bob_noise = *noise_identity::make(bob, source);

  auto dialer(std::optional<peer_id> expected = {}) -> noise_channel {
    return noise_channel{alice_noise, {.dialer = true, .expected = expected}, source};
  }
  auto listener() -> noise_channel { return noise_channel{bob_noise, {.dialer = false}, source}; }
};

// Both sides to the end of the handshake, unless one fails.
auto shake(noise_channel& a, noise_channel& b) -> std::optional<noise_errc> {
  byte_queue ab, ba, none;
  if (auto const ok = a.start(ab); !ok) return ok.error();
  for (auto i = 0; i < 3; ++i) {
    if (auto const n = b.resume(ab.view(), none, ba); !n) return n.error();
    else ab.consume(*n);
    if (auto const n = a.resume(ba.view(), none, ab); !n) return n.error();
    else ba.consume(*n);
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("noise keeps the laws of a secure channel") {
  auto p = peers{};
  auto const bob = peer_id::of(p.bob.public_part()), alice = peer_id::of(p.alice.public_part());
  laws::secure_channel([&](bool dialer, int expects) {
    return dialer ? p.dialer(expects == 0 ? std::optional<peer_id>{} : expects == 1 ? bob : alice) : p.listener();
  });
}

TEST_CASE("both sides learn whom they talk to, with keys of every type") {
  auto random = seeded{3};
  auto const source = random_source{random};
  for (auto type : {key_type::ed25519, key_type::secp256k1, key_type::ecdsa, key_type::rsa}) {
    auto const one = *private_key::generate(type, 0, source), other = *private_key::generate(key_type::ed25519, 0, source);
    auto const mine = *noise_identity::make(one, source), theirs = *noise_identity::make(other, source);
    auto a = noise_channel{mine, {.dialer = true, .expected = peer_id::of(other.public_part())}, source};
    auto b = noise_channel{theirs, {.dialer = false}, source};
    REQUIRE_FALSE(shake(a, b));
    CHECK(*a.remote() == other.public_part());
    CHECK(*b.remote() == one.public_part());
  }
}

TEST_CASE("IX-45: the first muxer of the dialer that the listener has; what is not known is skipped") {
  auto random = seeded{4};
  auto const source = random_source{random};
  auto const key = *private_key::generate(key_type::ed25519, 0, source);
  auto const of = [&](std::vector<std::string> muxers) { return *noise_identity::make(key, source, {{}, std::move(muxers)}); };
  auto const both = of({"/mplex/6.7.0", "/yamux/1.0.0"}), yamux_first = of({"/yamux/1.0.0", "/mplex/6.7.0"}), none = of({});
  struct row { noise_identity const& dialer; noise_identity const& listener; std::string_view want; };
  for (auto const& [dialer, listener, want] : {row{both, yamux_first, "/mplex/6.7.0"}, row{yamux_first, both, "/yamux/1.0.0"}, row{both, none, ""}, row{none, both, ""}}) {
    auto a = noise_channel{dialer, {.dialer = true}, source}, b = noise_channel{listener, {.dialer = false}, source};
    REQUIRE_FALSE(shake(a, b));
    CHECK(a.early_muxer() == want);
    CHECK(b.early_muxer() == want);
  }
  auto payload = encode_noise_payload(both.payload());
  append_protobuf(payload, 99, as_bytes("later"));
  append_protobuf(payload, 3, as_bytes("data of an older draft"));
  CHECK(decode_noise_payload(payload) == both.payload());
}

TEST_CASE("a dialer that knows certificate hashes insists on them") {
  auto random = seeded{5};
  auto const source = random_source{random};
  auto const key = *private_key::generate(key_type::ed25519, 0, source);
  auto const hash = bytes{0x12, 0x02, 1, 2}, other = bytes{0x12, 0x02, 3, 4};
  auto const listens = *noise_identity::make(key, source, {{hash}, {}}), dials = *noise_identity::make(key, source);
  auto a = noise_channel{dials, {.dialer = true, .certhashes = {hash}}, source}, b = noise_channel{listens, {.dialer = false}, source};
  CHECK_FALSE(shake(a, b));
  auto c = noise_channel{dials, {.dialer = true, .certhashes = {hash, other}}, source}, d = noise_channel{listens, {.dialer = false}, source};
  CHECK(shake(c, d) == noise_errc::unknown_certhash);
}

TEST_CASE("IX-43: the payload is exactly the protobuf, and its signature is of the static key") {
  auto p = peers{};
  auto const& payload = p.alice_noise.payload();
  auto const static_key = x25519_public(p.alice_noise.secret());
  CHECK(decode_noise_payload(encode_noise_payload(payload)) == payload);
  CHECK(verify_noise_payload(payload, static_key) == p.alice.public_part());
  auto other = static_key;
  other[3] ^= 1;
  CHECK(verify_noise_payload(payload, other).error() == noise_errc::bad_signature);
  auto unsigned_one = payload;
  unsigned_one.identity_sig.clear();
  CHECK(verify_noise_payload(unsigned_one, static_key).error() == noise_errc::bad_signature);
  auto keyless = payload;
  keyless.identity_key.clear();
  CHECK(verify_noise_payload(keyless, static_key).error() == noise_errc::bad_identity);
}

TEST_CASE("SEC-14: a key of RSA that is too big is refused before any arithmetic") {
  auto p = peers{};
  auto payload = p.alice_noise.payload();
  payload.identity_key = bytes{0x08, 0x00, 0x12};
  append_varint(payload.identity_key, 2100);
  payload.identity_key.resize(payload.identity_key.size() + 2100, 0xff);
  CHECK(verify_noise_payload(payload, digest<32>{}).error() == noise_errc::bad_identity);
}

TEST_CASE("SEC-04: points of low order, nonces at their end, messages cut short") {
  auto p = peers{};
  SECTION("a point of low order") {
    auto b = p.listener();
    byte_queue wire, text;
    auto message = bytes(34);
    message[1] = 32;  // the point zero
    auto const first = b.resume(message, text, wire);  // "ee" is in the answer
    CHECK(first.error() == noise_errc::bad_point);
    CHECK(b.resume(message, text, wire).error() == noise_errc::bad_point);
  }
  SECTION("2^64 - 1 is never used") {
    auto cipher = noise_cipher{digest<32>{}, ~std::uint64_t{0} - 1};
    auto out = bytes(16);
    CHECK(cipher.seal({}, {}, out.data()));
    CHECK(cipher.seal({}, {}, out.data()).error() == noise_errc::nonce_exhausted);
    auto reader = noise_cipher{digest<32>{}, ~std::uint64_t{0}};
    CHECK(reader.open({}, out, out.data()).error() == noise_errc::nonce_exhausted);
  }
  SECTION("every message of the handshake, cut at every place") {
    auto a = p.dialer(), b = p.listener();
    byte_queue ab, ba, text;
    REQUIRE(a.start(ab));
    REQUIRE(b.resume(ab.view(), text, ba));
    auto const whole = testing::to_vector(ba.view());
    for (auto n = 0uz; n + 2 < whole.size(); n += 7) {
      auto cut = bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n + 2));
      cut[0] = static_cast<byte>(n >> 8), cut[1] = static_cast<byte>(n);
      auto dialer = p.dialer();
      byte_queue wire;
      REQUIRE(dialer.start(wire));
      CHECK_FALSE(dialer.resume(cut, text, wire));
    }
  }
}
