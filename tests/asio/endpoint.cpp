#include <cairn/asio/http/endpoint.hpp>
#include <cairn/asio/http/url.hpp>

#include <support/property.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

TEST_CASE("endpoint: the forms of an address", "[endpoint]") {
  auto const v4 = http::endpoint::parse("/ip4/127.0.0.1/tcp/5001");
  REQUIRE(v4);
  CHECK(v4->to_authority() == "127.0.0.1:5001");
  CHECK(v4->to_multiaddr() == "/ip4/127.0.0.1/tcp/5001");
  CHECK(v4->is_loopback());
  CHECK(http::endpoint::parse("/ip6/::1/tcp/0/http")->to_authority() == "[::1]:0");
  CHECK(http::endpoint::parse("http://[::1]:5001/")->to_multiaddr() == "/ip6/::1/tcp/5001");
  CHECK(http::endpoint::parse("/unix/run/api.sock")->unix_path == "/run/api.sock");
  CHECK(http::endpoint::parse("http://example.org")->port == 80);
  CHECK(http::endpoint::parse("/dns4/node/tcp/1")->to_multiaddr() == "/dns/node/tcp/1");
  CHECK_FALSE(http::endpoint::parse("/ip4/0.0.0.0/tcp/1")->is_loopback());
  for (auto const* secure : {"https://node", "https://node:443/at/a/path", "/dns/node/tcp/443/https", "/dns4/node/tcp/443/tls/http"}) {
    INFO(secure);
    auto const at = http::endpoint::parse(secure);
    REQUIRE(at);
    CHECK(at->tls);
    CHECK(at->port == 443);
    CHECK(at->to_authority() == "node");
    CHECK(at->to_multiaddr() == "/dns/node/tcp/443/https");
  }
  CHECK(http::endpoint::parse("https://node:8443")->to_authority() == "node:8443");
  CHECK_FALSE(http::endpoint::parse("http://node:443")->tls);
  for (auto const* bad : {"", "/", "/unix/", "/ip4/127.0.0.1", "/ip4/127.0.0.1/udp/1", "/ip4/127.0.0.1/tcp/65536", "/ip4/127.0.0.1/tcp/-1", "/ip4/1/tcp/1/quic", "/ip4/1/tcp/1/tls", "/ip4/1/tcp/1/http/tls", "https://", "x", ":1", "[::1:5"})
    CHECK_FALSE(http::endpoint::parse(bad));
}

TEST_CASE("url: what is encoded comes back", "[endpoint]") {
  testing::check_property("url", [](std::string text) {
    RC_ASSERT(http::percent_decoded(http::percent_encoded(text)) == text);
    auto const pairs = http::parse_query("a=" + http::percent_encoded(text));
    RC_ASSERT(pairs && pairs->size() == 1 && pairs->front().second == text);
  });
  for (auto const* bad : {"%", "%4", "%4x", "a%"}) CHECK_FALSE(http::percent_decoded(bad));
  CHECK(http::parse_query("a&b=&&a=1+2&=x")->size() == 4);
}
