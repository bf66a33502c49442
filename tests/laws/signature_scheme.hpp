#pragma once
// The laws of <cairn/concept/signature_scheme.hpp>, for every model.

#include <cairn/crypto/signature_schemes.hpp>

#include "support/property.hpp"

namespace cairn::laws {

template <signature_scheme S>
void signature_scheme_laws(unsigned bits, int rounds) {
  INFO("signature scheme " << S::name << " of " << bits << " bits");
  auto const random = random_source::system();
  auto const other = *S::generate(random, bits);
  for (int round = 0; round < rounds; ++round) {
    auto const secret = *S::generate(random, bits);
    auto const own = *S::public_of(secret);
    // L3
    REQUIRE(S::check_private(secret) == secret);
    REQUIRE(S::check_public(own) == own);
    auto message = bytes(static_cast<std::size_t>(round * 37 % 200));
    random(message);
    auto const signature = *S::sign(secret, message);
    // L1
    REQUIRE(S::verify(own, message, signature));
    // L5
    CHECK(*S::public_of(secret) == own);
    if (S::deterministic) CHECK(*S::sign(secret, message) == signature);
    // L2 (SEC-17): every octet of the signature, one bit of each; every octet of the message; another key; other lengths
    auto accepted = 0;
    for (std::size_t i = 0; i < signature.size(); ++i) {
      auto bad = signature;
      bad[i] ^= static_cast<byte>(1 << (i + static_cast<std::size_t>(round)) % 8);
      accepted += S::verify(own, message, bad);
    }
    for (std::size_t i = 0; i < message.size(); i += 9) {
      auto bad = message;
      bad[i] ^= 0x10;
      accepted += S::verify(own, bad, signature);
    }
    auto longer = signature;
    longer.push_back(0);
    accepted += S::verify(own, message, longer);
    accepted += S::verify(own, message, bytes_view{signature}.first(signature.size() - 1));
    accepted += S::verify(own, message, {});
    accepted += S::verify({}, message, signature);
    accepted += S::verify(*S::public_of(other), message, signature);
    CHECK(accepted == 0);
    // L4
    auto short_key = bytes(secret.view().begin(), secret.view().end() - 1);
    CHECK_FALSE(S::check_private(short_key));
    CHECK_FALSE(S::check_public(bytes_view{own}.first(own.size() - 1)));
    auto long_key = own;
    long_key.push_back(0);
    CHECK_FALSE(S::check_public(long_key));
    CHECK_FALSE(S::check_private({}));
    CHECK_FALSE(S::check_public({}));
  }
  // L4: octets at random are no key, or they are one whose form is kept
  testing::check_property("any octets", [](bytes const& any) {
    if (auto const k = S::check_public(any)) RC_ASSERT((S::check_public(*k) == *k));
    if (auto const k = S::check_private(any)) RC_ASSERT((S::check_private(*k) == *k));
    RC_ASSERT(!S::verify(any, any, any));
  });
  // the key's own octets, damaged
  auto const own = *S::public_of(other);
  auto const sample = *S::sign(other, as_bytes("sample"));
  auto accepted = 0;
  for (std::size_t i = 0; i < own.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      auto bad = own;
      bad[i] ^= static_cast<byte>(1 << bit);
      accepted += S::verify(bad, as_bytes("sample"), sample);
    }
  CHECK(accepted == 0);
}

}  // namespace cairn::laws
