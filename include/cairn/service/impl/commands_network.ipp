#pragma once
// Commands of a network that this node has no part of yet: they answer as Kubo's do where that part is off, and take all its options.

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/commands_node.ipp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>
#include <cairn/service/version.hpp>

namespace cairn::service::detail {

inline auto run_without_dht(request&, output&) -> io_result<void> { return fail("routing service is not a DHT"); }
inline auto run_version_check(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto online, is_online(in));
  return online ? fail("could not perform version check due to missing or incompatible DHT configuration") : run_online_only(in, out);
}

inline auto run_no_p2p(request&, output&) -> io_result<void> { return fail("libp2p stream mounting not enabled"); }
inline auto run_no_pubsub(request&, output&) -> io_result<void> { return fail("experimental pubsub feature not enabled, run daemon with --enable-pubsub-experiment to use"); }
inline auto run_no_name_pubsub(request&, output&) -> io_result<void> { return std::unexpected(error::message("client", "IPNS pubsub subsystem is not enabled")); }

inline auto run_pubsub_reset(request&, output& out) -> io_result<void> {
  return out.emit([](std::string& text) { text += "Reset validator state for 0 peer(s)\n"; }, [](json_writer& json) { json.object([&] { json.key("deleted").value(0); }); });
}
inline auto run_name_pubsub_state(request&, output& out) -> io_result<void> {
  return out.emit([](std::string& text) { text += "disabled\n"; }, [](json_writer& json) { json.object([&] { json.key("Enabled").value(false); }); });
}
inline auto run_provide_clear(request& in, output& out) -> io_result<void> {
  return out.emit([&](std::string& text) { if (!in.flag("quiet")) text += "removed 0 items from provide queue\n"; }, [](json_writer& json) { json.value(0); });
}

inline auto run_update_clean(request&, output& out) -> io_result<void> { return out.text("No stashed binaries to remove.\n"); }
inline auto run_no_update(request&, output&) -> io_result<void> { return fail("this program does not replace itself: it is updated the way it was installed, as a package"); }

inline constexpr argument some_keys[]{{"key", argument_type::text, true, true, "Keys.", true}};
inline constexpr argument peers_to_query[]{{"peerID", argument_type::text, true, true, "Peers.", true}};
inline constexpr argument name_to_cancel[]{{"name", argument_type::text, true, false, "The name."}};
inline constexpr argument topic_argument[]{{"topic", argument_type::text, true, false, "The topic."}};
inline constexpr argument some_topic[]{{"topic", argument_type::text, false, false, "The topic."}};
inline constexpr argument pub_arguments[]{{"topic", argument_type::text, true, false, "The topic."}, {"data", argument_type::file, true, false, "The message.", true}};
inline constexpr argument p2p_forward_arguments[]{{"protocol", argument_type::text, true, false, "The name of the protocol."},
                                                  {"listen-address", argument_type::text, true, false, "Where to listen."},
                                                  {"target-address", argument_type::text, true, false, "Where it leads."}};
inline constexpr argument p2p_listen_arguments[]{{"protocol", argument_type::text, true, false, "The name of the protocol."}, {"target-address", argument_type::text, true, false, "Where it leads."}};
inline constexpr argument stream_id[]{{"id", argument_type::text, false, false, "The number of a stream."}};
inline constexpr argument update_version[]{{"version", argument_type::text, false, false, "A version."}};
inline constexpr option verbose_option[]{{"verbose v", option_type::boolean, "Print more."}};
inline constexpr option provide_recursive[]{{"verbose v", option_type::boolean, "Print more."}, {"recursive r", option_type::boolean, "All that is below too."}};
inline constexpr option provide_once_options[]{{"recursive r", option_type::boolean, "All that is below too."}};
inline constexpr option quiet_option[]{{"quiet q", option_type::boolean, "Print nothing."}};
inline constexpr option p2p_forward_options[]{{"allow-custom-protocol", option_type::boolean, "Names that do not begin with /x/."}, {"foreground f", option_type::boolean, "Until it is interrupted."}};
inline constexpr option p2p_listen_options[]{
    {"allow-custom-protocol", option_type::boolean, "Names that do not begin with /x/."}, {"report-peer-id r", option_type::boolean, "Begin with the peer's ID."}, {"foreground f", option_type::boolean, "Until it is interrupted."}};
inline constexpr option p2p_close_options[]{{"all a", option_type::boolean, "All of them."},
                                            {"protocol p", option_type::text, "Of that protocol."},
                                            {"listen-address l", option_type::text, "That listen there."},
                                            {"target-address t", option_type::text, "That lead there."}};
inline constexpr option headers_option[]{{"headers v", option_type::boolean, "Print the names of the columns."}};
inline constexpr option all_option[]{{"all a", option_type::boolean, "All of them."}};
inline constexpr option pubsub_reset_options[]{{"peer p", option_type::text, "Of that peer."}};
inline constexpr option name_pubsub_options[]{{"ipns-base", option_type::text, "How keys are written: as a CID in a multibase, or b58mh for a base58btc multihash.", "base36"}};
inline constexpr option version_check_options[]{{"min-percent t", option_type::int32, "How many of the peers must be newer, in percent.", "5"}};
inline constexpr option mount_options[]{{"ipfs-path f", option_type::text, "Where /ipfs is mounted."}, {"ipns-path n", option_type::text, "Where /ipns is mounted."}, {"mfs-path m", option_type::text, "Where the mutable files are mounted."}};
inline constexpr option pre_option[]{{"pre", option_type::boolean, "Candidates too."}};
inline constexpr option update_install_options[]{{"pre", option_type::boolean, "Candidates too."}, {"allow-downgrade", option_type::boolean, "Older versions too."}};
inline constexpr option update_versions_options[]{{"count n", option_type::int32, "How many.", "30"}, {"pre", option_type::boolean, "Candidates too."}};

inline constexpr auto removed_dht = std::string_view{"Removed, use 'ipfs routing' instead."};
inline auto run_dht_removed(request&, output&) -> io_result<void> { return fail("removed, use 'ipfs routing' instead"); }
inline constexpr command dht_commands[]{
    {.name = "findpeer", .summary = removed_dht, .run = run_dht_removed, .status = command_status::removed},
    {.name = "findprovs", .summary = removed_dht, .run = run_dht_removed, .status = command_status::removed},
    {.name = "get", .summary = removed_dht, .run = run_dht_removed, .status = command_status::removed},
    {.name = "provide", .summary = removed_dht, .run = run_dht_removed, .status = command_status::removed},
    {.name = "put", .summary = removed_dht, .run = run_dht_removed, .status = command_status::removed},
    {.name = "query", .summary = "Find the peers nearest to one.", .about = "Needs a DHT.", .examples = "> ipfs dht query <peer>", .arguments = peers_to_query, .options = verbose_option, .run = run_without_dht,
     .status = command_status::deprecated},
};
inline constexpr command name_pubsub_commands[]{
    {.name = "cancel", .summary = "Stop following a name.", .about = "Needs pubsub.", .examples = "> ipfs name pubsub cancel <name>", .arguments = name_to_cancel, .run = run_no_name_pubsub, .status = command_status::experimental},
    {.name = "state", .summary = "Whether names are followed by pubsub.", .about = "Prints enabled or disabled.", .examples = "> ipfs name pubsub state", .run = run_name_pubsub_state, .status = command_status::experimental},
    {.name = "subs", .summary = "List the names that are followed.", .about = "Needs pubsub.", .examples = "> ipfs name pubsub subs", .options = name_pubsub_options, .run = run_no_name_pubsub, .status = command_status::experimental},
};
inline constexpr command pubsub_commands[]{
    {.name = "ls", .summary = "List topics.", .about = "Needs a network.", .examples = "> ipfs pubsub ls", .run = run_no_pubsub, .status = command_status::experimental},
    {.name = "peers", .summary = "List the peers of a topic.", .about = "Needs a network.", .examples = "> ipfs pubsub peers", .arguments = some_topic, .run = run_no_pubsub, .status = command_status::experimental},
    {.name = "pub", .summary = "Send a message.", .about = "Needs a network.", .examples = "> echo hello | ipfs pubsub pub <topic>", .arguments = pub_arguments, .run = run_no_pubsub, .status = command_status::experimental},
    {.name = "reset", .summary = "Forget what was heard of peers.", .about = "Counts the peers that were forgotten.", .examples = "> ipfs pubsub reset", .options = pubsub_reset_options, .run = run_pubsub_reset, .status = command_status::experimental},
    {.name = "sub", .summary = "Listen to a topic.", .about = "Needs a network.", .examples = "> ipfs pubsub sub <topic>", .arguments = topic_argument, .run = run_no_pubsub, .status = command_status::experimental},
};
inline constexpr command p2p_stream_commands[]{
    {.name = "close", .summary = "Close streams.", .about = "Needs a network.", .examples = "> ipfs p2p stream close --all", .arguments = stream_id, .options = all_option, .run = run_no_p2p, .status = command_status::experimental},
    {.name = "ls", .summary = "List streams.", .about = "Needs a network.", .examples = "> ipfs p2p stream ls", .options = headers_option, .run = run_no_p2p, .status = command_status::experimental},
};
inline constexpr command p2p_commands[]{
    {.name = "close", .summary = "Stop listening or forwarding.", .about = "Needs a network.", .examples = "> ipfs p2p close --all", .options = p2p_close_options, .run = run_no_p2p, .status = command_status::experimental},
    {.name = "forward", .summary = "Forward connections to a peer.", .about = "Needs a network.", .examples = "> ipfs p2p forward /x/ssh /ip4/127.0.0.1/tcp/2222 /p2p/<peer>", .arguments = p2p_forward_arguments,
     .options = p2p_forward_options, .run = run_no_p2p, .status = command_status::experimental},
    {.name = "listen", .summary = "Take streams of peers to a service.", .about = "Needs a network.", .examples = "> ipfs p2p listen /x/ssh /ip4/127.0.0.1/tcp/22", .arguments = p2p_listen_arguments,
     .options = p2p_listen_options, .run = run_no_p2p, .status = command_status::experimental},
    {.name = "ls", .summary = "List what listens.", .about = "Needs a network.", .examples = "> ipfs p2p ls", .options = headers_option, .run = run_no_p2p, .status = command_status::experimental},
    {.name = "stream", .summary = "Look after streams.", .children = p2p_stream_commands, .status = command_status::experimental},
};
inline constexpr command provide_commands[]{
    {.name = "clear", .summary = "Forget what waits to be announced.", .about = "Prints how many there were.", .examples = "> ipfs provide clear", .options = quiet_option, .run = run_provide_clear, .status = command_status::experimental},
    {.name = "once", .summary = "Announce content now.", .about = "Needs a network.", .examples = "> ipfs provide once <cid>", .arguments = some_keys, .options = provide_once_options, .run = run_without_routing, .status = command_status::experimental},
    {.name = "stat", .summary = "Show what was announced.", .about = "Needs a network.", .examples = "> ipfs provide stat", .options = provide_stat_options, .run = run_without_routing, .status = command_status::experimental},
};
inline constexpr command update_commands[]{
    {.name = "check", .summary = "Look for a newer version.", .about = "Versions come as packages.", .examples = "> ipfs update check", .options = pre_option, .run = run_no_update, .status = command_status::experimental,
     .place = command_place::here_only},
    {.name = "clean", .summary = "Remove older versions.", .about = "None are kept.", .examples = "> ipfs update clean", .run = run_update_clean, .status = command_status::experimental, .place = command_place::here_only},
    {.name = "install", .summary = "Install a version.", .about = "Versions come as packages.", .examples = "> ipfs update install", .arguments = update_version, .options = update_install_options, .run = run_no_update,
     .status = command_status::experimental, .place = command_place::here_only},
    {.name = "revert", .summary = "Go back to an older version.", .about = "None are kept.", .examples = "> ipfs update revert", .run = run_no_update, .status = command_status::experimental, .place = command_place::here_only},
    {.name = "versions", .summary = "List versions.", .about = "Versions come as packages.", .examples = "> ipfs update versions", .options = update_versions_options, .run = run_no_update,
     .status = command_status::experimental, .place = command_place::here_only},
};

}  // namespace cairn::service::detail
