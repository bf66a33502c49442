#pragma once

#include <cairn/asio/http/exchange.hpp>
#include <cairn/core/config.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The node's page: plain files built into the program, served at /webui of the API's listener only. What a gateway serves
/// under its root shares no origin with it, so no content can drive the node.
namespace cairn::service::webui {

/// What the page shows of the node beyond its API: rows of a name and its values, as a JSON object.
using manifest = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// Answer a request whose path is /webui or below it. GET and HEAD; the files never change while the program runs, so they
/// carry an ETag. A policy (Content-Security-Policy) lets the page load nothing but itself and speak to nothing but its origin.
///
/// errors    those of the exchange
CAIRN_DECL auto serve(http::exchange& with, manifest const& facts) -> io_result<void>;

/// What this build can do, with the addresses it listens on.
CAIRN_DECL auto manifest_of_build(std::string_view store, std::vector<std::string> listeners) -> manifest;

}  // namespace cairn::service::webui

#if CAIRN_HEADER_ONLY
#  include <cairn/service/webui/impl/webui.ipp>
#endif
