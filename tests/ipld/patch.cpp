#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/patch.hpp>

#include <catch2/catch.hpp>

using namespace cairn;
using ipld::patch_errc;

namespace {

auto json(std::string_view text) -> ipld::node { return dag_json::decode(as_bytes(text)).value(); }

auto patched(std::string_view text, std::string_view patch) -> std::string {
  auto n = json(text);
  auto const steps = ipld::parse_patch(json(patch));
  if (!steps) return std::string{describe(steps.error())};
  auto const done = ipld::apply_patch(n, *steps);
  if (!done) {
    CHECK(n == json(text));  // all or nothing
    return std::string{describe(done.error())};
  }
  auto out = bytes{};
  REQUIRE(dag_json::encode(n, out));
  return std::string{as_text(out)};
}

}  // namespace

TEST_CASE("patches change maps and lists, and what is in them") {
  CHECK(patched(R"({"a":[1,2]})", R"([{"op":"add","path":"/a/0","value":0},{"op":"add","path":"/a/-","value":3}])") == R"({"a":[0,1,2,3]})");
  CHECK(patched(R"({"a":[1,2]})", R"([{"op":"remove","path":"/a/0"},{"op":"add","path":"/b","value":null}])") == R"({"a":[2],"b":null})");
  CHECK(patched(R"({"a":{"b":1}})", R"([{"op":"move","from":"/a/b","path":"/c"}])") == R"({"a":{},"c":1})");
  CHECK(patched(R"([1,2,3])", R"([{"op":"move","from":"/2","path":"/0"}])") == R"([3,1,2])");
  CHECK(patched(R"({"a":1})", R"([{"op":"replace","path":"","value":[]},{"op":"add","path":"/0","value":1}])") == "[1]");
}

TEST_CASE("patches that do not apply leave the node as it was") {
  auto const a = R"({"a":{"b":1},"l":[1]})";
  CHECK(patched(a, R"([{"op":"remove","path":"/a"},{"op":"test","path":"/l/0","value":2}])") == describe(patch_errc::test_failed));
  CHECK(patched(a, R"([{"op":"add","path":"/a","value":2}])") == describe(patch_errc::target_exists));
  CHECK(patched(a, R"([{"op":"copy","from":"/l","path":"/a/b"}])") == describe(patch_errc::target_exists));
  CHECK(patched(a, R"([{"op":"remove","path":"/x"}])") == describe(patch_errc::no_target));
  CHECK(patched(a, R"([{"op":"replace","path":"/a/b/c","value":1}])") == describe(patch_errc::no_target));
  CHECK(patched(a, R"([{"op":"add","path":"/a/b/c","value":1}])") == describe(patch_errc::no_target));
  CHECK(patched(a, R"([{"op":"add","path":"/l/2","value":1}])") == describe(patch_errc::bad_index));
  CHECK(patched(a, R"([{"op":"add","path":"/l/x","value":1}])") == describe(patch_errc::bad_index));
  CHECK(patched(a, R"([{"op":"move","from":"/a","path":"/a/c"}])") == describe(patch_errc::into_itself));
  for (auto bad : {"{}", "[1]", R"([{"op":"add","path":"/x"}])", R"([{"op":"move","path":"/x"}])", R"([{"op":"burn","path":"/x"}])", R"([{"op":"add","path":1,"value":1}])"})
    CHECK(patched(a, bad) == describe(patch_errc::bad_patch));
}
