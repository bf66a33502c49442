#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/core/config.hpp>
#include <cairn/exchange/bitswap/client.hpp>
#include <cairn/exchange/bitswap/server.hpp>
#include <cairn/exchange/bitswap/work.hpp>

#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace cairn {

struct bitswap_options {
  bitswap_client_options client{};
  bitswap_server_options server{};
  bool serve = true;             ///< false: wantlists of others are not looked at
  bool works_elsewhere = false;  ///< blocks are hashed, stored and read by who drives the engine: `take_work`, `look_up`
};

class bitswap_reader;

/// Octets of messages that are not whole yet: a peer with many streams has no more of them than one with two. Who is above the bound is
/// not read from until there is room again; one message of a peer goes on all the same, so that there will be.
struct bitswap_arriving {
  // of a peer more than the window of a QUIC connection: where datagrams are lost, as much of as many messages may be there at once
  static constexpr std::size_t most_of_peer = 6 * bitswap_message_view::max_size, most = 16 * bitswap_message_view::max_size;

  struct part {
    std::size_t held = 0;
    bitswap_reader const* goes_on = nullptr;
  };
  std::map<peer_id, part> of_peer{};
  std::size_t all = 0;
};

/// Bitswap of one node: the side that asks, the side that answers, the store between them, and those who wait for blocks. A machine:
/// messages and time go in; messages for peers come out of `next`, blocks go to the stores and to the waiters.
///
/// lifetime  the store outlives it
class bitswap_engine {
public:
  using clock_time = bitswap_client::clock_time;
  using waiter = std::shared_ptr<bitswap_waiter>;

  explicit bitswap_engine(blockstore_ref store, bitswap_options options = {})
      : store_{store}, serve_{options.serve}, elsewhere_{options.works_elsewhere}, client_{options.client}, server_{std::move(options.server)} {}

  CAIRN_DECL void connected(peer_id const& peer, clock_time now);
  CAIRN_DECL void disconnected(peer_id const& peer, clock_time now);
  /// No stream to it could be opened. True: try again after a pause; false: it has no bitswap, and is no peer to ask.
  CAIRN_DECL auto not_opened(peer_id const& peer, error const& why, clock_time now) -> bool;
  /// A stream to it broke: what was asked on it is asked anew.
  CAIRN_DECL void broken(peer_id const& peer, clock_time now);

  /// One message, without its length.
  ///
  /// errors    bad_message · too_long; the stream that it came on has to be reset
  CAIRN_DECL auto received(peer_id const& peer, bytes_view message, clock_time now) -> result<void, bitswap_errc>;
  /// Append what that peer has to be told and given now; false where that is nothing.
  CAIRN_DECL auto next(peer_id const& peer, bitswap_version version, clock_time now, byte_queue& out) -> bool;
  /// In two steps, for who asks the store elsewhere: what the answer is about, to be run; then the message, which borrows what was found.
  auto look_up(peer_id const& peer, bitswap_version version) -> std::optional<bitswap_lookup> { return serve_ ? server_.take(peer, version) : std::nullopt; }
  CAIRN_DECL auto next(peer_id const& peer, bitswap_version version, clock_time now, bitswap_lookup const* looked, bitswap_frames& out) -> bool;
  auto owes(peer_id const& peer) const -> bool { return client_.owes(peer) || server_.owes(peer); }
  /// Peers that `next` may have something for since this was asked last.
  CAIRN_DECL auto take_ready() -> std::vector<peer_id>;

  /// False: it waits for that already.
  CAIRN_DECL auto want(waiter const& who, cid const& id, clock_time now, clock_time until) -> bool;
  /// That block came to it by another way.
  CAIRN_DECL void drop(waiter const& who, cid const& id);
  /// It waits for nothing any more, and is called no more.
  CAIRN_DECL void cancel(waiter const& who);
  /// A block came into the store by another way.
  CAIRN_DECL void added(cid const& id);

  /// To be called every now and then while something is wanted.
  CAIRN_DECL void tick(clock_time now);

  /// What is to be done with blocks that came, elsewhere; `finish` takes it back. One to be hashed and one to be stored may be out at once;
  /// null: nothing now.
  CAIRN_DECL auto take_work() -> std::shared_ptr<bitswap_work>;
  CAIRN_DECL void finish(bitswap_work& done, clock_time now);
  /// Octets that came and are not stored yet.
  auto on_the_way() const -> std::size_t { return on_the_way_; }

  auto client() const -> bitswap_client const& { return client_; }
  auto server() const -> bitswap_server const& { return server_; }
  auto store() const -> blockstore_ref { return store_; }

private:
  friend class bitswap_reader;
  void collect();
  void spread();
  void give(bitswap_client::outcome const& o, std::vector<waiter> const& who, io_result<void> const& stored);
  void give_up(waiter const& who, multihash const& hash);

  blockstore_ref store_;
  bool serve_, elsewhere_, hashing_ = false, storing_ = false;
  bitswap_client client_;
  bitswap_server server_;
  std::unordered_map<multihash, std::vector<std::weak_ptr<bitswap_waiter>>> waiting_{};
  std::vector<peer_id> ready_{};  // of the server
  std::unordered_map<multihash, std::shared_ptr<bitswap_placed>> placed_{};
  bitswap_work next_work_{};
  std::size_t on_the_way_ = 0;
  bitswap_arriving arriving_{};
};

/// Cuts what one stream of a peer brings into messages, and hands them to the engine. A machine.
class bitswap_reader {
public:
  bitswap_reader(std::shared_ptr<bitswap_engine> to, peer_id peer) : to_{std::move(to)}, peer_{std::move(peer)} {}
  bitswap_reader(bitswap_reader const&) = delete;
  ~bitswap_reader() { (void)hold(0); }

  /// How long the first message is, with its length; 0: not known yet.
  ///
  /// errors    too_long · bad_message
  CAIRN_DECL static auto whole(bytes_view in) -> result<std::size_t, bitswap_errc>;

  /// Whole messages are read where they lie; the rest is kept.
  ///
  /// errors    too_long · bad_message · too_much; the stream has to be reset
  CAIRN_DECL auto resume(bytes_view in, bitswap_engine::clock_time now) -> result<void, bitswap_errc>;

  /// For who keeps the rest: so much of a message is there. False: more than the peer may have waiting, or all of them; no more of it may be
  /// read now.
  CAIRN_DECL auto hold(std::size_t n) -> bool;

private:
  std::shared_ptr<bitswap_engine> to_;
  peer_id peer_;
  byte_queue held_{};
  std::size_t counted_ = 0;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/exchange/bitswap/impl/engine.ipp>
#endif
