#pragma once

#include <cairn/asio/http/exchange.hpp>
#include <cairn/ipld/path.hpp>
#include <cairn/service/impl/html_text.hpp>

#include <optional>
#include <string>

namespace cairn::service {

/// Where a request belongs whose path has empty, "." or ".." segments: the path without them, and the query. Go's router sends there
/// with 307, and clients of Kubo follow it.
inline auto cleaned_target(http::request const& head) -> std::optional<std::string> {
  auto const path = head.path();
  auto const has = [&](std::string_view what) { return path.find(what) != std::string_view::npos; };
  if (!has("//") && !has("/./") && !has("/../") && !path.ends_with("/.") && !path.ends_with("/..")) return std::nullopt;
  auto out = std::string{};
  for (auto const& s : path_segments(path)) out += "/" + s;
  if (out.empty() || path.ends_with('/')) out += '/';
  if (auto const query = head.query(); !query.empty()) out.append("?").append(query);
  return out;
}

/// The answer of Go's http.Redirect: with a page of one link, but to a POST.
inline auto redirect(http::exchange& with, unsigned status, std::string const& to, http::headers fields) -> io_result<void> {
  auto const page = with.head().method == "GET" || with.head().method == "HEAD";
  if (page) fields.set("Content-Type", "text/html; charset=utf-8");
  fields.set("Location", to);
  if (!page) return http::respond(with, status, "", "", std::move(fields));
  auto body = std::string{"<a href=\""};
  append_html(body, to);
  body += "\">" + std::string{http::reason(status)} + "</a>.\n\n";
  return http::respond(with, status, "", body, std::move(fields));
}

}  // namespace cairn::service
