#pragma once

#include <cairn/core/config.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::http {

/// The octets behind %xx; with `plus`, a plus sign is a blank, as in a query. Nothing where a % is not followed by two hexadecimal digits.
CAIRN_DECL auto percent_decoded(std::string_view text, bool plus = false) -> std::optional<std::string>;
/// Everything but letters, digits and "-._~" as %XX: fit for a segment of a path, a key or value of a query, a file name of multipart.
CAIRN_DECL auto percent_encoded(std::string_view text) -> std::string;
/// The pairs of a query "a=1&b=2&a=3", decoded, in order. Nothing where one cannot be decoded.
CAIRN_DECL auto parse_query(std::string_view query) -> std::optional<std::vector<std::pair<std::string, std::string>>>;

}  // namespace cairn::http

#if CAIRN_HEADER_ONLY
#  include <cairn/asio/http/impl/url.ipp>
#endif
