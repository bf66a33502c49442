#pragma once
// An input that is a script: what is made, or what happens, one octet after the other.

#include <cairn/core/bytes.hpp>

#include <algorithm>

#include "law.hpp"

namespace cairn::fuzz {

/// Octets taken from the front.
struct script {
  bytes_view rest;

  auto is_over() const -> bool { return rest.empty(); }
  auto octet(byte behind_the_end = 0) -> byte {
    if (rest.empty()) return behind_the_end;
    auto const b = rest.front();
    rest = rest.subspan(1);
    return b;
  }
  auto number() -> std::size_t {
    auto const high = octet();
    return std::size_t{high} << 8 | octet();
  }
  /// So many, or as many as there are.
  auto take(std::size_t n) -> bytes_view {
    auto const out = rest.first(std::min(n, rest.size()));
    rest = rest.subspan(out.size());
    return out;
  }
};

}  // namespace cairn::fuzz
