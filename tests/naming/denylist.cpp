#include <cairn/naming/denylist.hpp>

#include <cairn/core/limits.hpp>
#include <cairn/core/text.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/multiformats/multibase.hpp>

#include "support/property.hpp"

using namespace cairn;

namespace {

constexpr std::string_view root = "bafybeihvvulpp4evxj7x7armbqcyg6uezzuig6jp3lktpbovlqfkuqeuoq";
constexpr std::string_view twin = "bafkreihvvulpp4evxj7x7armbqcyg6uezzuig6jp3lktpbovlqfkuqeuoq";

auto list_of(std::string_view rules) -> denylist {
  auto list = denylist{};
  REQUIRE(list.add(rules));
  return list;
}
auto blocks(denylist const& list, std::string const& path) -> bool {
  auto const parsed = parse_path(path);
  REQUIRE(parsed);
  return list.blocks(*parsed);
}
auto at(std::string_view id, std::string_view below = "") -> std::string { return "/ipfs/" + std::string{id} + std::string{below}; }

}  // namespace

TEST_CASE("IPIP-383 a CID stands for its multihash; rules with and without paths") {
  auto const list = list_of(at(root) + "\n");
  CHECK(blocks(list, at(root)));
  CHECK(blocks(list, at(twin)));
  CHECK(blocks(list, "/ipld/" + std::string{root}));
  CHECK(list.blocks(*parse_cid(twin)));
  CHECK_FALSE(blocks(list, at(root, "/a")));

  auto const path = list_of(at(root, "/a%20b/") + " reason=x\r\n");
  CHECK(blocks(path, at(twin, "/a b")));
  CHECK(blocks(path, at(root, "/a b/")));
  CHECK_FALSE(blocks(path, at(root, "/a b/c")));
  CHECK_FALSE(blocks(path, at(root)));

  for (auto rule : {"/t*", "/t/*"}) {
    auto const prefix = list_of(at(root, rule));
    CHECK(blocks(prefix, at(root, "/t")));
    CHECK(blocks(prefix, at(root, "/test/one")));
    CHECK_FALSE(blocks(prefix, at(root, "/s/t")));
    CHECK_FALSE(blocks(prefix, at(root)));
  }
  auto const all = list_of(at(root, "/*"));
  CHECK(blocks(all, at(root)));
  CHECK(blocks(all, at(root, "/x/y")));
}

TEST_CASE("IPIP-383 of the rules that match, the last one decides, over all lists") {
  CHECK_FALSE(blocks(list_of(at(root, "/*") + "\n!" + at(root, "/a")), at(root, "/a")));
  CHECK(blocks(list_of("!" + at(root, "/a") + "\n" + at(root, "/*")), at(root, "/a")));
  auto list = list_of(at(root));
  CHECK(blocks(list, at(root)));
  REQUIRE(list.add("!" + at(twin)));
  CHECK_FALSE(blocks(list, at(root)));
  REQUIRE(list.add("---\n" + at(root)));
  CHECK(blocks(list, at(root)));
}

TEST_CASE("IPIP-383 double hashes say nothing of what they block, and block it") {
  auto const id = *parse_cid(root);
  auto octets = bytes{};
  append_multihash(octets, id.hash());
  auto const b58 = encode_base(multibase::base58btc, octets);
  auto const rule_of = [](std::uint64_t function, std::string const& text) {
    auto out = bytes{};
    append_multihash(out, *hash_bytes(function, as_bytes(text)));
    return "//" + encode_base(multibase::base58btc, out);
  };
  for (auto const function : {code::sha2_256, code::blake3}) {
    auto const list = list_of(rule_of(function, b58 + "/p") + "\n" + rule_of(function, "/ipns/bad.example"));
    CHECK(blocks(list, at(twin, "/p")));
    CHECK_FALSE(blocks(list, at(root)));
    CHECK(blocks(list, "/ipns/bad.example"));
    CHECK_FALSE(blocks(list, "/ipns/bad.example/p"));
  }
  auto const legacy = list_of("//" + to_hex(hash_bytes(code::sha2_256, as_bytes(std::string{root} + "/"))->digest()));
  CHECK(blocks(legacy, at(root)));
  CHECK_FALSE(blocks(legacy, at(twin)));
  CHECK_FALSE(blocks(legacy, at(root, "/p")));
}

TEST_CASE("IPIP-383 lines that are no rules are left out, and what is empty is never blocked") {
  auto const list = list_of("garbage\n/foo/x\n/ipfs/notacid\n//\n!\n+" + at(root) + "\n# " + at(root) + "\n/ipfs/bafkqaaa\n/ipfs/QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn");
  CHECK_FALSE(blocks(list, at(root)));
  CHECK_FALSE(blocks(list, "/ipfs/bafkqaaa"));
  CHECK_FALSE(blocks(list, "/ipfs/QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn"));
}

TEST_CASE("IPIP-383 limits: versions, headers and lines that are refused leave the rules as they were") {
  auto list = list_of(at(root));
  CHECK(list.add("version: 2\n---\n").error() == denylist_errc::unsupported_version);
  CHECK(list.add("no field\n---\n").error() == denylist_errc::bad_header);
  CHECK(list.add(at(twin, "/x\n") + std::string(limits::denylist_line, 'a')).error() == denylist_errc::line_too_long);
  CHECK(list.size() == 1);
  CHECK(blocks(list, at(root)));
  CHECK_FALSE(blocks(list, at(root, "/x")));
  // a header above 1 MiB is none: its lines are read as rules
  auto const long_header = list.add("version: 1\n" + std::string(limits::denylist_header, '\n') + "---\n" + at(root, "/y"));
  REQUIRE(long_header);
  CHECK(blocks(list, at(root, "/y")));
}

TEST_CASE("a denylist of many rules finds each of them and nothing else") {
  testing::check_property("as one by one", [] {
    auto const count = *rc::gen::inRange(1, 200);
    auto rules = std::string{};
    auto names = std::vector<std::string>{};
    for (auto i = 0; i < count; ++i) {
      auto const number = *rc::gen::inRange(0, 400);
      names.push_back("/ipns/site" + std::to_string(number) + ".example");
      rules += names.back() + "\n";
    }
    auto list = denylist{};
    RC_ASSERT(list.add(rules).has_value());
    for (auto i = 0; i < 400; ++i) {
      auto const name = "/ipns/site" + std::to_string(i) + ".example";
      RC_ASSERT(list.blocks(*parse_path(name)) == (std::find(names.begin(), names.end(), name) != names.end()));
    }
  });
}
