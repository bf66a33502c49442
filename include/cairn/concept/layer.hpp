#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

/// What goes on top of a store by a pipe: `packs{"dir"} | verified | cached(1024)`. A layer is configuration, a regular value.
///
/// `wrap<Hashes>(store)` takes a store by value and gives the layered store; `Hashes` is the hash set of a recipe, or void for
/// all that the library knows. `takes<S>` says whether the layer can stand on a store of that type; where it is false, the pipe
/// is a deleted overload that says what to write instead.
///
/// Laws
///   L1  the layered store keeps every law of `blockstore` (a layer may add a cost, never an answer)
///   L2  an optional member of the store below (get_many, put_many, get_size, keys, sync) is an optional member above
///   L3  peak_bytes() bounds what the layer itself holds
/// Models: verified · cached(n) · measured · identity
namespace cairn {

template <class L>
concept blockstore_layer = std::copyable<L> && requires(L const& l) {
  { L::layer_name } -> std::convertible_to<std::string_view>;
  { l.peak_bytes() } -> std::convertible_to<std::uint64_t>;
};

}  // namespace cairn
