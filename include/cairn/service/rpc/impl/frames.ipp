#pragma once

#include <cairn/service/rpc/frames.hpp>

namespace cairn::service::rpc {

CAIRN_DECL auto take_frame(std::string_view& in, bool& bad) -> std::optional<frame> {
  constexpr auto head = 5uz;
  constexpr auto longest = 16uz << 20;
  if (in.size() < head) return std::nullopt;
  auto size = 0uz;
  for (std::size_t i = 1; i < head; ++i) size = size << 8 | static_cast<unsigned char>(in[i]);
  if (std::string_view{"acpqfd"}.find(in[0]) == std::string_view::npos || size > longest) {
    bad = true;
    return std::nullopt;
  }
  if (in.size() < head + size) return std::nullopt;
  auto const out = frame{static_cast<frame_kind>(in[0]), in.substr(head, size)};
  in.remove_prefix(head + size);
  return out;
}

}  // namespace cairn::service::rpc
