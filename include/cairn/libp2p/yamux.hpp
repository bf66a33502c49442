#pragma once

#include <cairn/concept/stream_muxer.hpp>
#include <cairn/core/byte_queue.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/libp2p/stream_event.hpp>
#include <cairn/libp2p/yamux_errc.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <unordered_map>

namespace cairn {

/// Bounds of one session. The window that each stream begins with is not among them: 256 KiB, by the specification (IX-48).
struct yamux_options {
  std::uint32_t max_inbound = 256;                        ///< streams that the other side may have open
  std::uint32_t max_outbound = 256;                      ///< streams that we may have open
  std::uint32_t max_window = 16 * limits::MiB;            ///< what tuning may grow a stream's window to
  std::uint64_t max_extra = 64 * limits::MiB;             ///< what tuning may give to all streams together, above their first window
  std::size_t max_unsent = 1 * limits::MiB;               ///< with so much unsent, no frame is read that might need an answer (SEC-12)
};

/// Streams in one connection: hashicorp's yamux, version 0. A machine: frames and calls in, frames and events out.
///
/// Data is handed out as it lies in the input, also in pieces of a frame, and is not kept: who takes it says `consumed` when
/// its reader has read it, and that opens the window again. At most the window is ever outstanding; more ends the session.
///
/// spec      hashicorp/yamux spec.md; libp2p/specs yamux
class yamux_session {
public:
  using clock_time = std::chrono::steady_clock::time_point;
  static constexpr std::uint32_t first_window = 256 * 1024;
  /// A frame of data fits one Noise message with its header.
  static constexpr std::size_t header_size = 12, max_data = 65519 - header_size;

  explicit yamux_session(bool dialer, yamux_options options = {}) : options_{options}, next_id_{dialer ? 1u : 2u}, dialer_{dialer} {}

  /// Take one event from the front of `in`. Answers are appended to `out`. Call again while something is taken.
  ///
  /// errors    bad_version · bad_type · bad_stream_id · duplicate_stream · window_exceeded · window_overflow;
  ///           a go-away with the code of a protocol error was appended, and the session is over
  CAIRN_DECL auto resume(bytes_view in, clock_time now, byte_queue& out) -> result<stream_step, yamux_errc>;

  /// Open a stream; the frame that says so is appended.
  ///
  /// errors    remote_gone · too_many_streams · ids_exhausted
  CAIRN_DECL auto open(byte_queue& out) -> result<stream_id, yamux_errc>;

  /// Append as much of `data` as the other side's window allows, framed; returns how much that is.
  ///
  /// errors    no_such_stream: it was reset, or this side was closed
  auto write(stream_id id, bytes_view data, byte_queue& out) -> result<std::size_t, yamux_errc> { return write(id, {&data, 1}, data.size(), out); }
  /// The same for what lies in pieces, of which at most `most` octets are taken.
  CAIRN_DECL auto write(stream_id id, std::span<bytes_view const> parts, std::size_t most, byte_queue& out) -> result<std::size_t, yamux_errc>;

  /// What `write` would take now.
  CAIRN_DECL auto writable(stream_id id) const -> std::size_t;

  /// A reader has read `n` octets: the window opens again, in steps of half of it.
  CAIRN_DECL void consumed(stream_id id, std::size_t n, clock_time now, byte_queue& out);

  /// No more is written to the stream; reading goes on.
  CAIRN_DECL void close(stream_id id, byte_queue& out);
  /// Both directions end at once.
  CAIRN_DECL void reset(stream_id id, byte_queue& out);

  /// Measure the round trip that window tuning goes by; one at a time.
  CAIRN_DECL void ping(clock_time now, byte_queue& out);
  auto round_trip() const -> std::optional<std::chrono::nanoseconds> { return round_trip_; }
  /// Whether an answer to a ping is awaited, since when.
  auto ping_sent() const -> std::optional<clock_time> { return ping_sent_; }

  /// No stream will be taken any more. The code: 0 a normal end, 1 a protocol error, 2 an internal one.
  CAIRN_DECL void go_away(std::uint32_t code, byte_queue& out);

  auto stream_count() const -> std::size_t { return streams_.size(); }
  auto inbound_count() const -> std::size_t { return inbound_; }
  /// The sum of all windows: the most that readers have not read.
  auto window_bytes() const -> std::uint64_t { return streams_.size() * std::uint64_t{first_window} + extra_; }

private:
  struct stream {
    std::uint64_t send_window = first_window;
    std::uint32_t receive_left = first_window;  // what the other side may still send
    std::uint32_t window = first_window;        // what it may send in all before a reader reads
    std::uint32_t unread = 0;                   // delivered, not consumed
    clock_time epoch{};                         // of the last window update
    bool inbound = false;
    bool closed_here = false, closed_there = false;
  };
  enum class frame_type : byte { data = 0, window = 1, ping = 2, go_away = 3 };

  void frame(byte_queue& out, frame_type type, std::uint16_t flags, std::uint32_t id, std::uint32_t length);
  auto fail(yamux_errc e, byte_queue& out) -> std::unexpected<yamux_errc>;
  auto take_header(bytes_view head, clock_time now, byte_queue& out) -> result<stream_event, yamux_errc>;
  auto take_stream_frame(frame_type type, std::uint16_t flags, std::uint32_t id, std::uint32_t length, byte_queue& out)
      -> result<stream_event, yamux_errc>;
  auto accept(std::uint32_t id, byte_queue& out) -> result<bool, yamux_errc>;
  void forget_if_done(std::unordered_map<stream_id, stream>::iterator at);
  void forget(std::unordered_map<stream_id, stream>::iterator at);

  yamux_options options_;
  std::unordered_map<stream_id, stream> streams_;
  std::uint32_t next_id_;
  std::uint32_t highest_remote_ = 0;
  std::size_t inbound_ = 0;
  std::uint64_t extra_ = 0;
  bool dialer_, remote_gone_ = false, we_left_ = false;

  // the frame that is being taken
  std::uint32_t body_id_ = 0, body_left_ = 0;
  bool body_ends_ = false;         // FIN came with it
  stream_event pending_{};

  std::optional<yamux_errc> failed_;
  std::optional<clock_time> ping_sent_;
  std::uint32_t ping_value_ = 0;
  std::optional<std::chrono::nanoseconds> round_trip_;
};

/// The part of a recipe.
struct yamux : part {
  static constexpr std::string_view name = "yamux", protocol_id = "/yamux/1.0.0";
  using machine = yamux_session;

  yamux_options options{};

  constexpr auto max_streams() const -> std::uint64_t { return std::uint64_t{options.max_inbound} + options.max_outbound; }
  constexpr auto window_bytes() const -> std::uint64_t { return yamux_session::first_window; }
  /// What tuning may add, whatever the number of streams.
  constexpr auto peak_bytes() const -> std::uint64_t { return options.max_extra + options.max_unsent; }
};
static_assert(stream_muxer<yamux>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/yamux.ipp>
#endif
