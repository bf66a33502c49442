#pragma once
// Content named by the Host field: a CID or a name as a label before a known host, or a domain with a DNSLink record.

#include <cairn/multiformats/multibase.hpp>
#include <cairn/multiformats/peer_id.hpp>
#include <cairn/naming/ipns_name.hpp>
#include <cairn/service/gateway/impl/answer.hpp>

namespace cairn::service::gateway::detail {

inline constexpr std::size_t dns_label_max = 63;  // RFC 1035, section 2.3.4

/// A domain as one label: "-" becomes "--", "." becomes "-".
inline auto inlined_domain(std::string_view domain) -> std::string {
  auto out = std::string{};
  for (auto c : domain) out += c == '-' ? "--" : c == '.' ? "-" : std::string{c};
  return out;
}
inline auto domain_of_label(std::string_view label) -> std::string {
  auto out = std::string{};
  for (auto i = std::size_t{0}; i < label.size(); ++i) {
    if (label[i] != '-') out += label[i];
    else if (i + 1 < label.size() && label[i + 1] == '-') out += '-', ++i;
    else out += '.';
  }
  return out;
}

/// The label of a CID: base32, or base36 where that is too long (IX-71). Of keys always base36.
inline auto label_of(cid const& id, bool of_key) -> io_result<std::string> {
  auto const v1 = cid::v1(of_key ? code::libp2p_key : id.codec(), id.hash());
  if (!of_key)
    if (auto text = to_string(v1); text.size() <= dns_label_max) return text;
  auto text = to_string(v1, multibase::base36).value_or(to_string(v1));
  if (text.size() > dns_label_max) return std::unexpected(error::message("gateway", "CID incompatible with DNS label length limit of 63: " + to_string(id)));
  return text;
}

/// The key that a label or a path's root names: a name of a key, or any CID, whatever codec it says.
inline auto key_of(std::string_view root) -> std::optional<cid> {
  if (auto const name = parse_ipns_name(root)) return to_cid(*name);
  if (auto const id = parse_cid(root)) return *id;
  return std::nullopt;
}

struct host_place {
  std::string_view label, gateway;
  std::string ns;
  public_host const* entry = nullptr;
};

/// "LABEL.ipfs.HOST" with a known HOST that has subdomains.
inline auto split_host(options const& settings, std::string_view host) -> std::optional<host_place> {
  for (auto ns : {"ipfs", "ipns"}) {
    auto const middle = "." + std::string{ns} + ".";
    for (auto at = host.find(middle); at != std::string_view::npos; at = host.find(middle, at + 1)) {
      auto const gateway = host.substr(at + middle.size());
      auto const* entry = settings.find_host(gateway);
      if (entry && entry->use_subdomains && at != 0) return host_place{host.substr(0, at), gateway, ns, entry};
    }
  }
  return std::nullopt;
}

/// A name or an address, and a port of digits: nothing that could end a link or name another host.
inline auto is_host(std::string_view host) -> bool {
  auto const colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    if (host.find_first_not_of("0123456789", colon + 1) != std::string_view::npos) return false;
    host = host.substr(0, colon);
  }
  if (host.starts_with('[')) return host.find_first_not_of("0123456789abcdef:.", 1) == host.size() - 1 && host.back() == ']';
  return host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") == std::string_view::npos;
}

inline auto is_domain(std::string_view host) -> bool {
  if (auto const colon = host.rfind(':'); colon != std::string_view::npos) host = host.substr(0, colon);
  if (host.empty() || host.front() == '[' || host.find('.') == std::string_view::npos) return false;
  return host.find_first_not_of("0123456789.") != std::string_view::npos;
}

/// Where a path request on a host with subdomains belongs: "//LABEL.ipfs.HOST/rest".
inline auto subdomain_of(std::string_view ns, std::string_view root, bool inlines, std::string_view host) -> io_result<std::string> {
  if (ns == "ipfs") {
    auto const id = parse_cid(root);
    if (!id) return std::unexpected(error::message("gateway", "invalid cid"));
    CAIRN_TRY(auto label, label_of(*id, false));
    return label + ".ipfs." + std::string{host};
  }
  if (auto const key = key_of(root)) {
    CAIRN_TRY(auto label, label_of(*key, true));
    return label + ".ipns." + std::string{host};
  }
  auto label = inlines ? inlined_domain(root) : std::string{root};
  if (inlines && label.size() > dns_label_max) return std::unexpected(error::message("gateway", "DNSLink incompatible with DNS label length limit of 63: " + label));
  return label + ".ipns." + std::string{host};
}

}  // namespace cairn::service::gateway::detail
