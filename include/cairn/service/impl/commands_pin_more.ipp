#pragma once
// pin snapshot, pin diff, pin remote

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/impl/pinning_service.hpp>
#include <cairn/service/impl/swarm_rules.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

namespace cairn::service::detail {

inline auto run_pin_snapshot(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto made, api->pin_snapshot());
  auto const key = cid_text(made.first, style);
  return out.emit([&](std::string& text) { text += key + "\n"; },
                  [&](json_writer& json) {
                    json.object([&] {
                      json.key("Cid").value(key);
                      json.key("Pins").value(made.second);
                    });
                  });
}

inline auto run_pin_diff(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto before, api->resolve(in.arguments[0]));
  CAIRN_TRY(auto after, api->resolve(in.arguments[1]));
  return api->pin_diff(before.id, after.id, [&](pin_facts const& p, bool added) -> io_result<void> {
    auto const key = cid_text(p.id, style);
    return out.emit([&](std::string& text) { text += (added ? "+ " : "- ") + key + " " + p.mode + (p.name.empty() ? "" : " " + p.name) + "\n"; },
                    [&](json_writer& json) {
                      json.object([&] {
                        json.key("Change").value(added ? "added" : "removed");
                        json.key("Cid").value(key);
                        json.key("Type").value(p.mode);
                        if (!p.name.empty()) json.key("Name").value(p.name);
                      });
                    });
  });
}

// The pinning services of a config, or null.
inline auto services_of(ipld::node const& config) -> ipld::map const* {
  auto const found = config_value(config, "Pinning.RemoteServices");
  return found ? (*found)->as_map() : nullptr;
}

inline auto text_below(ipld::node const& in, std::string_view first, std::string_view second) -> std::string {
  auto const* at = in.find(first);
  auto const* value = at ? at->find(second) : nullptr;
  return value && value->as_string() ? *value->as_string() : std::string{};
}

inline auto service_at(ipld::node const& entry, request const& in) -> pinning_service {
  return {text_below(entry, "API", "Endpoint"), text_below(entry, "API", "Key"), [&in] { return in.cancelled(); }};
}

/// The service that --service names. It borrows the request.
inline auto named_service(request& in) -> io_result<pinning_service> {
  auto const name = in.text("service");
  if (!name) return fail("a service name must be passed");
  if (name->empty()) return fail("remote pinning service name not specified");
  CAIRN_TRY(auto* api, in.api());
  auto const config = api->config();
  auto const* services = services_of(*config);
  auto const* entry = services ? services->find(*name) : nullptr;
  if (!entry) return fail("service not known");
  return service_at(*entry, in);
}

inline auto separated(std::vector<std::string> const& given) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  for (auto const& g : given)
    for (auto rest = std::string_view{g}; !rest.empty();) {
      auto const comma = std::min(rest.find(','), rest.size());
      if (comma != 0) out.emplace_back(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  return out;
}

inline auto remote_query_of(request const& in) -> io_result<remote_query> {
  auto out = remote_query{separated(in.texts("cid")), std::string{in.text("name").value_or("")}, separated(in.texts("status"))};
  for (auto& c : out.cids) {
    auto const id = parse_cid(c);
    if (!id) return fail("CID " + go_quoted(c) + " cannot be parsed: invalid path " + go_quoted(c) + ": path does not have enough components");
    c = to_string(*id);
  }
  for (auto const& s : out.states)
    if (std::find(pin_states.begin(), pin_states.end(), s) == pin_states.end()) return fail("status " + go_quoted(s) + " is not valid");
  if (out.states.empty()) out.states.emplace_back("pinned");
  return out;
}

inline auto print_remote_pin(output& out, remote_pin const& pin, bool as_row) -> io_result<void> {
  return out.emit(
      [&](std::string& text) {
        if (as_row) text += pin.cid + "\t" + pin.status + "\t" + printable(pin.name) + "\n";
        else text += "CID:    " + pin.cid + "\nName:   " + printable(pin.name) + "\nStatus: " + pin.status + "\n";
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Status").value(pin.status);
          json.key("Cid").value(pin.cid);
          json.key("Name").value(pin.name);
        });
      });
}

/// Connect to those that will fetch from here. A peer that cannot be reached hinders nobody.
inline void meet_delegates(node_network& net, remote_pin const& pin, request const& in) {
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds{2};
  for (auto const& peer : peers_of(pin.delegates))
    static_cast<void>(net.connect(peer, [&] { return in.cancelled() || std::chrono::steady_clock::now() > until; }));
}

inline auto run_pin_remote_add(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const service, named_service(in));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto const root, api->resolve(in.arguments[0]));
  // who has the block offers itself, and meets those that come for it
  auto const net = api->network();
  if (!net && out.form() == encoding::text)
    CAIRN_TRY(out.emit([](std::string& text) { text += "WARNING: the local node is offline and remote pinning may fail if there is no other provider for this CID\n"; }, [](json_writer&) {}));
  auto const is_here = net && api->without_others()->block_stat(path_like{root.id});
  CAIRN_TRY(auto pin, service.add(to_string(root.id), std::string{in.text("name").value_or("")}, is_here ? net->self().addresses : std::vector<std::string>{}));
  if (is_here) meet_delegates(*net, pin, in);
  while (!in.flag("background") && pin.status != "pinned") {
    auto const id = pin.request_id;
    auto now = service.get(id);
    if (!now) return fail("failed to check pin status for requestid=" + go_quoted(id) + " due to error: " + to_string(now.error()));
    pin = *std::move(now);
    if (pin.request_id != id) return fail("failed to check pin status for requestid=" + go_quoted(id) + ", remote service sent unexpected requestid=" + go_quoted(pin.request_id));
    if (pin.status == "failed") return fail("remote service failed to pin requestid=" + go_quoted(id));
    if (pin.status == "pinned") break;
    // the service says nothing by itself: it is asked twice a second
    for (auto waited = 0; waited < 10 && !in.cancelled(); ++waited) std::this_thread::sleep_for(std::chrono::milliseconds{50});
    if (in.cancelled()) return fail("waiting for pin interrupted, requestid=" + go_quoted(id) + " remains on remote service");
  }
  return print_remote_pin(out, pin, false);
}

inline auto run_pin_remote_ls(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const service, named_service(in));
  CAIRN_TRY(auto const query, remote_query_of(in));
  return service.list(query, [&](remote_pin const& pin) { return print_remote_pin(out, pin, true); });
}

inline auto run_pin_remote_rm(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto const service, named_service(in));
  CAIRN_TRY(auto const query, remote_query_of(in));
  auto found = std::vector<std::string>{};
  CAIRN_TRY(service.list(query, [&](remote_pin const& pin) -> io_result<void> {
    if (found.size() == 1'000'000) return fail("the service lists more than a million pins");
    found.push_back(pin.request_id);
    return {};
  }));
  if (found.size() > 1 && !in.flag("force")) return fail("multiple remote pins are matching this query, add --force to confirm the bulk removal");
  for (auto const& id : found)
    if (auto done = service.remove(id); !done) return fail("removing pin identified by requestid=" + go_quoted(id) + " failed: " + to_string(done.error()));
  return {};
}

inline auto run_pin_remote_service_add(request& in, output&) -> io_result<void> {
  auto const &name = in.arguments[0], &key = in.arguments[2];
  auto endpoint = in.arguments[1];
  while (endpoint.ends_with('/')) endpoint.pop_back();
  if (endpoint.ends_with("/pins")) return fail("service endpoint should be provided without the /pins suffix");
  CAIRN_TRY(auto* api, in.api());
  return api->edit_config([&](ipld::node& config) -> io_result<void> {
    auto const* known = services_of(config);
    if (known && known->find(name)) return fail("service already present");
    if (!endpoint.starts_with("http://") && !endpoint.starts_with("https://")) return fail("service endpoint must be a valid HTTP URL");
    auto services = known ? *known : ipld::map{};
    auto policy = ipld::map{{"Enable", ipld::node{false}}, {"PinName", ""}, {"RepinInterval", ""}};
    auto service = ipld::map{};
    service.append("API", ipld::map{{"Endpoint", endpoint}, {"Key", key}});
    service.append("Policies", ipld::map{{"MFS", std::move(policy)}});
    services.set(name, std::move(service));
    CAIRN_TRY(set_config_value(config, "Pinning.RemoteServices", std::move(services)));
    sort_config(config);
    return {};
  });
}

inline auto run_pin_remote_service_rm(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto* api, in.api());
  auto const before = api->config();
  auto const* known = services_of(*before);
  if (!known || !known->find(in.arguments[0])) return {};  // as Kubo: it is gone
  return api->edit_config([&](ipld::node& config) -> io_result<void> {
    auto const* now = services_of(config);
    auto services = now ? *now : ipld::map{};
    services.remove(in.arguments[0]);
    return set_config_value(config, "Pinning.RemoteServices", std::move(services));
  });
}

inline auto run_pin_remote_service_ls(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto* api, in.api());
  auto const config = api->config();
  struct service_row {
    std::string name, endpoint;
    std::optional<std::array<std::uint64_t, pin_states.size()>> counts{};  // of each state; nothing: it does not answer
  };
  auto rows = std::vector<service_row>{};
  auto const stat = in.flag("stat");
  if (auto const* services = services_of(*config))
    for (auto const& s : *services) {
      auto row = service_row{s.key, text_below(s.value, "API", "Endpoint")};
      if (stat) {
        auto const service = service_at(s.value, in);
        row.counts.emplace();
        for (auto i = std::size_t{0}; i < pin_states.size() && row.counts; ++i) {
          auto const n = service.count(pin_states[i]);
          if (n) (*row.counts)[i] = *n;
          else row.counts.reset();
        }
      }
      rows.push_back(std::move(row));
    }
  std::sort(rows.begin(), rows.end(), [](auto const& a, auto const& b) { return a.name < b.name; });
  return out.emit(
      [&](std::string& text) {
        auto columns = text_columns{};
        for (auto const& r : rows) {
          auto cells = std::vector<std::string>{r.name, r.endpoint};
          if (stat && !r.counts) cells.emplace_back("invalid");
          if (stat && r.counts) {
            auto all = std::string{};
            for (auto n : *r.counts) all += (all.empty() ? "" : "/") + std::to_string(n);
            cells.push_back(std::move(all));
          }
          columns.row(std::move(cells));
        }
        columns.write(text);
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("RemoteServices").array([&] {
            for (auto const& r : rows)
              json.object([&] {
                json.key("Service").value(r.name);
                json.key("ApiEndpoint").value(r.endpoint);
                if (!stat) return;
                json.key("Stat").object([&] {
                  json.key("Status").value(r.counts ? "valid" : "invalid");
                  if (!r.counts) return;
                  json.key("PinCount").object([&] {
                    constexpr std::array<std::string_view, pin_states.size()> keys{"Queued", "Pinning", "Pinned", "Failed"};
                    for (auto i = std::size_t{0}; i < keys.size(); ++i) json.key(keys[i]).value((*r.counts)[i]);
                  });
                });
              });
          });
        });
      });
}

inline constexpr argument pin_snapshots[]{{"before", argument_type::text, true, false, "A snapshot."}, {"after", argument_type::text, true, false, "Another one."}};
inline constexpr argument remote_path[]{{"ipfs-path", argument_type::text, true, false, "What to pin."}};
inline constexpr argument service_arguments[]{{"service", argument_type::text, true, false, "The name of the service."},
                                              {"endpoint", argument_type::text, true, false, "Its URL."},
                                              {"key", argument_type::text, true, false, "The secret that it gave."}};
inline constexpr argument service_name[]{{"service", argument_type::text, true, false, "The name of the service."}};
inline constexpr option remote_add_options[]{
    {"service", option_type::text, "The name of the service."},
    {"name", option_type::text, "A name for the pin."},
    {"background", option_type::boolean, "Do not wait until it is pinned."},
};
inline constexpr option remote_ls_options[]{
    {"service", option_type::text, "The name of the service."},
    {"name", option_type::text, "Only pins of this name."},
    {"cid", option_type::texts, "Only pins of these CIDs."},
    {"status", option_type::texts, "Only pins in these states: queued, pinning, pinned, failed."},
};
inline constexpr option remote_rm_options[]{
    {"service", option_type::text, "The name of the service."},
    {"name", option_type::text, "Only pins of this name."},
    {"cid", option_type::texts, "Only pins of these CIDs."},
    {"status", option_type::texts, "Only pins in these states: queued, pinning, pinned, failed."},
    {"force", option_type::boolean, "Also where more than one pin fits."},
};
inline constexpr option service_ls_options[]{{"stat", option_type::boolean, "Ask each service how many pins it holds."}};
inline constexpr command pin_remote_service_commands[]{
    {.name = "add", .summary = "Enter a pinning service.", .about = "Keeps the address of a service and its secret in the config, under Pinning.RemoteServices.",
     .examples = "> ipfs pin remote service add mine https://pins.example.com secret", .arguments = service_arguments, .run = run_pin_remote_service_add},
    {.name = "ls", .summary = "List pinning services.", .about = "Prints the name and the address of each service.", .examples = "> ipfs pin remote service ls",
     .options = service_ls_options, .run = run_pin_remote_service_ls},
    {.name = "rm", .summary = "Forget a pinning service.", .about = "Removes a service and its secret from the config.", .examples = "> ipfs pin remote service rm mine",
     .arguments = service_name, .run = run_pin_remote_service_rm},
};
inline constexpr command pin_remote_commands[]{
    {.name = "add", .summary = "Ask a service to pin.", .about = "Asks a pinning service to keep what a path names.", .examples = "> ipfs pin remote add --service=mine --name=photos <cid>",
     .arguments = remote_path, .options = remote_add_options, .run = run_pin_remote_add},
    {.name = "ls", .summary = "List what a service pins.", .about = "Lists the pins that a service keeps.", .examples = "> ipfs pin remote ls --service=mine", .options = remote_ls_options,
     .run = run_pin_remote_ls},
    {.name = "rm", .summary = "Ask a service to unpin.", .about = "Removes pins from a service.", .examples = "> ipfs pin remote rm --service=mine --cid=<cid>", .options = remote_rm_options,
     .run = run_pin_remote_rm},
    {.name = "service", .summary = "Pinning services of the config.", .children = pin_remote_service_commands},
};

}  // namespace cairn::service::detail
