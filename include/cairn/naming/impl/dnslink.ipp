#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/text.hpp>
#include <cairn/naming/dnslink.hpp>

namespace cairn {
namespace detail {

// Lower case, with the final dot.
inline auto absolute_domain(std::string_view name) -> std::string {
  auto out = std::string{name};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  if (!out.ends_with('.')) out += '.';
  return out;
}

}  // namespace detail

CAIRN_DECL auto parse_dnslink(std::string_view text) -> result<content_path, dnslink_errc> {
  if (text.size() > limits::dnslink_text) return std::unexpected(dnslink_errc::no_entry);
  constexpr std::string_view mark = "dnslink=";
  auto const marked = text.starts_with(mark);
  if (marked) text.remove_prefix(mark.size());
  // shown as its usual text: octets behind the base "identity" may be slashes and NUL, which no path has
  if (auto const id = parse_cid(text)) return immutable_path{*id, {}};
  if (!marked) return std::unexpected(dnslink_errc::no_entry);
  auto p = parse_path(text);
  if (!p) return std::unexpected(dnslink_errc::no_entry);
  return *std::move(p);
}

CAIRN_DECL auto choose_dnslink(std::vector<std::string> const& texts) -> result<content_path, dnslink_errc> {
  auto found = std::optional<content_path>{};
  for (std::size_t i = 0; i < texts.size() && i < limits::dnslink_texts; ++i) {
    auto one = parse_dnslink(texts[i]);
    if (!one) continue;
    if (found) return std::unexpected(dnslink_errc::several);
    found = *std::move(one);
  }
  if (!found) return std::unexpected(dnslink_errc::not_found);
  return *std::move(found);
}

CAIRN_DECL auto find_dnslink(dns_resolver_ref dns, std::string_view domain) -> io_result<dnslink_answer> {
  auto absolute = std::string{domain};
  if (!absolute.ends_with('.')) absolute += '.';
  auto const subject = [&] { return "DNSLink lookup for \"" + printable(absolute) + "\" failed"; };
  if (absolute.size() > limits::domain_name || absolute == ".") return std::unexpected(error{dnslink_errc::not_found}.about(subject()));
  auto answer = dns.txt("_dnslink." + absolute);
  if (!answer) return std::unexpected(std::move(answer).error().about(subject()));
  auto path = choose_dnslink(answer->texts);
  if (!path) return std::unexpected(error{path.error()}.about(subject()));
  return dnslink_answer{*std::move(path), answer->ttl};
}

CAIRN_DECL void txt_zone::add(std::string_view name, std::string text) { records_[detail::absolute_domain(name)].push_back(std::move(text)); }

CAIRN_DECL auto txt_zone::txt(std::string_view name) const -> io_result<txt_records> {
  auto const at = records_.find(detail::absolute_domain(name));
  if (at == records_.end()) return txt_records{};
  return txt_records{at->second};
}

}  // namespace cairn
