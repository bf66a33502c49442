#pragma once
// What the core API and the handlers of names share.

#include <cairn/core/utc_time.hpp>
#include <cairn/naming/ipns_name.hpp>
#include <cairn/service/kubo_text.hpp>

#include <chrono>

namespace cairn::service::detail {

inline auto time_now() -> utc_time {
  auto const since = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  return utc_time{}.plus(since);
}

/// A name in any of its texts. errors: Kubo's sentence
inline auto name_of(std::string_view text) -> io_result<peer_id> {
  auto const name = parse_ipns_name(text);
  if (name) return *name;
  if (text.starts_with("/ipns/")) text.remove_prefix(6);
  auto const why = read_cid_text(text);
  return std::unexpected(error::message("name", "failed to parse peer ID: " + (why ? std::string{describe(name.error())} : to_string(why.error()))));
}

}  // namespace cairn::service::detail
