#include <cairn/service/config_text.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/json_writer.hpp>
#include <cairn/service/kubo_text.hpp>
#include <cairn/service/name_rules.hpp>

#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/core/text.hpp>

#include <support/property.hpp>

using namespace cairn;
using namespace cairn::service;

TEST_CASE("JSON in Go's spelling") {
  auto out = std::string{};
  auto json = json_writer{out};
  json.object([&] {
    json.key("a").value("x<y>&\"\\\n\t\x01\x7f");
    json.key("b").array([&] {
      json.value(-1);
      json.value(std::uint64_t{18446744073709551615u});
      json.value(true);
      json.null();
      json.object([] {});
      json.array([] {});
    });
    json.key("c").raw("{}");
  });
  CHECK(out == R"({"a":"x\u003cy\u003e\u0026\"\\\n\t\u0001)" "\x7f" R"(","b":[-1,18446744073709551615,true,null,{},[]],"c":{}})");
  auto broken = std::string{};
  append_json_string(broken, "\xff\xe2\x80\xa8\xed\xa0\x80\xc3\xa9");
  CHECK(broken == "\"\\ufffd\\u2028\\ufffd\\ufffd\\ufffd\xc3\xa9\"");
}

TEST_CASE("any text becomes JSON that reads back, where it is UTF-8") {
  cairn::testing::check_property("json", [](std::string text) {
    auto out = std::string{};
    append_json_string(out, text);
    auto const back = plain_json::decode(as_bytes(out));
    RC_ASSERT(back.has_value());
    if (is_utf8(as_bytes(text))) RC_ASSERT(*back->as_string() == text);
  });
}

TEST_CASE("SEC-42 names that could harm a terminal are escaped") {
  CHECK(escaped_name("plain name.txt") == "plain name.txt");
  CHECK(escaped_name("\x1b[31m") == "\\x1b[31m");
  CHECK(escaped_name("a\nb\\c") == "a\\nb\\\\c");
  CHECK(escaped_name("\xe2\x80\xae") == "\\u202e");
  CHECK(escaped_name("\xff") == "\\xff");
  CHECK(escaped_name("\xc3\xa9\xf0\x9f\x9a\x80") == "\xc3\xa9\xf0\x9f\x9a\x80");
  CHECK(go_quoted("a\"b") == "\"a\\\"b\"");
  cairn::testing::check_property("no control character is left", [](std::string text) {
    auto const out = escaped_name(text);
    for (auto c : out) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    RC_ASSERT(is_utf8(as_bytes(out)));
  });
}

TEST_CASE("SEC-54 whole numbers by Go's rules") {
  CHECK(parse_go_integer("0") == 0);
  CHECK(parse_go_integer("-0x80") == -128);
  CHECK(parse_go_integer("0b101") == 5);
  CHECK(parse_go_integer("0o17") == 15);
  CHECK(parse_go_integer("017") == 15);
  CHECK(parse_go_integer("0x_ff") == 255);
  CHECK(parse_go_integer("1_000") == 1000);  // strconv.ParseInt with base 0: underscores as in Go literals
  CHECK(parse_go_integer("9223372036854775807") == INT64_MAX);
  CHECK(parse_go_integer("-9223372036854775808") == INT64_MIN);
  for (auto bad : {"", "-", "+", "0x", "08", "1__000", "9223372036854775808", " 1", "1 ", "1e3", "--1", "0x_", "0x1__2"}) {
    INFO(bad);
    CHECK_FALSE(parse_go_integer(bad));
  }
  cairn::testing::check_property("decimal", [](std::int64_t n) { RC_ASSERT(parse_go_integer(std::to_string(n)) == n); });
}

TEST_CASE("SEC-54 durations") {
  CHECK(*parse_duration("1h30m") == 5'400'000'000'000);
  CHECK(*parse_duration("250ms") == 250'000'000);
  CHECK(*parse_duration("-1.5s") == -1'500'000'000);
  CHECK(*parse_duration("0") == 0);
  CHECK(*parse_duration(".5h") == 1'800'000'000'000);
  for (auto bad : {"", "10", "s", "1x", ".s", "1h1", "99999999999h", "-", "1..5s"}) {
    INFO(bad);
    CHECK_FALSE(parse_duration(bad));
  }
  cairn::testing::check_property("any text", [](std::string text) { static_cast<void>(parse_duration(text)); });
}

TEST_CASE("SEC-54 sizes") {
  CHECK(*parse_size("10GB") == 10'000'000'000);
  CHECK(*parse_size("256KiB") == 262144);
  CHECK(*parse_size("1048576") == 1048576);
  CHECK(*parse_size("1.5 mb") == 1'500'000);
  for (auto bad : {"", "GB", "1XB", "1.2.3", "18446744073709551616", "99999EB", "-1"}) {
    INFO(bad);
    CHECK_FALSE(parse_size(bad));
  }
  cairn::testing::check_property("any text", [](std::string text) { static_cast<void>(parse_size(text)); });
}

TEST_CASE("sizes for people") {
  CHECK(human_size(0) == "0 B");
  CHECK(human_size(9) == "9 B");
  CHECK(human_size(82854982) == "83 MB");
  CHECK(human_size(1500) == "1.5 kB");
  CHECK(human_size(338357) == "338 kB");
  CHECK(human_size(10'000'000'000) == "10 GB");
}

TEST_CASE("rules of names to leave out") {
  auto const lines = std::vector<std::string>{"*.log", "# comment", "!keep.log", "build/", "/top", "a?c", "[x-z]1", "[!a]b", "**/deep", "path/inside", "\\#odd"};
  auto const rules = name_rules{lines};
  for (auto out : {"x.log", ".log", "build", "top", "abc", "y1", "zb", "deep", "#odd"}) {
    INFO(out);
    CHECK(rules.excludes(out));
  }
  for (auto in : {"keep.log", "x.logs", "ab", "w1", "inside", "path", "odd"}) {
    INFO(in);
    CHECK_FALSE(rules.excludes(in));
  }
  // many stars take no time
  auto const stars = std::vector<std::string>{std::string(60, '*') + "b"};
  CHECK_FALSE(name_rules{stars}.excludes(std::string(4000, 'a')));
  cairn::testing::check_property("any rules, any name", [](std::vector<std::string> some, std::string name) { static_cast<void>(name_rules{some}.excludes(name)); });
}

TEST_CASE("the config by keys with dots") {
  auto config = *parse_config(R"({"B":{"Y":1,"X":"t"},"A":[1,2.5,null,true]})");
  CHECK(config_to_text(**config_value(config, "B.X")) == "t");
  CHECK(to_string(config_value(config, "B.Z").error()) == "B.Z not found");
  CHECK(to_string(config_value(config, "B.X.Q").error()) == "B.X key is not a map");
  REQUIRE(set_config_value(config, "C.D.E", ipld::node{7}));
  CHECK_FALSE(set_config_value(config, "A.x", ipld::node{7}));
  CHECK(config_to_json(config) == R"({"B":{"Y":1,"X":"t"},"A":[1,2.5,null,true],"C":{"D":{"E":7}}})");
  sort_config(config);
  CHECK(config_to_json(config) == R"({"A":[1,2.5,null,true],"B":{"X":"t","Y":1},"C":{"D":{"E":7}}})");
  CHECK(config_to_text(*parse_config(R"({"a":[],"b":{},"c":[1]})")) == "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1\n  ]\n}");
}

TEST_CASE("keys that Kubo's config does not have") {
  for (auto good : {"Addresses.API", "Datastore.StorageMax", "Gateway.PublicGateways.example.Paths", "Import.CidVersion", "Datastore", "Swarm.ConnMgr.LowWater", "Datastore.Spec.type"}) {
    INFO(good);
    CHECK(check_config_key(good).has_value());
  }
  CHECK(to_string(check_config_key("Foo.Bar").error()) == "Foo not found");
  CHECK(to_string(check_config_key("Gateway.Foo").error()) == "Gateway.Foo not found");
  CHECK_FALSE(check_config_key(""));
}

TEST_CASE("secrets are not shown") {
  auto const shown = config_to_json(without_secrets(*parse_config(
      R"({"Identity":{"PeerID":"p","PrivKey":"s"},"API":{"Authorizations":{"a":1}},"Pinning":{"RemoteServices":{"x":{"API":{"Key":"k","Endpoint":"e"}}}}})")));
  CHECK(shown == R"({"Identity":{"PeerID":"p"},"API":{"Authorizations":{}},"Pinning":{"RemoteServices":{"x":{"API":{"Endpoint":"e"}}}}})");
}

TEST_CASE("profiles") {
  auto config = *parse_config(R"({"Addresses":{"NoAnnounce":["/ip4/1.2.3.4/tcp/1"]}})");
  REQUIRE(apply_profile(config, "server"));
  CHECK((*config_value(config, "Addresses.NoAnnounce"))->as_list()->size() == 20);
  REQUIRE(apply_profile(config, "server"));
  CHECK((*config_value(config, "Addresses.NoAnnounce"))->as_list()->size() == 20);
  REQUIRE(apply_profile(config, "local-discovery"));
  CHECK((*config_value(config, "Addresses.NoAnnounce"))->as_list()->size() == 1);
  CHECK_FALSE(apply_profile(config, "nope"));
  for (auto const& p : config_profiles())
    if (p.name != "flatfs") {
      INFO(p.name);
      CHECK(apply_profile(config, p.name).has_value());
    }
}

TEST_CASE("IX-02 CIDs as texts of commands") {
  CHECK(read_cid_text("QmYNQJoKGNHTpPxCBPh9KkDpaExgd2duMa3aF6ytMpHdao").has_value());
  CHECK(to_string(read_cid_text("").error()) == "invalid cid: cid too short");
  CHECK(to_string(read_cid_text("xxx").error()) == "invalid cid: selected encoding not supported");
  CHECK(to_string(read_cid_text("QmYNQJoKGNHTpPxCBPh9KkDpaExgd2duMa3aF6ytMpHda0").error()) == "invalid cid: input isn't valid multihash");
  CHECK_FALSE(read_cid_text("zQmYNQJoKGNHTpPxCBPh9KkDpaExgd2duMa3aF6ytMpHdao").has_value());
  auto const old = *parse_cid("QmYNQJoKGNHTpPxCBPh9KkDpaExgd2duMa3aF6ytMpHdao");
  CHECK(cid_text(old, {}) == "QmYNQJoKGNHTpPxCBPh9KkDpaExgd2duMa3aF6ytMpHdao");
  CHECK(cid_text(old, {multibase::base32, true}) == "bafybeieva67sj7hiiywi4kxsamcc2t2y2pptni2ki6gu63azj3pkznbzna");
  CHECK(base_named("k").has_value());
  CHECK(base_named("base36").has_value());
  CHECK_FALSE(base_named("nope"));
  cairn::testing::check_property("any text", [](std::string text) { static_cast<void>(read_cid_text(text)); });
}
