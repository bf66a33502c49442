#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>

#include <string>
#include <vector>

namespace cairn::service {

class output;

/// How a node runs, beyond its config.
struct daemon_options {
  std::string repo_path;
  bool gc = false;                 ///< collect when StorageMax is near
  bool offline = false;            ///< nobody is asked, nothing is told to others: `name publish` wants --allow-offline
  bool unrestricted_api = false;   ///< /ipfs and /ipns on the API's listener too
};

/// Run the node of a repo until SIGINT, SIGTERM or `shutdown`: the API, the gateway, what goes on in the background. Tells on `out`
/// what Kubo tells, at the end "Daemon is ready".
///
/// errors    the repo is locked · an address is in use · an API that others reach and nobody guards
CAIRN_DECL auto run_node(output& out, daemon_options const& options) -> io_result<void>;

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/daemon.ipp>
#endif
