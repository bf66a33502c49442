#pragma once

#include <cairn/concept/fwd.hpp>

/// Knows who has a block, and tells others that we have it: kad_dht, delegated HTTP routing.
///
/// Laws
///   L1  a provider that was announced is found, while its record is valid
///   L2  a query ends by its deadline, with what was found so far
///   L3  records are validated before they are stored or returned
/// Models: none in this tier yet; archetype: tests/archetypes/content_router.hpp
namespace cairn {

template <class R>
concept content_router = recipe_part<R> && requires(R const& r) {
  { R::publishes } -> std::convertible_to<bool>;  ///< false: only finds
  { r.peak_bytes() } -> std::convertible_to<std::uint64_t>;
};

}  // namespace cairn
