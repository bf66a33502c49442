#pragma once
// The network of a running node: a host and a bitswap exchange on a thread of their own.

#include <cairn/asio/libp2p/bitswap.hpp>
#include <cairn/asio/libp2p/host.hpp>
#include <cairn/asio/libp2p/mdns.hpp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/service/impl/http_retrieval.hpp>
#include <cairn/service/impl/loop_call.hpp>
#include <cairn/service/impl/resource_rules.hpp>
#include <cairn/service/impl/swarm_rules.hpp>
#include <cairn/service/network.hpp>
#include <cairn/service/node_log.hpp>

#include <chrono>
#include <map>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

namespace cairn::service::detail {

/// What is known of peers that are not connected, up to a bound; the one that was told longest ago goes.
class address_book {
public:
  static constexpr std::size_t most_peers = 4096, most_addresses = 32;

  void add(peer_id const& peer, std::vector<multiaddr> const& addresses) {
    if (book_.size() >= most_peers && !book_.contains(peer)) {
      auto oldest = book_.begin();
      for (auto at = book_.begin(); at != book_.end(); ++at)
        if (at->second.told < oldest->second.told) oldest = at;
      book_.erase(oldest);
    }
    auto& e = book_[peer];
    e.told = ++clock_;
    for (auto const& a : addresses)
      if (e.addresses.size() < most_addresses && std::find(e.addresses.begin(), e.addresses.end(), a) == e.addresses.end()) e.addresses.push_back(a);
  }
  auto of(peer_id const& peer) const -> std::vector<multiaddr> {
    auto const at = book_.find(peer);
    return at == book_.end() ? std::vector<multiaddr>{} : at->second.addresses;
  }

private:
  struct entry {
    std::vector<multiaddr> addresses{};
    std::uint64_t told = 0;
  };
  std::map<peer_id, entry> book_;
  std::uint64_t clock_ = 0;
};

class swarm_node final : public node_network, public std::enable_shared_from_this<swarm_node> {
public:
  using clock = std::chrono::steady_clock;

  swarm_node(core_state& state, node_log& log);
  ~swarm_node() override;

  auto start(private_key identity) -> io_result<void>;

  auto self() -> peer_facts override;
  auto listen_addresses() -> std::vector<multiaddr> override;
  auto local_addresses() -> std::vector<multiaddr> override;
  auto connections() -> std::vector<swarm_connection> override;
  auto known_addresses() -> std::vector<addressed_peer> override;
  auto knows(peer_id const& peer) -> bool override;
  auto connect(addressed_peer const& to, cancel_check const& cancelled) -> io_result<void> override;
  auto disconnect(peer_id const& peer, std::optional<multiaddr> const& address) -> io_result<void> override;
  auto ping(peer_id const& peer, cancel_check const& cancelled) -> io_result<std::int64_t> override;
  auto identify(peer_id const& peer, cancel_check const& cancelled) -> io_result<peer_facts> override;
  auto filters() -> std::vector<std::string> override;
  auto add_filter(std::string const& filter) -> io_result<void> override;
  auto remove_filter(std::string const& filter) -> bool override;
  auto peering() -> std::vector<addressed_peer> override;
  void add_peering(addressed_peer const& peer) override;
  void remove_peering(peer_id const& peer) override;
  auto resources() -> std::vector<resource_scope> override;
  auto traffic(std::optional<peer_id> const& peer, std::optional<std::string> const& protocol) -> io_result<traffic_sum> override;
  auto open_fetch(std::shared_ptr<void> keep, blockstore_ref into) -> std::unique_ptr<block_fetch> override;
  void stored(std::span<cid const> ids) override;
  auto exchange() -> exchange_sum override;
  auto ledger(peer_id const& peer) -> peer_ledger override;
  auto wantlist_of(peer_id const& peer) -> std::vector<cid> override;
  auto greeting() -> std::vector<std::string> override { return greeting_; }
  void close() override;

private:
  friend class bitswap_fetch;

  struct kept_peer {
    std::vector<multiaddr> addresses{};
    clock::time_point next{};
    std::chrono::seconds pause{5};
    bool dialing = false;
  };
  struct back_off {
    clock::time_point until{};
    unsigned failures = 0;
  };
  /// Octets a second over the last seconds.
  struct meter {
    libp2p::host_traffic last{};
    double in = 0, out = 0;
    void tick(libp2p::host_traffic const& now) {
      in += (static_cast<double>(now.in - last.in) - in) / 3;
      out += (static_cast<double>(now.out - last.out) - out) / 3;
      last = now;
    }
  };

  // all of these on the loop's thread
  auto listen(ipld::node const& config) -> io_result<void>;
  void tick_meters();
  auto housekeeping() -> boost::asio::awaitable<void>;
  auto dial_any(addressed_peer to, bool patient) -> libp2p::task<void>;
  auto keep(peer_id id) -> boost::asio::awaitable<void>;
  void look_after_peers();
  void look_around();
  void found_peer(peer_id const& id, std::vector<multiaddr> const& places);
  void trim_connections();
  auto is_connected(peer_id const& id) const -> bool;
  auto facts_of_peer(peer_id const& id, identify_info const& info) const -> peer_facts;
  void say(log_level level, std::string const& line);

  core_state& state_;
  node_log& log_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open_{loop_.get_executor()};
  std::optional<libp2p::host> host_{};
  std::optional<libp2p::bitswap_exchange> bitswap_{};
  boost::asio::steady_timer ticking_{loop_};
  std::vector<std::string> greeting_;
  std::string agent_;

  announce_rules announce_;
  std::vector<address_filter> filters_;
  std::map<peer_id, kept_peer> peering_, bootstrap_;
  std::map<multiaddr, back_off> backs_;
  std::optional<libp2p::mdns_discovery> discovery_{};
  std::optional<http_retrieval> gateways_{};  // made before the thread runs
  std::map<peer_id, clock::time_point> near_;  // those that were found on the link and dialled, and until when they are let be
  address_book book_;
  std::size_t low_water_ = 32, high_water_ = 96;
  std::chrono::nanoseconds grace_{std::chrono::seconds{20}};
  bool trims_ = true;
  bool counts_ = true;  // traffic
  meter all_;
  std::map<peer_id, meter> peer_meters_;
  std::map<std::string, meter> protocol_meters_;
  std::uint64_t ticks_ = 0;
  resource_rules resources_{};

  std::atomic<std::uint64_t> peers_ = 0;  // connected ones: whether `stored` has anybody to tell
  std::atomic<bool> closed_ = false;
  std::thread thread_;
  boost::asio::thread_pool work_{2};  // hashes blocks and asks the store for the exchange
};

}  // namespace cairn::service::detail
