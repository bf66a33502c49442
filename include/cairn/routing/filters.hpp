#pragma once

#include <cairn/core/config.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a client of /routing/v1 wants to hear of (IPIP-484).
namespace cairn {

/// "tcp,!ws" as its names; commas are the only separator, nothing else of it is looked at.
CAIRN_DECL auto parse_filter(std::string_view text) -> std::vector<std::string>;

/// Addresses that have one of the named protocols and none of those with "!" before them; without a positive name, all that have
/// none of the others. No filter keeps everything.
///
/// spec      IPIP-484   tests  conformance area routing-http
CAIRN_DECL auto filter_addresses(std::span<std::string const> addresses, std::span<std::string const> filter) -> std::vector<std::string>;

/// The URL of a request with filters; commas stay as they are (boxo#688).
CAIRN_DECL auto with_filters(std::string_view url, std::span<std::string const> protocols, std::span<std::string const> addresses) -> std::string;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/routing/impl/filters.ipp>
#endif
