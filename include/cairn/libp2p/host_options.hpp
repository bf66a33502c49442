#pragma once

#include <cairn/crypto/secret.hpp>
#include <cairn/libp2p/quic/session.hpp>
#include <cairn/libp2p/resources.hpp>
#include <cairn/libp2p/yamux.hpp>
#include <cairn/multiformats/multiaddr.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::libp2p {

/// Bounds and names of a host.
struct host_options {
  std::string agent_version = "cairn/0.1.0";
  std::string protocol_version{};               ///< identify's; Kubo leaves it empty
  std::optional<secret_bytes> swarm_key{};      ///< of a private network
  std::vector<std::string> security{"/tls/1.0.0", "/noise"};  ///< secure channels, the preferred one first
  yamux_options muxer{};
  quic_options quic{};
  std::size_t max_connections = 1000;           ///< accepted; those above it are closed at once
  std::size_t max_of_peer = 8;                  ///< connections to one peer; later ones are closed at once (SEC-03)
  std::size_t max_handshakes = 64;              ///< accepted and not yet proven (SEC-05)
  std::chrono::seconds handshake_time{10};
  std::chrono::seconds silence{30};             ///< a peer that has not answered a ping for so long is gone
  std::chrono::seconds negotiation_time{10};    ///< of one stream (SEC-07)
  resource_limits limits{};
  /// Who may have a connection where `limits`, `max_connections` and `max_handshakes` leave none to others, in as much again; no function:
  /// nobody. Asked before there is a peer, then with it.
  std::function<bool(multiaddr const&, peer_id const*)> favours{};
  bool counts_traffic = true;                   ///< false: of no peer and no protocol, nor of all

  /// Whether an address may be dialled, or accepted from; no function: every one. Without /p2p/ID.
  std::function<bool(multiaddr const&)> may_connect{};
  /// The addresses that peers are told, from those that are listened on; no function: these, but for 0.0.0.0 and ::.
  std::function<std::vector<multiaddr>(std::vector<multiaddr> const&)> announce{};
};

}  // namespace cairn::libp2p
