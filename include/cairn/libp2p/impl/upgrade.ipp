#pragma once

#include <cairn/core/try.hpp>
#include <cairn/libp2p/upgrade.hpp>
#include <cairn/libp2p/yamux.hpp>

namespace cairn {
namespace detail {
inline auto upgrade_muxers() -> std::vector<std::string> { return {std::string{yamux::protocol_id}}; }
}  // namespace detail

CAIRN_DECL connection_upgrade::connection_upgrade(upgrade_options options, random_source const& random)
    : options_{std::move(options)}, random_{random}, asks_{options_.security} {}

CAIRN_DECL auto connection_upgrade::phase() const -> std::string_view {
  switch (at_) {
    case step::security: return "security negotiation";
    case step::handshake: return channel_.name() == tls::protocol_id ? "tls handshake" : "noise handshake";
    default: return "muxer negotiation";
  }
}

inline void connection_upgrade::ask(std::span<std::string const> protocols, byte_queue& out) {
  if (options_.dialer) {
    asks_ = multistream_dialer{{protocols.begin(), protocols.end()}};
    asks_.start(out);
  } else {
    answers_ = {};
    answers_.start(out);
  }
}

inline auto connection_upgrade::negotiate(std::span<std::string const> protocols, byte_queue& in, byte_queue& out)
    -> result<std::optional<std::size_t>, multistream_errc> {
  for (;;) {
    CAIRN_TRY(auto const s, options_.dialer ? asks_.resume(in.view(), out) : answers_.resume(in.view(), protocols, out));
    in.consume(s.taken);
    if (s.agreed || s.taken == 0) return s.agreed;
  }
}

CAIRN_DECL void connection_upgrade::start(byte_queue& wire) { ask(options_.security, wire); }

inline auto connection_upgrade::choose_security(byte_queue& in, byte_queue& wire) -> io_result<void> {
  CAIRN_TRY(auto const chosen, negotiate(options_.security, in, wire));
  if (!chosen) return {};
  if (options_.security[*chosen] == tls::protocol_id) {
    auto o = tls_options{.dialer = options_.dialer, .expected = options_.expected, .now = options_.unix_time, .protocols = detail::upgrade_muxers()};
    o.protocols.emplace_back("libp2p");
    channel_.emplace(tls_channel{*options_.tls, std::move(o), random_});
  } else {
    channel_.emplace(noise_channel{*options_.noise, noise_options{.dialer = options_.dialer, .expected = options_.expected}, random_});
  }
  at_ = step::handshake;
  return channel_.start(wire);
}

inline auto connection_upgrade::shake(byte_queue& in, byte_queue& text, byte_queue& wire) -> io_result<void> {
  auto const taken = channel_.resume(in.view(), text, wire);
  if (!taken && at_ == step::handshake && channel_.remote())
    return std::unexpected(error{taken.error()}.advise("the remote key matches " + to_string(peer_id::of(*channel_.remote()))));
  if (!taken) return std::unexpected(taken.error());
  in.consume(*taken);
  if (at_ != step::handshake || !channel_.is_open()) return {};
  auto const muxers = detail::upgrade_muxers();
  if (channel_.early_muxer() == muxers[0]) {
    at_ = step::open;
    return {};
  }
  at_ = step::muxer;
  auto first = byte_queue{};
  ask(muxers, first);
  return first.empty() ? io_result<void>{} : channel_.write(first.view(), wire);
}

inline auto connection_upgrade::choose_muxer(byte_queue& text, byte_queue& wire) -> io_result<void> {
  auto const muxers = detail::upgrade_muxers();
  auto said = byte_queue{};
  CAIRN_TRY(auto const chosen, negotiate(muxers, text, said));
  if (chosen) at_ = step::open;
  return said.empty() ? io_result<void>{} : channel_.write(said.view(), wire);
}

CAIRN_DECL auto connection_upgrade::resume(byte_queue& in, byte_queue& text, byte_queue& wire) -> io_result<bool> {
  auto ok = io_result<void>{};
  if (at_ == step::security) ok = choose_security(in, wire);
  if (ok && (at_ == step::handshake || at_ == step::muxer)) ok = shake(in, text, wire);
  if (ok && at_ == step::muxer) ok = choose_muxer(text, wire);
  if (!ok) return std::unexpected(error{std::move(ok).error()}.during(std::string{phase()}));
  return at_ == step::open;
}

}  // namespace cairn
