#pragma once

#include <cairn/asio/http/impl/connection_exchange.hpp>

namespace cairn::http::detail {

inline auto connection::receive_some() -> ssize_t {
  thread_local char buffer[64 * 1024];
  auto const n = ::recv(socket_.native_handle(), buffer, sizeof buffer, MSG_DONTWAIT);
  if (n > 0) {
    pending_.append(buffer, static_cast<std::size_t>(n));
    state_.received += static_cast<std::uint64_t>(n);
  }
  return n;
}

inline void connection::wait_for_request() {
  socket_.async_wait(socket_type::wait_read, [self = shared_from_this()](error_code ec) {
    if (!ec) self->on_readable();
  });
}

// Answer without a handler, and close.
inline auto connection::refuse(unsigned status) -> bool {
  auto out = std::string{"HTTP/1.1 "} + std::to_string(status) + " " + std::string{reason(status)};
  auto const body = std::to_string(status) + " " + std::string{reason(status)};
  out += "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
  keep_ = false;
  unsent_ = std::move(out);
  unsent_at_ = 0;
  send_rest();
  return false;
}

inline void connection::on_readable() {
  for (;;) {
    // what came with the request before is looked at first
    if (pending_.empty()) {
      auto const n = receive_some();
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && errno == EAGAIN) return wait_for_request();
      if (n <= 0 || state_.stopping) return;
    }
    if (!parser_) {
      parser_ = std::make_unique<request_parser>();
      parser_->header_limit(static_cast<std::uint32_t>(state_.options.head_bytes));
      parser_->body_limit(boost::none);
      idle_ = false;
      deadline_ = coarse_seconds() + state_.options.head_deadline;
    }
    auto ec = error_code{};
    auto const used = parser_->put(boost::asio::buffer(pending_), ec);
    pending_.erase(0, used);
    if (ec == beast_http::error::need_more) {
      forget_head();
      counted_ = pending_.size();
      if ((state_.heads += counted_) > state_.options.heads_bytes) return static_cast<void>(refuse(503));
      auto const n = receive_some();
      if (n > 0) continue;
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) return wait_for_request();
      return;
    }
    if (ec == beast_http::error::header_limit) return static_cast<void>(refuse(431));
    if (ec) return static_cast<void>(refuse(400));
    if (!parser_->is_header_done()) continue;
    forget_head();
    if (parser_->version >= 11 && !parser_->head.fields.find("Host")) return static_cast<void>(refuse(400));
    if (state_.pool.exhausted()) return static_cast<void>(refuse(503));
    serve();
    if (!unsent_.empty()) return send_rest();
    if (!keep_) return linger();
  }
}

inline void connection::serve() {
  ++state_.requests;
  ++state_.running;
  state_.pool.began();
  deadline_ = 0;
  keep_ = parser_->keep_alive();
  parser_->head.peer = peer_;
  parser_->head.from_loopback = loopback_;
  parser_->eager(false);
  auto answering = connection_exchange{*this};
  try {
    answer_(answering);
    if (!answering.finished()) static_cast<void>(answering.finish({}));
  } catch (...) {
    if (answering.begun()) answering.abort();
    else static_cast<void>(respond(answering, 500, "text/plain; charset=utf-8", "500 Internal Server Error\n"));
  }
  if (answering.broken()) keep_ = false;
  // a body that nobody wanted: its rest is taken where it is here already, else the connection ends
  auto unwanted = std::array<byte, 16 * 1024>{};
  auto skipped = 0uz;
  while (keep_ && !parser_->is_done()) {
    if (pending_.empty() && (skipped > 256 * 1024 || receive_some() <= 0)) {
      keep_ = false;
      break;
    }
    auto ec = error_code{};
    parser_->sink = unwanted;
    auto const used = parser_->put(boost::asio::buffer(pending_), ec);
    skipped += used;
    pending_.erase(0, used);
    if ((ec && ec != beast_http::error::need_more) || (ec && pending_.size() > 64 * 1024)) keep_ = false;
    if (ec == beast_http::error::need_more && receive_some() <= 0) keep_ = false;
  }
  parser_.reset();
  if (pending_.empty()) pending_ = {};
  state_.pool.finished();
  --state_.running;
  if (state_.stopping) keep_ = false;
  idle_ = true;
  deadline_ = coarse_seconds() + state_.options.idle_deadline;
}

inline void connection::send_rest() {
  idle_ = false;
  while (unsent_at_ < unsent_.size()) {
    auto const n = ::send(socket_.native_handle(), unsent_.data() + unsent_at_, unsent_.size() - unsent_at_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) {
      auto const now = coarse_seconds();
      auto const& o = state_.options;
      if (rest_until_ == 0) rest_until_ = o.slow_rate == 0 ? INT64_MAX : now + o.stall_deadline + static_cast<std::int64_t>((unsent_.size() - unsent_at_) / o.slow_rate);
      deadline_ = std::min(now + o.stall_deadline, rest_until_);
      return socket_.async_wait(socket_type::wait_write, [self = shared_from_this()](error_code ec) {
        if (!ec) self->send_rest();
      });
    }
    if (n < 0) return;
    unsent_at_ += static_cast<std::size_t>(n);
    state_.sent += static_cast<std::uint64_t>(n);
  }
  unsent_ = {};
  unsent_at_ = 0;
  rest_until_ = 0;
  if (!keep_) return linger();
  idle_ = true;
  deadline_ = coarse_seconds() + state_.options.idle_deadline;
  if (pending_.empty()) return wait_for_request();
  on_readable();
}

// The client reads to the end before the connection goes: what it still sends is thrown away for a moment.
inline void connection::linger() {
  if (cut_) return;
  idle_ = true;
  if (lingered_ == 0) {
    ::shutdown(socket_.native_handle(), SHUT_WR);
    deadline_ = coarse_seconds() + 3;
  }
  for (;;) {
    pending_.clear();
    auto const n = receive_some();
    if (n < 0 && errno == EINTR) continue;
    if (n == 0 || (n < 0 && errno != EAGAIN)) return;
    if (n < 0) break;
    lingered_ += static_cast<std::size_t>(n);
    if (lingered_ > 8 << 20) return;
  }
  pending_ = {};
  ++lingered_;
  socket_.async_wait(socket_type::wait_read, [self = shared_from_this()](error_code ec) {
    if (!ec) self->linger();
  });
}

}  // namespace cairn::http::detail
