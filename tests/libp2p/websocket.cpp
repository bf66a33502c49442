#include <cairn/libp2p/websocket.hpp>

#include "support/cut.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using testing::seeded;

namespace {

struct two {
  seeded random{9};
  random_source source{random};
  websocket_channel a{{.dialer = true, .host = "localhost:4001"}, source}, b{{.dialer = false}, source};
  testing::cut_pipe to_a, to_b;
  byte_queue text_a, text_b;
  std::optional<websocket_errc> failed{};

  explicit two(std::size_t piece = 0) : to_a{piece}, to_b{piece} {}

  void one(websocket_channel& c, testing::cut_pipe& in, byte_queue& text, byte_queue& wire) {
    auto const n = c.resume(in.arrived.view(), text);
    if (c.has_answers()) c.write({}, wire);
    if (!n) {
      failed = n.error();
      in.arrived.clear(), in.from.clear();
    } else {
      in.arrived.consume(*n);
    }
  }
  void run() {
    for (auto moved = true; moved && !failed;) {
      moved = false;
      if (to_b.step(random)) moved = true, one(b, to_b, text_b, to_a.from);
      if (to_a.step(random)) moved = true, one(a, to_a, text_a, to_b.from);
    }
  }
  auto open() -> bool {
    a.start(to_b.from);
    run();
    return !failed && a.is_open() && b.is_open();
  }
};

auto listener_that_is_open(random_source const& source) -> websocket_channel {
  auto b = websocket_channel{{.dialer = false}, source};
  byte_queue text, wire;
  // the request of RFC 6455, 1.2
  auto const n = b.resume(as_bytes("GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://example.com\r\nSec-WebSocket-Version: 13\r\n\r\n"), text);
  REQUIRE(n);
  b.write({}, wire);
  REQUIRE(as_text(wire.view()).find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") != std::string_view::npos);
  REQUIRE(b.is_open());
  return b;
}

}  // namespace

TEST_CASE("SEC-08: a WebSocket carries the same octets however they are cut") {
  for (auto piece : {1uz, 2uz, 5uz, 13uz, 1000uz, 65536uz, 0uz, 0uz}) {
    auto p = two{piece};
    REQUIRE(p.open());
    for (auto size : {0uz, 1uz, 125uz, 126uz, 127uz, 65535uz, 65536uz, 65537uz, 200000uz}) {
      if (piece != 0 && piece < 1000 && size > 1000) continue;
      auto text = bytes(size);
      p.random(text);
      p.a.write(text, p.to_b.from);
      p.b.write(text, p.to_a.from);
      p.run();
      REQUIRE_FALSE(p.failed);
      REQUIRE(testing::to_vector(p.text_b.view()) == text);
      REQUIRE(testing::to_vector(p.text_a.view()) == text);
      p.text_a.clear(), p.text_b.clear();
    }
  }
}

TEST_CASE("IX-50: text frames, fragments and empty frames carry content too; pings are answered, the last one only") {
  auto random = seeded{2};
  auto const source = random_source{random};
  auto b = listener_that_is_open(source);
  byte_queue text, wire;
  byte const zero[]{0, 0, 0, 0};
  auto const frame = [&](byte first, std::string_view content) {
    auto out = bytes{first, static_cast<byte>(0x80 | content.size())};
    append(out, zero);
    append(out, as_bytes(content));
    return out;
  };
  for (auto const& f : {frame(0x81, "te"), frame(0x02, "xt"), frame(0x89, "one"), frame(0x00, ""), frame(0x89, "two"), frame(0x80, "!"), frame(0x8a, "pong")})
    REQUIRE(b.resume(f, text) == f.size());
  CHECK(as_text(text.view()) == "text!");
  b.write({}, wire);
  CHECK(testing::to_vector(wire.view()) == bytes{0x8a, 3, 't', 'w', 'o'});
  CHECK_FALSE(b.has_answers());
}

TEST_CASE("SEC-01: a WebSocket refuses frames that break the protocol, from their head alone") {
  auto random = seeded{2};
  auto const source = random_source{random};
  struct row { bytes frame; websocket_errc want; };
  for (auto const& [f, want] : {row{{0xc2, 0x80}, websocket_errc::reserved_bits}, row{{0x83, 0x80}, websocket_errc::bad_opcode},
                                row{{0x8b, 0x80}, websocket_errc::bad_opcode}, row{{0x82, 0x00}, websocket_errc::bad_mask},
                                row{{0x89, 0xfe}, websocket_errc::bad_control}, row{{0x09, 0x80}, websocket_errc::bad_control},
                                row{{0x80, 0x80, 0, 0, 0, 0}, websocket_errc::bad_fragment}, row{{0x82, 0xfe, 0, 125}, websocket_errc::bad_length},
                                row{{0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, websocket_errc::bad_length},
                                row{{0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0}, websocket_errc::bad_length},
                                row{{0x88, 0x80, 0, 0, 0, 0}, websocket_errc::closed}}) {
    auto b = listener_that_is_open(source);
    byte_queue text;
    CHECK(b.resume(f, text).error() == want);
    CHECK(b.resume({}, text).error() == want);
    CHECK(text.empty());
  }
  // a frame of 2^62 octets is no reason to hold any
  auto b = listener_that_is_open(source);
  byte_queue text;
  REQUIRE(b.resume(bytes{0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5}, text));
  CHECK(text.capacity() < 1024);
}

TEST_CASE("SEC-01: the head of the handshake is bounded, and what is no WebSocket is told so") {
  auto random = seeded{2};
  auto const source = random_source{random};
  byte_queue text, wire;
  auto b = websocket_channel{{.dialer = false}, source};
  auto const endless = "GET / HTTP/1.1\r\nX: " + std::string(websocket_channel::max_head, 'x');
  CHECK(b.resume(as_bytes(endless), text).error() == websocket_errc::too_long);
  for (std::string_view head : {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
                                "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                                "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2hvcnQ=\r\n\r\n",
                                "GET / HTTP/1.1\r\nno field\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"}) {
    auto c = websocket_channel{{.dialer = false}, source};
    CHECK(c.resume(as_bytes(head), text).error() == websocket_errc::bad_request);
    byte_queue answer;
    c.write({}, answer);
    CHECK(as_text(answer.view()).starts_with("HTTP/1.1 400 "));
  }
  auto a = websocket_channel{{.dialer = true, .host = "x"}, source};
  CHECK(a.resume(as_bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"), text).error() ==
        websocket_errc::bad_accept);
  auto again = websocket_channel{{.dialer = true, .host = "x"}, source};
  CHECK(again.resume(as_bytes("HTTP/1.1 403 Forbidden\r\n\r\n"), text).error() == websocket_errc::bad_response);
}

TEST_CASE("a side that ends says so behind its last text, with the code of a normal end") {
  auto p = two{};
  REQUIRE(p.open());
  p.a.close();
  p.a.write(as_bytes("last"), p.to_b.from);
  auto const wire = testing::to_vector(p.to_b.from.view());
  CHECK(wire.size() == 6 + 4 + 6 + 2);
  CHECK(wire[10] == 0x88);
  p.run();
  CHECK(as_text(p.text_b.view()) == "last");
  REQUIRE(p.failed);
  CHECK(*p.failed == websocket_errc::closed);
}
