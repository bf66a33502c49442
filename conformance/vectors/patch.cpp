#include "areas.hpp"
#include "node_of.hpp"

#include <cairn/ipld/patch.hpp>

namespace conformance {
namespace {

using namespace cairn;

/// As text in the order of the maps.
auto text_of(ipld::node const& n) -> std::string {
  auto out = bytes{};
  return plain_json::encode(n, out) ? std::string{as_text(out)} : "not plain JSON";
}

auto run(test_case const& c) -> answer {
  if (c.op != "patch.apply") return unsupported("op " + c.op);
  auto n = node_of(c.at("initial"));
  auto const steps = ipld::parse_patch(node_of(c.at("patch")));
  if (!steps) return fail(std::string{describe(steps.error())});
  auto const done = ipld::apply_patch(n, *steps);
  // a test that fails leaves the node as it was, which the case shows as its result
  if (!done && done.error() != ipld::patch_errc::test_failed) return fail(std::string{describe(done.error())});
  if (!done && !(c.at("initial") == c.at("result"))) return fail("refused: " + std::string{describe(done.error())});
  return same("result", text_of(n), text_of(node_of(c.at("result"))));
}

}  // namespace

auto patch_area() -> area { return {"patch", run}; }

}  // namespace conformance
