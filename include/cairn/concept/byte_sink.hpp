#pragma once

#include <cairn/core/error.hpp>
#include <cairn/core/result.hpp>

#include <concepts>

/// Where octets go: a file, a pipe, the body of an answer, memory.
///
/// `write(in)` takes all of `in` or fails; the octets are borrowed for the call only.
///
/// Models: file_sink · memory_sink · sink_ref
namespace cairn {

template <class S>
concept byte_sink = requires(S& s, bytes_view in) {
  { s.write(in) } -> std::same_as<io_result<void>>;
};

}  // namespace cairn
