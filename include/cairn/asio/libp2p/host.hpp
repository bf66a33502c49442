#pragma once

#include <cairn/asio/libp2p/stream.hpp>
#include <cairn/asio/libp2p/task.hpp>
#include <cairn/asio/libp2p/traffic.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/libp2p/host_options.hpp>
#include <cairn/libp2p/identify.hpp>
#include <cairn/multiformats/multiaddr.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

namespace cairn::libp2p {

namespace detail {
struct host_state;
}

/// A connection as its host shows it.
struct connection_info {
  peer_id remote;
  multiaddr remote_address;
  bool dialed;
  std::string security;                         ///< "/noise"
  std::vector<std::string> streams;             ///< the protocol of each; empty while it is not agreed on
  std::chrono::steady_clock::time_point since;
  std::optional<identify_info> identified;      ///< once the remote said it
  std::optional<std::chrono::nanoseconds> round_trip;
};

/// A peer among peers: TCP, TLS or Noise, yamux; identify and ping answered. A resource: `close` ends it, and everything that it
/// started ends then.
///
/// threads   made, used and run by one thread, or by one strand, of its executor
class host {
public:
  using handler = std::function<boost::asio::awaitable<void>(stream)>;

  /// errors    the identity cannot sign
  CAIRN_DECL static auto make(boost::asio::any_io_executor executor, private_key identity, host_options options = {}) -> io_result<host>;

  CAIRN_DECL auto id() const -> peer_id const&;
  CAIRN_DECL auto executor() const -> boost::asio::any_io_executor;

  /// Listen on /ip4|ip6/A/tcp/P, with /ws behind it or not, or on /ip4|ip6/A/udp/P/quic-v1; port 0 takes a free one. One port of
  /// TCP may take both of its kinds. Returns the address that is listened on.
  CAIRN_DECL auto listen(multiaddr const& address) -> io_result<multiaddr>;
  CAIRN_DECL auto listen_addresses() const -> std::vector<multiaddr>;

  /// Streams of that protocol go to the handler; it owns them. Protocols are offered in the order in which they were added.
  CAIRN_DECL void handle(std::string protocol, handler h);

  /// Connect to /ip4|ip6|dns4|dns6|dns/.../tcp/P, with /ws, /tls/ws or /wss, or .../udp/P/quic-v1; with /p2p/ID behind it or not. A connection to that peer that is there is used.
  ///
  /// errors    the address, the deadline, the handshake; the error says how far it came
  CAIRN_DECL auto dial(multiaddr address, deadline until) -> task<peer_id>;

  /// A stream on the connection to `peer`, with the first of the protocols that it has.
  ///
  /// errors    not connected · the deadline · none in common · a limit
  CAIRN_DECL auto open(peer_id peer, std::vector<std::string> protocols, deadline until) -> task<stream>;

  /// One round trip of the ping protocol.
  CAIRN_DECL auto ping(peer_id peer, deadline until) -> task<std::chrono::nanoseconds>;
  /// What the peer says of itself; asked anew.
  CAIRN_DECL auto identify(peer_id peer, deadline until) -> task<identify_info>;

  CAIRN_DECL auto is_connected(peer_id const& peer) const -> bool;
  CAIRN_DECL auto connections() const -> std::vector<connection_info>;
  CAIRN_DECL void disconnect(peer_id const& peer);
  /// The connections to a peer over that address; whether there was one.
  CAIRN_DECL auto disconnect(peer_id const& peer, multiaddr const& address) -> bool;

  /// Tell all peers what this host says of itself. It does so of itself when its addresses or protocols have changed.
  CAIRN_DECL void push_identify();
  /// The names of what is answered, as they were added.
  CAIRN_DECL auto protocols() const -> std::vector<std::string>;
  /// What peers are told as this host's addresses.
  CAIRN_DECL auto announced_addresses() const -> std::vector<multiaddr>;

  CAIRN_DECL auto traffic() const -> host_traffic;
  CAIRN_DECL auto traffic_of(peer_id const& peer) const -> host_traffic;
  CAIRN_DECL auto traffic_of(std::string const& protocol) const -> host_traffic;
  CAIRN_DECL auto usage() const -> resource_usage;

  /// Called when the first connection to a peer is there, and when the last one is gone.
  CAIRN_DECL void on_peer(std::function<void(peer_id const&, bool connected)> f);

  /// Everything ends; nothing is started any more.
  CAIRN_DECL void close();
  /// Connections and coroutines of this host that have not ended.
  CAIRN_DECL auto alive() const -> std::size_t;

private:
  explicit host(std::shared_ptr<detail::host_state> state) : state_{std::move(state)} {}
  std::shared_ptr<detail::host_state> state_;
};

}  // namespace cairn::libp2p

#if CAIRN_HEADER_ONLY
#  include <cairn/asio/libp2p/impl/connection.ipp>
#  include <cairn/asio/libp2p/impl/host.ipp>
#endif
