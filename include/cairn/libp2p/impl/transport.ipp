#pragma once

#include <cairn/libp2p/transport.hpp>

namespace cairn::detail {

CAIRN_DECL auto leads_over(multiaddr const& a, std::string_view first, std::string_view second) -> bool {
  auto place = 0;
  for (auto const& c : a) {
    auto const name = c.name();
    auto ok = false;
    if (place == 0) ok = name == "ip4" || name == "ip6" || name == "dns" || name == "dns4" || name == "dns6";
    else if (place == 1) ok = name == first;
    else if (place == 2 && !second.empty()) ok = name == second;
    else if (place == 2 || place == 3) ok = name == "p2p", place = 3;
    if (!ok) return false;
    ++place;
  }
  return place == 4 || place == (second.empty() ? 2 : 3);
}

}  // namespace cairn::detail
