#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/core/config.hpp>
#include <cairn/exchange/bitswap/client.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cairn {

/// Blocks that somebody waits for.
struct bitswap_waiter {
  /// Called with each block that came, or did not; and whether it was stored. It may want more.
  using sink = std::function<void(bitswap_client::outcome const&, io_result<void> const& stored)>;

  sink to;
  std::optional<blockstore_ref> into{};        ///< in place of the engine's store
  std::shared_ptr<void> keep{};                ///< held until nothing is stored any more; that store lives as long
  std::unordered_set<multihash> wanted{};
};

/// A block that came, until it is stored and those who wait for it have it.
struct bitswap_placed {
  bitswap_client::outcome outcome;
  std::vector<std::shared_ptr<bitswap_waiter>> who;
  bitswap_waiter const* first = nullptr;  ///< whose store it is that it goes to
  blockstore_ref into;
  io_result<void> stored{};
};

/// A step of blocks on their way: what came is hashed, or what of it was wanted is stored.
struct bitswap_work {
  std::vector<std::pair<peer_id, bitswap_delivery>> arrived{};
  std::vector<std::shared_ptr<bitswap_placed>> blocks{};

  /// By any thread.
  CAIRN_DECL void run();
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/exchange/bitswap/impl/work.ipp>
#endif
