#pragma once

#include <cairn/asio/libp2p/host.hpp>
#include <cairn/asio/libp2p/task.hpp>
#include <cairn/blockstore/ref.hpp>
#include <cairn/exchange/bitswap/engine.hpp>
#include <cairn/exchange/dag_fetch.hpp>

#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>

namespace cairn::libp2p {

namespace detail {
struct bitswap_state;
struct bitswap_session_state;
}

using cairn::bitswap_options;
using cairn::fetch_report;

/// Bitswap on a host: asks its connected peers for blocks, and answers what they ask. Blocks that come are checked and stored.
///
/// lifetime  the store outlives it, and what `work` still does
/// threads   as its host
class bitswap_exchange {
public:
  /// work      where blocks are hashed and stores are asked; their calls then come from its threads. None: on the host's own
  CAIRN_DECL bitswap_exchange(host h, blockstore_ref store, bitswap_options options = {}, std::optional<boost::asio::any_io_executor> work = {});
  bitswap_exchange(bitswap_exchange&&) = default;
  auto operator=(bitswap_exchange&&) -> bitswap_exchange& = default;
  CAIRN_DECL ~bitswap_exchange();

  /// One block, from the store or from a peer.
  ///
  /// errors    the deadline, with the number of peers that were asked
  CAIRN_DECL auto get(cid wanted, deadline until) -> task<block>;

  /// Called on the host's thread with each block that came for a session, or did not; and whether it was stored.
  using sink = bitswap_waiter::sink;

  /// Many blocks under way at once, in the order in which they come. What is still wanted at its end is no longer asked for.
  class session {
  public:
    CAIRN_DECL void want(cid const& id, deadline until);
    /// The next block that came or did not; nothing is wanted and nothing waits: an error.
    CAIRN_DECL auto next() -> task<bitswap_client::outcome>;
    CAIRN_DECL auto open_wants() const -> std::size_t;
    /// Nothing of it is wanted any more.
    CAIRN_DECL void cancel();
    /// That block came by another way. Of a session with a sink.
    CAIRN_DECL void drop(cid const& id);

  private:
    friend class bitswap_exchange;
    explicit session(std::shared_ptr<detail::bitswap_session_state> s) : state_{std::move(s)} {}
    std::shared_ptr<detail::bitswap_session_state> state_;
  };
  CAIRN_DECL auto open_session() -> session;
  /// A session whose blocks go into a store of its own, and to `to` in place of `next`.
  ///
  /// keep      is held until nothing is stored any more; the store lives as long
  CAIRN_DECL auto open_session(std::shared_ptr<void> keep, blockstore_ref into, sink to) -> session;

  /// A block came into the store by another way.
  CAIRN_DECL void added(cid const& id);

  /// Ends: peers are no longer served, nothing is asked for.
  CAIRN_DECL void close();

  CAIRN_DECL auto totals() const -> bitswap_client::sums;
  CAIRN_DECL auto wantlist() const -> std::vector<cid>;
  CAIRN_DECL auto ledger(peer_id const& peer) const -> bitswap_ledger;
  /// Of all peers, those that are gone too.
  CAIRN_DECL auto served() const -> bitswap_ledger;
  CAIRN_DECL auto partners() const -> std::vector<peer_id>;
  CAIRN_DECL auto wantlist_of(peer_id const& peer) const -> std::vector<bitswap_want>;

private:
  std::shared_ptr<detail::bitswap_state> state_;
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
