#pragma once

#include <cairn/asio/libp2p/host.hpp>
#include <cairn/asio/libp2p/impl/connection.ipp>
#include <cairn/asio/libp2p/impl/host_identify.ipp>
#include <cairn/asio/libp2p/impl/quic_carrier.ipp>
#include <cairn/asio/libp2p/impl/quic_endpoint.ipp>
#include <cairn/asio/libp2p/impl/socket_number.hpp>
#include <cairn/asio/libp2p/impl/upgrade.ipp>
#include <cairn/crypto/hkdf.hpp>
#include <cairn/crypto/libp2p_key.hpp>

#include <netinet/tcp.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/v6_only.hpp>

namespace cairn::libp2p {
namespace detail {

inline auto to_multiaddr(tcp::endpoint const& e) -> multiaddr {
  auto const a = e.address();
  auto const text = (a.is_v4() ? "/ip4/" : "/ip6/") + a.to_string() + "/tcp/" + std::to_string(e.port());
  return parse_multiaddr(text).value_or(multiaddr{});
}

// Small frames go at once, and little waits in the system: what waits there cannot be overtaken by the answer to a ping.
inline void prepare(tcp::socket& s) {
  using most_unsent = socket_number<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
  auto ignored = boost::system::error_code{};
  s.set_option(tcp::no_delay{true}, ignored);
  s.set_option(most_unsent{256 * 1024}, ignored);
}

inline auto listener::addresses() const -> std::vector<multiaddr> {
  auto out = std::vector<multiaddr>{};
  auto failed = boost::system::error_code{};
  auto const e = local_endpoint(failed);
  if (failed) return out;
  if (plain) out.push_back(to_multiaddr(e));
  if (web) out.push_back(parse_multiaddr(to_string(to_multiaddr(e)) + "/ws").value_or(multiaddr{}));
  return out;
}

inline constexpr std::uint64_t p2p_code = 421;

/// The parts of an address that this host can dial.
struct tcp_target {
  std::string name;
  std::string host;
  std::uint16_t port = 0;
  bool web = false, quic = false;
  std::optional<std::string> tls{};  // the name that a server of the web has to prove
  std::optional<peer_id> peer{};
};

inline auto read_target(multiaddr const& address) -> io_result<tcp_target> {
  auto out = tcp_target{};
  auto place = 0;
  auto quic_named = false;
  for (auto const& c : address) {
    auto const name = c.name();
    if (place == 0 && (name == "ip4" || name == "ip6" || name == "dns" || name == "dns4" || name == "dns6")) {
      out.name = name, out.host = c.text();
    } else if (place == 1 && (name == "tcp" || name == "udp")) {
      out.port = c.port(), out.quic = name == "udp";
    } else if (place == 2 && out.quic && !quic_named && name == "quic-v1") {
      quic_named = true;
      continue;
    } else if (place == 2 && (name == "ws" || name == "wss") && !out.web && !out.quic) {
      out.web = true;
      if (name == "wss" && !out.tls) out.tls = out.host;
      continue;
    } else if (place == 2 && name == "tls" && !out.web && !out.tls && !out.quic) {
      out.tls = out.host;
      continue;
    } else if (place == 2 && name == "sni" && out.tls && !out.web) {
      out.tls = c.text();
      continue;
    } else if (place == 2 && name == "p2p") {
      auto const id = decode_peer_id(c.value());
      if (!id) return std::unexpected(error{id.error()}.about(to_string(address)));
      out.peer = *id;
    } else {
      return std::unexpected(error::message("libp2p", "no transport for this address").about(to_string(address)));
    }
    ++place;
  }
  if (place < 2 || quic_named != out.quic || (out.tls && !out.web)) return std::unexpected(error::message("libp2p", "no transport for this address").about(to_string(address)));
  return out;
}

inline auto host_state::counts_of(peer_id const& peer) -> traffic_count {
  if (!CAIRN_TRAFFIC || !options.counts_traffic) return {};
  if (by_peer.size() >= most_counted && !by_peer.contains(peer))
    for (auto at = by_peer.begin(); at != by_peer.end(); ++at)
      if (!find(at->first)) {
        by_peer.erase(at);
        break;
      }
  return traffic_count{by_peer[peer]};
}

inline void host_state::add(std::shared_ptr<connection> c) {
  auto const peer = c->remote();
  auto const first = find(peer) == nullptr;
  c->counts = counts_of(peer);
  connections.push_back(c);
  c->begin();
  if (first)
    for (auto const& f : peer_watchers) f(peer, true);
  net::co_spawn(executor, learn(std::move(c)), counted());
}

inline void host_state::lost(connection& c) {
  auto const at = std::find_if(connections.begin(), connections.end(), [&](auto const& other) { return other.get() == &c; });
  if (at == connections.end()) return;
  auto const keep = *at;
  keep->counts = {};
  connections.erase(at);
  auto const peer = keep->remote();
  if (!find(peer))
    for (auto const& f : peer_watchers) f(peer, false);
}

inline auto host_state::listening() const -> std::vector<multiaddr> {
  auto out = std::vector<multiaddr>{};
  for (auto const& a : acceptors)
    for (auto& address : a->addresses()) out.push_back(std::move(address));
  for (auto const& e : endpoints) out.push_back(e->address());
  return out;
}

inline auto host_state::announced() const -> std::vector<multiaddr> {
  auto all = listening();
  if (options.announce) return options.announce(all);
  std::erase_if(all, [](multiaddr const& a) { return a.begin()->text() == "0.0.0.0" || a.begin()->text() == "::"; });
  return all;
}

inline auto host_state::take(std::shared_ptr<connection> c) -> net::awaitable<void> {
  auto const self = shared_from_this();
  shaking.push_back(c);
  auto const ok = co_await c->upgrade(within(options.handshake_time));
  std::erase_if(shaking, [&](auto const& w) { return w.expired() || w.lock() == c; });
  auto const of_peer = ok ? std::count_if(connections.begin(), connections.end(), [&](auto const& other) { return other->remote() == c->remote(); }) : 0;
  if (static_cast<std::size_t>(of_peer) >= options.max_of_peer) c->end(error::message("libp2p", "too many connections of one peer"));
  else if (ok && c->favoured && !favours(c->remote_address, &c->remote())) c->end(error::message("libp2p", "system: cannot reserve inbound connection: resource limit exceeded"));
  else if (ok && !closed && !c->is_over()) add(c);
  else c->end(error::message("libp2p", "the host is closed"));
}

inline auto host_state::may_accept(bool is_tcp, multiaddr const& from) const -> std::optional<bool> {
  auto const& l = options.limits;
  auto const has_room = [&](bool favoured) {
    auto all = 0uz, sockets = 0uz;
    for (auto const& w : shaking) {
      auto const c = w.lock();
      if (!c || c->favoured != favoured) continue;
      ++all;
      sockets += c->has_descriptor();
    }
    return inbound(favoured) < options.max_connections && all < options.max_handshakes && (all + 1) * resource_limits::connection_memory <= l.transient_memory &&
           (!is_tcp || sockets < l.transient_descriptors);
  };
  if (has_room(false)) return false;
  if (favours(from) && has_room(true)) return true;
  return std::nullopt;
}

// A place for a stream among those of its protocol.
inline auto host_state::admit(stream_state& s) -> bool {
  auto const at = options.limits.streams.find(s.protocol);
  if (at == options.limits.streams.end()) return true;
  auto& [in, out] = stream_use[s.protocol];
  in.limit = at->second.inbound, out.limit = at->second.outbound;
  if (in.used + out.used >= at->second.all) return false;
  s.slot = resource_share{s.dialed ? out : in};
  return s.slot.grow(1);
}

inline auto host_state::accept_loop(std::shared_ptr<listener> a) -> net::awaitable<void> {
  auto const self = shared_from_this();
  while (!closed) {
    auto ec = boost::system::error_code{};
    auto socket = co_await a->async_accept(net::redirect_error(net::use_awaitable, ec));
    if (closed) co_return;
    if (ec) {  // out of file descriptors, or a connection that is gone already: the next one may be well
      auto pause = net::steady_timer{executor, within(std::chrono::milliseconds{50})};
      co_await pause.async_wait(net::redirect_error(net::use_awaitable, ec));
      continue;
    }
    auto ignored = boost::system::error_code{};
    auto const from = to_multiaddr(socket.remote_endpoint(ignored));
    auto const favoured = may_accept(true, from);
    if (!favoured) continue;
    prepare(socket);
    auto c = std::make_shared<connection>(self, std::move(socket), false, std::nullopt);
    c->remote_address = from;
    c->favoured = *favoured;
    if (!may_connect(c->remote_address)) continue;
    if (!c->take_room()) continue;
    if (a->web) c->accept_web(a->plain);
    net::co_spawn(executor, take(std::move(c)), counted());
  }
}

inline auto host_state::tick_loop() -> net::awaitable<void> {
  tell_changes();  // nobody is connected yet: what is said first is no change
  for (auto n = 1u; !closed; ++n) {
    auto const changed = co_await ticking.sleep(within(std::chrono::seconds(1)));
    if (closed) co_return;
    if (changed || n % 5 == 0) tell_changes();  // interfaces come and go without a word
    auto const all = connections;
    for (auto const& c : all)
      if (!closed && !c->is_over()) c->tick();
  }
}

inline auto answer_pings(stream s) -> net::awaitable<void> {
  auto out = byte_queue{};
  auto left = 0uz;
  for (;;) {
    auto const view = co_await s.wait(left, within(std::chrono::hours(1)));
    if (!view || view->size() == left) break;
    auto const taken = ping_protocol::answer(*view, out);
    left = view->size() - taken;
    if (taken != 0) s.consume(taken);
    auto const sent = co_await s.write(out.view(), within(std::chrono::minutes(1)));
    if (!sent) co_return;
    out.clear();
  }
  s.close();
}

}  // namespace detail

CAIRN_DECL auto host::make(boost::asio::any_io_executor executor, private_key identity, host_options options) -> io_result<host> {
  auto state = std::make_shared<detail::host_state>(std::move(executor), std::move(identity), std::move(options));
  state->options.quic.reset_secret = hmac_sha256(encode_libp2p_key(state->identity), as_bytes("libp2p quic stateless reset key"));
  auto const muxers = noise_extensions{{}, {std::string{yamux::protocol_id}}};
  auto own = noise_identity::make(state->identity, random_source::system(), muxers);
  if (!own) return std::unexpected(error{own.error()});
  state->noise.emplace(*std::move(own));
  auto certificate = tls_identity::make(state->identity, std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1));
  if (!certificate) return std::unexpected(error{certificate.error()});
  state->tls.emplace(*std::move(certificate));
  detail::net::co_spawn(state->executor, [state] { return state->tick_loop(); }, state->counted());
  auto out = host{std::move(state)};
  auto const weak = std::weak_ptr<detail::host_state>{out.state_};
  out.handle(std::string{identify_info::protocol_id}, [weak](stream s) { return detail::answer_identify(weak, std::move(s)); });
  out.handle(std::string{identify_info::push_protocol_id}, [weak](stream s) { return detail::take_push(weak, std::move(s)); });
  out.handle(std::string{ping_protocol::protocol_id}, [](stream s) { return detail::answer_pings(std::move(s)); });
  return out;
}

CAIRN_DECL auto host::id() const -> peer_id const& { return state_->id; }
CAIRN_DECL auto host::executor() const -> boost::asio::any_io_executor { return state_->executor; }

CAIRN_DECL void host::handle(std::string protocol, handler h) {
  for (auto& [name, old] : state_->handlers)
    if (name == protocol) {
      old = std::move(h);
      return;
    }
  state_->handlers.emplace_back(std::move(protocol), std::move(h));
  state_->ticking.notify();
}

CAIRN_DECL void host::on_peer(std::function<void(peer_id const&, bool)> f) { state_->peer_watchers.push_back(std::move(f)); }

CAIRN_DECL auto host::listen(multiaddr const& address) -> io_result<multiaddr> {
  auto const target = detail::read_target(address);
  if (!target) return std::unexpected(target.error());
  auto ec = boost::system::error_code{};
  auto const ip = detail::net::ip::make_address(target->host, ec);
  if (ec) return std::unexpected(error::message("libp2p", "cannot listen on a name").about(to_string(address)));
  if (target->tls) return std::unexpected(error::message("libp2p", "no certificate of the web to listen with").about(to_string(address)));
  state_->ticking.notify();
  if (target->quic) return state_->listen_quic({ip, target->port});
  auto const endpoint = detail::tcp::endpoint{ip, target->port};
  auto& open = state_->acceptors;
  auto const same = std::find_if(open.begin(), open.end(), [&](auto const& a) { return endpoint.port() != 0 && a->local_endpoint(ec) == endpoint; });
  if (same != open.end()) {
    if (state_->options.swarm_key) return std::unexpected(error::message("libp2p", "a private network cannot share a port").about(to_string(address)));
    auto& has = target->web ? (*same)->web : (*same)->plain;
    if (std::exchange(has, true)) return std::unexpected(error::message("libp2p", "this address is listened on already").about(to_string(address)));
    return address;
  }
  ec = {};
  auto const a = std::make_shared<detail::listener>(state_->executor);
  a->open(endpoint.protocol(), ec);
  if (!ec) a->set_option(detail::tcp::acceptor::reuse_address{true}, ec);
  // as other peers do: two nodes of one machine may share an address, and a dial may leave from it
  using reuse_port = detail::socket_number<SOL_SOCKET, SO_REUSEPORT>;
  if (!ec && target->port != 0) a->set_option(reuse_port{1}, ec);
  if (!ec && ip.is_v6()) a->set_option(detail::net::ip::v6_only{true}, ec);
  if (!ec) a->bind(endpoint, ec);
  if (!ec) a->listen(detail::net::socket_base::max_listen_connections, ec);
  if (ec) return std::unexpected(error::system(ec.value(), "cannot listen", to_string(address)));
  state_->acceptors.push_back(a);
  auto const state = state_;
  detail::net::co_spawn(state_->executor, [state, a] { return state->accept_loop(a); }, state_->counted());
  (target->web ? a->web : a->plain) = true;
  return a->addresses().front();
}

CAIRN_DECL auto host::listen_addresses() const -> std::vector<multiaddr> { return state_->listening(); }
CAIRN_DECL auto host::announced_addresses() const -> std::vector<multiaddr> { return state_->announced(); }
CAIRN_DECL auto host::protocols() const -> std::vector<std::string> { return state_->protocols(); }

CAIRN_DECL void host::push_identify() {
  state_->push_to_all();
}

CAIRN_DECL auto host::traffic() const -> host_traffic { return state_->all; }
CAIRN_DECL auto host::traffic_of(peer_id const& peer) const -> host_traffic {
  auto const at = state_->by_peer.find(peer);
  return at == state_->by_peer.end() ? host_traffic{} : at->second;
}
CAIRN_DECL auto host::traffic_of(std::string const& protocol) const -> host_traffic {
  auto const at = state_->by_protocol.find(protocol);
  return at == state_->by_protocol.end() ? host_traffic{} : at->second;
}

CAIRN_DECL auto host::usage() const -> resource_usage {
  auto const& s = *state_;
  auto out = resource_usage{.memory = s.memory.used + s.favoured_memory.used, .descriptors = s.descriptors.used + s.favoured_descriptors.used, .inbound = s.inbound(false) + s.inbound(true)};
  out.outbound = s.connections.size() - out.inbound;
  for (auto const& c : s.connections)
    for (auto const& [id, stream] : c->streams) ++(stream->dialed ? out.streams_outbound : out.streams_inbound);
  for (auto const& w : s.shaking)
    if (auto const c = w.lock()) {
      out.transient_memory += resource_limits::connection_memory;
      out.transient_descriptors += c->has_descriptor();
      ++(c->dialed ? out.transient_outbound : out.transient_inbound);
    }
  for (auto const& [name, use] : s.stream_use) out.streams[name] = {use.first.used, use.second.used};
  return out;
}

CAIRN_DECL auto host::dial(multiaddr address, deadline until) -> task<peer_id> {
  auto const state = state_;
  auto const where = to_string(address);
  auto const target = detail::read_target(address);
  if (!target) co_return std::unexpected(target.error());
  if (target->peer && state->find(*target->peer)) co_return *target->peer;
  if (target->peer && *target->peer == state->id) co_return std::unexpected(error::message("libp2p", "dial to self attempted").about(where));

  // before the socket is: a dial that may not be begun costs nothing
  auto const none_left = !state->memory.has(resource_limits::connection_memory) || (!target->quic && !state->descriptors.has(1));
  if (none_left && !state->favours(address)) co_return std::unexpected(error::message("libp2p", "system: cannot reserve outbound connection: resource limit exceeded").about(where));
  auto resolver = std::make_shared<detail::tcp::resolver>(state->executor);
  auto socket = std::make_shared<detail::tcp::socket>(state->executor);
  auto guard = detail::net::steady_timer{state->executor, until};
  auto late = std::make_shared<bool>(false);
  guard.async_wait([resolver, socket, late](boost::system::error_code e) {
    if (e) return;
    *late = true;
    auto ignored = boost::system::error_code{};
    resolver->cancel();
    socket->close(ignored);
  });
  auto ec = boost::system::error_code{};
  auto endpoints = co_await resolver->async_resolve(target->host, std::to_string(target->port), boost::asio::redirect_error(boost::asio::use_awaitable, ec));
  auto refused = false;
  auto allowed = std::vector<detail::tcp::endpoint>{};
  if (!ec) {
    for (auto const& e : endpoints) {
      auto const at = e.endpoint();
      auto const as_udp = boost::asio::ip::udp::endpoint{at.address(), at.port()};
      if (state->may_connect(target->quic ? detail::to_multiaddr(as_udp) : detail::to_multiaddr(at))) allowed.push_back(at);
    }
    refused = allowed.empty();
    if (!refused && !target->quic) co_await boost::asio::async_connect(*socket, allowed, boost::asio::redirect_error(boost::asio::use_awaitable, ec));
  }
  guard.cancel();
  if (refused) co_return std::unexpected(error::message("libp2p", "gater disallows connection to peer").about(where));
  if (*late) co_return std::unexpected(detail::timed_out().about(where).during("dialing"));
  if (ec) co_return std::unexpected(detail::net_error(ec).about(where).during("dialing"));
  if (state->closed) co_return std::unexpected(error::message("libp2p", "the host is closed"));
  auto c = std::shared_ptr<detail::connection>{};
  if (target->quic) {
    auto made = state->dial_quic({allowed.front().address(), allowed.front().port()}, target->peer);
    if (!made) co_return std::unexpected(error{made.error()}.about(where));
    c = *std::move(made);
  } else {
    detail::prepare(*socket);
    c = std::make_shared<detail::connection>(state, std::move(*socket), true, target->peer);
  }
  c->remote_address = decapsulate(address, detail::p2p_code);
  if (!c->take_room()) {  // others were faster
    c->end(error::message("libp2p", "system: cannot reserve outbound connection: resource limit exceeded"));
    co_return std::unexpected(error{c->why()}.about(where));
  }
  if (target->web) c->dial_web(target->host + ":" + std::to_string(target->port), target->tls);
  state->shaking.push_back(c);
  auto const ok = co_await c->upgrade(until);
  std::erase_if(state->shaking, [&](auto const& w) { return w.expired() || w.lock() == c; });
  if (!ok) co_return std::unexpected(error{ok.error()}.about(where));
  if (c->favoured && !state->favours(c->remote_address, &c->remote())) c->end(error::message("libp2p", "system: cannot reserve outbound connection: resource limit exceeded"));
  if (c->is_over()) co_return std::unexpected(error{c->why()}.about(where));
  if (state->closed) {
    c->end(error::message("libp2p", "the host is closed"));
    co_return std::unexpected(c->why());
  }
  state->add(c);
  co_return c->remote();
}

CAIRN_DECL auto host::open(peer_id peer, std::vector<std::string> protocols, deadline until) -> task<stream> {
  auto const c = state_->find(peer);
  if (!c) co_return std::unexpected(error::message("libp2p", "not connected to the peer").about(to_string(peer)));
  auto const s = co_await c->open(std::move(protocols), until);
  if (!s) co_return std::unexpected(s.error());
  co_return stream{*s};
}

CAIRN_DECL auto host::ping(peer_id peer, deadline until) -> task<std::chrono::nanoseconds> {
  auto names = std::vector<std::string>{std::string{ping_protocol::protocol_id}};
  auto s = co_await open(peer, std::move(names), until);
  if (!s) co_return std::unexpected(s.error());
  auto const begin = detail::now();
  auto sent = bytes(ping_protocol::size);
  random_source::system()(sent);
  auto const written = co_await s->write(sent, until);
  if (!written) co_return std::unexpected(written.error());
  for (auto seen = 0uz; seen < sent.size();) {
    auto const view = co_await s->wait(seen, until);
    if (!view) co_return std::unexpected(view.error());
    if (view->size() == seen || (view->size() >= sent.size() && !equal(view->first(sent.size()), sent)))
      co_return std::unexpected(error::message("ping", "the answer is not what was sent").about(to_string(peer)));
    seen = view->size();
  }
  s->consume(sent.size());
  s->close();
  co_return detail::now() - begin;
}

CAIRN_DECL auto host::identify(peer_id peer, deadline until) -> task<identify_info> {
  auto const state = state_;
  auto const c = state->find(peer);
  if (!c) co_return std::unexpected(error::message("libp2p", "not connected to the peer").about(to_string(peer)));
  auto info = co_await state->ask_identify(c, until);
  co_return info;
}

CAIRN_DECL auto host::is_connected(peer_id const& peer) const -> bool { return state_->find(peer) != nullptr; }

CAIRN_DECL auto host::connections() const -> std::vector<connection_info> {
  auto out = std::vector<connection_info>{};
  for (auto const& c : state_->connections) {
    auto streams = std::vector<std::string>{};
    for (auto const& [id, s] : c->streams) streams.push_back(s->protocol);
    out.push_back({c->remote(), c->remote_address, c->dialed, std::string{c->security()}, std::move(streams), c->since, c->identified, c->round_trip()});
  }
  return out;
}

CAIRN_DECL void host::disconnect(peer_id const& peer) {
  while (auto const c = state_->find(peer)) c->end(error::message("libp2p", "disconnected"));
}

CAIRN_DECL auto host::disconnect(peer_id const& peer, multiaddr const& address) -> bool {
  auto const all = state_->connections;
  auto found = false;
  for (auto const& c : all) {
    if (c->is_over() || c->remote() != peer || c->remote_address != address) continue;
    found = true;
    c->end(error::message("libp2p", "disconnected"));
  }
  return found;
}

CAIRN_DECL void host::close() {
  if (std::exchange(state_->closed, true)) return;
  auto ignored = boost::system::error_code{};
  for (auto const& a : state_->acceptors) a->close(ignored);
  auto const why = error::message("libp2p", "the host is closed");
  for (auto const& w : state_->shaking)
    if (auto const c = w.lock()) c->end(why);
  auto const all = state_->connections;
  for (auto const& c : all) c->end(why);
  for (auto const& e : state_->endpoints) e->close();
  state_->peer_watchers.clear();
  state_->ticking.notify();
}

CAIRN_DECL auto host::alive() const -> std::size_t { return state_->running + state_->connections.size(); }

}  // namespace cairn::libp2p
