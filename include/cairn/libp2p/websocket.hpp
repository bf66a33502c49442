#pragma once

#include <cairn/core/byte_queue.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/crypto/random.hpp>

#include <optional>
#include <string>

namespace cairn {

/// Why a WebSocket ended. Clauses are of RFC 6455.
enum class websocket_errc : byte {
  too_long = 1,      ///< the head of the HTTP message is longer than 8 KiB
  bad_request,       ///< not the opening handshake of a client                                        (4.2.1)
  bad_response,      ///< not the server's answer to it                                                (4.1)
  bad_accept,        ///< Sec-WebSocket-Accept is not made from the key                                (4.1)
  reserved_bits,     ///< "MUST be 0 unless an extension is negotiated"                                (5.2)
  bad_opcode,        ///< "If an unknown opcode is received, the receiving endpoint MUST _Fail_"       (5.2)
  bad_mask,          ///< a client's frames are masked, a server's are not                             (5.1)
  bad_length,        ///< a length that is not minimal, or above 2^63                                  (5.2)
  bad_control,       ///< a control frame that is fragmented or longer than 125 octets                 (5.5)
  bad_fragment,      ///< a continuation of nothing, or a new message inside another                   (5.4)
  closed,            ///< a Close frame                                                                (5.5.1)
};

template <>
struct errc_traits<websocket_errc> {
  static constexpr std::string_view module = "websocket";
  static constexpr auto describe(websocket_errc e) -> std::string_view {
    switch (e) {
      case websocket_errc::too_long: return "websocket: the head of the HTTP message is longer than 8 KiB";
      case websocket_errc::bad_request: return "websocket: the request is not the opening of a WebSocket";
      case websocket_errc::bad_response: return "websocket: the server does not open a WebSocket";
      case websocket_errc::bad_accept: return "websocket: the server's answer was not made for this request";
      case websocket_errc::reserved_bits: return "websocket: a frame has reserved bits";
      case websocket_errc::bad_opcode: return "websocket: a frame of unknown kind";
      case websocket_errc::bad_mask: return "websocket: a client's frames are masked, a server's are not";
      case websocket_errc::bad_length: return "websocket: the length of a frame is not minimal, or too large";
      case websocket_errc::bad_control: return "websocket: a control frame is fragmented or longer than 125 bytes";
      case websocket_errc::bad_fragment: return "websocket: a continuation of nothing, or a message inside another";
      case websocket_errc::closed: return "websocket: the other side closed the connection";
    }
    return "websocket: unknown error";
  }
};

struct websocket_options {
  bool dialer = true;
  std::string host{};       ///< of the request: name or address, and port
  std::string path = "/";
};

/// A stream of octets in WebSocket frames: the opening handshake, then binary messages. Where one message ends means nothing;
/// what comes of a frame is handed on before the frame is whole, so none is ever held.
///
/// spec      RFC 6455; libp2p/specs websockets
class websocket_channel {
public:
  static constexpr std::size_t max_head = 8 * 1024, max_frame = 64 * 1024;

  /// random    a key for the handshake, and one from which masks are made
  CAIRN_DECL websocket_channel(websocket_options options, random_source const& random);

  /// The dialer's request.
  CAIRN_DECL void start(byte_queue& wire);

  /// Take what can be taken from the front of `in`; content goes to `text`. Answers to pings and to the handshake wait until
  /// `write`, the last ping's alone.
  ///
  /// returns   octets taken
  /// errors    those of websocket_errc; final
  CAIRN_DECL auto resume(bytes_view in, byte_queue& text) -> result<std::size_t, websocket_errc>;

  /// Answers first, then `text` in frames of at most 64 KiB. Empty text: answers alone.
  ///
  /// before    is_open(), but for answers
  CAIRN_DECL void write(bytes_view text, byte_queue& wire);

  /// A Close frame goes behind the text of the next `write`, which is the last.
  void close() { closing_ = true; }

  auto is_open() const -> bool { return open_; }
  auto has_answers() const -> bool { return !answers_.empty() || pong_.has_value(); }

private:
  auto take_head(bytes_view in) -> result<std::size_t, websocket_errc>;
  auto take_frame_head(bytes_view in) -> result<std::size_t, websocket_errc>;
  auto end_control() -> result<void, websocket_errc>;
  void append_frame(byte opcode, bytes_view text, byte_queue& wire);
  auto next_mask() -> std::uint32_t;

  websocket_options options_;
  std::string key_;
  std::uint64_t mask_state_ = 0;
  byte_queue answers_;
  std::optional<bytes> pong_;
  std::optional<websocket_errc> failed_;
  bool open_ = false, closing_ = false;
  // the frame under way
  std::uint64_t left_ = 0;
  byte mask_[4]{}, control_ = 0;
  unsigned at_ = 0;             // in the mask
  bool in_message_ = false;
  bytes control_text_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/websocket.ipp>
#endif
