#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/core/config.hpp>
#include <cairn/exchange/bitswap/client.hpp>
#include <cairn/exchange/bitswap/server.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace cairn {

struct bitswap_options {
  bitswap_client_options client{};
  bitswap_server_options server{};
  bool serve = true;  ///< false: wantlists of others are not looked at
};

/// Blocks that somebody waits for.
struct bitswap_waiter {
  /// Called with each block that came, or did not; and whether it was stored. It may want more.
  using sink = std::function<void(bitswap_client::outcome const&, io_result<void> const& stored)>;

  sink to;
  std::optional<blockstore_ref> into{};        ///< in place of the engine's store
  std::unordered_set<multihash> wanted{};
};

/// Octets of messages that are not whole yet: a peer with many streams has no more of them than one with two.
struct bitswap_arriving {
  // of a peer more than the window of a QUIC connection: where datagrams are lost, as much of as many messages may be there at once
  static constexpr std::size_t most_of_peer = 6 * bitswap_message_view::max_size, most = 16 * bitswap_message_view::max_size;
  std::map<peer_id, std::size_t> of_peer{};
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
      : store_{store}, serve_{options.serve}, client_{options.client}, server_{std::move(options.server)} {}

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

  auto client() const -> bitswap_client const& { return client_; }
  auto server() const -> bitswap_server const& { return server_; }
  auto store() const -> blockstore_ref { return store_; }

private:
  friend class bitswap_reader;
  void spread();
  void give_up(waiter const& who, multihash const& hash);

  blockstore_ref store_;
  bool serve_;
  bitswap_client client_;
  bitswap_server server_;
  std::unordered_map<multihash, std::vector<std::weak_ptr<bitswap_waiter>>> waiting_{};
  std::vector<peer_id> ready_{};  // of the server
  bitswap_arriving arriving_{};
};

/// Cuts what one stream of a peer brings into messages, and hands them to the engine. A machine.
class bitswap_reader {
public:
  bitswap_reader(std::shared_ptr<bitswap_engine> to, peer_id peer) : to_{std::move(to)}, peer_{std::move(peer)} {}
  bitswap_reader(bitswap_reader const&) = delete;
  ~bitswap_reader() { (void)hold(0); }

  /// errors    too_long · bad_message · too_much; the stream has to be reset
  CAIRN_DECL auto resume(bytes_view in, bitswap_engine::clock_time now) -> result<void, bitswap_errc>;

private:
  CAIRN_DECL auto hold(std::size_t n) -> bool;

  std::shared_ptr<bitswap_engine> to_;
  peer_id peer_;
  byte_queue held_{};
  std::size_t counted_ = 0;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/exchange/bitswap/impl/engine.ipp>
#endif
