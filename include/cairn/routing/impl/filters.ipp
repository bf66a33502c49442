#pragma once

#include <cairn/multiformats/multiaddr.hpp>
#include <cairn/routing/filters.hpp>

namespace cairn {

CAIRN_DECL auto parse_filter(std::string_view text) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  while (!text.empty()) {
    auto const end = text.find(',');
    if (end != 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return out;
}

CAIRN_DECL auto filter_addresses(std::span<std::string const> addresses, std::span<std::string const> filter) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  for (auto const& text : addresses) {
    auto const parsed = parse_multiaddr(text);
    auto const has = [&](std::string_view protocol) {
      if (!parsed) return false;
      for (auto const& part : *parsed)
        if (part.name() == protocol) return true;
      return false;
    };
    auto wanted = true, found = false;
    for (auto const& name : filter) {
      if (name.starts_with('!')) {
        wanted = wanted && !has(std::string_view{name}.substr(1));
        continue;
      }
      found = found || has(name);
    }
    auto positive = false;
    for (auto const& name : filter) positive = positive || !name.starts_with('!');
    if (wanted && (found || !positive)) out.push_back(text);
  }
  return out;
}

CAIRN_DECL auto with_filters(std::string_view url, std::span<std::string const> protocols, std::span<std::string const> addresses) -> std::string {
  auto out = std::string{url};
  auto const add = [&](std::string_view name, std::span<std::string const> values) {
    if (values.empty()) return;
    out += out.find('?') == std::string::npos ? '?' : '&';
    (out += name) += '=';
    for (std::size_t i = 0; i < values.size(); ++i) (out += i == 0 ? "" : ",") += values[i];
  };
  add("filter-addrs", addresses);
  add("filter-protocols", protocols);
  return out;
}

}  // namespace cairn
