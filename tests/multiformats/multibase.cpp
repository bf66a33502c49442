#include <cairn/multiformats/multibase.hpp>

#include <cairn/core/text.hpp>

#include "support/property.hpp"

#include <chrono>

using namespace cairn;

namespace {

auto octets(std::string_view hex) -> bytes { return *from_hex(hex); }

// The plain way, one digit at a time, as an oracle for the limbs.
auto slow_number(std::string_view alphabet, bytes_view in) -> std::string {
  auto digits = std::vector<unsigned>{};
  std::size_t zeros = 0;
  while (zeros < in.size() && in[zeros] == 0) ++zeros;
  for (auto b : in.subspan(zeros)) {
    unsigned carry = b;
    for (auto& d : digits) {
      carry += d << 8;
      d = carry % static_cast<unsigned>(alphabet.size());
      carry /= static_cast<unsigned>(alphabet.size());
    }
    for (; carry > 0; carry /= static_cast<unsigned>(alphabet.size())) digits.push_back(carry % static_cast<unsigned>(alphabet.size()));
  }
  auto out = std::string(zeros, alphabet[0]);
  for (auto at = digits.rbegin(); at != digits.rend(); ++at) out += alphabet[*at];
  return out;
}

}  // namespace

TEST_CASE("IX-07 every base gives back every octets") {
  for (auto const& row : multibase_table()) {
    INFO(row.name);
    CHECK(parse_multibase_name(row.name) == row.base);
    CHECK(to_string(row.base) == row.name);
    CHECK(read_multibase_prefix(std::string{row.prefix} + "x") == row.base);
    auto all = bytes{};
    for (int i = 0; i < 256; ++i) all.push_back(static_cast<byte>(i));
    for (std::size_t size : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 34, 36, 63, 64, 128, 255, 256}) {
      auto const in = bytes_view{all}.last(size);
      auto const text = encode_multibase(row.base, in);
      auto const back = decode_multibase(text);
      REQUIRE(back);
      CHECK(back->first == row.base);
      CHECK(equal(back->second, in));
    }
  }
}

TEST_CASE("IX-07 multibase round trip of random octets") {
  testing::check_property("round trip", [](bytes const& tail, std::uint8_t zeros) {
    auto in = bytes(zeros % 8, 0);
    append(in, tail);
    for (auto const& row : multibase_table()) {
      auto const back = decode_multibase(encode_multibase(row.base, in));
      RC_ASSERT(back.has_value());
      RC_ASSERT(back->second == in);
    }
  });
}

TEST_CASE("positional bases agree with digit-by-digit division") {
  testing::check_property("oracle", [](bytes const& tail, std::uint8_t zeros) {
    auto in = bytes(zeros % 4, 0);
    append(in, tail);
    RC_ASSERT(encode_base(multibase::base58btc, in) == slow_number("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", in));
    RC_ASSERT(encode_base(multibase::base36, in) == slow_number("0123456789abcdefghijklmnopqrstuvwxyz", in));
    RC_ASSERT(encode_base(multibase::base10, in) == slow_number("0123456789", in));
  });
  // powers of the base and their neighbours: where a limb begins
  for (std::size_t size = 1; size < 60; ++size) {
    auto const ones = bytes(size, 0xff);
    CHECK(encode_base(multibase::base58btc, ones) == slow_number("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", ones));
    auto const text = "2" + std::string(size, '1');
    auto const back = decode_base(multibase::base58btc, text);
    REQUIRE(back);
    CHECK(encode_base(multibase::base58btc, *back) == text);
  }
}

TEST_CASE("IX-03 bases of one case accept either and write their own") {
  CHECK(*decode_base(multibase::base16, "68656C6c") == octets("68656c6c"));
  CHECK(*decode_base(multibase::base32, "nbSWY3dp") == *decode_base(multibase::base32upper, "nbswy3dp"));
  CHECK(*decode_base(multibase::base36, "fUvrSivVnfrBjwaJO") == octets("68656c6c6f20776f726c64"));
  CHECK(encode_multibase(multibase::base36upper, octets("68656c6c6f20776f726c64")) == "KFUVRSIVVNFRBJWAJO");
  CHECK(decode_base(multibase::base64, "aGVsbG8").value() != decode_base(multibase::base64, "AGVSBG8").value());
  CHECK(decode_base(multibase::base32z, "HF").error() == multibase_errc::bad_character);
}

TEST_CASE("IX-06 base36 is read without an explicit decoder") {
  auto const name = decode_multibase("k51qzi5uqu5dhnwe629wdlncpql6frppdpwnz4wtlcw816aysd5wwlk63g4wmh");
  REQUIRE(name);
  CHECK(name->first == multibase::base36);
  CHECK(to_hex(bytes_view{name->second}.first(6)) == "017200240801");
}

TEST_CASE("base45 is that of RFC 9285") {
  CHECK(encode_base(multibase::base45, as_bytes("AB")) == "BB8");
  CHECK(encode_base(multibase::base45, as_bytes("Hello!!")) == "%69 VD92EX0");
  CHECK(encode_base(multibase::base45, as_bytes("base-45")) == "UJCLQE7W581");
  CHECK(as_text(*decode_base(multibase::base45, "QED8WEX0")) == "ietf!");
  CHECK(decode_base(multibase::base45, "GGX").error() == multibase_errc::out_of_range);
  CHECK(decode_base(multibase::base45, "::").error() == multibase_errc::out_of_range);
  CHECK(decode_base(multibase::base45, "GGWA").error() == multibase_errc::bad_length);
  CHECK(decode_base(multibase::base45, "ab").error() == multibase_errc::bad_character);
}

TEST_CASE("multibase refuses what no encoder writes") {
  CHECK(decode_multibase("").error() == multibase_errc::empty);
  CHECK(decode_multibase("Qm").error() == multibase_errc::unknown_prefix);
  CHECK(decode_multibase("\xf0\x9f\x9a\x81").error() == multibase_errc::unknown_prefix);
  CHECK(decode_multibase("mAA=").error() == multibase_errc::bad_padding);
  CHECK(decode_multibase("MAA").error() == multibase_errc::bad_padding);
  CHECK(decode_multibase("MAA======").error() == multibase_errc::bad_padding);
  CHECK(decode_multibase("M====").error() == multibase_errc::bad_padding);
  CHECK(decode_multibase("MA=A=").error() == multibase_errc::bad_character);
  CHECK(decode_multibase("mA").error() == multibase_errc::bad_length);
  CHECK(decode_multibase("bA").error() == multibase_errc::bad_length);
  CHECK(decode_multibase("fA").error() == multibase_errc::bad_length);
  CHECK(decode_multibase("mAB").error() == multibase_errc::stray_bits);
  CHECK(decode_multibase("bab").error() == multibase_errc::stray_bits);
  CHECK(decode_multibase("z0").error() == multibase_errc::bad_character);
  for (auto const* text : {"\xf0\x9f\x9a\x80\xe2", "\xf0\x9f\x9a\x80\xf0\x82\x98\x84", "\xf0\x9f\x9a\x80z", "\xf0\x9f\x9a\x80\xf0\x9f\xff\xff"})
    CHECK(decode_multibase(text).error() == multibase_errc::bad_character);
  testing::check_property("any text decodes or not", [](std::string const& text) {
    for (auto const& row : multibase_table()) (void)decode_base(row.base, text);
  });
}

TEST_CASE("a text in positional notation is capped") {
  auto const longest = std::string(limits::positional_text, 'z');
  CHECK(decode_base(multibase::base58btc, longest));
  CHECK(decode_base(multibase::base58btc, longest + 'z').error() == multibase_errc::too_long);
  CHECK(decode_multibase("k" + longest + "z").error() == multibase_errc::too_long);
  CHECK(decode_base(multibase::base10, "12345", 4).error() == multibase_errc::too_long);
  CHECK(decode_base(multibase::base16, std::string(200000, 'a'))->size() == 100000);
}
