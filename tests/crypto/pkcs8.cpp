#include <cairn/crypto/pkcs8.hpp>

#include <cairn/core/text.hpp>
#include <cairn/crypto/libp2p_key.hpp>

#include "support/property.hpp"

#include <cstdio>
#include <cstdlib>

using namespace cairn;

namespace {

auto output_of(std::string const& command) -> std::string {
  auto* const pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  auto out = std::string{};
  char part[4096];
  for (std::size_t n; (n = std::fread(part, 1, sizeof part, pipe)) > 0;) out.append(part, n);
  ::pclose(pipe);
  return out;
}

}  // namespace

TEST_CASE("PEM that Kubo and OpenSSL wrote comes back byte for byte") {
  // ipfs key export -f pem-pkcs8-cleartext
  for (std::string_view pem : {"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIG7H83dj7Bbphit2QuPTnfN+4lrLC+lz0JVjaPRctCld\n-----END PRIVATE KEY-----\n",
                               "-----BEGIN PRIVATE KEY-----\n"
                               "MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgqPFfWy1al/RVvucinjf3\n"
                               "Woj5iP278W2mo4Nn+BHzKOWhRANCAATxOtkzUumKbH78fLnvEvp573JMVLrQA1DZ\n"
                               "TpOcIfwnAH57y/UjrUtrDy/QvAP616u61PFP9++vAU/JUvfN7h3F\n"
                               "-----END PRIVATE KEY-----\n"}) {
    auto const key = decode_private_pem(pem);
    REQUIRE(key);
    CHECK(encode_pem(*key) == pem);
  }
  if (std::system("openssl version >/dev/null 2>&1") != 0) {
    WARN("openssl is not installed");
    return;
  }
  for (std::string algorithm : {"ED25519", "RSA -pkeyopt rsa_keygen_bits:2048", "RSA -pkeyopt rsa_keygen_bits:3072", "EC -pkeyopt ec_paramgen_curve:P-256",
                                "EC -pkeyopt ec_paramgen_curve:P-384", "EC -pkeyopt ec_paramgen_curve:P-521", "EC -pkeyopt ec_paramgen_curve:secp256k1"}) {
    INFO(algorithm);
    auto const pem = output_of("openssl genpkey -algorithm " + algorithm);
    auto const key = decode_private_pem(pem);
    REQUIRE(key);
    CHECK(encode_pem(*key) == pem);
    auto const again = decode_libp2p_private_key(encode_libp2p_key(*key));  // through libp2p's form and back
    REQUIRE(again);
    CHECK(encode_pem(*again) == pem);
    auto const public_pem = output_of("printf '%s' '" + pem + "' | openssl pkey -pubout");
    CHECK(encode_pem(key->public_part()) == public_pem);
    CHECK(decode_public_pem(public_pem) == key->public_part());
  }
}

TEST_CASE("every key type through every container, and every damaged container is refused or another whole key") {
  struct kind { key_type type; unsigned bits; };
  for (auto [type, bits] : {kind{key_type::ed25519, 0}, {key_type::secp256k1, 0}, {key_type::ecdsa, 256}, {key_type::ecdsa, 521}, {key_type::rsa, 2048}}) {
    auto const key = *private_key::generate(type, bits);
    auto const pkcs8 = encode_pkcs8(key), pb = encode_libp2p_key(key);
    auto const spki = encode_spki(key.public_part()), public_pb = encode_libp2p_key(key.public_part());
    CHECK(decode_pkcs8(pkcs8) == key);
    CHECK(decode_libp2p_private_key(pb) == key);
    CHECK(decode_spki(spki) == key.public_part());
    CHECK(decode_libp2p_public_key(public_pb) == key.public_part());
    CHECK(decode_private_pem("text before\n" + encode_pem(key) + "text after") == key);

    auto same = 0;
    auto const damaged = [&](bytes_view whole, auto decode, auto encode) {
      for (std::size_t cut = 0; cut < whole.size(); cut += whole.size() > 300 ? 29 : 1) same += decode(whole.first(cut)).has_value();
      auto longer = bytes(whole.begin(), whole.end());
      longer.push_back(0);
      same += decode(longer).has_value();
      for (std::size_t at = 0; at < whole.size(); at += whole.size() > 300 ? 7 : 1) {
        auto bad = bytes(whole.begin(), whole.end());
        bad[at] ^= static_cast<byte>(1 << at % 8);
        auto const k = decode(bad);
        if (k && !equal(bytes_view{encode(*k)}, bad)) ++same;  // taken, but not what was given
      }
    };
    damaged(pkcs8, [](bytes_view in) { return decode_pkcs8(in); }, [](private_key const& k) { return encode_pkcs8(k); });
    damaged(pb, [](bytes_view in) { return decode_libp2p_private_key(in); }, [](private_key const& k) { return encode_libp2p_key(k); });
    damaged(spki, [](bytes_view in) { return decode_spki(in); }, [](public_key const& k) { return encode_spki(k); });
    damaged(public_pb, [](bytes_view in) { return decode_libp2p_public_key(in); }, [](public_key const& k) { return encode_libp2p_key(k); });
    // one flip is no damage: PKCS #8 version 2 is taken and written as version 1
    CHECK(same <= 1);
  }
}

TEST_CASE("what is no key says why") {
  CHECK(decode_private_pem("").error() == key_errc::bad_pem);
  CHECK(decode_private_pem("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n").error() == key_errc::encrypted);
  CHECK(decode_private_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n").error() == key_errc::bad_pem);
  CHECK(decode_private_pem("-----BEGIN PRIVATE KEY-----\nA*AA\n-----END PRIVATE KEY-----\n").error() == key_errc::bad_pem);
  CHECK(decode_private_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").error() == key_errc::bad_der);
  CHECK(decode_pkcs8(*from_hex("302e020100300506032b656e04220420" + std::string(64, '1'))).error() == key_errc::unknown_algorithm);  // X25519
  CHECK(decode_pkcs8(*from_hex("30820400")).error() == key_errc::bad_der);
  CHECK(decode_libp2p_public_key(*from_hex("0805120101")).error() == key_errc::unknown_type);
  CHECK(decode_libp2p_public_key(*from_hex("1201010801")).error() == key_errc::bad_protobuf);  // the other order
  CHECK(decode_libp2p_public_key(*from_hex("080112ffffffff0f00")).error() == key_errc::bad_protobuf);
  CHECK(decode_libp2p_public_key(*from_hex("08811200")).error() == key_errc::bad_protobuf);
}

TEST_CASE("property: any octets through every decoder") {
  testing::check_property("no crash, and what is taken is written back", [](bytes const& any) {
    if (auto const k = decode_libp2p_private_key(any)) RC_ASSERT(equal(encode_libp2p_key(*k), any));
    if (auto const k = decode_libp2p_public_key(any)) RC_ASSERT(equal(encode_libp2p_key(*k), any));
    RC_ASSERT(!decode_pkcs8(any));
    RC_ASSERT(!decode_spki(any));
  });
}
