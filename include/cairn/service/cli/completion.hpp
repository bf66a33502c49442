#pragma once

#include <cairn/core/config.hpp>
#include <cairn/service/command.hpp>

#include <string>
#include <string_view>

namespace cairn::service::cli {

/// A script that completes the commands, their options and, where a file belongs, file names.
///
/// program   the name that is completed
CAIRN_DECL auto bash_completion(std::string_view program, command const& root) -> std::string;
CAIRN_DECL auto zsh_completion(std::string_view program, command const& root) -> std::string;
CAIRN_DECL auto fish_completion(std::string_view program, command const& root) -> std::string;

}  // namespace cairn::service::cli

#if CAIRN_HEADER_ONLY
#  include <cairn/service/cli/impl/completion.ipp>
#endif
