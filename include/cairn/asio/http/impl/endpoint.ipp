#pragma once

#include <cairn/asio/http/endpoint.hpp>
#include <cairn/core/text.hpp>

#include <charconv>
#include <span>
#include <vector>

namespace cairn::http {
namespace detail {

inline auto parse_port(std::string_view text) -> std::optional<std::uint16_t> {
  auto port = std::uint16_t{0};
  auto const end = text.data() + text.size();
  auto const r = std::from_chars(text.data(), end, port);
  if (text.empty() || r.ec != std::errc{} || r.ptr != end) return std::nullopt;
  return port;
}

}  // namespace detail

CAIRN_DECL auto endpoint::parse(std::string_view text) -> io_result<endpoint> {
  auto const bad = [&](std::string_view why) { return std::unexpected(error::message("http", "invalid API address " + std::string{text} + ": " + std::string{why})); };
  if (text.starts_with("/unix/")) {
    auto path = text.substr(5);
    if (path.size() < 2) return bad("a Unix socket needs a path");
    return endpoint{{}, 0, std::string{path}};
  }
  if (text.starts_with('/')) {
    auto parts = std::vector<std::string_view>{};
    for (auto rest = text.substr(1); !rest.empty();) {
      auto const slash = rest.find('/');
      parts.push_back(rest.substr(0, slash));
      rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    }
    if (parts.size() < 4 || parts[2] != "tcp" || (parts[0] != "ip4" && parts[0] != "ip6" && parts[0] != "dns" && parts[0] != "dns4" && parts[0] != "dns6"))
      return bad("expected /ip4/ADDRESS/tcp/PORT or /unix/PATH");
    auto const port = detail::parse_port(parts[3]);
    if (!port) return bad("the port is no number below 65536");
    auto const over = std::span{parts}.subspan(4);
    auto const tls = (over.size() == 1 && over[0] == "https") || (over.size() == 2 && over[0] == "tls" && over[1] == "http");
    if (!tls && !over.empty() && (over.size() > 1 || over[0] != "http")) return bad("only HTTP over TCP is spoken here");
    return endpoint{std::string{parts[1]}, *port, {}, tls};
  }
  auto rest = text;
  auto const tls = rest.starts_with("https://"), url = tls || rest.starts_with("http://");
  if (url) rest.remove_prefix(rest.find("://") + 3);
  rest = rest.substr(0, rest.find('/'));
  auto host = rest, port = std::string_view{};
  if (rest.starts_with('[')) {
    auto const end = rest.find(']');
    if (end == std::string_view::npos) return bad("a bracket is open");
    host = rest.substr(1, end - 1);
    port = rest.substr(end + 1);
    if (port.starts_with(':')) port.remove_prefix(1);
    else if (!port.empty()) return bad("expected a colon and the port");
  } else if (auto const colon = rest.rfind(':'); colon != std::string_view::npos) {
    host = rest.substr(0, colon);
    port = rest.substr(colon + 1);
  }
  if (host.empty()) return bad("the host is missing");
  if (port.empty() && url) return endpoint{std::string{host}, static_cast<std::uint16_t>(tls ? 443 : 80), {}, tls};
  auto const number = detail::parse_port(port);
  if (!number) return bad("the port is no number below 65536");
  return endpoint{std::string{host}, *number, {}, tls};
}

CAIRN_DECL auto endpoint::to_multiaddr() const -> std::string {
  if (!unix_path.empty()) return "/unix" + unix_path;
  auto const v6 = host.find(':') != std::string::npos;
  auto const digits = host.find_first_not_of("0123456789.") == std::string::npos;
  return (v6 ? "/ip6/" : digits ? "/ip4/" : "/dns/") + host + "/tcp/" + std::to_string(port) + (tls ? "/https" : "");
}

CAIRN_DECL auto endpoint::to_authority() const -> std::string {
  if (!unix_path.empty()) return "localhost";
  auto const v6 = host.find(':') != std::string::npos;
  auto const name = v6 ? "[" + host + "]" : host;
  return tls && port == 443 ? name : name + ":" + std::to_string(port);
}

CAIRN_DECL auto endpoint::is_loopback() const -> bool {
  return !unix_path.empty() || host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace cairn::http
