#include "areas.hpp"

#include "../../tests/support/recording_exchange.hpp"
#include "../../tests/support/temporary_folder.hpp"

#include <cairn/routing/filters.hpp>
#include <cairn/service/routing_v1.hpp>

namespace conformance {
namespace {

using namespace cairn;

auto texts(json::array const& values) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  for (auto const& v : values) out.push_back(to_text(v));
  return out;
}

// A node that knows nothing, as the cases want it.
auto run_http(test_case const& c) -> answer {
  if (c.has("provider_records") && !c.array("provider_records").empty()) return unsupported("a node that knows providers");
  auto const folder = cairn::testing::temporary_folder{};
  auto const repo = folder / "repo";
  auto const config = service::core_api::new_config("ed25519", std::nullopt);
  if (!config) return fail(to_string(config.error()));
  if (auto const made = service::core_api::create(repo, *config); !made) return fail(to_string(made.error()));
  auto api = service::core_api::open(repo, {});
  if (!api) return fail(to_string(api.error()));

  auto const request = c.text("request");
  auto const line = split(request, ' ');
  auto head = http::request{.method = std::string{line.at(0)}, .target = std::string{line.at(1)}};
  if (c.has("headers"))
    for (auto const& h : c.object("headers")) head.fields.add(h.key(), to_text(h.value()));
  auto with = cairn::testing::recording_exchange{std::move(head)};
  if (auto const done = service::serve_routing_v1(**api, with); !done) return fail(to_string(done.error()));
  if (auto const a = same("status", std::to_string(with.answer.status), std::to_string(c.unsigned_number("http_status"))); a.outcome != verdict::pass) return a;
  if (c.has("content_type"))
    if (auto const a = same("Content-Type", with.answer.fields.find("Content-Type").value_or(""), c.text("content_type")); a.outcome != verdict::pass) return a;
  if (c.has("body") && parse_json(with.body) != parse_json(c.text("body"))) return fail("body: " + with.body);
  return pass();
}

auto run(test_case const& c) -> answer {
  if (c.op == "routing.http") return run_http(c);
  if (c.op == "routing.add_filters") return same("url", with_filters(c.text("url"), texts(c.array("protocols")), texts(c.array("addrs"))), c.text("result"));
  if (c.op == "routing.filter_addrs") {
    auto const joined = [](std::vector<std::string> const& all) {
      auto out = std::string{};
      for (auto const& one : all) out += one + "\n";
      return out;
    };
    return same("addresses", joined(filter_addresses(texts(c.array("addrs")), texts(c.array("filter")))), joined(texts(c.array("result"))));
  }
  return unsupported("op " + c.op);
}

}  // namespace

auto routing_http_area() -> area { return {"routing-http", run}; }

}  // namespace conformance
