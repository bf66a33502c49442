#pragma once
// A server of HTTP that sends what it is told to, octet by octet if need be: status, lies and all.

#include <atomic>
#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cairn::testing {

class canned_server {
public:
  /// Sends octets; false: the client has gone, or the server ends.
  using sender = std::function<bool(std::string const&)>;
  /// Answers the request whose first line is given; the connection ends with it.
  using answer = std::function<void(std::string const& line, sender const& send)>;

  explicit canned_server(answer a) : answer_{std::move(a)} {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto name = sockaddr_in{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto size = static_cast<socklen_t>(sizeof name);
    if (::bind(listening_, reinterpret_cast<sockaddr*>(&name), size) != 0 || ::listen(listening_, 16) != 0) std::abort();
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&name), &size);
    port = ntohs(name.sin_port);
    thread_ = std::thread{[this] { run(); }};
  }
  ~canned_server() {
    ended_ = true;
    thread_.join();
    ::close(listening_);
  }
  canned_server(canned_server const&) = delete;

  auto lines() -> std::vector<std::string> {
    auto const lock = std::lock_guard{guard_};
    return lines_;
  }

  std::uint16_t port = 0;

private:
  void run() {
    while (!ended_) {
      auto wanted = pollfd{listening_, POLLIN, 0};
      if (::poll(&wanted, 1, 20) <= 0) continue;
      auto const fd = ::accept(listening_, nullptr, nullptr);
      if (fd < 0) continue;
      serve(fd);
      ::close(fd);
    }
  }
  void serve(int fd) {
    auto head = std::string{};
    char part[4096];
    while (head.find("\r\n\r\n") == std::string::npos) {
      auto const n = ::recv(fd, part, sizeof part, 0);
      if (n <= 0) return;
      head.append(part, static_cast<std::size_t>(n));
    }
    auto const line = head.substr(0, head.find("\r\n"));
    {
      auto const lock = std::lock_guard{guard_};
      lines_.push_back(line);
    }
    answer_(line, [this, fd](std::string const& text) {
      if (ended_) return false;
      for (auto at = 0uz; at < text.size();) {
        auto const n = ::send(fd, text.data() + at, text.size() - at, MSG_NOSIGNAL);
        if (n <= 0) return false;
        at += static_cast<std::size_t>(n);
      }
      return true;
    });
  }

  answer answer_;
  int listening_ = -1;
  std::atomic<bool> ended_ = false;
  std::mutex guard_;
  std::vector<std::string> lines_;
  std::thread thread_;
};

}  // namespace cairn::testing
