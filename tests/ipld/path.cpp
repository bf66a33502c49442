#include <cairn/ipld/path.hpp>

#include "support/property.hpp"

using namespace cairn;

namespace {

auto text(result<content_path, path_errc> const& p) -> std::string { return p ? to_string(*p) : std::string{describe(p.error())}; }

}  // namespace

TEST_CASE("IX-35 names are the octets between slashes") {
  auto const p = parse_path("/ipfs/bafkqaaa/a b/^\\/%2F/\xff?q#f");
  REQUIRE(p);
  auto const& segments = std::get<immutable_path>(*p).segments;
  CHECK(segments == std::vector<std::string>{"a b", "^\\", "%2F", "\xff?q#f"});
  CHECK(to_string(*p) == "/ipfs/bafkqaaa/a b/^\\/%2F/\xff?q#f");
}

TEST_CASE("paths are cleaned and keep their trailing slash and the text of their root") {
  CHECK(text(parse_path("/ipfs///bafkqaaa/a/b/../c/./")) == "/ipfs/bafkqaaa/a/c/");
  CHECK(text(parse_path("/ipfs/BAFKQAAA/x")) == "/ipfs/BAFKQAAA/x");
  CHECK(text(parse_path("/ipfs/../ipns/example.net/..")) == describe(path_errc::insufficient_components));
  CHECK(text(parse_path("/testfs/x")) == "unknown namespace");
  CHECK(text(parse_path("/ipld/foo")) == "invalid cid");
  CHECK(text(parse_path("ipfs/bafkqaaa")) == describe(path_errc::insufficient_components));
  CHECK(text(parse_path("ipfs://bafkqaaa")) == describe(path_errc::insufficient_components));
  CHECK(path_segments("../a/../../b") == std::vector<std::string>{"..", "..", "b"});
  CHECK(path_segments("/../a") == std::vector<std::string>{"a"});
  auto deep = std::string{"/ipfs/bafkqaaa"};
  for (auto i = 0; i < 4097; ++i) deep += "/a";
  CHECK(text(parse_path(deep)) == describe(path_errc::too_many_segments));
  CHECK(parse_path(deep.substr(0, deep.size() - 2)));
}

TEST_CASE("capability 27 (1): the forms in which a user names content") {
  for (auto form : {"bafkqaaa", "/bafkqaaa", "/ipfs/bafkqaaa", "ipfs://bafkqaaa", "IPFS://bafkqaaa", "ipfs:bafkqaaa"}) {
    CHECK(text(parse_path_argument(form)) == "/ipfs/bafkqaaa");
    CHECK(to_string(*parse_cid_argument(form)) == "bafkqaaa");
  }
  CHECK(text(parse_path_argument("bafkqaaa/x/")) == "/ipfs/bafkqaaa/x/");
  CHECK(text(parse_path_argument("IpLd:bafkqaaa/x")) == "/ipld/bafkqaaa/x");
  CHECK(text(parse_path_argument("ipns:docs.example")) == "/ipns/docs.example");
  CHECK(text(parse_path_argument("nonsense")) == describe(path_errc::insufficient_components));
  CHECK(text(parse_path_argument("")) == describe(path_errc::insufficient_components));
  CHECK(parse_cid_argument("ipfs://bafkqaaa/x").error() == path_errc::below_root);
  CHECK(parse_cid_argument("/ipns/docs.example").error() == path_errc::expected_immutable);
  CHECK(to_string(path_error(path_errc::unknown_namespace, "/x/y")) == "invalid path \"/x/y\": unknown namespace");
}

TEST_CASE("joining cleans again and cannot leave the root unnoticed") {
  auto const p = *parse_path("/ipfs/bafkqaaa/a/");
  auto const with = [&](std::initializer_list<std::string_view> s) { return text(join(p, s)); };
  CHECK(with({"b", "c"}) == "/ipfs/bafkqaaa/a/b/c");
  CHECK(with({"/b/../"}) == "/ipfs/bafkqaaa/a/");
  CHECK(with({"../../.."}) == describe(path_errc::insufficient_components));
}

TEST_CASE("a parsed path reads back as itself") {
  testing::check_property("path", [](std::vector<std::string> const& parts, bool name, bool slash) {
    auto in = std::string{name ? "/ipns/example.net" : "/ipld/bafkqaaa"};
    for (auto const& s : parts) in += "/" + s;
    if (slash) in += "/";
    auto const p = parse_path(in);
    if (!p) return;
    RC_ASSERT(text(parse_path(to_string(*p))) == to_string(*p));
  });
}
