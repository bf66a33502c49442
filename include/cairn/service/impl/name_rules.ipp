#pragma once

#include <cairn/service/name_rules.hpp>

namespace cairn::service {
namespace detail {

// Whether a class "[a-z]" at the front of `pattern` holds c; `size` is its length, 0 where it does not end.
inline auto class_holds(std::string_view pattern, char c, std::size_t& size) -> bool {
  auto i = 1uz;
  auto const inverted = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (inverted) ++i;
  auto found = false;
  for (auto first = true; i < pattern.size() && (first || pattern[i] != ']'); first = false) {
    auto const low = pattern[i];
    auto high = low;
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
      high = pattern[i + 2];
      i += 2;
    }
    found = found || (low <= c && c <= high);
    ++i;
  }
  size = i < pattern.size() ? i + 1 : 0;
  return found != inverted;
}

// Linear in name times pattern: on a mismatch only the last star is tried again.
inline auto name_fits(std::string_view pattern, std::string_view name) -> bool {
  auto p = 0uz, n = 0uz, star = std::string_view::npos, mark = 0uz;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
      continue;
    }
    auto ok = false;
    auto step = 1uz;
    if (p < pattern.size()) {
      if (pattern[p] == '[') {
        auto size = 0uz;
        ok = class_holds(pattern.substr(p), name[n], size);
        if (size == 0) ok = name[n] == '[';
        else step = size;
      } else if (pattern[p] == '\\' && p + 1 < pattern.size()) {
        ok = pattern[p + 1] == name[n];
        step = 2;
      } else {
        ok = pattern[p] == '?' || pattern[p] == name[n];
      }
    }
    if (ok) {
      p += step;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace detail

CAIRN_DECL name_rules::name_rules(std::span<std::string const> lines) {
  for (auto line : lines) {
    if (line.ends_with('\r')) line.pop_back();
    while (line.ends_with(' ') && !line.ends_with("\\ ")) line.pop_back();
    auto takes_back = false;
    if (line.starts_with('!')) {
      takes_back = true;
      line.erase(0, 1);
    } else if (line.starts_with('#')) {
      continue;
    }
    if (line.starts_with("**/")) line.erase(0, 3);
    if (line.starts_with('/')) line.erase(0, 1);
    if (line.ends_with("/**")) line.resize(line.size() - 3);
    if (line.ends_with('/')) line.pop_back();
    if (line.empty() || line.find('/') != std::string::npos) continue;
    rules_.push_back({std::move(line), takes_back});
  }
}

CAIRN_DECL auto name_rules::excludes(std::string_view name) const -> bool {
  auto out = false;
  for (auto const& r : rules_)
    if (out == r.takes_back && detail::name_fits(r.pattern, name)) out = !r.takes_back;
  return out;
}

}  // namespace cairn::service
