#include "areas.hpp"

#include <cairn/core/text.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/multiformats/multicodec.hpp>

namespace conformance {
namespace {

auto run(test_case const& c) -> answer {
  auto const code = c.unsigned_number("code");
  auto const name = c.text("name");
  if (c.op == "multicodec.lookup" && !c.flag("in_table", true)) {
    // Kubo prints a name that the registry does not have for this code
    return cairn::multicodec_name(code) != name ? pass() : fail("the table has this row");
  }
  if (auto const a = same("name", cairn::multicodec_name(code), name); a.outcome != verdict::pass) return a;
  if (cairn::multicodec_code(name) != code) return fail("another code by name");
  if (c.op == "multicodec.lookup") return pass();
  if (c.op != "multicodec.prefix") return unsupported("op " + c.op);
  if (auto const a = same("tag", to_string(cairn::find_multicodec(code)->tag), c.text("tag")); a.outcome != verdict::pass) return a;
  auto out = bytes{};
  cairn::append_varint(out, code);
  return same("prefix", out, c.hex("prefix_hex"));
}

}  // namespace

auto multicodec_area() -> area { return {"multicodec", run}; }

}  // namespace conformance
