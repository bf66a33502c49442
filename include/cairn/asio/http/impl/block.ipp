#pragma once

#include <cairn/asio/http/block.hpp>
#include <cairn/core/try.hpp>

namespace cairn::http {

CAIRN_DECL auto get_block(endpoint const& from, cid const& wanted, block_bounds const& bounds, std::function<bool()> const& cancelled) -> io_result<block> {
  auto answer = trustless_answer{wanted, bounds.size};
  auto const until = std::chrono::steady_clock::now() + bounds.time;
  auto late = false;
  auto what = call{};
  what.head.method = "GET";
  what.head.target = trustless_answer::target(wanted);
  what.head.fields.add("Accept", "application/vnd.ipld.raw");
  what.head.fields.add("Accept-Encoding", "identity");
  what.began = [&](response const& head) -> io_result<void> {
    auto const& f = head.fields;
    auto const ok = answer.begin({head.status, f.find("Content-Type"), f.find("Content-Encoding"), f.find("Content-Length")});
    if (!ok) return std::unexpected(error{ok.error()});
    return {};
  };
  what.more = [&](bytes_view in) -> io_result<void> {
    auto const ok = answer.more(in);
    if (!ok) return std::unexpected(error{ok.error()});
    return {};
  };
  what.cancelled = [&] { return (late = late || std::chrono::steady_clock::now() > until) || (cancelled && cancelled()); };
  auto const done = perform(from, what);
  if (late) return std::unexpected(error::message("http", "the gateway is too slow").about(from.to_authority()));
  if (!done) return std::unexpected(error{done.error()}.about(from.to_authority()));
  auto whole = answer.finish();
  if (!whole) return std::unexpected(error{whole.error()}.about(from.to_authority()));
  return whole;
}

}  // namespace cairn::http
