#pragma once

#include <cairn/core/bytes.hpp>

#include <cstdint>

namespace cairn {

/// A stream within its connection.
using stream_id = std::uint32_t;

/// What a muxer tells whoever drives it.
struct stream_event {
  enum class kind : byte {
    none = 0,   ///< nothing to tell: more input is needed, or a frame was for the machine itself
    opened,     ///< the other side opened a stream
    data,       ///< octets of a stream, as they lie in the input
    finished,   ///< the other side writes no more to the stream
    reset,      ///< the stream is gone, both ways
    writable,   ///< the other side's window opened
    pong,       ///< the answer to our ping came
    gone_away,  ///< the other side takes no more streams; `code` says why
  };
  kind what = kind::none;
  stream_id id = 0;
  bytes_view data{};
  std::uint32_t code = 0;
};

/// How much of the input an event took. Nothing taken and nothing told: more input is needed.
struct stream_step {
  std::size_t taken = 0;
  stream_event event{};
};

}  // namespace cairn
