#pragma once

#include <cairn/concept/fwd.hpp>
#include <cairn/core/error.hpp>

/// Makes octets of an unknown peer into octets of a peer whose key was proven: noise, tls. A state machine, no socket.
///
/// The part of a recipe names the machine. A machine takes a prefix of what came, says how much that is, and is given the
/// rest again with more behind it; what it makes is appended to the queues that it is handed.
///
/// Laws (tests/laws/secure_channel.hpp)
///   L1  what one side writes, the other reads, unchanged and in order, however the octets between are cut
///   L2  any flipped bit ends the channel; nothing read after it is delivered
///   L3  the remote's key is known, and is that of the expected peer if one was given, before the first octet is delivered
///   L4  at most peak_bytes() are held
/// Models: noise, tls; archetype: tests/archetypes/wire.hpp
namespace cairn {

class byte_queue;

template <class C>
concept secure_channel_machine = std::movable<C> && requires(C& c, C const& k, bytes_view in, byte_queue& text, byte_queue& wire) {
  { error{c.start(wire).error()} };                  ///< what is said first
  { *c.resume(in, text, wire) } -> std::convertible_to<std::size_t>;
  { error{c.resume(in, text, wire).error()} };
  { error{c.write(in, wire).error()} };              ///< once open
  { k.is_open() } -> std::same_as<bool>;
  { k.remote().has_value() } -> std::same_as<bool>;  ///< the remote's public key
  { k.early_muxer().empty() } -> std::same_as<bool>; ///< a muxer that both sides named in the handshake
};

template <class S>
concept secure_channel = recipe_part<S> && requires(S const& s) {
  requires secure_channel_machine<typename S::machine>;
  { S::protocol_id } -> std::convertible_to<std::string_view>;  ///< as negotiated: "/noise"
  { s.peak_bytes() } -> std::convertible_to<std::uint64_t>;
};

}  // namespace cairn
