#pragma once

#include <cairn/core/config.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn {

/// A moment: seconds since 1970 and nanoseconds that count forward. It says nothing of what time it is now: that enters as an
/// argument.
struct utc_time {
  std::int64_t seconds = 0;
  std::uint32_t nanos = 0;  ///< [0 .. 999999999]

  friend auto operator==(utc_time const&, utc_time const&) -> bool = default;
  friend auto operator<=>(utc_time const&, utc_time const&) = default;

  /// Nanoseconds later; what leaves the range stays at its end.
  CAIRN_DECL auto plus(std::int64_t nanoseconds) const -> utc_time;
  /// Nanoseconds from `earlier` until this, at most 2^63 - 1.
  CAIRN_DECL auto since(utc_time earlier) const -> std::int64_t;
};

/// "2123-08-14T12:17:03.694052Z": the fraction without trailing zeros, none where it is zero.
CAIRN_DECL auto to_rfc3339(utc_time at) -> std::string;

/// A whole RFC 3339 time with any offset and any fraction; digits behind the ninth are dropped.
CAIRN_DECL auto parse_rfc3339(std::string_view text) -> std::optional<utc_time>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/core/impl/utc_time.ipp>
#endif
