#pragma once
// What the config says of the network, and how addresses are shown.

#include <cairn/ipld/node.hpp>
#include <cairn/multiformats/multiaddr.hpp>
#include <cairn/multiformats/peer_id.hpp>
#include <cairn/repo/config.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/network.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <ifaddrs.h>
#include <optional>
#include <string>
#include <vector>

namespace cairn::service::detail {

inline constexpr std::uint64_t p2p_code = 421;

inline auto texts_of(ipld::node const& config, std::string_view key) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  auto const* value = find_config(config, key);
  if (value && value->as_list())
    for (auto const& v : *value->as_list())
      if (v.as_string()) out.push_back(*v.as_string());
  return out;
}
inline auto number_of(ipld::node const& config, std::string_view key, std::int64_t otherwise) -> std::int64_t {
  auto const* value = find_config(config, key);
  auto const n = value && value->as_integer() ? value->as_integer()->to_int64() : std::nullopt;
  return n ? *n : otherwise;
}
inline auto flag_of(ipld::node const& config, std::string_view key, bool otherwise) -> bool {
  auto const* value = find_config(config, key);
  return value && value->as_boolean() ? *value->as_boolean() : otherwise;
}
inline auto duration_of(ipld::node const& config, std::string_view key, std::chrono::nanoseconds otherwise) -> std::chrono::nanoseconds {
  auto const* value = find_config(config, key);
  auto const* text = value ? value->as_string() : nullptr;
  auto const n = text && !text->empty() ? parse_duration(*text) : io_result<std::int64_t>{otherwise.count()};
  return std::chrono::nanoseconds{n.value_or(otherwise.count())};
}

/// The id at the end of an address, and what stands before it.
inline auto split_peer(multiaddr const& a) -> std::optional<std::pair<peer_id, multiaddr>> {
  auto last = std::optional<multiaddr_component>{};
  for (auto const& c : a) last = c;
  if (!last || last->code() != p2p_code) return std::nullopt;
  auto const id = decode_peer_id(last->value());
  if (!id) return std::nullopt;
  auto const before = bytes_view{a.bytes()}.first(a.bytes().size() - last->bytes().size());
  if (before.empty()) return std::pair{*id, multiaddr{}};
  auto const rest = decode_multiaddr(before);
  if (!rest) return std::nullopt;
  return std::pair{*id, *rest};
}

inline auto with_peer(multiaddr const& a, peer_id const& id) -> std::string { return to_string(a) + "/p2p/" + to_string(id); }

inline auto interface_addresses() -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return out;
  for (auto const* i = all; i; i = i->ifa_next) {
    if (!i->ifa_addr) continue;
    char text[INET6_ADDRSTRLEN]{};
    if (i->ifa_addr->sa_family == AF_INET && ::inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in const*>(i->ifa_addr)->sin_addr, text, sizeof text)) out.push_back("/ip4/" + std::string{text});
    if (i->ifa_addr->sa_family == AF_INET6 && ::inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6 const*>(i->ifa_addr)->sin6_addr, text, sizeof text)) out.push_back("/ip6/" + std::string{text});
  }
  ::freeifaddrs(all);
  return out;
}

/// 0.0.0.0 and :: as the addresses of this machine's interfaces; addresses of a link alone are of no use to others.
inline auto of_interfaces(std::vector<multiaddr> const& listening) -> std::vector<multiaddr> {
  auto out = std::vector<multiaddr>{};
  auto own = std::vector<std::string>{};
  for (auto const& a : listening) {
    auto const text = to_string(a);
    auto const four = text.starts_with("/ip4/0.0.0.0/");
    if (!four && !text.starts_with("/ip6/::/")) {
      out.push_back(a);
      continue;
    }
    if (own.empty()) own = interface_addresses();
    for (auto const& i : own) {
      if (i.starts_with("/ip4/") != four || i.starts_with("/ip6/fe80:")) continue;
      if (auto one = parse_multiaddr(i + text.substr(four ? 12 : 7))) out.push_back(*one);
    }
  }
  return out;
}

/// A network of addresses: "/ip4/192.168.0.0/ipcidr/16".
struct address_filter {
  std::string text;
  bytes net{};
  unsigned bits = 0;

  static auto parse(std::string_view text) -> std::optional<address_filter> {
    auto const slash = text.find("/ipcidr/");
    if (slash == text.npos) return std::nullopt;
    auto const base = parse_multiaddr(text.substr(0, slash));
    auto const width = parse_go_unsigned(text.substr(slash + 8));
    if (!base || !width || std::distance(base->begin(), base->end()) != 1) return std::nullopt;
    auto const c = *base->begin();
    if ((c.name() != "ip4" && c.name() != "ip6") || *width > c.value().size() * 8) return std::nullopt;
    return address_filter{std::string{text}, {c.value().begin(), c.value().end()}, static_cast<unsigned>(*width)};
  }
  auto holds(multiaddr const& a) const -> bool {
    if (a.empty()) return false;
    auto const c = *a.begin();
    auto const ip = c.value();
    if ((c.name() != "ip4" && c.name() != "ip6") || ip.size() != net.size()) return false;
    for (auto i = 0u; i < bits; ++i)
      if (((ip[i / 8] ^ net[i / 8]) >> (7 - i % 8)) & 1) return false;
    return true;
  }
};

/// Swarm.ResourceMgr.Allowlist: "/ip4/10.0.0.0/ipcidr/8/p2p/ID"; without a network an address, without an ID everybody there.
struct allowed_peers {
  address_filter where;
  std::optional<peer_id> who{};

  static auto parse(std::string_view text) -> std::optional<allowed_peers> {
    auto out = allowed_peers{};
    auto const id = text.find("/p2p/");
    if (id != text.npos) {
      auto const parsed = parse_peer_id(text.substr(id + 5));
      if (!parsed) return std::nullopt;
      out.who = *parsed;
      text = text.substr(0, id);
    }
    auto network = std::string{text};
    if (text.find("/ipcidr/") == text.npos) {
      auto const a = parse_multiaddr(text);
      if (!a || a->empty()) return std::nullopt;
      auto const c = *a->begin();
      network = "/" + std::string{c.name()} + "/" + c.text() + "/ipcidr/" + std::to_string(8 * c.value().size());
    }
    auto where = address_filter::parse(network);
    if (!where) return std::nullopt;
    out.where = *std::move(where);
    return out;
  }
};

inline auto filters_of(std::vector<std::string> const& texts) -> std::vector<address_filter> {
  auto out = std::vector<address_filter>{};
  for (auto const& t : texts)
    if (auto f = address_filter::parse(t)) out.push_back(*std::move(f));
  return out;
}

/// Addresses.Announce, AppendAnnounce, NoAnnounce.
struct announce_rules {
  std::vector<multiaddr> only{}, more{};
  std::vector<std::string> not_these{};
  std::vector<address_filter> not_in{};

  static auto of(ipld::node const& config) -> announce_rules {
    auto out = announce_rules{};
    auto const read = [&](std::string_view key, std::vector<multiaddr>& to) {
      for (auto const& t : texts_of(config, key))
        if (auto a = parse_multiaddr(t)) to.push_back(*a);
    };
    read("Addresses.Announce", out.only);
    read("Addresses.AppendAnnounce", out.more);
    out.not_these = texts_of(config, "Addresses.NoAnnounce");
    out.not_in = filters_of(out.not_these);
    return out;
  }
  auto apply(std::vector<multiaddr> const& listening) const -> std::vector<multiaddr> {
    auto out = only.empty() ? of_interfaces(listening) : only;
    for (auto const& a : more)
      if (std::find(out.begin(), out.end(), a) == out.end()) out.push_back(a);
    std::erase_if(out, [&](multiaddr const& a) {
      return std::find(not_these.begin(), not_these.end(), to_string(a)) != not_these.end() ||
             std::any_of(not_in.begin(), not_in.end(), [&](address_filter const& f) { return f.holds(a); });
    });
    return out;
  }
};

/// Bootstrap, Peering.Peers: by peer. What is no address of a peer is left out.
inline auto peers_of(std::vector<std::string> const& texts) -> std::vector<node_network::addressed_peer> {
  auto out = std::vector<node_network::addressed_peer>{};
  for (auto const& t : texts) {
    auto const a = parse_multiaddr(t);
    auto const parts = a ? split_peer(*a) : std::nullopt;
    if (!parts || parts->second.empty()) continue;
    auto at = std::find_if(out.begin(), out.end(), [&](auto const& p) { return p.first == parts->first; });
    if (at == out.end()) at = out.insert(out.end(), {parts->first, {}});
    at->second.push_back(parts->second);
  }
  return out;
}
inline auto peering_of(ipld::node const& config) -> std::vector<node_network::addressed_peer> {
  auto out = std::vector<node_network::addressed_peer>{};
  auto const* list = find_config(config, "Peering.Peers");
  if (!list || !list->as_list()) return out;
  for (auto const& p : *list->as_list()) {
    auto const* text = p.find("ID") ? p.find("ID")->as_string() : nullptr;
    auto const id = text ? parse_peer_id(*text) : std::unexpected(peer_id_errc::bad_text);
    if (!id) continue;
    auto addresses = std::vector<multiaddr>{};
    if (auto const* list_of = p.find("Addrs"); list_of && list_of->as_list())
      for (auto const& v : *list_of->as_list())
        if (auto const a = v.as_string() ? parse_multiaddr(*v.as_string()) : std::unexpected(multiaddr_errc::empty)) {
          auto const parts = split_peer(*a);
          addresses.push_back(parts ? parts->second : *a);
        }
    out.emplace_back(*id, std::move(addresses));
  }
  return out;
}

/// "127.0.0.1:4001 (TCP)", each place once.
inline auto places_of(std::vector<multiaddr> const& addresses) -> std::vector<std::string> {
  auto places = std::vector<std::pair<std::string, std::string>>{};
  for (auto const& a : addresses) {
    auto host = std::string{}, port = std::string{}, kind = std::string{};
    for (auto const& c : a) {
      if (c.name() == "ip4") host = c.text();
      if (c.name() == "ip6") host = "[" + c.text() + "]";
      if (kind.empty() && (c.name() == "tcp" || c.name() == "udp")) port = c.text(), kind = c.name() == "tcp" ? "TCP" : "UDP";
    }
    if (kind.empty()) continue;
    auto const at = std::find_if(places.begin(), places.end(), [&](auto const& p) { return p.first == host + ":" + port; });
    if (at == places.end()) places.emplace_back(host + ":" + port, kind);
    else if (at->second.find(kind) == std::string::npos) at->second = "TCP+UDP";
  }
  std::sort(places.begin(), places.end());
  auto out = std::vector<std::string>{};
  for (auto const& [place, kind] : places) out.push_back(place + " (" + kind + ")");
  return out;
}

}  // namespace cairn::service::detail
