// Requests that are meant to hurt: a clear status, bounded memory, others served.
#include "site_of_test.hpp"

#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/unixfs/data.hpp>

#include <thread>

using namespace cairn;
using namespace cairn::testing;

TEST_CASE("SEC-40 identity CIDs in paths: what they hold is sent, a CID of megabytes is refused") {
  auto gate = site_of_test{};
  for (auto const size : {0uz, 127uz, 128uz}) {
    auto const octets = bytes(size, 'a');
    auto text = bytes{1, 0x55, 0};
    append_varint(text, size);
    append(text, octets);
    auto const got = gate.ask("GET /ipfs/" + encode_multibase(multibase::base32, text) + "?format=raw");
    CHECK(got->answer.status == 200);
    CHECK(got->body.size() == size);
  }
  for (auto const size : {129uz, 2uz << 20}) {
    auto text = bytes{1, 0x55, 0};
    append_varint(text, size);
    append(text, bytes(size, 'a'));
    auto const id = encode_multibase(multibase::base32, text);
    for (auto const& query : {"", "?format=raw", "?format=car"}) {
      auto const got = gate.ask("GET /ipfs/" + id + query);
      CHECK(got->answer.status >= 400);
      CHECK(got->body.size() < 3 * id.size() + 1000);
    }
  }
}

TEST_CASE("SEC-46 names are text in a page, other origins stay other, no header moves a path") {
  auto gate = site_of_test{};
  auto const evil = std::string{"\"><script>alert(1)</script>&'"};
  auto const dir = to_string(gate.folder({{evil, gate.block("x")}, {"javascript:alert(1)", gate.block("y")}}));
  auto const page = gate.ask("GET /ipfs/" + dir + "/ | X-Ipfs-Gateway-Prefix: //evil.example");
  CHECK(page->answer.status == 200);
  CHECK(page->body.find("<script") == std::string::npos);
  CHECK(page->body.find("\"javascript:") == std::string::npos);
  CHECK(page->body.find("evil.example") == std::string::npos);
  CHECK(page->body.find("&lt;script&gt;") != std::string::npos);
  auto const lost = gate.ask("GET /ipfs/" + dir + "/%3Cscript%3Ealert(1)%3C%2Fscript%3E | Accept: text/html");
  CHECK(lost->answer.status == 404);
  CHECK(lost->body.find("<script") == std::string::npos);
  auto const moved = gate.ask("GET /ipfs/" + dir + " | X-Ipfs-Gateway-Prefix: //evil.example");
  CHECK(field(*moved, "Location") == "/ipfs/" + dir + "/");
  // a path that begins with two slashes leads to no other host
  auto const twice = gate.ask("GET //evil.example/.. | Host: " + dir + ".ipfs.localhost");
  CHECK_FALSE(field(*twice, "Location").starts_with("//"));
  for (auto const& query : {"?format=raw", "?format=car", "?format=tar"}) CHECK(field(*gate.ask("GET /ipfs/" + dir + query), "X-Content-Type-Options") == "nosniff");
  // a worker registered for all of a gateway would see every site of it
  CHECK(gate.ask("GET /ipfs/" + dir + " | Service-Worker: script")->answer.status == 400);
  CHECK(gate.ask("GET /ipfs/" + dir + "/x%0d%0aSet-Cookie:%20a=b?filename=%0d%0aSet-Cookie:%20a=b")->answer.status == 404);
  for (auto const& f : gate.ask("GET /ipfs/" + to_string(gate.block("z")) + "?filename=%0d%0aSet-Cookie:%20a=b")->answer.fields) CHECK(f.value.find_first_of("\r\n") == std::string::npos);
}

TEST_CASE("SEC-47 a thousand overlapping ranges are one range") {
  auto gate = site_of_test{};
  auto const file = to_string(gate.block(std::string(100'000, 'x')));
  auto ranges = std::string{"bytes=0-9"};
  for (auto i = 0; i < 1000; ++i) ranges += ",0-";
  auto const got = gate.ask("GET /ipfs/" + file + " | Range: " + ranges);
  CHECK(got->answer.status == 206);
  CHECK(got->body.size() == 10);
}

TEST_CASE("SEC-47 a client that leaves ends the work for it") {
  auto gate = site_of_test{};
  auto entries = std::vector<std::pair<std::string, cid>>{};
  for (auto i = 0; i < 40; ++i) entries.emplace_back("f" + std::to_string(i), gate.block(std::string(100'000, static_cast<char>('a' + i))));
  auto const dir = to_string(gate.folder(entries));
  for (auto const& query : {"?format=car", "?format=tar"}) {
    auto const got = gate.ask("GET /ipfs/" + dir + query, 1);
    CHECK(got->is_gone);
    CHECK(got->is_aborted);
    CHECK_FALSE(got->is_finished);
    CHECK(got->body.size() < 2'000'000);  // a piece of the writer, not the 4 MB
  }
}

TEST_CASE("SEC-47 a bomb of a DAG: each block once, and with duplicates only for as long as the client reads") {
  auto gate = site_of_test{};
  auto id = gate.block("leaf");
  for (auto level = 0; level < 40; ++level) id = gate.folder({{"a", id}, {"b", id}});  // 2^40 ways
  CHECK(gate.ask("GET /ipfs/" + to_string(id) + "?format=car")->body.size() < 10'000);
  auto const cut = gate.ask("GET /ipfs/" + to_string(id) + "?format=car&car-dups=y", 200'000);
  CHECK(cut->is_gone);
  CHECK(cut->is_aborted);
}

TEST_CASE("SEC-47 requests beyond Gateway.MaxConcurrentRequests are told to come later") {
  auto settings = service::gateway::options::of(ipld::node{ipld::map{}});
  settings.max_concurrent = 1;
  auto gate = site_of_test{{}, settings};
  auto const file = to_string(gate.block("x"));

  // an exchange that asks again while it is answered: two at once, without a clock
  struct nested final : http::exchange {
    nested(http::request h, service::gateway::site& s) : head_{std::move(h)}, site{s} {}
    auto head() const -> http::request const& override { return head_; }
    auto read(bytes_span) -> io_result<std::size_t> override { return 0uz; }
    auto begin(http::response r) -> io_result<void> override {
      status = r.status;
      auto inner = recording_exchange{head_};
      site.serve(inner);
      second = inner.answer;
      return {};
    }
    auto write(bytes_view) -> io_result<void> override { return {}; }
    auto flush() -> io_result<void> override { return {}; }
    auto finish(http::headers const&) -> io_result<void> override { return {}; }
    void abort() override {}
    auto begun() const -> bool override { return status != 0; }
    auto cancelled() const -> bool override { return false; }
    http::request head_;
    service::gateway::site& site;
    unsigned status = 0;
    http::response second{};
  };
  auto head = http::request{.method = "GET", .target = "/ipfs/" + file};
  head.fields.add("Host", "127.0.0.1");
  auto both = nested{head, *gate.site};
  gate.site->serve(both);
  CHECK(both.status == 200);
  CHECK(both.second.status == 429);
  CHECK(both.second.fields.find("Retry-After") == "60");
  CHECK(gate.ask("GET /ipfs/" + file)->answer.status == 200);
}

TEST_CASE("a folder of many entries as a page is cut, and says so") {
  auto gate = site_of_test{};
  auto entries = std::vector<std::pair<std::string, cid>>{};
  auto const file = gate.block("x");
  for (auto i = 0; i < 20'000; ++i) entries.emplace_back("entry " + std::to_string(i), file);
  auto const page = gate.ask("GET /ipfs/" + to_string(gate.folder(entries)) + "/");
  CHECK(page->answer.status == 200);
  CHECK(page->is_finished);
  CHECK(page->body.size() < 8'000'000);
  CHECK(page->body.find("The first 10000 entries") != std::string::npos);
}

TEST_CASE("IX-66: the probe of HTTP clients is answered, asked for as raw by the query or by Accept, by GET and by HEAD") {
  auto gate = site_of_test{};
  for (auto const* method : {"GET ", "HEAD "})
    for (auto const* rest : {"?format=raw", " | Accept: application/vnd.ipld.raw", "?format=raw | Accept: */*"}) {
      INFO(method << rest);
      auto const got = gate.ask(std::string{method} + "/ipfs/bafkqaaa" + rest);
      CHECK(got->answer.status == 200);
      CHECK(field(*got, "Content-Type") == "application/vnd.ipld.raw");
      CHECK(got->body.empty());
    }
}

TEST_CASE("methods, formats and paths that are none") {
  auto gate = site_of_test{};
  CHECK(gate.ask("POST /ipfs/bafkqaaa")->answer.status == 405);
  CHECK(gate.ask("GET /ipfs/%zz")->answer.status == 400);
  CHECK(gate.ask("GET /ipfs/")->answer.status == 400);
  CHECK(gate.ask("GET /ipfs/bafkqaaa?format=raw")->answer.status == 200);
  CHECK(gate.ask("OPTIONS /ipfs/bafkqaaa")->answer.status == 200);
  auto deep = std::string{"/ipfs/bafkqaaa"};
  for (auto i = 0; i < 100'000; ++i) deep += "/a";
  CHECK(gate.ask("GET " + deep)->answer.status >= 400);
  CHECK(gate.ask("GET http://two.example/ipfs/bafkqabtimvwgy3yk")->body == "hello\n");
}
