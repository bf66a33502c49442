#pragma once

#include <cairn/concept/chunker.hpp>
#include <cairn/core/limits.hpp>

namespace cairn {

/// Chunks of one size; only the last is shorter.
class size_chunker {
public:
  /// size  [1 .. limits::block] bytes
  explicit constexpr size_chunker(std::size_t size = 256 * limits::KiB) : size_{size} {}

  constexpr auto max_size() const -> std::size_t { return size_; }
  constexpr auto cut(bytes_view rest) const -> std::size_t { return rest.size() < size_ ? rest.size() : size_; }

  /// All chunks but the last have this size: an importer then reads leaves straight to where they stay.
  constexpr auto fixed_size() const -> std::size_t { return size_; }

private:
  std::size_t size_;
};

static_assert(chunker<size_chunker>);

}  // namespace cairn
