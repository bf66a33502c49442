#pragma once

#include <cairn/exchange/bitswap/engine.hpp>
#include <cairn/exchange/dag_fetch.hpp>
#include <cairn/sim/host.hpp>

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace cairn::sim {

/// What one node's bitswap has sent, as its messages say it.
struct bitswap_sent {
  std::uint64_t messages = 0, octets = 0, want_blocks = 0, want_haves = 0, cancels = 0, blocks = 0, presences = 0;
  auto want_entries() const -> std::uint64_t { return want_blocks + want_haves; }
};

/// Bitswap on a host: the daemon's machines over streams of the simulation.
///
/// lifetime  the host and the store outlive it
class bitswap {
public:
  CAIRN_DECL bitswap(host& on, blockstore_ref store, bitswap_options options = {});
  bitswap(bitswap const&) = delete;
  CAIRN_DECL ~bitswap();

  /// One block, from a peer.
  CAIRN_DECL void get(cid const& id, duration patience, std::function<void(bitswap_client::outcome const&)> then);
  /// All blocks below and including `root`, into the store.
  CAIRN_DECL void fetch(cid const& root, duration patience, std::function<void(io_result<fetch_report>)> then, std::size_t window = 256);

  auto engine() const -> bitswap_engine const& { return *engine_; }
  auto sent() const -> bitswap_sent const& { return sent_; }
  auto sent_to(peer_id const& peer) const -> bitswap_sent {
    auto const at = to_.find(peer);
    return at == to_.end() ? bitswap_sent{} : at->second;
  }

private:
  struct sender {
    std::shared_ptr<stream> to{};
    bitswap_version version = bitswap_version::v1_2;
    byte_queue out{};
    time_point since{};   // when what is in it was made
    bool opening = false;
  };
  struct fetching;

  void peer(peer_id const& p, bool there);
  void take(std::shared_ptr<stream> const& s);
  void pump(peer_id const& p);
  void opened(peer_id const& p, std::weak_ptr<sender> s, io_result<std::shared_ptr<stream>> to);
  void count(peer_id const& p, bytes_view messages);
  void wake();
  void tick();
  void go_on(fetching& f);
  void finish(fetching& f, io_result<fetch_report> r);
  void keep(bitswap_engine::waiter const& w);
  void let_go(bitswap_engine::waiter const& w);

  host& host_;
  std::shared_ptr<bitswap_engine> engine_;
  std::map<peer_id, std::shared_ptr<sender>> senders_{};
  std::vector<bitswap_engine::waiter> kept_{};
  bitswap_sent sent_{};
  std::map<peer_id, bitswap_sent> to_{};
  bool ticking_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace cairn::sim

#if CAIRN_HEADER_ONLY
#  include <cairn/sim/impl/bitswap.ipp>
#endif
