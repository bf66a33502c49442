#include "report.hpp"

#include "suite.hpp"

#include <algorithm>

namespace kit {
namespace {

auto escaped(std::string_view text) -> std::string {
  auto out = std::string{};
  for (auto const c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? '?' : c;
    }
  }
  return out;
}

auto field(json::object const& o, std::string_view name) -> std::string {
  auto const* const v = o.if_contains(name);
  return v ? to_text(*v) : std::string{};
}

/// Outcome of each case by "implementation / case".
auto outcomes(json::object const& results) -> std::map<std::string, std::string> {
  auto out = std::map<std::string, std::string>{};
  auto const& cases = results.at("cases").as_array();
  for (auto const& it : results.at("implementations").as_array()) {
    auto const& list = it.at("results").as_array();
    for (std::size_t i = 0; i < cases.size() && i < list.size(); ++i) {
      auto const& r = list[i].as_object();
      auto text = field(r, "outcome");
      if (text == "disputed") text += ":" + field(r, "detail");
      out[field(it.as_object(), "label") + " / " + field(cases[i].as_object(), "id")] = text;
    }
  }
  return out;
}

}  // namespace

auto is_broken(result const& r) -> bool {
  return r.outcome != outcome::pass && r.outcome != outcome::unsupported && r.outcome != outcome::disputed;
}

auto count(suite const& s, implementation const& it, std::string_view area) -> counts {
  auto out = counts{};
  for (std::size_t i = 0; i < s.cases.size(); ++i) {
    if (!area.empty() && s.cases[i].area != area) continue;
    auto const& r = it.results[i];
    ++out.of[static_cast<int>(r.outcome)];
    if (!is_broken(r)) continue;
    if (!r.known.empty())
      ++out.known;
    else
      ++(s.cases[i].level == level::must ? out.must_broken : out.should_broken);
  }
  return out;
}

auto to_json(suite const& s, std::vector<implementation> const& all, run_facts const& facts) -> json::object {
  auto cases = json::array{};
  for (auto const& c : s.cases) {
    auto o = json::object{{"id", c.id}, {"area", c.area}, {"op", c.op}, {"clause", c.clause}, {"level", to_string(c.level)}, {"in", c.in}};
    if (!c.note.empty()) o["note"] = c.note;
    if (!c.features.empty()) o["features"] = json::value_from(c.features);
    if (c.out) o["out"] = *c.out;
    if (!c.out && c.variants.empty()) o["err"] = c.error_class;
    if (!c.variants.empty()) {
      auto& v = o["variants"].emplace_object();
      for (auto const& one : c.variants) v[one.name] = one.out ? json::object{{"out", *one.out}} : json::object{{"err", true}};
    }
    cases.push_back(std::move(o));
  }
  auto clauses = json::object{};
  for (auto const& [id, c] : s.clauses) clauses[id] = {{"level", c.level}, {"text", c.text}};
  auto list = json::array{};
  for (auto const& it : all) {
    auto results = json::array{};
    for (auto const& r : it.results) {
      auto o = json::object{{"outcome", to_string(r.outcome)}};
      if (!r.detail.empty()) o["detail"] = r.detail;
      if (!r.answer.empty() && r.outcome != outcome::pass) o["answer"] = r.answer;
      if (r.seconds >= 0.001) o["ms"] = static_cast<std::int64_t>(r.seconds * 1000);
      if (!r.known.empty()) o["known"] = r.known;
      results.push_back(std::move(o));
    }
    list.push_back({{"label", it.label}, {"name", it.name}, {"version", it.version}, {"language", it.language},
                    {"planned", it.planned}, {"sent", it.sent}, {"answered", it.answered}, {"restarts", it.restarts},
                    {"seconds", it.seconds}, {"unusable", it.unusable}, {"results", std::move(results)}});
  }
  return {{"format", "cairn-conformance-results/1"}, {"date", facts.date}, {"seconds", facts.seconds}, {"suite", s.digest},
          {"clauses", std::move(clauses)}, {"cases", std::move(cases)}, {"implementations", std::move(list)}};
}

auto to_junit(suite const& s, std::vector<implementation> const& all) -> std::string {
  auto out = std::string{"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"};
  for (auto const& it : all) {
    auto body = std::string{};
    std::size_t failures = 0, skipped = 0;
    for (std::size_t i = 0; i < s.cases.size(); ++i) {
      auto const& c = s.cases[i];
      auto const& r = it.results[i];
      body += "    <testcase classname=\"" + escaped(it.label + "." + c.area) + "\" name=\"" + escaped(c.id) + "\" time=\"" + std::to_string(r.seconds) + "\"";
      if (r.outcome == outcome::pass) {
        body += "/>\n";
      } else if (!is_broken(r) || !r.known.empty() || c.level != level::must) {
        ++skipped;
        body += "><skipped message=\"" + escaped(std::string{to_string(r.outcome)} + (r.detail.empty() ? "" : ": " + r.detail)) + "\"/></testcase>\n";
      } else {
        ++failures;
        body += "><failure type=\"" + std::string{to_string(r.outcome)} + "\" message=\"" + escaped(r.detail) + "\">" + escaped(c.op + " " + json::serialize(c.in).substr(0, 1000)) +
                "\n" + escaped(r.answer) + "</failure></testcase>\n";
      }
    }
    out += "  <testsuite name=\"" + escaped(it.label) + "\" tests=\"" + std::to_string(s.cases.size()) + "\" failures=\"" + std::to_string(failures) +
           "\" skipped=\"" + std::to_string(skipped) + "\">\n" + body + "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

auto markdown_diff(json::object const& before, json::object const& now) -> std::string {
  auto const old = outcomes(before), fresh = outcomes(now);
  auto changed = std::string{}, added = std::string{}, gone = std::string{};
  std::size_t changes = 0, additions = 0, losses = 0;
  for (auto const& [key, what] : fresh) {
    auto const at = old.find(key);
    if (at == old.end())
      ++additions;
    else if (at->second != what)
      ++changes, changed += "| " + key + " | " + at->second + " | " + what + " |\n";
  }
  for (auto const& [key, what] : old)
    if (!fresh.contains(key)) ++losses;
  auto out = "# Changes since " + field(before, "date") + "\n\n" + std::to_string(changes) + " outcomes changed, " + std::to_string(additions) + " are new, " +
             std::to_string(losses) + " are gone" + (field(before, "suite") == field(now, "suite") ? "; the cases are the same.\n" : "; the cases changed.\n");
  if (changes) out += "\n| implementation / case | before | now |\n| --- | --- | --- |\n" + changed;
  return out;
}

auto to_html(json::object const& results) -> std::string {
  auto page = std::string{matrix_page};
  auto data = json::serialize(results);
  // a script element ends at "</script", wherever it stands
  for (auto at = data.find("</"); at != data.npos; at = data.find("</", at + 3)) data.replace(at, 2, "<\\/");
  constexpr auto mark = std::string_view{"/*RESULTS*/"};
  return page.replace(page.find(mark), mark.size(), data);
}

}  // namespace kit
