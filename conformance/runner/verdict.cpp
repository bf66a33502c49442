#include "verdict.hpp"

#include "suite.hpp"

#include <algorithm>

namespace kit {
namespace {

auto shortened(std::string text) -> std::string {
  if (text.size() > 300) text = text.substr(0, 300) + "... (" + std::to_string(text.size()) + " characters)";
  return text;
}

auto sorted_pairs(json::array const& pairs) -> std::vector<json::value const*> {
  auto out = std::vector<json::value const*>{};
  for (auto const& p : pairs) out.push_back(&p);
  std::ranges::sort(out, {}, [](json::value const* p) {
    auto const* const pair = p->if_array();
    return pair && !pair->empty() ? json::serialize((*pair)[0]) : std::string{};
  });
  return out;
}

auto as_integer(json::value const& v) -> std::optional<std::int64_t> {
  if (v.is_int64()) return v.get_int64();
  if (v.is_uint64() && v.get_uint64() <= INT64_MAX) return static_cast<std::int64_t>(v.get_uint64());
  return {};
}

auto error_class(json::value const& err) -> std::string {
  if (auto const* o = err.if_object())
    if (auto const* c = o->if_contains("class")) return to_text(*c);
  return {};
}

auto judge_disputed(test_case const& c, json::value const* ok) -> result {
  for (auto const& v : c.variants) {
    auto where = std::string{};
    if (ok ? v.out && matches(*ok, *v.out, where) : !v.out) return {outcome::disputed, v.name, {}, 0, {}};
  }
  return {outcome::disputed, "another answer", {}, 0, {}};
}

}  // namespace

auto to_string(level l) -> std::string_view {
  constexpr std::string_view words[]{"must", "should", "may", "disputed"};
  return words[static_cast<int>(l)];
}

auto to_string(outcome o) -> std::string_view {
  constexpr std::string_view words[]{"not run", "pass", "fail", "unsupported", "disputed", "error", "timeout", "crash", "limit"};
  return words[static_cast<int>(o)];
}

auto matches(json::value const& have, json::value const& want, std::string& where) -> bool {
  auto const differ = [&] {
    where += ": have " + shortened(json::serialize(have)) + ", want " + shortened(json::serialize(want));
    return false;
  };
  auto const inside = [&](json::value const& h, json::value const& w, std::string const& step) {
    auto const before = where;
    where += step;
    if (!matches(h, w, where)) return false;
    where = before;
    return true;
  };
  if (auto const* o = want.if_object()) {
    if (!have.is_object()) return differ();
    for (auto const& [key, value] : *o) {
      auto const* const got = have.get_object().if_contains(key);
      if (!got) return where += "." + std::string{key} + " is missing", false;
      if (key == "map" && value.is_array() && got->is_array()) {
        auto const a = sorted_pairs(got->get_array()), b = sorted_pairs(value.get_array());
        if (a.size() != b.size()) return differ();
        for (std::size_t i = 0; i < a.size(); ++i)
          if (!inside(*a[i], *b[i], ".map[" + std::to_string(i) + "]")) return false;
      } else if (!inside(*got, value, "." + std::string{key})) {
        return false;
      }
    }
    return true;
  }
  if (auto const* list = want.if_array()) {
    auto const* const got = have.if_array();
    if (!got || got->size() != list->size()) return differ();
    for (std::size_t i = 0; i < list->size(); ++i)
      if (!inside((*got)[i], (*list)[i], "[" + std::to_string(i) + "]")) return false;
    return true;
  }
  auto const a = as_integer(have), b = as_integer(want);
  if (a && b) return *a == *b || differ();
  return have == want || differ();
}

auto judge(test_case const& c, json::value const& line) -> result {
  auto const* const o = line.if_object();
  if (!o) return {outcome::error, "the answer is no object", {}, 0, {}};
  if (o->contains("unsupported")) return {outcome::fail, "the op and its features were declared, this case was declined", {}, 0, {}};
  auto const* const ok = o->if_contains("ok");
  auto const* const err = o->if_contains("err");
  if (!ok == !err) return {outcome::error, "the answer has neither \"ok\" nor \"err\", or both", {}, 0, {}};
  if (c.level == level::disputed) return judge_disputed(c, ok);
  if (!c.out) {
    if (ok) return {outcome::fail, "accepted what has to be refused", {}, 0, {}};
    auto const have = error_class(*err);
    auto const other = !c.error_class.empty() && !have.empty() && have != "refused" && have != c.error_class;
    return {outcome::pass, other ? "refused as " + have + ", the suite says " + c.error_class : std::string{}, {}, 0, {}};
  }
  if (err) return {outcome::fail, "refused: " + shortened(to_text(*err)), {}, 0, {}};
  auto where = std::string{};
  if (matches(*ok, *c.out, where)) return {outcome::pass, {}, {}, 0, {}};
  return {outcome::fail, where.starts_with('.') ? where.substr(1) : where, {}, 0, {}};
}

}  // namespace kit
