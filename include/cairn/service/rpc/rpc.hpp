#pragma once

#include <cairn/asio/http/exchange.hpp>
#include <cairn/core/config.hpp>
#include <cairn/service/running_node.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace cairn::service {
class core_api;
}

namespace cairn::service::rpc {

struct access_rules;

/// The requests that a node answers now, and the latest it has answered: `diag cmds`.
class request_log {
public:
  CAIRN_DECL auto begin(request_entry entry) -> std::uint64_t;
  CAIRN_DECL void end(std::uint64_t id, std::int64_t at);
  CAIRN_DECL auto list(std::int64_t now) -> std::vector<request_entry>;
  CAIRN_DECL void forget();
  CAIRN_DECL void keep(std::int64_t nanoseconds);

private:
  static constexpr std::size_t most = 256;  // ended ones

  std::mutex mutex_;
  std::vector<request_entry> entries_;
  std::uint64_t next_ = 0;
  std::int64_t kept_ = 3'600'000'000'000;
};

/// What /api/v0 is served from. All of it outlives the calls.
struct served_node {
  core_api& api;
  running_node& node;
  request_log& log;
  access_rules const& rules;
  std::string repo_path;
};

/// Answer a request below /api/v0: every command of the table that may run here, as Kubo's API answers it.
CAIRN_DECL void serve(http::exchange& with, served_node const& from);

/// Whether the request may come at all: its Host, and for what is not the API the page it comes from. What is refused is answered here.
CAIRN_DECL auto admits(http::exchange& with, access_rules const& rules) -> bool;

}  // namespace cairn::service::rpc

#if CAIRN_HEADER_ONLY
#  include <cairn/service/rpc/impl/rpc.ipp>
#endif
