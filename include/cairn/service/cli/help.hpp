#pragma once

#include <cairn/core/config.hpp>
#include <cairn/service/command.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace cairn::service::cli {

enum class help_form : unsigned char { brief, whole };

/// The help of the command at `path`, from its row of the table, in Kubo's layout: USAGE, SYNOPSIS, ARGUMENTS, OPTIONS,
/// DESCRIPTION, EXAMPLES, SUBCOMMANDS.
///
/// program   the name that the user called
/// columns   width of the terminal
CAIRN_DECL auto help_text(std::string_view program, command const& root, std::span<command const* const> path, help_form form,
                          std::size_t columns) -> std::string;

}  // namespace cairn::service::cli

#if CAIRN_HEADER_ONLY
#  include <cairn/service/cli/impl/help.ipp>
#endif
