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
  if (listens) reset_.emplace(host->options.quic.reset_secret);
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
  if (!head->is_long) return take_stray(*head, path, datagram);
  if (!listens_) return;
  if (head->unknown_version && datagram.size() >= 1200) {  // else an answer could be longer than what it answers
    byte out[256];
    auto const n = quic_version_negotiation(*head, out);
    return send(path.remote, {out, n}, n);
  }
  if (head->is_initial) accept(*head, path, datagram);
}

// Of a connection that is not here: the other side has lost it, or we have.
inline void quic_endpoint::take_stray(quic_head const& head, quic_path const& path, bytes_view datagram) {
  auto const second = now().time_since_epoch() / std::chrono::seconds(1);
  if (std::exchange(stray_second_, second) != second) strays_ = 0;
  if (++strays_ > most_strays) return;
  // a reset names no connection: those of that address know theirs by its token
  for (auto const& [id, weak] : by_id_) {
    auto const c = weak.lock();
    if (c && c->ends_by(path.remote, datagram)) return;
  }
  auto const size = quic_reset::size_for(datagram.size());
  if (size == 0 || !reset_) return;
  byte out[quic_reset::most_size];
  reset_->write(as_bytes(head.id), random_source::system(), bytes_span{out}.first(size));
  send(path.remote, {out, size}, size);
}

inline void quic_endpoint::accept(quic_head const& head, quic_path const& path, bytes_view datagram) {
  auto const host = host_.lock();
  if (!host || host->closed) return;
  auto const from = to_multiaddr(to_endpoint(path.remote));
  auto const favoured = host->may_accept(false, from);
  if (!favoured || !host->may_connect(from)) return;
  // from half of the bound on, who dials has to prove first where he is: floods come from addresses that are not theirs (SEC-05)
  auto first = retry_.check(head.token, path.remote, now());
  if (!first && 2 * host->shaking.size() >= host->options.max_handshakes) {
    byte out[256];
    auto const n = retry_.answer(head, path.remote, random_source::system(), now(), out);
    return send(path.remote, {out, n}, n);
  }
  auto session = quic_session::accept(*host->tls, host->quic_tls(std::nullopt), host->options.quic, path, datagram, random_source::system(), now(), std::move(first));
  if (!session) return;
  auto c = std::make_shared<connection>(host, quic_link{shared_from_this(), *std::move(session)}, false);
  c->remote_address = from;
  c->favoured = *favoured;
  if (!c->take_room()) return;
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
  return std::make_shared<connection>(shared_from_this(), quic_link{endpoint, *std::move(session)}, true);
}

}  // namespace cairn::libp2p::detail
