#pragma once

#include <cairn/concept/chunker.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/limits.hpp>

#include <cstdint>

namespace cairn {

/// Content-defined chunks by a Rabin fingerprint of the last 16 bytes: a cut where its low bits are zero.
///
/// The fingerprint is the window as a polynomial over GF(2), modulo x^53 + ... = 0x3df305dfb2a805. A chunk ends at the first
/// position from `min` on where the low floor(log2(avg)) bits are zero, and at `max`.
/// A `min` below the window (16) never cuts, as in Kubo, where "rabin-0" to "rabin-47" give one chunk.
///
/// cost      four independent windows at a time, since the latency of one is what limits it
class rabin_chunker {
public:
  /// As "rabin-avg": a third, and one and a half, of the average.
  explicit constexpr rabin_chunker(std::uint64_t avg = 256 * limits::KiB) : rabin_chunker(avg / 3, avg, avg + avg / 2) {}

  /// As "rabin-min-avg-max": min < avg < max.
  constexpr rabin_chunker(std::uint64_t min, std::uint64_t avg, std::uint64_t max)
      : min_{min}, max_{min < window ? limits::block + 1 : max} {
    for (; avg > 1; avg /= 2) mask_ = mask_ << 1 | 1;
  }

  constexpr auto max_size() const -> std::size_t { return static_cast<std::size_t>(max_); }
  CAIRN_DECL auto cut(bytes_view rest) const -> std::size_t;

  static constexpr std::size_t window = 16;

private:
  std::uint64_t min_, max_, mask_ = 0;
};

static_assert(chunker<rabin_chunker>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/rabin_chunker.ipp>
#endif
