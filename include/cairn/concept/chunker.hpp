#pragma once

#include <cairn/core/result.hpp>

#include <concepts>
#include <cstddef>

/// Where a file is cut into leaves.
///
/// A chunker is a value without state: it sees everything from the start of a chunk and says where that chunk ends. So
/// cut points cannot depend on how the bytes arrived, and a chunk never depends on the one before it.
///
/// `cut(rest)`: `rest` begins at the start of a chunk and is not empty; it holds max_size() bytes, or all that remain.
/// `max_size()`: no chunk is longer.
/// Optional: `fixed_size()`, the size of every chunk but the last; 0 where they differ.
///
/// Laws (tests/laws/chunker.hpp)
///   L1  1 <= cut(rest) <= min(rest.size(), max_size())
///   L2  cut looks at no byte behind max_size(): cut(rest) == cut(rest.first(max_size()))
///   L3  the chunks of an input, put together, are the input, and an empty input has none
///   L4  cut is a pure function: the same bytes are cut at the same place
///
/// Models: size_chunker · rabin_chunker · buzhash_chunker · any_chunker
namespace cairn {

template <class C>
concept chunker = std::copyable<C> && requires(C const& c, bytes_view rest) {
  { c.max_size() } -> std::same_as<std::size_t>;
  { c.cut(rest) } -> std::same_as<std::size_t>;
};

}  // namespace cairn
