#pragma once

#include <cairn/service/root_command.hpp>
#include <cairn/service/impl/commands_add.ipp>
#include <cairn/service/impl/commands_block.ipp>
#include <cairn/service/impl/commands_config.ipp>
#include <cairn/service/impl/commands_daemon.ipp>
#include <cairn/service/impl/commands_dag.ipp>
#include <cairn/service/impl/commands_files.ipp>
#include <cairn/service/impl/commands_filestore.ipp>
#include <cairn/service/impl/commands_get.ipp>
#include <cairn/service/impl/commands_key.ipp>
#include <cairn/service/impl/commands_name.ipp>
#include <cairn/service/impl/commands_log.ipp>
#include <cairn/service/impl/commands_network.ipp>
#include <cairn/service/impl/commands_node.ipp>
#include <cairn/service/impl/commands_object.ipp>
#include <cairn/service/impl/commands_pin.ipp>
#include <cairn/service/impl/commands_read.ipp>
#include <cairn/service/impl/commands_repo.ipp>
#include <cairn/service/impl/commands_swarm.hpp>
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
    {.name = "add", .summary = "Add files and directories.",
     .about = R"(Stores files, pins them, and prints their CIDs. The same content with the same options always has the same CID; the
section Import of the config has the defaults of those options.

Symbolic links are stored as links, unless --dereference-symlinks is given.)",
     .examples = "> ipfs add photo.jpg\n> ipfs add -r --cid-version 1 photos\n> echo hello | ipfs add -Q\n> ipfs add -w --stdin-name notes.txt < notes.txt\n> ipfs add --chunker=rabin-512-1024-2048 photo.jpg",
     .arguments = add_arguments, .options = add_options, .run = run_add},
    {.name = "bitswap", .summary = "Look at the exchange of blocks.", .children = bitswap_commands},
    {.name = "block", .summary = "Read and write single blocks.", .children = block_commands},
    {.name = "bootstrap", .summary = "Look after the peers to begin with.", .about = "Prints those of the config.", .examples = "> ipfs bootstrap", .children = bootstrap_commands, .run = run_bootstrap_list},
    {.name = "cat", .summary = "Print files.", .about = "Writes the content of files to standard output, one after the other.",
     .examples = "> ipfs cat /ipfs/<cid>/readme.txt", .arguments = path_list, .options = cat_options, .run = run_cat},
    {.name = "cid", .summary = "Convert CIDs and look into them", .children = cid_commands, .place = command_place::no_repo},
    {.name = "commands", .summary = "List all commands.", .about = "Prints every command with its path, one a line.",
     .examples = "> ipfs commands --flags", .options = commands_options, .children = commands_children, .run = run_commands, .place = command_place::caller},
    {.name = "config", .summary = "Read and change the config.", .about = "Prints the value of a key, or sets it.",
     .examples = "> ipfs config Datastore.StorageMax\n> ipfs config Datastore.StorageMax 20GB\n> ipfs config --json Swarm.ConnMgr.LowWater 20",
     .arguments = config_arguments, .options = config_options, .children = config_commands, .run = run_config},
    {.name = "daemon", .summary = "Run the node.",
     .about = R"(Serves the API and the gateway until Ctrl-C, SIGTERM or 'ipfs shutdown'. The commands of this machine then go to the node.
Where to listen is said by Addresses.API and Addresses.Gateway in the config; an API that others reach needs API.Authorizations.)",
     .examples = "> ipfs daemon --init\n> ipfs daemon --enable-gc", .options = daemon_options_list, .run = run_daemon, .place = command_place::here_only},
    {.name = "dag", .summary = "Work with nodes and DAGs.", .children = dag_commands},
    {.name = "dht", .summary = "Deprecated: use 'ipfs routing'.", .children = dht_commands, .status = command_status::deprecated},
    {.name = "diag", .summary = "Look into the node.", .children = diag_commands},
    {.name = "files", .summary = "Work with the mutable files of the node.",
     .about = R"(The node has a tree of files and directories that can be changed, as a file system; each change gives its root another CID,
which 'ipfs files stat /' prints. What is in the tree is kept by 'ipfs repo gc', whether it is pinned or not.

With --flush=false a change stays in memory until 'ipfs files flush'. After Internal.MFSNoFlushLimit of them (256), more are refused.)",
     .examples = "> ipfs files mkdir -p /photos/2026\n> ipfs files cp /ipfs/<cid> /photos/2026/\n> ipfs files ls -l /photos", .options = files_options, .children = files_commands},
    {.name = "filestore", .summary = "Look after blocks that lie in files.",
     .about = "With Experimental.FilestoreEnabled, `add --nocopy` leaves the content where it is: the repo keeps which part of which file each block is.\nThe files must lie below the folder of the repo's folder, and stay as they are.",
     .examples = "> ipfs config --json Experimental.FilestoreEnabled true\n> ipfs add --nocopy -r photos\n> ipfs filestore verify", .children = filestore_commands},
    {.name = "get", .summary = "Write files and directories to this machine.",
     .about = R"(Writes what a path names to a file or folder of this machine, or to an archive. Files appear when they are whole. Names that lead out
of the target are refused, and no symbolic link below it is followed.)",
     .examples = "> ipfs get -o photos <cid>\n> ipfs get --archive --compress <cid>", .arguments = get_argument, .options = get_options, .run = run_get},
    {.name = "id", .summary = "Show who this node is.", .about = "Prints the peer ID, the public key, the addresses and the protocols of this node, or of a peer.",
     .examples = "> ipfs id -f '<id>\\n'\n> ipfs id --peerid-base base36", .arguments = peer_argument, .options = id_options, .run = run_id},
    {.name = "init", .summary = "Make a repo.",
     .about = R"(Makes a repo with a new identity in --repo-dir, $IPFS_PATH or ~/.ipfs. With --profile=flatfs, Kubo can open it too.)",
     .examples = "> ipfs init\n> IPFS_PATH=/tmp/repo ipfs init --profile=flatfs,test", .arguments = init_arguments, .options = init_options, .run = run_init,
     .place = command_place::alone},
    {.name = "key", .summary = "Look after the keys of names", .children = key_commands},
    {.name = "log", .summary = "Listen to the running node.", .children = log_commands},
    {.name = "ls", .summary = "List directories.", .about = "Prints the entries of directories: CID, size, name. Of a file in several blocks it prints the blocks.",
     .examples = "> ipfs ls --long <cid>/photos", .arguments = path_list, .options = ls_option_list, .run = run_ls},
    {.name = "multibase", .summary = "Encode and decode multibase text", .children = multibase_commands, .place = command_place::no_repo},
    {.name = "name", .summary = "Publish names and resolve them.",
     .about = "A name is the hash of a public key; whoever has the private key says what it leads to, and may say so again.",
     .examples = "> ipfs name publish --allow-offline /ipfs/<cid>\n> ipfs name resolve", .children = name_commands},
    {.name = "mount", .summary = "Mount IPFS in the file system.", .about = "Needs a network.", .examples = "> ipfs mount", .options = mount_options, .run = run_online_only,
     .status = command_status::experimental},
    {.name = "object", .summary = "Deprecated: use 'ipfs dag' or 'ipfs files'.", .children = object_commands, .status = command_status::deprecated},
    {.name = "p2p", .summary = "Streams between nodes.", .children = p2p_commands, .status = command_status::experimental},
    {.name = "pin", .summary = "Keep content in the repo.", .children = pin_commands},
    {.name = "ping", .summary = "Ask peers whether they answer.", .about = "Sends echo requests and prints how long the answers took.", .examples = "> ipfs ping -n 3 <peer>", .arguments = ping_argument, .options = ping_options,
     .run = run_ping},
    {.name = "provide", .summary = "Announce content.", .children = provide_commands, .status = command_status::experimental},
    {.name = "pubsub", .summary = "Messages by topics.", .children = pubsub_commands, .status = command_status::experimental},
    {.name = "refs", .summary = "List links.", .about = "Prints the links of blocks, or of all blocks below them.",
     .examples = "> ipfs refs -r --unique <cid>\n> ipfs refs -r --edges <cid>", .arguments = path_list, .options = refs_option_list, .children = refs_commands, .run = run_refs},
    {.name = "repo", .summary = "Look after the repo.", .children = repo_commands},
    {.name = "resolve", .summary = "Print where a path ends.", .about = "Resolves names and links on the way, and prints the path of what was found.",
     .examples = "> ipfs resolve /ipfs/<cid>/a/b", .arguments = name_argument, .options = resolve_options, .run = run_resolve},
    {.name = "routing", .summary = "Read and write records of the routing system.", .children = routing_commands},
    {.name = "shutdown", .summary = "Stop the running node.", .about = "The node answers what it has begun and ends.", .examples = "> ipfs shutdown", .run = run_shutdown},
    {.name = "stats", .summary = "Show figures of the node.", .children = stats_commands},
    {.name = "swarm", .summary = "Look after connections.", .children = swarm_commands},
    {.name = "update", .summary = "Where newer versions come from.", .children = update_commands, .status = command_status::experimental, .place = command_place::here_only},
    {.name = "version", .summary = "Show the version.", .about = "Prints the version of Kubo whose commands, API and repo this program speaks; --commit adds its own.",
     .examples = "> ipfs version\nipfs version 0.43.1", .options = version_options, .children = version_commands, .run = run_version, .place = command_place::caller},
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
