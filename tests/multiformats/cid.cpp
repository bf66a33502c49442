#include <cairn/block.hpp>
#include <cairn/core/text.hpp>
#include <cairn/multiformats/cid.hpp>

#include "support/property.hpp"

using namespace cairn;

namespace {

auto octets(std::string_view hex) -> bytes { return *from_hex(hex); }

auto any_cid(std::uint64_t codec, std::uint64_t code, bytes const& seed) -> cid {
  auto const digest = bytes_view{seed}.first(std::min<std::size_t>(seed.size(), limits::digest));
  return cid::v1(codec >> 1, *multihash::wrap(code >> 1, digest));
}

}  // namespace

TEST_CASE("the CID of foo") {
  auto const b = hash_block({}, buffer{as_bytes("foo")});
  REQUIRE(b);
  CHECK(to_string(b->id()) == "bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy");
  CHECK(parse_cid(to_string(b->id())) == b->id());
}

TEST_CASE("IX-01 a CID has minimal varints") {
  CHECK(decode_cid(octets("8100550000")).error() == cid_errc::bad_varint);
  CHECK(decode_cid(octets("01d5000000")).error() == cid_errc::bad_varint);
  CHECK(decode_cid(octets("0155800000")).error() == cid_errc::bad_multihash);
  CHECK(decode_cid(octets("0155008000")).error() == cid_errc::bad_multihash);
  CHECK(decode_cid(octets("01808080808080808080020000")).error() == cid_errc::bad_varint);
}

TEST_CASE("IX-02 a CIDv0 carries no multibase prefix") {
  auto const v0 = parse_cid("QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n");
  REQUIRE(v0);
  CHECK(v0->version() == 0);
  CHECK(parse_cid("zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n").error() == cid_errc::v0_in_multibase);
  CHECK(parse_cid("f1220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855").error() == cid_errc::v0_in_multibase);
  CHECK(to_string(*v0, multibase::base32).error() == cid_errc::v0_only_base58);
  CHECK(*to_string(*v0, multibase::base58btc) == "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n");
  CHECK(to_string(v0->to_v1()) == "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
  CHECK(to_v0(v0->to_v1()) == v0);
  CHECK(to_v0(cid::v1(code::raw, v0->hash())).error() == cid_errc::v0_needs_dag_pb);
}

TEST_CASE("IX-04 the empty identity CID is a CID") {
  auto const empty = parse_cid("bafkqaaa");
  REQUIRE(empty);
  CHECK(to_bytes(*empty) == octets("01550000"));
  CHECK(to_string(*empty) == "bafkqaaa");
  CHECK(decode_cid(octets("01550000")) == empty);
  CHECK(check(*empty, {}));
  CHECK(check(*empty, as_bytes("x")).error() == block_errc::hash_mismatch);
}

TEST_CASE("IX-05 codecs of several bytes and digests of 128 bytes are whole") {
  for (std::uint64_t codec : {std::uint64_t{0x0129}, std::uint64_t{0xf101}, (std::uint64_t{1} << 63) - 1}) {
    auto const digest = bytes(128, 0x42);
    auto const id = cid::v1(codec, *multihash::wrap(code::blake3, digest));
    auto const back = decode_cid(to_bytes(id));
    REQUIRE(back);
    CHECK(back->codec() == codec);
    CHECK(back->hash().digest().size() == 128);
    CHECK(parse_cid(to_string(id)) == id);
  }
}

TEST_CASE("SEC-40, capability 2 (4): IPIP-512 identity digests end at 128 bytes") {
  auto const data = bytes(129, 0x42);
  CHECK(multihash::wrap(code::identity, data).error() == multihash_errc::digest_too_long);
  auto raw = octets("0155008101");
  append(raw, data);
  CHECK(decode_cid(raw).error() == cid_errc::digest_too_long);
  CHECK(parse_cid(encode_multibase(multibase::base32, raw)).error() == cid_errc::digest_too_long);
  raw = octets("0155008001");
  append(raw, bytes_view{data}.first(128));
  CHECK(decode_cid(raw));
  // a length that nothing backs is refused before anything is allocated
  CHECK(decode_cid(octets("015500ffffffffffffffff7f")).error() == cid_errc::digest_too_long);
}

TEST_CASE("IX-09 a truncated digest verifies by its prefix, down to 20 bytes") {
  auto const full = sha256(as_bytes("foo"));
  auto const cut = [&](std::size_t n) { return cid::v1(code::raw, *multihash::wrap(code::sha2_256, bytes_view{full}.first(n))); };
  CHECK(check(cut(20), as_bytes("foo")));
  CHECK(check(cut(20), as_bytes("bar")).error() == block_errc::hash_mismatch);
  CHECK(check(cut(19), as_bytes("foo")).error() == block_errc::digest_too_short);
  CHECK(parse_cid(to_string(cut(20))) == cut(20));
}

TEST_CASE("CID round trip in every base") {
  testing::check_property("round trip", [](std::uint64_t codec, std::uint64_t code, bytes const& seed) {
    auto const id = any_cid(codec, code, seed);
    auto const raw = to_bytes(id);
    RC_ASSERT(raw.size() == id.encoded_size());
    RC_ASSERT((decode_cid(raw) == id));
    auto with_more = raw;
    with_more.push_back(0);
    RC_ASSERT((decode_cid(with_more).error() == cid_errc::trailing_bytes));
    RC_ASSERT(equal(read_cid(with_more)->rest, bytes_view{with_more}.last(1)));
    for (std::size_t n = 0; n < raw.size(); ++n) RC_ASSERT(!decode_cid(bytes_view{raw}.first(n)).has_value());
    for (auto const& row : multibase_table()) {
      auto const text = to_string(id, row.base);
      RC_ASSERT(text.has_value());
      if (raw[0] == 0x12) continue;  // looks like a CIDv0
      RC_ASSERT((parse_cid(*text) == id));
    }
  });
}

TEST_CASE("SEC-54 any text is a CID or a typed error, in bounded time") {
  testing::check_property("text", [](std::string const& text) {
    auto const id = parse_cid(text);
    if (id) RC_ASSERT((parse_cid(to_string(*id)) == id));
  });
  testing::check_property("octets", [](bytes const& in) {
    auto const id = decode_cid(in);
    if (id) RC_ASSERT((to_bytes(*id) == in));
  });
  CHECK(parse_cid("Q").error() == cid_errc::too_short);
  CHECK(parse_cid("z" + std::string(2000, 'z')).error() == cid_errc::too_long);
  CHECK(parse_cid("Qm" + std::string(44, 'l')).error() == cid_errc::bad_base);
}

TEST_CASE("the longest CID has a text in every base") {
  auto const id = cid::v1((std::uint64_t{1} << 63) - 1, *multihash::wrap((std::uint64_t{1} << 63) - 1, bytes(128, 0xff)));
  for (auto const& row : multibase_table()) CHECK(parse_cid(*to_string(id, row.base)) == id);
}
