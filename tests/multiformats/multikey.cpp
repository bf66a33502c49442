#include <cairn/multiformats/multikey.hpp>

#include <cairn/core/text.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/multiformats/multicodec.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include "support/property.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace cairn;

namespace {

/// A file of the public vectors, where they are at hand.
auto vector_files(std::string_view area) -> std::vector<std::string> {
  auto const* const given = std::getenv("CAIRN_VECTORS");
  auto const folder = std::filesystem::path{given ? given : CAIRN_SOURCE_DIR "/../shared/vectors"} / area;
  auto out = std::vector<std::string>{};
  auto none = std::error_code{};
  for (auto const& file : std::filesystem::directory_iterator{folder, none}) {
    if (file.path().extension() != ".json") continue;
    auto text = std::ostringstream{};
    text << std::ifstream{file.path()}.rdbuf();
    out.push_back(text.str());
  }
  if (out.empty()) WARN("no public vectors at hand (CAIRN_VECTORS): a part is not compared");
  return out;
}

}  // namespace

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

TEST_CASE("capability 1 (2): did:keys of every kind are read and written back") {
  struct { std::string_view text; std::uint64_t code; std::string_view key; } const rows[]{
      {"did:key:z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu", 0xed, "666abe089035ed4a45795989fa720a0ee0c48549e84523485c56f1c81b4287a6"},
      {"did:key:zQ3shjmnWpSDEbYKpaFm4kTs9kXyqG6N2QwCYHNPP4yubqgJS", 0xe7, "034c420937dbe74ead445cc92ace8ef237ff3aefe7e829cda9444bf8e45c3f400f"},
      {"did:key:z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F", 0xec, "2fe57da347cd62431528daac5fbb290730fff684afc4cfc2ed90995f58cb3b74"},
      // of a JWK with x = igrFmi0w..G2vzns and an odd y
      {"did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv", 0x1200, "038a0ac59a2d3086e8a12a78fd4773a6d52a0ca61ef6c1419e15a05bcc6dafce7b"},
  };
  for (auto const& [text, code, key] : rows) {
    INFO(text);
    auto const read = parse_did_key(text);
    REQUIRE(read);
    CHECK(read->code() == code);
    CHECK(to_hex(read->octets()) == key);
    CHECK(to_did_key(*read) == text);
    if (code == 0xec) continue;  // for agreement, not for signatures
    auto const known = to_public_key(*read);
    REQUIRE(known);
    CHECK(to_multikey(*known) == *read);
  }
  // all that stand in the vectors of the did:key method
  auto found = 0;
  for (auto const& file : vector_files("multikey"))
    for (auto at = file.find("did:key:z"); at != file.npos; at = file.find("did:key:z", at + 1)) {
      auto const text = file.substr(at, file.find_first_not_of("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", at + 8) - at);
      auto const read = parse_did_key(text);
      INFO(text);
      REQUIRE(read);
      CHECK(to_did_key(*read) == text);
      ++found;
    }
  if (found) CHECK(found > 30);
}

TEST_CASE("capability 1 (3): the key pairs of the peer id specification: the public half is derived from the private one") {
  struct { std::string_view secret, open; } const rows[]{
      {"080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e",
       "080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"},
      {"0802122053dadf1d5a164d6b4acdb15e24aa4c5b1d3461bdbd42abedb0a4404d56ced8fb", "08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99"},
      {"08031279307702010104203e5b1fe9712e6c314942a750bd67485de3c1efe85b1bfb520ae8f9ae3dfa4a4ca00a06082a8648ce3d030107a14403420004de3d300fa36ae0e8f5d530899d83abab44"
       "abf3161f162a4bc901d8e6ecda020e8b6d5f8da30525e71d6851510c098e5c47c646a597fb4dcec034e9f77c409e62",
       "0803125b3059301306072a8648ce3d020106082a8648ce3d03010703420004de3d300fa36ae0e8f5d530899d83abab44abf3161f162a4bc901d8e6ecda020e8b6d5f8da30525e71d6851510c098e"
       "5c47c646a597fb4dcec034e9f77c409e62"},
  };
  auto pairs = std::vector<std::pair<std::string, std::string>>{};
  for (auto const& [secret, open] : rows) pairs.emplace_back(secret, open);
  // the vectors have RSA pairs, and more of the others
  auto const value_of = [](std::string_view text, std::string_view name, std::size_t& at) {
    at = text.find(name, at);
    if (at == text.npos) return std::string{};
    auto const first = text.find('"', at + name.size() + 1) + 1;
    at = text.find('"', first);
    return std::string{text.substr(first, at - first)};
  };
  for (auto const& file : vector_files("peer-id"))
    for (std::size_t at = 0; at != file.npos;) {
      auto secret = value_of(file, "\"private_pb_hex\"", at), open = at == file.npos ? std::string{} : value_of(file, "\"public_pb_hex\"", at);
      if (!open.empty()) pairs.emplace_back(std::move(secret), std::move(open));
    }
  for (auto const& [secret, open] : pairs) {
    INFO(open);
    auto const octets = *from_hex(secret);
    auto const key = decode_libp2p_private_key(octets);
    REQUIRE(key);
    CHECK(to_hex(encode_libp2p_key(key->public_part())) == open);
    CHECK(to_hex(encode_libp2p_key(*key)) == secret);
  }
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
