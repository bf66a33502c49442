#pragma once

#include <cairn/concept/fwd.hpp>

#include <concepts>
#include <string_view>

/// A way to carry octets between two addresses: tcp, ws, quic. The value is configuration; it owns no socket. What it
/// opens and accepts is made by the runtime (tier 5), which asks it these facts.
///
/// Laws (tests/laws/transport.hpp)
///   L1  dialable(a) implies that `protocol` is the last of the names in a that say how, whether /p2p/ID follows or not
///   L2  a transport that is secure or muxed by itself (quic) says so; nothing is stacked on it twice
///   L3  peak_bytes() bounds what one connection holds, handshake included
/// Models: tcp, websocket, quic; archetypes: tests/archetypes/wire.hpp
namespace cairn {

class multiaddr;

template <class T>
concept transport = recipe_part<T> && requires(T const& t, multiaddr const& a) {
  { T::protocol } -> std::convertible_to<std::string_view>;  ///< multiaddr protocol: "tcp", "quic-v1"
  { T::is_secure } -> std::convertible_to<bool>;             ///< the transport authenticates and encrypts by itself
  { T::is_muxed } -> std::convertible_to<bool>;              ///< the transport has streams of its own
  { T::dialable(a) } -> std::same_as<bool>;
  { t.peak_bytes() } -> std::convertible_to<std::uint64_t>;
};

}  // namespace cairn
