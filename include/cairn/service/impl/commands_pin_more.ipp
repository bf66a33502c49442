#pragma once
// pin snapshot, pin diff, pin remote

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

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

inline auto needs_remote_service(request& in) -> io_result<void> {
  auto const name = in.text("service").value_or("");
  if (name.empty()) return fail("a service name must be passed");
  CAIRN_TRY(auto* api, in.api());
  auto const config = api->config();
  auto const* services = services_of(*config);
  auto const* service = services ? services->find(name) : nullptr;
  if (!service) return fail("service not known");
  auto const* at = service->find("API");
  auto const* endpoint = at ? at->find("Endpoint") : nullptr;
  return fail("empty response from remote pinning service: " + (endpoint && endpoint->as_string() ? *endpoint->as_string() : std::string{name}) +
              " cannot be asked: this build has no HTTP client");
}

inline auto run_pin_remote(request& in, output&) -> io_result<void> { return needs_remote_service(in); }

inline auto run_pin_remote_service_add(request& in, output&) -> io_result<void> {
  auto const &name = in.arguments[0], &key = in.arguments[2];
  auto endpoint = in.arguments[1];
  while (endpoint.ends_with('/')) endpoint.pop_back();
  if (endpoint.ends_with("/pins")) return fail("invalid service endpoint: it should not end with /pins");
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
  auto rows = std::vector<std::pair<std::string, std::string>>{};
  if (auto const* services = services_of(*config))
    for (auto const& s : *services) {
      auto const* at = s.value.find("API");
      auto const* endpoint = at ? at->find("Endpoint") : nullptr;
      rows.emplace_back(s.key, endpoint && endpoint->as_string() ? *endpoint->as_string() : std::string{});
    }
  std::sort(rows.begin(), rows.end());
  auto const stat = in.flag("stat");
  return out.emit(
      [&](std::string& text) {
        auto columns = text_columns{};
        for (auto const& [name, endpoint] : rows) {
          auto cells = std::vector<std::string>{name, endpoint};
          if (stat) cells.push_back("invalid");
          columns.row(std::move(cells));
        }
        columns.write(text);
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("RemoteServices").array([&] {
            for (auto const& [name, endpoint] : rows)
              json.object([&] {
                json.key("Service").value(name);
                json.key("ApiEndpoint").value(endpoint);
                if (stat) json.key("Stat").object([&] { json.key("Status").value("invalid"); });
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
     .arguments = remote_path, .options = remote_add_options, .run = run_pin_remote},
    {.name = "ls", .summary = "List what a service pins.", .about = "Lists the pins that a service keeps.", .examples = "> ipfs pin remote ls --service=mine", .options = remote_ls_options,
     .run = run_pin_remote},
    {.name = "rm", .summary = "Ask a service to unpin.", .about = "Removes pins from a service.", .examples = "> ipfs pin remote rm --service=mine --cid=<cid>", .options = remote_rm_options,
     .run = run_pin_remote},
    {.name = "service", .summary = "Pinning services of the config.", .children = pin_remote_service_commands},
};

}  // namespace cairn::service::detail
