#pragma once
// name, routing

#include <cairn/core/try.hpp>
#include <cairn/naming/ipns_name.hpp>
#include <cairn/naming/ipns_record.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/commands_network.ipp>
#include <cairn/service/impl/commands_key.ipp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/impl/name_text.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

namespace cairn::service::detail {

inline auto must_be_online() { return fail("this action must be run in online mode, try running 'ipfs daemon' first"); }

inline auto check_delegation(request const& in) -> io_result<void> {
  auto const delegated = in.flag("allow-delegated");
  if (delegated && in.flag("allow-offline")) return fail("cannot use both --allow-offline and --allow-delegated flags");
  if (delegated) return fail("no delegated publishers configured: add Ipns.DelegatedPublishers or use --allow-offline for local-only publishing");
  return {};
}

inline void write_published(json_writer& json, std::string_view name, std::string_view value) {
  json.object([&] {
    json.key("Name").value(name);
    json.key("Value").value(value);
  });
}

inline auto run_name_publish(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(check_delegation(in));
  auto wanted = publish_request{};
  wanted.key = in.text("key").value_or("self");
  if (wanted.key.empty()) return fail("key name must be at least one character");
  wanted.check = in.flag("resolve");
  wanted.v1_compatible = in.flag("v1compat");
  if (in.given("sequence")) wanted.sequence = static_cast<std::uint64_t>(*in.number("sequence"));
  CAIRN_TRY(auto text, first_argument(in, "ipfs-path"));
  CAIRN_TRY(auto* api, in.api());
  wanted.offline = in.flag("allow-offline");
  if (auto const lifetime = in.text("lifetime")) {
    auto const read = parse_duration(*lifetime);
    if (!read) return fail("error parsing lifetime option: " + to_string(read.error()));
    wanted.lifetime = *read;
  }
  if (wanted.lifetime <= 0) return fail("lifetime must be greater than zero, got " + duration_text(wanted.lifetime));
  if (auto const ttl = in.text("ttl"); ttl && in.given("ttl")) {
    CAIRN_TRY(wanted.ttl, parse_duration(*ttl));
    if (wanted.ttl < 0) return fail("ttl must not be negative, got " + duration_text(wanted.ttl));
    if (wanted.ttl > wanted.lifetime) return fail("ttl (" + duration_text(wanted.ttl) + ") must not be greater than lifetime (" + duration_text(wanted.lifetime) + ")");
  }
  wanted.ttl = std::min(wanted.ttl, wanted.lifetime);
  CAIRN_TRY(auto done, api->name_publish(text, wanted));
  CAIRN_TRY(api->sync());
  auto const name = peer_text(done.name, multibase::base36);  // whatever --ipns-base says, as Kubo does
  return out.emit(
      [&](std::string& o) { o += in.flag("quieter") ? name + "\n" : "Published to " + name + ": " + escaped_name(done.value) + "\n"; },
      [&](json_writer& json) { write_published(json, name, done.value); });
}

inline auto run_name_resolve(request& in, output& out) -> io_result<void> {
  if (auto const limit = in.text("dht-timeout")) {
    CAIRN_TRY(auto const read, parse_duration(*limit));
    if (read < 0) return fail("DHT timeout value must be >= 0");
  }
  CAIRN_TRY(auto* api, in.api());
  auto name = std::string{};
  if (in.arguments.empty()) {
    CAIRN_TRY(auto own, api->identity());
    name = peer_text(own.id, multibase::base36);
  } else {
    name = in.arguments[0];
  }
  if (name.starts_with('/') && !name.starts_with("/ipns/")) {
    auto const wanted = path_like{name};
    return wanted.path() ? fail(go_quoted(name) + " is not an IPNS name") : std::unexpected(wanted.path().error());
  }
  if (!name.starts_with("/ipns/") && !name.starts_with("ipns:")) name = "/ipns/" + name;
  auto const recursive = in.flag("recursive");
  auto const found = api->resolve_name(name, recursive);
  if (!found) return std::unexpected(found.error());
  return emit_path(out, to_string(found->path));
}

inline void inspect_text(std::string& o, ipns_record const& record, bytes_view whole, std::optional<std::pair<std::string, result<void, ipns_errc>>> const& verdict, bool dump) {
  auto columns = text_columns{1};
  if (auto const path = record.path()) columns.row({"Value:", go_quoted(to_string(*path))});
  columns.row({"Validity Type:", std::to_string(record.validity_type)});
  if (auto const end = record.end_of_life()) columns.row({"Validity:", go_quoted(to_rfc3339(*end))});
  columns.row({"Sequence:", std::to_string(record.sequence)});
  columns.row({"TTL:", duration_text(record.ttl)});
  columns.row({"Protobuf Size:", std::to_string(whole.size())});
  columns.row({"Signature Type:", record.signature_v1.empty() ? "V2" : "V1+V2"});
  columns.write(o);
  o += '\n';
  if (!verdict) {
    o += "This record was not verified. Pass '--verify k51...' to verify.\n";
  } else {
    o += "Validation results:\n";
    auto results = text_columns{1};
    results.row({" Valid:", verdict->second ? "true" : "false"});
    if (!verdict->second) results.row({" Reason:", std::string{describe(verdict->second.error())}});
    results.row({" Name:", verdict->first});
    results.write(o);
  }
  if (dump) o += "\nHex Dump:\n" + hex_dump(whole);
}

inline void inspect_json(json_writer& json, ipns_record const& record, bytes_view whole, std::optional<std::pair<std::string, result<void, ipns_errc>>> const& verdict, bool dump) {
  json.object([&] {
    json.key("Entry").object([&] {
      json.key("Value").value(record.path() ? to_string(*record.path()) : std::string{});
      json.key("ValidityType").value(record.validity_type);
      if (auto const end = record.end_of_life()) json.key("Validity").value(to_rfc3339(*end));
      json.key("Sequence").value(record.sequence);
      json.key("TTL").value(record.ttl);
    });
    json.key("PbSize").value(static_cast<std::uint64_t>(whole.size()));
    json.key("SignatureType").value(record.signature_v1.empty() ? "V2" : "V1+V2");
    json.key("HexDump").value(dump ? hex_dump(whole) : std::string{});
    json.key("Validation");
    if (!verdict) return json.null();
    json.object([&] {
      json.key("Valid").value(verdict->second.has_value());
      json.key("Reason").value(verdict->second ? std::string_view{} : describe(verdict->second.error()));
      json.key("Name").value(verdict->first);
    });
  });
}

inline auto run_name_inspect(request& in, output& out) -> io_result<void> {
  if (in.files.empty()) return fail("argument \"record\" is required");
  CAIRN_TRY(auto whole, read_small_file(in, in.files[0], limits::ipns_record + 1));
  auto const record = decode_ipns_record(whole);
  if (!record) return fail(std::string{describe(record.error())});
  auto verdict = std::optional<std::pair<std::string, result<void, ipns_errc>>>{};
  if (auto const text = in.text("verify").value_or(""); !text.empty()) {
    CAIRN_TRY(auto const name, name_of(text));
    verdict = std::pair{to_ipns_name(name), validate(*record, name, time_now())};
  }
  auto const dump = in.flag("dump");
  return out.emit([&](std::string& o) { inspect_text(o, *record, whole, verdict, dump); }, [&](json_writer& json) { inspect_json(json, *record, whole, verdict, dump); });
}

inline auto run_name_get(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto name, first_argument(in, "name"));
  CAIRN_TRY(auto* api, in.api());
  if (!api->is_online()) return must_be_online();
  CAIRN_TRY(auto record, api->name_record(name));
  return out.raw(record);
}

inline auto run_name_put(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(check_delegation(in));
  auto const name = name_of(in.arguments[0]);
  if (!name) return fail("invalid IPNS name: " + to_string(name.error()));
  if (in.files.empty()) return fail("argument \"record\" is required");
  CAIRN_TRY(auto whole, read_small_file(in, in.files[0], 1 * limits::MiB));
  auto const force = in.flag("force");
  if (whole.empty()) return fail("record is empty");
  if (!force && whole.size() > limits::ipns_record)
    return fail("record exceeds maximum size of " + std::to_string(limits::ipns_record) + " bytes, use --force to skip size check");
  auto const record = decode_ipns_record(whole);
  CAIRN_TRY(auto* api, in.api());
  if (!force) {
    if (!record) return fail("invalid IPNS record: " + std::string{describe(record.error())});
    if (auto const valid = validate(*record, *name, time_now()); !valid) return fail("record validation failed: " + std::string{describe(valid.error())});
  }
  if (!api->is_online() && !in.flag("allow-offline")) return must_be_online();
  if (!force)
    if (auto const before = api->name_record(in.arguments[0]); before && *before != whole)
      if (auto const old = decode_ipns_record(*before); old && old->sequence >= record->sequence && api->is_online())
        return fail("existing IPNS record has sequence " + std::to_string(old->sequence) + " >= new record sequence " + std::to_string(record->sequence) +
                    ", use 'ipfs name put --force' to skip this check");
  CAIRN_TRY(api->name_put(in.arguments[0], whole));
  CAIRN_TRY(api->sync());
  auto const text = to_ipns_name(*name);
  auto const value = record && record->path() ? to_string(*record->path()) : std::string{};
  return out.emit([&](std::string& o) { o += in.flag("quiet") ? std::string{} : text + "\n"; }, [&](json_writer& json) { write_published(json, text, value); });
}

// "/ipns/NAME". errors: Kubo's sentences
inline auto routing_key(std::string_view key) -> io_result<std::string> {
  auto const second = key.starts_with('/') ? key.find('/', 1) : key.npos;
  if (second == key.npos || key.find('/', second + 1) != key.npos) return fail("invalid key");
  CAIRN_TRY(auto const name, name_of(key));
  return to_string(name);
}

inline auto emit_routing_event(output& out, std::string_view id, std::string_view extra, std::string_view text) -> io_result<void> {
  return out.emit([&](std::string& o) { o += text; },
                  [&](json_writer& json) {
                    json.object([&] {
                      json.key("ID").value(id);
                      json.key("Type").value(5);
                      json.key("Responses").null();
                      json.key("Extra").value(extra);
                    });
                  });
}

inline auto run_routing_get(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto keys, in.all_arguments());
  CAIRN_TRY(auto* api, in.api());
  if (!api->is_online()) return must_be_online();
  for (auto const& key : keys) {
    if (!key.starts_with("/ipns/")) return fail("invalid key");
    CAIRN_TRY(auto name, routing_key(key));
    CAIRN_TRY(auto record, api->name_record(name));
    CAIRN_TRY(emit_routing_event(out, "", encode_base(multibase::base64pad, record), as_text(record)));
  }
  return {};
}

inline auto run_routing_put(request& in, output& out) -> io_result<void> {
  if (in.files.empty()) return fail("argument \"value-file\" is required");
  CAIRN_TRY(auto value, read_small_file(in, in.files[0], 1 * limits::MiB));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto name, routing_key(in.arguments[0]));
  if (!api->is_online() && !in.flag("allow-offline")) return fail("can't put while offline: pass `--allow-offline` to override");
  CAIRN_TRY(api->name_put(name, value));
  CAIRN_TRY(api->sync());
  return emit_routing_event(out, name, "", name + "\n");
}

inline constexpr argument publish_arguments[]{{"ipfs-path", argument_type::text, true, false, "The path that the name shall lead to.", true}};
inline constexpr argument name_to_resolve[]{{"name", argument_type::text, false, false, "The name; the node's own without it.", true}};
inline constexpr argument name_to_get[]{{"name", argument_type::text, true, false, "The name."}};
inline constexpr argument record_argument[]{{"record", argument_type::file, true, false, "The file with the record.", true}};
inline constexpr argument name_put_arguments[]{{"name", argument_type::text, true, false, "The name, also as /ipns/<name>."},
                                               {"record", argument_type::file, true, false, "The file with the signed record.", true}};
inline constexpr argument routing_get_arguments[]{{"key", argument_type::text, true, true, "The keys: /ipns/<name>."}};
inline constexpr argument routing_put_arguments[]{{"key", argument_type::text, true, false, "The key: /ipns/<name>."},
                                                  {"value-file", argument_type::file, true, false, "The file with the value.", true}};
inline constexpr option publish_options[]{
    {"key k", option_type::text, "The key to sign with, by its name or its IPNS name.", "self"},
    {"resolve", option_type::boolean, "Look first whether the path leads to something.", "true"},
    {"lifetime t", option_type::text, "How long the record is valid, as 300s, 1.5h, 48h30m.", "48h0m0s"},
    {"ttl", option_type::text, "How long readers may keep the answer; at most the lifetime. Default: 5m0s"},
    {"quieter Q", option_type::boolean, "Print the name only."},
    {"v1compat", option_type::boolean, "Sign for old readers too.", "true"},
    {"allow-offline", option_type::boolean, "Keep the record in the repo when there is no network."},
    {"allow-delegated", option_type::boolean, "Publish by HTTP only."},
    {"sequence", option_type::uint64, "The sequence number, above that of the current record."},
    {"ipns-base", option_type::text, "How keys are written: as a CID in a multibase, or b58mh for a base58btc multihash.", "base36"},
};
inline constexpr option name_resolve_options[]{
    {"recursive r", option_type::boolean, "Resolve until the result is no name.", "true"},
    {"nocache n", option_type::boolean, "Take no answer that was kept."},
    {"dht-record-count dhtrc", option_type::uint64, "How many records to ask the DHT for.", "16"},
    {"dht-timeout dhtt", option_type::text, "How long to ask the DHT, as 30s; 0 for no end.", "1m0s"},
    {"stream s", option_type::boolean, "Print answers as they are found."},
};
inline constexpr option inspect_options[]{
    {"verify", option_type::text, "Check the record against this name."},
    {"dump", option_type::boolean, "Print the octets of the record too.", "true"},
};
inline constexpr option name_put_options[]{
    {"force f", option_type::boolean, "Do not look at the record first."},
    {"allow-offline", option_type::boolean, "Keep the record in the repo only."},
    {"allow-delegated", option_type::boolean, "Publish by HTTP only."},
    {"quiet q", option_type::boolean, "Print nothing."},
};
inline constexpr option routing_put_options[]{{"allow-offline", option_type::boolean, "Keep the record in the repo when there is no network."}};

inline constexpr command name_commands[]{
    {.name = "get", .summary = "Print the record of a name.", .about = "Writes the best signed record of a name as it is.", .examples = "> ipfs name get <name> | ipfs name inspect",
     .arguments = name_to_get, .run = run_name_get, .status = command_status::experimental},
    {.name = "inspect", .summary = "Look into a record.", .about = "Prints what the signed data of a record says; with --verify, also whether it is that name's and still valid.",
     .examples = "> ipfs name inspect --verify <name> record.bin", .arguments = record_argument, .options = inspect_options, .run = run_name_inspect,
     .status = command_status::experimental, .place = command_place::no_repo},
    {.name = "publish", .summary = "Say what a name leads to.",
     .about = "Signs a record with a key of this node. The sequence number grows when the path is another one than before.",
     .examples = "> ipfs name publish --allow-offline /ipfs/<cid>\n> ipfs name publish --key=site --ttl=1m /ipfs/<cid>", .arguments = publish_arguments,
     .options = publish_options, .run = run_name_publish},
    {.name = "pubsub", .summary = "Names by pubsub.", .children = name_pubsub_commands, .status = command_status::experimental},
    {.name = "put", .summary = "Keep a record that was signed elsewhere.", .about = "Checks a signed record and keeps it where it is not older than the one that is here.",
     .examples = "> ipfs name put --allow-offline <name> record.bin", .arguments = name_put_arguments, .options = name_put_options, .run = run_name_put,
     .status = command_status::experimental},
    {.name = "resolve", .summary = "Print where a name leads.", .about = "Follows a name, or a domain with a DNSLink record, to the path it leads to.",
     .examples = "> ipfs name resolve\n> ipfs name resolve <name>", .arguments = name_to_resolve, .options = name_resolve_options, .run = run_name_resolve},
};
inline auto run_routing_online(request& in, output&) -> io_result<void> {
  CAIRN_TRY(in.all_arguments());
  return fail("this command must be run in online mode. Try running 'ipfs daemon' first");
}
inline constexpr argument routing_keys[]{{"key", argument_type::text, true, true, "Keys."}};
inline constexpr argument routing_peers[]{{"peerID", argument_type::text, true, true, "Peers."}};

inline constexpr option findprovs_options[]{{"verbose v", option_type::boolean, "Print more."}, {"num-providers n", option_type::int32, "How many to look for.", "20"}};
inline constexpr command routing_commands[]{
    {.name = "findpeer", .summary = "Find the addresses of a peer.", .about = "Needs a network.", .examples = "> ipfs routing findpeer <peer>", .arguments = routing_peers, .options = verbose_option, .run = run_routing_online},
    {.name = "findprovs", .summary = "Find who has content.", .about = "Needs a network.", .examples = "> ipfs routing findprovs <cid>", .arguments = routing_keys, .options = findprovs_options, .run = run_routing_online},
    {.name = "get", .summary = "Print the best value of a key.", .about = "Writes the best record of a name as it is.", .examples = "> ipfs routing get /ipns/<name> > record.bin",
     .arguments = routing_get_arguments, .run = run_routing_get, .status = command_status::experimental},
    {.name = "provide", .summary = "Deprecated: use 'ipfs provide once'.", .arguments = some_keys, .options = provide_recursive, .run = run_without_routing, .status = command_status::deprecated},
    {.name = "put", .summary = "Write the value of a key.", .about = "Gives a signed record to the routing system. What is not valid is dropped.",
     .examples = "> ipfs routing put --allow-offline /ipns/<name> record.bin", .arguments = routing_put_arguments, .options = routing_put_options, .run = run_routing_put,
     .status = command_status::experimental},
    {.name = "reprovide", .summary = "Announce all content again.", .about = "Needs a network.", .examples = "> ipfs routing reprovide", .run = run_without_routing,
     .status = command_status::deprecated},
};

}  // namespace cairn::service::detail
