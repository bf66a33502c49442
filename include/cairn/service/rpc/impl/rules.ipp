#pragma once

#include <cairn/multiformats/multibase.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/rpc/rules.hpp>

#include <algorithm>

namespace cairn::service::rpc {
namespace detail {

inline auto texts_at(ipld::node const& map, std::string_view key) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  auto const* value = map.find(key);
  if (!value) return out;
  if (auto const* text = value->as_string()) out.push_back(*text);
  if (auto const* list = value->as_list())
    for (auto const& v : *list)
      if (auto const* text = v.as_string()) out.push_back(*text);
  return out;
}

// How long it takes tells nothing of where they differ.
inline auto same_secret(std::string_view a, std::string_view b) -> bool {
  if (a.size() != b.size()) return false;
  auto difference = 0u;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

inline auto host_is_of_machine(std::string_view host) -> bool {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  if (host.starts_with('[')) return host.size() > 2 && host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1 && host.back() == ']';
  return !host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

inline auto host_of_origin(std::string_view origin) -> std::string_view {
  auto const scheme = origin.find("://");
  return scheme == std::string_view::npos ? origin : origin.substr(scheme + 3);
}

}  // namespace detail

CAIRN_DECL auto access_rules::of(ipld::node const& config, std::vector<http::endpoint> const& listeners) -> access_rules {
  auto rules = access_rules{};
  if (auto const found = config_value(config, "API.HTTPHeaders"); found && (*found)->as_map()) {
    for (auto const& e : *(*found)->as_map()) {
      auto const values = detail::texts_at(**found, e.key);
      if (e.key == "Access-Control-Allow-Origin") rules.origins = values;
      else if (e.key == "Access-Control-Allow-Methods") rules.methods = values;
      else if (e.key == "Access-Control-Allow-Headers") rules.asked_fields = values;
      else if (e.key == "Access-Control-Allow-Credentials") rules.credentials = values == std::vector<std::string>{"true"};
      else
        for (auto const& v : values) rules.fields.emplace_back(e.key, v);
    }
  }
  for (auto const& at : listeners) {
    if (!at.unix_path.empty()) continue;
    for (auto const* scheme : {"http://", "https://"})
      for (auto const* host : {"127.0.0.1", "[::1]", "localhost"}) {
        rules.origins.push_back(std::string{scheme} + host + ":" + std::to_string(at.port));
        if (at.port == (std::string_view{scheme} == "http://" ? 80 : 443)) rules.origins.push_back(std::string{scheme} + host);
      }
  }
  // the browser's companion, from both shops
  rules.origins.emplace_back("chrome-extension://nibjojkomfdiaoajekhjakgkdhaomnch");
  rules.origins.emplace_back("chrome-extension://hjoieblefckbooibpepigmacodalfndh");
  if (auto const found = config_value(config, "API.Authorizations"); found && (*found)->as_map() && !(*found)->as_map()->empty()) {
    rules.guarded = true;
    for (auto const& e : *(*found)->as_map()) {
      auto const secret = detail::texts_at(e.value, "AuthSecret");
      if (secret.empty() || secret[0].empty()) continue;
      rules.secrets.push_back({authorization_header(secret[0]), detail::texts_at(e.value, "AllowedPaths")});
    }
  }
  return rules;
}

CAIRN_DECL auto access_rules::allows_origin(std::string_view origin) const -> bool {
  for (auto const& o : origins) {
    if (o == "*" || detail::host_of_origin(o) == "*") return true;
    if (o.size() == origin.size() && std::equal(o.begin(), o.end(), origin.begin(), [](char a, char b) {
          return (a >= 'A' && a <= 'Z' ? a | 0x20 : a) == (b >= 'A' && b <= 'Z' ? b | 0x20 : b);
        }))
      return true;
    // one star stands for any text
    if (auto const star = o.find('*'); star != std::string::npos && origin.size() + 1 >= o.size() && origin.starts_with(o.substr(0, star)) && origin.ends_with(o.substr(star + 1)))
      return true;
  }
  return false;
}

CAIRN_DECL auto access_rules::allows_host(http::request const& head) const -> bool {
  if (head.peer == "@" || !head.from_loopback) return true;
  auto const host = head.host();
  if (detail::host_is_of_machine(host)) return true;
  for (auto const& o : origins) {
    auto allowed = detail::host_of_origin(o);
    if (allowed == "*") return true;
    if (auto const colon = allowed.rfind(':'); colon != std::string_view::npos && !allowed.ends_with(']')) allowed = allowed.substr(0, colon);
    if (allowed == host) return true;
  }
  return false;
}

CAIRN_DECL auto access_rules::allows_page(http::request const& head) const -> bool {
  auto const origin = head.fields.find("Origin"), referer = head.fields.find("Referer");
  if (origin && !origin->empty() && !allows_origin(*origin)) return false;
  if (referer && !referer->empty()) {
    auto const scheme = referer->find("://");
    if (scheme == std::string_view::npos) return false;
    if (!allows_origin(referer->substr(0, referer->find_first_of("/?#", scheme + 3)))) return false;
  }
  // a browser that names no page: some forms and old redirects
  if ((!origin || origin->empty()) && (!referer || referer->empty())) return !head.fields.find("User-Agent").value_or("").starts_with("Mozilla");
  return true;
}

CAIRN_DECL auto access_rules::allows_secret(http::request const& head) const -> bool {
  if (!guarded) return true;
  auto const given = head.fields.find("Authorization").value_or("");
  auto allowed = false;
  for (auto const& s : secrets) {
    if (!detail::same_secret(given, s.header)) continue;
    if (head.path() == "/api/v0/version") allowed = true;
    for (auto const& p : s.paths) allowed = allowed || head.path().starts_with(p);
  }
  return allowed;
}

CAIRN_DECL auto authorization_header(std::string_view secret) -> std::string {
  if (secret.empty()) return {};
  if (secret.find(':') == std::string_view::npos) return "Bearer " + std::string{secret};
  if (secret.starts_with("bearer:")) return "Bearer " + std::string{secret.substr(7)};
  if (!secret.starts_with("basic:")) return std::string{secret};
  auto const pair = secret.substr(6);
  if (pair.find(':') == std::string_view::npos) return "Basic " + std::string{pair};
  return "Basic " + encode_base(multibase::base64pad, as_bytes(pair));
}

}  // namespace cairn::service::rpc
