#pragma once

#include <cairn/asio/http/exchange.hpp>
#include <cairn/core/config.hpp>
#include <cairn/service/core_api.hpp>

namespace cairn::service {

/// Answer a request whose path is /routing/v1 or below it, from what the node itself knows:
///
///   GET /routing/v1/providers/{cid}   who has it: nobody, while the node has no address that others can reach
///   GET /routing/v1/peers/{peer id}   where a peer is: nowhere, likewise
///   GET /routing/v1/ipns/{name}       the best valid record of the repo
///   PUT /routing/v1/ipns/{name}       keep a record, where it is valid for the name
///
/// What is not known is 200 and an empty answer, not 404 (IPIP-513).
///
/// always    fields of every response: those of CORS
/// errors    those of the exchange
/// spec      HTTP Delegated Routing V1   tests  conformance area routing-http
CAIRN_DECL auto serve_routing_v1(core_api& api, http::exchange& with, http::headers const& always = {}) -> io_result<void>;

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/routing_v1.ipp>
#endif
