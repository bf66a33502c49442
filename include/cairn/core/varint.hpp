#pragma once

#include <cairn/core/errc.hpp>
#include <cairn/core/result.hpp>

#include <cstdint>

namespace cairn {

/// Why bytes are not an unsigned varint.
enum class varint_errc : byte {
  truncated = 1,  ///< input ended while the continuation bit was set
  overlong,       ///< not the shortest encoding                        (unsigned-varint, "must be minimally encoded")
  overflow,       ///< more than nine bytes or 63 bits                  (unsigned-varint, "practical maximum of nine bytes")
};

template <>
struct errc_traits<varint_errc> {
  static constexpr std::string_view module = "varint";
  static constexpr auto describe(varint_errc e) -> std::string_view {
    switch (e) {
      case varint_errc::truncated: return "varint: input ended while the continuation bit was set";
      case varint_errc::overlong: return "varint: not minimally encoded";
      case varint_errc::overflow: return "varint: longer than the permitted maximum of nine bytes";
    }
    return "varint: unknown error";
  }
};

/// How wide a varint may be: multiformats allow 63 bits in nine bytes, protobuf 64 bits in ten.
enum class varint_width : byte { multiformats = 9, protobuf = 10 };

/// Read one unsigned varint from the front of `in`; overlong forms are refused.
///
/// errors    truncated · overlong · overflow
/// cost      at most 10 bytes read
/// spec      multiformats/unsigned-varint
template <varint_width Width = varint_width::multiformats>
constexpr auto read_varint(bytes_view in) -> result<decoded<std::uint64_t>, varint_errc> {
  constexpr auto max = static_cast<std::size_t>(Width);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    auto const b = in[i];
    if (i == max || (i == 9 && b > 1)) return std::unexpected(varint_errc::overflow);
    value |= static_cast<std::uint64_t>(b & 0x7f) << (7 * i);
    if ((b & 0x80) == 0) {
      if (b == 0 && i > 0) return std::unexpected(varint_errc::overlong);
      return decoded<std::uint64_t>{value, in.subspan(i + 1)};
    }
    if (i + 1 == max) return std::unexpected(varint_errc::overflow);
  }
  return std::unexpected(varint_errc::truncated);
}

/// The size of the encoding [1 .. 10].
constexpr auto varint_size(std::uint64_t value) -> std::size_t {
  std::size_t n = 1;
  while (value >= 0x80) value >>= 7, ++n;
  return n;
}

/// Write into `out`, which has room for `varint_size(value)` bytes; returns what was written.
constexpr auto write_varint(byte* out, std::uint64_t value) -> std::size_t {
  std::size_t n = 0;
  while (value >= 0x80) {
    out[n++] = static_cast<byte>(value | 0x80);
    value >>= 7;
  }
  out[n++] = static_cast<byte>(value);
  return n;
}

/// Append the shortest encoding.
constexpr void append_varint(bytes& out, std::uint64_t value) {
  byte buffer[10]{};
  auto const n = write_varint(buffer, value);
  append(out, {static_cast<byte const*>(buffer), n});
}

}  // namespace cairn
