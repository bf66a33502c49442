#pragma once

#include <cairn/asio/libp2p/impl/connection.hpp>
#include <cairn/asio/libp2p/impl/host_state.hpp>
#include <cairn/asio/libp2p/stream.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

namespace cairn::libp2p {
namespace detail {

inline auto net_error(boost::system::error_code const& e) -> error {
  if (e == net::error::eof) return error::message("libp2p", "the connection was closed by the other side");
  return error::message("libp2p", e.message());
}
inline auto timed_out() -> error { return error::message("libp2p", "the deadline has passed"); }

inline stream_state::stream_state(std::shared_ptr<connection> c, stream_id i, bool opened_here)
    : owner{std::move(c)}, id{i}, memory{owner->host->memory}, reader{owner->executor()}, writer{owner->executor()}, dialed{opened_here} {
  owner->streams.emplace(id, this);
}

inline stream_state::~stream_state() {
  if (!gone && !(ended && closed)) {
    owner->reset_stream(id);
  }
  owner->streams.erase(id);
}

inline connection::connection(std::shared_ptr<host_state> h, tcp::socket socket, bool d, std::optional<peer_id> expected)
    : host{std::move(h)}, memory{host->memory}, descriptor{host->descriptors}, dialed{d}, carrier_{std::in_place_type<tcp_carrier>, *this, std::move(socket), std::move(expected)} {}

inline connection::connection(std::shared_ptr<host_state> h, quic_link link, bool d)
    : host{std::move(h)}, memory{host->memory}, descriptor{host->descriptors}, dialed{d}, carrier_{std::in_place_type<quic_carrier>, *this, std::move(link)} {}

inline auto connection::executor() const -> net::any_io_executor { return host->executor; }

inline auto connection::take_room() -> bool {
  auto const take = [this] {
    if (memory.grow(resource_limits::connection_memory) && (!has_descriptor() || descriptor.grow(1))) return true;
    memory.shrink(resource_limits::connection_memory);
    return false;
  };
  if (!favoured && take()) return true;
  if (!favoured && !host->favours(remote_address)) return false;
  favoured = true;
  memory = resource_share{host->favoured_memory}, descriptor = resource_share{host->favoured_descriptors};
  return take();
}

inline void connection::count_in(std::size_t n) {
  host->count.in(n);
  counts.in(n);
}
inline void connection::count_out(std::size_t n) {
  host->count.out(n);
  counts.out(n);
}

inline auto connection::upgrade(deadline until) -> task<void> {
  // what it hangs on is let go of when it is late: the guard ends it
  auto const guard = std::make_shared<net::steady_timer>(executor(), until);
  guard->async_wait([weak = weak_from_this()](boost::system::error_code ec) {
    auto const self = weak.lock();
    if (!ec && self) self->end(timed_out());
  });
  auto opening = with([until](auto& c) { return c.open(until); });
  auto const done = co_await std::move(opening);
  guard->cancel();
  if (!done) {
    end(done.error());
    co_return std::unexpected(done.error());
  }
  if (is_over()) co_return std::unexpected(why());
  remote_ = peer_id::of(remote_key());
  with([](auto& c) { c.run(); });
  co_return io_result<void>{};
}

inline auto connection::ends_by(quic_address const& from, bytes_view datagram) -> bool {
  if (is_over() || !std::get<quic_carrier>(carrier_).is_reset_by(from, datagram)) return false;
  end(error::message("libp2p", "the other side has lost the connection"));
  return true;
}

inline void connection::end(error why) {
  if (why_) return;
  why_ = std::move(why);
  with([](auto& c) { c.leave(); });
  descriptor.shrink(1);
  auto const all = streams;
  for (auto const& [id, s] : all) {
    s->gone = true;
    s->reader.notify();
    s->writer.notify();
  }
  host->lost(*this);
}

inline void connection::tell(stream_event const& e) {
  using kind = stream_event::kind;
  if (e.what == kind::opened) return accept_stream(e.id);
  auto const at = streams.find(e.id);
  if (e.what == kind::none || at == streams.end()) return;
  auto& s = *at->second;
  switch (e.what) {
    case kind::data:
      if (s.gone) break;
      if (!s.memory.grow(e.data.size())) {  // who reads nothing loses its stream, before others get none
        s.gone = true;
        reset_stream(s.id);
        s.writer.notify();
      } else {
        s.in.push(e.data);
      }
      s.reader.notify();
      break;
    case kind::finished: s.ended = true; s.reader.notify(); break;
    case kind::reset: s.gone = true; s.reader.notify(); s.writer.notify(); break;
    case kind::writable: s.writer.notify(); break;
    default: break;
  }
}

// Both sides of a stream agree on its protocol, over the stream itself.
inline auto agree(std::shared_ptr<stream_state> s, std::vector<std::string> protocols, bool asks_here, deadline until) -> task<std::string> {
  auto asks = multistream_dialer{protocols};
  auto answers = multistream_listener{};
  auto text = byte_queue{};
  auto io = stream{s};
  if (asks_here) asks.start(text);
  else answers.start(text);
  for (;;) {
    auto const step = asks_here ? asks.resume(s->in.view(), text) : answers.resume(s->in.view(), protocols, text);
    if (!step) co_return std::unexpected(error{step.error()});
    if (step->taken != 0) io.consume(step->taken);
    if (!text.empty()) {
      auto const sent = co_await io.write(text.view(), until);
      if (!sent) co_return std::unexpected(sent.error());
      text.clear();
    }
    if (step->agreed) co_return protocols[*step->agreed];
    if (step->taken != 0) continue;
    auto const seen = s->in.size();
    auto const more = co_await io.wait(seen, until);
    if (!more) co_return std::unexpected(more.error());
    if (more->size() == seen) co_return std::unexpected(error::message("libp2p", "the stream ended in the negotiation of its protocol"));
  }
}

inline auto serve(std::shared_ptr<stream_state> s) -> net::awaitable<void> {
  auto const host = s->owner->host;
  auto const name = co_await agree(s, host->protocols(), false, within(host->options.negotiation_time));
  if (!name) co_return;  // the stream goes out of scope and is reset
  s->protocol = *name;
  if (!host->admit(*s)) co_return;
  s->counts = host->counts_of(*name);
  auto const h = host->handler_of(*name);
  auto io = stream{std::move(s)};
  if (h) co_await (*h)(std::move(io));
}

inline void connection::accept_stream(stream_id id) {
  auto s = std::make_shared<stream_state>(shared_from_this(), id, false);
  net::co_spawn(executor(), [s = std::move(s)]() mutable { return serve(std::move(s)); }, host->counted());
}

inline auto connection::open(std::vector<std::string> protocols, deadline until) -> task<std::shared_ptr<stream_state>> {
  if (is_over()) co_return std::unexpected(why());
  auto const id = with([](auto& c) { return c.open_stream(); });
  if (!id) co_return std::unexpected(id.error());
  auto s = std::make_shared<stream_state>(shared_from_this(), *id, true);
  auto const name = co_await agree(s, std::move(protocols), true, until);
  if (!name) co_return std::unexpected(name.error());
  s->protocol = *name;
  if (!host->admit(*s)) co_return std::unexpected(error::message("libp2p", "protocol: cannot reserve outbound stream: resource limit exceeded").about(*name));
  s->counts = host->counts_of(*name);
  co_return s;
}

}  // namespace detail

CAIRN_DECL auto stream::protocol() const -> std::string const& { return state_->protocol; }
CAIRN_DECL auto stream::remote() const -> peer_id const& { return state_->owner->remote(); }

namespace detail {
inline auto stream_over(stream_state const& s) -> error {
  return s.owner->is_over() ? s.owner->why() : error::message("libp2p", "stream reset");
}
}  // namespace detail

CAIRN_DECL auto stream::wait(std::size_t seen, deadline until) -> task<bytes_view> {
  auto const s = state_;
  while (s->in.size() <= seen && !s->ended) {
    if (s->gone) co_return std::unexpected(detail::stream_over(*s));
    auto const woken = co_await s->reader.sleep(until);
    if (!woken && s->in.size() <= seen && !s->ended) co_return std::unexpected(detail::timed_out());
  }
  co_return s->in.view();
}

CAIRN_DECL void stream::consume(std::size_t n) {
  auto& s = *state_;
  s.in.consume(n);
  s.memory.shrink(n);
  s.counts.in(n);
  if (s.in.empty()) s.in.release(2 * 1024 * 1024);
  auto const before = std::min(n, s.granted);
  s.granted -= before;
  if (n != before) s.owner->consumed(s.id, n - before);
}

CAIRN_DECL void stream::grant(std::size_t n) {
  auto& s = *state_;
  n = std::min(n, s.in.size());
  if (n <= s.granted) return;
  s.owner->consumed(s.id, n - std::exchange(s.granted, n));
}

CAIRN_DECL auto stream::read_some(bytes_span out, deadline until) -> task<std::size_t> {
  auto const view = co_await wait(0, until);
  if (!view) co_return std::unexpected(view.error());
  auto const n = std::min(view->size(), out.size());
  std::copy_n(view->begin(), n, out.begin());
  consume(n);
  co_return n;
}

CAIRN_DECL auto stream::write(bytes_view in, deadline until) -> task<void> {
  auto const one = std::span<bytes_view const>{&in, 1};
  auto const done = co_await write(one, until);
  co_return done;
}

CAIRN_DECL auto stream::write(std::span<bytes_view const> parts, deadline until) -> task<void> {
  auto const s = state_;
  auto& c = *s->owner;
  auto all = std::vector<bytes_view>(parts.begin(), parts.end());
  auto left = std::span<bytes_view>{all};
  for (;;) {
    while (!left.empty() && left.front().empty()) left = left.subspan(1);
    if (left.empty()) co_return io_result<void>{};
    if (s->gone) co_return std::unexpected(detail::stream_over(*s));
    auto const n = c.write_some(s->id, left);
    if (!n) co_return std::unexpected(n.error());
    if (*n == 0) {
      auto const woken = co_await s->writer.sleep(until);
      if (!woken) co_return std::unexpected(detail::timed_out());
      continue;
    }
    s->counts.out(*n);
    for (auto rest = *n; rest != 0;) {
      auto const k = std::min(rest, left.front().size());
      left.front() = left.front().subspan(k);
      rest -= k;
      if (left.front().empty()) left = left.subspan(1);
    }
  }
}

CAIRN_DECL void stream::close() {
  auto& s = *state_;
  if (s.gone || std::exchange(s.closed, true)) return;
  s.owner->close_stream(s.id);
}

CAIRN_DECL void stream::reset() {
  auto& s = *state_;
  if (std::exchange(s.gone, true)) return;
  s.owner->reset_stream(s.id);
  s.reader.notify();
  s.writer.notify();
}

}  // namespace cairn::libp2p
