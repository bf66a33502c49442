// The line that an adapter writes, whatever it is: the runner says pass, fail or error, and never a pass without an answer.
#include "../conformance/runner/suite.hpp"
#include "../conformance/runner/verdict.hpp"

#include "law.hpp"

using namespace kit;

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  static auto const answered = [] {
    auto c = test_case{.id = "x-1/a", .area = "x", .op = "x.y"};
    c.out = json::parse(R"({"value":{"map":[["a",{"int":"1"}],["b",[true,null]]]},"size":2})");
    return c;
  }();
  static auto const refused = [] {
    auto c = answered;
    c.out = {}, c.error_class = "overflow";
    return c;
  }();
  static auto const disputed = [] {
    auto c = answered;
    c.level = level::disputed;
    c.variants = {{"read", *c.out}, {"refused", {}}};
    return c;
  }();
  auto line = json::value{};
  try {
    line = parse_json({reinterpret_cast<char const*>(data), size});
  } catch (std::exception const&) {
    return 0;
  }
  auto const* const o = line.if_object();
  auto const ok = o && o->contains("ok"), err = o && o->contains("err");
  auto const a = judge(answered, line), r = judge(refused, line), d = judge(disputed, line);
  if (a.outcome == outcome::pass) CAIRN_LAW(ok && !err);
  if (r.outcome == outcome::pass) CAIRN_LAW(err && !ok);
  if (d.outcome == outcome::disputed) CAIRN_LAW(ok != err);
  CAIRN_LAW(d.outcome != outcome::pass);
  if (auto where = std::string{}; o) CAIRN_LAW(matches(line, line, where));
  return 0;
}
