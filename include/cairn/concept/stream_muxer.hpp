#pragma once

#include <cairn/concept/fwd.hpp>
#include <cairn/core/error.hpp>

/// Many streams in one connection: yamux. A state machine, no socket.
///
/// The part of a recipe names the machine. `resume` gives one event and takes the octets it came from; data is handed out
/// as it lies in the input and is not kept. Time enters as an argument.
///
/// Laws (tests/laws/stream_muxer.hpp)
///   L1  octets of one stream arrive in order; streams do not wait for each other
///   L2  a reader that stops bounds the writer: at most one window is held per stream
///   L3  close ends one direction, reset both; both are seen by the other side
///   L4  a frame that breaks the protocol ends the connection and nothing else
/// Models: yamux; archetype: tests/archetypes/wire.hpp
namespace cairn {

class byte_queue;
struct stream_event;

template <class M>
concept stream_muxer_machine = std::movable<M> && requires(M& m, M const& k, bytes_view in, std::uint32_t id, std::size_t n,
                                                           typename M::clock_time now, byte_queue& out) {
  { m.resume(in, now, out)->taken } -> std::convertible_to<std::size_t>;
  { m.resume(in, now, out)->event } -> std::convertible_to<stream_event const&>;
  { error{m.resume(in, now, out).error()} };
  { *m.open(out) } -> std::convertible_to<std::uint32_t>;
  { *m.write(id, in, out) } -> std::convertible_to<std::size_t>;  ///< as much as the window allows
  { k.writable(id) } -> std::convertible_to<std::size_t>;
  m.consumed(id, n, now, out);
  m.close(id, out);
  m.reset(id, out);
  m.ping(now, out);
  m.go_away(std::uint32_t{}, out);
  { k.stream_count() } -> std::convertible_to<std::size_t>;
};

template <class M>
concept stream_muxer = recipe_part<M> && requires(M const& m) {
  requires stream_muxer_machine<typename M::machine>;
  { M::protocol_id } -> std::convertible_to<std::string_view>;  ///< "/yamux/1.0.0"
  { m.max_streams() } -> std::convertible_to<std::uint64_t>;
  { m.window_bytes() } -> std::convertible_to<std::uint64_t>;   ///< the most that one stream holds
};

}  // namespace cairn
