#include <cairn/libp2p/tls/certificate.hpp>

#include <cairn/core/limits.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace cairn;
using x509::certificate_errc;

namespace {

constexpr auto now = std::int64_t{1'767'225'600}, year = std::int64_t{365 * 24 * 3600};

constexpr byte peer_prefix[]{0x08, 0x01, 0x12, 0x20};  // the protobuf of an Ed25519 key

auto key_of(key_type type) -> private_key { return std::move(private_key::generate(type).value()); }

}  // namespace

TEST_CASE("a certificate proves its peer, of every key type (IX-44)") {
  for (auto type : {key_type::ed25519, key_type::secp256k1, key_type::ecdsa, key_type::rsa}) {
    auto const peer = key_of(type);
    auto const made = x509::make_credentials(peer, now);
    REQUIRE(made);
    auto const proven = x509::verify_certificate(made->certificate, now);
    REQUIRE(proven);
    CHECK(*proven == peer.public_part());
  }
}

TEST_CASE("a certificate is refused outside its time, cut, padded or too large (SEC-04)") {
  auto const made = x509::make_credentials(key_of(key_type::ed25519), now).value();
  CHECK(x509::verify_certificate(made.certificate, now - 2 * 24 * 3600) == std::unexpected(certificate_errc::not_yet_valid));
  CHECK(x509::verify_certificate(made.certificate, now + 101 * year) == std::unexpected(certificate_errc::expired));
  CHECK(x509::verify_certificate(made.certificate, now + 99 * year));
  for (auto n = std::size_t{0}; n < made.certificate.size(); ++n)
    CHECK(x509::verify_certificate(bytes_view{made.certificate}.first(n), now) == std::unexpected(certificate_errc::not_x509));
  auto longer = made.certificate;
  longer.push_back(0);
  CHECK(x509::verify_certificate(longer, now) == std::unexpected(certificate_errc::not_x509));
  CHECK(x509::verify_certificate(bytes(limits::certificate + 1, 0x30), now) == std::unexpected(certificate_errc::too_large));
}

TEST_CASE("no flipped bit of a certificate proves a peer (SEC-04, SEC-17)") {
  auto const made = x509::make_credentials(key_of(key_type::ed25519), now).value();
  auto refused = 0;
  for (auto i = std::size_t{0}; i < made.certificate.size() * 8; ++i) {
    auto bad = made.certificate;
    bad[i / 8] ^= static_cast<byte>(1 << i % 8);
    refused += !x509::verify_certificate(bad, now);
  }
  CHECK(refused == static_cast<int>(made.certificate.size() * 8));
}

TEST_CASE("a certificate whose extension was signed for another key is refused") {
  // the peer's key and signature, moved into a certificate of another key
  auto const peer = key_of(key_type::ed25519);
  auto first = x509::make_credentials(peer, now).value().certificate, second = x509::make_credentials(peer, now).value().certificate;
  // same lengths, so the extension's octets can be exchanged; the self-signature then fails before the peer's is looked at
  auto const at = [](bytes const& der) { return std::search(der.begin(), der.end(), peer_prefix, peer_prefix + 4) - der.begin(); };
  REQUIRE(at(first) < static_cast<std::ptrdiff_t>(first.size()));
  std::copy_n(first.begin() + at(first), 36 + 2 + 64, second.begin() + at(second));
  CHECK(x509::verify_certificate(second, now) == std::unexpected(certificate_errc::bad_self_signature));
}
