#pragma once

#include <cairn/core/text.hpp>
#include <cairn/service/gateway/options.hpp>
#include <cairn/service/go_text.hpp>

namespace cairn::service::gateway {
namespace detail {

inline auto flag_in(ipld::node const& section, std::string_view key) -> std::optional<bool> {
  auto const* value = section.find(key);
  auto const* truth = value ? value->as_boolean() : nullptr;
  return truth ? std::optional{*truth} : std::nullopt;
}

inline auto texts_of(ipld::node const& value) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  if (auto const* one = value.as_string()) out.push_back(*one);
  if (auto const* many = value.as_list())
    for (auto const& v : *many)
      if (auto const* text = v.as_string()) out.push_back(*text);
  return out;
}

inline auto lower_text(std::string_view in) -> std::string {
  auto out = std::string{in};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

// "*" stands for one label or a part of one
inline auto fits_pattern(std::string_view pattern, std::string_view host) -> bool {
  auto const star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == host;
  auto const before = pattern.substr(0, star), behind = pattern.substr(star + 1);
  if (host.size() <= before.size() + behind.size() || !host.starts_with(before) || !host.ends_with(behind)) return false;
  return host.substr(before.size(), host.size() - before.size() - behind.size()).find('.') == std::string_view::npos;
}

}  // namespace detail

CAIRN_DECL auto options::of(ipld::node const& config) -> options {
  using namespace detail;
  auto out = options{};
  out.hosts.emplace("localhost", public_host{.use_subdomains = true});
  auto const* section = config.find("Gateway");
  if (!section) return out;
  out.deserialized = flag_in(*section, "DeserializedResponses").value_or(true);
  out.no_dnslink = flag_in(*section, "NoDNSLink").value_or(false);
  out.allow_codec_conversion = flag_in(*section, "AllowCodecConversion").value_or(false);
  out.expose_routing_api = flag_in(*section, "ExposeRoutingAPI").value_or(true);
  out.html_errors = !flag_in(*section, "DisableHTMLErrors").value_or(false);
  out.no_fetch = flag_in(*section, "NoFetch").value_or(false);
  if (auto const* value = section->find("RetrievalTimeout"))
    if (auto const* text = value->as_string())
      if (auto const time = parse_duration(*text)) out.retrieval_timeout = *time;
  auto const number = [&](std::string_view key, std::uint64_t& into) {
    auto const* value = section->find(key);
    if (!value) return;
    if (auto const* n = value->as_integer()) {
      if (auto const wide = n->to_int64(); wide && *wide >= 0) into = static_cast<std::uint64_t>(*wide);
    }
  };
  number("MaxRangeRequestFileSize", out.max_range_file);
  number("MaxConcurrentRequests", out.max_concurrent);
  if (auto const* value = section->find("MaxRequestDuration"))
    if (auto const* text = value->as_string())
      if (auto const time = parse_duration(*text)) out.max_duration = (*time + 999'999'999) / 1'000'000'000;
  if (auto const* redirect = section->find("RootRedirect"))
    if (auto const* text = redirect->as_string()) out.root_redirect = *text;
  if (auto const* headers = section->find("HTTPHeaders"))
    if (auto const* rows = headers->as_map())
      for (auto const& [name, value] : *rows) out.headers.emplace_back(name, texts_of(value));
  auto const* hosts = section->find("PublicGateways");
  auto const* rows = hosts ? hosts->as_map() : nullptr;
  if (!rows) return out;
  for (auto const& [name, value] : *rows) {
    auto const key = lower_text(name);
    out.hosts.erase(key);
    if (!value.as_map()) continue;
    auto host = public_host{};
    if (auto const* paths = value.find("Paths")) host.paths = texts_of(*paths);
    host.use_subdomains = flag_in(value, "UseSubdomains").value_or(false);
    host.no_dnslink = flag_in(value, "NoDNSLink").value_or(false);
    host.inline_dnslink = flag_in(value, "InlineDNSLink").value_or(false);
    host.deserialized = flag_in(value, "DeserializedResponses");
    out.hosts.emplace(key, std::move(host));
  }
  return out;
}

CAIRN_DECL auto options::find_host(std::string_view host) const -> public_host const* {
  if (auto const exact = hosts.find(host); exact != hosts.end()) return &exact->second;
  auto const colon = host.rfind(':');
  auto const bare = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos ? host.substr(0, colon) : host;
  if (auto const exact = hosts.find(bare); exact != hosts.end()) return &exact->second;
  for (auto const& [pattern, entry] : hosts)
    if (pattern.find('*') != std::string::npos && (detail::fits_pattern(pattern, bare) || detail::fits_pattern(pattern, host))) return &entry;
  return nullptr;
}

}  // namespace cairn::service::gateway
