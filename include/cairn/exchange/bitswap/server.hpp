#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/core/config.hpp>
#include <cairn/exchange/bitswap/message.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <optional>

namespace cairn {

/// Bounds of what a server holds and sends.
struct bitswap_server_options {
  std::size_t max_wants = 1024;                       ///< per peer; above it the ones of lowest priority go (SEC-27)
  std::size_t message_size = 1 * limits::MiB;       ///< a message ends with the block that reaches it
  std::size_t replace_have = 1024;                    ///< a block of at most that size is sent in place of HAVE
  /// Whether the peer may have the block; no function: every peer may have every block.
  std::function<bool(peer_id const&, cid const&)> may_have{};
};

/// What was exchanged with a peer, as a ledger shows it.
struct bitswap_ledger {
  std::uint64_t bytes_sent = 0, bytes_received = 0, blocks_sent = 0, blocks_received = 0, messages_received = 0;
  std::size_t wants = 0;
};

/// Wants of one peer on their way through the store, and what it has of them.
struct bitswap_lookup {
  struct answer {
    enum class kind : byte { not_looked, nothing, here, sent };  // here: it is there, and larger than what is sent in its place
    kind what = kind::not_looked;
    std::optional<block> found{};
  };
  std::vector<bitswap_want> wants{};
  std::vector<answer> answers{};
  std::size_t message_size = 0, replace_have = 0;
  bool knows_have = true;  // bitswap 1.2

  /// Ask the store, until a message is full. By any thread.
  CAIRN_DECL void run(blockstore_ref store);
};

/// Answers wantlists. A machine: messages in, messages out, blocks from a store that it is handed. Peers with open wants take
/// turns, a message each; one of them cannot hold up another (SEC-29). What a peer wanted goes with its connection (SEC-27).
class bitswap_server {
public:
  explicit bitswap_server(bitswap_server_options options = {}) : options_{std::move(options)} {}

  /// The wantlist of a message.
  CAIRN_DECL void received(peer_id const& peer, bitswap_message_view const& message);
  /// The peer is gone, and all that was kept of it but its ledger's sums.
  CAIRN_DECL void disconnected(peer_id const& peer);
  /// A block came into the store: whoever wants it is answered. Returns those peers.
  CAIRN_DECL auto added(cid const& id) -> std::vector<peer_id>;

  /// Append the next message for that peer to `out`; false where it is owed nothing now.
  CAIRN_DECL auto next(peer_id const& peer, bitswap_version version, blockstore_ref store, byte_queue& out) -> bool;
  /// The same in steps, for who asks the store elsewhere: what the next message is about; then, once `run`, that message. What the peer
  /// takes back meanwhile is not sent, and what comes meanwhile is not missed. One at a time for each peer.
  ///
  /// lifetime  of the frames: that of `looked`
  CAIRN_DECL auto take(peer_id const& peer, bitswap_version version) -> std::optional<bitswap_lookup>;
  CAIRN_DECL auto answer(peer_id const& peer, bitswap_version version, bitswap_lookup const& looked, bitswap_frames& out) -> bool;
  CAIRN_DECL auto owes(peer_id const& peer) const -> bool;

  CAIRN_DECL auto ledger(peer_id const& peer) const -> bitswap_ledger;
  CAIRN_DECL auto wantlist(peer_id const& peer) const -> std::vector<bitswap_want>;
  /// With all peers, those that are gone too.
  auto totals() const -> bitswap_ledger const& { return totals_; }
  /// Peers with open wants.
  CAIRN_DECL auto partners() const -> std::vector<peer_id>;
  /// Peers that anything is kept of.
  auto peer_count() const -> std::size_t { return peers_.size(); }

private:
  struct entry {
    bitswap_want want;
    enum class phase : byte { ready, waits, looked_up, again };  // waits: the block was not there; again: looked up, and changed since
    phase at = phase::ready;
  };
  using phase = entry::phase;
  using entries = std::list<entry>;
  struct peer_state {
    entries wants{};                                          // in order of arrival; those that wait are behind
    std::unordered_map<multihash, entries::iterator> by_hash{};
    std::size_t ready = 0;                                    // entries that are
    bitswap_ledger sums{};
  };

  static constexpr std::size_t most_looked_up = 128;  // at once

  void put(peer_state& p, bitswap_want const& w);
  void drop(peer_state& p, entries::iterator at);
  void make_room(peer_state& p);

  bitswap_server_options options_;
  std::map<peer_id, peer_state> peers_;
  bitswap_ledger totals_{};
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/exchange/bitswap/impl/server.ipp>
#endif
