#pragma once

#include <cairn/asio/libp2p/bitswap.hpp>
#include <cairn/asio/libp2p/impl/wake_up.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <map>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace cairn::libp2p {
namespace detail {

struct bitswap_session_state {
  bitswap_session_state(std::shared_ptr<bitswap_state> o, net::any_io_executor const& e) : owner{std::move(o)}, woken{e} {}
  std::shared_ptr<bitswap_state> owner;
  bitswap_engine::waiter waits = std::make_shared<bitswap_waiter>();
  std::deque<bitswap_client::outcome> came{};  // of a session without a sink
  wake_up woken;
};

struct bitswap_sender {
  explicit bitswap_sender(net::any_io_executor const& e) : woken{e} {}
  wake_up woken;
  bool over = false;
};

struct bitswap_state : std::enable_shared_from_this<bitswap_state> {
  bitswap_state(host h, net::any_io_executor e, blockstore_ref s, bitswap_options o)
      : node{std::move(h)}, executor{std::move(e)}, engine{s, std::move(o)}, ticking{executor} {}

  host node;
  net::any_io_executor executor;
  bitswap_engine engine;
  std::map<peer_id, std::shared_ptr<bitswap_sender>> senders{};
  wake_up ticking;
  bool closed = false;

  void wake() {
    for (auto const& p : engine.take_ready())
      if (auto const at = senders.find(p); at != senders.end()) at->second->woken.notify();
  }
  void peer(peer_id const& p, bool there);
  auto send_loop(peer_id peer, std::shared_ptr<bitswap_sender> sender) -> net::awaitable<void>;
  auto read_loop(stream s) -> net::awaitable<void>;
  auto tick_loop() -> net::awaitable<void>;
};

inline void bitswap_state::peer(peer_id const& p, bool there) {
  if (closed) return;
  if (there) {
    auto s = std::make_shared<bitswap_sender>(executor);
    senders[p] = s;
    engine.connected(p, now());
    net::co_spawn(executor, [self = shared_from_this(), p, s] { return self->send_loop(p, s); }, net::detached);
  } else {
    if (auto const at = senders.find(p); at != senders.end()) {
      at->second->over = true;
      at->second->woken.notify();
      senders.erase(at);
    }
    engine.disconnected(p, now());
  }
  wake();
}

inline auto bitswap_state::send_loop(peer_id peer, std::shared_ptr<bitswap_sender> sender) -> net::awaitable<void> {
  auto out = byte_queue{};
  auto to = std::optional<stream>{};
  auto version = bitswap_version::v1_2;
  auto names = std::vector<std::string>{};
  for (auto const p : bitswap_protocols) names.emplace_back(p);
  while (!sender->over && !closed) {
    out.clear();
    // the version is known once a stream is there; before that nothing may be taken out of the machine
    if (!to || !engine.next(peer, version, now(), out)) {
      if (!to && engine.owes(peer)) {
        auto opened = co_await node.open(peer, names, within(std::chrono::seconds(20)));
        if (sender->over || closed) co_return;
        if (!opened) {
          auto const later = engine.not_opened(peer, opened.error(), now());
          wake();
          if (!later) co_return;
          co_await sender->woken.sleep(within(std::chrono::seconds(1)));
          continue;
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
      if (!sender->over) engine.broken(peer, now());
      wake();
    }
  }
}

inline auto bitswap_state::read_loop(stream s) -> net::awaitable<void> {
  auto const self = shared_from_this();
  auto reader = bitswap_reader{{self, &engine}, s.remote()};
  for (;;) {
    auto const view = co_await s.wait(0, within(std::chrono::hours(24)));
    if (!view || view->empty()) break;
    if (closed || !reader.resume(*view, now())) co_return;  // reset
    s.consume(view->size());
    wake();
  }
  s.close();
}

inline auto bitswap_state::tick_loop() -> net::awaitable<void> {
  while (!closed) {
    auto const idle = engine.client().want_count() == 0;
    co_await ticking.sleep(idle ? deadline::max() : within(std::chrono::milliseconds(250)));
    if (closed) co_return;
    engine.tick(now());
    wake();
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
  auto s = std::make_shared<detail::bitswap_session_state>(state_, state_->executor);
  s->waits->to = [weak = std::weak_ptr{s}](bitswap_client::outcome const& o, io_result<void> const&) {
    auto const self = weak.lock();
    if (!self) return;
    self->came.push_back(o);
    self->woken.notify();
  };
  return session{std::move(s)};
}

CAIRN_DECL auto bitswap_exchange::open_session(blockstore_ref into, sink to) -> session {
  auto s = std::make_shared<detail::bitswap_session_state>(state_, state_->executor);
  s->waits->into = into;
  s->waits->to = std::move(to);
  return session{std::move(s)};
}

CAIRN_DECL void bitswap_exchange::session::drop(cid const& id) {
  state_->owner->engine.drop(state_->waits, id);
  state_->owner->wake();
}

CAIRN_DECL void bitswap_exchange::session::cancel() {
  state_->owner->engine.cancel(state_->waits);
  state_->owner->wake();
}

CAIRN_DECL void bitswap_exchange::session::want(cid const& id, deadline until) {
  auto& owner = *state_->owner;
  auto const idle = owner.engine.client().want_count() == 0;
  owner.engine.want(state_->waits, id, detail::now(), until);
  if (idle) owner.ticking.notify();
  owner.wake();
}

CAIRN_DECL auto bitswap_exchange::session::open_wants() const -> std::size_t { return state_->waits->wanted.size() + state_->came.size(); }

CAIRN_DECL auto bitswap_exchange::session::next() -> task<bitswap_client::outcome> {
  auto const s = state_;
  while (s->came.empty()) {
    if (s->waits->wanted.empty() || s->owner->closed) co_return std::unexpected(error::message("bitswap", "nothing is wanted"));
    co_await s->woken.sleep(within(std::chrono::seconds(1)));
  }
  auto out = std::move(s->came.front());
  s->came.pop_front();
  co_return out;
}

CAIRN_DECL auto bitswap_exchange::get(cid wanted, deadline until) -> task<block> {
  auto here = state_->engine.store().get(wanted);
  if (here) co_return *std::move(here);
  auto s = open_session();
  s.want(wanted, until);
  auto came = co_await s.next();
  if (!came) co_return std::unexpected(came.error());
  if (came->found) co_return *std::move(came->found);
  co_return std::unexpected(error{block_errc::not_found}.about(to_string(wanted)).during("bitswap: asked " + std::to_string(came->asked) + " peers"));
}

CAIRN_DECL void bitswap_exchange::added(cid const& id) {
  state_->engine.added(id);
  state_->wake();
}

CAIRN_DECL auto bitswap_exchange::totals() const -> bitswap_client::sums { return state_->engine.client().totals(); }
CAIRN_DECL auto bitswap_exchange::wantlist() const -> std::vector<cid> { return state_->engine.client().wantlist(); }
CAIRN_DECL auto bitswap_exchange::ledger(peer_id const& peer) const -> bitswap_ledger { return state_->engine.server().ledger(peer); }
CAIRN_DECL auto bitswap_exchange::served() const -> bitswap_ledger { return state_->engine.server().totals(); }
CAIRN_DECL auto bitswap_exchange::partners() const -> std::vector<peer_id> { return state_->engine.server().partners(); }
CAIRN_DECL auto bitswap_exchange::wantlist_of(peer_id const& peer) const -> std::vector<bitswap_want> { return state_->engine.server().wantlist(peer); }

CAIRN_DECL auto fetch_dag(bitswap_exchange& from, blockstore_ref store, cid root, std::chrono::seconds patience, std::size_t window)
    -> task<fetch_report> {
  auto fetch = dag_fetch{root, window};
  auto session = from.open_session();
  for (;;) {
    auto const wants = fetch.next(store);
    if (!wants) co_return std::unexpected(wants.error());
    for (auto const& id : *wants) session.want(id, within(patience));
    if (fetch.is_done()) co_return fetch.report();
    auto const came = co_await session.next();
    if (!came) co_return std::unexpected(came.error());
    if (!came->found)
      co_return std::unexpected(error{block_errc::not_found}.about(to_string(came->id)).during("bitswap: asked " + std::to_string(came->asked) + " peers"));
    CAIRN_CO_TRY(fetch.came(*came->found));
  }
}

}  // namespace cairn::libp2p
