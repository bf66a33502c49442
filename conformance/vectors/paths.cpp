#include "areas.hpp"

#include <cairn/ipld/path.hpp>

namespace conformance {
namespace {

using namespace cairn;

auto joined(std::vector<std::string> const& parts) -> std::string {
  auto out = std::string{};
  for (auto const& p : parts) out += p + "|";
  return out;
}

auto check(test_case const& c, result<content_path, path_errc> const& p) -> answer {
  if (c.expects_error()) return expect_error(true, !p, p ? to_string(*p) : "");
  if (!p) return fail("refused: " + std::string{describe(p.error())});
  if (auto const a = same("canonical", to_string(*p), c.text("canonical")); a.outcome != verdict::pass) return a;
  auto const* const fixed = std::get_if<immutable_path>(&*p);
  if (auto const a = same("namespace", fixed ? to_string(fixed->ns) : "ipns", c.text("namespace")); a.outcome != verdict::pass) return a;
  return c.flag("mutable") == !fixed ? pass() : fail("mutable and immutable confused");
}

auto run(test_case const& c) -> answer {
  if (c.op == "path.parse") return check(c, parse_path(c.text("text")));
  if (c.op == "path.from_uri") return check(c, parse_path_or_uri(c.text("text")));
  auto parts = std::vector<std::string>{};
  for (auto const& s : c.array("segments")) parts.push_back(to_text(s));
  if (c.op == "path.segments") return same("segments", joined(path_segments(c.text("text"))), joined(parts));
  if (c.op == "path.join") {
    auto const p = parse_path(c.text("path"));
    if (!p) return fail("refused: " + std::string{describe(p.error())});
    auto const views = std::vector<std::string_view>{parts.begin(), parts.end()};
    auto const all = join(*p, views);
    return all ? same("joined", to_string(*all), c.text("text")) : fail(std::string{describe(all.error())});
  }
  return unsupported("op " + c.op);
}

}  // namespace

auto paths_area() -> area { return {"paths", run}; }

}  // namespace conformance
