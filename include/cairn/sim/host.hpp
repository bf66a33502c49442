#pragma once

#include <cairn/libp2p/host_options.hpp>
#include <cairn/sim/connection.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cairn::sim {

/// A peer among peers at a place of a simulated network: Noise and yamux, identify and ping answered, the bounds of the daemon's host.
class host {
public:
  using handler = std::function<void(std::shared_ptr<stream>)>;

  /// Listens at once. Its identity is that place's, and stays when it is made anew after a crash.
  CAIRN_DECL host(network& of, place at, libp2p::host_options options = {});
  host(host const&) = delete;
  CAIRN_DECL ~host();

  auto id() const -> peer_id const& { return id_; }
  auto at() const -> place { return at_; }
  auto of_world() const -> world& { return network_.of_world(); }
  auto options() const -> libp2p::host_options const& { return options_; }

  /// Streams of that protocol go to the handler; it replaces the one that was there.
  CAIRN_DECL void handle(std::string protocol, handler h);
  CAIRN_DECL auto protocols() const -> std::vector<std::string>;
  /// Called when the first connection to a peer is there, and when the last one is gone.
  void on_peer(std::function<void(peer_id const&, bool connected)> f) { watchers_.push_back(std::move(f)); }

  /// A connection to that peer that is there is used.
  CAIRN_DECL void dial(place to, std::optional<peer_id> expected, duration at_most, std::function<void(io_result<peer_id>)> then);
  /// A stream on the connection to `peer`.
  CAIRN_DECL void open(peer_id const& peer, std::vector<std::string> protocols, connection::opened then);
  CAIRN_DECL void disconnect(peer_id const& peer);

  CAIRN_DECL auto find(peer_id const& peer) const -> std::shared_ptr<connection>;
  auto connections() const -> std::vector<std::shared_ptr<connection>> const& { return connections_; }
  /// Connections that are not proven yet.
  auto shaking_count() const -> std::size_t { return shaking_.size(); }
  /// Octets that are counted against the bound of memory.
  auto memory_used() const -> std::uint64_t { return memory_.used; }
  auto stream_count() const -> std::size_t {
    auto n = 0uz;
    for (auto const& c : connections_) n += c->stream_count();
    return n;
  }
  /// Why connections ended, and how many for each reason.
  auto ends() const -> std::map<std::string, std::size_t> const& { return ends_; }

private:
  friend class connection;
  friend class stream;
  void accept(std::shared_ptr<wire> w);
  void proven(std::shared_ptr<connection> const& c);
  void lost(connection& c);
  void tick();
  void identify(std::shared_ptr<connection> const& c);
  void answer_identify(std::shared_ptr<stream> const& s);
  void answer_pings(std::shared_ptr<stream> const& s);
  void take_push(std::shared_ptr<stream> const& s);
  auto describe() -> identify_info const&;
  void expire(std::weak_ptr<connection> c, duration d);

  network& network_;
  place at_;
  seeded_random random_;
  private_key identity_;
  peer_id id_;
  libp2p::host_options options_;
  noise_identity noise_;
  libp2p::resource memory_{};
  std::map<std::string, std::pair<libp2p::resource, libp2p::resource>> stream_use_{};
  std::vector<std::pair<std::string, handler>> handlers_{};
  std::vector<std::function<void(peer_id const&, bool)>> watchers_{};
  std::vector<std::shared_ptr<connection>> connections_{}, shaking_{};
  std::map<connection const*, std::function<void(io_result<peer_id>)>> dialing_{};
  std::optional<identify_info> said_{};
  std::uint64_t ticks_ = 0;
  std::map<std::string, std::size_t> ends_{};
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace cairn::sim

#if CAIRN_HEADER_ONLY
#  include <cairn/sim/impl/connection.ipp>
#  include <cairn/sim/impl/host.ipp>
#endif
