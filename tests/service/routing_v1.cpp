#include <cairn/service/routing_v1.hpp>

#include <cairn/naming/ipns_record.hpp>

#include <support/property.hpp>
#include <support/recording_exchange.hpp>
#include <support/temporary_folder.hpp>

using namespace cairn;
using namespace cairn::service;

namespace {

struct answer_of {
  http::response answer;
  std::string body;
};

struct fixture {
  cairn::testing::temporary_folder folder;
  std::unique_ptr<core_api> api;

  fixture() {
    auto const config = core_api::new_config("ed25519", std::nullopt);
    REQUIRE(config);
    REQUIRE(core_api::create(folder / "repo", *config));
    auto opened = core_api::open(folder / "repo", {});
    REQUIRE(opened);
    api = *std::move(opened);
  }

  auto ask(std::string method, std::string target, std::vector<http::header> fields = {}, std::string body = {}) -> answer_of {
    auto head = http::request{.method = std::move(method), .target = "/routing/v1/" + target};
    for (auto const& f : fields) head.fields.add(f.name, f.value);
    auto with = cairn::testing::recording_exchange{std::move(head), std::move(body)};
    REQUIRE(serve_routing_v1(*api, with));
    REQUIRE(with.is_finished);
    return {with.answer, with.body};
  }
};

auto key() -> private_key const& {
  static auto const one = *private_key::of_ed25519_seed(bytes(32, 4));
  return one;
}
auto record(std::uint64_t sequence, std::int64_t ttl = 60'000'000'000) -> std::string {
  auto const made = make_ipns_record(key(), "/ipfs/bafkqaaa", {.sequence = sequence, .end_of_life = *parse_rfc3339("2123-04-12T15:32:22Z"), .ttl = ttl});
  REQUIRE(made);
  return std::string{as_text(*made)};
}
auto const put_type = std::vector<http::header>{{"Content-Type", "application/vnd.ipfs.ipns-record"}};

}  // namespace

TEST_CASE_METHOD(fixture, "IX-75 what is not known is 200 and empty, in both forms") {
  auto const cid = std::string{"bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"};
  auto const json = ask("GET", "providers/" + cid);
  CHECK(json.answer.status == 200);
  CHECK(json.body == R"({"Providers":[]})");
  CHECK(json.answer.fields.find("Vary") == "Accept");
  auto const lines = ask("GET", "peers/12D3KooWLQzUv2FHWGVPXTXSZpdHs7oHbXub2G5WC8Tx4NQhyd2d", {{"Accept", "application/json, application/x-ndjson;q=0.9"}});
  CHECK(lines.answer.status == 200);
  CHECK(lines.answer.fields.find("Content-Type") == "application/x-ndjson");
  CHECK(lines.body.empty());
  CHECK(ask("GET", "providers/" + cid, {{"Accept", "text/html"}}).answer.status == 400);
  CHECK(ask("GET", "providers/foo").answer.status == 400);
  CHECK(ask("GET", "peers/foo").answer.status == 400);
  CHECK(ask("POST", "providers/" + cid).answer.status == 405);
  CHECK(ask("GET", "").answer.status == 404);
  CHECK(ask("GET", "providers/" + cid + "/").answer.status == 404);
  auto const none = ask("GET", "ipns/" + to_ipns_name(peer_id::of(key().public_part())));
  CHECK(none.answer.status == 200);
  CHECK(none.answer.fields.find("Content-Type") == "text/plain; charset=utf-8");
}

TEST_CASE_METHOD(fixture, "IX-75 IX-69 a record is kept and given back under the name in any base, and no longer than it holds") {
  auto const id = peer_id::of(key().public_part());
  auto const name = to_ipns_name(id);
  auto const put = ask("PUT", "ipns/" + name, put_type, record(1));
  CHECK(put.answer.status == 200);
  for (auto const& text : {name, to_string(to_cid(id))}) {
    auto const got = ask("GET", "ipns/" + text, {{"Accept", "application/vnd.ipfs.ipns-record"}});
    CHECK(got.answer.status == 200);
    CHECK(got.body == record(1));
    CHECK(got.answer.fields.find("Content-Type") == "application/vnd.ipfs.ipns-record");
    CHECK(got.answer.fields.find("Cache-Control")->starts_with("public, max-age=60, "));
    CHECK(got.answer.fields.find("Expires") == "Mon, 12 Apr 2123 15:32:22 GMT");
  }
  CHECK(ask("GET", "ipns/" + name, {{"Accept", "application/json"}}).answer.status == 406);
  CHECK(ask("GET", "ipns/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi").answer.status == 400);
}

TEST_CASE_METHOD(fixture, "SEC-49 a record that is not valid is refused, an older one changes nothing") {
  auto const name = "ipns/" + to_ipns_name(peer_id::of(key().public_part()));
  REQUIRE(ask("PUT", name, put_type, record(5)).answer.status == 200);
  auto forged = record(9);
  forged.back() ^= 1;
  CHECK(ask("PUT", name, put_type, forged).body == "provided record is invalid: signature verification failed");
  CHECK(ask("PUT", name, put_type, "garbage").answer.status == 400);
  CHECK(ask("PUT", name, put_type, std::string(20'000, 'x')).body == "provided record is invalid: record exceeds allowed size limit");
  CHECK(ask("PUT", name, {}, record(9)).answer.status == 406);
  CHECK(ask("PUT", name, put_type, record(4)).answer.status == 200);
  CHECK(ask("GET", name).body == record(5));
}
