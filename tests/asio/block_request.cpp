// A block is asked of a gateway on a real socket, and the gateway does what it should not.
#include <cairn/asio/http/block.hpp>

#include <cairn/multiformats/multicodec.hpp>

#include "support/canned_server.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace cairn;
using namespace std::chrono_literals;
using testing::canned_server;

namespace {

auto const text = std::string(3000, 'b');
auto wanted() -> cid { return *hash_cid(cid_prefix{.codec = code::raw}, as_bytes(text)); }
auto ok(std::string const& more = {}) -> std::string { return "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ipld.raw\r\n" + more + "\r\n"; }

auto ask(canned_server const& of, http::block_bounds bounds = {}, std::function<bool()> cancelled = {}) -> io_result<block> {
  return http::get_block({"127.0.0.1", of.port, {}}, wanted(), bounds, cancelled);
}
// What a gateway that always says this gives.
auto given(std::string const& answer) -> io_result<block> {
  auto server = canned_server{[&](std::string const&, canned_server::sender const& send) { send(answer); }};
  return ask(server);
}

}  // namespace

TEST_CASE("SEC-30: a gateway that does as it should gives the block; what was asked for is one block, as it is") {
  auto server = canned_server{[](std::string const&, canned_server::sender const& send) { send(ok("Content-Length: 3000\r\n") + text); }};
  auto const b = ask(server);
  REQUIRE(b);
  CHECK(as_text(b->data()) == text);
  REQUIRE(server.lines().size() == 1);
  CHECK(server.lines()[0] == "GET /ipfs/" + to_string(wanted()) + "?format=raw HTTP/1.1");
  CHECK(given(ok() + text));  // to the end of the connection
}

TEST_CASE("SEC-30: a gateway that lies about the length, or sends other octets, gives nothing") {
  CHECK_FALSE(given(ok("Content-Length: 2999\r\n") + text));
  CHECK_FALSE(given(ok("Content-Length: 3001\r\n") + text));
  CHECK(given(ok("Content-Length: 1099511627776\r\n") + text).error() == trustless_errc::too_long);
  CHECK(given(ok() + std::string(3000, 'c')).error() == block_errc::hash_mismatch);
  CHECK(given(ok("Transfer-Encoding: chunked\r\n") + "bb8\r\n" + std::string(3000, 'c') + "\r\n0\r\n\r\n").error() == block_errc::hash_mismatch);
  CHECK_FALSE(given(ok("Transfer-Encoding: chunked\r\n") + "bb8\r\n" + text + "\r\n"));  // its end does not come
  CHECK(given("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").error() == trustless_errc::absent);
  CHECK_FALSE(given("SSH-2.0-OpenSSH\r\n"));
  CHECK_FALSE(given(""));
}

TEST_CASE("SEC-30: a body without end is read to the bound of a block, and no further") {
  auto sent = std::atomic<std::size_t>{0};
  auto server = canned_server{[&](std::string const&, canned_server::sender const& send) {
    send(ok("Transfer-Encoding: chunked\r\n"));
    auto const chunk = "10000\r\n" + std::string(65536, 'x') + "\r\n";
    while (sent < (1 << 30) && send(chunk)) sent += 65536;
  }};
  CHECK(ask(server).error() == trustless_errc::too_long);
  CHECK(sent < 64 << 20);  // what lay in sockets
}

TEST_CASE("SEC-30: what is packed is not unpacked") {
  CHECK(given(ok("Content-Encoding: gzip\r\nContent-Length: 20\r\n") + std::string(20, '\x1f')).error() == trustless_errc::encoded);
}

TEST_CASE("SEC-30: a redirection to this machine is not followed") {
  auto inside = canned_server{[](std::string const&, canned_server::sender const& send) { send(ok("Content-Length: 3000\r\n") + text); }};
  for (auto const* status : {"301 Moved Permanently", "302 Found", "307 Temporary Redirect"}) {
    auto server = canned_server{[&](std::string const&, canned_server::sender const& send) {
      send("HTTP/1.1 " + std::string{status} + "\r\nLocation: http://127.0.0.1:" + std::to_string(inside.port) + "/ipfs/x\r\nContent-Length: 0\r\n\r\n");
    }};
    CHECK(ask(server).error() == trustless_errc::redirected);
  }
  CHECK(inside.lines().empty());
}

TEST_CASE("SEC-30: an answer that drips ends with its time, and one that nobody waits for any more ends at once") {
  auto server = canned_server{[&](std::string const&, canned_server::sender const& send) {
    send(ok("Content-Length: 3000\r\n"));
    while (send("b")) ::poll(nullptr, 0, 20);
  }};
  auto begin = std::chrono::steady_clock::now();
  auto const late = ask(server, {.time = 500ms});
  REQUIRE_FALSE(late);
  CHECK(to_string(late.error()).find("too slow") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  begin = std::chrono::steady_clock::now();
  CHECK_FALSE(ask(server, {}, [] { return true; }));
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}
