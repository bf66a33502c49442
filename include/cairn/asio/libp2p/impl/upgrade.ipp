#pragma once

#include <cairn/asio/libp2p/impl/tcp_carrier.ipp>

#include <chrono>

// What a socket goes through before it carries streams: WebSocket, security, muxer.

namespace cairn::libp2p::detail {

inline void tcp_carrier::dial_web(std::string name, std::optional<std::string> tls_name) {
  web_.emplace(websocket_options{.dialer = true, .host = std::move(name)}, random_source::system());
  if (!tls_name) return;
  auto const seconds = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1);
  shell_.emplace(*owner_.host->tls, tls_options{.now = seconds, .protocols = {"http/1.1"}, .web = std::move(tls_name)}, random_source::system());
}
inline void tcp_carrier::accept_web(bool plain) { accepts_web_ = true, accepts_plain_ = plain; }

inline auto tcp_carrier::open_shell() -> task<void> {
  CAIRN_CO_TRY(shell_->start(shell_out_));
  for (;;) {
    wire_out_.swap(shell_out_);
    auto const sent = co_await send();
    if (!sent) co_return sent;
    if (shell_->is_open()) co_return io_result<void>{};
    auto const more = co_await receive(read_size_);
    if (!more) {
      wire_out_.swap(shell_out_);  // the alert
      (void)co_await send();
      co_return std::unexpected(error{more.error()}.during("tls handshake of the WebSocket"));
    }
  }
}

// The first octet tells what comes: multistream-select begins with the length of its header, a WebSocket with "GET". In a
// private network it tells nothing: such a host has ports for the one and for the other.
inline auto tcp_carrier::open_web() -> task<void> {
  if (!owner_.dialed && accepts_web_) {
    if (accepts_plain_) {
      auto const first = co_await receive(read_size_);
      if (!first) co_return std::unexpected(first.error());
      if (wire_in_.view()[0] != 'G') co_return io_result<void>{};
    }
    auto options = websocket_options{};
    options.dialer = false;
    web_.emplace(std::move(options), random_source::system());
    raw_in_.swap(wire_in_);
    auto const taken = web_->resume(raw_in_.view(), network_ ? hidden_in_ : wire_in_);
    if (taken) raw_in_.consume(*taken);
  }
  if (!web_) co_return io_result<void>{};
  if (shell_) {
    auto const ok = co_await open_shell();
    if (!ok) co_return ok;
  }
  web_->start(wire_out_);
  if (shell_) {
    auto request = byte_queue{};
    CAIRN_CO_TRY(shell_->write(wire_out_.view(), request));
    wire_out_.swap(request);
  }
  for (;;) {
    if (web_->has_answers()) web_->write({}, wire_out_);  // of a listener; those have no TLS of the web
    if (!wire_out_.empty()) {
      auto const sent = co_await send();
      if (!sent) co_return sent;
    }
    if (web_->is_open()) break;
    auto more = co_await receive(read_size_);
    if (!more && web_->has_answers()) {  // why it is refused
      web_->write({}, wire_out_);
      (void)co_await send();
    }
    if (!more) co_return std::unexpected(error{more.error()}.during("websocket handshake"));
  }
  if (!owner_.dialed) owner_.remote_address = parse_multiaddr(to_string(owner_.remote_address) + "/ws").value_or(owner_.remote_address);
  co_return io_result<void>{};
}

inline auto tcp_carrier::secure() -> task<void> {
  auto const seconds = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1);
  auto options = upgrade_options{owner_.dialed, expected_, owner_.host->options.security, &*owner_.host->noise, &*owner_.host->tls, seconds};
  auto machine = connection_upgrade{std::move(options), random_source::system()};
  machine.start(wire_out_);
  for (;;) {
    auto const open = machine.resume(wire_in_, text_in_, wire_out_);
    if (!wire_out_.empty()) {
      auto const sent = co_await flush_plain();  // after an error that is the alert
      if (open && !sent) co_return std::unexpected(error{sent.error()}.during(std::string{machine.phase()}));
    }
    if (!open) co_return std::unexpected(open.error());
    if (*open) break;
    auto const more = co_await receive(read_size_);
    if (!more) co_return std::unexpected(error{more.error()}.during(std::string{machine.phase()}));
  }
  channel_ = machine.take_channel();
  co_return io_result<void>{};
}

inline auto tcp_carrier::open(deadline) -> task<void> {
  auto done = co_await open_web();
  if (done) done = co_await secure();
  if (!done && owner_.is_over()) co_return std::unexpected(owner_.why());  // who ended it says why
  co_return done;
}

inline void tcp_carrier::run() {
  auto const self = owner_.shared_from_this();
  net::co_spawn(owner_.executor(), [self, this] { return write_loop(); }, owner_.host->counted());
  net::co_spawn(owner_.executor(), [self, this] { return read_loop(); }, owner_.host->counted());
  session_.ping(now(), text_out_);
  kick();
}

}  // namespace cairn::libp2p::detail
