#pragma once

#include <cairn/core/try.hpp>
#include <cairn/service/node_log.hpp>
#include <cairn/service/root_command.hpp>
#include <cairn/service/impl/xml_output.hpp>
#include <cairn/service/rpc/impl/rpc_output.hpp>
#include <cairn/service/rpc/rpc.hpp>

namespace cairn::service::rpc {
namespace detail {

inline constexpr auto plain = std::string_view{"text/plain; charset=utf-8"};

// As Go's http.Error.
inline auto refuse(http::exchange& with, unsigned status, std::string_view sentence, http::headers more = {}) -> void {
  auto h = http::headers{};
  for (auto const& f : more)
    if (f.name < "Content-Type") h.add(f.name, f.value);
  h.add("Content-Type", plain);
  for (auto const& f : more)
    if (f.name >= "Content-Type") h.add(f.name, f.value);
  h.add("Vary", "Origin");
  h.add("X-Content-Type-Options", "nosniff");
  static_cast<void>(http::respond(with, status, "", std::string{sentence} + "\n", std::move(h)));
}

inline auto lower_case(std::string_view text) -> std::string {
  auto out = std::string{text};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

// The first question of a page of another origin, whether it may ask at all.
inline auto answer_preflight(http::exchange& with, access_rules const& rules) -> void {
  auto const& fields = with.head().fields;
  auto const origin = fields.find("Origin").value_or("");
  auto const method = fields.find("Access-Control-Request-Method").value_or("");
  auto h = http::headers{};
  auto const known_method = std::find(rules.methods.begin(), rules.methods.end(), method) != rules.methods.end();
  auto wanted = fields.find("Access-Control-Request-Headers").value_or("");
  auto known_fields = true;
  for (auto rest = lower_case(wanted); !rest.empty();) {
    auto const comma = rest.find(',');
    auto name = rest.substr(0, comma);
    std::erase(name, ' ');
    rest.erase(0, comma == std::string::npos ? rest.size() : comma + 1);
    auto const known = name.empty() || name == "accept" || name == "content-type" || name == "x-requested-with" || name == "origin" ||
                       std::any_of(rules.asked_fields.begin(), rules.asked_fields.end(), [&](auto const& f) { return f == "*" || lower_case(f) == name; });
    known_fields = known_fields && known;
  }
  if (!origin.empty() && rules.allows_origin(origin) && known_method && known_fields) {
    if (rules.credentials) h.add("Access-Control-Allow-Credentials", "true");
    if (!wanted.empty()) h.add("Access-Control-Allow-Headers", wanted);
    h.add("Access-Control-Allow-Methods", method);
    h.add("Access-Control-Allow-Origin", rules.allows_origin("*") && !rules.credentials ? "*" : origin);
  }
  h.add("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
  static_cast<void>(with.begin({.status = 204, .fields = std::move(h), .length = {}}));
  static_cast<void>(with.finish({}));
}

// rest      what stands behind the path of a command: Kubo takes it for its first argument
inline auto command_at(std::string_view path, std::vector<command const*>& way, std::optional<std::string>& rest) -> command const* {
  auto const* at = &root_command();
  while (!path.empty()) {
    auto const slash = path.find('/');
    auto const name = http::percent_decoded(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    if (!name) return nullptr;
    auto const* const next = at->child(*name);
    if (!next && !way.empty() && at->run && path.empty() && !name->empty()) {
      rest = *name;
      break;
    }
    at = next;
    if (!at || at->place >= command_place::here_only) return nullptr;
    way.push_back(at);
  }
  return way.empty() ? nullptr : at;
}

inline auto log_entry(request const& in, std::string path) -> request_entry {
  auto entry = request_entry{.id = 0, .command = std::move(path), .arguments = in.arguments, .options = {}, .began = now_nanoseconds()};
  for (auto const& o : in.options) entry.options.emplace_back(o.which->name(), o.text);
  return entry;
}

// The command runs, and its answer goes out.
inline auto answer(http::exchange& with, served_node const& from, std::vector<command const*> way, std::optional<std::string> rest) -> void {
  auto in = rpc_request{with, from};
  in.path = std::move(way);
  auto const* wanted = in.path.back();
  if (auto bound = in.bind(root_command(), wanted, std::move(rest)); !bound) return refuse(with, 400, to_string(bound.error()));
  auto name = std::string{};
  for (auto const* c : in.path) (name += name.empty() ? "" : "/") += c->name;
  auto const asked = in.text("encoding").value_or("");
  auto const* as_xml = asked == "xml" ? service::detail::xml_shape_of(name) : nullptr;
  if (!asked.empty() && asked != "json" && asked != "text" && !as_xml) {
    auto more = http::headers{};
    more.add("Server", "kubo/" + std::string{kubo_version});
    return refuse(with, 400, "invalid encoding: " + std::string{asked}, std::move(more));
  }
  auto const form = asked == "text" ? encoding::text : encoding::json;
  auto shape = shape_of(name);
  // values as they come only where that was asked for
  if (name == "ls" || name == "pin/ls") shape = in.flag("stream") ? many : answer_shape{};
  if (name == "pin/add") shape = in.flag("progress") ? many : answer_shape{};
  auto const id = from.log.begin(log_entry(in, name));
  auto const run = [&](auto&& out) {
    auto done = io_result<void>{};
    if (as_xml && wanted->run) {
      auto xml = service::detail::xml_output{out, *as_xml};
      done = wanted->run(in, xml);
      if (done) done = xml.flush();
    } else if (wanted->run) {
      done = wanted->run(in, out);
    }
    from.node.log().note("api", done ? log_level::debug : log_level::info, now_nanoseconds(), done ? name : name + ": " + to_string(done.error()));
    static_cast<void>(out.end(std::move(done), in.timed_out()));
  };
  auto const wish = with.head().fields.find("X-Cairn-Form").value_or("text") == "json" ? encoding::json : encoding::text;
  if (with.head().fields.find("Accept") == frames_type) run(frame_output{with, from.rules, wish, with.head().fields.find("X-Cairn-Terminal").value_or("")});
  else run(rpc_output{with, from.rules, wanted->run ? shape : many, form, as_xml != nullptr});
  from.log.end(id, now_nanoseconds());
}

}  // namespace detail

CAIRN_DECL auto admits(http::exchange& with, access_rules const& rules) -> bool {
  if (rules.allows_host(with.head())) return true;
  detail::refuse(with, 403, "403 - Forbidden: the Host of the request is not one of this machine's; see API.HTTPHeaders.Access-Control-Allow-Origin");
  return false;
}

CAIRN_DECL void serve(http::exchange& with, served_node const& from) {
  auto const& head = with.head();
  auto const& rules = from.rules;
  constexpr auto prefix = std::string_view{"/api/v0/"};
  if (head.path() == "/api/v0") {
    auto h = http::headers{};
    h.add("Location", prefix);
    return static_cast<void>(http::respond(with, 307, "", "", std::move(h)));
  }
  auto const preflight = head.method == "OPTIONS" && head.fields.find("Access-Control-Request-Method");
  if (preflight) return detail::answer_preflight(with, rules);
  if (head.method != "POST") {
    auto h = http::headers{};
    h.add("Allow", "OPTIONS, POST");
    if (head.method != "OPTIONS") return detail::refuse(with, 405, "405 - Method Not Allowed", std::move(h));
    h.add("Vary", "Origin");
    static_cast<void>(with.begin({.status = 204, .fields = std::move(h), .length = {}}));
    return static_cast<void>(with.finish({}));
  }
  if (!rules.allows_page(head)) return detail::refuse(with, 403, "403 - Forbidden");
  if (!rules.allows_secret(head))
    return detail::refuse(with, 403, "Kubo RPC Access Denied: Please provide a valid authorization token as defined in the API.Authorizations configuration.");
  auto way = std::vector<command const*>{};
  auto rest = std::optional<std::string>{};
  if (!detail::command_at(head.path().substr(prefix.size()), way, rest)) return detail::refuse(with, 404, "404 page not found");
  detail::answer(with, from, std::move(way), std::move(rest));
}

CAIRN_DECL auto request_log::begin(request_entry entry) -> std::uint64_t {
  auto const lock = std::lock_guard{mutex_};
  entry.id = next_++;
  entries_.push_back(std::move(entry));
  // the oldest that has ended goes
  if (entries_.size() > most)
    for (auto e = entries_.begin(); e != entries_.end(); ++e)
      if (e->ended != 0) {
        entries_.erase(e);
        break;
      }
  return next_ - 1;
}

CAIRN_DECL void request_log::end(std::uint64_t id, std::int64_t at) {
  auto const lock = std::lock_guard{mutex_};
  for (auto e = entries_.rbegin(); e != entries_.rend(); ++e)
    if (e->id == id) {
      e->ended = at;
      return;
    }
}

CAIRN_DECL auto request_log::list(std::int64_t now) -> std::vector<request_entry> {
  auto const lock = std::lock_guard{mutex_};
  std::erase_if(entries_, [&](request_entry const& e) { return e.ended != 0 && now - e.ended > kept_; });
  return {entries_.begin(), entries_.end()};
}

CAIRN_DECL void request_log::forget() {
  auto const lock = std::lock_guard{mutex_};
  std::erase_if(entries_, [](request_entry const& e) { return e.ended != 0; });
}

CAIRN_DECL void request_log::keep(std::int64_t nanoseconds) {
  auto const lock = std::lock_guard{mutex_};
  kept_ = nanoseconds;
}

}  // namespace cairn::service::rpc
