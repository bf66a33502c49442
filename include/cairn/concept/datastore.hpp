#pragma once

#include <cairn/core/error.hpp>
#include <cairn/core/result.hpp>

#include <concepts>
#include <optional>
#include <string_view>

/// Bytes by key; keys are texts like "/pins/state/dirty".
///
/// Laws (tests/laws/datastore.hpp)
///   L1  after put(k, v), get(k) is v;  L2  get of what was never put is an empty optional, not an error
///   L3  put replaces;  L4  after remove(k), get(k) is empty; remove of what is not there succeeds
///   L5  scan(prefix) yields each key that starts with prefix once, in byte order, as of its start; its end is proven
///   L6  a batch is applied whole or not at all, also over a crash
/// Models: memory_datastore · leveldb_datastore
namespace cairn {

template <class C>
concept datastore_cursor = requires(C& c) {
  { c.next() } -> std::same_as<io_result<bool>>;  ///< true: key() and value() are valid until the next call
  { c.key() } -> std::convertible_to<std::string_view>;
  { c.value() } -> std::convertible_to<bytes_view>;
};

template <class S>
concept datastore = requires(S& s, S const& cs, std::string_view k, bytes_view v) {
  { cs.get(k) } -> std::same_as<io_result<std::optional<bytes>>>;
  { cs.has(k) } -> std::same_as<io_result<bool>>;
  { s.put(k, v) } -> std::same_as<io_result<void>>;
  { s.remove(k) } -> std::same_as<io_result<void>>;
  { *cs.scan(k) } -> datastore_cursor;
};

}  // namespace cairn
