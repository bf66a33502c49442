#pragma once

#include <cairn/naming/name_resolution.hpp>

#include <map>
#include <string>

namespace cairn {

/// Fixed names, as Kubo's environment variable IPFS_NS_MAP has them: "example.com:/ipfs/...,k51...:/ipns/...".
using name_map = std::map<std::string, content_path, std::less<>>;

/// errors    bad_map · those of parse_path
CAIRN_DECL auto parse_name_map(std::string_view text) -> io_result<name_map>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/naming/impl/name_map.ipp>
#endif
