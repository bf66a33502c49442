#pragma once

#include <cairn/asio/libp2p/impl/connection.ipp>
#include <cairn/asio/libp2p/impl/host_state.hpp>
#include <cairn/asio/libp2p/impl/quic_endpoint.hpp>

#include <chrono>
#include <cstring>

#include <netinet/udp.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

namespace cairn::libp2p::detail {

using udp = net::ip::udp;

inline auto to_quic_address(udp::endpoint const& e) -> quic_address {
  auto out = quic_address{};
  out.size = static_cast<std::uint32_t>(e.size());
  std::memcpy(out.octets.data(), e.data(), std::min(e.size(), out.octets.size()));
  return out;
}
inline auto to_endpoint(quic_address const& a) -> udp::endpoint {
  auto out = udp::endpoint{};
  std::memcpy(out.data(), a.octets.data(), a.size);
  out.resize(a.size);
  return out;
}
inline auto to_multiaddr(udp::endpoint const& e) -> multiaddr {
  auto const a = e.address();
  return parse_multiaddr((a.is_v4() ? "/ip4/" : "/ip6/") + a.to_string() + "/udp/" + std::to_string(e.port()) + "/quic-v1").value_or(multiaddr{});
}

inline quic_endpoint::quic_endpoint(std::shared_ptr<host_state> const& host, udp::socket socket, bool listens)
    : host_{host}, socket_{std::move(socket)}, listens_{listens} {
  auto ignored = boost::system::error_code{};
  auto const e = socket_.local_endpoint(ignored);
  local_ = to_quic_address(e);
  v4_ = e.address().is_v4();
  socket_.non_blocking(true, ignored);
  auto const fd = socket_.native_handle();
  auto const size = 4 * 1024 * 1024, on = 1;
  // the bound of the system is small, and holds only for who may not pass it
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0) ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (::setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0) ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  ::setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof on);
}

inline auto quic_endpoint::address() const -> multiaddr {
  return to_multiaddr(to_endpoint(local_));
}

inline auto quic_endpoint::loop() -> net::awaitable<void> {
  auto const self = shared_from_this();
  while (socket_.is_open()) {
    if (receive_all()) {
      // more waits: others of this thread have a turn first
      co_await net::post(socket_.get_executor(), net::use_awaitable);
      continue;
    }
    auto ec = boost::system::error_code{};
    co_await socket_.async_wait(udp::socket::wait_read, net::redirect_error(net::use_awaitable, ec));
    if (ec) co_return;
  }
}

// True: there may be more.
inline auto quic_endpoint::receive_all() -> bool {
  static thread_local auto buffer = std::make_unique<std::array<byte, 65536>>();
  for (auto i = 0; i < 64; ++i) {
    auto from = quic_address{};
    auto data = ::iovec{buffer->data(), buffer->size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    auto message = ::msghdr{};
    message.msg_name = from.octets.data(), message.msg_namelen = static_cast<socklen_t>(from.octets.size());
    message.msg_iov = &data, message.msg_iovlen = 1;
    message.msg_control = control, message.msg_controllen = sizeof control;
    auto const n = ::recvmsg(socket_.native_handle(), &message, 0);
    if (n < 0) return errno == EINTR || errno == ECONNREFUSED;
    from.size = message.msg_namelen;
    auto segment = static_cast<std::size_t>(n);
    for (auto* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
      if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
        auto size = 0;
        std::memcpy(&size, CMSG_DATA(c), sizeof size);
        if (size > 0) segment = static_cast<std::size_t>(size);
      }
    auto const path = quic_path{local_, from};
    for (auto left = bytes_view{buffer->data(), static_cast<std::size_t>(n)}; !left.empty() && socket_.is_open();) {
      auto const part = left.first(std::min(segment, left.size()));
      take(path, part);
      left = left.subspan(part.size());
    }
    if (!socket_.is_open()) return false;
  }
  return true;
}

inline void quic_endpoint::take(quic_path const& path, bytes_view datagram) {
  auto const head = read_quic_head(datagram);
  if (!head) return;
  if (auto const at = by_id_.find(head->id); at != by_id_.end()) {
    if (auto const c = at->second.lock()) return c->take_datagram(path, datagram);
    by_id_.erase(at);
    return;
  }
  if (!listens_) return;
  if (head->unknown_version && datagram.size() >= 1200) {  // else an answer could be longer than what it answers
    byte out[256];
    auto const n = quic_version_negotiation(*head, out);
    return send(path.remote, {out, n}, n);
  }
  if (head->is_initial) accept(*head, path, datagram);
}

inline void quic_endpoint::accept(quic_head const& head, quic_path const& path, bytes_view datagram) {
  auto const host = host_.lock();
  if (!host || host->closed || !host->may_accept(false)) return;
  if (!host->may_connect(to_multiaddr(to_endpoint(path.remote)))) return;
  // from half of the bound on, who dials has to prove first where he is: floods come from addresses that are not theirs (SEC-05)
  auto first = retry_.check(head.token, path.remote, now());
  if (!first && 2 * host->shaking.size() >= host->options.max_handshakes) {
    byte out[256];
    auto const n = retry_.answer(head, path.remote, random_source::system(), now(), out);
    return send(path.remote, {out, n}, n);
  }
  auto session = quic_session::accept(*host->tls, host->quic_tls(std::nullopt), host->options.quic, path, datagram, random_source::system(), now(), std::move(first));
  if (!session) return;
  auto c = std::make_shared<connection>(host, quic_link{shared_from_this(), *std::move(session), path}, false);
  if (!c->take_room()) return;
  c->remote_address = to_multiaddr(to_endpoint(path.remote));
  c->take_datagram(path, datagram);
  net::co_spawn(host->executor, host->take(std::move(c)), host->counted());
}

inline void quic_endpoint::send(quic_address const& to, bytes_view datagrams, std::size_t segment) {
  while (!datagrams.empty() && socket_.is_open()) {
    auto const part = segments_ ? datagrams : datagrams.first(std::min(segment, datagrams.size()));
    auto data = ::iovec{const_cast<byte*>(part.data()), part.size()};
    auto name = to;
    auto message = ::msghdr{};
    message.msg_name = name.octets.data(), message.msg_namelen = name.size;
    message.msg_iov = &data, message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(std::uint16_t))]{};
    if (part.size() > segment) {
      message.msg_control = control, message.msg_controllen = sizeof control;
      auto* const c = CMSG_FIRSTHDR(&message);
      c->cmsg_level = IPPROTO_UDP, c->cmsg_type = UDP_SEGMENT, c->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
      auto const size = static_cast<std::uint16_t>(segment);
      std::memcpy(CMSG_DATA(c), &size, sizeof size);
    }
    // what the system does not take is lost like any other datagram
    if (::sendmsg(socket_.native_handle(), &message, 0) < 0 && part.size() > segment && (errno == EINVAL || errno == EIO)) {
      segments_ = false;  // this path cannot cut them
      continue;
    }
    datagrams = datagrams.subspan(part.size());
  }
}

inline void quic_endpoint::update(std::shared_ptr<connection> const& c, quic_ids const& ids) {
  for (auto const& id : ids.removed) by_id_.erase(id);
  for (auto const& id : ids.added) by_id_[id] = c;
}

inline void quic_endpoint::forget(connection const& c) {
  std::erase_if(by_id_, [&](auto const& e) {
    auto const there = e.second.lock();
    return !there || there.get() == &c;
  });
  if (by_id_.empty() && !listens_) close();
}

inline void quic_endpoint::close() {
  auto ignored = boost::system::error_code{};
  socket_.close(ignored);
}

inline auto host_state::quic_tls(std::optional<peer_id> expected) const -> tls_options {
  auto out = tls_options{};
  out.expected = std::move(expected);
  out.now = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1);
  out.protocols.emplace_back("libp2p");
  return out;
}

inline auto host_state::listen_quic(udp::endpoint const& at) -> io_result<multiaddr> {
  if (options.swarm_key) return std::unexpected(error::message("libp2p", "no transport for this address").advise("QUIC cannot be used in a private network"));
  auto ec = boost::system::error_code{};
  auto socket = udp::socket{executor};
  socket.open(at.protocol(), ec);
  if (!ec && at.address().is_v6()) socket.set_option(net::ip::v6_only{true}, ec);
  if (!ec) socket.bind(at, ec);
  if (ec) return std::unexpected(error::system(ec.value(), "cannot listen", to_string(to_multiaddr(at))));
  auto const e = std::make_shared<quic_endpoint>(shared_from_this(), std::move(socket), true);
  endpoints.push_back(e);
  net::co_spawn(executor, [e] { return e->loop(); }, counted());
  return e->address();
}

// From a port that is listened on, if there is one: then the other side sees the address under which it can dial back.
inline auto host_state::dial_quic(udp::endpoint const& to, std::optional<peer_id> expected) -> io_result<std::shared_ptr<connection>> {
  if (options.swarm_key) return std::unexpected(error::message("libp2p", "no transport for this address").advise("QUIC cannot be used in a private network"));
  auto endpoint = std::shared_ptr<quic_endpoint>{};
  for (auto const& e : endpoints)
    if (e->is_v4() == to.address().is_v4() && (e->binds_to_all() || to.address().is_loopback())) endpoint = e;
  if (!endpoint) {
    auto ec = boost::system::error_code{};
    auto socket = udp::socket{executor};
    socket.open(to.protocol(), ec);
    if (!ec) socket.bind({to.protocol(), 0}, ec);
    if (ec) return std::unexpected(error::system(ec.value(), "cannot dial", to_string(to_multiaddr(to))));
    endpoint = std::make_shared<quic_endpoint>(shared_from_this(), std::move(socket), false);
    net::co_spawn(executor, [endpoint] { return endpoint->loop(); }, counted());
  }
  auto const path = quic_path{endpoint->local(), to_quic_address(to)};
  auto session = quic_session::dial(*tls, quic_tls(std::move(expected)), options.quic, path, random_source::system(), now());
  if (!session) return std::unexpected(session.error());
  return std::make_shared<connection>(shared_from_this(), quic_link{endpoint, *std::move(session), path}, true);
}

inline connection::connection(std::shared_ptr<host_state> h, quic_link link, bool d)
    : host{std::move(h)}, memory{host->memory}, descriptor{host->descriptors}, dialed{d}, session{d, host->options.muxer}, socket_{host->executor}, quic_{std::move(link)}, writing_{host->executor},
      drained_{host->executor} {}

inline void connection::take_datagram(quic_path const& path, bytes_view datagram) {
  if (is_over()) return;
  host->count.in(datagram.size());
  counts.in(datagram.size());
  auto const ok = quic_->session.receive(path, datagram, now());
  quic_->endpoint->update(shared_from_this(), quic_->session.take_ids());
  tell_quic_events();
  if (!ok) return end(ok.error());
  if (quic_->session.is_open()) drained_.notify();
  kick();
}

inline void connection::begin() {
  begun_ = true;
  if (quic_) tell_quic_events();
}

inline void connection::tell_quic_events() {
  if (!begun_) return;  // the session keeps them
  while (auto const e = quic_->session.next_event()) {
    if (e->what == stream_event::kind::data && !streams.contains(e->id)) quic_->session.consumed(e->id, e->data.size());  // nobody reads it
    else tell(*e);
  }
}

inline void connection::send_datagrams() {
  auto const send_burst = [&](bytes_view burst, std::size_t segment) {
    host->count.out(burst.size());
    counts.out(burst.size());
    quic_->endpoint->send(quic_->path.remote, burst, segment);
  };
  static thread_local auto buffer = std::make_unique<std::array<byte, 32 * quic_session::max_datagram>>();
  for (auto rounds = 0; rounds < 16; ++rounds) {
    auto size = 0uz, segment = 0uz;
    auto more = true;
    while (more && size + quic_session::max_datagram <= buffer->size()) {
      auto const n = quic_->session.send(bytes_span{*buffer}.subspan(size), now());
      if (n == 0) {
        more = false;
        break;
      }
      if (segment != 0 && n > segment) {  // a larger one begins another burst
        send_burst(bytes_view{*buffer}.first(size), segment);
        std::memmove(buffer->data(), buffer->data() + size, n);
        size = 0, segment = 0;
      }
      if (segment == 0) segment = n;
      size += n;
      if (n < segment) break;
    }
    if (size != 0) send_burst(bytes_view{*buffer}.first(size), segment);
    if (!more) break;
  }
  quic_->session.paced(now());
  quic_->endpoint->update(shared_from_this(), quic_->session.take_ids());
}

inline auto connection::quic_loop() -> net::awaitable<void> {
  auto const self = shared_from_this();
  while (!is_over()) {
    send_datagrams();
    tell_quic_events();
    auto const woken = co_await writing_.sleep(quic_->session.wake_at());
    if (is_over()) co_return;
    if (woken) continue;
    if (auto const ok = quic_->session.wake(now()); !ok) end(ok.error());
  }
}

inline auto connection::open_quic(deadline until) -> task<void> {
  auto self = shared_from_this();
  quic_->endpoint->update(self, quic_->session.take_ids());
  net::co_spawn(executor(), [self] { return self->quic_loop(); }, host->counted());
  while (!is_over() && !quic_->session.is_open()) {
    auto const woken = co_await drained_.sleep(until);
    if (!woken) co_return std::unexpected(timed_out());
  }
  if (is_over()) {
    auto const& other = quic_->session.remote();
    auto e = error{why()};
    if (other) e = std::move(e).advise("the remote key matches " + to_string(peer_id::of(*other)));
    co_return std::unexpected(std::move(e).during("quic handshake"));
  }
  remote_ = peer_id::of(remote_key());
  co_return io_result<void>{};
}

}  // namespace cairn::libp2p::detail
