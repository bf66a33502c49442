#pragma once

#include <cairn/block/block.hpp>
#include <cairn/core/config.hpp>
#include <cairn/exchange/bitswap/message.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace cairn {

/// Bounds of a client.
struct bitswap_client_options {
  std::size_t want_window = 128;                            ///< blocks that are asked of one peer at once
  std::size_t broadcast = 32;                               ///< peers that are asked at most whether they have a block that nobody is known to have
  std::chrono::milliseconds patience{5000};                 ///< so long may a peer that was asked for a block say nothing
  std::chrono::milliseconds again{10000};                   ///< then those that said no, or nothing, are asked again
};

/// What a message brings, on its own feet: blocks and presences. Blocks that nobody has hashed yet are nobody's.
struct bitswap_delivery {
  struct item {
    cid_prefix prefix;
    buffer data;
    std::optional<multihash> hash{};  ///< once hashed; nothing: of a function that is not here
  };
  std::vector<item> items{};
  std::vector<bitswap_presence> presences{};

  CAIRN_DECL static auto of(bitswap_message_view const& message) -> bitswap_delivery;
  auto bytes() const -> std::size_t {
    auto n = std::size_t{0};
    for (auto const& i : items) n += i.data.size();
    return n;
  }
  /// Those of several messages, side by side. By any thread.
  CAIRN_DECL static void hash(std::span<bitswap_delivery* const> all);
};

/// Gets blocks from connected peers. A machine: what is wanted and what peers send goes in; messages for peers, blocks and
/// failures come out. Time enters as an argument.
///
/// A peer that sends what it is asked for is asked for the next blocks straight away; else all are asked who has it, and one that
/// does is asked for the block: want-have before want-block. A block is asked of one peer at a time; of one that had none it is only
/// asked from then on whether it has it.
///
/// Laws      what is delivered was hashed against the CID that was wanted; a want ends by its block, its deadline or its
///           cancellation, and nothing of it is left then
class bitswap_client {
public:
  using clock_time = std::chrono::steady_clock::time_point;

  explicit bitswap_client(bitswap_client_options options = {}) : options_{options} {}

  /// Wanting a block twice is one want; the later deadline counts.
  CAIRN_DECL void want(cid const& id, clock_time now, clock_time until);
  CAIRN_DECL void cancel(cid const& id);

  CAIRN_DECL void connected(peer_id const& peer, clock_time now);
  CAIRN_DECL void disconnected(peer_id const& peer, clock_time now);

  /// Blocks and presences of a message.
  CAIRN_DECL void received(peer_id const& peer, bitswap_message_view const& message, clock_time now);
  /// The same for who hashes elsewhere.
  CAIRN_DECL void received(peer_id const& peer, bitswap_delivery hashed, clock_time now);

  /// Append the next message for that peer; false where there is none.
  CAIRN_DECL auto next(peer_id const& peer, bitswap_version version, clock_time now, byte_queue& out) -> bool;
  CAIRN_DECL auto next(peer_id const& peer, bitswap_version version, clock_time now, bitswap_frames& out) -> bool;
  /// Whether there is one.
  auto owes(peer_id const& peer) const -> bool {
    auto const at = peers_.find(peer);
    return at != peers_.end() && !at->second.out.empty();
  }
  /// Peers that `next` has something for since this was asked last.
  CAIRN_DECL auto take_ready() -> std::vector<peer_id>;

  struct outcome {
    cid id;
    std::optional<block> found{};  ///< nothing: the deadline
    std::size_t asked = 0;         ///< peers, for the error's sentence
  };
  CAIRN_DECL auto take_outcome() -> std::optional<outcome>;

  /// When `tick` has to be called at the latest.
  CAIRN_DECL auto next_tick() const -> std::optional<clock_time>;
  CAIRN_DECL void tick(clock_time now);

  auto want_count() const -> std::size_t { return wants_.size(); }
  auto wantlist() const -> std::vector<cid>;
  /// unasked: blocks that nobody wanted, forged ones among them; unknown: of a hash function that is not here.
  struct sums {
    std::uint64_t blocks = 0, bytes = 0, duplicates = 0, duplicate_bytes = 0, unasked = 0, unknown = 0;
  };
  auto totals() const -> sums const& { return sums_; }

private:
  enum class asked : byte { nothing, have, block, has, no, again };  // again: said no, or nothing, and may be asked anew
  struct want_state {
    cid id;
    clock_time until;
    clock_time next_try{};
    std::optional<peer_id> block_from{};
    std::map<peer_id, asked> peers{};
  };
  struct peer_state {
    std::deque<bitswap_want> out{};
    std::size_t open = 0;        // blocks asked for
    bool fruitful = false;       // it has sent a block since it had none
    bool listed = false;         // in ready_
  };

  void say(peer_id const& peer, bitswap_want const& w);
  void place(want_state& w, clock_time now);
  void ask_block(want_state& w, peer_id const& peer, clock_time now);
  void release(want_state& w);
  void give_up(want_state& w);
  void end(multihash const& h, bool tell_peers);
  void take_block(peer_id const& peer, multihash const& hash, buffer data);

  bitswap_client_options options_;
  std::unordered_map<multihash, want_state> wants_;
  std::map<peer_id, peer_state> peers_;
  std::deque<multihash> waiting_;   // no peer had room
  std::vector<peer_id> ready_;
  std::deque<outcome> outcomes_;
  std::deque<multihash> recent_;    // what came lately, to tell duplicates from what was never asked for
  std::unordered_map<multihash, int> recent_set_;
  sums sums_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/exchange/bitswap/impl/client.ipp>
#endif
