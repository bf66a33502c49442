#pragma once

#include <cairn/core/bytes.hpp>

#include <cstddef>

namespace cairn::detail {

/// The first length in [from, to) at which a rolling hash of the last Roll::window bytes says cut, else `to`.
///
/// A rolling hash depends on its window only, so lanes far apart are computed side by side: the chain of dependent
/// operations of one window is several times longer than the work.
/// Roll: State · warm(byte const* begin) -> State · step(State, byte out, byte in) -> State · hit(State) -> bool
template <class Roll>
auto rolling_cut(bytes_view in, std::size_t from, std::size_t to, Roll const& roll) -> std::size_t {
  constexpr std::size_t lanes = 4, stride = 1024, window = Roll::window;
  auto const* const p = in.data();
  while (to - from >= lanes * stride) {
    typename Roll::state s[lanes];
    std::size_t found[lanes]{stride, stride, stride, stride};
    for (std::size_t k = 0; k < lanes; ++k) s[k] = roll.warm(p + from + k * stride - window);
    for (std::size_t i = 0; i < stride; ++i) {
      if (roll.hit(s[0])) return from + i;
      auto any = false;
      for (std::size_t k = 1; k < lanes; ++k) any |= roll.hit(s[k]);
      if (any) {
        for (std::size_t k = 1; k < lanes; ++k)
          if (roll.hit(s[k]) && found[k] == stride) found[k] = i;
      }
      for (std::size_t k = 0; k < lanes; ++k) {
        auto const* const q = p + from + k * stride + i;
        s[k] = roll.step(s[k], q[-static_cast<std::ptrdiff_t>(window)], *q);
      }
    }
    for (std::size_t k = 1; k < lanes; ++k)
      if (found[k] != stride) return from + k * stride + found[k];
    from += lanes * stride;
  }
  if (from >= to) return to;
  for (auto s = roll.warm(p + from - window);; ++from) {
    if (roll.hit(s)) return from;
    if (from + 1 >= to) return to;
    s = roll.step(s, p[from - window], p[from]);
  }
}

}  // namespace cairn::detail
