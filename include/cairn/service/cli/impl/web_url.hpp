#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::service::cli::detail {

/// The URL, its scheme in small letters; nothing where it is not one of HTTP.
inline auto as_url(std::string_view text) -> std::optional<std::string> {
  auto out = std::string{text};
  auto const colon = std::min(out.find("://"), out.size());
  std::transform(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(colon), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out.starts_with("http://") || out.starts_with("https://") ? std::optional{std::move(out)} : std::nullopt;
}

/// What a file from there is called: the last part of the path, or the host.
inline auto name_of_url(std::string_view url) -> std::string {
  url.remove_prefix(url.find("://") + 3);
  url = url.substr(0, url.find_first_of("?#"));
  auto const path = url.find('/');
  if (path == std::string_view::npos) return std::string{url};
  while (url.ends_with('/')) url.remove_suffix(1);
  return url.size() <= path ? "/" : std::string{url.substr(url.rfind('/') + 1)};
}

/// Where a redirection leads, seen from `from`.
inline auto redirected(std::string const& from, std::string_view to) -> std::string {
  if (auto whole = as_url(to)) return *std::move(whole);
  auto const host = from.find("://") + 3, path = std::min(from.find_first_of("/?#", host), from.size());
  if (to.starts_with("//")) return from.substr(0, host - 2) + std::string{to};
  if (to.starts_with('/')) return from.substr(0, path) + std::string{to};
  auto const folder = from.substr(0, from.find_first_of("?#", host)).rfind('/');
  return (folder == std::string::npos || folder < path ? from.substr(0, path) + "/" : from.substr(0, folder + 1)) + std::string{to};
}

}  // namespace cairn::service::cli::detail
