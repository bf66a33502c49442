#pragma once

#include <cairn/asio/http/endpoint.hpp>
#include <cairn/core/config.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <optional>

namespace cairn::service::cli {

/// The node that a command line is for: --api, else the file `api` of the repo; nothing where the command runs here.
///
/// errors    an address that is none
CAIRN_DECL auto node_of(request& in) -> io_result<std::optional<http::endpoint>>;

/// Let a node run the command: files of this machine go there as parts, its answer comes to `out`. Towards this program's own node the
/// answer is what the command would print here; towards another one, its text or JSON.
///
/// errors    the node's, and those of the way. `refused` is set where nobody listens there: then nothing was done
CAIRN_DECL auto run_remote(request& in, output& out, http::endpoint const& node, bool& refused) -> io_result<void>;

}  // namespace cairn::service::cli

#if CAIRN_HEADER_ONLY
#  include <cairn/service/cli/impl/remote.ipp>
#endif
