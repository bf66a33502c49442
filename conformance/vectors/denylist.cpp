#include "areas.hpp"

#include <cairn/naming/denylist.hpp>

namespace conformance {
namespace {

using namespace cairn;

auto run(test_case const& c) -> answer {
  auto list = denylist{};
  if (c.op == "denylist.header") {
    auto const header = list.add(c.text("text"));
    if (!header) return fail(std::string{describe(header.error())});
    if (auto const a = same("name", header->name, c.text("name")); a.outcome != verdict::pass) return a;
    for (auto const& hint : c.object("hints")) {
      auto const at = header->hints.find(std::string_view{hint.key()});
      if (auto const a = same("hint", at == header->hints.end() ? "none" : at->second, to_text(hint.value())); a.outcome != verdict::pass) return a;
    }
    return header->hints.size() == c.object("hints").size() ? pass() : fail("more hints");
  }
  auto const file = read_text(c.folder / "test.deny");
  auto const header = list.add(file);
  if (!header) return fail(std::string{describe(header.error())});
  auto blocked = false;
  if (c.op == "denylist.path") {
    auto const path = parse_path(c.text("path"));
    if (!path) return fail(std::string{describe(path.error())});
    blocked = list.blocks(*path);
  } else if (c.op == "denylist.cid") {
    auto const id = parse_cid(c.text("cid"));
    if (!id) return fail(std::string{describe(id.error())});
    blocked = list.blocks(*id);
  } else {
    return unsupported("op " + c.op);
  }
  if (blocked == c.flag("blocked")) return pass();
  return fail(blocked ? "blocked" : "not blocked");
}

}  // namespace

auto denylist_area() -> area { return {"denylist", run}; }

}  // namespace conformance
