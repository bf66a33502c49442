// What requests and answers of the gateway obey, case by case; the table beside Kubo has the rest.
#include "site_of_test.hpp"

#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/naming/ipns_name.hpp>
#include <cairn/unixfs/data.hpp>

using namespace cairn;
using namespace cairn::testing;

TEST_CASE("a file is sent with its type, its tag and for how long it may be kept") {
  auto gate = site_of_test{};
  auto const file = gate.block("hello gateway\n");
  auto const dir = gate.folder({{"hello.txt", file}});
  auto const got = gate.ask("GET /ipfs/" + to_string(dir) + "/hello.txt");
  CHECK(got->answer.status == 200);
  CHECK(got->body == "hello gateway\n");
  CHECK(got->is_finished);
  CHECK(got->answer.length == 14u);
  CHECK(field(*got, "Content-Type") == "text/plain; charset=utf-8");
  CHECK(field(*got, "Etag") == "\"" + to_string(file) + "\"");
  CHECK(field(*got, "Cache-Control") == "public, max-age=29030400, immutable");
  CHECK(field(*got, "X-Ipfs-Roots") == to_string(dir) + "," + to_string(file));
  CHECK(field(*got, "X-Ipfs-Path") == "/ipfs/" + to_string(dir) + "/hello.txt");
  CHECK(gate.ask("HEAD /ipfs/" + to_string(file))->body.empty());
}

TEST_CASE("IX-70 a domain whose record is another domain, a key, or itself") {
  auto gate = site_of_test{"one.example:/ipns/two.example,two.example:/ipfs/bafkqabtimvwgy3yk,loop.example:/ipns/loop.example"};
  CHECK(gate.ask("GET / | Host: two.example")->body == "hello\n");
  CHECK(gate.ask("GET / | Host: one.example")->body == "hello\n");
  CHECK(gate.ask("GET /ipns/loop.example")->answer.status == 500);
  CHECK(gate.ask("GET /ipns/nobody.example")->answer.status == 500);
  // dots inlined as "-", and "-" as "--"
  gate.site = std::make_unique<service::gateway::site>(*gate.api, service::gateway::options::of(ipld::node{ipld::map{}}));
  CHECK(gate.ask("GET / | Host: two-example.ipns.localhost")->body == "hello\n");
}

TEST_CASE("IX-71 a label of more than 63 characters becomes base36; what is still too long is refused") {
  auto gate = site_of_test{};
  auto const k51 = std::string{"k51qzi5uqu5dk3v4rmjber23h16xnr23bsggmqqil9z2gduiis5se8dht36dam"};
  auto const base32 = to_string(to_cid(*parse_ipns_name(k51)));
  REQUIRE(base32.size() > 63);
  for (auto const& text : {k51, base32, std::string{"12D3KooWLQzUv2FHWGVPXTXSZpdHs7oHbXub2G5WC8Tx4NQhyd2d"}}) {
    auto const got = gate.ask("GET /ipns/" + text + "/a | Host: localhost:8080");
    CHECK(got->answer.status == 301);
    CHECK(field(*got, "Location") == "http://" + k51 + ".ipns.localhost:8080/a");
  }
  auto const sha512 = "bafkrgqhhyivzstcz3hhswshfjgy6ertgmnqeleynhwt4dlfsthi4hn7zgh4uvlsb5xncykzapi3ocd4lzogukir6ksdy6wzrnz6ohnv4aglcs";
  auto const refused = gate.ask("GET /ipfs/" + std::string{sha512} + "/ | Host: localhost:8080");
  CHECK(refused->answer.status == 400);
  CHECK(refused->body.find("CID incompatible with DNS label length limit of 63") != std::string::npos);
}

TEST_CASE("IX-72 redirects keep escapes and the query, and say who may read them") {
  auto gate = site_of_test{};
  auto const dir = gate.folder({{"\xc4\x85 b", gate.folder({})}});
  auto const got = gate.ask("GET /ipfs/" + to_string(dir) + "/%C4%85%20b?x=1%2F2&y");
  CHECK(got->answer.status == 301);
  CHECK(field(*got, "Location") == "/ipfs/" + to_string(dir) + "/%C4%85%20b/?x=1%2F2&y");
  CHECK(field(*got, "Access-Control-Allow-Origin") == "*");
  auto const moved = gate.ask("GET /ipfs/" + to_string(dir) + "/%c4%85?q=%20 | Host: localhost");
  CHECK(field(*moved, "Location") == "http://" + to_string(dir) + ".ipfs.localhost/%c4%85?q=%20");
}

TEST_CASE("IX-73 ?format= is stronger than Accept, and no codec becomes another unasked") {
  auto gate = site_of_test{};
  auto const file = to_string(gate.block("{}"));
  CHECK(field(*gate.ask("GET /ipfs/" + file + "?format=raw | Accept: application/vnd.ipld.car"), "Content-Type") == "application/vnd.ipld.raw");
  CHECK(field(*gate.ask("GET /ipfs/" + file + "?format=car | Accept: application/vnd.ipld.car; dups=y"), "Content-Type").ends_with("dups=y"));
  CHECK(field(*gate.ask("GET /ipfs/" + file + "?format=car | Accept: application/vnd.ipld.raw; dups=y"), "Content-Type").ends_with("dups=n"));
  CHECK(gate.ask("GET /ipfs/" + file + "?format=dag-json")->answer.status == 406);
  CHECK(gate.ask("GET /ipfs/" + file + " | Accept: application/vnd.ipld.nothing")->answer.status == 400);
  auto const node = to_string(gate.block("\xa1\x61\x61\x01", code::dag_cbor));
  CHECK(gate.ask("GET /ipfs/" + node + "?format=dag-json")->answer.status == 406);
  CHECK(gate.ask("GET /ipfs/" + node + "?format=dag-cbor")->body == "\xa1\x61\x61\x01");
  auto settings = service::gateway::options::of(ipld::node{ipld::map{}});
  settings.allow_codec_conversion = true;
  gate.site = std::make_unique<service::gateway::site>(*gate.api, settings);
  CHECK(gate.ask("GET /ipfs/" + node + "?format=dag-json")->body == "{\"a\":1}");
}

TEST_CASE("IX-74 ranges: from the end, the first of several, of nodes, negative ones of CARs") {
  auto gate = site_of_test{};
  auto const file = to_string(gate.block("0123456789"));
  auto const asked = [&](std::string const& range) { return gate.ask("GET /ipfs/" + file + " | Range: " + range); };
  CHECK(asked("bytes=-3")->body == "789");
  CHECK(asked("bytes=-300")->body == "0123456789");
  CHECK(asked("bytes=2-4,0-1")->body == "234");
  CHECK(field(*asked("bytes=2-4,0-1"), "Content-Range") == "bytes 2-4/10");
  CHECK(asked("bytes=50-60,1-1")->body == "1");
  CHECK(asked("bytes=10-")->answer.status == 416);
  CHECK(field(*asked("bytes=10-"), "Content-Range") == "bytes */10");
  CHECK(asked("bytes=3-2")->answer.status == 400);
  CHECK(asked("bytes=1-2,x")->answer.status == 400);
  CHECK(asked("bytes=18446744073709551615-")->answer.status == 400);
  CHECK(gate.ask("GET /ipfs/" + file + " | Range: bytes=0-1 | If-Range: \"other\"")->answer.status == 200);
  auto const node = to_string(gate.block("\xa1\x61\x61\x01", code::dag_cbor));
  CHECK(gate.ask("GET /ipfs/" + node + " | Range: bytes=1-2")->body == "aa");
  CHECK(gate.ask("GET /ipfs/" + file + "?format=car&entity-bytes=-4:-2")->answer.status == 200);
  CHECK(gate.ask("GET /ipfs/" + file + "?format=car&entity-bytes=-2:-4")->answer.status == 400);
  auto settings = service::gateway::options::of(ipld::node{ipld::map{}});
  settings.max_range_file = 9;
  gate.site = std::make_unique<service::gateway::site>(*gate.api, settings);
  CHECK(asked("bytes=0-1")->answer.status == 501);
  CHECK(gate.ask("GET /ipfs/" + file)->answer.status == 200);
}

TEST_CASE("SEC-48 a name's answer may be kept no longer than its record holds, and not as if it never changed") {
  auto gate = site_of_test{};
  gate.block("hello\n");
  auto const name = need(gate.api->name_publish("/ipfs/bafkqabtimvwgy3yk", {.lifetime = 20'000'000'000, .ttl = 3'600'000'000'000, .check = false})).name;
  auto const text = to_string(name, multibase::base36).value();
  for (auto const& query : {"", "?format=raw", "?format=ipns-record"}) {
    INFO(query);
    auto const got = gate.ask("GET /ipns/" + text + query);
    CHECK(got->answer.status == 200);
    auto const kept = field(*got, "Cache-Control");
    CHECK(kept.find("immutable") == std::string::npos);
    auto const at = kept.find("max-age=");
    REQUIRE(at != std::string::npos);
    CHECK(std::stoi(kept.substr(at + 8)) <= 20);
  }
}

TEST_CASE("_redirects: rules of a site on its own host, the first that fits, and files that are none") {
  auto gate = site_of_test{};
  auto const site_with = [&](std::string const& rules) {
    return to_string(gate.folder({{"_redirects", gate.block(rules)}, {"index.html", gate.block("<h1>index</h1>")}, {"404.html", gate.block("<h1>nothing</h1>")}}));
  };
  auto const at = [&](std::string const& site, std::string const& path) { return gate.ask("GET " + path + " | Host: " + site + ".ipfs.localhost"); };
  auto const site = site_with("/a /b\n/n/:x/:y /m/:y?of=:x 302\n/s/* /t/:splat 308\n/app/* /index.html 200\n# comment\n/* /404.html 404\n");
  CHECK(field(*at(site, "/a"), "Location") == "/b");
  CHECK(at(site, "/n/1/2")->answer.status == 302);
  CHECK(field(*at(site, "/n/1/2?q=3"), "Location") == "/m/2?of=1&q=3");
  CHECK(field(*at(site, "/s/x/y"), "Location") == "/t/x/y");
  CHECK(at(site, "/app/any")->body == "<h1>index</h1>");
  CHECK(at(site, "/none")->answer.status == 404);
  CHECK(at(site, "/none")->body == "<h1>nothing</h1>");
  CHECK(at(site, "/404.html")->answer.status == 200);  // what is there is not redirected
  CHECK(gate.ask("GET /ipfs/" + site + "/a")->answer.status == 404);  // nor what shares its origin
  for (auto const& bad : {"/a\n", "a /b\n", "/a /b 999\n", "/a*b /c\n", "/a /b 301 more\n"}) {
    INFO(bad);
    auto const got = at(site_with(bad), "/x");
    CHECK(got->answer.status == 500);
    CHECK(got->body.find("could not parse _redirects") != std::string::npos);
  }
  CHECK(at(site_with(std::string(65 * 1024, '#')), "/x")->answer.status == 500);
}
