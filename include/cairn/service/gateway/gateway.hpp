#pragma once

#include <cairn/asio/http/exchange.hpp>
#include <cairn/core/config.hpp>
#include <cairn/service/gateway/options.hpp>

#include <atomic>

namespace cairn::service {
class core_api;
}

namespace cairn::service::gateway {

/// The HTTP gateway of a node: paths, subdomains, DNSLink hosts; deserialized and trustless responses, as Kubo gives them.
///
/// threads   `serve` may be called by any number of threads at once
/// spec      specs.ipfs.tech http-gateways: path, subdomain, trustless, dnslink, web-redirects-file
class site {
public:
  site(core_api& node, options settings) : node_{node}, settings_{std::move(settings)} {}

  /// Answer one request; whatever happens, the exchange is finished or aborted.
  CAIRN_DECL void serve(http::exchange& with);

private:
  core_api& node_;
  options settings_;
  std::atomic<std::uint64_t> running_ = 0;
};

}  // namespace cairn::service::gateway

#if CAIRN_HEADER_ONLY
#  include <cairn/service/gateway/impl/gateway.ipp>
#endif
