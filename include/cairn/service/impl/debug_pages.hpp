#pragma once
// /debug at the API's address: what those who watch a node read there, as far as this program has it.

#include <cairn/asio/http/exchange.hpp>
#include <cairn/service/impl/node_profile.hpp>
#include <cairn/service/rpc/rules.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cairn::service::detail {

/// Answers, or leaves the path to others. Pages that ask with another origin, or without the secret, get nothing.
inline auto serve_debug(http::exchange& with, rpc::access_rules const& rules) -> bool {
  constexpr auto plain = std::string_view{"text/plain; charset=utf-8"};
  auto path = with.head().path();
  auto const say = [&](unsigned status, std::string_view type, std::string text) {
    auto more = http::headers{};
    more.add("Cache-Control", "no-store");
    more.add("X-Content-Type-Options", "nosniff");
    static_cast<void>(http::respond(with, status, type, std::move(text), std::move(more)));
    return true;
  };
  auto const known = path == "/debug/vars" || path == "/debug/stack" || path.starts_with("/debug/pprof");
  if (!known) return false;
  if (!rules.allows_page(with.head()) || !rules.allows_secret(with.head())) return say(403, plain, "403 - Forbidden\n");
  if (path == "/debug/vars") return say(200, "application/json; charset=utf-8", variables_json());
  if (path == "/debug/stack") return say(200, plain, threads_text());
  if (!path.starts_with("/debug/pprof/")) return false;
  path.remove_prefix(std::string_view{"/debug/pprof/"}.size());
  if (path == "cmdline") {
    auto text = std::string{};
    for (auto const& word : command_words()) (text += text.empty() ? "" : std::string(1, '\0')) += word;
    return say(200, plain, std::move(text));
  }
  if (path == "goroutine" || path == "threadcreate") return say(200, plain, threads_text());
  if (path == "heap" || path == "allocs") return say(200, plain, memory_text());
  if (path.empty())
    return say(200, "text/html; charset=utf-8",
               "<!doctype html><title>/debug/pprof/</title><h1>/debug/pprof/</h1><ul><li><a href=cmdline>cmdline</a> how the node was started"
               "<li><a href=goroutine>goroutine</a> its threads<li><a href=heap>heap</a> its memory</ul>"
               "<p>Plain text. The profiles of Go's runtime do not exist here; use perf or gdb on the process, or <code>ipfs diag profile</code>.\n");
  if (path == "profile" || path == "trace" || path == "block" || path == "mutex" || path == "symbol")
    return say(501, plain, "this program has no Go runtime that samples itself; use perf on the process, or `ipfs diag profile`\n");
  return false;
}

}  // namespace cairn::service::detail
