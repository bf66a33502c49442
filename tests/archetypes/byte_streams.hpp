#pragma once
// The smallest models of byte_source and byte_sink.

#include <cairn/concept/byte_sink.hpp>
#include <cairn/concept/byte_source.hpp>

namespace cairn::archetypes {

/// So many zeros, one octet at a time.
struct byte_source {
  std::size_t left;
  auto read(bytes_span out) -> io_result<std::size_t> {
    if (left == 0) return std::size_t{0};
    --left;
    out[0] = 0;
    return std::size_t{1};
  }
};

/// Counts.
struct byte_sink {
  std::size_t taken = 0;
  auto write(bytes_view in) -> io_result<void> {
    taken += in.size();
    return {};
  }
};

static_assert(cairn::byte_source<byte_source> && cairn::byte_sink<byte_sink>);

}  // namespace cairn::archetypes
