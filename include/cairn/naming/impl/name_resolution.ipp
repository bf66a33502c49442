#pragma once

#include <cairn/core/try.hpp>
#include <cairn/naming/name_resolution.hpp>

#include <algorithm>

namespace cairn {

CAIRN_DECL auto follow_names(content_path path, unsigned max_hops, name_lookup_step const& step, path_screen const& screen) -> io_result<resolved_name> {
  auto out = resolved_name{std::move(path)};
  for (;;) {
    if (screen) CAIRN_TRY(screen(out.path));
    auto const* at = std::get_if<mutable_path>(&out.path);
    if (!at) return out;
    if (out.hops == max_hops) {
      out.is_final = false;
      return out;
    }
    auto next = step(at->name);
    if (!next) return std::unexpected(std::move(next).error());
    if (!at->segments.empty() || at->trailing_slash) {
      auto text = to_string(next->path);
      for (auto const& s : at->segments) (text += '/') += s;
      if (at->trailing_slash) text += '/';
      auto joined = parse_path(text);
      if (!joined) return std::unexpected(path_error(joined.error(), text));
      next->path = *std::move(joined);
    }
    out.ttl = out.hops == 0 ? next->ttl : std::min(out.ttl, next->ttl);
    out.path = std::move(next->path);
    ++out.hops;
  }
}

CAIRN_DECL auto resolve_names(content_path path, name_lookup_step const& step, path_screen const& screen) -> io_result<resolved_name> {
  CAIRN_TRY(auto out, follow_names(std::move(path), limits::name_hops, step, screen));
  if (!out.is_final) return std::unexpected(name_errc::too_many_hops);
  return out;
}

}  // namespace cairn
