#pragma once

#include <cairn/asio/http/impl/connection.ipp>
#include <cairn/asio/http/server.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace cairn::http {
namespace detail {

struct socket_name {
  sockaddr_storage at{};
  socklen_t size = sizeof at;

  auto text() const -> std::string {
    char digits[INET6_ADDRSTRLEN]{};
    if (at.ss_family == AF_INET) {
      auto const& v4 = reinterpret_cast<sockaddr_in const&>(at);
      ::inet_ntop(AF_INET, &v4.sin_addr, digits, sizeof digits);
      return std::string{digits} + ":" + std::to_string(ntohs(v4.sin_port));
    }
    if (at.ss_family == AF_INET6) {
      auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(at);
      ::inet_ntop(AF_INET6, &v6.sin6_addr, digits, sizeof digits);
      return "[" + std::string{digits} + "]:" + std::to_string(ntohs(v6.sin6_port));
    }
    return "@";
  }
  auto is_loopback() const -> bool {
    if (at.ss_family == AF_INET) return (ntohl(reinterpret_cast<sockaddr_in const&>(at).sin_addr.s_addr) >> 24) == 127;
    if (at.ss_family != AF_INET6) return true;
    auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(at).sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
  }
  auto to_endpoint() const -> endpoint {
    if (at.ss_family == AF_UNIX) return {{}, 0, reinterpret_cast<sockaddr_un const&>(at).sun_path};
    return endpoint::parse(text()).value_or(endpoint{});
  }
};

struct listener {
  boost::asio::posix::stream_descriptor socket;
  http::handler answer;
  bool unix_socket;
};

class asio_server final : public server {
public:
  explicit asio_server(server_options const& options) : state_{options}, sweeper_{state_.pool.io()}, pause_{state_.pool.io()} {}
  ~asio_server() override {
    stop(0);
    for (auto const& path : unix_paths_) ::unlink(path.c_str());
  }

  auto listen(endpoint at, http::handler answer) -> io_result<endpoint> override {
    auto const failed = [&](int number) {
      // as Go says it
      auto const where = at.unix_path.empty() ? "tcp " + at.to_authority() : "unix " + at.unix_path;
      auto sentence = std::string{::strerrordesc_np(number)};
      if (!sentence.empty()) sentence[0] = static_cast<char>(sentence[0] | 0x20);
      return std::unexpected(error::message("http", "listen " + where + ": bind: " + sentence));
    };
    if (!at.unix_path.empty()) {
      auto name = sockaddr_un{};
      name.sun_family = AF_UNIX;
      if (at.unix_path.size() >= sizeof name.sun_path) return failed(ENAMETOOLONG);
      std::memcpy(name.sun_path, at.unix_path.data(), at.unix_path.size());
      auto const fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (fd < 0) return failed(errno);
      // a socket that nobody answers any more is the rest of a node that was killed
      if (::connect(fd, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0 && errno == ECONNREFUSED) ::unlink(at.unix_path.c_str());
      ::close(fd);
      return bind_to(AF_UNIX, reinterpret_cast<sockaddr*>(&name), sizeof name, at, std::move(answer));
    }
    auto hints = addrinfo{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (auto const why = ::getaddrinfo(at.host.c_str(), std::to_string(at.port).c_str(), &hints, &found); why != 0)
      return std::unexpected(error::message("http", "listen tcp " + at.to_authority() + ": " + ::gai_strerror(why)));
    auto bound = bind_to(found->ai_family, found->ai_addr, found->ai_addrlen, at, std::move(answer));
    ::freeaddrinfo(found);
    return bound;
  }

  auto adopt(int descriptor, http::handler answer) -> io_result<endpoint> override {
    auto name = socket_name{};
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&name.at), &name.size) != 0)
      return std::unexpected(error::system(errno, "no listening socket", "descriptor " + std::to_string(descriptor)));
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    listeners_.push_back(std::make_unique<listener>(boost::asio::posix::stream_descriptor{state_.pool.io(), descriptor}, std::move(answer), name.at.ss_family == AF_UNIX));
    if (started_) accept_from(*listeners_.back());
    return name.to_endpoint();
  }

  auto start() -> io_result<void> override {
    for (auto& l : listeners_) accept_from(*l);
    started_ = true;
    if (!state_.pool.start()) return std::unexpected(error::system(errno, "cannot start a thread", "the server"));
    return {};
  }

  void stop(unsigned grace_seconds) override {
    if (state_.stopping.exchange(true)) return;
    boost::asio::post(state_.pool.io(), [this] {
      auto ignored = error_code{};
      for (auto& l : listeners_) l->socket.close(ignored);
    });
    auto const until = coarse_seconds() + grace_seconds;
    auto const cut = [&](bool all) {
      auto const lock = std::lock_guard{state_.mutex};
      for (auto* c : state_.open)
        if (all || c->is_idle()) c->cut();
      return state_.open.empty();
    };
    while (!cut(false) && started_ && coarse_seconds() < until) std::this_thread::sleep_for(std::chrono::milliseconds{2});
    state_.cutting = true;
    while (state_.running != 0) {
      cut(true);
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    state_.pool.join();
  }

  auto counts() const -> server_counts override {
    auto const lock = std::lock_guard{state_.mutex};
    return {state_.open.size(), state_.running, state_.pool.blocked(), state_.pool.threads(), state_.requests, state_.received, state_.sent};
  }

private:
  auto bind_to(int family, sockaddr* at, socklen_t size, endpoint const& wanted, http::handler answer) -> io_result<endpoint> {
    auto const fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    auto const on = 1;
    if (fd >= 0 && family != AF_UNIX) ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // the socket of an API is its owner's alone
    auto const mask = family == AF_UNIX ? ::umask(0077) : 0;
    auto const ok = fd >= 0 && ::bind(fd, at, size) == 0;
    auto number = ok ? 0 : errno;
    if (family == AF_UNIX) ::umask(mask);
    if (ok && ::listen(fd, 4096) != 0) number = errno;
    if (number != 0) {
      if (fd >= 0) ::close(fd);
      auto sentence = std::string{::strerrordesc_np(number)};
      sentence[0] = static_cast<char>(sentence[0] | 0x20);
      return std::unexpected(error::message("http", "listen " + (family == AF_UNIX ? "unix " + wanted.unix_path : "tcp " + wanted.to_authority()) + ": bind: " + sentence));
    }
    if (family == AF_UNIX) unix_paths_.push_back(wanted.unix_path);
    return adopt(fd, std::move(answer));
  }

  void accept_from(listener& l) {
    l.socket.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this, &l](error_code ec) {
      if (ec || state_.stopping) return;
      for (int i = 0; i < 64; ++i) {
        auto name = socket_name{};
        auto const fd = ::accept4(l.socket.native_handle(), reinterpret_cast<sockaddr*>(&name.at), &name.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
          if (errno == EINTR || errno == ECONNABORTED) continue;
          if (errno == EAGAIN) break;
          // no descriptors left: those that are idle longest make room
          make_room();
          pause_.expires_after(std::chrono::milliseconds{50});
          return pause_.async_wait([this, &l](error_code) { accept_from(l); });
        }
        take(fd, name, l);
      }
      accept_from(l);
    });
  }

  void take(int fd, socket_name const& name, listener& l) {
    auto too_many = false;
    {
      auto const lock = std::lock_guard{state_.mutex};
      too_many = state_.open.size() >= state_.options.connections;
    }
    if (too_many) {
      constexpr auto full = std::string_view{"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"};
      static_cast<void>(::send(fd, full.data(), full.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
      ::close(fd);
      return;
    }
    auto const on = 1;
    if (!l.unix_socket) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto socket = connection::socket_type{state_.pool.io()};
    auto ec = error_code{};
    socket.assign(boost::asio::generic::stream_protocol{name.at.ss_family, l.unix_socket ? 0 : IPPROTO_TCP}, fd, ec);
    if (ec) {
      ::close(fd);
      return;
    }
    std::make_shared<connection>(state_, std::move(socket), l.answer, l.unix_socket ? "@" : name.text(), l.unix_socket || name.is_loopback())->start();
    if (!sweeping_.exchange(true)) sweep();
  }

  void make_room() {
    auto const lock = std::lock_guard{state_.mutex};
    auto closed = 0;
    for (auto* c : state_.open)
      if (c->is_idle()) {
        c->cut();
        if (++closed == 16) return;
      }
  }

  // Once a second, as long as there are connections: what is over its time is cut.
  void sweep() {
    sweeper_.expires_after(std::chrono::seconds{1});
    sweeper_.async_wait([this](error_code ec) {
      if (ec || state_.stopping) return;
      auto const now = coarse_seconds();
      auto any = false;
      {
        auto const lock = std::lock_guard{state_.mutex};
        any = !state_.open.empty();
        for (auto* c : state_.open)
          if (auto const end = c->deadline(); end != 0 && end < now) c->cut();
        sweeping_ = any;  // under the lock: whoever adds a connection after it finds that nobody sweeps
      }
      if (any) sweep();
    });
  }

  mutable server_state state_;
  std::vector<std::unique_ptr<listener>> listeners_;
  std::vector<std::string> unix_paths_;
  boost::asio::steady_timer sweeper_, pause_;
  std::atomic<bool> sweeping_ = false;
  bool started_ = false;
};

}  // namespace detail

CAIRN_DECL auto server::make(server_options options) -> std::unique_ptr<server> { return std::make_unique<detail::asio_server>(options); }

}  // namespace cairn::http
