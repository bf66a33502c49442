#pragma once

#include <cairn/asio/libp2p/host.hpp>
#include <cairn/asio/libp2p/task.hpp>
#include <cairn/blockstore/ref.hpp>
#include <cairn/exchange/bitswap/client.hpp>
#include <cairn/exchange/bitswap/server.hpp>

#include <cstdint>
#include <memory>

namespace cairn::libp2p {

namespace detail {
struct bitswap_state;
struct bitswap_session_state;
}

struct bitswap_options {
  bitswap_client_options client{};
  bitswap_server_options server{};
  bool serve = true;  ///< false: wantlists of others are not looked at
};

/// Bitswap on a host: asks its connected peers for blocks, and answers what they ask. Blocks that come are checked and stored.
///
/// lifetime  the store outlives it
/// threads   as its host
class bitswap_exchange {
public:
  CAIRN_DECL bitswap_exchange(host h, blockstore_ref store, bitswap_options options = {});
  bitswap_exchange(bitswap_exchange&&) = default;
  auto operator=(bitswap_exchange&&) -> bitswap_exchange& = default;
  CAIRN_DECL ~bitswap_exchange();

  /// One block, from the store or from a peer.
  ///
  /// errors    the deadline, with the number of peers that were asked
  CAIRN_DECL auto get(cid wanted, deadline until) -> task<block>;

  /// Many blocks under way at once, in the order in which they come.
  class session {
  public:
    CAIRN_DECL void want(cid const& id, deadline until);
    /// The next block that came or did not; nothing is wanted and nothing waits: an error.
    CAIRN_DECL auto next() -> task<bitswap_client::outcome>;
    CAIRN_DECL auto open_wants() const -> std::size_t;

  private:
    friend class bitswap_exchange;
    explicit session(std::shared_ptr<detail::bitswap_session_state> s) : state_{std::move(s)} {}
    std::shared_ptr<detail::bitswap_session_state> state_;
  };
  CAIRN_DECL auto open_session() -> session;

  /// A block came into the store by another way.
  CAIRN_DECL void added(cid const& id);

  CAIRN_DECL auto totals() const -> bitswap_client::sums;
  CAIRN_DECL auto wantlist() const -> std::vector<cid>;
  CAIRN_DECL auto ledger(peer_id const& peer) const -> bitswap_ledger;
  CAIRN_DECL auto wantlist_of(peer_id const& peer) const -> std::vector<bitswap_want>;

private:
  std::shared_ptr<detail::bitswap_state> state_;
};

/// What fetching a DAG did.
struct fetch_report {
  std::uint64_t blocks = 0, bytes = 0;  ///< all of the DAG
  std::uint64_t fetched = 0;            ///< blocks that were not in the store
};

/// All blocks below and including `root`, into the exchange's store: what is missing is asked for, as much at once as `window`.
///
/// errors    a block that did not come within `patience`; a block that cannot be decoded
CAIRN_DECL auto fetch_dag(bitswap_exchange& from, blockstore_ref store, cid root, std::chrono::seconds patience,
                          std::size_t window = 256) -> task<fetch_report>;

}  // namespace cairn::libp2p

#if CAIRN_HEADER_ONLY
#  include <cairn/asio/libp2p/impl/bitswap.ipp>
#endif
