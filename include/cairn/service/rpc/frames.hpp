#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>

#include <optional>
#include <string>
#include <string_view>

/// How this program's command line speaks to its own node: the node runs the command as the command line would, and sends what goes to
/// stdout, to stderr and to the bar of progress, so that an answer through a node is the answer without one.
///
/// wire  frames of a letter, the length of what follows [4, big-endian], and that many octets
namespace cairn::service::rpc {

/// The media type: the client asks for it with Accept, a node that knows it answers in it.
inline constexpr std::string_view frames_type = "application/vnd.cairn.command-frames";

enum class frame_kind : char {
  answer = 'a',     ///< octets for stdout
  complaint = 'c',  ///< a line for stderr
  progress = 'p',   ///< octets done and of how many, as two decimal numbers
  progress_end = 'q',
  failed = 'f',     ///< the end: the error's sentence
  done = 'd',       ///< the end: it worked
};

struct frame {
  frame_kind kind;
  std::string_view content;
};

inline void append_frame_head(std::string& out, frame_kind kind, std::size_t size) {
  out += static_cast<char>(kind);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((size >> shift) & 0xff);
}

/// The frame at the front, if it is whole; it is then cut off. `bad` is set where it can be none.
CAIRN_DECL auto take_frame(std::string_view& in, bool& bad) -> std::optional<frame>;

}  // namespace cairn::service::rpc

#if CAIRN_HEADER_ONLY
#  include <cairn/service/rpc/impl/frames.ipp>
#endif
