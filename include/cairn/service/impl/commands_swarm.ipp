#pragma once
// swarm

#include <cairn/core/try.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/commands_swarm.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/impl/swarm_text.hpp>
#include <cairn/service/network.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <algorithm>
#include <map>

namespace cairn::service::detail {

CAIRN_DECL auto run_swarm_peers(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in));
  auto all = net->connections();
  std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return to_string(a.address) < to_string(b.address); });
  auto const verbose = in.flag("verbose");
  auto const streams = verbose || in.flag("streams"), latency = verbose || in.flag("latency"), direction = verbose || in.flag("direction"), identify = verbose || in.flag("identify");
  auto const latency_of = [](swarm_connection const& c) { return c.latency ? duration_text(*c.latency) : std::string{"n/a"}; };
  for (auto& c : all) std::erase(c.streams, std::string{});
  return out.emit(
      [&](std::string& text) {
        for (auto const& c : all) {
          text += to_string(c.address) + "/p2p/" + to_string(c.id);
          if (latency) text += " " + latency_of(c);
          if (direction) text += c.dialed ? " outbound" : " inbound";
          text += "\n";
          if (streams)
            for (auto const& s : c.streams) text += "  " + s + "\n";
        }
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Peers");
          if (all.empty()) return json.null();
          json.array([&] {
            for (auto const& c : all)
              json.object([&] {
                json.key("Addr").value(to_string(c.address));
                json.key("Peer").value(to_string(c.id));
                if (latency) json.key("Latency").value(latency_of(c));
                if (direction) json.key("Direction").value(c.dialed ? 2 : 1);
                if (streams && !c.streams.empty())
                  json.key("Streams").array([&] {
                    for (auto const& s : c.streams) json.object([&] { json.key("Protocol").value(s); });
                  });
                json.key("Identify");
                if (identify && c.identified) write_peer_facts(json, to_string(c.id), *c.identified);
                else write_no_peer_facts(json);
              });
          });
        });
      });
}

CAIRN_DECL auto run_swarm_connect(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto texts, in.all_arguments());
  auto peers = std::vector<node_network::addressed_peer>{};
  for (auto const& text : texts) {
    CAIRN_TRY(auto one, address_of_peer(text, "found no ipfs peers at " + text));
    auto at = std::find_if(peers.begin(), peers.end(), [&](auto const& p) { return p.first == one.first; });
    if (at == peers.end()) at = peers.insert(peers.end(), {one.first, {}});
    if (!one.second.empty()) at->second.push_back(one.second);
  }
  CAIRN_TRY(auto const net, network_of(in, needs_action_to_connect));
  auto lines = std::vector<std::string>{};
  for (auto const& peer : peers) {
    auto line = "connect " + to_string(peer.first);
    if (auto done = net->connect(peer, [&] { return in.cancelled(); }); !done) return fail(line + " failure: " + to_string(done.error()));
    lines.push_back(line + " success");
  }
  return emit_strings(out, lines);
}

CAIRN_DECL auto run_swarm_disconnect(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto texts, in.all_arguments());
  auto peers = std::vector<std::pair<peer_id, multiaddr>>{};
  for (auto const& text : texts) {
    CAIRN_TRY(auto one, address_of_peer(text, "found no ipfs peers at " + text));
    peers.push_back(std::move(one));
  }
  CAIRN_TRY(auto const net, network_of(in));
  auto lines = std::vector<std::string>{};
  for (auto const& one : peers) {
    auto const address = one.second.empty() ? std::nullopt : std::optional{one.second};
    auto const done = net->disconnect(one.first, address);
    lines.push_back("disconnect " + to_string(one.first) + (done ? " success" : " failure: " + to_string(done.error())));
  }
  return emit_strings(out, lines);
}

inline auto texts_of_addresses(std::vector<multiaddr> const& addresses) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  for (auto const& a : addresses) out.push_back(to_string(a));
  std::sort(out.begin(), out.end());
  return out;
}

CAIRN_DECL auto run_swarm_addrs(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in));
  auto known = std::map<std::string, std::vector<std::string>>{};
  for (auto const& [id, addresses] : net->known_addresses()) known[to_string(id)] = texts_of_addresses(addresses);
  return out.emit(
      [&](std::string& text) {
        for (auto const& [id, addresses] : known) {
          text += id + " (" + std::to_string(addresses.size()) + ")\n";
          for (auto const& a : addresses) text += "\t" + a + "\n";
        }
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Addrs").object([&] {
            for (auto const& [id, addresses] : known) write_texts(json.key(id), addresses);
          });
        });
      });
}

CAIRN_DECL auto run_swarm_addrs_local(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in));
  auto lines = texts_of_addresses(net->local_addresses());
  if (in.flag("id")) {
    auto const id = to_string(net->self().id);
    for (auto& l : lines) l += "/p2p/" + id;
  }
  return emit_strings(out, lines);
}

CAIRN_DECL auto run_swarm_addrs_listen(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in));
  return emit_strings(out, texts_of_addresses(net->listen_addresses()));
}

CAIRN_DECL auto run_swarm_addrs_autonat(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in));
  return out.emit([](std::string& text) { text += "AutoNAT V2 Status:\n  Reachability: Unknown\n\nPer-Address Reachability:\n  (no address reachability data available)\n"; },
                  [](json_writer& json) { json.object([&] { json.key("reachability").value("Unknown"); }); });
}

inline auto set_filters(request& in, std::vector<std::string> const& filters) -> io_result<void> {
  CAIRN_TRY(auto* api, in.api());
  return api->edit_config([&](ipld::node& config) -> io_result<void> {
    auto list = ipld::list{};
    for (auto const& f : filters) list.emplace_back(f);
    return set_config_value(config, "Swarm.AddrFilters", ipld::node{std::move(list)});
  });
}

CAIRN_DECL auto run_swarm_filters(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in, needs_daemon));
  return emit_strings(out, net->filters());
}

CAIRN_DECL auto run_swarm_filters_add(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto texts, in.all_arguments());
  CAIRN_TRY(auto const net, network_of(in, needs_daemon));
  for (auto const& t : texts) CAIRN_TRY(net->add_filter(t));
  CAIRN_TRY(set_filters(in, net->filters()));
  return emit_strings(out, texts);
}

CAIRN_DECL auto run_swarm_filters_rm(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in, needs_daemon));
  CAIRN_TRY(auto texts, in.all_arguments());
  if (texts.size() == 1 && (texts[0] == "all" || texts[0] == "*")) texts = net->filters();
  auto removed = std::vector<std::string>{};
  for (auto const& t : texts)
    if (net->remove_filter(t)) removed.push_back(t);
  CAIRN_TRY(set_filters(in, net->filters()));
  return emit_strings(out, removed);
}

inline auto emit_peering(output& out, peer_id const& id, std::string_view did) -> io_result<void> {
  return out.emit([&](std::string& text) { text += std::string{did} + " " + to_string(id) + " success\n"; },
                  [&](json_writer& json) {
                    json.object([&] {
                      json.key("ID").value(to_string(id));
                      json.key("Status").value("success");
                    });
                  });
}

CAIRN_DECL auto run_swarm_peering_add(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto texts, in.all_arguments());
  auto peers = std::vector<node_network::addressed_peer>{};
  for (auto const& t : texts) {
    CAIRN_TRY(auto one, address_of_peer(t, "invalid p2p multiaddr"));
    auto addresses = std::vector<multiaddr>{};
    if (!one.second.empty()) addresses.push_back(one.second);
    peers.emplace_back(one.first, std::move(addresses));
  }
  CAIRN_TRY(auto const net, network_of(in, needs_daemon));
  for (auto const& p : peers) {
    net->add_peering(p);
    CAIRN_TRY(emit_peering(out, p.first, "add"));
  }
  return {};
}

CAIRN_DECL auto run_swarm_peering_rm(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in, needs_daemon));
  CAIRN_TRY(auto texts, in.all_arguments());
  for (auto const& t : texts) {
    CAIRN_TRY(auto id, read_peer(t));
    net->remove_peering(id);
    CAIRN_TRY(emit_peering(out, id, "remove"));
  }
  return {};
}

CAIRN_DECL auto run_swarm_peering_ls(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in, needs_daemon));
  auto const peers = net->peering();
  return out.emit(
      [&](std::string& text) {
        for (auto const& [id, addresses] : peers) {
          text += to_string(id) + "\n";
          for (auto const& a : addresses) text += "\t" + to_string(a) + "\n";
        }
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Peers").array([&] {
            for (auto const& [id, addresses] : peers)
              json.object([&] {
                json.key("ID").value(to_string(id));
                write_texts(json.key("Addrs"), texts_of_addresses(addresses));
              });
          });
        });
      });
}

// The share that is in use, with one digit.
inline auto percent_of(std::uint64_t used, std::uint64_t limit) -> std::string {
  if (limit == 0) return "n/a";
  if (used == 0) return "0%";
  auto const tenths = (used * 2000 + limit) / (2 * limit);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "%";
}

CAIRN_DECL auto run_swarm_resources(request& in, output& out) -> io_result<void> {
  constexpr auto missing = std::string_view{"missing ResourceMgr: make sure the daemon is running with Swarm.ResourceMgr.Enabled"};
  CAIRN_TRY(auto const net, network_of(in, missing));
  auto const scopes = net->resources();
  if (scopes.empty()) return std::unexpected(error::message("swarm", std::string{missing}));
  auto const write_uses = [](json_writer& json, resource_scope const& scope) {
    json.object([&] {
      for (auto const& use : scope.uses) {
        auto& to = json.key(use.name);
        if (!use.limit) to.value("unlimited");
        else if (*use.limit == 0) to.value("blockAll");
        else if (use.name == "Memory") to.value(std::to_string(*use.limit));
        else to.value(*use.limit);
        json.key(std::string{use.name} + "Usage").value(use.used);
      }
    });
  };
  return out.emit(
      [&](std::string& text) {
        text += "Scope\t\t\t\t\tLimit Name\t\tLimit Value\t\tLimit Usage Amount\tLimit Usage Percent\t\n";
        auto const cell = [&](std::string const& s, std::size_t tabs) {
          text += s;
          for (auto at = s.size() / 8; at < tabs; ++at) text += '\t';
        };
        for (auto const& scope : scopes)
          for (auto const& use : scope.uses) {
            if (!use.limit) continue;
            cell(scope.name, 5);
            cell(std::string{use.name}, 3);
            cell(*use.limit == 0 ? "blockAll" : std::to_string(*use.limit), 3);
            cell(std::to_string(use.used), 3);
            cell(percent_of(use.used, *use.limit), 3);
            text += '\n';
          }
      },
      [&](json_writer& json) {
        json.object([&] {
          for (auto const& scope : scopes) {
            if (scope.name == "system") write_uses(json.key("System"), scope);
            if (scope.name == "transient") write_uses(json.key("Transient"), scope);
          }
          for (auto const& [key, prefix] : {std::pair{"Services", std::string_view{"svc:"}}, std::pair{"Protocols", std::string_view{"proto:"}}})
            json.key(key).object([&] {
              for (auto const& scope : scopes)
                if (scope.name.starts_with(prefix)) write_uses(json.key(std::string_view{scope.name}.substr(prefix.size())), scope);
            });
        });
      });
}

}  // namespace cairn::service::detail
