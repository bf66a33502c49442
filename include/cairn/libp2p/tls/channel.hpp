#pragma once

#include <cairn/concept/secure_channel.hpp>
#include <cairn/core/byte_queue.hpp>
#include <cairn/libp2p/tls/handshake.hpp>

namespace cairn {

/// libp2p's TLS 1.3 over a stream of octets: the handshake, then records of at most 16 KiB. A machine like noise_channel.
///
/// spec      libp2p/specs tls; RFC 8446, section 5
class tls_channel {
public:
  static constexpr std::size_t max_text = 16384, head_size = 5, max_record = max_text + 256;

  /// lifetime  the identity outlives the handshake
  CAIRN_DECL tls_channel(tls_identity const& identity, tls_options options, random_source const& random);

  /// What is said first, if it is this side that begins.
  CAIRN_DECL auto start(byte_queue& wire) -> io_result<void>;

  /// Take whole records from the front of `in`: what was meant for us is appended to `text`, what has to be answered to `wire`;
  /// after an error that is the alert. The channel is over then and answers that error again.
  ///
  /// returns   octets taken
  /// errors    those of tls_errc and x509::certificate_errc; nothing of a forged record is in `text`
  CAIRN_DECL auto resume(bytes_view in, byte_queue& text, byte_queue& wire) -> io_result<std::size_t>;

  /// Encrypt, once open.
  ///
  /// errors    tls_errc::out_of_turn: not open yet
  CAIRN_DECL auto write(bytes_view text, byte_queue& wire) -> io_result<void>;

  auto is_open() const -> bool { return open_; }
  /// Whose key was proven; known once open, and where it was not the expected one.
  auto remote() const -> std::optional<public_key> const& { return remote_; }
  /// What ALPN agreed on, where it is a muxer; empty: to be negotiated.
  auto early_muxer() const -> std::string { return protocol_ == "libp2p" ? std::string{} : protocol_; }

private:
  // one direction under one key
  struct direction {
    aead cipher;
    digest<12> iv;
    std::uint64_t count = 0;
    secret_bytes secret;
    tls_level level;
  };

  auto make_direction(bytes_view secret, tls_level level) const -> direction;
  void seal(byte type, bytes_view text, byte_queue& wire);
  auto take_record(byte type, bytes_view head, bytes_view body, byte_queue& text, byte_queue& wire) -> io_result<void>;
  auto take_handshake(bytes_view part, byte_queue& wire) -> io_result<void>;
  auto take_alert(bytes_view body) -> io_result<void>;
  auto run_outputs(byte_queue& wire) -> io_result<void>;
  auto after_handshake(bytes_view message, byte_queue& wire) -> io_result<void>;
  void next_write_key(byte_queue& wire);
  auto fail(error e, byte_queue& wire) -> std::unexpected<error>;

  std::unique_ptr<tls_handshake> handshake_;
  std::optional<direction> read_, write_;
  byte_queue messages_;  // of the handshake, not whole yet
  aead_kind suite_ = aead_kind::aes_128_gcm;
  std::optional<public_key> remote_;
  std::string protocol_;
  std::optional<error> failed_;
  bool open_ = false, dialer_ = true, fresh_key_ = false;
  unsigned compatibility_ = 0, updates_ = 0;
};

/// The part of a recipe.
struct tls : part {
  static constexpr std::string_view name = "tls", protocol_id = "/tls/1.0.0";
  using machine = tls_channel;

  /// One record in each direction, a handshake message, the ciphers.
  constexpr auto peak_bytes() const -> std::uint64_t { return 2 * (tls_channel::max_record + tls_channel::head_size) + tls_handshake::max_message + 4096; }
};
static_assert(secure_channel<tls>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/tls/impl/channel.ipp>
#endif
