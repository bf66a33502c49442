#pragma once
// A client of the IPFS Pinning Service API (https://ipfs.github.io/pinning-services-api-spec/), version 1.0.

#include <cairn/service/config_text.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/impl/json_call.hpp>
#include <cairn/service/json_writer.hpp>

#include <cairn/asio/http/url.hpp>

#include <array>
#include <cerrno>
#include <string>
#include <vector>

namespace cairn::service::detail {

/// A PinStatus of the API.
struct remote_pin {
  std::string request_id, status, created, cid, name;
  std::vector<std::string> delegates;
};

/// What a list asks for; empty: any.
struct remote_query {
  std::vector<std::string> cids;
  std::string name;
  std::vector<std::string> states;
};

inline constexpr std::array<std::string_view, 4> pin_states{"queued", "pinning", "pinned", "failed"};

/// One service of the config.
///
/// errors    empty response from remote pinning service: why · reason: "...", details: "...": STATUS: what the service says
class pinning_service {
public:
  pinning_service(std::string const& url, std::string key, std::function<bool()> stop) : url_{url}, key_{std::move(key)}, stop_{std::move(stop)} {}

  auto add(std::string const& cid, std::string const& name, std::vector<std::string> const& origins) const -> io_result<remote_pin> {
    auto body = std::string{};
    auto json = json_writer{body};
    json.object([&] {
      json.key("cid").value(cid);
      if (!name.empty()) json.key("name").value(name);
      if (!origins.empty()) json.key("origins").array([&] { for (auto const& o : origins) json.value(o); });
    });
    CAIRN_TRY(auto const answer, ask("POST", "/pins", body));
    return pin_of(answer);
  }
  auto get(std::string const& request_id) const -> io_result<remote_pin> {
    CAIRN_TRY(auto const answer, ask("GET", "/pins/" + http::percent_encoded(request_id)));
    return pin_of(answer);
  }
  auto remove(std::string const& request_id) const -> io_result<void> {
    CAIRN_TRY(ask("DELETE", "/pins/" + http::percent_encoded(request_id)));
    return {};
  }
  /// The newest first, page by page: the next page is what is older than the last pin of this one.
  template <class F>
  auto list(remote_query const& query, F&& each) const -> io_result<void> {
    auto before = std::string{};
    constexpr auto most = 100'000;  // a service that repeats itself would go on for ever
    for (auto pages = 0; pages < most; ++pages) {
      CAIRN_TRY(auto const answer, ask("GET", target_of(query, 10, before)));
      auto const* results = answer.find("results");
      auto const* count = answer.find("count");
      if (!results || !results->as_list() || !count || !count->as_integer()) return bad_answer();
      for (auto const& r : *results->as_list()) {
        CAIRN_TRY(auto pin, pin_of(r));
        CAIRN_TRY(each(pin));
      }
      auto const& page = *results->as_list();
      if (page.empty() || static_cast<std::uint64_t>(page.size()) >= count_of(*count)) return {};
      auto oldest = text_at(page.back(), "created");
      if (oldest.empty() || oldest == before) return bad_answer();
      before = std::move(oldest);
    }
    return bad_answer();
  }
  /// How many pins are in that state.
  auto count(std::string_view state) const -> io_result<std::uint64_t> {
    CAIRN_TRY(auto const answer, ask("GET", target_of({{}, {}, {std::string{state}}}, 1, {})));
    auto const* n = answer.find("count");
    if (!n || !n->as_integer()) return bad_answer();
    return count_of(*n);
  }

private:
  static auto bad_answer() -> std::unexpected<error> { return std::unexpected(error::message("pinning", "the pinning service's answer is not of its API")); }
  static auto text_at(ipld::node const& n, std::string_view key) -> std::string {
    auto const* v = n.find(key);
    return v && v->as_string() ? *v->as_string() : std::string{};
  }
  static auto count_of(ipld::node const& n) -> std::uint64_t {
    auto const i = n.as_integer();
    return i && !i->is_negative() ? i->rank() : 0;
  }
  static auto pin_of(ipld::node const& n) -> io_result<remote_pin> {
    auto const* pin = n.find("pin");
    auto out = remote_pin{text_at(n, "requestid"), text_at(n, "status"), text_at(n, "created"), pin ? text_at(*pin, "cid") : std::string{}, pin ? text_at(*pin, "name") : std::string{}, {}};
    if (out.request_id.empty() || std::find(pin_states.begin(), pin_states.end(), out.status) == pin_states.end() || !parse_cid(out.cid)) return bad_answer();
    if (auto const* list = n.find("delegates"); list && list->as_list())
      for (auto const& d : *list->as_list())
        if (d.as_string() && out.delegates.size() < 32) out.delegates.push_back(*d.as_string());
    return out;
  }
  static auto joined(std::vector<std::string> const& all) -> std::string {
    auto out = std::string{};
    for (auto const& s : all) out += (out.empty() ? "" : ",") + s;
    return http::percent_encoded(out);
  }
  static auto target_of(remote_query const& q, unsigned limit, std::string const& before) -> std::string {
    auto out = std::string{"/pins?"};
    if (!before.empty()) out += "before=" + http::percent_encoded(before) + "&";
    if (!q.cids.empty()) out += "cid=" + joined(q.cids) + "&";
    out += "limit=" + std::to_string(limit);
    if (!q.name.empty()) out += "&name=" + http::percent_encoded(q.name);
    if (!q.states.empty()) out += "&status=" + joined(q.states);
    return out;
  }

  auto ask(std::string method, std::string const& target, std::string const& body = {}) const -> io_result<ipld::node> {
    auto const silent = [&](std::string const& why) {
      auto verb = method.substr(0, 1);
      for (auto c : method.substr(1)) verb += static_cast<char>(c | 0x20);
      return fail("empty response from remote pinning service: " + verb + " \"" + url_ + target + "\": " + why);
    };
    auto const server = http::endpoint::parse(url_);
    if (!server) return silent(to_string(server.error()));
    auto const slash = url_.find('/', url_.find("://") + 3);
    auto head = http::request{.method = method, .target = (slash == std::string::npos ? "" : url_.substr(slash)) + target};
    head.fields.add("Authorization", "Bearer " + key_);
    auto const answer = ask_json(*server, std::move(head), body, stop_);
    if (!answer) {
      if (answer.error().is_system(ECONNREFUSED)) return silent("dial tcp " + server->to_authority() + ": connect: connection refused");
      return silent(to_string(answer.error()));
    }
    if (answer->status >= 200 && answer->status < 300) {
      if (method == "DELETE") return ipld::node{};
      return answer->body ? io_result<ipld::node>{*answer->body} : io_result<ipld::node>{bad_answer()};
    }
    auto const* said = answer->body ? answer->body->find("error") : nullptr;
    auto const status = std::to_string(answer->status) + " " + std::string{http::reason(answer->status)};
    if (!said) return fail(status);
    return fail("reason: " + go_quoted(text_at(*said, "reason")) + ", details: " + go_quoted(text_at(*said, "details")) + ": " + status);
  }

  std::string url_, key_;
  std::function<bool()> stop_;
};

}  // namespace cairn::service::detail
