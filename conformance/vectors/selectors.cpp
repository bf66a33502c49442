#include "areas.hpp"
#include "node_of.hpp"

#include <cairn/blockstore/memory.hpp>
#include <cairn/ipld/selector/walk.hpp>

namespace conformance {
namespace {

using namespace cairn;

/// A visit as the cases write it: the kind and, of scalars, the value.
auto shown(ipld::select_walk::visit const& v) -> std::string {
  auto const scalar = !v.value->as_map() && !v.value->as_list() && !v.value->is_null();
  auto text = bytes{};
  if (scalar && !dag_json::encode(*v.value, text)) return "no dag-json";
  auto const kind = v.value->as_boolean() ? std::string_view{"bool"} : to_string(v.value->kind());
  return v.path_text() + " " + std::string{kind} + "=" + (scalar ? std::string{as_text(text)} : "null") + (v.matched ? " matched" : " reached");
}

auto shown(json::object const& want) -> std::string {
  auto const& [kind, value] = *want.at("node").as_object().begin();
  return to_text(want.at("path")) + " " + std::string{kind} + "=" + json::serialize(value) + (want.at("matched").as_bool() ? " matched" : " reached");
}

auto run(test_case const& c) -> answer {
  if (c.op != "selector.walk") return unsupported("op " + c.op);
  auto const selector = ipld::selector::parse(node_of(c.at("selector")));
  if (!selector) return fail(std::string{describe(selector.error())});
  auto const data = node_of(c.at("data"));
  auto const store = memory_blockstore{};
  auto walk = ipld::select_walk{store, data, *selector};
  for (auto const& want : c.array("expect_visit")) {
    auto const v = walk.next();
    if (!v) return fail(to_string(v.error()));
    if (!*v) return fail("the walk ended before " + shown(want.as_object()));
    if (auto const a = same("visit", shown(**v), shown(want.as_object())); a.outcome != verdict::pass) return a;
  }
  auto const more = walk.next();
  if (!more) return fail(to_string(more.error()));
  return *more ? fail("another visit: " + shown(**more)) : pass();
}

}  // namespace

auto selectors_area() -> area { return {"selectors", run}; }

}  // namespace conformance
