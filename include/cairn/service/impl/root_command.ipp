#pragma once

#include <cairn/service/command.hpp>
#include <cairn/service/impl/commands_text.ipp>
#include <cairn/service/impl/commands_tool.ipp>

namespace cairn::service {
namespace detail {

inline constexpr option root_options[]{
    {"repo-dir", option_type::text, "The folder of the repo; otherwise $IPFS_PATH, otherwise ~/.ipfs."},
    {"config-file", option_type::text, "The configuration file to use in place of the repo's."},
    {"config c", option_type::text, "[DEPRECATED] The configuration file to use."},
    {"debug D", option_type::boolean, "Tell more about what happens."},
    {"help", option_type::boolean, "Show the whole help of a command."},
    {"h", option_type::boolean, "Show a short help of a command."},
    {"local L", option_type::boolean, "DEPRECATED: use --offline."},
    {"offline", option_type::boolean, "Use nothing but what is in the repo."},
    {"api", option_type::text, "Send the command to the node with this API address."},
    {"api-auth", option_type::text, "The secret for that API, as in its API.Authorizations."},
    {"cid-base", option_type::text, "The multibase of CIDs in answers. A base other than base58btc turns CIDv0 into CIDv1."},
    {"upgrade-cidv0-in-output", option_type::boolean, "[DEPRECATED] Write CIDv0 as CIDv1."},
    {"encoding enc", option_type::text, "The form of the answer: text or json. Default: text"},
    {"stream-channels", option_type::boolean, "Send answers as they come."},
    {"timeout", option_type::text, "Give up after this time, as 10s or 1m30s."},
};

inline constexpr command root_children[]{
    {.name = "cid", .summary = "Convert CIDs and look into them", .children = cid_commands, .place = command_place::no_repo},
    {.name = "commands", .summary = "List all commands.", .about = "Prints every command with its path, one a line.",
     .examples = "> ipfs commands --flags", .options = commands_options, .children = commands_children, .run = run_commands, .place = command_place::no_repo},
    {.name = "multibase", .summary = "Encode and decode multibase text", .children = multibase_commands, .place = command_place::no_repo},
    {.name = "version", .summary = "Show the version.", .about = "Prints the version of Kubo whose commands, API and repo this program speaks; --commit adds its own.",
     .examples = "> ipfs version\nipfs version 0.43.1", .options = version_options, .run = run_version, .place = command_place::no_repo},
};

inline constexpr command the_root{
    .name = "ipfs",
    .summary = "Content-addressed files, blocks and data.",
    .about = R"(Works on a repo of this machine: its folder is --repo-dir, or $IPFS_PATH, or ~/.ipfs.

EXIT STATUS

  0    it worked
  1    it failed
  130  it was interrupted)",
    .examples = "> ipfs init\n> ipfs add -r a-folder\n> ipfs cat /ipfs/<cid>/a-file",
    .options = root_options,
    .children = root_children,
};

}  // namespace detail

CAIRN_DECL auto root_command() -> command const& { return detail::the_root; }

}  // namespace cairn::service
