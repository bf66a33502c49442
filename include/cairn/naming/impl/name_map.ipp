#pragma once

#include <cairn/core/try.hpp>
#include <cairn/naming/name_map.hpp>

namespace cairn {

CAIRN_DECL auto parse_name_map(std::string_view text) -> io_result<name_map> {
  auto out = name_map{};
  while (!text.empty()) {
    auto const end = text.find(',');
    auto const pair = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    auto const colon = pair.find(':');
    if (colon == pair.npos) return std::unexpected(error{name_errc::bad_map}.about(std::string{pair}));
    auto const target = pair.substr(colon + 1);
    auto path = parse_path(target);
    if (!path) return std::unexpected(path_error(path.error(), target));
    out.insert_or_assign(std::string{pair.substr(0, colon)}, *std::move(path));
  }
  return out;
}

}  // namespace cairn
