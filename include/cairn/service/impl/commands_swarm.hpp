#pragma once
// Commands on the network: their tables, and the handlers, whose bodies are a unit of their own.

#include <cairn/service/command.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

namespace cairn::service::detail {

CAIRN_DECL auto run_swarm_peers(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_connect(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_disconnect(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_addrs(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_addrs_local(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_addrs_listen(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_addrs_autonat(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_filters(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_filters_add(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_filters_rm(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_peering_add(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_peering_ls(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_peering_rm(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_swarm_resources(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_ping(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_id(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_bitswap_stat(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_bitswap_wantlist(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_bitswap_ledger(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_without_routing(request& in, output& out) -> io_result<void>;
CAIRN_DECL auto run_stats_bw(request& in, output& out) -> io_result<void>;

inline constexpr argument address_list[]{{"address", argument_type::text, true, true, "Addresses of peers.", true}};
inline constexpr argument peer_list[]{{"peer ID", argument_type::text, true, true, "Peers.", true}};
inline constexpr argument one_peer[]{{"peer", argument_type::text, true, false, "The peer."}};
inline constexpr argument ping_argument[]{{"peer ID", argument_type::text, true, true, "The peers.", true}};
inline constexpr argument peer_argument[]{{"peerid", argument_type::text, false, false, "The peer to look up."}};
inline constexpr option ping_options[]{{"count n", option_type::int32, "How many pings are sent.", "10"}};
inline constexpr option id_options[]{
    {"format f", option_type::text, "How to print it, with <id>, <aver>, <pubkey>, <addrs>, <protocols>, \\n and \\t."},
    {"peerid-base", option_type::text, "How peer IDs are written: as a CID in a multibase, or b58mh for a base58btc multihash.", "b58mh"},
};
inline constexpr option swarm_peers_options[]{
    {"verbose v", option_type::boolean, "Show all of it."},
    {"streams", option_type::boolean, "Show the open streams too."},
    {"latency", option_type::boolean, "Show the latency too."},
    {"direction", option_type::boolean, "Show who dialled."},
    {"identify", option_type::boolean, "Show what peers say of themselves."},
};
inline constexpr option swarm_local_options[]{{"id", option_type::boolean, "With the peer ID."}};
inline constexpr option bitswap_stat_options[]{
    {"verbose v", option_type::boolean, "Show wants and partners too."},
    {"human", option_type::boolean, "Sizes for people."},
};
inline constexpr option bitswap_wantlist_options[]{{"peer p", option_type::text, "Of that peer; otherwise of this node."}};
inline constexpr option stats_bw_options[]{
    {"peer p", option_type::text, "Of one peer."},
    {"proto t", option_type::text, "Of one protocol."},
    {"poll", option_type::boolean, "Again and again."},
    {"interval i", option_type::text, "The time between two of them.", "1s"},
};

inline constexpr command bitswap_commands[]{
    {.name = "ledger", .summary = "Show what a peer and we exchanged.", .about = "Prints the octets that went both ways since the peer connected.", .examples = "> ipfs bitswap ledger <peer>",
     .arguments = one_peer, .run = run_bitswap_ledger},
    {.name = "reprovide", .summary = "Deprecated: use 'ipfs routing reprovide'.", .run = run_without_routing, .status = command_status::deprecated},
    {.name = "stat", .summary = "Show what bitswap did.", .about = "Prints blocks and octets of the exchange with all peers since the start.", .examples = "> ipfs bitswap stat -v",
     .options = bitswap_stat_options, .run = run_bitswap_stat},
    {.name = "wantlist", .summary = "Show the blocks that are wanted.", .about = "Prints what this node asks its peers for, or what a peer asks of it.", .examples = "> ipfs bitswap wantlist",
     .options = bitswap_wantlist_options, .run = run_bitswap_wantlist},
};
inline constexpr command swarm_addrs_commands[]{
    {.name = "autonat", .summary = "Show which addresses others reach.", .about = "Prints what is known of it.", .examples = "> ipfs swarm addrs autonat", .run = run_swarm_addrs_autonat},
    {.name = "listen", .summary = "Show where the node listens.", .about = "Prints the addresses of its listeners, on each interface.", .examples = "> ipfs swarm addrs listen", .run = run_swarm_addrs_listen},
    {.name = "local", .summary = "Show the node's own addresses.", .about = "Prints the addresses that peers are told.", .examples = "> ipfs swarm addrs local --id", .options = swarm_local_options,
     .run = run_swarm_addrs_local},
};
inline constexpr command swarm_filters_commands[]{
    {.name = "add", .summary = "Add a filter.", .about = "No address of that network is dialled or accepted any more. The config keeps it.",
     .examples = "> ipfs swarm filters add /ip4/192.168.0.0/ipcidr/16", .arguments = address_list, .run = run_swarm_filters_add},
    {.name = "rm", .summary = "Remove a filter.", .about = "Removes it, or all of them.", .examples = "> ipfs swarm filters rm all", .arguments = address_list, .run = run_swarm_filters_rm},
};
inline constexpr command swarm_peering_commands[]{
    {.name = "add", .summary = "Keep connections to peers.", .about = "Until the node ends; Peering.Peers in the config is for longer.", .examples = "> ipfs swarm peering add <address>",
     .arguments = address_list, .run = run_swarm_peering_add},
    {.name = "ls", .summary = "List those peers.", .about = "Prints each with its addresses.", .examples = "> ipfs swarm peering ls", .run = run_swarm_peering_ls},
    {.name = "rm", .summary = "Let go of peers.", .about = "Their connections stay for now.", .examples = "> ipfs swarm peering rm <peer>", .arguments = peer_list, .run = run_swarm_peering_rm},
};
inline constexpr command swarm_commands[]{
    {.name = "addrs", .summary = "Show the addresses of peers.", .about = "Prints the addresses that are known of connected peers, and the node's own.", .examples = "> ipfs swarm addrs",
     .children = swarm_addrs_commands, .run = run_swarm_addrs},
    {.name = "connect", .summary = "Connect to a peer.", .about = "Dials the peer, unless there is a connection.", .examples = "> ipfs swarm connect /ip4/192.0.2.1/tcp/4001/p2p/<peer>",
     .arguments = address_list, .run = run_swarm_connect},
    {.name = "disconnect", .summary = "End a connection.", .about = "Of that address, or all to that peer.", .examples = "> ipfs swarm disconnect /p2p/<peer>", .arguments = address_list,
     .run = run_swarm_disconnect},
    {.name = "filters", .summary = "Show which addresses are not dialled.", .about = "Prints the networks whose addresses are neither dialled nor accepted.", .examples = "> ipfs swarm filters",
     .children = swarm_filters_commands, .run = run_swarm_filters},
    {.name = "peering", .summary = "Look after peers that are kept.", .children = swarm_peering_commands},
    {.name = "peers", .summary = "List the connected peers.", .about = "Prints the address of each connection.", .examples = "> ipfs swarm peers -v", .options = swarm_peers_options, .run = run_swarm_peers},
    {.name = "resources", .summary = "Show the bounds of connections and streams.", .about = "Prints each bound and how much of it is in use.", .examples = "> ipfs swarm resources",
     .run = run_swarm_resources, .status = command_status::experimental},
};

}  // namespace cairn::service::detail

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/commands_exchange.ipp>
#  include <cairn/service/impl/commands_swarm.ipp>
#endif
