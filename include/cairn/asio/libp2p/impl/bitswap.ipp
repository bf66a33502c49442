#pragma once

#include <cairn/asio/libp2p/bitswap.hpp>
#include <cairn/asio/libp2p/impl/wake_up.hpp>
#include <cairn/core/try.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/ipld/cid_set.hpp>
#include <cairn/ipld/links.hpp>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace cairn::libp2p {
namespace detail {

struct bitswap_session_state {
  bitswap_session_state(std::shared_ptr<bitswap_state> o, net::any_io_executor const& e) : owner{std::move(o)}, woken{e} {}
  std::shared_ptr<bitswap_state> owner;
  std::deque<bitswap_client::outcome> came{};
  std::size_t open = 0;
  wake_up woken;
  std::optional<blockstore_ref> into{};  // in place of the exchange's store
  bitswap_exchange::sink to{};           // in place of `came`
  std::unordered_set<multihash> wanted{};  // of a session with a sink
};

struct bitswap_sender {
  explicit bitswap_sender(net::any_io_executor const& e) : woken{e} {}
  wake_up woken;
  bool over = false;
};

/// Octets of messages that are not whole yet: a peer with many streams has no more of them than one with two.
struct arriving_budget {
  // of a peer more than the window of a QUIC connection: where datagrams are lost, as much of as many messages may be there at once
  static constexpr std::size_t most_of_peer = 6 * bitswap_message_view::max_size, most = 16 * bitswap_message_view::max_size;
  std::map<peer_id, std::size_t> of_peer{};
  std::size_t all = 0;

  /// One stream's share, given back at its end.
  class share {
  public:
    share(std::shared_ptr<bitswap_state> owner, arriving_budget& from, peer_id peer) : owner_{std::move(owner)}, from_{from}, peer_{std::move(peer)} {}
    share(share const&) = delete;
    ~share() { (void)set(0); }
    /// False: more than the peer may hold, or all of them.
    auto set(std::size_t n) -> bool {
      auto& own = from_.of_peer[peer_];
      own += n - held_;
      from_.all += n - held_;
      held_ = n;
      auto const fits = own <= most_of_peer && from_.all <= most;
      if (own == 0) from_.of_peer.erase(peer_);
      return fits;
    }

  private:
    std::shared_ptr<bitswap_state> owner_;
    arriving_budget& from_;
    peer_id peer_;
    std::size_t held_ = 0;
  };
};

struct bitswap_state : std::enable_shared_from_this<bitswap_state> {
  bitswap_state(host h, net::any_io_executor e, blockstore_ref s, bitswap_options o)
      : node{std::move(h)}, executor{std::move(e)}, store{s}, options{o}, client{o.client}, server{o.server}, ticking{executor} {}

  host node;
  net::any_io_executor executor;
  blockstore_ref store;
  bitswap_options options;
  bitswap_client client;
  bitswap_server server;
  std::map<peer_id, std::shared_ptr<bitswap_sender>> senders{};
  std::unordered_map<multihash, std::vector<std::weak_ptr<bitswap_session_state>>> waiting{};
  arriving_budget arriving{};
  wake_up ticking;
  bool closed = false;

  void wake(peer_id const& peer) {
    if (auto const at = senders.find(peer); at != senders.end()) at->second->woken.notify();
  }
  void spread();
  void peer(peer_id const& p, bool there);
  auto send_loop(peer_id peer, std::shared_ptr<bitswap_sender> sender) -> net::awaitable<void>;
  auto read_loop(stream s) -> net::awaitable<void>;
  auto tick_loop() -> net::awaitable<void>;
};

// What the client has to tell: messages to peers, blocks to the stores and to those who wait.
inline void bitswap_state::spread() {
  using sessions = std::vector<std::shared_ptr<bitswap_session_state>>;
  auto outcomes = std::vector<std::pair<bitswap_client::outcome, sessions>>{};
  while (auto o = client.take_outcome()) {
    auto who = sessions{};
    if (auto const at = waiting.find(o->id.hash()); at != waiting.end()) {
      for (auto const& w : at->second)
        if (auto s = w.lock()) who.push_back(std::move(s));
      waiting.erase(at);
    }
    outcomes.emplace_back(*std::move(o), std::move(who));
  }
  // each block once, into the store of the first who waits for it; one call for what goes to the same
  auto stored = std::vector<io_result<void>>(outcomes.size());
  for (auto i = 0uz; i < outcomes.size();) {
    auto const first = outcomes[i].second.empty() ? nullptr : outcomes[i].second.front();
    auto blocks = std::vector<block_view>{};
    auto end = i;
    for (; end < outcomes.size() && (outcomes[end].second.empty() ? nullptr : outcomes[end].second.front()) == first; ++end)
      if (outcomes[end].first.found) blocks.emplace_back(*outcomes[end].first.found);
    auto const into = first && first->into ? *first->into : store;
    auto const done = blocks.empty() ? io_result<void>{} : into.put_many(blocks);
    for (; i < end; ++i) stored[i] = done;
  }
  for (auto i = 0uz; i < outcomes.size(); ++i) {
    auto& [o, who] = outcomes[i];
    if (o.found && stored[i] && options.serve)
      for (auto const& p : server.added(o.id)) wake(p);
    for (auto const& s : who) {
      if (s->to) {
        s->wanted.erase(o.id.hash());
        s->to(o, stored[i]);
        continue;
      }
      s->came.push_back(o);
      s->woken.notify();
    }
  }
  for (auto const& p : client.take_ready()) wake(p);
}

inline void bitswap_state::peer(peer_id const& p, bool there) {
  if (closed) return;
  if (there) {
    auto s = std::make_shared<bitswap_sender>(executor);
    senders[p] = s;
    client.connected(p, now());
    net::co_spawn(executor, [self = shared_from_this(), p, s] { return self->send_loop(p, s); }, net::detached);
  } else {
    if (auto const at = senders.find(p); at != senders.end()) {
      at->second->over = true;
      at->second->woken.notify();
      senders.erase(at);
    }
    client.disconnected(p, now());
    server.disconnected(p);
  }
  spread();
}

inline auto bitswap_state::send_loop(peer_id peer, std::shared_ptr<bitswap_sender> sender) -> net::awaitable<void> {
  auto out = byte_queue{};
  auto to = std::optional<stream>{};
  auto version = bitswap_version::v1_2;
  auto names = std::vector<std::string>{};
  for (auto const p : bitswap_protocols) names.emplace_back(p);
  while (!sender->over && !closed) {
    out.clear();
    // the version is known once a stream is there; before that nothing may be taken out of the machines
    if (to) {
      (void)client.next(peer, version, now(), out);
      if (options.serve) (void)server.next(peer, version, store, out);
    }
    if (out.empty()) {
      if (!to && (client.owes(peer) || server.owes(peer))) {
        auto opened = co_await node.open(peer, names, within(std::chrono::seconds(20)));
        if (sender->over || closed) co_return;
        if (!opened) {
          // no bitswap there: it is no peer to ask
          client.disconnected(peer, now());
          spread();
          co_return;
        }
        to.emplace(*std::move(opened));
        version = bitswap_version_of(to->protocol());
        continue;
      }
      out.release(64 * 1024);
      co_await sender->woken.sleep(deadline::max());
      continue;
    }
    auto const sent = co_await to->write(out.view(), within(std::chrono::minutes(2)));
    if (!sent) {
      to.reset();
      if (!sender->over) {
        client.disconnected(peer, now());  // what was asked on that stream is asked anew
        client.connected(peer, now());
        spread();
      }
    }
  }
}

inline auto bitswap_state::read_loop(stream s) -> net::awaitable<void> {
  auto const peer = s.remote();
  auto held = byte_queue{};
  auto share = arriving_budget::share{shared_from_this(), arriving, peer};
  for (;;) {
    auto const size = read_varint(held.view());
    if (size ? size->value > bitswap_message_view::max_size : size.error() != varint_errc::truncated) co_return;  // reset
    auto const head = size ? varint_size(size->value) : 0uz;
    if (size && held.size() - head >= size->value) {
      auto const message = decode_bitswap(held.view().subspan(head, static_cast<std::size_t>(size->value)));
      if (!message || closed) co_return;
      if (options.serve) {
        server.received(peer, *message);
        if (!message->wants.empty()) wake(peer);
      }
      client.received(peer, *message, now());
      spread();
      held.consume(head + static_cast<std::size_t>(size->value));
      held.release(1024 * 1024);
      continue;
    }
    auto const view = co_await s.wait(0, within(std::chrono::hours(24)));
    if (!view || view->empty()) break;
    if (!share.set(held.size() + view->size())) co_return;  // reset (SEC-03)
    held.push(*view);
    s.consume(view->size());
  }
  s.close();
}

inline auto bitswap_state::tick_loop() -> net::awaitable<void> {
  while (!closed) {
    auto const idle = client.want_count() == 0;
    co_await ticking.sleep(idle ? deadline::max() : within(std::chrono::milliseconds(250)));
    if (closed) co_return;
    client.tick(now());
    spread();
  }
}

}  // namespace detail

CAIRN_DECL bitswap_exchange::bitswap_exchange(host h, blockstore_ref store, bitswap_options options) {
  auto const executor = h.executor();
  state_ = std::make_shared<detail::bitswap_state>(h, executor, store, std::move(options));
  auto const weak = std::weak_ptr<detail::bitswap_state>{state_};
  for (auto const name : bitswap_protocols)
    h.handle(std::string{name}, [weak](stream s) -> boost::asio::awaitable<void> {
      auto const self = weak.lock();
      if (self) co_await self->read_loop(std::move(s));
    });
  h.on_peer([weak](peer_id const& p, bool there) {
    if (auto const self = weak.lock()) self->peer(p, there);
  });
  boost::asio::co_spawn(executor, [self = state_] { return self->tick_loop(); }, boost::asio::detached);
  for (auto const& c : h.connections()) state_->peer(c.remote, true);
}

CAIRN_DECL bitswap_exchange::~bitswap_exchange() { close(); }

CAIRN_DECL void bitswap_exchange::close() {
  if (!state_) return;
  state_->closed = true;
  state_->ticking.notify();
  for (auto const& [p, s] : state_->senders) s->woken.notify();
}

CAIRN_DECL auto bitswap_exchange::open_session() -> session {
  return session{std::make_shared<detail::bitswap_session_state>(state_, state_->executor)};
}

CAIRN_DECL auto bitswap_exchange::open_session(blockstore_ref into, sink to) -> session {
  auto s = open_session();
  s.state_->into = into;
  s.state_->to = std::move(to);
  return s;
}

namespace detail {
// One session less waits for it; nobody waits: it is wanted no more.
inline void give_up(std::shared_ptr<bitswap_session_state> const& s, multihash const& hash) {
  auto& owner = *s->owner;
  auto const at = owner.waiting.find(hash);
  if (at == owner.waiting.end()) return;
  std::erase_if(at->second, [&](auto const& w) { return w.expired() || w.lock() == s; });
  if (!at->second.empty()) return;
  owner.waiting.erase(at);
  owner.client.cancel(cid::v1(code::raw, hash));
}
}  // namespace detail

CAIRN_DECL void bitswap_exchange::session::drop(cid const& id) {
  auto& s = *state_;
  if (s.wanted.erase(id.hash()) == 0) return;
  detail::give_up(state_, id.hash());
  for (auto const& p : s.owner->client.take_ready()) s.owner->wake(p);
}

CAIRN_DECL void bitswap_exchange::session::cancel() {
  auto& s = *state_;
  for (auto const& hash : s.wanted) detail::give_up(state_, hash);
  s.wanted.clear();
  s.to = {};
  for (auto const& p : s.owner->client.take_ready()) s.owner->wake(p);
}

CAIRN_DECL void bitswap_exchange::session::want(cid const& id, deadline until) {
  auto& owner = *state_->owner;
  if (state_->to && !state_->wanted.insert(id.hash()).second) return;
  auto const idle = owner.client.want_count() == 0;
  auto& who = owner.waiting[id.hash()];
  who.push_back(state_);
  if (!state_->to) ++state_->open;
  owner.client.want(id, detail::now(), until);
  if (idle) owner.ticking.notify();
  for (auto const& p : owner.client.take_ready()) owner.wake(p);
}

CAIRN_DECL auto bitswap_exchange::session::open_wants() const -> std::size_t { return state_->open; }

CAIRN_DECL auto bitswap_exchange::session::next() -> task<bitswap_client::outcome> {
  auto const s = state_;
  while (s->came.empty()) {
    if (s->open == 0 || s->owner->closed) co_return std::unexpected(error::message("bitswap", "nothing is wanted"));
    co_await s->woken.sleep(within(std::chrono::seconds(1)));
  }
  auto out = std::move(s->came.front());
  s->came.pop_front();
  --s->open;
  co_return out;
}

CAIRN_DECL auto bitswap_exchange::get(cid wanted, deadline until) -> task<block> {
  auto here = state_->store.get(wanted);
  if (here) co_return *std::move(here);
  auto s = open_session();
  s.want(wanted, until);
  auto came = co_await s.next();
  if (!came) co_return std::unexpected(came.error());
  if (came->found) co_return *std::move(came->found);
  co_return std::unexpected(error{block_errc::not_found}.about(to_string(wanted)).during("bitswap: asked " + std::to_string(came->asked) + " peers"));
}

CAIRN_DECL void bitswap_exchange::added(cid const& id) {
  for (auto const& p : state_->server.added(id)) state_->wake(p);
}

CAIRN_DECL auto bitswap_exchange::totals() const -> bitswap_client::sums { return state_->client.totals(); }
CAIRN_DECL auto bitswap_exchange::wantlist() const -> std::vector<cid> { return state_->client.wantlist(); }
CAIRN_DECL auto bitswap_exchange::ledger(peer_id const& peer) const -> bitswap_ledger { return state_->server.ledger(peer); }
CAIRN_DECL auto bitswap_exchange::served() const -> bitswap_ledger { return state_->server.totals(); }
CAIRN_DECL auto bitswap_exchange::partners() const -> std::vector<peer_id> { return state_->server.partners(); }
CAIRN_DECL auto bitswap_exchange::wantlist_of(peer_id const& peer) const -> std::vector<bitswap_want> { return state_->server.wantlist(peer); }

namespace detail {

// The links of a block that were not seen before go on the pile; the first is the next to be asked for.
inline auto pile_links(block const& b, cid_set& seen, std::vector<cid>& todo) -> io_result<void> {
  auto found = std::vector<cid>{};
  CAIRN_TRY(for_each_link(b.id().codec(), b.data(), [&](cid const& link) { if (seen.insert(link)) found.push_back(link); }));
  todo.insert(todo.end(), found.rbegin(), found.rend());
  return {};
}

inline void count(fetch_report& report, block const& b) {
  ++report.blocks;
  report.bytes += b.data().size();
}

}  // namespace detail

CAIRN_DECL auto fetch_dag(bitswap_exchange& from, blockstore_ref store, cid root, std::chrono::seconds patience, std::size_t window)
    -> task<fetch_report> {
  auto report = fetch_report{};
  auto seen = cid_set{};
  auto todo = std::vector<cid>{root};
  (void)seen.insert(root);
  auto session = from.open_session();
  while (!todo.empty() || session.open_wants() != 0) {
    while (!todo.empty() && session.open_wants() < window) {
      auto const id = todo.back();
      todo.pop_back();
      auto const here = store.get(id);
      if (!here) {
        session.want(id, within(patience));
        continue;
      }
      detail::count(report, *here);
      CAIRN_CO_TRY(detail::pile_links(*here, seen, todo));
    }
    if (session.open_wants() == 0) continue;
    auto const came = co_await session.next();
    if (!came) co_return std::unexpected(came.error());
    if (!came->found)
      co_return std::unexpected(error{block_errc::not_found}.about(to_string(came->id)).during("bitswap: asked " + std::to_string(came->asked) + " peers"));
    ++report.fetched;
    detail::count(report, *came->found);
    CAIRN_CO_TRY(detail::pile_links(*came->found, seen, todo));
  }
  co_return report;
}

}  // namespace cairn::libp2p
