#pragma once

#include <cairn/core/config.hpp>
#include <cairn/ipld/node.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::service::gateway {

/// A host name that this gateway answers to in a way of its own: Gateway.PublicGateways.
struct public_host {
  std::vector<std::string> paths{"/ipfs", "/ipns"};
  bool use_subdomains = false;
  bool no_dnslink = false;
  bool inline_dnslink = false;
  std::optional<bool> deserialized{};
};

/// The config's section Gateway.
struct options {
  bool deserialized = true;
  bool no_dnslink = false;
  bool allow_codec_conversion = false;
  bool expose_routing_api = true;
  bool html_errors = true;
  bool no_fetch = false;                         ///< what is not in the repo is not there
  std::uint64_t max_range_file = 5'000'000'000;  ///< ranges of larger files are refused; 0: of none
  std::uint64_t max_concurrent = 4096;           ///< requests answered at once; 0: no bound
  std::int64_t max_duration = 3600;              ///< seconds that an answer may take; 0: no bound
  std::int64_t retrieval_timeout = 30'000'000'000;  ///< nanoseconds that one block may take to come; 0: no bound
  std::string root_redirect{};
  std::vector<std::pair<std::string, std::vector<std::string>>> headers{};  ///< for every response
  std::map<std::string, public_host, std::less<>> hosts{};                   ///< by name in lower case, "localhost" among them

  /// Kubo's defaults where the config is silent; null removes a host.
  CAIRN_DECL static auto of(ipld::node const& config) -> options;

  /// The entry that fits a host of a request: exact, without its port, or by a wildcard label ("*.example.org").
  CAIRN_DECL auto find_host(std::string_view host) const -> public_host const*;
};

}  // namespace cairn::service::gateway

#if CAIRN_HEADER_ONLY
#  include <cairn/service/gateway/impl/options.ipp>
#endif
