#pragma once

#include <cairn/asio/libp2p/impl/connection.hpp>
#include <cairn/asio/libp2p/impl/host_state.hpp>

#include <array>
#include <cstring>

#include <boost/asio/co_spawn.hpp>

namespace cairn::libp2p::detail {

inline quic_carrier::quic_carrier(connection& owner, quic_link link) : owner_{owner}, link_{std::move(link)}, writing_{owner.executor()}, opened_{owner.executor()} {}

inline void quic_carrier::update_ids() { link_.endpoint->update(owner_.shared_from_this(), link_.session.take_ids()); }

inline void quic_carrier::take_datagram(quic_path const& path, bytes_view datagram) {
  if (owner_.is_over()) return;
  owner_.count_in(datagram.size());
  auto const ok = link_.session.receive(path, datagram, now());
  update_ids();
  tell_events();
  if (!ok) return owner_.end(ok.error());
  if (link_.session.is_open()) opened_.notify();
  kick();
}

inline void quic_carrier::begin() {
  begun_ = true;
  tell_events();
}

inline void quic_carrier::tell_events() {
  if (!begun_) return;  // the session keeps them
  while (auto const e = link_.session.next_event()) {
    if (e->what == stream_event::kind::data && !owner_.streams.contains(e->id)) link_.session.consumed(e->id, e->data.size());  // nobody reads it
    else owner_.tell(*e);
  }
}

inline void quic_carrier::send_datagrams() {
  auto to = quic_address{};
  auto const send_burst = [&](bytes_view burst, std::size_t segment) {
    owner_.count_out(burst.size());
    link_.endpoint->send(to, burst, segment);
  };
  static thread_local auto buffer = std::make_unique<std::array<byte, 32 * quic_session::max_datagram>>();
  for (auto rounds = 0; rounds < 16; ++rounds) {
    auto size = 0uz, segment = 0uz;
    auto more = true;
    while (more && size + quic_session::max_datagram <= buffer->size()) {
      auto const n = link_.session.send(bytes_span{*buffer}.subspan(size), now());
      if (n == 0) {
        more = false;
        break;
      }
      // a larger one, or one that takes another way, begins another burst
      if (segment != 0 && (n > segment || link_.session.target() != to)) {
        send_burst(bytes_view{*buffer}.first(size), segment);
        std::memmove(buffer->data(), buffer->data() + size, n);
        size = 0, segment = 0;
      }
      if (segment == 0) segment = n, to = link_.session.target();
      size += n;
      if (n < segment) break;
    }
    if (size != 0) send_burst(bytes_view{*buffer}.first(size), segment);
    if (!more) break;
  }
  link_.session.paced(now());
  update_ids();
}

inline auto quic_carrier::send_loop() -> net::awaitable<void> {
  auto const self = owner_.shared_from_this();
  while (!owner_.is_over()) {
    send_datagrams();
    tell_events();
    auto const woken = co_await writing_.sleep(link_.session.wake_at());
    if (owner_.is_over()) co_return;
    if (woken) continue;
    if (auto const ok = link_.session.wake(now()); !ok) owner_.end(ok.error());
  }
}

inline auto quic_carrier::open(deadline until) -> task<void> {
  auto const self = owner_.shared_from_this();
  update_ids();
  net::co_spawn(owner_.executor(), [self, this] { return send_loop(); }, owner_.host->counted());
  while (!owner_.is_over() && !link_.session.is_open()) {
    auto const woken = co_await opened_.sleep(until);
    if (!woken) co_return std::unexpected(timed_out());
  }
  if (!owner_.is_over()) co_return io_result<void>{};
  // a datagram that ends it knows no phase
  auto const& other = link_.session.remote();
  auto e = error{owner_.why()};
  if (other) e = std::move(e).advise("the remote key matches " + to_string(peer_id::of(*other)));
  co_return std::unexpected(std::move(e).during("quic handshake"));
}

inline void quic_carrier::leave() {
  byte last[quic_session::max_datagram];
  auto const n = link_.session.farewell(last, now());
  if (n != 0) link_.endpoint->send(link_.session.target(), {last, n}, n);
  link_.endpoint->forget(owner_);
  writing_.notify();
  opened_.notify();
}

inline auto quic_carrier::open_stream() -> io_result<stream_id> {
  auto const id = link_.session.open();
  if (!id) return std::unexpected(error::message("quic", "the other side allows no more streams now"));
  return *id;
}

inline auto quic_carrier::write_some(stream_id id, std::span<bytes_view const> parts) -> io_result<std::size_t> {
  auto taken = 0uz;
  for (auto const part : parts) {
    auto const n = link_.session.write(id, part.first(std::min(part.size(), most_waiting - taken)));
    taken += n;
    if (n != part.size()) break;
  }
  if (taken != 0) kick();
  return taken;
}

inline void quic_carrier::consumed(stream_id id, std::size_t n) {
  link_.session.consumed(id, n);
  kick();
}

inline void quic_carrier::close_stream(stream_id id) {
  link_.session.close(id);
  kick();
}

inline void quic_carrier::reset_stream(stream_id id) {
  link_.session.reset(id);
  kick();
}

}  // namespace cairn::libp2p::detail
