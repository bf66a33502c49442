#pragma once

#include <cairn/asio/libp2p/bitswap.hpp>
#include <cairn/asio/libp2p/impl/wake_up.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <map>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

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
  std::shared_ptr<bitswap_lookup> looked{};  // for the next message
  bool looking = false, over = false;
};

struct bitswap_state : std::enable_shared_from_this<bitswap_state> {
  /// With so many octets on their way, no more are taken from streams.
  static constexpr std::size_t most_on_the_way = 4 * limits::MiB;
  /// So long may a message wait for room among those that are not whole.
  static constexpr auto patience_for_room = std::chrono::seconds{30};

  bitswap_state(host h, net::any_io_executor e, blockstore_ref s, bitswap_options o, std::optional<net::any_io_executor> w)
      : node{std::move(h)}, executor{std::move(e)}, work{std::move(w)}, engine{s, std::move(o)}, ticking{executor} {}

  host node;
  net::any_io_executor executor;
  std::optional<net::any_io_executor> work;
  bitswap_engine engine;
  std::map<peer_id, std::shared_ptr<bitswap_sender>> senders{};
  wake_up ticking;
  std::vector<wake_up*> readers{};  // that wait for room
  bool closed = false;

  void wake() {
    for (auto const& p : engine.take_ready())
      if (auto const at = senders.find(p); at != senders.end()) at->second->woken.notify();
    go_on();
  }
  void tell_readers() {
    for (auto* const r : readers) r->notify();
  }
  void go_on();
  auto look_up(peer_id const& peer, bitswap_version version, std::shared_ptr<bitswap_sender> const& sender) -> bool;
  auto wait_for_room(wake_up& room, deadline until) -> net::awaitable<void>;
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

// Blocks that came go on their way, where that is not done by the engine itself.
inline void bitswap_state::go_on() {
  if (!work) return;
  while (auto next = engine.take_work())
    net::post(*work, [self = shared_from_this(), next = std::move(next)]() mutable {
      next->run();
      auto const to = self->executor;
      net::post(to, [self = std::move(self), done = std::move(next)] {
        self->engine.finish(*done, now());
        self->tell_readers();
        self->wake();
      });
    });
}

// Whether the store is being asked for what the next message of that peer is about.
inline auto bitswap_state::look_up(peer_id const& peer, bitswap_version version, std::shared_ptr<bitswap_sender> const& sender) -> bool {
  if (sender->looking || sender->looked) return sender->looking;
  auto next = engine.look_up(peer, version);
  if (!next) return false;
  auto lookup = std::make_shared<bitswap_lookup>(*std::move(next));
  if (!work) {
    lookup->run(engine.store());
    sender->looked = std::move(lookup);
    return false;
  }
  sender->looking = true;
  net::post(*work, [self = shared_from_this(), sender, lookup = std::move(lookup)]() mutable {
    lookup->run(self->engine.store());
    auto const to = self->executor;
    net::post(to, [self = std::move(self), sender = std::move(sender), lookup = std::move(lookup)]() mutable {
      sender->looking = false;
      sender->looked = std::move(lookup);
      sender->woken.notify();
    });
  });
  return true;
}

inline auto bitswap_state::send_loop(peer_id peer, std::shared_ptr<bitswap_sender> sender) -> net::awaitable<void> {
  auto out = bitswap_frames{};
  auto to = std::optional<stream>{};
  auto version = bitswap_version::v1_2;
  auto names = std::vector<std::string>{};
  for (auto const p : bitswap_protocols) names.emplace_back(p);
  while (!sender->over && !closed) {
    out.clear();
    // the version is known once a stream is there; before that nothing may be taken out of the machine
    if (!to) {
      if (!engine.owes(peer)) {
        co_await sender->woken.sleep(deadline::max());
        continue;
      }
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
    }
    look_up(peer, version, sender);
    auto const looked = std::exchange(sender->looked, nullptr);  // what is sent borrows it
    if (!engine.next(peer, version, now(), looked.get(), out)) {
      if (!looked) co_await sender->woken.sleep(deadline::max());
      continue;
    }
    if (work) look_up(peer, version, sender);  // the next message is read while this one is sent
    auto const sent = co_await to->write(std::span<bytes_view const>{out.parts}, within(std::chrono::minutes(2)));
    if (!sent) {
      to.reset();
      if (!sender->over) engine.broken(peer, now());
      wake();
    }
  }
}

inline auto bitswap_state::wait_for_room(wake_up& room, deadline until) -> net::awaitable<void> {
  readers.push_back(&room);
  co_await room.sleep(until);
  std::erase(readers, &room);
}

inline auto bitswap_state::read_loop(stream s) -> net::awaitable<void> {
  auto const self = shared_from_this();
  struct leaving {
    bitswap_state& state;
    ~leaving() { state.tell_readers(); }
  };
  auto room = wake_up{executor};
  auto const last = leaving{*this};
  auto reader = bitswap_reader{{self, &engine}, s.remote()};
  auto view = bytes_view{};
  for (;;) {
    auto const whole = bitswap_reader::whole(view);
    if (!whole || closed) co_return;  // reset
    if (*whole != 0 && view.size() >= *whole) {
      while (engine.on_the_way() > most_on_the_way && !closed) co_await wait_for_room(room, deadline::max());
      auto const here = co_await s.wait(0, within(std::chrono::hours(24)));  // at once; what was awaited moved the view
      if (!here || here->size() < *whole || closed) co_return;
      view = *here;
      if (!reader.resume(view.first(*whole), now())) co_return;
      view = view.subspan(*whole);
      s.consume(*whole);
      tell_readers();
      wake();
      continue;
    }
    // what is here of a message need not be in the way of its rest
    auto const until = within(patience_for_room);
    while (!reader.hold(view.size())) {
      if (closed || now() >= until) co_return;
      co_await wait_for_room(room, until);
    }
    s.grant(*whole);
    auto const seen = view.size();
    auto const more = co_await s.wait(seen, within(std::chrono::hours(24)));
    if (!more || more->size() == seen) break;
    view = *more;
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

CAIRN_DECL bitswap_exchange::bitswap_exchange(host h, blockstore_ref store, bitswap_options options, std::optional<boost::asio::any_io_executor> work) {
  auto const executor = h.executor();
  options.works_elsewhere = work.has_value();
  state_ = std::make_shared<detail::bitswap_state>(h, executor, store, std::move(options), std::move(work));
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
  state_->tell_readers();
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

CAIRN_DECL auto bitswap_exchange::open_session(std::shared_ptr<void> keep, blockstore_ref into, sink to) -> session {
  auto s = std::make_shared<detail::bitswap_session_state>(state_, state_->executor);
  s->waits->keep = std::move(keep);
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
