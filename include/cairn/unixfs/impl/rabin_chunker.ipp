#pragma once

#include <cairn/unixfs/impl/rolling_cut.hpp>
#include <cairn/unixfs/rabin_chunker.hpp>

#include <algorithm>
#include <array>

namespace cairn {
namespace detail {

inline constexpr std::uint64_t rabin_polynomial = 17437180132763653;  // irreducible, of degree 53
inline constexpr int rabin_degree = 53;

struct rabin_tables {
  std::array<std::uint64_t, 256> out{};     // what an octet contributes when it is the oldest of the window
  std::array<std::uint64_t, 256> reduce{};  // cancels the eight bits above the degree, and adds their residue
};

inline constexpr auto rabin_table = [] {
  auto const rabin_append = [](std::uint64_t hash, std::uint64_t octet) {
    hash = hash << 8 | octet;
    for (auto bit = rabin_degree + 7; bit >= rabin_degree; --bit)
      if (hash >> bit & 1) hash ^= rabin_polynomial << (bit - rabin_degree);
    return hash;
  };
  auto t = rabin_tables{};
  for (std::uint64_t b = 0; b < 256; ++b) {
    auto hash = rabin_append(0, b);
    for (std::size_t i = 1; i < rabin_chunker::window; ++i) hash = rabin_append(hash, 0);
    t.out[b] = hash;
    auto residue = b << rabin_degree;
    for (auto bit = rabin_degree + 7; bit >= rabin_degree; --bit)
      if (residue >> bit & 1) residue ^= rabin_polynomial << (bit - rabin_degree);
    t.reduce[b] = residue | b << rabin_degree;
  }
  return t;
}();

struct rabin_roll {
  using state = std::uint64_t;
  static constexpr std::size_t window = rabin_chunker::window;
  std::uint64_t mask;

  auto append(state s, byte in) const -> state { return (s << 8 | in) ^ rabin_table.reduce[s >> (rabin_degree - 8)]; }
  auto warm(byte const* p) const -> state {
    state s = 0;
    for (std::size_t i = 0; i < window; ++i) s = append(s, p[i]);
    return s;
  }
  auto step(state s, byte out, byte in) const -> state { return append(s ^ rabin_table.out[out], in); }
  auto hit(state s) const -> bool { return (s & mask) == 0; }
};

}  // namespace detail

CAIRN_DECL auto rabin_chunker::cut(bytes_view rest) const -> std::size_t {
  auto const end = std::min(rest.size(), max_size());
  if (min_ < window || end <= min_) return end;
  return detail::rolling_cut(rest, static_cast<std::size_t>(min_), end, detail::rabin_roll{mask_});
}

}  // namespace cairn
