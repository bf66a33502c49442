#pragma once
// Octets on their way from one machine to another, in pieces of any size; and randomness that repeats.

#include <cairn/core/byte_queue.hpp>

#include <algorithm>
#include <cstdint>

namespace cairn::testing {

/// A random source that repeats from its seed; not for keys of the living.
struct seeded {
  std::uint64_t state = 1;
  auto next() -> std::uint64_t {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state * 0x2545f4914f6cdd1dull;
  }
  auto below(std::size_t n) -> std::size_t { return static_cast<std::size_t>(next() >> 11) % n; }
  void operator()(bytes_span out) {
    for (auto& b : out) b = static_cast<byte>(next() >> 32);
  }
};

/// What lies between a sender's queue and a receiver: the receiver sees a growing prefix, takes some, and sees the rest again.
class cut_pipe {
public:
  explicit cut_pipe(std::size_t piece = 0) : piece_{piece} {}  ///< piece: 0, any size; else always that

  byte_queue from;  ///< the sender writes here

  /// Move one piece on; false where nothing waits.
  auto step(seeded& random) -> bool {
    if (from.empty()) return false;
    auto const n = std::min(from.size(), piece_ != 0 ? piece_ : 1 + random.below(1 + random.below(70000)));
    arrived.push(from.view().first(n));
    from.consume(n);
    return true;
  }

  byte_queue arrived;

private:
  std::size_t piece_;
};

inline auto to_vector(bytes_view in) -> bytes { return {in.begin(), in.end()}; }

}  // namespace cairn::testing
