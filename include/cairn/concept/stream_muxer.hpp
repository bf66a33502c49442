#pragma once

#include <cairn/concept/fwd.hpp>

/// Many streams in one connection: yamux. A state machine, no socket.
///
/// Laws
///   L1  octets of one stream arrive in order; streams do not wait for each other
///   L2  a reader that stops bounds the writer: at most one window is held per stream
///   L3  close ends one direction, reset both; both are seen by the other side
///   L4  a frame that breaks the protocol ends the connection and nothing else
/// Models: none in this tier yet; archetype: tests/archetypes/stream_muxer.hpp
namespace cairn {

template <class M>
concept stream_muxer = recipe_part<M> && requires(M const& m) {
  { M::protocol_id } -> std::convertible_to<std::string_view>;  ///< "/yamux/1.0.0"
  { m.max_streams() } -> std::convertible_to<std::uint64_t>;
  { m.window_bytes() } -> std::convertible_to<std::uint64_t>;   ///< the most that one stream holds
};

}  // namespace cairn
