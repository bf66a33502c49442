#pragma once

#include <cairn/asio/http/endpoint.hpp>
#include <cairn/asio/http/exchange.hpp>
#include <cairn/core/config.hpp>
#include <cairn/ipld/node.hpp>

#include <string>
#include <utility>
#include <vector>

namespace cairn::service::rpc {

/// Who may call the API: what the config's API section says, and what holds without it.
struct access_rules {
  struct secret {
    std::string header;              ///< the whole value of the field Authorization
    std::vector<std::string> paths;  ///< "/api/v0/add": what begins with one of them is allowed
  };

  std::vector<std::string> origins;                             ///< that pages may have; "*": every one
  std::vector<std::string> methods{"POST"};
  std::vector<std::string> asked_fields;                        ///< further fields that pages may send
  bool credentials = false;
  std::vector<std::pair<std::string, std::string>> fields;      ///< further fields of each answer
  std::vector<secret> secrets;                                  ///< none: no authorization is asked for
  bool guarded = false;                                         ///< API.Authorizations is there, so a secret is asked for

  /// From a config, for the addresses that the API listens on.
  CAIRN_DECL static auto of(ipld::node const& config, std::vector<http::endpoint> const& listeners) -> access_rules;

  CAIRN_DECL auto allows_origin(std::string_view origin) const -> bool;
  /// The field Host names this machine as it is: an address, or "localhost". A page whose name was pointed at this machine (DNS
  /// rebinding) sends its own name.
  CAIRN_DECL auto allows_host(http::request const& head) const -> bool;
  /// Origin, Referer, and a browser that sends neither.
  CAIRN_DECL auto allows_page(http::request const& head) const -> bool;
  CAIRN_DECL auto allows_secret(http::request const& head) const -> bool;
};

/// The field Authorization for a secret as the config and --api-auth write it: "bearer:token", "basic:user:password", "token".
CAIRN_DECL auto authorization_header(std::string_view secret) -> std::string;

}  // namespace cairn::service::rpc

#if CAIRN_HEADER_ONLY
#  include <cairn/service/rpc/impl/rules.ipp>
#endif
