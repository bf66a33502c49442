#pragma once

#include <cairn/core/bytes.hpp>

#include <expected>
#include <utility>

namespace cairn {

/// A value or a typed error of one module (`enum class xxx_errc`).
template <class T, class E>
using result = std::expected<T, E>;

/// What a reader found, and what it left: `read_x(in)` never needs an offset.
template <class T>
struct decoded {
  T value;
  bytes_view rest;
};

/// The same outcome under another module's error: `replace_error(read_varint(in), cid_errc::bad_version)`.
template <class T, class E, class F>
constexpr auto replace_error(std::expected<T, E> in, F with) -> std::expected<T, F> {
  if (!in) return std::unexpected(with);
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return *std::move(in);
}

}  // namespace cairn
