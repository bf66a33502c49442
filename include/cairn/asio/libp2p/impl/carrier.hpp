#pragma once

#include <cairn/asio/libp2p/task.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/libp2p/stream_event.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <span>
#include <string_view>

namespace cairn::libp2p::detail {

/// What carries the streams of one connection, from the first octet to the last. It tells its connection what happens on them
/// (`connection::tell`), and ends it where it cannot go on (`connection::end`).
///
///   C1  once `open` has succeeded, `remote_key` is proven
///   C2  nothing is told before `begin`, but what a handshake brings with it is not lost
///   C3  `write_some` takes as much as windows allow and what waits; after nothing was taken, `writable` is told
///   C4  after `leave` nothing is sent, and what runs ends
/// Models: tcp_carrier, quic_carrier
template <class C>
concept stream_carrier = requires(C& c, C const& k, deadline until, stream_id id, std::size_t n, std::span<bytes_view const> parts) {
  { C::has_descriptor } -> std::convertible_to<bool>;  ///< of its own
  { k.security() } -> std::same_as<std::string_view>;
  { k.muxer() } -> std::same_as<std::string_view>;
  { k.round_trip() } -> std::same_as<std::optional<std::chrono::nanoseconds>>;
  { k.remote_key() } -> std::same_as<public_key const&>;
  { c.open(until) } -> std::same_as<task<void>>;       ///< its error says the phase that was reached
  c.run();                                             ///< the peer is known
  c.begin();                                           ///< and its host knows the connection
  c.tick();                                            ///< once a second
  c.leave();
  c.kick();                                            ///< there is something to send
  { c.open_stream() } -> std::same_as<io_result<stream_id>>;
  { c.write_some(id, parts) } -> std::same_as<io_result<std::size_t>>;
  c.consumed(id, n);
  c.close_stream(id);
  c.reset_stream(id);
};

/// Streams write while less than this waits for the socket.
inline constexpr std::size_t most_waiting = 256 * 1024;

}  // namespace cairn::libp2p::detail
