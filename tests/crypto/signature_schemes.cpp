#include <cairn/crypto/signature_schemes.hpp>

#include <cairn/core/text.hpp>
#include <cairn/crypto/key.hpp>

#include "laws/signature_scheme.hpp"

using namespace cairn;

TEST_CASE("laws of signature_scheme: ed25519") { laws::signature_scheme_laws<ed25519>(0, 20); }
TEST_CASE("laws of signature_scheme: secp256k1") { laws::signature_scheme_laws<secp256k1>(0, 20); }
TEST_CASE("laws of signature_scheme: ecdsa") {
  laws::signature_scheme_laws<ecdsa>(256, 10);
  laws::signature_scheme_laws<ecdsa>(384, 2);
  laws::signature_scheme_laws<ecdsa>(521, 2);
}
TEST_CASE("laws of signature_scheme: rsa") { laws::signature_scheme_laws<rsa>(2048, 2); }

TEST_CASE("IX-18 secp256k1: sign gives low S, verify refuses the high twin") {
  auto const order = *from_hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  auto const key = *private_key::generate(key_type::secp256k1);
  for (int i = 0; i < 50; ++i) {
    auto const message = bytes{static_cast<byte>(i)};
    auto const signature = *key.sign(message);
    REQUIRE(key.public_part().verify(message, signature));
    // 30 L 02 n r 02 m s: the twin has order - s
    auto const r_size = signature[3];
    auto s = bytes(signature.begin() + 6 + r_size, signature.end());
    CHECK(s.size() <= 32);
    if (s.size() == 32) CHECK(s[0] < 0x80);
    while (s.size() < 32) s.insert(s.begin(), 0);
    auto twin = bytes(32);
    int borrow = 0;
    for (int at = 31; at >= 0; --at) {
      auto const d = order[static_cast<std::size_t>(at)] - s[static_cast<std::size_t>(at)] - borrow;
      borrow = d < 0;
      twin[static_cast<std::size_t>(at)] = static_cast<byte>(d);
    }
    twin.insert(twin.begin(), 0);
    auto high = bytes(signature.begin(), signature.begin() + 4 + r_size);
    high.push_back(0x02);
    high.push_back(33);
    append(high, twin);
    high[1] = static_cast<byte>(high.size() - 2);
    CHECK_FALSE(key.public_part().verify(message, high));
  }
}

TEST_CASE("SEC-14: RSA keys are measured before anything is computed with them") {
  // a SubjectPublicKeyInfo of a modulus of n octets, all 0xff
  auto const spki_of = [](std::size_t octets, byte first, bytes exponent) {
    auto const element = [](byte tag, bytes_view content) {
      auto out = bytes{tag, 0x83, static_cast<byte>(content.size() >> 16), static_cast<byte>(content.size() >> 8), static_cast<byte>(content.size())};
      if (content.size() < 0x80) out = {tag, static_cast<byte>(content.size())};
      else if (content.size() < 0x100) out = {tag, 0x81, static_cast<byte>(content.size())};
      else if (content.size() < 0x10000) out = {tag, 0x82, static_cast<byte>(content.size() >> 8), static_cast<byte>(content.size())};
      append(out, content);
      return out;
    };
    auto n = bytes(octets, 0xff);
    n[0] = first;
    if (first >= 0x80) n.insert(n.begin(), 0);
    auto numbers = element(0x02, n);
    append(numbers, element(0x02, exponent));
    auto bits = bytes{0};
    append(bits, element(0x30, numbers));
    auto info = *from_hex("300d06092a864886f70d0101010500");
    append(info, element(0x03, bits));
    return element(0x30, info);
  };
  auto const e = bytes{1, 0, 1};
  CHECK(public_key::make(key_type::rsa, spki_of(256, 0x80, e)));
  CHECK(public_key::make(key_type::rsa, spki_of(1024, 0xff, e)));
  CHECK(public_key::make(key_type::rsa, spki_of(256, 0x7f, e)).error() == key_errc::rsa_too_small);   // 2047 bits
  CHECK(public_key::make(key_type::rsa, spki_of(128, 0xff, e)).error() == key_errc::rsa_too_small);
  CHECK(public_key::make(key_type::rsa, spki_of(1025, 0x01, e)).error() == key_errc::rsa_too_big);    // 8193 bits
  CHECK(public_key::make(key_type::rsa, spki_of(2048, 0xff, e)).error() == key_errc::rsa_too_big);
  CHECK(public_key::make(key_type::rsa, spki_of(1'000'000, 0xff, e)).error() == key_errc::rsa_too_big);
  CHECK(public_key::make(key_type::rsa, spki_of(256, 0x80, {1})).error() == key_errc::bad_rsa);
  CHECK(public_key::make(key_type::rsa, spki_of(256, 0x80, {4})).error() == key_errc::bad_rsa);
  CHECK(public_key::make(key_type::rsa, spki_of(256, 0x80, {1, 0, 0, 0, 1})).error() == key_errc::bad_rsa);
  CHECK(public_key::make(key_type::rsa, spki_of(256, 0x80, {0, 3})).error() == key_errc::bad_der);
  CHECK(private_key::generate(key_type::rsa, 1024).error() == key_errc::rsa_too_small);
  CHECK(private_key::generate(key_type::rsa, 16384).error() == key_errc::rsa_too_big);
}

TEST_CASE("Ed25519: points of small order and keys in other than their form verify nothing") {
  // the eight points of small order, and the identity in its two other forms
  for (auto hex : {"0100000000000000000000000000000000000000000000000000000000000000", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                   "0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000080",
                   "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                   "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                   "0100000000000000000000000000000000000000000000000000000000000080", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    auto const point = *from_hex(hex);
    auto signature = point;  // R = A, S = 0 fits a point of small order in a careless verifier
    signature.resize(64);
    for (byte m = 0; m < 16; ++m) CHECK_FALSE(ed25519::verify(point, bytes{m}, signature));
  }
}

TEST_CASE("IX-77 Ed25519: 64 octets, the old 96 octets, and a public half that is not the seed's") {
  auto const key = *private_key::generate(key_type::ed25519);
  auto old = bytes(key.data().begin(), key.data().end());
  append(old, key.public_part().data());
  auto const from_old = private_key::make(key_type::ed25519, old);
  REQUIRE(from_old);
  CHECK(*from_old == key);
  CHECK(from_old->data().size() == 64);
  CHECK(private_key::of_ed25519_seed(key.data().first(32)) == key);
  CHECK(private_key::make(key_type::ed25519, key.data().first(32)).error() == key_errc::wrong_length);
  old[95] ^= 1;
  CHECK(private_key::make(key_type::ed25519, old).error() == key_errc::public_mismatch);
  auto other = bytes(key.data().begin(), key.data().end());
  other[63] ^= 1;
  CHECK(private_key::make(key_type::ed25519, other).error() == key_errc::public_mismatch);
}

TEST_CASE("private scalars out of range") {
  auto const order = *from_hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  CHECK(private_key::make(key_type::secp256k1, bytes(32)).error() == key_errc::bad_scalar);
  CHECK(private_key::make(key_type::secp256k1, order).error() == key_errc::bad_scalar);
  CHECK(private_key::make(key_type::secp256k1, bytes(31, 1)).error() == key_errc::wrong_length);
  auto zeros = [](bytes_span out) { for (auto& b : out) b = 0; };
  CHECK(private_key::generate(key_type::secp256k1, 0, zeros).error() == key_errc::bad_scalar);
  CHECK(private_key::generate(key_type::ecdsa, 256, zeros).error() == key_errc::bad_scalar);
  CHECK(private_key::generate(key_type::ecdsa, 255).error() == key_errc::wrong_length);
  CHECK(private_key::generate(static_cast<key_type>(9)).error() == key_errc::unknown_type);
  CHECK(public_key::make(static_cast<key_type>(4), {}).error() == key_errc::unknown_type);
}

TEST_CASE("randomness that is passed in decides the key") {
  for (auto type : {key_type::ed25519, key_type::secp256k1, key_type::ecdsa}) {
    auto const counting = [](bytes_span out) { for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<byte>(i + 1); };
    CHECK(*private_key::generate(type, 0, counting) == *private_key::generate(type, 0, counting));
    CHECK_FALSE(*private_key::generate(type) == *private_key::generate(type));
  }
}

TEST_CASE("SEC-18: secrets are wiped, copied only on request") {
  static_assert(!std::is_copy_constructible_v<private_key> && std::is_nothrow_move_constructible_v<private_key>);
  auto const key = *private_key::generate(key_type::ed25519);
  CHECK(key.clone() == key);
  auto storage = bytes(64, 0x77);
  wipe(storage);
  CHECK(storage == bytes(64));
  CHECK(equal_in_constant_time(bytes{1, 2}, bytes{1, 2}));
  CHECK_FALSE(equal_in_constant_time(bytes{1, 2}, bytes{1, 3}));
  CHECK_FALSE(equal_in_constant_time(bytes{1, 2}, bytes{1}));
}
