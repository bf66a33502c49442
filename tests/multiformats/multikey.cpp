#include <cairn/multiformats/multikey.hpp>

#include <cairn/core/text.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/multiformats/multicodec.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include "support/property.hpp"

using namespace cairn;

TEST_CASE("capability 1 (1): one seed in every form") {
  auto const key = *private_key::of_ed25519_seed(bytes(32));
  CHECK(to_string(to_multikey(key.public_part())) == "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp");
  CHECK(to_string(to_multikey(key)) == "z3u2RDonZ81AFKiw8QCPKcsyg8Yy2MmYQNxfBn51SS2QmMiw");
  auto const id = peer_id::of(key.public_part());
  CHECK(to_string(id) == "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN");
  CHECK(to_ipns_name(id) == "k51qzi5uqu5dhnwe629wdlncpql6frppdpwnz4wtlcw816aysd5wwlk63g4wmh");
  CHECK(to_private_key(*parse_multikey("z3u2RDonZ81AFKiw8QCPKcsyg8Yy2MmYQNxfBn51SS2QmMiw")) == key);
  CHECK(to_did_key(to_multikey(key.public_part())) == "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp");
}

TEST_CASE("capability 1 (3): every libp2p key through Multikey and back, public and private") {
  struct kind { key_type type; unsigned bits; std::string_view name; };
  for (auto [type, bits, name] : {kind{key_type::ed25519, 0, "ed25519"}, {key_type::secp256k1, 0, "secp256k1"}, {key_type::ecdsa, 256, "p256"},
                                  {key_type::ecdsa, 384, "p384"}, {key_type::ecdsa, 521, "p521"}, {key_type::rsa, 2048, "rsa"}}) {
    for (int round = 0; round < (type == key_type::rsa ? 1 : 5); ++round) {
      auto const key = *private_key::generate(type, bits);
      auto const own = to_multikey(key.public_part()), secret = to_multikey(key);
      CHECK(multicodec_name(own.code()) == std::string{name} + "-pub");
      CHECK(multicodec_name(secret.code()) == std::string{name} + "-priv");
      CHECK(own.kind() == multikey_kind::public_key);
      CHECK(secret.kind() == multikey_kind::secret_key);
      CHECK(to_public_key(*parse_multikey(to_string(own))) == key.public_part());
      CHECK(to_private_key(*parse_multikey(to_string(secret, multibase::base64url))) == key);
      CHECK(parse_did_key(to_did_key(own)) == own);
      CHECK(to_public_key(secret).error() == multikey_errc::not_public);
      CHECK(to_private_key(own).error() == multikey_errc::not_secret);
      CHECK(parse_did_key(to_did_key(secret)).error() == multikey_errc::not_public);
    }
  }
}

TEST_CASE("capability 1 (4): every key row of the table, and codes that no table has") {
  auto rows = 0;
  for (auto const& row : multicodec_table()) {
    if (row.tag != multicodec_tag::key) continue;
    ++rows;
    INFO(row.name);
    auto const info = multikey_row_of(row.code);
    CHECK(info.kind != multikey_kind::unknown);
    auto const key = multikey::make(row.code, bytes(info.size == 0 ? 7 : info.size, 0x5a));
    REQUIRE(key);
    auto const octets = encode_multikey(*key);
    CHECK(decode_multikey(octets) == *key);
    CHECK(parse_multikey(to_string(*key)) == *key);
    CHECK(decode_multikey(octets)->code() == row.code);
    if (info.size != 0) CHECK(multikey::make(row.code, bytes(info.size + 1)).error() == multikey_errc::wrong_length);
  }
  CHECK(rows == 77);
  for (auto code : {0x7fffffull, 0x300123ull, (1ull << 62) + 5}) {
    auto const key = multikey::make(code, bytes{1, 2, 3});
    REQUIRE(key);
    CHECK(key->kind() == multikey_kind::unknown);
    CHECK(decode_multikey(encode_multikey(*key)) == *key);
    CHECK(to_public_key(*key).error() == multikey_errc::no_such_key);
    CHECK(to_private_key(*key).error() == multikey_errc::no_such_key);
  }
}

TEST_CASE("capability 1 (5): each mistake has its own error") {
  CHECK(parse_multikey("").error() == multikey_errc::bad_text);
  CHECK(parse_multikey("6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu").error() == multikey_errc::bad_text);
  CHECK(parse_multikey("f" + to_hex(encode_multikey(*multikey::make(0xed, bytes(32))))).error() == multikey_errc::wrong_base);
  CHECK(parse_multikey("z0OIl").error() == multikey_errc::bad_text);
  CHECK(parse_multikey(std::string(100'000, 'z')).error() == multikey_errc::too_long);
  CHECK(decode_multikey({}).error() == multikey_errc::truncated);
  CHECK(decode_multikey(bytes{0xed}).error() == multikey_errc::truncated);
  CHECK(decode_multikey(bytes{0xed, 0x81, 0x00, 1}).error() == multikey_errc::bad_varint);
  CHECK(decode_multikey(bytes{0xed, 0x01}).error() == multikey_errc::empty);
  CHECK(decode_multikey(bytes{0xed, 0x01, 1, 2, 3}).error() == multikey_errc::wrong_length);
  CHECK(multikey::make(0x1205, bytes(20'000)).error() == multikey_errc::too_long);
  CHECK(parse_did_key("did:web:example.com").error() == multikey_errc::not_a_did_key);
  CHECK(parse_did_key("did:key:u7QE").error() == multikey_errc::wrong_base);
  CHECK(to_public_key(*multikey::make(0xe7, bytes(33, 0xff))).error() == multikey_errc::bad_key);
  CHECK(to_public_key(*multikey::make(0x1200, bytes(33, 0xff))).error() == multikey_errc::bad_key);
  CHECK(to_private_key(*multikey::make(0x1301, bytes(32))).error() == multikey_errc::bad_key);
  CHECK(to_public_key(*multikey::make(0xec, bytes(32))).error() == multikey_errc::no_such_key);
  CHECK(to_private_key(*multikey::make(0xa2, bytes(32))).error() == multikey_errc::not_secret);
}

TEST_CASE("property: any octets that decode are written back as they were") {
  testing::check_property("octets", [](bytes const& octets) {
    if (auto const key = decode_multikey(octets)) RC_ASSERT(equal(encode_multikey(*key), octets));
  });
  testing::check_property("codes", [](std::uint64_t code, bytes const& octets) {
    auto in = bytes{};
    append_varint(in, code >> 1);
    append(in, octets);
    if (auto const key = decode_multikey(in)) {
      RC_ASSERT(equal(encode_multikey(*key), in));
      RC_ASSERT((parse_multikey(to_string(*key)) == *key));
      (void)to_public_key(*key);
      (void)to_private_key(*key);
    } else {
      RC_ASSERT(octets.empty() || multikey_row_of(code >> 1).size != 0);
    }
  });
}
