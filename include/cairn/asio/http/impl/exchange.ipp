#pragma once

#include <cairn/asio/http/exchange.hpp>

#include <algorithm>

namespace cairn::http {
namespace detail {
inline auto lower(char c) -> char { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
inline auto same_name(std::string_view a, std::string_view b) -> bool {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}
}  // namespace detail

CAIRN_DECL auto headers::find(std::string_view name) const -> std::optional<std::string_view> {
  for (auto const& f : fields_)
    if (detail::same_name(f.name, name)) return f.value;
  return std::nullopt;
}

CAIRN_DECL auto headers::all(std::string_view name) const -> std::vector<std::string_view> {
  auto out = std::vector<std::string_view>{};
  for (auto const& f : fields_)
    if (detail::same_name(f.name, name)) out.push_back(f.value);
  return out;
}

CAIRN_DECL void headers::add(std::string_view name, std::string_view value) { fields_.push_back({std::string{name}, std::string{value}}); }

CAIRN_DECL void headers::set(std::string_view name, std::string_view value) {
  for (auto& f : fields_)
    if (detail::same_name(f.name, name)) {
      f.value = value;
      return;
    }
  add(name, value);
}

CAIRN_DECL void headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](header const& f) { return detail::same_name(f.name, name); });
}

CAIRN_DECL auto request::path() const -> std::string_view { return std::string_view{target}.substr(0, target.find('?')); }

CAIRN_DECL auto request::query() const -> std::string_view {
  auto const at = target.find('?');
  return at == std::string::npos ? std::string_view{} : std::string_view{target}.substr(at + 1);
}

CAIRN_DECL auto request::host_and_port() const -> std::string_view { return fields.find("Host").value_or(std::string_view{}); }

CAIRN_DECL auto request::host() const -> std::string {
  auto name = host_and_port();
  // an IPv6 address stands in brackets, so the colon of a port is the last one behind them
  auto const colon = name.rfind(':');
  if (colon != std::string_view::npos && name.find(']', colon) == std::string_view::npos) name = name.substr(0, colon);
  auto out = std::string{name};
  std::transform(out.begin(), out.end(), out.begin(), detail::lower);
  return out;
}

CAIRN_DECL auto reason(unsigned status) -> std::string_view {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Request Entity Too Large";
    case 414: return "Request URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Requested Range Not Satisfiable";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Unknown";
  }
}

CAIRN_DECL auto respond(exchange& to, unsigned status, std::string_view content_type, std::string_view body, headers more) -> io_result<void> {
  auto head = response{.status = status, .fields = std::move(more), .length = body.size()};
  if (!content_type.empty()) head.fields.set("Content-Type", content_type);
  if (auto begun = to.begin(std::move(head)); !begun) return begun;
  if (to.head().method != "HEAD")
    if (auto sent = to.write(as_bytes(body)); !sent) return sent;
  return to.finish();
}

}  // namespace cairn::http
