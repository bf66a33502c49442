#pragma once

#include <cairn/block.hpp>
#include <cairn/blockstore/ref.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/multiformats/cid.hpp>
#include <cairn/multiformats/multiaddr.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// What a running node offers of the network, to the core API and to commands: no type of a transport, a stream or an exchange
/// is seen here, so a node without a network is one whose core API was given none.
namespace cairn::service {

class core_api;
class node_log;

/// Asked now and then by what waits; true ends the wait.
using cancel_check = std::function<bool()>;

/// What a peer says of itself.
struct peer_facts {
  peer_id id;
  std::string public_key{};              ///< base64 of its protobuf
  std::vector<std::string> addresses{};  ///< each with /p2p/ID
  std::string agent{};
  std::vector<std::string> protocols{};  ///< sorted
};

/// A connection to a peer.
struct swarm_connection {
  peer_id id;
  multiaddr address;  ///< without /p2p/ID
  bool dialed = false;
  std::optional<std::int64_t> latency{};  ///< nanoseconds
  std::vector<std::string> streams{};  ///< the protocol of each
  std::optional<peer_facts> identified{};
};

struct traffic_sum {
  std::uint64_t in = 0, out = 0;
  double rate_in = 0, rate_out = 0;  ///< octets a second
};

/// What bitswap did.
struct exchange_sum {
  std::vector<cid> wants{};
  std::vector<peer_id> partners{};
  std::uint64_t blocks_received = 0, data_received = 0, duplicates = 0, duplicate_data = 0, messages_received = 0, blocks_sent = 0, data_sent = 0;
};

struct peer_ledger {
  std::uint64_t sent = 0, received = 0, exchanges = 0;
};

/// A bound of the node's resources, and how much of it is in use.
struct resource_use {
  std::string_view name;  ///< "Memory", "FD", "ConnsInbound", ...
  std::optional<std::uint64_t> limit{};  ///< 0: none is allowed; absent: any number
  std::uint64_t used = 0;
};
struct resource_scope {
  std::string name;  ///< "system", "transient", "svc:" and a service, "proto:" and a protocol
  std::vector<resource_use> uses{};
};

/// Blocks for one piece of work. What comes is checked, and stored where the work said; wants end with it.
///
/// threads   members from several threads
class block_fetch {
public:
  virtual ~block_fetch() = default;
  /// These are needed soon.
  virtual void want(std::span<cid const> soon) = 0;
  /// errors    canceled
  virtual auto get(cid const& id, cancel_check const& cancelled) -> io_result<block> = 0;
  /// Whether it was asked for and is on its way, or came lately and was not read yet: `get` is then the shorter way than the store.
  virtual auto expects(cid const& id) -> bool {
    (void)id;
    return false;
  }
};

/// The network of a node that runs. All members may be called by many threads at once; none waits longer than its deadline.
class node_network {
public:
  using addressed_peer = std::pair<peer_id, std::vector<multiaddr>>;

  virtual ~node_network() = default;

  virtual auto self() -> peer_facts = 0;
  virtual auto listen_addresses() -> std::vector<multiaddr> = 0;
  /// Those of its interfaces.
  virtual auto local_addresses() -> std::vector<multiaddr> = 0;

  // connections

  virtual auto connections() -> std::vector<swarm_connection> = 0;
  /// Addresses of peers that are known, by their ids.
  virtual auto known_addresses() -> std::vector<addressed_peer> = 0;
  /// Whether it is connected, or an address of it is known.
  virtual auto knows(peer_id const& peer) -> bool = 0;
  /// errors    failed to dial: ...
  virtual auto connect(addressed_peer const& to, cancel_check const& cancelled) -> io_result<void> = 0;
  /// All connections of that peer, or the one over that address. errors: conn not found · not connected
  virtual auto disconnect(peer_id const& peer, std::optional<multiaddr> const& address) -> io_result<void> = 0;
  /// Nanoseconds of one round trip; the peer is connected.
  virtual auto ping(peer_id const& peer, cancel_check const& cancelled) -> io_result<std::int64_t> = 0;
  /// What a peer says of itself; it is dialled where it is not connected.
  virtual auto identify(peer_id const& peer, cancel_check const& cancelled) -> io_result<peer_facts> = 0;

  virtual auto filters() -> std::vector<std::string> = 0;
  /// errors    invalid multiaddr-filter format
  virtual auto add_filter(std::string const& filter) -> io_result<void> = 0;
  /// Whether it was there.
  virtual auto remove_filter(std::string const& filter) -> bool = 0;

  virtual auto peering() -> std::vector<addressed_peer> = 0;
  virtual void add_peering(addressed_peer const& peer) = 0;
  virtual void remove_peering(peer_id const& peer) = 0;

  /// None: nothing is limited.
  virtual auto resources() -> std::vector<resource_scope> = 0;
  /// Of all, of a peer, or of a protocol.
  ///
  /// errors    bandwidth reporter disabled in config
  virtual auto traffic(std::optional<peer_id> const& peer, std::optional<std::string> const& protocol) -> io_result<traffic_sum> = 0;

  // blocks

  /// into      where blocks are stored that come; kept alive for as long as one may come
  virtual auto open_fetch(std::shared_ptr<void> keep, blockstore_ref into) -> std::unique_ptr<block_fetch> = 0;
  /// Blocks came into the store by another way: who waits for them is answered.
  virtual void stored(std::span<cid const> ids) = 0;

  virtual auto exchange() -> exchange_sum = 0;
  virtual auto ledger(peer_id const& peer) -> peer_ledger = 0;
  virtual auto wantlist_of(peer_id const& peer) -> std::vector<cid> = 0;

  /// Lines for the start of a daemon: "Swarm listening on 127.0.0.1:4001 (TCP)".
  virtual auto greeting() -> std::vector<std::string> = 0;
  /// All connections end, and what waits for one; nothing is begun any more.
  virtual void close() = 0;
};

/// Begin what the config asks for: listen, connect to peers that are kept, exchange blocks of that node's repo.
///
/// log       what could not be used, one line each
/// errors    no address can be listened on · a swarm.key that is none · LIBP2P_FORCE_PNET without one
CAIRN_DECL auto open_network(core_api& node, node_log& log) -> io_result<std::shared_ptr<node_network>>;

}  // namespace cairn::service
