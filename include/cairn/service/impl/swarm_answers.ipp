#pragma once
// What commands ask of the network: each question goes to the network's thread and is answered from there.

#include <cairn/service/impl/swarm_node.ipp>

namespace cairn::service::detail {

inline auto swarm_node::facts_of_peer(peer_id const& id, identify_info const& info) const -> peer_facts {
  auto out = peer_facts{.id = id, .public_key = {}, .addresses = {}, .agent = info.agent_version.value_or(""), .protocols = info.protocols};
  out.public_key = encode_base(multibase::base64pad, info.public_key.value_or(bytes{}));
  for (auto const& a : info.listen_addresses) out.addresses.push_back(with_peer(a, id));
  std::sort(out.addresses.begin(), out.addresses.end());
  std::sort(out.protocols.begin(), out.protocols.end());
  return out;
}

inline auto swarm_node::self() -> peer_facts {
  auto const done = ask_loop(loop_, [this] {
    auto info = identify_info{};
    info.listen_addresses = host_->announced_addresses();
    info.protocols = host_->protocols();
    info.agent_version = agent_;
    return facts_of_peer(host_->id(), info);
  });
  return done.value_or(peer_facts{.id = host_->id()});
}

inline auto swarm_node::listen_addresses() -> std::vector<multiaddr> {
  return ask_loop(loop_, [this] { return of_interfaces(host_->listen_addresses()); }).value_or(std::vector<multiaddr>{});
}
inline auto swarm_node::local_addresses() -> std::vector<multiaddr> {
  return ask_loop(loop_, [this] { return host_->announced_addresses(); }).value_or(std::vector<multiaddr>{});
}

inline auto swarm_node::connections() -> std::vector<swarm_connection> {
  return ask_loop(loop_, [this] {
    auto out = std::vector<swarm_connection>{};
    for (auto& c : host_->connections()) {
      auto one = swarm_connection{.id = c.remote, .address = c.remote_address, .dialed = c.dialed, .latency = c.round_trip ? std::optional{c.round_trip->count()} : std::nullopt, .streams = std::move(c.streams), .identified = {}};
      if (c.identified) one.identified = facts_of_peer(c.remote, *c.identified);
      out.push_back(std::move(one));
    }
    return out;
  }).value_or(std::vector<swarm_connection>{});
}

inline auto swarm_node::known_addresses() -> std::vector<addressed_peer> {
  return ask_loop(loop_, [this] {
    auto out = std::vector<addressed_peer>{};
    auto const add = [&](peer_id const& id, std::vector<multiaddr> addresses) {
      if (std::any_of(out.begin(), out.end(), [&](auto const& p) { return p.first == id; })) return;
      std::sort(addresses.begin(), addresses.end(), [](auto const& a, auto const& b) { return to_string(a) < to_string(b); });
      out.emplace_back(id, std::move(addresses));
    };
    add(host_->id(), host_->announced_addresses());
    for (auto const& c : host_->connections()) add(c.remote, c.identified ? c.identified->listen_addresses : std::vector{c.remote_address});
    return out;
  }).value_or(std::vector<addressed_peer>{});
}

inline auto swarm_node::knows(peer_id const& peer) -> bool {
  return ask_loop(loop_, [this, peer] { return is_connected(peer) || !book_.of(peer).empty(); }).value_or(false);
}

inline auto swarm_node::connect(addressed_peer const& to, cancel_check const& cancelled) -> io_result<void> {
  return await_loop(loop_, [this, to] { return dial_any(to, true); }, cancelled);
}

inline auto swarm_node::disconnect(peer_id const& peer, std::optional<multiaddr> const& address) -> io_result<void> {
  auto const done = ask_loop(loop_, [this, peer, address]() -> io_result<void> {
    if (address && !host_->disconnect(peer, *address)) return std::unexpected(error::message("network", "conn not found"));
    if (address) return {};
    if (!host_->is_connected(peer)) return std::unexpected(error::message("network", "not connected"));
    host_->disconnect(peer);
    return {};
  });
  return done.value_or(std::unexpected(error::message("network", "canceled")));
}

inline auto swarm_node::ping(peer_id const& peer, cancel_check const& cancelled) -> io_result<std::int64_t> {
  CAIRN_TRY(auto const time, await_loop(loop_, [this, peer] { return host_->ping(peer, libp2p::within(std::chrono::seconds{10})); }, cancelled));
  return time.count();
}

inline auto swarm_node::identify(peer_id const& peer, cancel_check const& cancelled) -> io_result<peer_facts> {
  for (auto const& c : connections())
    if (c.id == peer && c.identified) return *c.identified;
  CAIRN_TRY(connect({peer, {}}, cancelled));
  CAIRN_TRY(auto info, await_loop(loop_, [this, peer] { return host_->identify(peer, libp2p::within(std::chrono::seconds{10})); }, cancelled));
  return facts_of_peer(peer, info);
}

inline auto swarm_node::filters() -> std::vector<std::string> {
  return ask_loop(loop_, [this] {
    auto out = std::vector<std::string>{};
    for (auto const& f : filters_) out.push_back(f.text);
    return out;
  }).value_or(std::vector<std::string>{});
}

inline auto swarm_node::add_filter(std::string const& filter) -> io_result<void> {
  auto parsed = address_filter::parse(filter);
  if (!parsed) return std::unexpected(error::message("network", "invalid multiaddr-filter format"));
  (void)ask_loop(loop_, [this, f = *std::move(parsed)] {
    if (std::none_of(filters_.begin(), filters_.end(), [&](auto const& other) { return other.text == f.text; })) filters_.push_back(f);
    return true;
  });
  return {};
}

inline auto swarm_node::remove_filter(std::string const& filter) -> bool {
  return ask_loop(loop_, [this, filter] { return std::erase_if(filters_, [&](auto const& f) { return f.text == filter; }) != 0; }).value_or(false);
}

inline auto swarm_node::peering() -> std::vector<addressed_peer> {
  return ask_loop(loop_, [this] {
    auto out = std::vector<addressed_peer>{};
    for (auto const& [id, kept] : peering_) out.emplace_back(id, kept.addresses);
    return out;
  }).value_or(std::vector<addressed_peer>{});
}

inline void swarm_node::add_peering(addressed_peer const& peer) {
  (void)ask_loop(loop_, [this, peer] {
    auto& kept = peering_[peer.first];
    kept.addresses = peer.second;
    kept.next = {};
    look_after_peers();
    return true;
  });
}

inline void swarm_node::remove_peering(peer_id const& peer) {
  (void)ask_loop(loop_, [this, peer] { return peering_.erase(peer) != 0; });
}

inline auto swarm_node::resources() -> std::vector<resource_scope> {
  return ask_loop(loop_, [this] { return resources_.scopes(host_->usage()); }).value_or(std::vector<resource_scope>{});
}

inline auto swarm_node::traffic(std::optional<peer_id> const& peer, std::optional<std::string> const& protocol) -> io_result<traffic_sum> {
  if (!counts_) return std::unexpected(error::message("network", "bandwidth reporter disabled in config"));
  return ask_loop(loop_, [this, peer, protocol] {
    if (peer) {
      auto const t = host_->traffic_of(*peer);
      auto const at = peer_meters_.find(*peer);
      return at == peer_meters_.end() ? traffic_sum{t.in, t.out} : traffic_sum{t.in, t.out, at->second.in, at->second.out};
    }
    if (protocol) {
      auto const t = host_->traffic_of(*protocol);
      if (t.in + t.out == 0) return traffic_sum{};
      auto const& m = protocol_meters_[*protocol];
      return traffic_sum{t.in, t.out, m.in, m.out};
    }
    auto const t = host_->traffic();
    return traffic_sum{t.in, t.out, all_.in, all_.out};
  }).value_or(traffic_sum{});
}

// Blocks for one piece of work.
class bitswap_fetch final : public block_fetch {
public:
  bitswap_fetch(std::shared_ptr<swarm_node> node, std::shared_ptr<void> keep, blockstore_ref into) : owner_{std::move(node)}, node_{*owner_}, state_{std::make_shared<shared>(std::move(keep), into)} {}
  ~bitswap_fetch() override {
    boost::asio::post(node_.loop_, [state = state_] {
      if (state->session) state->session->cancel();
      state->session.reset();
    });
  }

  void want(std::span<cid const> soon) override {
    auto fresh = std::vector<cid>{};
    {
      auto const lock = std::lock_guard{state_->guard};
      if (state_->slots.size() > most_slots) {
        state_->let_go_all();
        std::erase_if(state_->slots, [](auto const& s) { return s.second.done && s.second.readers == 0; });
      }
      for (auto const& id : soon)
        if (state_->slots.try_emplace(id.hash()).second) fresh.push_back(id);
    }
    if (!fresh.empty()) ask(std::move(fresh));
  }

  auto expects(cid const& id) -> bool override {
    auto const lock = std::lock_guard{state_->guard};
    auto const at = state_->slots.find(id.hash());
    return at != state_->slots.end() && (!at->second.done || at->second.found);
  }

  auto get(cid const& id, cancel_check const& cancelled) -> io_result<block> override {
    for (;;) {
      want({&id, 1});
      auto lock = std::unique_lock{state_->guard};
      ++state_->slots[id.hash()].readers;
      auto const there = [&] { return state_->slots[id.hash()].done; };
      auto ended = false, came_otherwise = false;
      auto const begun = std::chrono::steady_clock::now();
      auto ask_others = begun + (node_.peers_ == 0 ? std::chrono::milliseconds{0} : head_start);
      while (!there() && !ended) {
        if (state_->came.wait_for(lock, std::chrono::milliseconds{50}, there)) break;
        lock.unlock();
        ended = node_.closed_ || (cancelled && cancelled());
        auto from_gateway = std::optional<block>{};
        came_otherwise = state_->into.has(id).value_or(false);  // by another way
        ended = ended || came_otherwise;
        if (!ended && node_.gateways_->is_on() && std::chrono::steady_clock::now() >= ask_others) {
          from_gateway = race(id, cancelled);
          ask_others = std::chrono::steady_clock::now() + pause;
        }
        lock.lock();
        if (from_gateway && !there()) {
          auto& s = state_->slots[id.hash()];
          s.done = true;
          state_->hold(s, *std::move(from_gateway));
        }
      }
      auto& slot = state_->slots[id.hash()];
      --slot.readers;
      slot.done = slot.done || came_otherwise;
      if (!slot.done) return std::unexpected(error::message("network", "canceled"));
      auto const failed = slot.failed;
      auto found = slot.found;
      if (slot.readers == 0) state_->let_go(slot);
      if (!failed && !found) state_->let_go_all();  // what is held was passed over
      lock.unlock();
      if (failed) return std::unexpected(*failed);
      if (found) return rename(id, *found);
      auto stored = state_->into.get(id);
      if (stored || !(stored.error() == block_errc::not_found)) return stored;
      lock.lock();
      state_->slots.erase(id.hash());  // it came and was removed since
    }
  }

private:
  static constexpr std::size_t most_slots = 1 << 14, most_held = 4 * limits::MiB;
  // before gateways are asked beside bitswap, and from one time to the next
  static constexpr auto head_start = std::chrono::milliseconds{500}, pause = std::chrono::milliseconds{10'000};

  // A gateway against bitswap: whichever gives the block first. It was checked before it is stored.
  auto race(cid const& id, cancel_check const& cancelled) -> std::optional<block> {
    auto const stop = [&] {
      if (node_.closed_ || (cancelled && cancelled())) return true;
      auto const lock = std::lock_guard{state_->guard};
      return state_->slots[id.hash()].done;
    };
    auto b = node_.gateways_->get(id, stop);
    if (!b || !state_->into.put(*b)) return std::nullopt;
    boost::asio::post(node_.loop_, [state = state_, &node = node_, id] {
      if (state->session) state->session->drop(id);
      if (!node.closed_) node.bitswap_->added(id);
    });
    return *std::move(b);
  }

  struct slot {
    bool done = false;
    unsigned readers = 0;
    std::optional<block> found{};  // for those who wait, or come soon; others read the store
    std::optional<error> failed{};
  };
  struct shared {
    shared(std::shared_ptr<void> k, blockstore_ref i) : keep{std::move(k)}, into{i} {}
    void hold(slot& s, block b) {
      let_go(s);
      held += b.data().size();
      s.found = std::move(b);
    }
    void let_go(slot& s) {
      if (s.found) held -= s.found->data().size();
      s.found.reset();
    }
    void let_go_all() {
      if (held == 0) return;
      for (auto& [hash, s] : slots)
        if (s.readers == 0) let_go(s);
    }
    std::shared_ptr<void> keep;  // outlives the store
    blockstore_ref into;
    std::mutex guard;
    std::condition_variable came;
    std::unordered_map<multihash, slot> slots;
    std::size_t held = 0;  // octets of blocks in slots
    std::optional<libp2p::bitswap_exchange::session> session;  // of the loop's thread
  };

  // the same multihash under another codec is the same content
  static auto rename(cid const& id, block const& b) -> block { return b.id() == id ? b : ::cairn::detail::block_access::make(id, b.share()); }

  void ask(std::vector<cid> ids) {
    boost::asio::post(node_.loop_, [state = state_, &node = node_, ids = std::move(ids)] {
      if (node.closed_) return;
      if (!state->session) {
        auto const weak = std::weak_ptr<shared>{state};
        auto const take = [weak](bitswap_client::outcome const& o, io_result<void> const& stored) {
          auto const to = weak.lock();
          if (!to) return;
          {
            auto const lock = std::lock_guard{to->guard};
            auto& s = to->slots[o.id.hash()];
            s.done = true;
            if (!stored) s.failed = stored.error();
            else if (s.readers != 0 || to->held < most_held) to->hold(s, *o.found);
          }
          to->came.notify_all();
        };
        state->session.emplace(node.bitswap_->open_session(state->keep, state->into, take));
      }
      for (auto const& id : ids) state->session->want(id, libp2p::deadline::max());
    });
  }

  std::shared_ptr<swarm_node> owner_;
  swarm_node& node_;
  std::shared_ptr<shared> state_;
};

inline auto swarm_node::open_fetch(std::shared_ptr<void> keep, blockstore_ref into) -> std::unique_ptr<block_fetch> {
  return std::make_unique<bitswap_fetch>(shared_from_this(), std::move(keep), into);
}

inline void swarm_node::stored(std::span<cid const> ids) {
  if (peers_ == 0 || closed_) return;
  boost::asio::post(loop_, [this, all = std::vector<cid>(ids.begin(), ids.end())] {
    for (auto const& id : all) bitswap_->added(id);
  });
}

inline auto swarm_node::exchange() -> exchange_sum {
  return ask_loop(loop_, [this] {
    auto const got = bitswap_->totals();
    auto const gave = bitswap_->served();
    return exchange_sum{.wants = bitswap_->wantlist(), .partners = bitswap_->partners(), .blocks_received = got.blocks + got.duplicates, .data_received = got.bytes + got.duplicate_bytes,
                        .duplicates = got.duplicates, .duplicate_data = got.duplicate_bytes, .messages_received = gave.messages_received, .blocks_sent = gave.blocks_sent,
                        .data_sent = gave.bytes_sent};
  }).value_or(exchange_sum{});
}

inline auto swarm_node::ledger(peer_id const& peer) -> peer_ledger {
  return ask_loop(loop_, [this, peer] {
    auto const l = bitswap_->ledger(peer);
    return peer_ledger{l.bytes_sent, l.bytes_received, l.blocks_sent + l.blocks_received};
  }).value_or(peer_ledger{});
}

inline auto swarm_node::wantlist_of(peer_id const& peer) -> std::vector<cid> {
  return ask_loop(loop_, [this, peer] {
    auto out = std::vector<cid>{};
    for (auto const& w : bitswap_->wantlist_of(peer)) out.push_back(w.id);
    return out;
  }).value_or(std::vector<cid>{});
}

}  // namespace cairn::service::detail
