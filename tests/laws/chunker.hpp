#pragma once
// The laws of <cairn/concept/chunker.hpp>, for any model: `laws::chunker(model)`.

#include <cairn/concept/chunker.hpp>

#include <support/keystream.hpp>
#include <support/property.hpp>

#include <algorithm>
#include <vector>

namespace cairn::laws {

template <cairn::chunker C>
auto chunk_lengths(C const& c, bytes_view in) -> std::vector<std::size_t> {
  auto out = std::vector<std::size_t>{};
  while (!in.empty()) {
    out.push_back(c.cut(in));
    in = in.subspan(out.back());
  }
  return out;
}

template <cairn::chunker C>
void chunker(C const& c) {
  testing::check_property("chunker laws", [&](std::string seed, std::uint32_t length, bool flat) {
    auto const limit = 4 * std::min<std::size_t>(c.max_size(), 1 << 19) + 7;
    auto const in = flat ? bytes(length % limit, static_cast<byte>(length)) : testing::keystream(seed, length % limit);
    auto rest = bytes_view{in};
    auto total = std::size_t{0};
    while (!rest.empty()) {
      auto const n = c.cut(rest);
      RC_ASSERT(n >= 1u);                                        // L1
      RC_ASSERT(n <= std::min(rest.size(), c.max_size()));       // L1
      auto const seen = rest.first(std::min(rest.size(), c.max_size()));
      RC_ASSERT(c.cut(seen) == n);                               // L2: reads of other sizes cut alike
      auto const elsewhere = bytes(seen.begin(), seen.end());
      RC_ASSERT(C{c}.cut(elsewhere) == n);                       // L4
      total += n;
      rest = rest.subspan(n);
    }
    RC_ASSERT(total == in.size());                               // L3
  });
}

}  // namespace cairn::laws
