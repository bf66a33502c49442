#pragma once

#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/libp2p/envelope.hpp>
#include <cairn/sim/host.hpp>
#include <cairn/sim/impl/connection.ipp>

#include <algorithm>
#include <utility>

namespace cairn::sim {
namespace detail {

inline auto identity_from(seeded_random& random) -> private_key {
  auto seed = bytes(32);
  random(seed);
  return *private_key::of_ed25519_seed(seed);
}
inline auto noise_of(private_key const& identity, seeded_random& random) -> noise_identity {
  auto const muxers = noise_extensions{{}, {std::string{yamux::protocol_id}}};
  return *noise_identity::make(identity, random_source{random}, muxers);
}
inline auto address_of(place p) -> multiaddr {
  auto const text = "/ip4/10." + std::to_string(p >> 16 & 255) + "." + std::to_string(p >> 8 & 255) + "." + std::to_string(p & 255) + "/tcp/4001";
  return parse_multiaddr(text).value_or(multiaddr{});
}

// Writes all of it as there is room, then closes.
inline void send_and_close(std::shared_ptr<stream> const& s, byte_queue out) {
  auto const rest = std::make_shared<byte_queue>(std::move(out));
  auto go = [rest, s = s.get()] {
    rest->consume(s->write(rest->view()));
    if (rest->empty()) s->close();
    s->consume(s->in().size());
  };
  go();
  if (!rest->empty()) s->on_event = std::move(go);
}

// One that is still there after that time is reset.
inline void reset_after(world& w, std::shared_ptr<stream> const& s, duration d) {
  w.after(d, [weak = std::weak_ptr{s}] {
    if (auto const late = weak.lock()) late->reset();
  });
}

}  // namespace detail

CAIRN_DECL host::host(network& of, place at, libp2p::host_options options)
    : network_{of}, at_{at}, random_{of.of_world().random_of(at)}, identity_{detail::identity_from(random_)}, id_{peer_id::of(identity_.public_part())},
      options_{std::move(options)}, noise_{detail::noise_of(identity_, random_)} {
  memory_.limit = options_.limits.memory;
  handle(std::string{identify_info::protocol_id}, [this](auto const& s) { answer_identify(s); });
  handle(std::string{identify_info::push_protocol_id}, [this](auto const& s) { take_push(s); });
  handle(std::string{ping_protocol::protocol_id}, [this](auto const& s) { answer_pings(s); });
  of.listen(at, [this](std::shared_ptr<wire> w) { accept(std::move(w)); });
  ticks_ = of.every_second([this] { tick(); });
}

CAIRN_DECL host::~host() {
  network_.listen(at_, {});
  network_.no_more(ticks_);
  watchers_.clear();
  alive_.reset();
  auto const why = error::message("libp2p", "the host is closed");
  for (auto const& all : {shaking_, connections_})
    for (auto const& c : all) c->end(why);
}

CAIRN_DECL void host::handle(std::string protocol, handler h) {
  said_.reset();
  for (auto& [name, old] : handlers_)
    if (name == protocol) {
      old = std::move(h);
      return;
    }
  handlers_.emplace_back(std::move(protocol), std::move(h));
}

CAIRN_DECL auto host::protocols() const -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  for (auto const& [name, h] : handlers_) out.push_back(name);
  return out;
}

CAIRN_DECL auto host::find(peer_id const& peer) const -> std::shared_ptr<connection> {
  for (auto const& c : connections_)
    if (!c->is_over() && c->remote() == peer) return c;
  return nullptr;
}

inline void host::tick() {
  for (auto i = 0uz; i < connections_.size();) {
    auto const c = connections_[i];
    if (!c->is_over()) c->tick();
    if (i < connections_.size() && connections_[i] == c) ++i;  // else it is over, and the next is in its place
  }
}

inline void host::expire(std::weak_ptr<connection> weak, duration d) {
  of_world().after(d, [weak = std::move(weak)] {
    auto const c = weak.lock();
    if (c && !c->remote_) c->end(error::message("libp2p", "the deadline has passed"));
  });
}

inline void host::accept(std::shared_ptr<wire> w) {
  auto const inbound = std::ranges::count_if(connections_, [](auto const& c) { return !c->is_dialed(); });
  auto const shaking = shaking_.size() + 1;
  auto fits = static_cast<std::size_t>(inbound) < options_.max_connections && shaking <= options_.max_handshakes &&
              shaking * libp2p::resource_limits::connection_memory <= options_.limits.transient_memory && shaking <= options_.limits.transient_descriptors;
  auto const c = std::make_shared<connection>(*this, w, false, std::nullopt);
  fits = fits && c->memory_.grow(libp2p::resource_limits::connection_memory);
  if (!fits) return w->close();
  shaking_.push_back(c);
  c->start();
  expire(c, options_.handshake_time);
}

CAIRN_DECL void host::dial(place to, std::optional<peer_id> expected, duration at_most, std::function<void(io_result<peer_id>)> then) {
  if (expected && find(*expected)) return then(*expected);
  auto const done = std::make_shared<std::function<void(io_result<peer_id>)>>(std::move(then));
  auto const tell = [done](io_result<peer_id> r) {
    if (auto const f = std::exchange(*done, {})) f(std::move(r));
  };
  of_world().after(at_most, [tell] { tell(std::unexpected(error::message("libp2p", "the deadline has passed").during("dialing"))); });
  network_.dial(at_, to, [this, alive = std::weak_ptr{alive_}, done, tell, expected, at_most](std::shared_ptr<wire> w) {
    if (alive.expired() || !*done) return w ? w->close() : void();
    if (!w) return tell(std::unexpected(error::message("libp2p", "Connection refused").during("dialing")));
    auto const c = std::make_shared<connection>(*this, w, true, expected);
    if (!c->memory_.grow(libp2p::resource_limits::connection_memory)) {
      w->close();
      return tell(std::unexpected(error::message("libp2p", "system: cannot reserve outbound connection: resource limit exceeded")));
    }
    dialing_[c.get()] = tell;
    shaking_.push_back(c);
    c->start();
    expire(c, at_most);
  });
}

CAIRN_DECL void host::open(peer_id const& peer, std::vector<std::string> protocols, connection::opened then) {
  auto const c = find(peer);
  if (!c) return then(std::unexpected(error::message("libp2p", "not connected to the peer").about(to_string(peer))));
  c->open(std::move(protocols), std::move(then));
}

CAIRN_DECL void host::disconnect(peer_id const& peer) {
  while (auto const c = find(peer)) c->end(error::message("libp2p", "disconnected"));
}

inline void host::proven(std::shared_ptr<connection> const& c) {
  std::erase(shaking_, c);
  auto const of_peer = std::ranges::count_if(connections_, [&](auto const& o) { return o->remote() == c->remote(); });
  if (!c->is_dialed() && static_cast<std::size_t>(of_peer) >= options_.max_of_peer) return c->end(error::message("libp2p", "too many connections of one peer"));
  connections_.push_back(c);
  auto const then = dialing_.extract(c.get());
  if (of_peer == 0)
    for (auto const& f : watchers_) f(c->remote(), true);
  identify(c);
  if (then) then.mapped()(c->remote());
}

inline void host::lost(connection& c) {
  ++ends_[std::string{c.why().clause()}];
  auto const keep = c.shared_from_this();
  std::erase(shaking_, keep);
  auto const was_there = std::erase(connections_, keep) != 0;
  if (was_there && !find(c.remote()))
    for (auto const& f : watchers_) f(c.remote(), false);
  if (auto const then = dialing_.extract(&c)) then.mapped()(std::unexpected(c.why()));
}

inline auto host::describe() -> identify_info const& {
  if (said_) return *said_;
  auto& info = said_.emplace();
  info.public_key = encode_libp2p_key(identity_.public_part());
  info.listen_addresses = {detail::address_of(at_)};
  info.protocols = protocols();
  info.protocol_version = options_.protocol_version;
  info.agent_version = options_.agent_version;
  if (auto record = seal_peer_record(identity_, 1, info.listen_addresses)) info.signed_record = *std::move(record);
  return info;
}

inline void host::answer_identify(std::shared_ptr<stream> const& s) {
  auto info = describe();
  if (auto const c = find(s->remote())) info.observed_address = detail::address_of(c->place_of_remote());
  auto out = byte_queue{};
  append_identify(out, info);
  detail::reset_after(of_world(), s, options_.negotiation_time);
  detail::send_and_close(s, std::move(out));
}

namespace detail {
// Reads a stream of identify messages to its end.
inline void read_identify(std::shared_ptr<stream> const& s, public_key proven, std::function<void(result<identify_info, identify_errc>)> then) {
  auto const reader = std::make_shared<identify_reader>();
  s->on_event = [s = s.get(), reader, proven = std::move(proven), then = std::move(then)] {
    if (s->is_gone()) return;
    auto const taken = reader->resume(s->in());
    if (!taken) {
      s->reset();
      return then(std::unexpected(taken.error()));
    }
    s->consume(*taken);
    if (!s->is_ended()) return;
    auto info = reader->finish(s->in().size(), proven);
    s->close();
    then(std::move(info));
  };
}
}  // namespace detail

inline void host::identify(std::shared_ptr<connection> const& c) {
  c->open({std::string{identify_info::protocol_id}}, [this, alive = std::weak_ptr{alive_}, weak = std::weak_ptr{c}](io_result<std::shared_ptr<stream>> s) {
    auto const c = weak.lock();
    if (!s || !c || alive.expired()) return;
    detail::reset_after(of_world(), *s, options_.negotiation_time);
    detail::read_identify(*s, c->remote_key(), [weak](result<identify_info, identify_errc> info) {
      auto const c = weak.lock();
      if (!c || c->is_over()) return;
      if (info) c->identified = *std::move(info);
      else if (info.error() == identify_errc::wrong_key) c->end(error{info.error()});
    });
  });
}

inline void host::take_push(std::shared_ptr<stream> const& s) {
  auto const c = find(s->remote());
  if (!c) return s->reset();
  detail::reset_after(of_world(), s, options_.negotiation_time);
  detail::read_identify(s, c->remote_key(), [weak = std::weak_ptr{c}](result<identify_info, identify_errc> info) {
    auto const c = weak.lock();
    if (!info || !c || !c->identified) return;
    // what is absent did not change (IX-19)
    if (!info->protocols.empty()) c->identified->protocols = info->protocols;
    if (!info->listen_addresses.empty()) c->identified->listen_addresses = info->listen_addresses;
    if (info->signed_record) c->identified->signed_record = info->signed_record;
  });
}

inline void host::answer_pings(std::shared_ptr<stream> const& s) {
  auto const out = std::make_shared<byte_queue>();
  s->on_event = [s = s.get(), out] {
    if (s->is_gone()) return;
    s->consume(ping_protocol::answer(s->in(), *out));
    out->consume(s->write(out->view()));
    if (s->is_ended() && out->empty()) s->close();
  };
}

}  // namespace cairn::sim
