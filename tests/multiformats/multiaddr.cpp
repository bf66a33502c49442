#include <cairn/core/text.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/multiformats/multiaddr.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/multiformats/multicodec.hpp>

#include "support/property.hpp"

using namespace cairn;

namespace {

auto parsed(std::string_view text) -> multiaddr {
  auto const m = parse_multiaddr(text);
  INFO(text);
  REQUIRE(m);
  return *m;
}

auto canonical(std::string_view text) -> std::string { return to_string(parsed(text)); }

constexpr auto peer = "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC";

}  // namespace

TEST_CASE("the table of protocols is sorted, and the multicodec table knows its codes") {
  auto last = std::uint64_t{0};
  for (auto const& row : multiaddr_protocols()) {
    CHECK(row.code > last);
    last = row.code;
    CHECK(find_multiaddr_protocol(row.name) == &row);
    CHECK(find_multiaddr_protocol(row.code) == &row);
    INFO(row.name);
    CHECK(find_multicodec(row.code));
  }
  CHECK(find_multiaddr_protocol("ipfs")->name == "p2p");
  CHECK_FALSE(find_multiaddr_protocol(5));
  CHECK_FALSE(find_multiaddr_protocol("nope"));
}

TEST_CASE("IX-08 a certhash is one value in every base") {
  auto const hash = *from_hex("1220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  auto const usual = "/udp/1/webrtc-direct/certhash/" + encode_multibase(multibase::base64url, hash);
  for (auto const base : {multibase::base64url, multibase::base58btc, multibase::base32, multibase::base16})
    CHECK(canonical("/udp/1/webrtc-direct/certhash/" + encode_multibase(base, hash)) == usual);
  CHECK(parse_multiaddr("/certhash/uEiA").error() == multiaddr_errc::bad_value);
  CHECK(parse_multiaddr("/certhash/" + encode_base(multibase::base64url, hash)).error() == multiaddr_errc::bad_value);
}

TEST_CASE("IX-10 an unknown protocol keeps the rest of the address, opaque") {
  auto octets = bytes{};
  append(octets, parsed("/ip4/1.2.3.4/tcp/5").bytes());
  append_varint(octets, 0x3f42);
  append(octets, as_bytes("whatever/follows"));
  auto const m = decode_multiaddr(octets);
  REQUIRE(m);
  CHECK(equal(m->bytes(), octets));
  CHECK(m->find(maddr::tcp)->port() == 5);
  auto const tail = m->find(0x3f42);
  REQUIRE(tail);
  CHECK_FALSE(tail->protocol());
  CHECK(as_text(tail->value()) == "whatever/follows");
  CHECK(std::distance(m->begin(), m->end()) == 3);
  auto const text = to_string(*m);
  CHECK(text == "/ip4/1.2.3.4/tcp/5/0x3f42/ud2hhdGV2ZXIvZm9sbG93cw");
  CHECK(parse_multiaddr(text) == m);
  CHECK(decapsulate(*m, 0x3f42) == parsed("/ip4/1.2.3.4/tcp/5"));
  CHECK(encapsulate(*m, parsed("/tcp/1")).error() == multiaddr_errc::after_path);
  // a known code is not written that way, and the tail has no other base
  for (auto const* wrong : {"/0x6/uAAE", "/0x06/uAAE", "/0x3f42", "/0x3f42/zAAE", "/0x3f42/uAAE/tcp/1", "/0x3F42/uAAE", "/ip4/1.2.3.4/unknown"})
    CHECK(parse_multiaddr(wrong).error() == multiaddr_errc::unknown_protocol);
}

TEST_CASE("IX-11 old names are read, the listening form is kept, aliases match") {
  CHECK(canonical(std::string{"/ipfs/"} + peer) == std::string{"/p2p/"} + peer);
  CHECK(parsed("/ip4/1.2.3.4/udp/1/quic") != parsed("/ip4/1.2.3.4/udp/1/quic-v1"));
  CHECK(parsed("/webrtc") != parsed("/webrtc-direct"));
  CHECK(canonical("/dns4/a.example/tcp/443/wss") == "/dns4/a.example/tcp/443/wss");
  CHECK(resolve_aliases(parsed("/dns4/a.example/tcp/443/wss")) == parsed("/dns4/a.example/tcp/443/tls/ws"));
  CHECK(resolve_aliases(parsed("/ip4/1.2.3.4/https")) == parsed("/ip4/1.2.3.4/tls/http"));
}

TEST_CASE("IX-12 a port is at most 65535") {
  CHECK(canonical("/tcp/65535") == "/tcp/65535");
  for (auto const* port : {"65536", "-1", "+1", "", "1 ", "0x1", "18446744073709551617", "99999999999999999999999"})
    CHECK_FALSE(parse_multiaddr(std::string{"/tcp/"} + port));
}

TEST_CASE("IX-13 HTTP endpoints without a port, and WebSocket addresses are none") {
  CHECK(read_http_endpoint(parsed("/dns/a.example/https")) == http_endpoint{"a.example", 443, true, ""});
  CHECK(read_http_endpoint(parsed("/dns/a.example/http")) == http_endpoint{"a.example", 80, false, ""});
  CHECK(read_http_endpoint(parsed("/dns4/a.example/tcp/8080/tls/sni/b.example/http/http-path/a%2Fb%20c")) ==
        http_endpoint{"a.example", 8080, true, "a/b c"});
  CHECK(read_http_endpoint(parsed("/ip6/::1/tcp/80/http")) == http_endpoint{"::1", 80, false, ""});
  for (auto const* other : {"/dns4/a.example/tcp/443/tls/ws", "/dns4/a.example/tcp/443/wss", "/dns4/a.example/tcp/443", "/ip4/1.2.3.4/udp/80/http",
                            "/tcp/80/http", "/dns/a.example/https/http"})
    CHECK_FALSE(read_http_endpoint(parsed(other)));
}

TEST_CASE("IPv6 is written as RFC 5952 says") {
  CHECK(canonical("/ip6/::") == "/ip6/::");
  CHECK(canonical("/ip6/0:0:0:1:0:0:0:0") == "/ip6/0:0:0:1::");
  CHECK(canonical("/ip6/1:0:0:2:3:0:0:4") == "/ip6/1::2:3:0:0:4");
  CHECK(canonical("/ip6/1:0:2:3:4:5:6:7") == "/ip6/1:0:2:3:4:5:6:7");
  CHECK(canonical("/ip6/2001:DB8::A") == "/ip6/2001:db8::a");
  CHECK(canonical("/ip6/::ffff:102:304") == "/ip6/::ffff:1.2.3.4");
  CHECK(canonical("/ip6/::1.2.3.4") == "/ip6/::102:304");
  for (auto const* wrong : {"/ip6/1.2.3.4", "/ip6/:::", "/ip6/1::2::3", "/ip6/12345::", "/ip6/fe80::1%eth0", "/ip4/1.2.3", "/ip4/1.2.3.256", "/ip4/01.2.3.4",
                            "/ip4/::ffff:1.2.3.4"})
    CHECK(parse_multiaddr(wrong).error() == multiaddr_errc::bad_value);
  CHECK_FALSE(parse_multiaddr(std::string_view{"/ip4/1.2.3.4\0x", 14}));
  testing::check_property("round trip", [](std::array<byte, 16> octets, std::uint8_t zeroed) {
    for (std::size_t i = 0; i < 8; ++i)
      if (zeroed >> i & 1) octets[2 * i] = octets[2 * i + 1] = 0;
    auto const m = make_multiaddr(maddr::ip6, octets);
    RC_ASSERT(m.has_value());
    RC_ASSERT((parse_multiaddr(to_string(*m)) == *m));
  });
}

TEST_CASE("paths take the rest of the address") {
  auto const m = parsed("/ip4/1.2.3.4/tcp/80/unix/a/b/c/");
  CHECK(to_string(m) == "/ip4/1.2.3.4/tcp/80/unix/a/b/c");
  CHECK(as_text(m.find(maddr::unix_path)->value()) == "/a/b/c");
  CHECK(encapsulate(m, parsed("/tcp/1")).error() == multiaddr_errc::after_path);
  auto octets = bytes(m.bytes().begin(), m.bytes().end());
  append(octets, parsed("/tcp/1").bytes());
  CHECK(decode_multiaddr(octets).error() == multiaddr_errc::after_path);
  CHECK(canonical("/http-path/a+b%2fc%C3%A9") == "/http-path/a%20b%2Fc%C3%A9");
}

TEST_CASE("encapsulate and decapsulate") {
  auto const m = parsed("/ip4/1.2.3.4/tcp/1/p2p-circuit/ip4/1.2.3.4/tcp/1");
  CHECK(decapsulate(m, parsed("/ip4/1.2.3.4/tcp/1")) == parsed("/ip4/1.2.3.4/tcp/1/p2p-circuit"));
  CHECK(decapsulate(m, parsed("/udp/1")) == m);
  CHECK(decapsulate(m, multiaddr{}) == m);
  CHECK(decapsulate(m, m).empty());
  CHECK(decapsulate(parsed("/tcp/1"), maddr::tcp).empty());
  CHECK(encapsulate(multiaddr{}, m) == m);
  CHECK(encapsulate(m, multiaddr{}) == m);
  CHECK(encapsulate(parsed("/ip4/1.2.3.4"), parsed("/tcp/1")) == parsed("/ip4/1.2.3.4/tcp/1"));
}

TEST_CASE("IX-01 varints of a multiaddr are minimal") {
  CHECK(decode_multiaddr(*from_hex("84007f000001")).error() == multiaddr_errc::bad_varint);
  CHECK(decode_multiaddr(*from_hex("358161")).error() == multiaddr_errc::truncated);
  CHECK(decode_multiaddr(*from_hex("35810061")).error() == multiaddr_errc::bad_varint);
}

TEST_CASE("SEC-54 any text and any octets are an address or a typed error") {
  CHECK(parse_multiaddr("").error() == multiaddr_errc::empty);
  CHECK(parse_multiaddr("///").error() == multiaddr_errc::empty);
  CHECK(parse_multiaddr("ip4/1.2.3.4").error() == multiaddr_errc::no_leading_slash);
  CHECK(parse_multiaddr("//tcp/1").error() == multiaddr_errc::unknown_protocol);
  CHECK(parse_multiaddr("/dns4/" + std::string(limits::multiaddr, 'a')).error() == multiaddr_errc::too_long);
  CHECK(parse_multiaddr(std::string(1 << 20, '/')).error() == multiaddr_errc::too_long);
  CHECK(decode_multiaddr({}).error() == multiaddr_errc::empty);
  CHECK(decode_multiaddr(bytes(limits::multiaddr + 1, 0)).error() == multiaddr_errc::too_long);
  CHECK(decode_multiaddr(*from_hex("047f0000")).error() == multiaddr_errc::truncated);
  CHECK(decode_multiaddr(*from_hex("35ffffffffffffffff7f61")).error() == multiaddr_errc::truncated);
  CHECK(decode_multiaddr(*from_hex("3500")).error() == multiaddr_errc::bad_value);
  CHECK(decode_multiaddr(*from_hex("3502612f")).error() == multiaddr_errc::bad_value);
  CHECK(decode_multiaddr(*from_hex("bc03000000000000000000000000")).error() == multiaddr_errc::bad_value);
  testing::check_property("octets", [](bytes const& in) {
    auto const m = decode_multiaddr(in);
    if (m) RC_ASSERT((parse_multiaddr(to_string(*m)) == *m));
  });
  testing::check_property("octets behind a known code", [](std::uint8_t pick, bytes const& in) {
    auto octets = bytes{};
    auto const rows = multiaddr_protocols();
    append_varint(octets, rows[pick % rows.size()].code);
    append(octets, in);
    auto const m = decode_multiaddr(octets);
    if (m) RC_ASSERT((parse_multiaddr(to_string(*m)) == *m));
  });
  testing::check_property("text behind a known name", [](std::uint8_t pick, std::string const& in) {
    auto const rows = multiaddr_protocols();
    auto const m = parse_multiaddr("/" + std::string{rows[pick % rows.size()].name} + "/" + in);
    if (m) RC_ASSERT((decode_multiaddr(m->bytes()) == *m));
  });
}
