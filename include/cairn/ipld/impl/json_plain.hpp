#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace cairn::detail {

/// How many characters at the front stand in a JSON string as they are: ASCII that is no control character, no quote and no backslash.
inline auto json_plain_size(std::string_view s) -> std::size_t {
  constexpr auto ones = std::uint64_t{0x0101010101010101}, highs = std::uint64_t{0x8080808080808080};
  auto i = 0uz;
  // of a long text 32 at once, in vectors
  auto const skip_plain = [&] {
    for (; i + 32 <= s.size(); i += 32) {
      auto stop = static_cast<unsigned char>(0);
      for (auto k = 0uz; k < 32; ++k) {
        auto const c = static_cast<signed char>(s[i + k]);  // 0x80 and above are negative
        stop |= static_cast<unsigned char>(c < 0x20) | static_cast<unsigned char>(c == '"') | static_cast<unsigned char>(c == '\\');
      }
      if (stop != 0) return;
    }
  };
  // eight at once; a borrow reaches only octets behind one that is found already
  for (; i + 8 <= s.size(); i += 8) {
    if (i == 24) skip_plain();
    if (i + 8 > s.size()) break;
    auto word = std::uint64_t{};
    std::memcpy(&word, s.data() + i, 8);
    if constexpr (std::endian::native == std::endian::big) word = std::byteswap(word);
    auto const zero_in = [&](std::uint64_t w) { return (w - ones) & ~w; };
    auto const found = (word | (word - ones * 0x20) | zero_in(word ^ ones * '"') | zero_in(word ^ ones * '\\')) & highs;
    if (found != 0) return i + static_cast<std::size_t>(std::countr_zero(found)) / 8;
  }
  for (; i < s.size(); ++i) {
    auto const c = static_cast<unsigned char>(s[i]);
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') break;
  }
  return i;
}

}  // namespace cairn::detail
