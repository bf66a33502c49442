#pragma once

#include <cairn/core/try.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/libp2p/pnet.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/repo/config.hpp>
#include <cairn/service/impl/swarm_node.hpp>
#include <cairn/service/version.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <pthread.h>
#include <sstream>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn::service {
namespace detail {

inline swarm_node::swarm_node(core_state& state, node_log& log) : state_{state}, log_{log} {}
inline swarm_node::~swarm_node() { close(); }

inline void swarm_node::say(log_level level, std::string const& line) {
  timespec t{};
  ::clock_gettime(CLOCK_REALTIME, &t);
  log_.note("swarm", level, t.tv_sec * 1'000'000'000 + t.tv_nsec, line);
}

// The key of a private network: the file of the repo, where there is one.
inline auto swarm_key_of(std::string const& folder) -> io_result<std::optional<secret_bytes>> {
  auto file = std::ifstream{folder + "/swarm.key"};
  if (!file) {
    auto const* forced = std::getenv("LIBP2P_FORCE_PNET");
    if (forced && std::string_view{forced} == "1") return std::unexpected(error::message("network", "privnet: private network was not configured but is enforced by the environment"));
    return std::optional<secret_bytes>{};
  }
  auto text = std::stringstream{};
  text << file.rdbuf();
  auto key = parse_swarm_key(text.str());
  if (!key) return std::unexpected(error::message("network", "failed to configure private network: " + std::string{describe(key.error())}));
  return std::optional<secret_bytes>{*std::move(key)};
}

// The secure channels that the config leaves on; that of the smallest number is asked for first.
inline auto security_of(ipld::node const& config) -> std::vector<std::string> {
  auto found = std::vector<std::pair<std::int64_t, std::string>>{};
  auto const look = [&](std::string_view key, std::int64_t number, std::string_view name) {
    if (flag_of(config, key, true)) found.emplace_back(number_of(config, key, number), name);
  };
  look("Swarm.Transports.Security.TLS", 100, "/tls/1.0.0");
  look("Swarm.Transports.Security.Noise", 200, "/noise");
  std::sort(found.begin(), found.end());
  auto out = std::vector<std::string>{};
  for (auto& [number, name] : found) out.push_back(std::move(name));
  return out;
}

inline auto swarm_node::start(private_key identity) -> io_result<void> {
  auto const config = state_.config();
  auto options = libp2p::host_options{};
  CAIRN_TRY(options.swarm_key, swarm_key_of(state_.opened().folder()));
  auto const is_private = options.swarm_key.has_value();
  agent_ = "kubo/" + std::string{kubo_version} + "/" + std::string{commit_name};
  if (auto const* suffix = find_config(*config, "Version.AgentSuffix"); suffix && suffix->as_string() && !suffix->as_string()->empty()) agent_ += "/" + *suffix->as_string();
  options.agent_version = agent_;
  options.security = security_of(*config);
  options.counts_traffic = counts_ = !flag_of(*config, "Swarm.DisableBandwidthMetrics", false);
  auto const whole = [](std::int64_t n) { return static_cast<std::size_t>(std::max<std::int64_t>(n, 0)); };
  low_water_ = whole(number_of(*config, "Swarm.ConnMgr.LowWater", 32));
  high_water_ = whole(number_of(*config, "Swarm.ConnMgr.HighWater", 96));
  grace_ = duration_of(*config, "Swarm.ConnMgr.GracePeriod", std::chrono::seconds{20});
  if (auto const* type = find_config(*config, "Swarm.ConnMgr.Type"); type && type->as_string()) trims_ = *type->as_string() != "none";
  resources_ = resource_rules::of(*config, high_water_);
  options.limits = resources_.limits();
  options.max_connections = resources_.inbound;
  for (auto const& t : texts_of(*config, "Swarm.ResourceMgr.Allowlist"))
    if (auto a = allowed_peers::parse(t)) options.favours = [next = std::move(options.favours), a = *std::move(a)](multiaddr const& from, peer_id const* peer) {
      return (a.where.holds(from) && (!peer || !a.who || *a.who == *peer)) || (next && next(from, peer));
    };
  if (resources_.on) options.max_handshakes = std::max<std::size_t>(1, resources_.transient_inbound);
  announce_ = announce_rules::of(*config);
  filters_ = filters_of(texts_of(*config, "Swarm.AddrFilters"));
  options.announce = [this](std::vector<multiaddr> const& listening) { return announce_.apply(listening); };
  options.may_connect = [this](multiaddr const& a) { return std::none_of(filters_.begin(), filters_.end(), [&](address_filter const& f) { return f.holds(a); }); };
  for (auto& [id, addresses] : peering_of(*config)) peering_[id].addresses = std::move(addresses);
  for (auto& [id, addresses] : peers_of(texts_of(*config, "Bootstrap"))) bootstrap_[id].addresses = std::move(addresses);

  CAIRN_TRY(auto made, libp2p::host::make(loop_.get_executor(), std::move(identity), std::move(options)));
  host_.emplace(std::move(made));
  auto exchange = libp2p::bitswap_options{};
  exchange.client.want_window = read_ahead::most_ahead;  // all that one work asks for ahead, so that it asks for many at once
  exchange.server.may_have = [this](peer_id const&, cid const& id) {
    auto const rules = state_.node->denylists.current(state_.opened().folder());
    return rules && ((*rules)->empty() || !(*rules)->blocks(id));
  };
  host_->on_peer([this](peer_id const& id, bool there) {
    there ? ++peers_ : --peers_;
    if (!there)
      if (auto const at = peering_.find(id); at != peering_.end()) at->second.next = clock::now() + std::chrono::seconds{1};
  });
  bitswap_.emplace(*host_, state_.blocks(), std::move(exchange), work_.get_executor());
  CAIRN_TRY(listen(*config));
  if (flag_of(*config, "Discovery.MDNS.Enabled", false)) look_around();
  // a private network says nothing outside of it
  if (is_private) gateways_.emplace();
  else gateways_.emplace(*config, [this](addressed_peer const& p) {
    boost::asio::post(loop_, [this, p] { found_peer(p.first, p.second); });
  });
  if (is_private) greeting_.insert(greeting_.begin(), "Swarm is limited to private network of peers with the swarm key");
  boost::asio::co_spawn(loop_, [this] { return housekeeping(); }, boost::asio::detached);
  thread_ = std::thread{[this] {
    ::pthread_setname_np(::pthread_self(), "network");
    loop_.run();
  }};
  return {};
}

inline auto swarm_node::listen(ipld::node const& config) -> io_result<void> {
  auto const texts = texts_of(config, "Addresses.Swarm");
  auto const tcp = flag_of(config, "Swarm.Transports.Network.TCP", true), web = flag_of(config, "Swarm.Transports.Network.Websocket", true),
             quic = flag_of(config, "Swarm.Transports.Network.QUIC", true);
  auto not_yet = std::string{}, failures = std::string{};
  for (auto const& text : texts) {
    auto const a = parse_multiaddr(text);
    if (!a) return std::unexpected(error::message("network", "failure to parse config setting Addresses.Swarm: " + go_quoted(text) + ": " + std::string{describe(a.error())}));
    auto const last = std::string_view{text}.substr(text.rfind('/') + 1);
    auto const is_web = last == "ws" || last == "wss", is_tcp = a->find(6) && !is_web;
    if ((is_tcp && !tcp) || (is_web && !web) || (last == "quic-v1" && !quic)) continue;
    auto const at = host_->listen(*a);
    if (at) continue;
    if (at.error().clause() == "no transport for this address") not_yet += " " + text;
    else failures += "\n  * [" + text + "] " + to_string(at.error());
  }
  if (!not_yet.empty()) say(log_level::warn, "no transport for these addresses of Addresses.Swarm:" + not_yet);
  if (!failures.empty()) {
    if (host_->listen_addresses().empty()) return std::unexpected(error::message("network", "failed to listen on any addresses: [" + failures + "]"));
    say(log_level::error, "failed to listen on some addresses:" + failures);
  }
  for (auto const& place : places_of(of_interfaces(host_->listen_addresses()))) greeting_.push_back("Swarm listening on " + place);
  greeting_.push_back("Run 'ipfs id' to inspect announced and discovered multiaddrs of this node.");
  return {};
}

inline void swarm_node::close() {
  if (closed_.exchange(true)) return;
  boost::asio::post(loop_, [this] {
    ticking_.cancel();
    if (discovery_) discovery_->close();
    if (bitswap_) bitswap_->close();
    if (host_) host_->close();
    open_.reset();
    // what still runs has a closed host; it ends in its next step
    auto const last = std::make_shared<boost::asio::steady_timer>(loop_, std::chrono::milliseconds{200});
    last->async_wait([this, last](auto) { loop_.stop(); });
  });
  if (thread_.joinable()) thread_.join();
  work_.join();
}

inline auto swarm_node::is_connected(peer_id const& id) const -> bool { return host_->is_connected(id); }

// Why an address could not be dialled, in Kubo's words.
inline auto dial_sentence(peer_id const& to, multiaddr const& address, error const& e) -> std::string {
  constexpr auto other = std::string_view{"the remote key matches "};
  if (e.advice().starts_with(other)) return "failed to negotiate security protocol: peer id mismatch: expected " + to_string(to) + ", but remote key matches " + e.advice().substr(other.size());
  auto clause = std::string{e.clause()};
  if (e.phase() == "dialing") {
    if (!clause.empty()) clause[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(clause[0])));
    auto host = std::string{}, port = std::string{}, kind = std::string{"tcp"};
    for (auto const& c : address) {
      if (c.name() == "tcp" || c.name() == "udp") port = c.text();
      else if (host.empty()) host = c.name() == "ip6" ? "[" + c.text() + "]" : c.text(), kind += c.name() == "ip4" ? "4" : c.name() == "ip6" ? "6" : "";
    }
    if (clause == "the deadline has passed") return "dial " + kind + " " + host + ":" + port + ": i/o timeout";
    return "dial " + kind + " " + host + ":" + port + ": connect: " + clause;
  }
  if (clause == "no transport for this address") return "no transport for protocol";
  if (e.phase().empty()) return clause;
  return "failed to negotiate security protocol: " + clause;
}

// One address after the other. `patient`: a person asks, addresses that failed lately are tried too.
inline auto swarm_node::dial_any(addressed_peer to, bool patient) -> libp2p::task<void> {
  auto const& [id, given] = to;
  if (is_connected(id)) co_return io_result<void>{};
  auto const name = to_string(id);
  if (id == host_->id()) co_return std::unexpected(error::message("network", "failed to dial: dial to self attempted"));
  auto addresses = given;
  for (auto& a : book_.of(id))
    if (std::find(addresses.begin(), addresses.end(), a) == addresses.end()) addresses.push_back(std::move(a));
  if (addresses.empty()) co_return std::unexpected(error::message("network", "routing: not found"));
  auto why = std::string{};
  auto tried = false;
  for (auto const& a : addresses) {
    auto const line = "\n  * [" + to_string(a) + "] ";
    if (auto const at = backs_.find(a); !patient && at != backs_.end() && clock::now() < at->second.until) {
      why += line + "dial backoff";
      tried = true;
      continue;
    }
    auto const whole = parse_multiaddr(with_peer(a, id));
    if (!whole) continue;
    auto const done = co_await host_->dial(*whole, libp2p::within(std::chrono::seconds{15}));
    if (done) {
      backs_.erase(a);
      co_return io_result<void>{};
    }
    why += line + dial_sentence(id, a, done.error());
    if (done.error().clause() == "no transport for this address") continue;
    tried = true;
    if (backs_.size() >= 1024) backs_.clear();
    auto& back = backs_[a];
    back.failures = std::min(back.failures + 1, 16u);
    back.until = clock::now() + std::min<std::chrono::seconds>(std::chrono::seconds{5 + back.failures * back.failures}, std::chrono::minutes{5});
  }
  co_return std::unexpected(error::message("network", "failed to dial: failed to dial " + name + (tried ? ": all dials failed" : ": no good addresses") + why));
}

// Peering: a peer that is kept is dialled again, more and more seldom, for as long as it is kept.
inline auto swarm_node::keep(peer_id id) -> boost::asio::awaitable<void> {
  auto const at = peering_.find(id);
  if (at == peering_.end()) co_return;
  at->second.dialing = true;
  auto to = addressed_peer{id, at->second.addresses};
  auto const done = co_await dial_any(std::move(to), true);
  auto const now = peering_.find(id);
  if (now == peering_.end()) co_return;
  auto& kept = now->second;
  kept.dialing = false;
  if (done) {
    kept.pause = std::chrono::seconds{5};
  } else {
    kept.pause = std::min<std::chrono::seconds>(kept.pause * 2, std::chrono::minutes{10});
    if (kept.pause == std::chrono::seconds{10}) say(log_level::warn, "peering: " + to_string(done.error()));
  }
  kept.next = clock::now() + kept.pause;
}

inline void swarm_node::look_after_peers() {
  auto const now = clock::now();
  for (auto& [id, kept] : peering_)
    if (!kept.dialing && now >= kept.next && !is_connected(id)) {
      kept.dialing = true;
      boost::asio::co_spawn(loop_, [this, id = id] { return keep(id); }, boost::asio::detached);
    }
  if (peers_ >= 4) return;  // Kubo's least number of peers
  for (auto& [id, kept] : bootstrap_) {
    if (kept.dialing || now < kept.next || is_connected(id)) continue;
    kept.next = now + std::chrono::seconds{30};
    auto const dial = [this, to = addressed_peer{id, kept.addresses}]() -> boost::asio::awaitable<void> {
      auto own = to;
      (void)co_await dial_any(std::move(own), false);
    };
    boost::asio::co_spawn(loop_, dial, boost::asio::detached);
  }
}

inline void swarm_node::look_around() {
  auto opened = libp2p::mdns_discovery::open(*host_, {}, [this](peer_id const& id, multiaddr const& place) { found_peer(id, {place}); });
  if (opened) discovery_.emplace(*std::move(opened));
  else say(log_level::error, "mdns error: " + to_string(opened.error()));
}

// A peer of the link, or one that a router names: it is dialled once, and left alone for a while whether that went well or not.
inline void swarm_node::found_peer(peer_id const& id, std::vector<multiaddr> const& places) {
  if (closed_ || is_connected(id)) return;
  book_.add(id, places);
  auto const now = clock::now();
  std::erase_if(near_, [&](auto const& e) { return e.second <= now; });
  if (near_.size() >= 64 || !near_.emplace(id, now + std::chrono::seconds{30}).second) return;
  auto const dial = [this, to = addressed_peer{id, {}}]() -> boost::asio::awaitable<void> {
    auto own = to;
    (void)co_await dial_any(std::move(own), false);
  };
  // later: its other addresses stand behind this one
  boost::asio::post(loop_, [this, dial] { boost::asio::co_spawn(loop_, dial, boost::asio::detached); });
}

// Above the high water, those that are worth least go: not kept ones, not young ones, those with most exchanged last.
inline void swarm_node::trim_connections() {
  auto all = host_->connections();
  if (!trims_ || all.size() <= high_water_) return;
  auto const young = clock::now() - grace_;
  auto worth = std::vector<std::pair<std::uint64_t, peer_id>>{};
  for (auto const& c : all) {
    if (peering_.contains(c.remote) || c.since > young) continue;
    auto const l = bitswap_->ledger(c.remote);
    worth.emplace_back(l.bytes_received + l.bytes_sent, c.remote);
  }
  std::sort(worth.begin(), worth.end());
  auto left = all.size() - low_water_;
  for (auto const& [value, id] : worth) {
    if (left-- == 0) break;
    host_->disconnect(id);
  }
  say(log_level::info, "connections above Swarm.ConnMgr.HighWater: trimmed to " + std::to_string(host_->connections().size()));
}

inline void swarm_node::tick_meters() {
  all_.tick(host_->traffic());
  for (auto& [id, m] : peer_meters_) m.tick(host_->traffic_of(id));
  for (auto& [name, m] : protocol_meters_) m.tick(host_->traffic_of(name));
  if (peer_meters_.size() > 2 * high_water_ + 800) peer_meters_.clear();
}

inline auto swarm_node::housekeeping() -> boost::asio::awaitable<void> {
  while (!closed_) {
    look_after_peers();
    if (counts_) tick_meters();
    for (auto const& c : host_->connections()) {
      if (c.identified) book_.add(c.remote, c.identified->listen_addresses);
      if (counts_ && !peer_meters_.contains(c.remote)) peer_meters_[c.remote].last = host_->traffic_of(c.remote);
    }
    if (++ticks_ % 10 == 0) trim_connections();
    auto ec = boost::system::error_code{};
    ticking_.expires_after(std::chrono::seconds{1});
    co_await ticking_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
  }
}

struct core_access {
  static auto state(core_api& node) -> core_state& { return *node.state_; }
};

}  // namespace detail

CAIRN_DECL auto open_network(core_api& node, node_log& log) -> io_result<std::shared_ptr<node_network>> {
  auto& state = detail::core_access::state(node);
  CAIRN_TRY(auto identity, read_identity(*state.config()));
  auto made = std::make_shared<detail::swarm_node>(state, log);
  CAIRN_TRY(made->start(std::move(identity)));
  return std::shared_ptr<node_network>{std::move(made)};
}

}  // namespace cairn::service
