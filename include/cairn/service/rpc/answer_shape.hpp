#pragma once

#include <cstdint>
#include <string_view>

namespace cairn::service::rpc {

/// What Kubo's API says in the head of an answer before it comes.
struct answer_shape {
  enum class kind : std::uint8_t { one, many, octets } type = kind::one;  ///< one value · values as they come (X-Chunked-Output) · octets (X-Stream-Output)
  std::string_view media_type{};                                          ///< of octets
};

struct answer_row {
  std::string_view path;  ///< "pin/ls"
  answer_shape shape;
};

namespace detail {
inline constexpr auto many = answer_shape{answer_shape::kind::many, {}};
constexpr auto octets(std::string_view type) -> answer_shape { return {answer_shape::kind::octets, type}; }
}  // namespace detail

/// Every command whose answer is not one value.
inline constexpr answer_row answer_rows[]{
    {"add", detail::many},
    {"block/get", detail::octets("application/vnd.ipld.raw")},
    {"block/put", detail::many},
    {"block/rm", detail::many},
    {"cat", detail::octets("text/plain")},
    {"cid/base32", detail::many},
    {"cid/format", detail::many},
    {"dag/export", detail::octets("application/vnd.ipld.car")},
    {"dag/get", detail::octets("text/plain")},
    {"dag/import", detail::many},
    {"dag/put", detail::many},
    {"dag/stat", detail::many},
    {"diag/profile", detail::octets("application/zip")},
    {"files/read", detail::octets("text/plain")},
    {"files/rm", detail::many},
    {"filestore/dups", detail::many},
    {"filestore/ls", detail::many},
    {"filestore/verify", detail::many},
    {"get", detail::octets("application/x-tar")},
    {"log/tail", detail::octets("text/plain")},
    {"multibase/decode", detail::octets("text/plain")},
    {"multibase/encode", detail::octets("text/plain")},
    {"multibase/transcode", detail::octets("text/plain")},
    {"name/get", detail::octets("application/vnd.ipfs.ipns-record")},
    {"name/resolve", detail::many},
    {"pin/verify", detail::many},
    {"ping", detail::many},
    {"provide/clear", detail::many},
    {"provide/once", detail::many},
    {"refs", detail::many},
    {"refs/local", detail::many},
    {"repo/gc", detail::many},
    {"repo/ls", detail::many},
    {"repo/verify", detail::many},
    {"stats/bw", detail::many},
    {"swarm/peering/add", detail::many},
    {"swarm/peering/rm", detail::many},
    {"version/deps", detail::many},
};

constexpr auto shape_of(std::string_view path) -> answer_shape {
  for (auto const& row : answer_rows)
    if (row.path == path) return row.shape;
  return {};
}

}  // namespace cairn::service::rpc
