#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/request.hpp>

#include <span>
#include <string>
#include <string_view>

namespace cairn::service::cli {

/// The option that goes by this name, of the commands on the way or of all commands; null: nobody knows it.
CAIRN_DECL auto find_option(command const& root, std::span<command const* const> path, std::string_view wanted) -> option const*;

/// The value of an option from its text, by Go's rules. errors: Kubo's sentences
CAIRN_DECL auto parse_value(option const& o, std::string_view text) -> io_result<option_value>;

/// Read a command line into `into`: the command, its options, its arguments. On an error the part that was understood stays
/// in `into` (with `which` null where the command itself is unknown), so that the caller can print that command's help.
///
/// rules     --name=v, --name v, -n v, -nv, -abc for booleans, --name=false, `--` ends the options; options may stand anywhere
/// errors    Kubo's sentences
CAIRN_DECL auto parse(std::span<char const* const> words, command const& root, request& into) -> io_result<void>;

/// Fill what the line leaves open: which arguments are files, which come from standard input (null: there is none).
CAIRN_DECL auto bind_arguments(request& into) -> io_result<void>;

}  // namespace cairn::service::cli

#if CAIRN_HEADER_ONLY
#  include <cairn/service/cli/impl/parse.ipp>
#endif
