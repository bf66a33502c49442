#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace cairn {

/// One octet. Text is `char`, octets are `byte`; the two are never mixed.
using byte = std::uint8_t;

/// Borrowed, read-only octets.
using bytes_view = std::span<byte const>;

/// Borrowed, writable octets.
using bytes_span = std::span<byte>;

/// Owned, growing octets.
using bytes = std::vector<byte>;

/// A digest of fixed size [N].
template <std::size_t N>
using digest = std::array<byte, N>;

/// The octets of a text, borrowed.
inline auto as_bytes(std::string_view text) -> bytes_view {
  return {reinterpret_cast<byte const*>(text.data()), text.size()};
}

/// Octets as text, borrowed and unchecked: the caller knows that they are text.
inline auto as_text(bytes_view in) -> std::string_view {
  return {reinterpret_cast<char const*>(in.data()), in.size()};
}

/// Append all of `in` to `out`.
constexpr void append(bytes& out, bytes_view in) { out.insert(out.end(), in.data(), in.data() + in.size()); }

/// Byte-wise equality.
constexpr auto equal(bytes_view a, bytes_view b) -> bool {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) return false;
  return true;
}

/// Lexicographic order of octets: negative, 0, positive.
constexpr auto compare(bytes_view a, bytes_view b) -> int {
  auto const n = a.size() < b.size() ? a.size() : b.size();
  for (std::size_t i = 0; i < n; ++i)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

}  // namespace cairn
