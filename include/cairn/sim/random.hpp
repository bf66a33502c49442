#pragma once

#include <cairn/core/bytes.hpp>

#include <cstdint>

namespace cairn::sim {

/// Numbers and octets from a seed, the same ones on every machine and compiler. No secret may come from it outside of a simulation.
class seeded_random {
public:
  explicit seeded_random(std::uint64_t seed) : state_{seed} {}

  /// SplitMix64.
  auto next() -> std::uint64_t {
    auto z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// 0 .. n - 1; 0 of nothing.
  auto below(std::uint64_t n) -> std::uint64_t { return n == 0 ? 0 : next() % n; }
  /// Whether something of that probability happens.
  auto happens(double probability) -> bool { return probability > 0 && static_cast<double>(next() >> 11) * 0x1p-53 < probability; }
  /// As a `random_source`.
  void operator()(bytes_span out) {
    for (auto i = 0uz; i < out.size();) {
      auto v = next();
      for (auto k = 0; k < 8 && i < out.size(); ++k, v >>= 8) out[i++] = static_cast<byte>(v);
    }
  }

private:
  std::uint64_t state_;
};

}  // namespace cairn::sim
