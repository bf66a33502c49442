#pragma once

#include <cairn/asio/libp2p/impl/connection.hpp>
#include <cairn/asio/libp2p/impl/host_state.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn::libp2p::detail {

inline tcp_carrier::tcp_carrier(connection& owner, tcp::socket socket, std::optional<peer_id> expected)
    : owner_{owner}, socket_{std::move(socket)}, session_{owner.dialed, owner.host->options.muxer}, expected_{std::move(expected)}, writing_{owner.executor()}, drained_{owner.executor()} {
  if (owner.host->options.swarm_key) network_.emplace(*owner.host->options.swarm_key, random_source::system());
}

inline auto tcp_carrier::receive(std::size_t room) -> task<void> {
  auto& to = shell_ || web_ || network_ ? raw_in_ : wire_in_;
  auto const space = to.prepare(room);
  auto ec = boost::system::error_code{};
  auto const n = co_await socket_.async_read_some(net::buffer(space.data(), space.size()), net::redirect_error(net::use_awaitable, ec));
  if (ec) co_return std::unexpected(net_error(ec));
  to.commit(n);
  owner_.count_in(n);
  CAIRN_CO_TRY(uncover());
  // busy connections read much at once, idle ones hold little
  moved_ = true;
  if (n == space.size() && read_size_ < 256 * 1024) read_size_ *= 4;
  else if (n < read_size_ / 16 && read_size_ > 4096) read_size_ /= 2;
  co_return io_result<void>{};
}

inline auto tcp_carrier::uncover() -> io_result<void> {
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

inline void tcp_carrier::hide() {
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

inline auto tcp_carrier::flush_plain() -> task<void> {
  hide();
  auto const sent = co_await send();
  co_return sent;
}

inline auto tcp_carrier::send() -> task<void> {
  // not net::async_write: it hands the system 64 KiB at a time
  while (!wire_out_.empty()) {
    auto ec = boost::system::error_code{};
    auto const view = wire_out_.view();
    auto const n = co_await socket_.async_write_some(net::buffer(view.data(), view.size()), net::redirect_error(net::use_awaitable, ec));
    if (ec) co_return std::unexpected(net_error(ec));
    wire_out_.consume(n);
    owner_.count_out(n);
  }
  co_return io_result<void>{};
}

inline auto tcp_carrier::decrypt(byte_queue& answers) -> io_result<void> {
  auto const taken = channel_.resume(wire_in_.view(), text_in_, answers);
  if (!taken) return std::unexpected(taken.error());
  wire_in_.consume(*taken);
  return {};
}

inline auto tcp_carrier::take_events() -> io_result<void> {
  auto const t = now();
  for (;;) {
    auto const step = session_.resume(text_in_.view(), t, text_out_);
    if (!step) return std::unexpected(error{step.error()});
    owner_.tell(step->event);
    if (step->taken == 0 && step->event.what == stream_event::kind::none) return {};
    text_in_.consume(step->taken);
  }
}

inline auto tcp_carrier::read_loop() -> net::awaitable<void> {
  for (;;) {
    auto ok = decrypt(answers_);
    if (!ok) farewell();
    if (ok) ok = take_events();
    if (!text_out_.empty() || !answers_.empty()) kick();
    if (!ok) {
      owner_.end(ok.error());
      co_return;
    }
    // what is left has no room for its answers: the other side does not read (SEC-12)
    while (!owner_.is_over() && text_out_.size() > owner_.host->options.muxer.max_unsent) co_await drained_.sleep(deadline::max());
    if (owner_.is_over()) co_return;
    if (text_in_.size() >= yamux_session::header_size && text_out_.size() <= owner_.host->options.muxer.max_unsent) {
      auto const before = text_in_.size();
      if (ok = take_events(); !ok) {
        owner_.end(ok.error());
        co_return;
      }
      if (text_in_.size() != before) continue;
    }
    if (read_size_ == 4096) {  // quiet: a connection that waits holds little
      wire_in_.release(16 * 1024);
      text_in_.release(16 * 1024);
      auto ec = boost::system::error_code{};
      co_await socket_.async_wait(tcp::socket::wait_read, net::redirect_error(net::use_awaitable, ec));
      if (owner_.is_over()) co_return;
    }
    auto const more = co_await receive(read_size_);
    if (!more) {
      owner_.end(more.error());
      co_return;
    }
  }
}

// The memory of a connection that is still, and whether the other side is there at all.
inline void tcp_carrier::tick() {
  if (!std::exchange(moved_, false)) kick();
  auto const t = now();
  if (session_.ping_sent() && t - *session_.ping_sent() > owner_.host->options.silence) return owner_.end(error::message("libp2p", "the peer does not answer"));
  if (++ticks_ % 15 != 0) return;
  session_.ping(t, text_out_);
  kick();
}

inline void tcp_carrier::farewell() {
  if (!wire_out_.empty() || answers_.empty()) return;  // the writer is in the middle of something
  wire_out_.swap(answers_);
  send_last();
}

// Who only sees a socket close takes a while to believe it, and dials nobody meanwhile.
inline void tcp_carrier::go_away() {
  if (!begun_ || !wire_out_.empty() || !text_out_.empty()) return;  // the writer is in the middle of something
  session_.go_away(0, text_out_);
  if (!channel_.write(text_out_.view(), wire_out_)) return;
  text_out_.clear();
  if (web_) web_->close();
  send_last();
}

inline void tcp_carrier::send_last() {
  auto ignored = boost::system::error_code{};
  hide();
  socket_.non_blocking(true, ignored);
  auto const view = wire_out_.view();
  if (!ignored) socket_.write_some(net::buffer(view.data(), view.size()), ignored);
}

inline auto tcp_carrier::write_loop() -> net::awaitable<void> {
  while (!owner_.is_over()) {
    // an answer of the channel was sealed before what is sealed next
    if (!answers_.empty()) {
      wire_out_.push(answers_.view());
      answers_.clear();
    }
    if (text_out_.empty() && wire_out_.empty() && !(web_ && web_->has_answers()) && shell_out_.empty()) {
      if (!moved_) {
        text_out_.release();
        wire_out_.release();
      }
      co_await writing_.sleep(deadline::max());
      continue;
    }
    auto const n = std::min(text_out_.size(), most_waiting);
    auto const sealed = channel_.write(text_out_.view().first(n), wire_out_);
    if (!sealed) {
      owner_.end(error{sealed.error()});
      co_return;
    }
    text_out_.consume(n);
    moved_ = true;
    if (text_out_.size() < most_waiting)
      for (auto const& [id, s] : owner_.streams) s->writer.notify();
    drained_.notify();
    auto const sent = co_await flush_plain();
    if (!sent) {
      owner_.end(sent.error());
      co_return;
    }
  }
}

inline auto tcp_carrier::open_stream() -> io_result<stream_id> {
  auto const id = session_.open(text_out_);
  if (!id) return std::unexpected(error{id.error()});
  return *id;
}

inline auto tcp_carrier::write_some(stream_id id, std::span<bytes_view const> parts) -> io_result<std::size_t> {
  auto const room = text_out_.size() < most_waiting ? most_waiting - text_out_.size() : 0uz;
  if (room == 0) return 0uz;
  auto const n = session_.write(id, parts, room, text_out_);
  if (!n) return std::unexpected(error{n.error()});
  if (*n != 0) kick();
  return *n;
}

inline void tcp_carrier::consumed(stream_id id, std::size_t n) {
  auto const before = text_out_.size();
  session_.consumed(id, n, now(), text_out_);
  if (text_out_.size() != before) kick();
}

inline void tcp_carrier::close_stream(stream_id id) {
  session_.close(id, text_out_);
  kick();
}

inline void tcp_carrier::reset_stream(stream_id id) {
  session_.reset(id, text_out_);
  kick();
}

inline void tcp_carrier::leave() {
  go_away();
  auto ignored = boost::system::error_code{};
  socket_.close(ignored);
  writing_.notify();
  drained_.notify();
}

}  // namespace cairn::libp2p::detail
