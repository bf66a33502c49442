#pragma once

#include <cairn/concept/chunker.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/limits.hpp>

namespace cairn {

/// Content-defined chunks by a cyclic polynomial (buzhash) of the last 32 bytes: a cut where its low 17 bits are zero,
/// from 128 KiB on, and at 512 KiB; no cut at the very end of the input.
class buzhash_chunker {
public:
  static constexpr std::size_t min = 128 * limits::KiB, max = 512 * limits::KiB, window = 32;

  constexpr auto max_size() const -> std::size_t { return max; }
  CAIRN_DECL auto cut(bytes_view rest) const -> std::size_t;
};

static_assert(chunker<buzhash_chunker>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/buzhash_chunker.ipp>
#endif
