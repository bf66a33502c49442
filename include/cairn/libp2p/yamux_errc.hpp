#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why a yamux session ended, or a call on a stream did nothing.
enum class yamux_errc : byte {
  bad_version = 1,    ///< the version of a frame is not 0                                          (yamux, "Version Field")
  bad_type,           ///< the type of a frame is none of data, window update, ping, go away        (yamux, "Type Field")
  bad_stream_id,      ///< a stream is opened with an id of the wrong parity, or 0                  (yamux, "StreamID Field")
  duplicate_stream,   ///< a stream is opened with an id that is in use
  window_exceeded,    ///< more data than the window allows                                         (yamux, "Flow Control")
  window_overflow,    ///< the sum of window updates does not fit 32 bits
  remote_gone,        ///< no stream can be opened: the other side said go away
  too_many_streams,   ///< no stream can be opened: the limit is reached
  no_such_stream,     ///< the stream was reset or is closed
  ids_exhausted,      ///< all ids of this side were used
};

template <>
struct errc_traits<yamux_errc> {
  static constexpr std::string_view module = "yamux";
  static constexpr auto describe(yamux_errc e) -> std::string_view {
    switch (e) {
      case yamux_errc::bad_version: return "yamux: invalid protocol version";
      case yamux_errc::bad_type: return "yamux: invalid frame type";
      case yamux_errc::bad_stream_id: return "yamux: a stream was opened with an id that is not the other side's to use";
      case yamux_errc::duplicate_stream: return "yamux: duplicate stream id";
      case yamux_errc::window_exceeded: return "yamux: receive window exceeded";
      case yamux_errc::window_overflow: return "yamux: the window does not fit 32 bits";
      case yamux_errc::remote_gone: return "yamux: the remote end is not accepting streams";
      case yamux_errc::too_many_streams: return "yamux: too many streams";
      case yamux_errc::no_such_stream: return "yamux: stream reset or closed";
      case yamux_errc::ids_exhausted: return "yamux: stream ids are used up";
    }
    return "yamux: unknown error";
  }
};

}  // namespace cairn
