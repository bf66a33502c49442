#pragma once

#include <cairn/core/error.hpp>
#include <cairn/core/result.hpp>

#include <concepts>
#include <cstddef>

/// Where octets come from: a file, a pipe, a body of a request, memory.
///
/// `read(out)` fills the front of `out`, which is not empty, and returns how many octets it wrote; 0 is the end, and again 0
/// after that. It may write fewer than asked for.
///
/// Models: file_source · memory_source · source_ref
namespace cairn {

template <class S>
concept byte_source = requires(S& s, bytes_span out) {
  { s.read(out) } -> std::same_as<io_result<std::size_t>>;
};

}  // namespace cairn
