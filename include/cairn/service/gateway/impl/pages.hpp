#pragma once
// What people see: directories and errors as HTML. No script, no request to elsewhere; every name is escaped (SEC-46).

#include <cairn/asio/http/url.hpp>
#include <cairn/service/core_types.hpp>
#include <cairn/service/impl/html_text.hpp>

#include <string>
#include <string_view>

namespace cairn::service::gateway::detail {

inline auto size_for_people(std::uint64_t n) -> std::string {
  constexpr std::string_view units[]{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  auto unit = std::size_t{0};
  auto tenths = n * 10;
  while (tenths >= 10240 && unit + 1 < std::size(units)) tenths /= 1024, ++unit;
  auto out = std::to_string(tenths / 10);
  if (unit != 0 && tenths < 100) out += "." + std::to_string(tenths % 10);
  return out + " " + std::string{units[unit]};
}

inline constexpr std::string_view page_style =
    "<style>:root{color-scheme:light dark;--ink:#1c2521;--quiet:#5d6b65;--paper:#f5f7f6;--card:#fff;--line:#dbe2df;--accent:#1f6f5c}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6ece9;--quiet:#9dada6;--paper:#121715;--card:#1b2220;--line:#313c38;--accent:#79c3b0}}"
    "body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}main{max-width:60rem;margin:0 auto;padding:1.25rem}"
    "h1{font-size:1.15rem;overflow-wrap:anywhere;margin:.5rem 0 1rem}a{color:var(--accent)}a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}"
    ".list{background:var(--card);border:1px solid var(--line);border-radius:12px;overflow:hidden}table{width:100%;border-collapse:collapse}"
    "td{padding:.55rem .9rem;border-top:1px solid var(--line)}tr:first-child td{border-top:0}td.n{overflow-wrap:anywhere}td.d::after{content:\"/\"}td.s{text-align:right;white-space:nowrap;color:var(--quiet)}"
    "td.c{font:.8rem ui-monospace,monospace;color:var(--quiet);white-space:nowrap}td.c a{color:inherit}p{color:var(--quiet)}pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    "@media(max-width:40rem){td.c{display:none}}</style>";

inline auto page_begin(std::string_view title) -> std::string {
  auto out = std::string{"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"};
  append_html(out, title);
  out += "</title>\n";
  out += page_style;
  out += "\n</head>\n<body>\n<main>\n";
  return out;
}
inline constexpr std::string_view page_end = "</main>\n</body>\n</html>\n";

/// The octets of a path between its slashes, encoded.
inline auto encoded_path(std::string_view in) -> std::string {
  auto out = std::string{};
  while (!in.empty()) {
    auto const slash = in.find('/');
    out += http::percent_encoded(in.substr(0, slash));
    if (slash == std::string_view::npos) break;
    out += '/';
    in.remove_prefix(slash + 1);
  }
  return out;
}

/// The octets of a path as the links of a directory's page write them: RFC 3986's pchar, but for what Go's net/url escapes nevertheless.
inline auto link_path(std::string_view in) -> std::string {
  auto out = std::string{};
  for (auto const& c : in) std::string_view{"$&+,/:;=@"}.find(c) != std::string_view::npos ? out += c : out += http::percent_encoded({&c, 1});
  return out;
}

/// A link's text as a value in a query. Kubo's pages escape twice, and readers compare these links.
inline auto link_filename(std::string_view name) -> std::string {
  // a colon in the first segment would begin with a scheme (RFC 3986, section 4.2)
  auto const text = (name.find(':') < name.find('/') ? "./" : "") + link_path(name);
  auto out = http::percent_encoded(text);
  for (auto i = std::size_t{0}; i + 2 < out.size(); ++i)
    if (out[i] == '%') out[i + 1] |= 0x20, out[i + 2] |= 0x20;  // digits in lower case
  return out;
}

/// Where a directory's page stands.
struct directory_place {
  std::string_view shown;   ///< "/ipfs/CID/a": what it shows, without a slash at the end
  std::string here;         ///< its own address, encoded, with a slash at the end: "/ipfs/CID/a/", on a host of its own "/a/"
  std::string host_url{};   ///< "//gw.example": of the gateway, or of the domain; empty: the one that is asked
  bool is_domain = false;   ///< a site by DNSLink: its address has neither namespace nor name
  bool is_root = false;     ///< nothing is above it
};

/// The head of a directory's page: where it is, with a link for each part of the path. Clients read these links: their form is Kubo's.
inline auto directory_head(directory_place const& at) -> std::string {
  auto out = page_begin(at.shown);
  out += "<h1>Index of ";
  auto place = at.host_url;
  auto rest = at.shown;
  for (auto part_number = 1; !rest.empty(); ++part_number) {
    rest.remove_prefix(1);
    auto const slash = rest.find('/');
    auto const part = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
    out += '/';
    if (!at.is_domain || part_number > 2) place += "/" + link_path(part);
    if (part_number == 1) {  // the namespace leads nowhere
      append_html(out, part);
      continue;
    }
    out += "<a href=\"";
    append_html(out, place);
    out += at.is_domain && part_number == 2 ? "/\">" : "\">";
    append_html(out, part);
    out += "</a>";
  }
  out += "</h1>\n<div class=\"list\">\n<table>\n";
  if (at.is_root) return out;
  out += "<tr><td class=\"n\"><a href=\"";
  append_html(out, at.here);
  out += "..\">..</a></td><td class=\"c\"></td><td class=\"s\"></td></tr>\n";
  return out;
}

inline void append_row(std::string& out, directory_place const& at, directory_link const& link, std::string_view cid) {
  auto const folder = link.type == directory_link::kind::directory;
  out += folder ? "<tr><td class=\"n d\"><a href=\"" : "<tr><td class=\"n\"><a href=\"";
  append_html(out, at.here);
  append_html(out, link_path(link.name));
  out += "\">";
  append_html(out, link.name);
  out += "</a></td><td class=\"c\"><a class=\"ipfs-hash\" translate=\"no\" href=\"";
  if (at.is_domain) {
    out += "https://cid.ipfs.tech/#";
    out += cid;
    out += "\" target=\"_blank\" rel=\"noreferrer noopener\">";
  } else {
    out += at.host_url;
    out += "/ipfs/";
    out += cid;
    out += "?filename=" + link_filename(link.name) + "\">";
  }
  if (cid.size() > 14) out.append(cid.substr(0, 4)).append("…").append(cid.substr(cid.size() - 4));
  else out += cid;
  out += "</a></td><td class=\"s\">";
  out += folder ? "—" : size_for_people(link.size);
  out += "</td></tr>\n";
}

inline auto error_page(unsigned status, std::string_view phrase, std::string_view what) -> std::string {
  auto out = page_begin(std::to_string(status) + " " + std::string{phrase});
  out += "<h1>" + std::to_string(status) + " " + std::string{phrase} + "</h1>\n<pre>";
  append_html(out, what);
  out += "</pre>\n<p>";
  if (status == 404) out += "The content may be under another name, or not on this node. <code>ipfs ls</code> shows what a folder has.";
  else if (status == 504) out += "No peer sent the content in time. It may be there later: try again.";
  else if (status == 410) out += "This node's operator does not serve this content.";
  else if (status == 400) out += "The address is not one of IPFS content: /ipfs/ and a CID, or /ipns/ and a name.";
  out += "</p>\n";
  out += page_end;
  return out;
}

}  // namespace cairn::service::gateway::detail
