#pragma once

#include <cairn/blockstore/memory.hpp>
#include <cairn/sim/bitswap.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace cairn::sim {

/// A node of a lab: a store that survives crashes, a host, bitswap.
struct node {
  node(network& of, place p, libp2p::host_options const& host_options = {}, bitswap_options const& exchange_options = {},
       std::uint64_t disk = UINT64_MAX)
      : blocks{disk}, at{p}, options{host_options}, exchange{exchange_options} {
    start(of);
  }
  void start(network& of) {
    peer.emplace(of, at, options);
    bitswap.emplace(*peer, blocks, exchange);
  }
  void stop() {
    bitswap.reset();
    peer.reset();
  }
  auto id() const -> peer_id const& { return peer->id(); }

  memory_blockstore blocks;
  place at;
  libp2p::host_options options;
  bitswap_options exchange;
  std::optional<host> peer{};
  std::optional<sim::bitswap> bitswap{};
};

/// Whole nodes in one world, each at a place of its own.
class lab {
public:
  CAIRN_DECL explicit lab(std::uint64_t seed);
  CAIRN_DECL ~lab();

  /// One more node.
  CAIRN_DECL auto add(libp2p::host_options const& host_options = {}, bitswap_options const& exchange_options = {}, std::uint64_t disk = UINT64_MAX) -> node&;
  CAIRN_DECL void add_many(std::size_t n, libp2p::host_options const& host_options = {}, bitswap_options const& exchange_options = {});
  auto operator[](std::size_t i) -> node& { return *nodes_[i]; }
  auto size() const -> std::size_t { return nodes_.size(); }

  /// Dial, and run until both know each other; whether they do.
  CAIRN_DECL auto connect(std::size_t from, std::size_t to) -> bool;
  /// Dial; time does not pass.
  CAIRN_DECL void dial(std::size_t from, std::size_t to);
  /// Run until a fetch is over.
  CAIRN_DECL auto fetch(std::size_t by, cid const& root, duration at_most = std::chrono::minutes{10}) -> io_result<fetch_report>;
  /// It stops without a word; `restart` brings it back with what it had stored, its identity and no connection.
  CAIRN_DECL void crash(std::size_t i);
  CAIRN_DECL void restart(std::size_t i);

  world time;
  network net;

private:
  std::vector<std::unique_ptr<node>> nodes_{};
};

/// A DAG of `leaves` raw blocks of that size, and the nodes above them; its root.
CAIRN_DECL auto put_dag(memory_blockstore& into, seeded_random& random, std::size_t leaves, std::size_t leaf_size) -> cid;

}  // namespace cairn::sim

#if CAIRN_HEADER_ONLY
#  include <cairn/sim/impl/lab.ipp>
#endif
