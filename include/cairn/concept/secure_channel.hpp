#pragma once

#include <cairn/concept/fwd.hpp>

/// Makes octets of an unknown peer into octets of a peer whose key was proven: noise, tls. A state machine, no socket.
///
/// Laws
///   L1  what one side writes, the other reads, unchanged and in order, however the octets between are cut
///   L2  any flipped bit ends the channel; nothing read after it is delivered
///   L3  the remote peer id is known, and equals the expected one if one was given, before the first octet is delivered
///   L4  at most peak_bytes() are held
/// Models: none in this tier yet; archetype: tests/archetypes/secure_channel.hpp
namespace cairn {

template <class S>
concept secure_channel = recipe_part<S> && requires(S const& s) {
  { S::protocol_id } -> std::convertible_to<std::string_view>;  ///< as negotiated: "/noise"
  { s.peak_bytes() } -> std::convertible_to<std::uint64_t>;
};

}  // namespace cairn
