// The gateway's readers of single fields and files, by themselves.
#include <cairn/service/gateway/impl/hosts.hpp>
#include <cairn/service/gateway/impl/http_range.hpp>
#include <cairn/service/gateway/impl/media_types.hpp>
#include <cairn/service/gateway/impl/redirects_file.hpp>

#include <catch2/catch.hpp>

using namespace cairn;
using namespace cairn::service::gateway::detail;

namespace {
auto range_of(std::string_view field, std::uint64_t size) -> std::string {
  auto const r = parse_range(field, size);
  if (!r) return r.error() == range_errc::malformed ? "malformed" : "missed";
  return std::to_string(r->first) + "+" + std::to_string(r->length);
}
auto redirect(std::string_view rules, std::string_view path) -> std::string {
  auto const all = parse_redirects(rules);
  if (!all) return "bad";
  for (auto const& rule : *all)
    if (auto const to = match_redirect(rule, path)) return std::to_string(rule.status) + " " + *to;
  return "none";
}
}  // namespace

TEST_CASE("IX-74 ranges as RFC 9110 writes them") {
  CHECK(range_of("bytes=0-0", 10) == "0+1");
  CHECK(range_of("bytes=3-", 10) == "3+7");
  CHECK(range_of("bytes=3-300", 10) == "3+7");
  CHECK(range_of("bytes=-3", 10) == "7+3");
  CHECK(range_of("bytes=-30", 10) == "0+10");
  CHECK(range_of("bytes= 1-2 , 5-6", 10) == "1+2");
  CHECK(range_of("bytes=90-,2-2", 10) == "2+1");
  CHECK(range_of("bytes=10-", 10) == "missed");
  CHECK(range_of("bytes=-0", 10) == "missed");
  for (auto bad : {"", "bytes", "bytes=", "bytes=-", "bytes=x-1", "bytes=1-x", "bytes=2-1", "bytes=1", "items=0-1", "bytes=0-1,x", "bytes=9223372036854775808-", "bytes=--1"}) {
    INFO(bad);
    CHECK(range_of(bad, 10) == "malformed");
  }
}

TEST_CASE("_redirects: placeholders, a splat, the first rule that fits") {
  CHECK(redirect("/a /b", "/a") == "301 /b");
  CHECK(redirect("/a /b", "/a/") == "301 /b");
  CHECK(redirect("/a /b", "/ab") == "none");
  CHECK(redirect("/p/:x/:y /q/:y/:x 302", "/p/1/2") == "302 /q/2/1");
  CHECK(redirect("/p/:x /q/:xx", "/p/1") == "301 /q/:xx");
  CHECK(redirect("/s/* /t/:splat 200\n/* /404.html 404", "/s/a/b") == "200 /t/a/b");
  CHECK(redirect("/s/* /t/:splat 200\n/* /404.html 404", "/else") == "404 /404.html");
  CHECK(redirect("/x https://example.org/:splat 307", "/x") == "307 https://example.org/");
  CHECK(redirect("/w/:a/:a /:a 301", "/w/1/2") == "301 /2");
  CHECK(redirect("/v/* /to/:splat 301", "/v/x") == "301 /to/x");
  CHECK(redirect("/v/* /to/:splat 301", "/v") == redirect("/other /x", "/v"));
  for (auto bad : {"/a", "a /b", "/a /b 42", "/a /b 500", "/a /b 30x", "/*/a /b", "/a b", "/a /b 301 x"}) CHECK(redirect(bad, "/a") == "bad");
}

TEST_CASE("SEC-46 _redirects: what an address fills in neither names another host nor escapes its segment") {
  CHECK(redirect("/old/* /:splat", "/old//evil.example") == "301 /evil.example");
  CHECK(redirect("/old/* /:splat", "/old/\\evil.example") == "301 /%5Cevil.example");
  CHECK(redirect("/u/:x /:x", "/u/a?b#c\r\nX: y") == "301 /a%3Fb%23c%0D%0AX%3A%20y");
  CHECK(redirect("/s/* /t/:splat", "/s/a b/c%") == "301 /t/a%20b/c%25");
}

TEST_CASE("SEC-46 a host is a name or an address with a port of digits") {
  for (auto good : {"localhost", "localhost:8080", "bafy.ipfs.gw.example", "my--site-example.ipns.gw.example:80", "127.0.0.1:80", "[::1]", "[::1]:8080", ""}) CHECK(is_host(good));
  for (auto bad : {"localhost:@evil.example", "x.ipfs.localhost:\"><script>", "a b", "a/b", "[::1", "[x]", "localhost:80:90", "a:b"}) CHECK_FALSE(is_host(bad));
}

TEST_CASE("media types by name and by content") {
  CHECK(type_by_name("a.HTML") == "text/html");
  CHECK(type_by_name("a.b/noending").empty());
  auto const by_content = [](std::string_view text) { return std::string{type_by_content(as_bytes(text))}; };
  CHECK(by_content("") == "text/plain; charset=utf-8");
  CHECK(by_content("plain words\n") == "text/plain; charset=utf-8");
  CHECK(by_content("  <!DOCTYPE HTML><p>") == "text/html");
  CHECK(by_content("\x89PNG\r\n\x1a\n....") == "image/png");
  CHECK(by_content(std::string_view{"\0\1\2\3", 4}) == "application/octet-stream");
  CHECK(by_content("{\"a\":[1,2,{\"b\":null}],\"c\":\"\\\"}\"}\n") == "application/json");
  CHECK(by_content("[]") == "application/json");
  CHECK(by_content("{\"a\":1}\n{\"a\":2}\n") == "application/x-ndjson");
  for (auto text : {"{\"a\":1", "{\"a\" 1}", "[1,]", "{a:1}", "[1 2]", "{\"a\":1}}", "[tru]", "12", "\"text\""}) {
    INFO(text);
    CHECK(by_content(text) == "text/plain; charset=utf-8");
  }
  CHECK(by_content("{\"a\":\"" + std::string(4000, 'x')) == "application/json");  // cut at what is looked at
  CHECK(by_content("name,age\nann,3\nbob,4\n") == "text/csv");
  CHECK(by_content("name,age\nann\n") == "text/plain; charset=utf-8");
  CHECK(by_content("#!/usr/bin/env python3\n") == "text/x-python");
}
