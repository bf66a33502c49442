#pragma once

#include <cairn/libp2p/multistream.hpp>
#include <cairn/libp2p/secured.hpp>

namespace cairn {

/// What one side of a new connection has and wants.
struct upgrade_options {
  bool dialer = true;
  std::optional<peer_id> expected{};       ///< whom it dials
  std::vector<std::string> security{};     ///< secure channels, the preferred one first
  noise_identity const* noise = nullptr;   ///< of "/noise", where that is among them
  tls_identity const* tls = nullptr;       ///< of "/tls/1.0.0"
  std::int64_t unix_time = 0;              ///< seconds, for the certificates of TLS
};

/// From a stream of octets to a connection that is secure and muxed by yamux: a negotiation, a handshake, and a negotiation inside
/// it, which an early choice of muxer saves. A machine.
///
/// spec      libp2p/specs connections, "Upgrading connections"
class connection_upgrade {
public:
  /// lifetime  identities and the source outlive it
  CAIRN_DECL connection_upgrade(upgrade_options options, random_source const& random);

  /// What is said first.
  CAIRN_DECL void start(byte_queue& wire);

  /// Go on with what is in `in`; what has to be sent is appended to `wire`, also after an error: that is the alert. True once the
  /// connection is there; then `text` begins with what the muxer has to read.
  ///
  /// errors    those of the negotiations and of the channel, with the phase
  CAIRN_DECL auto resume(byte_queue& in, byte_queue& text, byte_queue& wire) -> io_result<bool>;

  /// How far it is, for the sentence of an error.
  CAIRN_DECL auto phase() const -> std::string_view;

  /// Once the connection is there; it is given once.
  auto take_channel() -> secured_channel { return std::move(channel_); }

private:
  enum class step : byte { security, handshake, muxer, open };

  auto negotiate(std::span<std::string const> protocols, byte_queue& in, byte_queue& out) -> result<std::optional<std::size_t>, multistream_errc>;
  auto choose_security(byte_queue& in, byte_queue& wire) -> io_result<void>;
  auto shake(byte_queue& in, byte_queue& text, byte_queue& wire) -> io_result<void>;
  auto choose_muxer(byte_queue& text, byte_queue& wire) -> io_result<void>;
  void ask(std::span<std::string const> protocols, byte_queue& out);

  upgrade_options options_;
  random_source random_;
  step at_ = step::security;
  multistream_dialer asks_;
  multistream_listener answers_{};
  secured_channel channel_{};
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/upgrade.ipp>
#endif
