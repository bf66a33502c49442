#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/impl/json_plain.hpp>
#include <cairn/ipld/impl/staged_bytes.hpp>

#include <catch2/catch.hpp>
#include <limits>

using namespace cairn;

namespace {

auto strict(std::string_view text) { return dag_json::decode(as_bytes(text)); }
auto lax(std::string_view text) { return dag_json::decode(as_bytes(text), codec_mode::lax); }
auto encoded(ipld::node const& n, codec_mode mode = codec_mode::strict, dag_json_style style = {}) -> std::string {
  auto out = bytes{};
  auto const done = dag_json::encode(n, out, mode, style);
  return done ? std::string{as_text(out)} : std::string{describe(done.error())};
}
auto canonical(std::string_view text) -> std::string {
  auto const n = strict(text);
  return n ? encoded(*n) : std::string{describe(n.error())};
}

}  // namespace

TEST_CASE("dag-json is written without space, keys sorted by octets") {
  CHECK(canonical(" { \"b\" : [ 1 , true , null ] ,\n\"a\":{}, \"aa\":[] } ") == R"({"a":{},"aa":[],"b":[1,true,null]})");
  CHECK(canonical(R"("\u0041\u00e9\u20ac\ud800\udf48\/\"\\\b\f\n\r\t\u0000")") == "\"A\u00e9\u20ac\U00010348/\\\"\\\\\\u0008\\u000c\\n\\r\\t\\u0000\"");
  CHECK(canonical("\"\u2028\u2029\x7f\"") == "\"\\u2028\\u2029\x7f\"");
}

TEST_CASE("dag-json floats have Kubo's form, or the specification's") {
  CHECK(encoded(10.0) == "10");
  CHECK(encoded(10.0, codec_mode::strict, {.keep_point = true}) == "10.0");
  CHECK(encoded(-0.0) == "-0");
  CHECK(encoded(1e21) == "1e+21");
  CHECK(encoded(123456789012345680000.0) == "123456789012345680000");
  CHECK(encoded(1e20) == "100000000000000000000");
  CHECK(encoded(-1.5e-7) == "-1.5e-7");
  CHECK(encoded(1e-10) == "1e-10");
  CHECK(encoded(0.000001) == "0.000001");
  CHECK(encoded(0.00012345) == "0.00012345");
  CHECK(encoded(8.940696716308594e-8) == "8.940696716308594e-8");
  CHECK(encoded(5e-324) == "5e-324");
  CHECK(encoded(1.7976931348623157e308) == "1.7976931348623157e+308");
  CHECK(encoded(std::numeric_limits<double>::quiet_NaN()) == describe(dag_json_errc::not_finite));
  CHECK(*strict("1e2")->as_double() == 100.0);
  CHECK(*strict("10.0")->as_double() == 10.0);
  CHECK(*strict("1e-400")->as_double() == 0.0);
  CHECK(strict("1e400").error() == dag_json_errc::number_range);
  CHECK(strict("18446744073709551616").error() == dag_json_errc::number_range);
  CHECK(strict("01").error() == dag_json_errc::bad_number);
  for (auto text : {"+1", ".5", "1.x", "-a", "1ex", "NaN", "Infinity", "0x10"}) CHECK_FALSE(strict(text));
}

TEST_CASE("IX-40 dag-json integers are exact") {
  for (auto text : {"0", "-1", "9007199254740993", "-9223372036854775808", "18446744073709551615", "-18446744073709551616"})
    CHECK(canonical(text) == text);
}

TEST_CASE("IX-41 bytes: padding is read and not written") {
  CHECK(canonical(R"({"/":{"bytes":"AQ=="}})") == R"({"/":{"bytes":"AQ"}})");
  CHECK(canonical(R"({"/":{"bytes":"AQ"}})") == R"({"/":{"bytes":"AQ"}})");
  CHECK(strict(R"({"/":{"bytes":"A"}})").error() == dag_json_errc::bad_bytes);
  CHECK(strict(R"({"/":{"bytes":"A_"}})").error() == dag_json_errc::bad_bytes);
  CHECK(*strict(R"({"/":{"bytes":""}})")->as_bytes() == bytes{});
}

TEST_CASE("the key / is reserved") {
  auto const link = R"({"/":"bafkqaaa"})";
  REQUIRE(strict(link)->as_link());
  CHECK(canonical(link) == link);
  CHECK(strict("{\"\\u002f\":\"bafkqaaa\"}")->as_link());
  CHECK(strict(R"({"/":"nonsense"})").error() == dag_json_errc::bad_link);
  for (auto text : {R"({"/":"bafkqaaa","x":1})", R"({"a":1,"/":"bafkqaaa"})", R"({"/":{"bytes":"AQ","x":1}})", R"({"/":{"bytes":"AQ"},"x":1})"}) {
    CHECK(strict(text).error() == dag_json_errc::reserved_key);
    if (std::string_view{text} != R"({"/":{"bytes":"AQ"},"x":1})") {
      REQUIRE(lax(text));
      CHECK(lax(text)->as_map());
      CHECK(encoded(*lax(text)) == describe(dag_json_errc::reserved_key));
      CHECK(encoded(*lax(text), codec_mode::lax) != describe(dag_json_errc::reserved_key));
    }
  }
  for (auto text : {R"({"/":true})", R"({"/":{"bytes":1}})", R"({"/":{"/":{"bytes":"AQ"}}})", R"({"/":{"/":"bafkqaaa"}})", R"({"/":["x"]})"})
    CHECK(canonical(text) == text);
  // a map from another codec that would be read back as something else
  CHECK(encoded(ipld::map{{"/", "bafkqaaa"}}, codec_mode::lax) == describe(dag_json_errc::reserved_key));
  CHECK(encoded(ipld::map{{"/", ipld::map{{"bytes", "AQ"}}}}, codec_mode::lax) == describe(dag_json_errc::reserved_key));
  auto out = bytes{};
  CHECK(plain_json::encode(ipld::map{{"/", "bafkqaaa"}}, out));
}

TEST_CASE("what is not dag-json") {
  CHECK(strict("").error() == dag_json_errc::truncated);
  CHECK(strict("[1,]").error() == dag_json_errc::syntax);
  CHECK(strict("{\"a\":1,}").error() == dag_json_errc::syntax);
  CHECK(strict("{1:1}").error() == dag_json_errc::syntax);
  CHECK(strict("[1 2]").error() == dag_json_errc::syntax);
  CHECK(strict("[1}").error() == dag_json_errc::syntax);
  CHECK(strict("1 2").error() == dag_json_errc::trailing_bytes);
  CHECK(strict("tru").error() == dag_json_errc::truncated);
  CHECK(strict("trux").error() == dag_json_errc::syntax);
  CHECK(strict("\"a").error() == dag_json_errc::truncated);
  CHECK(strict("\"\x01\"").error() == dag_json_errc::bad_string);
  CHECK(strict("\"\\x\"").error() == dag_json_errc::bad_string);
  CHECK(strict("\"\\u12g4\"").error() == dag_json_errc::bad_string);
  CHECK(strict("\"\xff\"").error() == dag_json_errc::bad_utf8);
  CHECK(strict("\"\\ud800\"").error() == dag_json_errc::bad_utf8);
  CHECK(strict("\"\\ud800\\u0041\"").error() == dag_json_errc::bad_utf8);
  CHECK(strict("\"\\udc00\"").error() == dag_json_errc::bad_utf8);
  CHECK(strict("{\"a\":1,\"b\":2,\"a\":3}").error() == dag_json_errc::duplicate_key);
  CHECK(encoded(ipld::node{"a\xff" "b"}) == describe(dag_json_errc::bad_utf8));
  CHECK(encoded(ipld::node{"a\xff" "b"}, codec_mode::strict, {.replace_utf8 = true}) == "\"a\\ufffdb\"");
}

TEST_CASE("IX-42 json is plain JSON, printed as Kubo prints it") {
  auto const n = plain_json::decode(as_bytes(R"({"/":"bafkqaaa","b":[1,[],{}],"a":{"x":null}})"));
  REQUIRE(n);
  auto out = bytes{};
  REQUIRE(plain_json::encode(*n, out));
  CHECK(as_text(out) == "{\n\t\"/\": \"bafkqaaa\",\n\t\"b\": [\n\t\t1,\n\t\t[],\n\t\t{}\n\t],\n\t\"a\": {\n\t\t\"x\": null\n\t}\n}\n");
  CHECK(plain_json::encode(bytes{1}, out).error() == dag_json_errc::no_bytes);
  CHECK(plain_json::encode(cid{}, out).error() == dag_json_errc::no_links);
}

TEST_CASE("What stands in a string of JSON as it is: every octet, at every place of some words") {
  for (auto place = 0uz; place < 20; ++place)
    for (auto c = 0u; c < 256; ++c)
      for (auto before : {'a', '\x7f', ' '}) {
        auto text = std::string(place, before) + static_cast<char>(c) + std::string(12, '!');
        auto const plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
        REQUIRE(detail::json_plain_size(text) == (plain ? text.size() : place));
      }
  // a borrow of what is found reaches only what stands behind it
  CHECK(detail::json_plain_size("ab\"!!!!! ") == 2);
  CHECK(detail::json_plain_size("abc\x1f   \x20") == 3);
}

TEST_CASE("Pieces of every length, staged, are what was put, in order") {
  for (auto step = 1uz; step < 1200; step += step < 40 ? 1 : 97) {
    auto out = bytes{1, 2}, want = out;
    auto to = detail::staged_bytes{out};
    for (auto i = 0uz, size = step; i < 60; ++i, size = size * 7 % 1201) {
      auto piece = bytes(size);
      for (auto& b : piece) b = static_cast<byte>(i + (&b - piece.data()) * 3);
      to.put(bytes_view{piece});
      to.put(byte{7});
      auto* const room = to.room(9);
      std::fill_n(room, 9, static_cast<byte>(i));
      to.took(9);
      append(want, piece);
      want.push_back(7);
      want.insert(want.end(), 9, static_cast<byte>(i));
    }
    to.flush();
    REQUIRE(out == want);
  }
}
