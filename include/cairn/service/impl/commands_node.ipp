#pragma once
// diag, stats, bootstrap, and what is not here yet: answered as Kubo's node answers while it is offline

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/commands_repo.ipp>
#include <cairn/service/impl/commands_swarm.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/impl/swarm_text.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>
#include <cairn/service/running_node.hpp>
#include <cairn/service/version.hpp>

#include <cstdlib>
#include <ctime>
#include <dirent.h>
#include <fstream>
#include <sys/statfs.h>
#include <thread>
#include <unistd.h>

namespace cairn::service::detail {

inline auto run_online_only(request&, output&) -> io_result<void> { return fail("this command must be run in online mode. Try running 'ipfs daemon' first"); }

inline auto is_online(request& in) -> io_result<bool> {
  if (!in.node()) return false;
  CAIRN_TRY(auto* api, in.api());
  return api->is_online();
}
// Finding content and peers.
CAIRN_DECL auto run_without_routing(request& in, output& out) -> io_result<void> {
  if (!in.which->arguments.empty()) CAIRN_TRY(in.all_arguments());
  CAIRN_TRY(auto online, is_online(in));
  return online ? fail("this node has no content routing composed: it announces nothing and finds nothing") : run_online_only(in, out);
}

// diag

inline auto time_of(std::int64_t nanoseconds) -> std::string {
  if (nanoseconds == 0) return "0001-01-01T00:00:00Z";
  auto const seconds = static_cast<std::time_t>(nanoseconds / 1'000'000'000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  auto const n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  auto fraction = std::to_string(nanoseconds % 1'000'000'000);
  fraction.insert(0, 9 - fraction.size(), '0');
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return std::string{text, n} + (fraction.empty() ? "" : "." + fraction) + "Z";
}

inline auto daemon_of(request& in, std::string_view command) -> io_result<running_node*> {
  if (auto* const node = in.node()) return node;
  return fail("command must be run on the daemon: [" + std::string{command} + "]");
}

inline auto run_diag_cmds(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto* node, daemon_of(in, "diag cmds"));
  auto const entries = node->requests();
  auto const verbose = in.flag("verbose");
  return out.emit(
      [&](std::string& text) {
        auto columns = text_columns{2};
        auto titles = std::vector<std::string>{"Command"};
        if (verbose) titles.insert(titles.end(), {"Arguments", "Options"});
        titles.insert(titles.end(), {"Active", "StartTime", "RunTime"});
        columns.row(std::move(titles));
        timespec now{};
        ::clock_gettime(CLOCK_REALTIME, &now);
        for (auto const& e : entries) {
          auto row = std::vector<std::string>{e.command};
          if (verbose) {
            auto options = std::string{};
            for (auto const& [k, v] : e.options) options += k + "=" + v + ",";
            auto arguments = std::string{"["};
            for (auto const& a : e.arguments) arguments += (arguments.size() > 1 ? " " : "") + a;
            row.push_back(arguments + "]");
            row.push_back("[" + options + "]");
          }
          auto const end = e.ended != 0 ? e.ended : now.tv_sec * 1'000'000'000 + now.tv_nsec;
          row.insert(row.end(), {e.ended == 0 ? "true" : "false", time_of(e.began), std::to_string((end - e.began) / 1000) + "us"});
          columns.row(std::move(row));
        }
        columns.write(text);
      },
      [&](json_writer& json) {
        json.array([&] {
          for (auto const& e : entries)
            json.object([&] {
              json.key("StartTime").value(time_of(e.began));
              json.key("EndTime").value(time_of(e.ended));
              json.key("Active").value(e.ended == 0);
              json.key("Command").value(e.command);
              json.key("Options").object([&] {
                for (auto const& [k, v] : e.options) json.key(k).value(v);
              });
              json.key("Args").array([&] {
                for (auto const& a : e.arguments) json.value(a);
              });
              json.key("ID").value(e.id);
            });
        });
      });
}

inline auto run_diag_cmds_clear(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto* node, daemon_of(in, "diag cmds clear"));
  node->forget_requests();
  return {};
}

inline auto run_diag_cmds_set_time(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto text, first_argument(in, "time"));
  CAIRN_TRY(auto time, parse_duration(text));
  CAIRN_TRY(auto* node, daemon_of(in, "diag cmds set-time"));
  node->keep_requests(time);
  return {};
}

inline auto run_diag_sys(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto path, in.repo_path());
  auto const api = in.node() ? in.api() : io_result<core_api*>{std::unexpected(error::message("command", "no node"))};
  struct statfs disk {};
  static_cast<void>(::statfs(path.c_str(), &disk));
  auto pages = std::uint64_t{0};
  if (auto file = std::ifstream{"/proc/self/statm"}) file >> pages;
  auto json_text = std::string{};
  auto json = json_writer{json_text};
  json.object([&] {
    json.key("diskinfo").object([&] {
      json.key("free_space").value(static_cast<std::uint64_t>(disk.f_bavail) * static_cast<std::uint64_t>(disk.f_bsize));
      json.key("fstype").value(std::to_string(disk.f_type));
      json.key("total_space").value(static_cast<std::uint64_t>(disk.f_blocks) * static_cast<std::uint64_t>(disk.f_bsize));
    });
    json.key("environment").object([&] {
      json.key("GOPATH").value("");
      auto const* given = std::getenv("IPFS_PATH");
      json.key("IPFS_PATH").value(given ? given : "");
    });
    json.key("ipfs_commit").value(commit_name);
    json.key("ipfs_version").value(kubo_version);
    json.key("memory").object([&] {
      json.key("swap").value(0);
      json.key("virt").value(pages * 4096);
    });
    json.key("net").object([&] {
      json.key("interface_addresses").array([&] {
        for (auto const& a : interface_addresses()) json.value(a);
      });
      json.key("online").value(in.node() != nullptr && api && (*api)->network() != nullptr);
    });
    json.key("runtime").object([&] {
      auto const cpus = static_cast<std::uint64_t>(std::thread::hardware_concurrency());
      json.key("arch").value(system_name.substr(0, system_name.find('/')));
      json.key("compiler").value(toolchain_name);
      json.key("gomaxprocs").value(cpus);
      json.key("numcpu").value(cpus);
      json.key("numgoroutines").value(0);
      json.key("os").value("linux");
      json.key("version").value("cairn " + std::string{program_version});
    });
  });
  return out.text(json_text + "\n");
}

inline auto run_diag_healthy(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto* api, in.api());
  // the empty directory is in every repo: what can read it serves
  if (auto const found = api->block_get("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn"); !found) return fail("the repo does not answer: " + to_string(found.error()));
  return out.emit([](std::string& text) { text += "\"ok\"\n"; }, [](json_writer& json) { json.value("ok"); });
}

// bootstrap

inline auto emit_peers(output& out, std::vector<std::string> const& peers, std::string_view before, bool none = false) -> io_result<void> {
  return out.emit(
      [&](std::string& text) {
        auto sorted = peers;
        std::sort(sorted.begin(), sorted.end());
        for (auto const& p : sorted) text += std::string{before} + p + "\n";
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Peers");
          if (none) return json.null();
          write_texts(json, peers);
        });
      });
}

inline auto bootstrap_of(ipld::node const& config) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  auto const* list = config.find("Bootstrap");
  if (list && list->as_list())
    for (auto const& v : *list->as_list())
      if (v.as_string()) out.push_back(*v.as_string());
  return out;
}

inline auto run_bootstrap_list(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto* api, in.api());
  auto const config = api->config();
  auto const* const list = config->find("Bootstrap");
  return emit_peers(out, bootstrap_of(*config), "", !list || !list->as_list());  // null where the config says null, as Kubo
}

inline auto change_bootstrap(request& in, std::function<std::vector<std::string>(std::vector<std::string>)> const& change, bool none = false) -> io_result<void> {
  CAIRN_TRY(auto* api, in.api());
  return api->edit_config([&](ipld::node& config) -> io_result<void> {
    auto const* const before = config.find("Bootstrap");
    auto const was_none = !before || !before->as_list();
    auto peers = change(bootstrap_of(config));
    if (peers.empty() && (none || was_none)) return set_config_value(config, "Bootstrap", ipld::node{});
    auto list = ipld::list{};
    for (auto& p : peers) list.emplace_back(std::move(p));
    return set_config_value(config, "Bootstrap", ipld::node{std::move(list)});
  });
}

inline auto bootstrap_arguments(request& in) -> io_result<std::vector<std::string>> {
  CAIRN_TRY(auto peers, in.all_arguments());
  for (auto const& p : peers) {
    if (p == "auto" || p == "default") continue;
    CAIRN_TRY(auto address, address_of_peer(p, "invalid bootstrap address: " + p));
    if (address.second.empty()) return fail("invalid bootstrap address: " + p);
  }
  return peers;
}

inline auto run_bootstrap_add(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto peers, bootstrap_arguments(in));
  if (peers.empty()) return fail("no bootstrap peers to add");
  std::replace(peers.begin(), peers.end(), std::string{"default"}, std::string{"auto"});
  if (std::find(peers.begin(), peers.end(), "auto") != peers.end()) {
    CAIRN_TRY(auto* api, in.api());
    if (!flag_of(*api->config(), "AutoConf.Enabled", true))
      return fail("cannot add default bootstrap peers: AutoConf is disabled (AutoConf.Enabled=false). Enable AutoConf by setting AutoConf.Enabled=true in your config, or add specific peer "
                  "addresses instead");
  }
  CAIRN_TRY(change_bootstrap(in, [&](std::vector<std::string> now) {
    auto out = std::vector<std::string>{};  // the new ones first, as Kubo
    for (auto const& p : peers)
      if (std::find(now.begin(), now.end(), p) == now.end() && std::find(out.begin(), out.end(), p) == out.end()) out.push_back(p);
    out.insert(out.end(), now.begin(), now.end());
    return out;
  }));
  return emit_peers(out, peers, "added ");
}

inline auto run_bootstrap_rm(request& in, output& out) -> io_result<void> {
  auto peers = std::vector<std::string>{};
  auto const all = in.flag("all") || in.which->name == "all";
  if (!all) {
    CAIRN_TRY(peers, bootstrap_arguments(in));
  }
  auto removed = std::vector<std::string>{};
  CAIRN_TRY(change_bootstrap(in, [&](std::vector<std::string> now) {
    std::erase_if(now, [&](std::string const& p) {
      // /ipfs/ID is how /p2p/ID was once written
      auto const address = parse_multiaddr(p);
      auto const is = [&](std::string const& other) { return other == p || (address && parse_multiaddr(other) == address); };
      auto const goes = all || std::find_if(peers.begin(), peers.end(), is) != peers.end();
      if (goes) removed.push_back(address ? to_string(*address) : p);
      return goes;
    });
    return now;
  }, all));
  return emit_peers(out, removed, "removed ");
}

inline constexpr argument time_argument[]{{"time", argument_type::text, true, false, "How long, as 1h."}};
inline constexpr argument bootstrap_arguments_list[]{{"peer", argument_type::text, false, true, "Addresses of peers: /ip4/.../p2p/ID.", true}};
inline constexpr argument bootstrap_rm_arguments[]{{"peer", argument_type::text, false, true, "Addresses of peers.", true}};
inline constexpr option diag_cmds_options[]{{"verbose v", option_type::boolean, "Show arguments and options too."}};
inline constexpr option bootstrap_list_options[]{{"expand-auto", option_type::boolean, "In place of 'auto', the peers that it stands for."}};
inline constexpr option bootstrap_rm_options[]{{"all", option_type::boolean, "Remove all of them."}};
inline constexpr command diag_cmds_children[]{
    {.name = "clear", .summary = "Forget ended commands.", .about = "Empties the list.", .examples = "> ipfs diag cmds clear", .run = run_diag_cmds_clear},
    {.name = "set-time", .summary = "How long ended commands are kept.", .about = "The list keeps them for that time.", .examples = "> ipfs diag cmds set-time 1h", .arguments = time_argument,
     .run = run_diag_cmds_set_time},
};
inline constexpr command bootstrap_rm_children[]{{.name = "all", .summary = "Remove all peers.", .about = "Empties the list.", .examples = "> ipfs bootstrap rm all", .run = run_bootstrap_rm}};
inline constexpr command bootstrap_commands[]{
    {.name = "add", .summary = "Add peers to begin with.", .about = "Writes them to the config.", .examples = "> ipfs bootstrap add /ip4/192.0.2.1/tcp/4001/p2p/12D3KooWNqenCyoTSzsu3uz9wGu4ym5YXeUFCbKFCMUAX4Y7URdU",
     .arguments = bootstrap_arguments_list, .run = run_bootstrap_add},
    {.name = "list", .summary = "List the peers to begin with.", .about = "Prints those of the config.", .examples = "> ipfs bootstrap list", .options = bootstrap_list_options, .run = run_bootstrap_list},
    {.name = "rm", .summary = "Remove peers to begin with.", .about = "Removes them from the config.", .examples = "> ipfs bootstrap rm --all", .arguments = bootstrap_rm_arguments,
     .options = bootstrap_rm_options, .children = bootstrap_rm_children, .run = run_bootstrap_rm},
};
inline constexpr option provide_stat_options[]{
    {"lan", option_type::boolean, "Of the DHT of this network."},
    {"all a", option_type::boolean, "All figures."},
    {"compact", option_type::boolean, "In two columns."},
    {"connectivity", option_type::boolean, "Whether others are reached."},
    {"network", option_type::boolean, "Of the peers."},
    {"operations", option_type::boolean, "Of what was done."},
    {"queues", option_type::boolean, "Of what waits."},
    {"schedule", option_type::boolean, "Of what is to come."},
    {"timings", option_type::boolean, "How long it took."},
    {"workers", option_type::boolean, "Of who does it."},
};
inline constexpr command stats_commands[]{
    {.name = "bitswap", .summary = "Show what bitswap did.", .about = "The same as 'ipfs bitswap stat'.", .examples = "> ipfs stats bitswap", .options = bitswap_stat_options, .run = run_bitswap_stat},
    {.name = "bw", .summary = "Show the bandwidth.", .about = "Prints the octets to and from peers, and the rates of the last seconds.", .examples = "> ipfs stats bw\n> ipfs stats bw --peer <peer> --poll", .options = stats_bw_options,
     .run = run_stats_bw},
    {.name = "dht", .summary = "Show the DHT's tables.", .about = "Needs a network.", .examples = "> ipfs stats dht", .run = run_online_only},
    {.name = "provide", .summary = "Deprecated: use 'ipfs provide stat'.", .options = provide_stat_options, .run = run_without_routing, .status = command_status::deprecated},
    {.name = "repo", .summary = "Count what is in the repo.", .about = "The same as 'ipfs repo stat'.", .examples = "> ipfs stats repo", .options = repo_stat_options, .run = run_repo_stat},
    {.name = "reprovide", .summary = "Deprecated: use 'ipfs provide stat'.", .options = provide_stat_options, .run = run_without_routing, .status = command_status::deprecated},
};
}  // namespace cairn::service::detail
