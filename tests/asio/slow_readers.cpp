#include <cairn/asio/http/server.hpp>
#include <cairn/core/text.hpp>

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace cairn;

namespace {

constexpr auto piece = std::size_t{256} << 10;
constexpr auto pieces = std::size_t{64};

enum class ending { all_is_read, cut, gave_up };

/// A client of an answer of 16 MiB that waits `pause` after each 64 KiB, and goes after `most` of them.
auto read_from(http::endpoint const& at, std::chrono::milliseconds pause, int most) -> ending {
  auto const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto const room_of_kernel = 64 << 10;
  ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room_of_kernel, sizeof room_of_kernel);
  auto name = sockaddr_in{};
  name.sin_family = AF_INET;
  name.sin_port = htons(at.port);
  ::inet_pton(AF_INET, "127.0.0.1", &name.sin_addr);
  REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
  constexpr auto request = std::string_view{"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"};
  REQUIRE(::send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()));
  auto room = bytes(64 << 10);
  auto sum = std::size_t{0};
  auto out = ending::gave_up;
  for (auto reads = 0; reads < most; ++reads) {
    auto const n = ::recv(fd, room.data(), room.size(), 0);
    if (n <= 0) {
      out = sum > piece * pieces ? ending::all_is_read : ending::cut;
      break;
    }
    sum += static_cast<std::size_t>(n);
    if (pause.count() != 0) std::this_thread::sleep_for(pause);
  }
  ::close(fd);
  return out;
}

}  // namespace

TEST_CASE("SEC-47: a reader that takes a drop now and then is cut; one that takes enough has all of it") {
  auto const server = http::server::make({.stall_deadline = 2, .slow_rate = std::size_t{8} << 20});
  auto broken = std::atomic<int>{0}, whole = std::atomic<int>{0};
  auto const at = server->listen({"127.0.0.1", 0, {}}, [&](http::exchange& with) {
    auto const octets = bytes(piece);
    static_cast<void>(with.begin({.status = 200, .fields = {}, .length = piece * pieces}));
    for (std::size_t i = 0; i < pieces; ++i)
      if (!with.write(octets)) {
        ++broken;
        return with.abort();
      }
    ++whole;
    static_cast<void>(with.finish());
  });
  REQUIRE(at);
  REQUIRE(server->start());
  CHECK(read_from(*at, std::chrono::milliseconds{0}, 1 << 20) == ending::all_is_read);
  CHECK(whole == 1);
  // 1.6 MiB each second: no single wait is as long as the deadline
  CHECK(read_from(*at, std::chrono::milliseconds{40}, 120) == ending::cut);
  CHECK(broken == 1);
}
