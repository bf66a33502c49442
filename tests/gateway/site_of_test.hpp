#pragma once
// A node in a temporary folder and its gateway, asked without a network.

#include <support/recording_exchange.hpp>
#include <support/temporary_folder.hpp>

#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/gateway/gateway.hpp>
#include <cairn/unixfs/data.hpp>

#include <catch2/catch.hpp>

#include <memory>
#include <sstream>

namespace cairn::testing {

template <class T>
auto need(io_result<T> r) -> T {
  if (!r) FAIL(to_string(r.error()));
  if constexpr (!std::is_void_v<T>) return *std::move(r);
}

class site_of_test {
public:
  explicit site_of_test(std::string names = {}, service::gateway::options settings = service::gateway::options::of(ipld::node{ipld::map{}})) {
    auto const config = need(service::core_api::new_config("ed25519", std::nullopt));
    need(service::core_api::create(folder_ / "repo", config));
    api = need(service::core_api::open(folder_ / "repo", {.name_map = std::move(names)}));
    site = std::make_unique<service::gateway::site>(*api, std::move(settings));
  }

  auto block(std::string_view octets, std::uint64_t codec = code::raw) -> cid {
    return need(api->block_put(as_bytes(octets), {.codec = codec}, false)).id;
  }
  /// A flat directory.
  auto folder(std::vector<std::pair<std::string, cid>> const& entries) -> cid {
    auto links = std::vector<pb_link>{};
    for (auto const& [name, id] : entries) links.push_back({id, name, 1});
    sort_links(links);
    auto const data = encode_unixfs({.type = unixfs_type::directory});
    auto out = bytes{};
    append_dag_pb(out, links, data);
    return block(as_text(out), code::dag_pb);
  }
  /// `request` as in a table: "GET /path | Host: x".
  auto ask(std::string const& request, std::size_t gone_after = std::string::npos) -> std::unique_ptr<recording_exchange> {
    auto head = http::request{};
    auto rest = std::string_view{request};
    for (auto first = true; !rest.empty(); first = false) {
      auto const bar = rest.find(" | ");
      auto const one = rest.substr(0, bar);
      rest = bar == rest.npos ? std::string_view{} : rest.substr(bar + 3);
      auto const blank = one.find(first ? " " : ": ");
      if (first) head.method = one.substr(0, blank), head.target = one.substr(blank + 1);
      else head.fields.add(one.substr(0, blank), one.substr(blank + 2));
    }
    if (!head.fields.find("Host")) head.fields.add("Host", "127.0.0.1:8080");
    auto with = std::make_unique<recording_exchange>(std::move(head));
    with->gone_after = gone_after;
    site->serve(*with);
    return with;
  }

private:
  temporary_folder folder_;

public:
  std::unique_ptr<service::core_api> api;
  std::unique_ptr<service::gateway::site> site;
};

inline auto field(recording_exchange const& with, std::string_view name) -> std::string { return std::string{with.answer.fields.find(name).value_or("")}; }

}  // namespace cairn::testing
