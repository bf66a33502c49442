#pragma once

#include <cairn/asio/libp2p/host.hpp>
#include <cairn/asio/libp2p/impl/connection.hpp>

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

namespace cairn::libp2p::detail {

/// A socket that accepts connections of TCP, WebSockets, or both on one port.
struct listener : tcp::acceptor {
  using tcp::acceptor::acceptor;
  bool plain = false, web = false;

  auto addresses() const -> std::vector<multiaddr>;
};

/// What all connections of a host share.
struct host_state : std::enable_shared_from_this<host_state> {
  host_state(net::any_io_executor e, private_key k, host_options o)
      : executor{std::move(e)}, identity{std::move(k)}, id{peer_id::of(identity.public_part())}, options{std::move(o)}, ticking{executor} {
    memory.limit = favoured_memory.limit = options.limits.memory;
    descriptors.limit = favoured_descriptors.limit = options.limits.descriptors;
    if (options.counts_traffic) count = traffic_count{all};
  }

  net::any_io_executor executor;
  private_key identity;
  peer_id id;
  host_options options;
  std::optional<noise_identity> noise{};
  std::optional<tls_identity> tls{};

  std::vector<std::pair<std::string, host::handler>> handlers{};
  std::vector<std::shared_ptr<listener>> acceptors{};
  std::vector<std::shared_ptr<quic_endpoint>> endpoints{};   // of QUIC; those that only dial are kept by their connection
  std::vector<std::shared_ptr<connection>> connections{};  // the proven ones, oldest first
  std::vector<std::weak_ptr<connection>> shaking{};
  std::vector<std::function<void(peer_id const&, bool)>> peer_watchers{};
  std::size_t running = 0;  // coroutines
  resource memory{}, descriptors{};
  resource favoured_memory{}, favoured_descriptors{};  // of connections that `favours` lets in
  std::map<std::string, std::pair<resource, resource>> stream_use{};  // of protocols with a limit: inbound, outbound
  // grows from one run to the next, too: peers drop a record that is not newer than the one they have
  std::uint64_t record_seq = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch() / std::chrono::nanoseconds(1));
  std::optional<std::pair<std::vector<multiaddr>, std::vector<std::string>>> told{};  // what identify says: addresses, protocols
  host_traffic all{};
  [[no_unique_address]] traffic_count count{};      // of all
  std::map<peer_id, host_traffic> by_peer{};        // of the latest `most_counted` peers
  std::map<std::string, host_traffic> by_protocol{};  // of what is answered here, and what was asked of others
  static constexpr std::size_t most_counted = 4096;
  wake_up ticking;
  bool closed = false;

  auto quic_tls(std::optional<peer_id> expected) const -> tls_options;
  auto listen_quic(net::ip::udp::endpoint const& at) -> io_result<multiaddr>;
  auto dial_quic(net::ip::udp::endpoint const& to, std::optional<peer_id> expected) -> io_result<std::shared_ptr<connection>>;

  auto protocols() const -> std::vector<std::string> {
    auto out = std::vector<std::string>{};
    for (auto const& [name, h] : handlers) out.push_back(name);
    return out;
  }
  auto handler_of(std::string const& name) const -> std::optional<host::handler> {
    for (auto const& [n, h] : handlers)
      if (n == name) return h;
    return std::nullopt;
  }

  /// The end of a coroutine of this host. One that ends in an exception is a broken precondition: it is not swallowed.
  auto counted() {
    ++running;
    return [self = shared_from_this()](std::exception_ptr e) {
      --self->running;
      if (e) std::rethrow_exception(e);
    };
  }

  auto find(peer_id const& peer) const -> std::shared_ptr<connection> {
    for (auto const& c : connections)
      if (!c->is_over() && c->remote() == peer) return c;
    return nullptr;
  }
  auto inbound(bool favoured) const -> std::size_t {
    return static_cast<std::size_t>(std::count_if(connections.begin(), connections.end(), [&](auto const& c) { return !c->dialed && c->favoured == favoured; }));
  }
  auto favours(multiaddr const& a, peer_id const* peer = nullptr) const -> bool { return options.favours && options.favours(a, peer); }
  /// Where there is room for one more from there, whether it is that of favoured ones.
  auto may_accept(bool is_tcp, multiaddr const& from) const -> std::optional<bool>;
  auto admit(stream_state& s) -> bool;
  auto may_connect(multiaddr const& a) const -> bool { return !options.may_connect || options.may_connect(a); }
  auto listening() const -> std::vector<multiaddr>;
  auto announced() const -> std::vector<multiaddr>;
  auto counts_of(std::string const& protocol) -> traffic_count {
    if (!CAIRN_TRAFFIC || !options.counts_traffic || (by_protocol.size() >= most_counted && !by_protocol.contains(protocol))) return {};
    return traffic_count{by_protocol[protocol]};
  }
  auto counts_of(peer_id const& peer) -> traffic_count;
  void add(std::shared_ptr<connection> c);
  auto push(std::shared_ptr<connection> c) -> net::awaitable<void>;
  void push_to_all();
  void tell_changes();
  void lost(connection& c);
  auto tick_loop() -> net::awaitable<void>;
  auto accept_loop(std::shared_ptr<listener> a) -> net::awaitable<void>;
  auto take(std::shared_ptr<connection> c) -> net::awaitable<void>;
  auto describe(connection const& c) -> identify_info;
  auto ask_identify(std::shared_ptr<connection> c, deadline until) -> task<identify_info>;
  auto learn(std::shared_ptr<connection> c) -> net::awaitable<void>;
};

}  // namespace cairn::libp2p::detail
