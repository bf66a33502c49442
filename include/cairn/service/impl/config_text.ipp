#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/config_keys.hpp>
#include <cairn/service/impl/config_schema.hpp>
#include <cairn/service/json_writer.hpp>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cairn::service {
namespace detail {

// JSON in Go's spelling; depth is bounded by the decoder's limit, so recursion is
inline void append_config(std::string& out, ipld::node const& value, std::string_view step, std::string& indent) {
  auto const line = [&] {
    if (!step.empty()) (out += '\n') += indent;
  };
  auto const nest = [&](char open, char close, auto const& items, auto&& each) {
    out += open;
    if (items.size() != 0) {
      indent += step;
      auto first = true;
      for (auto const& item : items) {
        if (!first) out += ',';
        first = false;
        line();
        each(item);
      }
      indent.resize(indent.size() - step.size());
      line();
    }
    out += close;
  };
  switch (value.kind()) {
    case ipld::kind::boolean: out += *value.as_boolean() ? "true" : "false"; break;
    case ipld::kind::integer: out += to_string(*value.as_integer()); break;
    case ipld::kind::floating: {
      char text[40];
      auto const d = *value.as_double();
      std::snprintf(text, sizeof text, d == std::floor(d) && std::fabs(d) < 1e15 ? "%.0f" : "%.17g", d);
      if (double shorter = 0; std::snprintf(text, sizeof text, "%.15g", d) > 0 && std::sscanf(text, "%lf", &shorter) == 1 && shorter != d)
        std::snprintf(text, sizeof text, "%.17g", d);
      out += text;
      break;
    }
    case ipld::kind::string: append_json_string(out, *value.as_string()); break;
    case ipld::kind::list:
      nest('[', ']', *value.as_list(), [&](ipld::node const& item) { append_config(out, item, step, indent); });
      break;
    case ipld::kind::map:
      nest('{', '}', *value.as_map(), [&](ipld::entry const& e) {
        append_json_string(out, e.key);
        out += step.empty() ? ":" : ": ";
        append_config(out, e.value, step, indent);
      });
      break;
    default: out += "null";
  }
}

inline auto config_error(std::string text) { return std::unexpected(error::message("config", std::move(text))); }

// Remove the value at a path, "*" for every key.
inline void scrub(ipld::node& value, std::span<std::string_view const> path) {
  auto* m = value.as_map();
  if (!m || path.empty()) return;
  auto doomed = std::vector<std::string>{};
  for (auto& e : *m) {
    if (path[0] != "*" && !same_letters(path[0], e.key)) continue;
    if (path.size() == 1) doomed.push_back(e.key);
    else scrub(e.value, path.subspan(1));
  }
  for (auto const& key : doomed) m->remove(key);
}

inline auto texts(std::initializer_list<std::string_view> items) -> ipld::node {
  auto out = ipld::list{};
  for (auto const& i : items) out.emplace_back(i);
  return ipld::node{std::move(out)};
}

// RFC 6890's special purpose ranges: what a server on the Internet neither dials nor announces
inline constexpr std::string_view private_ranges[]{
    "/ip4/10.0.0.0/ipcidr/8",     "/ip4/100.64.0.0/ipcidr/10", "/ip4/127.0.0.0/ipcidr/8",   "/ip4/169.254.0.0/ipcidr/16", "/ip4/172.16.0.0/ipcidr/12",
    "/ip4/192.0.0.0/ipcidr/24",   "/ip4/192.0.2.0/ipcidr/24",  "/ip4/192.168.0.0/ipcidr/16", "/ip4/198.18.0.0/ipcidr/15",  "/ip4/198.51.100.0/ipcidr/24",
    "/ip4/203.0.113.0/ipcidr/24", "/ip4/240.0.0.0/ipcidr/4",   "/ip6/::/ipcidr/3",          "/ip6/::1/ipcidr/128",        "/ip6/100::/ipcidr/64",
    "/ip6/2001:2::/ipcidr/48",    "/ip6/2001:db8::/ipcidr/32", "/ip6/fc00::/ipcidr/7",      "/ip6/fe80::/ipcidr/10"};

// The list at a key, with the private ranges in it or out of it.
inline auto set_private_ranges(ipld::node& config, std::string_view key, bool in) -> io_result<void> {
  auto out = ipld::list{};
  auto const has = [&](std::string_view text) {
    return std::any_of(out.begin(), out.end(), [&](ipld::node const& n) { return n.as_string() && *n.as_string() == text; });
  };
  if (auto const old = config_value(config, key); old && (*old)->as_list())
    for (auto const& n : *(*old)->as_list()) {
      auto const* text = n.as_string();
      if (!text || has(*text)) continue;
      if (!in && std::find(std::begin(private_ranges), std::end(private_ranges), *text) != std::end(private_ranges)) continue;
      out.emplace_back(*text);
    }
  if (in)
    for (auto range : private_ranges)
      if (!has(range)) out.emplace_back(range);
  return set_config_value(config, key, ipld::node{std::move(out)});
}

inline auto free_port() -> io_result<unsigned> {
  auto address = sockaddr_in{};
  address.sin_family = AF_INET;
  auto length = socklen_t{sizeof address};
  auto* const named = reinterpret_cast<sockaddr*>(&address);
  auto const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto const bound = fd >= 0 && ::bind(fd, named, length) == 0 && ::getsockname(fd, named, &length) == 0;
  auto const why = errno;
  if (fd >= 0) ::close(fd);
  if (!bound) return std::unexpected(error::system(why, "cannot find a free port", ""));
  return ntohs(address.sin_port);
}

struct config_change {
  std::string_view key;
  std::string_view json;  // empty: the key goes
};

inline constexpr config_change test_changes[]{{"Addresses.API", "\"/ip4/127.0.0.1/tcp/0\""}, {"Addresses.Gateway", "\"/ip4/127.0.0.1/tcp/0\""},
    {"Addresses.Swarm", "[\"/ip4/127.0.0.1/tcp/0\"]"}, {"Swarm.DisableNatPortMap", "true"}, {"Routing.LoopbackAddressesOnLanDHT", "true"},
    {"Bootstrap", "[]"}, {"Discovery.MDNS.Enabled", "false"}, {"AutoTLS.Enabled", "false"}, {"AutoConf.Enabled", "false"}, {"DNS.Resolvers", "{}"},
    {"Routing.DelegatedRouters", "[]"}, {"Ipns.DelegatedPublishers", "[]"}};
inline constexpr config_change default_networking_changes[]{
    {"Addresses", R"({"Swarm":["/ip4/0.0.0.0/tcp/4001","/ip6/::/tcp/4001","/ip4/0.0.0.0/udp/4001/webrtc-direct","/ip4/0.0.0.0/udp/4001/quic-v1",)"
                  R"("/ip4/0.0.0.0/udp/4001/quic-v1/webtransport","/ip6/::/udp/4001/webrtc-direct","/ip6/::/udp/4001/quic-v1",)"
                  R"("/ip6/::/udp/4001/quic-v1/webtransport"],"Announce":[],"AppendAnnounce":[],"NoAnnounce":[],"API":"/ip4/127.0.0.1/tcp/5001",)"
                  R"("Gateway":"/ip4/127.0.0.1/tcp/8080"})"},
    {"Bootstrap", "[\"auto\"]"}, {"AutoConf.Enabled", ""}, {"AutoConf.URL", ""}, {"Swarm.DisableNatPortMap", "false"}, {"Discovery.MDNS.Enabled", "true"},
    {"AutoTLS.Enabled", ""}};
inline constexpr config_change lowpower_changes[]{{"Routing.Type", "\"autoclient\""}, {"AutoNAT.ServiceMode", "\"disabled\""},
    {"Swarm.RelayService.Enabled", "false"}, {"Swarm.ConnMgr.Type", "\"basic\""}, {"Swarm.ConnMgr.LowWater", "20"}, {"Swarm.ConnMgr.HighWater", "40"},
    {"Swarm.ConnMgr.GracePeriod", "\"1m0s\""}};
inline constexpr config_change announce_off_changes[]{{"Provide.Enabled", "false"}, {"Provide.DHT.Interval", "\"0s\""}};
inline constexpr config_change announce_on_changes[]{{"Provide.Enabled", "true"}, {"Provide.DHT.Interval", "\"22h0m0s\""}};
inline constexpr config_change autoconf_on_changes[]{{"Bootstrap", "[\"auto\"]"}, {"DNS.Resolvers", "{\".\":\"auto\"}"}, {"Routing.DelegatedRouters", "[\"auto\"]"},
    {"Ipns.DelegatedPublishers", "[\"auto\"]"}, {"AutoConf.Enabled", "true"}, {"AutoConf.URL", "\"https://conf.ipfs-mainnet.org/autoconf.json\""}};
inline constexpr config_change autoconf_off_changes[]{{"Bootstrap", "null"}, {"DNS.Resolvers", "null"}, {"Routing.DelegatedRouters", "null"},
    {"Ipns.DelegatedPublishers", "null"}, {"AutoConf.Enabled", "false"}};
inline constexpr config_change unixfs_v0_changes[]{{"Import.CidVersion", "0"}, {"Import.UnixFSRawLeaves", "false"}, {"Import.UnixFSChunker", "\"size-262144\""},
    {"Import.HashFunction", "\"sha2-256\""}, {"Import.UnixFSFileMaxLinks", "174"}, {"Import.UnixFSDirectoryMaxLinks", "0"},
    {"Import.UnixFSHAMTDirectoryMaxFanout", "256"}, {"Import.UnixFSHAMTDirectorySizeThreshold", "\"256KiB\""},
    {"Import.UnixFSHAMTDirectorySizeEstimation", "\"links\""}, {"Import.UnixFSDAGLayout", "\"balanced\""}, {"Import.UnixFSPBNodeFieldOrder", "\"links-first\""}};
inline constexpr config_change unixfs_v1_changes[]{{"Import.CidVersion", "1"}, {"Import.UnixFSRawLeaves", "true"}, {"Import.UnixFSChunker", "\"size-1048576\""},
    {"Import.HashFunction", "\"sha2-256\""}, {"Import.UnixFSFileMaxLinks", "1024"}, {"Import.UnixFSDirectoryMaxLinks", "0"},
    {"Import.UnixFSHAMTDirectoryMaxFanout", "256"}, {"Import.UnixFSHAMTDirectorySizeThreshold", "\"256KiB\""},
    {"Import.UnixFSHAMTDirectorySizeEstimation", "\"block\""}, {"Import.UnixFSDAGLayout", "\"balanced\""}, {"Import.UnixFSPBNodeFieldOrder", "\"links-first\""}};

struct profile_row {
  std::string_view name;
  std::span<config_change const> changes;
};
inline constexpr profile_row profile_rows[]{{"test", test_changes}, {"default-networking", default_networking_changes}, {"lowpower", lowpower_changes},
    {"announce-off", announce_off_changes}, {"announce-on", announce_on_changes}, {"autoconf-on", autoconf_on_changes}, {"autoconf-off", autoconf_off_changes},
    {"unixfs-v0-2015", unixfs_v0_changes}, {"legacy-cid-v0", unixfs_v0_changes}, {"unixfs-v1-2025", unixfs_v1_changes}};

inline constexpr config_profile profile_texts[]{
    {"announce-off", "Announces nothing: only nodes that are connected already find what this one has."},
    {"announce-on", "Takes announce-off back."},
    {"autoconf-off", "Empties the lists of bootstrap peers, resolvers, routers and publishers; fill them by hand."},
    {"autoconf-on", "Takes those lists from the autoconf service."},
    {"default-networking", "The usual addresses and network settings; takes test back."},
    {"flatfs", "At init: one file per block, in Kubo's layout, so that Kubo can open the repo too."},
    {"legacy-cid-v0", "Another name of unixfs-v0-2015."},
    {"local-discovery", "Finds nodes of the local network; takes server back."},
    {"lowpower", "Serves others less, to use less of the machine."},
    {"randomports", "A port for the swarm that is free now."},
    {"server", "For a machine with a public address: leaves private networks alone."},
    {"test", "For tests: loopback only, no discovery, any free port."},
    {"unixfs-v0-2015", "Imports as it always was: CIDv0, 256 KiB chunks, 174 links (IPIP-499)."},
    {"unixfs-v1-2025", "Imports as IPIP-499 recommends: CIDv1, raw leaves, 1 MiB chunks, 1024 links."},
};

}  // namespace detail

CAIRN_DECL auto parse_config(std::string_view text) -> io_result<ipld::node> {
  auto value = plain_json::decode(as_bytes(text));
  if (!value) return std::unexpected(error{value.error()});
  return *std::move(value);
}

CAIRN_DECL auto config_to_text(ipld::node const& value) -> std::string {
  if (auto const* text = value.as_string()) return *text;
  auto out = std::string{}, indent = std::string{};
  detail::append_config(out, value, "  ", indent);
  return out;
}

CAIRN_DECL auto config_to_json(ipld::node const& value) -> std::string {
  auto out = std::string{}, indent = std::string{};
  detail::append_config(out, value, "", indent);
  return out;
}

CAIRN_DECL void sort_config(ipld::node& value) {
  if (auto* l = value.as_list())
    for (auto& item : *l) sort_config(item);
  if (auto* m = value.as_map()) {
    std::sort(m->begin(), m->end(), [](ipld::entry const& a, ipld::entry const& b) { return a.key < b.key; });
    for (auto& e : *m) sort_config(e.value);
  }
}

CAIRN_DECL auto config_value(ipld::node const& config, std::string_view key) -> io_result<ipld::node const*> {
  auto const* at = &config;
  auto so_far = std::string{};
  for (auto const part : detail::config_parts(key)) {
    if (!at->as_map()) return detail::config_error(so_far + " key is not a map");
    if (!so_far.empty()) so_far += '.';
    so_far += part;
    at = at->find(part);
    if (!at) return detail::config_error(so_far + " not found");
  }
  return at;
}

CAIRN_DECL auto set_config_value(ipld::node& config, std::string_view key, ipld::node value) -> io_result<void> {
  auto* at = &config;
  auto const parts = detail::config_parts(key);
  auto so_far = std::string{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto* m = at->as_map();
    if (!m) return detail::config_error(so_far + " key is not a map");
    if (i + 1 == parts.size()) {
      m->set(parts[i], std::move(value));
      return {};
    }
    auto* next = m->find(parts[i]);
    if (!next || next->is_null()) next = &m->set(parts[i], ipld::map{});
    at = next;
    so_far += (so_far.empty() ? "" : ".") + std::string{parts[i]};
  }
  return {};
}

CAIRN_DECL auto check_config_key(std::string_view key) -> io_result<void> {
  auto const parts = detail::config_parts(key);
  // each row of the schema is a path; a row is matched as far as it goes, "*" is any key, "?" is anything below
  auto best = 0uz;
  auto blocked = false;
  for (auto const row : detail::config_schema) {
    auto const wanted = detail::config_parts(row);
    auto i = 0uz;
    while (i < parts.size() && i < wanted.size() && (wanted[i] == parts[i] || wanted[i] == "*")) ++i;
    if (i == parts.size()) return {};
    if (i < wanted.size() && wanted[i] == "?") return {};
    if (i > best || (i == best && i == wanted.size())) blocked = i == wanted.size();
    best = std::max(best, i);
  }
  auto so_far = std::string{};
  for (std::size_t i = 0; i < best + (blocked ? 0 : 1) && i < parts.size(); ++i) so_far += (i ? "." : "") + std::string{parts[i]};
  return detail::config_error(so_far + (blocked ? " key is not a map" : " not found"));
}

CAIRN_DECL auto without_secrets(ipld::node config) -> ipld::node {
  constexpr std::string_view key[]{"Identity", "PrivKey"}, services[]{"Pinning", "RemoteServices", "*", "API", "Key"};
  detail::scrub(config, key);
  // as Kubo: that there are secrets is said, that there is no list of them is not
  if (auto* const api = config.as_map() ? config.as_map()->find("API") : nullptr; api && api->as_map())
    if (auto* const all = api->as_map()->find("Authorizations")) {
      if (all->is_null()) api->as_map()->remove("Authorizations");
      else if (all->as_map()) *all = ipld::node{ipld::map{}};
    }
  detail::scrub(config, services);
  // as Kubo: where there are no services, there is nothing to show
  if (auto* const pinning = config.as_map() ? config.as_map()->find("Pinning") : nullptr; pinning && pinning->as_map())
    if (auto const* list = pinning->find("RemoteServices"); list && list->is_null()) pinning->as_map()->remove("RemoteServices");
  return config;
}

CAIRN_DECL auto apply_profile(ipld::node& config, std::string_view name) -> io_result<void> {
  if (name == "server" || name == "local-discovery") {
    auto const server = name == "server";
    CAIRN_TRY(detail::set_private_ranges(config, "Addresses.NoAnnounce", server));
    CAIRN_TRY(detail::set_private_ranges(config, "Swarm.AddrFilters", server));
    CAIRN_TRY(set_config_value(config, "Discovery.MDNS.Enabled", !server));
    return set_config_value(config, "Swarm.DisableNatPortMap", server);
  }
  if (name == "randomports") {
    CAIRN_TRY(auto const port, detail::free_port());
    auto const behind = "/tcp/" + std::to_string(port);
    return set_config_value(config, "Addresses.Swarm", ipld::list{"/ip4/0.0.0.0" + behind, "/ip6/::" + behind});
  }
  for (auto const& row : detail::profile_rows) {
    if (row.name != name) continue;
    for (auto const& change : row.changes) {
      if (!change.json.empty()) {
        CAIRN_TRY(auto value, parse_config(change.json));
        CAIRN_TRY(set_config_value(config, change.key, std::move(value)));
      } else if (auto const dot = change.key.rfind('.'); dot != std::string_view::npos) {
        if (auto* section = config.as_map() ? config.as_map()->find(change.key.substr(0, dot)) : nullptr; section && section->as_map())
          section->as_map()->remove(change.key.substr(dot + 1));
      }
    }
    return {};
  }
  return detail::config_error(std::string{name} + " is not a profile");
}

CAIRN_DECL auto config_profiles() -> std::span<config_profile const> { return detail::profile_texts; }

CAIRN_DECL auto parse_size(std::string_view text) -> io_result<std::uint64_t> {
  auto const bad = [&](std::string_view why) { return detail::config_error("strconv.ParseFloat: parsing " + go_quoted(text) + ": " + std::string{why}); };
  auto end = 0uz;
  while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '.' || text[end] == ',')) ++end;
  auto number = std::string{text.substr(0, end)};
  std::erase(number, ',');
  auto unit = std::string{text.substr(end)};
  while (!unit.empty() && unit.front() == ' ') unit.erase(0, 1);
  for (auto& c : unit)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  if (number.empty() || std::count(number.begin(), number.end(), '.') > 1) return bad("invalid syntax");
  struct row {
    std::string_view name;
    double bytes;
  };
  constexpr row units[]{{"", 1},       {"b", 1},      {"k", 1e3},     {"kb", 1e3},   {"ki", 1024.},   {"kib", 1024.},   {"m", 1e6},
                        {"mb", 1e6},   {"mi", 1048576.}, {"mib", 1048576.}, {"g", 1e9}, {"gb", 1e9}, {"gi", 1073741824.}, {"gib", 1073741824.},
                        {"t", 1e12},   {"tb", 1e12},  {"ti", 1099511627776.}, {"tib", 1099511627776.}, {"p", 1e15}, {"pb", 1e15},
                        {"pi", 1125899906842624.}, {"pib", 1125899906842624.}, {"e", 1e18}, {"eb", 1e18}};
  for (auto const& u : units) {
    if (u.name != unit) continue;
    if (number.find('.') == std::string::npos && u.bytes == 1) {
      auto const whole = parse_go_unsigned(number);
      if (number.size() > 1 && number[0] == '0') return bad("invalid syntax");
      if (!whole) return bad("value out of range");
      return *whole;
    }
    auto value = 0.0;
    if (std::sscanf(number.c_str(), "%lf", &value) != 1) return bad("invalid syntax");
    value *= u.bytes;
    if (!(value < 18446744073709551615.0)) return detail::config_error("too large: " + std::string{text});
    return static_cast<std::uint64_t>(value);
  }
  return detail::config_error("unhandled size name: " + unit);
}

}  // namespace cairn::service
