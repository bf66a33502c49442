#pragma once

#include <cairn/asio/libp2p/host.hpp>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cairn::libp2p {

struct mdns_options {
  std::string group = "224.0.0.251";
  std::uint16_t port = 5353;
  std::chrono::seconds first{1}, most{60};  ///< between questions: twice as long each time
  /// The addresses of the links that are spoken to; no function: those of all interfaces that can multicast.
  std::function<std::vector<std::array<byte, 4>>()> links{};
};

/// Finds the peers of this machine's links, and is found by them. A resource: `close` ends it.
///
/// memory    bounded: nothing is kept of what is heard
/// threads   those of its host
class mdns_discovery {
public:
  using found = std::function<void(peer_id const&, multiaddr const&)>;

  /// errors    the port cannot be opened
  CAIRN_DECL static auto open(host& self, mdns_options options, found f) -> io_result<mdns_discovery>;
  CAIRN_DECL void close();

private:
  struct state;
  explicit mdns_discovery(std::shared_ptr<state> s) : state_{std::move(s)} {}
  std::shared_ptr<state> state_;
};

}  // namespace cairn::libp2p

#if CAIRN_HEADER_ONLY
#  include <cairn/asio/libp2p/impl/mdns.ipp>
#endif
