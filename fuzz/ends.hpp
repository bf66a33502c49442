#pragma once
// The ends of a handshake that targets and seeds have: identities that a process makes once, randomness that repeats, a time that
// stands still.

#include <cairn/libp2p/tls/handshake.hpp>

#include <algorithm>

#include "script.hpp"

namespace cairn::fuzz {

inline constexpr auto handshake_time = std::int64_t{1'767'225'600};

/// Randomness that is one octet for ever.
struct same {
  byte value;
  void operator()(bytes_span out) const { std::ranges::fill(out, value); }
};
/// Randomness that counts up.
struct counting {
  mutable byte n = 0;
  void operator()(bytes_span out) const {
    for (auto& b : out) b = ++n;
  }
};

inline auto make_identity(byte n, std::int64_t time = handshake_time) -> tls_identity {
  return *tls_identity::make(*private_key::of_ed25519_seed(bytes(32, n)), time);
}
/// The end that a target has, and the one that speaks with it.
inline auto own_identity() -> tls_identity const& {
  static auto const one = make_identity(3);
  return one;
}
inline auto other_identity() -> tls_identity const& {
  static auto const one = make_identity(4);
  return one;
}

}  // namespace cairn::fuzz
