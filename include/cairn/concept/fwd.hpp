#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

/// What every part of a recipe is: a regular value with a name. Parts are configuration; opening makes resources.
///
/// Optional facts, each found by `requires`:
///   T::requires_role   std::string_view   a role that must be composed too ("host")
///   T::for_tests_only  bool               the part is refused in a recipe that is not marked as a test
///   peak_bytes()       std::uint64_t      the most that the part holds at once, in bytes; 0 where absent
namespace cairn {

/// An empty base for parts of other namespaces: with it the pipes of this one are found where no operand is of ours.
struct part {};

template <class T>
concept recipe_part = std::copyable<T> && requires {
  { T::name } -> std::convertible_to<std::string_view>;
};

}  // namespace cairn
