#pragma once

#include <cairn/asio/http/client.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_json.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace cairn::service::detail {

struct json_answer {
  unsigned status = 0;
  std::optional<ipld::node> body{};  ///< nothing: what came is not JSON
};

/// Ask an HTTP server that is not trusted: its answer is bounded in octets and time, and no redirection is followed.
///
/// what      its method, target and fields; `Accept` is set here
/// body      JSON, or empty
/// errors    those of http::perform · the answer is too long
inline auto ask_json(http::endpoint const& server, http::request what, std::string const& body, std::function<bool()> const& stop,
                     std::size_t most = limits::MiB, std::chrono::seconds time = std::chrono::seconds{30}) -> io_result<json_answer> {
  auto out = json_answer{};
  auto text = bytes{};
  auto const until = std::chrono::steady_clock::now() + time;
  auto call = http::call{.head = std::move(what)};
  call.head.fields.set("Accept", "application/json");
  auto sent = std::size_t{0};
  if (!body.empty()) {
    call.head.fields.set("Content-Type", "application/json");
    call.head.fields.set("Content-Length", std::to_string(body.size()));
    call.body = [&](bytes_span into) -> io_result<std::size_t> {
      auto const n = std::min(into.size(), body.size() - sent);
      std::copy_n(as_bytes(body).data() + sent, n, into.data());
      sent += n;
      return n;
    };
  }
  call.began = [&](http::response const& head) -> io_result<void> {
    out.status = head.status;
    return {};
  };
  call.more = [&](bytes_view in) -> io_result<void> {
    if (text.size() + in.size() > most) return std::unexpected(error::message("http", "the answer is too long"));
    append(text, in);
    return {};
  };
  call.cancelled = [&] { return std::chrono::steady_clock::now() > until || (stop && stop()); };
  CAIRN_TRY(http::perform(server, call));
  if (auto parsed = plain_json::decode(text)) out.body = *std::move(parsed);
  return out;
}

}  // namespace cairn::service::detail
