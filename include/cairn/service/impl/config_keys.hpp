#pragma once
// Keys of the config as texts.

#include <string_view>
#include <vector>

namespace cairn::service::detail {

inline auto config_parts(std::string_view key) -> std::vector<std::string_view> {
  auto out = std::vector<std::string_view>{};
  for (;;) {
    auto const dot = key.find('.');
    out.push_back(key.substr(0, dot));
    if (dot == std::string_view::npos) return out;
    key.remove_prefix(dot + 1);
  }
}

inline auto same_letters(std::string_view a, std::string_view b) -> bool {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace cairn::service::detail
