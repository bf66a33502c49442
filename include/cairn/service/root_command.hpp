#pragma once

#include <cairn/core/config.hpp>
#include <cairn/service/command.hpp>

namespace cairn::service {

/// The whole tree of commands; its options are the global ones.
CAIRN_DECL auto root_command() -> command const&;

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/root_command.ipp>
#endif
