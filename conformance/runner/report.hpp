#pragma once
// What a run leaves: the same results for programs (JSON), for CI (JUnit), for a review (Markdown) and to look at (HTML).

#include "model.hpp"

namespace kit {

struct run_facts {
  std::string date;   ///< as the user of the runner sees it
  double seconds = 0;
};

/// All cases with their answers; the page and later runs read it.
auto to_json(suite const& s, std::vector<implementation> const& all, run_facts const& facts) -> json::object;
auto to_junit(suite const& s, std::vector<implementation> const& all) -> std::string;
/// What changed since the results of an earlier run.
auto markdown_diff(json::object const& before, json::object const& now) -> std::string;
/// One page with everything in it.
auto to_html(json::object const& results) -> std::string;

struct counts {
  std::size_t of[9]{};  ///< by outcome
  std::size_t must_broken = 0, should_broken = 0, known = 0;
  auto operator[](outcome o) const -> std::size_t { return of[static_cast<int>(o)]; }
};
auto count(suite const& s, implementation const& it, std::string_view area = {}) -> counts;
auto is_broken(result const& r) -> bool;  ///< an outcome that is neither a pass nor declined nor disputed

extern char const* const matrix_page;

}  // namespace kit
