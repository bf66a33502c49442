#include <cairn/service/config_text.hpp>
#include <cairn/service/rpc/rules.hpp>

#include <catch2/catch.hpp>

using namespace cairn;
using service::rpc::access_rules;

namespace {

auto rules_of(std::string_view config) -> access_rules {
  return access_rules::of(*service::parse_config(config), {*http::endpoint::parse("/ip4/127.0.0.1/tcp/5001"), *http::endpoint::parse("/unix/x")});
}

auto asked(std::vector<http::header> fields, std::string target = "/api/v0/id") -> http::request {
  auto r = http::request{.method = "POST", .target = std::move(target), .fields = {}, .peer = "127.0.0.1:1", .from_loopback = true};
  for (auto const& f : fields) r.fields.add(f.name, f.value);
  return r;
}

}  // namespace

TEST_CASE("SEC-43: pages that may call the API", "[rpc]") {
  auto const rules = rules_of("{}");
  for (auto const* good : {"http://localhost:5001", "https://127.0.0.1:5001", "http://[::1]:5001", "HTTP://LocalHost:5001"}) CHECK(rules.allows_page(asked({{"Origin", good}})));
  for (auto const* bad : {"http://localhost", "http://localhost:5002", "http://localhost:5001.evil.example", "http://evil.example", "null", "file://", "http://127.0.0.1:50011"})
    CHECK_FALSE(rules.allows_page(asked({{"Origin", bad}})));
  CHECK(rules.allows_page(asked({{"Referer", "http://localhost:5001/webui/"}})));
  CHECK_FALSE(rules.allows_page(asked({{"Referer", "http://localhost:5001.evil.example/"}})));
  CHECK_FALSE(rules.allows_page(asked({{"Referer", "http://localhost:5001@evil.example/"}})));
  CHECK_FALSE(rules.allows_page(asked({{"Referer", "about:blank"}})));
  CHECK_FALSE(rules.allows_page(asked({{"Origin", "http://localhost:5001"}, {"Referer", "http://evil.example/"}})));
  CHECK(rules.allows_page(asked({})));
  CHECK(rules.allows_page(asked({{"User-Agent", "curl/8"}})));
  CHECK_FALSE(rules.allows_page(asked({{"User-Agent", "Mozilla/5.0 (X11)"}})));
}

TEST_CASE("SEC-43: origins from the config", "[rpc]") {
  auto const rules = rules_of(R"({"API":{"HTTPHeaders":{"Access-Control-Allow-Origin":["https://*.example.org","http://a:1"],"Access-Control-Allow-Methods":["PUT","POST"],"X-A":["1","2"]}}})");
  CHECK(rules.allows_origin("https://b.example.org"));
  CHECK(rules.allows_origin("http://a:1"));
  CHECK_FALSE(rules.allows_origin("https://example.org.evil"));
  CHECK(rules.allows_origin("http://localhost:5001"));
  CHECK(rules.methods == std::vector<std::string>{"PUT", "POST"});
  CHECK(rules.fields.size() == 2);
  CHECK(rules_of(R"({"API":{"HTTPHeaders":{"Access-Control-Allow-Origin":["*"]}}})").allows_origin("http://anything"));
}

TEST_CASE("SEC-44: names in Host", "[rpc]") {
  auto const rules = rules_of(R"({"API":{"HTTPHeaders":{"Access-Control-Allow-Origin":["http://node.lan:80"]}}})");
  for (auto const* good : {"localhost", "localhost:5001", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1:5001", "[::1]:5001", "10.0.0.1", "node.lan:9"}) CHECK(rules.allows_host(asked({{"Host", good}})));
  for (auto const* bad : {"", "evil.example", "evil.example:5001", "127.0.0.1.evil.example", "localhost.evil.example", "localhost.evil.example."}) CHECK_FALSE(rules.allows_host(asked({{"Host", bad}})));
  // who does not come over the loopback has had to name a secret
  auto far = asked({{"Host", "evil.example"}});
  far.from_loopback = false;
  CHECK(rules.allows_host(far));
}

TEST_CASE("API.Authorizations: secrets and what they open", "[rpc]") {
  auto const rules = rules_of(R"({"API":{"Authorizations":{"a":{"AuthSecret":"basic:user:pass","AllowedPaths":["/api/v0/add","/api/v0/pin"]},"b":{"AuthSecret":"bearer:tok","AllowedPaths":["/api/v0"]},"c":{"AuthSecret":"plain","AllowedPaths":[]},"d":{"AuthSecret":"","AllowedPaths":["/api/v0"]}}}})");
  REQUIRE(rules.guarded);
  auto const may = [&](char const* secret, char const* target) { return rules.allows_secret(asked({{"Authorization", secret}}, target)); };
  CHECK(may("Basic dXNlcjpwYXNz", "/api/v0/pin/ls"));
  CHECK_FALSE(may("Basic dXNlcjpwYXNz", "/api/v0/id"));
  CHECK(may("Basic dXNlcjpwYXNz", "/api/v0/version"));
  CHECK(may("Bearer tok", "/api/v0/shutdown"));
  CHECK(may("Bearer plain", "/api/v0/version"));
  CHECK_FALSE(may("Bearer plain", "/api/v0/id"));
  for (auto const* bad : {"", "Bearer", "Bearer ", "Bearer to", "Bearer tokk", "tok", "Basic dXNlcjpwYXNzX"}) CHECK_FALSE(may(bad, "/api/v0/version"));
  CHECK_FALSE(rules.allows_secret(asked({}, "/api/v0/version")));
  CHECK_FALSE(rules_of("{}").guarded);
}
