#pragma once

#include <cairn/concept/fwd.hpp>

/// Gets blocks that are not here: bitswap, trustless HTTP.
///
/// Laws
///   L1  what is delivered is verified against the CID that was asked
///   L2  a want ends: with the block, with its deadline, or with its cancellation; then no state of it is left
///   L3  memory is bounded by peers x wants, whatever peers send
/// Models: none in this tier yet; archetype: tests/archetypes/block_exchange.hpp
namespace cairn {

template <class X>
concept block_exchange = recipe_part<X> && requires(X const& x) {
  { x.peak_bytes() } -> std::convertible_to<std::uint64_t>;
};

}  // namespace cairn
