#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>

#include <compare>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::ipld {

/// A whole number of the data model: the full range of CBOR, -2^64 .. 2^64 - 1 (IX-40).
class integer {
public:
  constexpr integer() = default;

  template <std::integral I>
    requires(!std::same_as<I, bool> && sizeof(I) <= 8)
  constexpr integer(I value) {
    if constexpr (std::is_signed_v<I>)
      if (value < 0) {
        negative_ = true;
        rank_ = static_cast<std::uint64_t>(-1 - static_cast<std::int64_t>(value));
        return;
      }
    rank_ = static_cast<std::uint64_t>(value);
  }

  /// The number -1 - n, which is how CBOR counts.
  static constexpr auto below_zero(std::uint64_t n) -> integer {
    auto i = integer{n};
    i.negative_ = true;
    return i;
  }

  constexpr auto is_negative() const -> bool { return negative_; }
  /// n of a number n or -1 - n.
  constexpr auto rank() const -> std::uint64_t { return rank_; }

  /// Nothing where the number does not fit.
  constexpr auto to_int64() const -> std::optional<std::int64_t> {
    if (rank_ > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    auto const n = static_cast<std::int64_t>(rank_);
    return negative_ ? -1 - n : n;
  }
  constexpr auto to_uint64() const -> std::optional<std::uint64_t> { return negative_ ? std::nullopt : std::optional{rank_}; }

  friend constexpr auto operator==(integer const&, integer const&) -> bool = default;
  friend constexpr auto operator<=>(integer const& a, integer const& b) -> std::strong_ordering {
    if (a.negative_ != b.negative_) return a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
    return a.negative_ ? b.rank_ <=> a.rank_ : a.rank_ <=> b.rank_;
  }

private:
  std::uint64_t rank_ = 0;
  bool negative_ = false;
};

/// Decimal digits, a minus where it is negative.
CAIRN_DECL auto to_string(integer i) -> std::string;

/// A whole decimal text with an optional minus; nothing outside -2^64 .. 2^64 - 1.
CAIRN_DECL auto parse_integer(std::string_view text) -> std::optional<integer>;

}  // namespace cairn::ipld

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/integer.ipp>
#endif
