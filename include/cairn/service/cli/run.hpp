#pragma once

#include <cairn/core/config.hpp>

namespace cairn::service::cli {

/// The whole command line: read it, run the command, print. Returns the exit code: 0, 1 for every failure, 130 after Ctrl-C.
///
/// cost      nothing is opened, allocated or started that the command does not need
CAIRN_DECL auto run(int argc, char const* const* argv) -> int;

}  // namespace cairn::service::cli

#if CAIRN_HEADER_ONLY
#  include <cairn/service/cli/impl/run.ipp>
#endif
