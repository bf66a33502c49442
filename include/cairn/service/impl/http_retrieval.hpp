#pragma once
// Blocks from gateways that are not trusted, beside bitswap: who has one is asked of the routers of the config (Routing.DelegatedRouters).

#include <cairn/asio/http/block.hpp>
#include <cairn/core/try.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/impl/json_call.hpp>
#include <cairn/service/impl/swarm_rules.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace cairn::service::detail {

/// threads   all members from several threads
class http_retrieval {
public:
  static constexpr std::size_t most_answer = 1 << 20, most_gateways = 16, most_tried = 8;
  using found_peer = std::function<void(node_network::addressed_peer const&)>;

  http_retrieval() = default;
  http_retrieval(ipld::node const& config, found_peer found) : found_{std::move(found)} {
    auto const* type = find_config(config, "Routing.Type");
    if (type && type->as_string() && *type->as_string() == "none") return;
    for (auto const& url : texts_of(config, "Routing.DelegatedRouters"))
      if (url.starts_with("http://") || url.starts_with("https://"))
        if (auto at = http::endpoint::parse(url)) routers_.push_back(*std::move(at));
    gateways_allowed_ = flag_of(config, "HTTPRetrieval.Enabled", true);
    only_ = texts_of(config, "HTTPRetrieval.Allowlist");
    never_ = texts_of(config, "HTTPRetrieval.Denylist");
    if (auto const* size = find_config(config, "HTTPRetrieval.MaxBlockSize"); size && size->as_string() && !size->as_string()->empty())
      bounds_.size = std::min<std::uint64_t>(parse_size(*size->as_string()).value_or(bounds_.size), limits::stored_block);
  }

  auto is_on() const -> bool { return !routers_.empty(); }

  /// From a gateway that served lately, or from those that the routers name. What comes back was checked. Peers that the routers name are told.
  ///
  /// errors    none has it, with what each said
  auto get(cid const& id, cancel_check const& stop) -> io_result<block> {
    auto said = std::string{};
    auto tried = std::vector<std::string>{};
    auto const ask = [&](std::vector<http::endpoint> const& from) -> std::optional<block> {
      for (auto const& gateway : from) {
        auto const name = gateway.to_authority();
        if (tried.size() == most_tried || (stop && stop()) || std::find(tried.begin(), tried.end(), name) != tried.end()) continue;
        tried.push_back(name);
        auto b = http::get_block(gateway, id, bounds_, stop);
        note(gateway, b ? nullptr : &b.error());
        if (b) return *std::move(b);
        said += "\n  * [" + name + "] " + to_string(b.error());
      }
      return std::nullopt;
    };
    if (auto b = ask(lately())) return *std::move(b);
    if (auto b = ask(search(id, stop, said))) return *std::move(b);
    return std::unexpected(error::message("retrieval", "no gateway gave " + to_string(id) + (said.empty() ? "" : ":" + said)).during("data retrieval"));
  }

private:
  struct served {
    http::endpoint at;
    std::uint64_t last = 0;  // the latest first
    unsigned failures = 0;
  };

  auto lately() -> std::vector<http::endpoint> {
    auto const lock = std::lock_guard{guard_};
    auto best = std::vector<served const*>{};
    for (auto const& [name, s] : gateways_)
      if (s.failures < 3 && s.last != 0) best.push_back(&s);
    std::sort(best.begin(), best.end(), [](auto const* a, auto const* b) { return a->last > b->last; });
    if (best.size() > 2) best.resize(2);
    auto out = std::vector<http::endpoint>{};
    for (auto const* s : best) out.push_back(s->at);
    return out;
  }
  // A gateway that lied, or did not answer, three times in a row is not asked any more; one without the block has done nothing wrong.
  void note(http::endpoint const& at, error const* failed) {
    auto const lock = std::lock_guard{guard_};
    if (gateways_.size() >= most_gateways && !gateways_.contains(at.to_authority())) gateways_.clear();
    auto& s = gateways_[at.to_authority()];
    s.at = at;
    if (!failed) s.last = ++clock_, s.failures = 0;
    else if (!(*failed == trustless_errc::absent)) ++s.failures;
  }
  auto is_bad(http::endpoint const& at) -> bool {
    auto const lock = std::lock_guard{guard_};
    auto const found = gateways_.find(at.to_authority());
    return found != gateways_.end() && found->second.failures >= 3;
  }
  auto may_ask(std::string const& host) const -> bool {
    auto const has = [&](std::vector<std::string> const& list) { return std::find(list.begin(), list.end(), host) != list.end(); };
    return gateways_allowed_ && (only_.empty() || has(only_)) && !has(never_);
  }

  auto search(cid const& id, cancel_check const& stop, std::string& said) -> std::vector<http::endpoint> {
    auto out = std::vector<http::endpoint>{};
    for (auto const& router : routers_) {
      if (stop && stop()) break;
      auto const answer = ask_router(router, "/routing/v1/providers/" + to_string(id), stop);
      if (!answer) {
        said += "\n  * [" + router.to_authority() + "] " + to_string(answer.error());
        continue;
      }
      auto const* list = answer->find("Providers");
      if (!list || !list->as_list()) continue;
      for (auto const& p : *list->as_list()) take_provider(p, out);
    }
    return out;
  }
  void take_provider(ipld::node const& p, std::vector<http::endpoint>& to) {
    auto peer = std::optional<peer_id>{};
    if (auto const* text = p.find("ID"); text && text->as_string())
      if (auto id = parse_peer_id(*text->as_string())) peer = *id;
    auto addresses = std::vector<multiaddr>{};
    auto const* list = p.find("Addrs");
    if (!list || !list->as_list()) return;
    for (auto const& a : *list->as_list()) {
      auto const text = a.as_string() ? *a.as_string() : std::string{};
      auto parsed = parse_multiaddr(text);
      if (!parsed) continue;
      auto const parts = split_peer(*parsed);
      auto const place = parts ? parts->second : *parsed;
      auto const speaks = read_http_endpoint(place);
      if (!speaks) {
        if (addresses.size() < 32) addresses.push_back(place);
        continue;
      }
      auto const at = http::endpoint{speaks->host, speaks->port, {}, speaks->tls};
      if (speaks->path.empty() && may_ask(at.host) && !is_bad(at) && to.size() < most_tried) to.push_back(at);
    }
    if (peer && !addresses.empty() && found_) found_({*peer, addresses});
  }
  // A router is not trusted either: its answer is bounded, and no redirection is followed.
  static auto ask_router(http::endpoint const& router, std::string target, cancel_check const& stop) -> io_result<ipld::node> {
    CAIRN_TRY(auto answer, ask_json(router, {.method = "GET", .target = std::move(target)}, {}, stop, most_answer, std::chrono::seconds{10}));
    if (answer.status != 200 && answer.status != 404)
      return std::unexpected(error::message("routing", "the router answers with status " + std::to_string(answer.status)));
    if (!answer.body) return std::unexpected(error::message("routing", "the router's answer is not JSON"));
    return *std::move(answer.body);
  }

  std::vector<http::endpoint> routers_;
  found_peer found_;
  bool gateways_allowed_ = true;
  std::vector<std::string> only_, never_;
  http::block_bounds bounds_{};
  std::mutex guard_;
  std::map<std::string, served> gateways_;
  std::uint64_t clock_ = 0;
};

}  // namespace cairn::service::detail
