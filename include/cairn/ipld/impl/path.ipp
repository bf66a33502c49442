#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/path.hpp>

namespace cairn {
namespace detail {

inline auto path_text(std::string_view ns, std::string_view root, std::span<std::string const> segments, bool slash) -> std::string {
  auto out = "/" + std::string{ns} + "/" + std::string{root};
  for (auto const& s : segments) (out += '/') += s;
  if (slash) out += '/';
  return out;
}

/// A native URI as a path; nothing where the text has none of the three schemes.
inline auto path_of_uri(std::string_view text) -> std::optional<std::string> {
  for (auto scheme : {"ipfs", "ipns", "ipld"}) {
    auto const ns = std::string_view{scheme};
    if (text.size() <= ns.size() || text[ns.size()] != ':') continue;
    auto same = true;
    for (std::size_t i = 0; i < ns.size(); ++i) same = same && (text[i] | 0x20) == ns[i];
    if (!same) continue;
    auto rest = text.substr(ns.size() + 1);
    if (rest.starts_with("//")) rest.remove_prefix(2);
    return "/" + std::string{ns} + "/" + std::string{rest};
  }
  return std::nullopt;
}

}  // namespace detail

CAIRN_DECL auto to_string(path_namespace ns) -> std::string_view {
  return ns == path_namespace::ipfs ? "ipfs" : ns == path_namespace::ipld ? "ipld" : "ipns";
}

CAIRN_DECL auto to_string(immutable_path const& p) -> std::string {
  return detail::path_text(to_string(p.ns), p.root_text.empty() ? to_string(p.root) : p.root_text, p.segments, p.trailing_slash);
}

CAIRN_DECL auto to_string(mutable_path const& p) -> std::string {
  return detail::path_text("ipns", p.name, p.segments, p.trailing_slash);
}

CAIRN_DECL auto to_string(content_path const& p) -> std::string {
  return std::visit([](auto const& one) { return to_string(one); }, p);
}

CAIRN_DECL auto path_segments(std::string_view text) -> std::vector<std::string> {
  auto const rooted = text.starts_with('/');
  auto out = std::vector<std::string>{};
  while (!text.empty()) {
    auto const at = text.find('/');
    auto const one = text.substr(0, at);
    text.remove_prefix(at == text.npos ? text.size() : at + 1);
    if (one.empty() || one == ".") continue;
    if (one != "..")
      out.emplace_back(one);
    else if (!out.empty() && out.back() != "..")
      out.pop_back();
    else if (!rooted)
      out.emplace_back(one);
  }
  return out;
}

CAIRN_DECL auto parse_path(std::string_view text) -> result<content_path, path_errc> {
  auto segments = path_segments(text);
  if (!text.starts_with('/') || segments.size() < 2) return std::unexpected(path_errc::insufficient_components);
  if (segments.size() - 2 > limits::path_segments) return std::unexpected(path_errc::too_many_segments);
  auto const ns = std::move(segments[0]);
  auto root = std::move(segments[1]);
  segments.erase(segments.begin(), segments.begin() + 2);
  auto const slash = text.ends_with('/');
  if (ns == "ipns") return mutable_path{std::move(root), std::move(segments), slash};
  if (ns != "ipfs" && ns != "ipld") return std::unexpected(path_errc::unknown_namespace);
  auto const id = parse_cid(root);
  if (!id) return std::unexpected(path_errc::bad_root);
  return immutable_path{*id, std::move(segments), ns == "ipld" ? path_namespace::ipld : path_namespace::ipfs, slash, std::move(root)};
}

CAIRN_DECL auto parse_path_or_uri(std::string_view text) -> result<content_path, path_errc> {
  if (auto const path = detail::path_of_uri(text)) return parse_path(*path);
  return parse_path(text);
}

CAIRN_DECL auto parse_path_argument(std::string_view text) -> result<content_path, path_errc> {
  auto p = parse_path_or_uri(text);
  if (p) return p;
  auto below_ipfs = parse_path("/ipfs/" + std::string{text});
  return below_ipfs ? below_ipfs : p;
}

CAIRN_DECL auto parse_cid_argument(std::string_view text) -> result<cid, path_errc> {
  if (auto const id = parse_cid(text)) return *id;
  CAIRN_TRY(auto p, parse_path_argument(text));
  CAIRN_TRY(auto const fixed, to_immutable(std::move(p)));
  if (!fixed.segments.empty()) return std::unexpected(path_errc::below_root);
  return fixed.root;
}

CAIRN_DECL auto to_immutable(content_path p) -> result<immutable_path, path_errc> {
  if (auto* const fixed = std::get_if<immutable_path>(&p)) return std::move(*fixed);
  return std::unexpected(path_errc::expected_immutable);
}

CAIRN_DECL auto join(content_path const& p, std::span<std::string_view const> segments) -> result<content_path, path_errc> {
  auto text = to_string(p);
  for (auto s : segments) (text += '/') += s;
  return parse_path(text);
}

CAIRN_DECL auto path_error(path_errc why, std::string_view text) -> error {
  return error{why}.about("invalid path \"" + printable(text) + '"');
}

}  // namespace cairn
