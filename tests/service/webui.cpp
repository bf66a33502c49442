#include <cairn/service/webui/webui.hpp>

#include <support/recording_exchange.hpp>

#include <catch2/catch.hpp>

using namespace cairn;
using cairn::testing::recording_exchange;
namespace webui = cairn::service::webui;

namespace {

auto ask(std::string method, std::string target, http::headers fields = {}) -> recording_exchange {
  return recording_exchange{{.method = std::move(method), .target = std::move(target), .fields = std::move(fields)}};
}

}  // namespace

TEST_CASE("the page and its files come with a policy that lets it load nothing but itself") {
  for (auto const* name : {"/webui/", "/webui/page.js", "/webui/page.css", "/webui/icon.svg", "/webui/manifest.json", "/webui/absent"}) {
    auto x = ask("GET", name);
    REQUIRE(webui::serve(x, webui::manifest_of_build("packs", {})));
    INFO(name);
    CHECK(x.answer.status == (std::string_view{name}.ends_with("absent") ? 404 : 200));
    CHECK(x.is_finished);
    CHECK(x.answer.length == x.body.size());
    CHECK(x.answer.fields.find("content-security-policy")->starts_with("default-src 'none'; script-src 'self'; "));
    CHECK(x.answer.fields.find("X-Content-Type-Options") == "nosniff");
  }
}

TEST_CASE("a file is named by its ETag, HEAD has no body, writing is refused") {
  auto first = ask("GET", "/webui/page.js");
  REQUIRE(webui::serve(first, {}));
  auto const tag = std::string{first.answer.fields.find("ETag").value()};
  CHECK(first.answer.fields.find("Content-Type") == "text/javascript; charset=utf-8");
  auto fields = http::headers{};
  fields.add("If-None-Match", tag);
  auto again = ask("GET", "/webui/page.js", fields);
  REQUIRE(webui::serve(again, {}));
  CHECK(again.answer.status == 304);
  CHECK(again.body.empty());

  auto head = ask("HEAD", "/webui/");
  REQUIRE(webui::serve(head, {}));
  CHECK(head.answer.status == 200);
  CHECK(head.answer.length.value() > 1000);
  CHECK(head.body.empty());

  auto post = ask("POST", "/webui/");
  REQUIRE(webui::serve(post, {}));
  CHECK(post.answer.status == 405);

  auto bare = ask("GET", "/webui");
  REQUIRE(webui::serve(bare, {}));
  CHECK(bare.answer.status == 302);
  CHECK(bare.answer.fields.find("Location") == "/webui/");
}

TEST_CASE("the manifest lists what the build can do, as JSON whose texts cannot end a script") {
  auto x = ask("GET", "/webui/manifest.json");
  REQUIRE(webui::serve(x, webui::manifest_of_build("packs</script>", {"/ip4/127.0.0.1/tcp/5001"})));
  CHECK(x.answer.fields.find("Content-Type") == "application/json");
  for (auto const* part : {R"("codecs":["cbor","raw",)", R"("dag-cbor")", R"("sha2-256")", R"("blake2b-8 … 512")", R"("store":["packs\u003c/script\u003e"])", R"("listens on":["/ip4/127.0.0.1/tcp/5001"])"}) {
    INFO(part << " in " << x.body);
    CHECK(x.body.find(part) != std::string::npos);
  }
}

TEST_CASE("header fields compare without case; a host loses its port, an IPv6 address keeps its brackets") {
  auto h = http::headers{};
  h.add("Accept", "a");
  h.add("ACCEPT", "b");
  CHECK(h.find("accept") == "a");
  CHECK(h.all("aCCept").size() == 2);
  h.set("accept", "c");
  CHECK(h.find("Accept") == "c");
  h.remove("ACCEPT");
  CHECK(h.size() == 0);

  auto const host = [](std::string text) {
    auto r = http::request{.method = "GET", .target = "/a?b=c"};
    r.fields.add("Host", text);
    return r.host();
  };
  CHECK(host("LocalHost:5001") == "localhost");
  CHECK(host("[::1]:5001") == "[::1]");
  CHECK(host("[::1]") == "[::1]");
  CHECK(host("example.org") == "example.org");
  auto const r = http::request{.method = "GET", .target = "/a?b=c?d"};
  CHECK(r.path() == "/a");
  CHECK(r.query() == "b=c?d");
}
