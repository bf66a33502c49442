#pragma once

#include <cairn/concept/secure_channel.hpp>
#include <cairn/core/byte_queue.hpp>
#include <cairn/libp2p/noise_handshake.hpp>
#include <cairn/libp2p/noise_payload.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <memory>
#include <optional>

namespace cairn {

/// A static Noise key and the identity that signed it: made once, used by every channel of a node.
class noise_identity {
public:
  /// errors    provider_failed
  CAIRN_DECL static auto make(private_key const& identity, random_source const& random, noise_extensions extensions = {})
      -> result<noise_identity, key_errc>;

  auto secret() const -> bytes_view { return secret_; }
  auto payload() const -> noise_payload const& { return payload_; }

private:
  noise_identity() = default;

  secret_bytes secret_;
  noise_payload payload_;
};

/// What one side of a channel wants.
struct noise_options {
  bool dialer = true;
  std::optional<peer_id> expected{};  ///< whom it dials
  bytes prologue{};                   ///< WebTransport's and WebRTC's; empty else
  std::vector<bytes> certhashes{};    ///< the dialer knows these of the listener: each must be among those it sends
};

/// libp2p's Noise: XX, then frames of at most 65535 bytes behind their length. A machine: it consumes a prefix of what came,
/// says how much, and is given the rest again with more behind it.
///
/// spec      libp2p/specs noise; Noise revision 34
class noise_channel {
public:
  static constexpr std::size_t max_frame = 65535, max_text = max_frame - 16;

  /// lifetime  the identity outlives the handshake
  CAIRN_DECL noise_channel(noise_identity const& identity, noise_options options, random_source const& random);

  /// What is said first, if it is this side that begins.
  CAIRN_DECL auto start(byte_queue& wire) -> result<void, noise_errc>;

  /// Take whole messages from the front of `in`: what was meant for us is appended to `text`, what has to be answered to
  /// `wire`. After an error the channel is over and answers that error again.
  ///
  /// returns   octets taken
  /// errors    those of noise_errc; nothing of a forged message is in `text`
  CAIRN_DECL auto resume(bytes_view in, byte_queue& text, byte_queue& wire) -> result<std::size_t, noise_errc>;

  /// Encrypt, once open.
  ///
  /// errors    out_of_turn: not open yet · nonce_exhausted
  CAIRN_DECL auto write(bytes_view text, byte_queue& wire) -> result<void, noise_errc>;

  auto is_open() const -> bool { return ciphers_.has_value(); }
  /// Whose key was proven; known once open.
  auto remote() const -> std::optional<public_key> const& { return remote_; }
  auto remote_extensions() const -> noise_extensions const& { return remote_extensions_; }
  /// The first muxer of the dialer that the listener has too; empty: to be negotiated.
  CAIRN_DECL auto early_muxer() const -> std::string;

private:
  auto fail(noise_errc e) -> std::unexpected<noise_errc>;
  auto handshake_message(bytes_view in, byte_queue& wire) -> result<void, noise_errc>;
  auto send_handshake(bytes_view payload, byte_queue& wire) -> result<void, noise_errc>;
  auto learn(bytes_view payload) -> result<void, noise_errc>;

  noise_payload own_;
  noise_options options_;
  std::optional<noise_handshake> handshake_;
  std::optional<noise_handshake::ciphers> ciphers_;
  std::optional<public_key> remote_;
  noise_extensions remote_extensions_;
  std::optional<noise_errc> failed_;
};

/// The part of a recipe.
struct noise : part {
  static constexpr std::string_view name = "noise", protocol_id = "/noise";
  using machine = noise_channel;

  /// One frame in each direction, and the ciphers.
  constexpr auto peak_bytes() const -> std::uint64_t { return 2 * (noise_channel::max_frame + 2) + 2048; }
};
static_assert(secure_channel<noise>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/noise.ipp>
#endif
