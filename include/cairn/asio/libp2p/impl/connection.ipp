#pragma once

#include <cairn/asio/libp2p/impl/connection.hpp>
#include <cairn/asio/libp2p/impl/host_state.hpp>
#include <cairn/asio/libp2p/stream.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

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
    : host{std::move(h)}, memory{host->memory}, descriptor{host->descriptors}, dialed{d}, session{d, host->options.muxer}, socket_{std::move(socket)}, expected_{std::move(expected)},
      writing_{socket_.get_executor()}, drained_{socket_.get_executor()} {
  if (host->options.swarm_key) network_.emplace(*host->options.swarm_key, random_source::system());
}

inline auto connection::take_room() -> bool { return memory.grow(resource_limits::connection_memory) && (quic_ || descriptor.grow(1)); }

inline auto connection::receive(std::size_t room) -> task<void> {
  auto& to = shell_ || web_ || network_ ? raw_in_ : wire_in_;
  auto const space = to.prepare(room);
  auto ec = boost::system::error_code{};
  auto const n = co_await socket_.async_read_some(net::buffer(space.data(), space.size()), net::redirect_error(net::use_awaitable, ec));
  if (ec) co_return std::unexpected(net_error(ec));
  to.commit(n);
  host->count.in(n);
  counts.in(n);
  CAIRN_CO_TRY(uncover());
  // busy connections read much at once, idle ones hold little
  moved_ = true;
  if (n == space.size() && read_size_ < 256 * 1024) read_size_ *= 4;
  else if (n < read_size_ / 16 && read_size_ > 4096) read_size_ /= 2;
  co_return io_result<void>{};
}

inline auto connection::uncover() -> io_result<void> {
  if (shell_) {
    CAIRN_TRY(auto const taken, shell_->resume(raw_in_.view(), shelled_in_, shell_out_));
    raw_in_.consume(taken);
    if (!shell_out_.empty()) kick();
  }
  auto& next = shell_ ? shelled_in_ : raw_in_;
  if (web_) {
    auto const taken = web_->resume(next.view(), network_ ? hidden_in_ : wire_in_);
    if (!taken) return std::unexpected(error{taken.error()});
    next.consume(*taken);
    if (web_->has_answers()) kick();
    if (network_) hidden_in_.consume(network_->resume(hidden_in_.view(), wire_in_));
  } else if (network_) {
    next.consume(network_->resume(next.view(), wire_in_));
  }
  return {};
}

inline void connection::hide() {
  if (network_) {
    auto hidden = byte_queue{};
    if (!std::exchange(greeted_, true)) network_->start(hidden);  // with the first octets, in one write (IX-50)
    network_->write(wire_out_.view(), hidden);
    wire_out_ = std::move(hidden);
  }
  if (web_) {
    auto framed = byte_queue{};
    web_->write(wire_out_.view(), framed);
    wire_out_ = std::move(framed);
  }
  if (shell_) {
    auto sealed = byte_queue{};
    sealed.swap(shell_out_);
    if (!wire_out_.empty()) (void)shell_->write(wire_out_.view(), sealed);  // its error is met by who reads
    wire_out_ = std::move(sealed);
  }
}

inline auto connection::flush_plain() -> task<void> {
  hide();
  auto const sent = co_await send();
  co_return sent;
}

inline auto connection::send() -> task<void> {
  // not net::async_write: it hands the system 64 KiB at a time
  while (!wire_out_.empty()) {
    auto ec = boost::system::error_code{};
    auto const view = wire_out_.view();
    auto const n = co_await socket_.async_write_some(net::buffer(view.data(), view.size()), net::redirect_error(net::use_awaitable, ec));
    if (ec) co_return std::unexpected(net_error(ec));
    wire_out_.consume(n);
    host->count.out(n);
    counts.out(n);
  }
  co_return io_result<void>{};
}

inline auto connection::decrypt(byte_queue& answers) -> io_result<void> {
  auto const taken = channel_.resume(wire_in_.view(), text_in_, answers);
  if (!taken) return std::unexpected(taken.error());
  wire_in_.consume(*taken);
  return {};
}

inline void connection::end(error why) {
  if (why_) return;
  why_ = std::move(why);
  go_away();
  auto ignored = boost::system::error_code{};
  socket_.close(ignored);
  descriptor.shrink(1);
  if (quic_) {
    byte last[quic_session::max_datagram];
    auto const n = quic_->session.farewell(last, now());
    if (n != 0) quic_->endpoint->send(quic_->path.remote, {last, n}, n);
    quic_->endpoint->forget(*this);
  }
  auto const all = streams;
  for (auto const& [id, s] : all) {
    s->gone = true;
    s->reader.notify();
    s->writer.notify();
  }
  writing_.notify();
  drained_.notify();
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

inline auto connection::take_events() -> io_result<void> {
  auto const t = now();
  for (;;) {
    auto const step = session.resume(text_in_.view(), t, text_out);
    if (!step) return std::unexpected(error{step.error()});
    tell(step->event);
    if (step->taken == 0 && step->event.what == stream_event::kind::none) return {};
    text_in_.consume(step->taken);
  }
}

inline auto connection::read_loop() -> net::awaitable<void> {
  for (;;) {
    auto ok = decrypt(answers_);
    if (!ok) farewell();
    if (ok) ok = take_events();
    if (!text_out.empty() || !answers_.empty()) kick();
    if (!ok) {
      end(ok.error());
      co_return;
    }
    // what is left has no room for its answers: the other side does not read (SEC-12)
    while (!is_over() && text_out.size() > host->options.muxer.max_unsent) co_await drained_.sleep(deadline::max());
    if (is_over()) co_return;
    if (text_in_.size() >= yamux_session::header_size && text_out.size() <= host->options.muxer.max_unsent) {
      auto const before = text_in_.size();
      if (ok = take_events(); !ok) {
        end(ok.error());
        co_return;
      }
      if (text_in_.size() != before) continue;
    }
    if (read_size_ == 4096) {  // quiet: a connection that waits holds little
      wire_in_.release(16 * 1024);
      text_in_.release(16 * 1024);
      auto ec = boost::system::error_code{};
      co_await socket_.async_wait(tcp::socket::wait_read, net::redirect_error(net::use_awaitable, ec));
      if (is_over()) co_return;
    }
    auto const more = co_await receive(read_size_);
    if (!more) {
      end(more.error());
      co_return;
    }
  }
}

// Once a second, from the host: the memory of a connection that is still, and whether the other side is there at all.
inline void connection::tick() {
  if (!std::exchange(moved_, false)) kick();
  if (quic_) return;  // it keeps itself alive
  auto const t = now();
  if (session.ping_sent() && t - *session.ping_sent() > host->options.silence) return end(error::message("libp2p", "the peer does not answer"));
  if (++ticks_ % 15 != 0) return;
  session.ping(t, text_out);
  kick();
}

inline void connection::farewell() {
  if (!wire_out_.empty() || answers_.empty()) return;  // the writer is in the middle of something
  wire_out_.swap(answers_);
  send_last();
}

// Who only sees a socket close takes a while to believe it, and dials nobody meanwhile.
inline void connection::go_away() {
  if (quic_ || !begun_ || !wire_out_.empty() || !text_out.empty()) return;  // the writer is in the middle of something
  session.go_away(0, text_out);
  if (!channel_.write(text_out.view(), wire_out_)) return;
  text_out.clear();
  if (web_) web_->close();
  send_last();
}

inline void connection::send_last() {
  auto ignored = boost::system::error_code{};
  hide();
  socket_.non_blocking(true, ignored);
  auto const view = wire_out_.view();
  if (!ignored) socket_.write_some(net::buffer(view.data(), view.size()), ignored);
}

inline auto connection::write_loop() -> net::awaitable<void> {
  while (!is_over()) {
    // an answer of the channel was sealed before what is sealed next
    if (!answers_.empty()) {
      wire_out_.push(answers_.view());
      answers_.clear();
    }
    if (text_out.empty() && wire_out_.empty() && !(web_ && web_->has_answers()) && shell_out_.empty()) {
      if (!moved_) {
        text_out.release();
        wire_out_.release();
      }
      co_await writing_.sleep(deadline::max());
      continue;
    }
    auto const n = std::min(text_out.size(), most_waiting);
    auto const sealed = channel_.write(text_out.view().first(n), wire_out_);
    if (!sealed) {
      end(error{sealed.error()});
      co_return;
    }
    text_out.consume(n);
    moved_ = true;
    if (text_out.size() < most_waiting)
      for (auto const& [id, s] : streams) s->writer.notify();
    drained_.notify();
    auto const sent = co_await flush_plain();
    if (!sent) {
      end(sent.error());
      co_return;
    }
  }
}

inline auto connection::round_trip() const -> std::optional<std::chrono::nanoseconds> {
  return quic_ ? quic_->session.round_trip() : session.round_trip();
}

inline auto connection::open_stream() -> io_result<stream_id> {
  if (quic_) {
    auto const id = quic_->session.open();
    if (!id) return std::unexpected(error::message("quic", "the other side allows no more streams now"));
    return *id;
  }
  auto const id = session.open(text_out);
  if (!id) return std::unexpected(error{id.error()});
  return *id;
}

inline auto connection::write_some(stream_id id, std::span<bytes_view const> parts) -> io_result<std::size_t> {
  if (quic_) {
    auto const in = parts.front();
    auto const n = quic_->session.write(id, in.first(std::min(in.size(), most_waiting)));
    if (n != 0) kick();
    return n;
  }
  auto const room = text_out.size() < most_waiting ? most_waiting - text_out.size() : 0uz;
  if (room == 0) return 0uz;
  auto const n = session.write(id, parts, room, text_out);
  if (!n) return std::unexpected(error{n.error()});
  if (*n != 0) kick();
  return *n;
}

inline void connection::consumed(stream_id id, std::size_t n) {
  if (quic_) {
    quic_->session.consumed(id, n);
    return kick();
  }
  auto const before = text_out.size();
  session.consumed(id, n, now(), text_out);
  if (text_out.size() != before) kick();
}

inline void connection::close_stream(stream_id id) {
  if (quic_) quic_->session.close(id);
  else session.close(id, text_out);
  kick();
}

inline void connection::reset_stream(stream_id id) {
  if (quic_) quic_->session.reset(id);
  else session.reset(id, text_out);
  kick();
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
  auto const id = open_stream();
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
