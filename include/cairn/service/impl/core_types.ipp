#pragma once

#include <cairn/service/core_types.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/kubo_text.hpp>

namespace cairn::service {

CAIRN_DECL auto path_like::parse(std::string_view text) -> io_result<content_path> {
  auto parsed = parse_path_argument(text);
  if (parsed) return *std::move(parsed);
  auto sentence = std::string{describe(parsed.error())};
  auto const root_of = [&](std::size_t nth) {
    auto const parts = path_segments(text);
    return nth < parts.size() ? parts[nth] : std::string{};
  };
  if (parsed.error() == path_errc::unknown_namespace) sentence += ": " + go_quoted(root_of(0));
  if (parsed.error() == path_errc::bad_root) {
    auto const why = read_cid_text(root_of(1));
    if (!why) sentence = to_string(why.error());
  }
  return std::unexpected(error::message("path", "invalid path " + go_quoted(text) + ": " + sentence));
}

}  // namespace cairn::service
