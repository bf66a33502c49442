#pragma once

#include <cairn/asio/libp2p/impl/connection.ipp>
#include <cairn/asio/libp2p/impl/host_state.hpp>

#include <chrono>

// What a socket goes through before it is a connection: WebSocket, security, muxer.

namespace cairn::libp2p::detail {

inline void connection::dial_web(std::string name, std::optional<std::string> tls_name) {
  web_.emplace(websocket_options{.dialer = true, .host = std::move(name)}, random_source::system());
  if (!tls_name) return;
  auto const seconds = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1);
  shell_.emplace(*host->tls, tls_options{.now = seconds, .protocols = {"http/1.1"}, .web = std::move(tls_name)}, random_source::system());
}
inline void connection::accept_web(bool plain) { accepts_web_ = true, accepts_plain_ = plain; }

inline auto connection::open_shell() -> task<void> {
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
inline auto connection::open_web() -> task<void> {
  if (!dialed && accepts_web_) {
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
  if (!dialed) remote_address = parse_multiaddr(to_string(remote_address) + "/ws").value_or(remote_address);
  co_return io_result<void>{};
}

// Talks multistream-select over the connection itself, before or inside the secure channel.
inline auto connection::negotiate(std::vector<std::string> protocols, byte_queue& in, bool encrypted) -> task<std::string> {
  auto asks = multistream_dialer{protocols};
  auto answers = multistream_listener{};
  auto text = byte_queue{};
  if (dialed) asks.start(text);
  else answers.start(text);
  for (;;) {
    if (!text.empty()) {
      if (encrypted) {
        CAIRN_CO_TRY(channel_.write(text.view(), wire_out_));
      } else {
        wire_out_.push(text.view());
      }
      text.clear();
      auto const sent = co_await flush_plain();
      if (!sent) co_return std::unexpected(sent.error());
    }
    auto const step = dialed ? asks.resume(in.view(), text) : answers.resume(in.view(), protocols, text);
    if (!step) co_return std::unexpected(error{step.error()});
    in.consume(step->taken);
    if (step->agreed) {
      if (encrypted && !text.empty()) {
        CAIRN_CO_TRY(channel_.write(text.view(), wire_out_));
      } else {
        wire_out_.push(text.view());
      }
      co_return protocols[*step->agreed];
    }
    if (!text.empty()) continue;
    auto const more = co_await receive(read_size_);
    if (!more) co_return std::unexpected(more.error());
    if (encrypted) {
      CAIRN_CO_TRY(decrypt(wire_out_));
    }
  }
}

inline void connection::make_channel(std::string_view name) {
  auto const random = random_source::system();
  if (name == tls::protocol_id) {
    auto const seconds = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1);
    auto options = tls_options{.dialer = dialed, .expected = expected_, .now = seconds, .protocols = {std::string{yamux::protocol_id}, "libp2p"}};
    channel_.emplace(tls_channel{*host->tls, std::move(options), random});
  } else {
    channel_.emplace(noise_channel{*host->noise, noise_options{.dialer = dialed, .expected = expected_}, random});
  }
}

inline auto connection::secure() -> task<void> {
  auto const chosen = co_await negotiate(host->options.security, wire_in_, false);
  if (!chosen) co_return std::unexpected(error{chosen.error()}.during("security negotiation"));
  make_channel(*chosen);
  auto const phase = *chosen == tls::protocol_id ? "tls handshake" : "noise handshake";
  auto const started = channel_.start(wire_out_);
  if (!started) co_return std::unexpected(error{started.error()}.during(phase));
  for (;;) {
    auto const ok = decrypt(wire_out_);
    if (!wire_out_.empty()) {
      auto const sent = co_await flush_plain();  // after an error that is the alert
      if (ok && !sent) co_return std::unexpected(error{sent.error()}.during(phase));
    }
    if (!ok && channel_.remote())
      co_return std::unexpected(error{ok.error()}.advise("the remote key matches " + to_string(peer_id::of(remote_key()))).during(phase));
    if (!ok) co_return std::unexpected(error{ok.error()}.during(phase));
    if (channel_.is_open()) break;
    auto const more = co_await receive(read_size_);
    if (!more) co_return std::unexpected(error{more.error()}.during(phase));
  }
  remote_ = peer_id::of(remote_key());
  co_return io_result<void>{};
}

inline auto connection::choose_muxer() -> task<void> {
  if (channel_.early_muxer() == yamux::protocol_id) co_return io_result<void>{};
  auto names = std::vector<std::string>{std::string{yamux::protocol_id}};
  auto const chosen = co_await negotiate(std::move(names), text_in_, true);
  if (!chosen) co_return std::unexpected(error{chosen.error()}.during("muxer negotiation"));
  co_return io_result<void>{};
}

inline auto connection::upgrade(deadline until) -> task<void> {
  // the socket is what a late handshake hangs on: the guard closes it
  auto const guard = std::make_shared<net::steady_timer>(socket_.get_executor(), until);
  guard->async_wait([weak = weak_from_this()](boost::system::error_code ec) {
    auto const self = weak.lock();
    if (!ec && self) self->end(timed_out());
  });
  auto done = io_result<void>{};
  if (quic_) {
    done = co_await open_quic(until);
  } else {
    done = co_await open_web();
    if (done) done = co_await secure();
    if (done) done = co_await choose_muxer();
    if (done && !wire_out_.empty()) done = co_await flush_plain();
  }
  guard->cancel();
  if (!done) {
    end(done.error());
    co_return std::unexpected(quic_ ? done.error() : why());  // a datagram that ends it knows no phase; a guard that ends it says why
  }
  if (is_over()) co_return std::unexpected(why());
  if (quic_) co_return io_result<void>{};
  auto self = shared_from_this();
  net::co_spawn(executor(), [self] { return self->write_loop(); }, host->counted());
  net::co_spawn(executor(), [self] { return self->read_loop(); }, host->counted());
  session.ping(now(), text_out);
  kick();
  co_return io_result<void>{};
}

}  // namespace cairn::libp2p::detail
