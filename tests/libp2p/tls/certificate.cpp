#include <cairn/libp2p/tls/certificate.hpp>

#include <cairn/core/limits.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <catch2/catch.hpp>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <functional>
#include <memory>

using namespace cairn;
using x509::certificate_errc;

namespace {

constexpr auto now = std::int64_t{1'767'225'600}, year = std::int64_t{365 * 24 * 3600};

constexpr byte peer_prefix[]{0x08, 0x01, 0x12, 0x20};  // the protobuf of an Ed25519 key

using certificate_ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

auto parsed(bytes const& der) -> certificate_ptr {
  auto const* at = der.data();
  return {d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free};
}
auto parsed_key(secret_bytes const& der) -> key_ptr {
  auto const* at = der.data();
  return {d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())), &EVP_PKEY_free};
}

// The certificate after a change to it, signed anew: by its own key unless by another.
auto changed(x509::credentials const& made, std::function<void(X509*)> const& change, EVP_MD const* hash = EVP_sha256(), EVP_PKEY* signer = nullptr) -> bytes {
  auto const c = parsed(made.certificate);
  auto const own = parsed_key(made.key);
  change(c.get());
  REQUIRE(X509_sign(c.get(), signer ? signer : own.get(), hash) > 0);
  auto out = bytes(static_cast<std::size_t>(i2d_X509(c.get(), nullptr)));
  auto* to = out.data();
  i2d_X509(c.get(), &to);
  return out;
}

void add_extension(X509* to, int kind, char const* value) {
  auto* const e = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
  REQUIRE(e);
  REQUIRE(X509_add_ext(to, e, -1) == 1);
  X509_EXTENSION_free(e);
}

// One that nobody knows.
void add_unknown(X509* to, bool critical) {
  auto* const e = X509V3_EXT_conf(nullptr, nullptr, const_cast<char*>("1.2.3.4"), const_cast<char*>(critical ? "critical,DER:0500" : "DER:0500"));
  REQUIRE(e);
  REQUIRE(X509_add_ext(to, e, -1) == 1);
  X509_EXTENSION_free(e);
}

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

TEST_CASE("SEC-04 certificate: a key that is not for signatures, or for no side of TLS, proves no peer (RFC 8446, 4.4.2.2)") {
  auto const made = x509::make_credentials(key_of(key_type::ed25519), now).value();
  auto const with = [&](int kind, char const* value) { return x509::verify_certificate(changed(made, [&](X509* c) { add_extension(c, kind, value); }), now); };
  CHECK(with(NID_key_usage, "critical,digitalSignature"));
  CHECK(with(NID_key_usage, "critical,digitalSignature,keyCertSign"));
  CHECK(with(NID_key_usage, "critical,keyCertSign,cRLSign") == std::unexpected(certificate_errc::wrong_usage));
  CHECK(with(NID_key_usage, "keyAgreement") == std::unexpected(certificate_errc::wrong_usage));
  for (auto const* side : {"serverAuth", "clientAuth", "serverAuth,clientAuth", "anyExtendedKeyUsage"}) CHECK(with(NID_ext_key_usage, side));
  CHECK(with(NID_ext_key_usage, "codeSigning,emailProtection") == std::unexpected(certificate_errc::wrong_usage));
}

TEST_CASE("SEC-04 certificate: an unknown extension that is critical ends the handshake, one that is not does not (libp2p TLS)") {
  auto const made = x509::make_credentials(key_of(key_type::ed25519), now).value();
  CHECK(x509::verify_certificate(changed(made, [](X509* c) { add_unknown(c, true); }), now) == std::unexpected(certificate_errc::unknown_critical));
  CHECK(x509::verify_certificate(changed(made, [](X509* c) { add_unknown(c, false); }), now));
}

TEST_CASE("SEC-04 certificate: the extension of the peer's key stands there once, and signs the key of this certificate") {
  auto const peer = key_of(key_type::ed25519);
  auto const made = x509::make_credentials(peer, now).value(), other = x509::make_credentials(peer, now).value();
  auto const of_other = parsed(other.certificate);
  auto* const moved = X509_get_ext(of_other.get(), 0);
  CHECK(x509::verify_certificate(changed(made, [&](X509* c) { X509_add_ext(c, moved, -1); }), now) == std::unexpected(certificate_errc::no_extension));
  CHECK(x509::verify_certificate(changed(made, [](X509* c) { X509_EXTENSION_free(X509_delete_ext(c, 0)); }), now) == std::unexpected(certificate_errc::no_extension));
  // the peer did sign another key of its own: whoever has that certificate could pass for it with a key of theirs
  auto const stolen = changed(made, [&](X509* c) {
    X509_EXTENSION_free(X509_delete_ext(c, 0));
    X509_add_ext(c, moved, -1);
  });
  CHECK(x509::verify_certificate(stolen, now) == std::unexpected(certificate_errc::bad_signature));
}

TEST_CASE("SEC-04 certificate: it is signed by its own key, with a scheme of TLS 1.3") {
  auto const made = x509::make_credentials(key_of(key_type::ed25519), now).value(), other = x509::make_credentials(key_of(key_type::ed25519), now).value();
  auto const same = [](X509*) {};
  CHECK(x509::verify_certificate(changed(made, same), now));
  auto const stranger = parsed_key(other.key);
  CHECK(x509::verify_certificate(changed(made, same, EVP_sha256(), stranger.get()), now) == std::unexpected(certificate_errc::bad_self_signature));
  for (auto const* hash : {EVP_sha1(), EVP_sha384(), EVP_sha512()})  // P-256 goes with SHA-256 alone
    CHECK(x509::verify_certificate(changed(made, same, hash), now) == std::unexpected(certificate_errc::weak_signature));
}

TEST_CASE("SEC-04 certificate: its first and last second count, those around them do not (RFC 5280, 4.1.2.5)") {
  auto const made = x509::make_credentials(key_of(key_type::ed25519), now).value();
  auto const short_one = changed(made, [](X509* c) {
    ASN1_TIME_set(X509_getm_notBefore(c), now);
    ASN1_TIME_set(X509_getm_notAfter(c), now + 10);
  });
  CHECK(x509::verify_certificate(short_one, now - 1) == std::unexpected(certificate_errc::not_yet_valid));
  CHECK(x509::verify_certificate(short_one, now));
  CHECK(x509::verify_certificate(short_one, now + 10));
  CHECK(x509::verify_certificate(short_one, now + 11) == std::unexpected(certificate_errc::expired));
}
