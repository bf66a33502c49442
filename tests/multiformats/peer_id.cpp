#include <cairn/multiformats/peer_id.hpp>

#include <cairn/core/text.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/libp2p_key.hpp>

#include "support/property.hpp"

using namespace cairn;

TEST_CASE("IX-14: short keys are inlined, long ones hashed, at the limit of 42 octets") {
  struct row { key_type type; unsigned bits; std::string_view head; std::uint64_t code; };
  for (auto [type, bits, head, code] : {row{key_type::ed25519, 0, "12D3KooW", code::identity}, {key_type::secp256k1, 0, "16Uiu2HA", code::identity},
                                        {key_type::ecdsa, 256, "Qm", code::sha2_256}, {key_type::rsa, 2048, "Qm", code::sha2_256}}) {
    auto const key = private_key::generate(type, bits)->public_part();
    auto const id = peer_id::of(key);
    CHECK(to_string(id).starts_with(head));
    CHECK(id.hash().code() == code);
    CHECK(id.is_of(key));
    CHECK_FALSE(id.is_of(private_key::generate(type, bits)->public_part()));
    if (code == code::identity) CHECK(id.inlined_key() == key);
    else CHECK(id.inlined_key().error() == peer_id_errc::no_inlined_key);
    // the id that older implementations gave to a short key
    auto const hashed = *peer_id::make(multihash::of(code::sha2_256, sha256(encode_libp2p_key(key))));
    CHECK(hashed.is_of(key));
    // IX-15: every text form is the same id
    CHECK(parse_peer_id(to_string(id)) == id);
    CHECK(parse_peer_id(to_ipns_name(id)) == id);
    CHECK(decode_peer_id(to_bytes(id)) == id);
    for (auto base : {multibase::base32, multibase::base16, multibase::base36, multibase::base58btc, multibase::base64url})
      CHECK(parse_peer_id(*to_string(to_cid(id), base)) == id);
  }
}

TEST_CASE("IX-15: a peer id as CIDv1 and as base58") {
  auto const id = parse_peer_id("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA");
  REQUIRE(id);
  CHECK(parse_peer_id("bafzaajaiaejcal72gwuz2or47oyxxn6b3rkwdmmkrxgkjxzy3rqt5kczyn7lcm3l") == id);
  CHECK(parse_peer_id("k51qzi5uqu5dhdmyb9bd18pypu2wp5lpv2xnskfmrqa4lb5knqryrotb05e7or") == id);
  CHECK(to_ipns_name(*id) == "k51qzi5uqu5dhdmyb9bd18pypu2wp5lpv2xnskfmrqa4lb5knqryrotb05e7or");
}

TEST_CASE("what is no peer id says why") {
  CHECK(parse_peer_id("").error() == peer_id_errc::bad_text);
  CHECK(parse_peer_id("1").error() == peer_id_errc::bad_text);
  CHECK(parse_peer_id("10OIl").error() == peer_id_errc::bad_text);
  CHECK(parse_peer_id(std::string(600, '1')).error() == peer_id_errc::bad_text);
  CHECK(parse_peer_id("bafkreifoybygix7fh3r3g5rqle3wcnhqldgdg4shzf4k3ulyw3gn7mabt4").error() == peer_id_errc::not_a_libp2p_key);
  CHECK(decode_peer_id(bytes{0x12, 0x20, 1}).error() == peer_id_errc::bad_multihash);
  CHECK(peer_id::make(*multihash::wrap(code::sha2_256, bytes(20))).error() == peer_id_errc::bad_hash);
  CHECK(peer_id::make(*multihash::wrap(code::sha1, bytes(20))).error() == peer_id_errc::bad_hash);
  CHECK(peer_id::make(*multihash::wrap(code::identity, bytes(43))).error() == peer_id_errc::bad_hash);
  CHECK(peer_id::make(*multihash::wrap(code::identity, {})).error() == peer_id_errc::bad_hash);
  CHECK(peer_id::make(*multihash::wrap(code::identity, bytes(36)))->inlined_key().error() == peer_id_errc::bad_key);
}

TEST_CASE("property: any text and any octets") {
  testing::check_property("texts", [](std::string const& text) {
    if (auto const p = parse_peer_id(text)) RC_ASSERT((parse_peer_id(to_string(*p)) == p));
  });
  testing::check_property("octets", [](bytes const& octets) {
    if (auto const p = decode_peer_id(octets)) RC_ASSERT((to_bytes(*p) == octets));
  });
}
