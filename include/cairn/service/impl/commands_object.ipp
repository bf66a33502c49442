#pragma once
// object, diag datastore, diag profile, version deps

#include <cairn/core/try.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/commands_network.ipp>
#include <cairn/service/impl/commands_node.ipp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/impl/node_profile.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>
#include <cairn/service/running_node.hpp>
#include <cairn/service/version.hpp>

#include <chrono>
#include <thread>

namespace cairn::service::detail {

// object

inline auto run_object_removed(request&, output&) -> io_result<void> { return fail("removed, use 'ipfs dag' or 'ipfs files' instead"); }

inline auto run_object_diff(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto const before, api->resolve(in.arguments[0]));
  CAIRN_TRY(auto const after, api->resolve(in.arguments[1]));
  CAIRN_TRY(auto const changes, api->object_diff(before.id, after.id));
  auto const verbose = in.flag("verbose");
  if (changes.empty() && out.form() == encoding::text) return out.begin();
  return out.emit(
      [&](std::string& text) {
        for (auto const& c : changes) {
          auto const from = c.before ? cid_text(*c.before, style) : "", to = c.after ? cid_text(*c.after, style) : "", path = go_quoted(c.path);
          if (c.before && c.after) text += verbose ? "Changed " + path + " from " + from + " to " + to + ".\n" : "~ " + from + " " + to + " " + path + "\n";
          else if (c.after) text += verbose ? "Added new link " + path + " pointing to " + to + ".\n" : "+ " + to + " " + path + "\n";
          else text += verbose ? "Removed link " + path + " (was " + from + ").\n" : "- " + from + " " + path + "\n";
        }
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Changes").array([&] {
            for (auto const& c : changes)
              json.object([&] {
                auto const link = [&](std::string_view name, std::optional<cid> const& id) {
                  json.key(name);
                  if (!id) return json.null();
                  json.object([&] { json.key("/").value(to_string(*id)); });
                };
                json.key("Type").value(c.before && c.after ? 2 : c.after ? 0 : 1);
                json.key("Path").value(c.path);
                link("Before", c.before);
                link("After", c.after);
              });
          });
        });
      });
}

inline auto patch_object(request& in, output& out, bool adds) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto const root, api->resolve(in.arguments[0]));
  auto wanted = object_patch_request{.path = in.arguments[1], .create = in.flag("create"), .any_node = in.flag("allow-non-unixfs")};
  if (in.flag("allow-big-block")) wanted.limit = ~std::uint64_t{0};
  if (adds) {
    CAIRN_TRY(auto const child, api->resolve(in.arguments[2]));
    wanted.child = child.id;
  }
  CAIRN_TRY(auto const made, api->object_patch(root.id, wanted));
  auto const shown = cid_text(made, style);
  return out.emit([&](std::string& text) { text += shown + "\n"; }, [&](json_writer& json) { json.object([&] { json.key("Hash").value(shown); }); });
}
inline auto run_object_add_link(request& in, output& out) -> io_result<void> { return patch_object(in, out, true); }
inline auto run_object_rm_link(request& in, output& out) -> io_result<void> { return patch_object(in, out, false); }

// diag datastore

inline auto run_datastore_get(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto const value, api->record_get(in.arguments[0]));
  auto const hex = in.flag("hex");
  auto key = in.arguments[0];
  if (!key.starts_with('/')) key.insert(0, "/");
  if (out.form() == encoding::text && !hex) return out.raw(value);
  return out.emit([&](std::string& text) { text += "Key: " + key + "\nHex Dump:\n" + hex_dump(value); },
                  [&](json_writer& json) {
                    json.object([&] {
                      json.key("key").value(key);
                      json.key("value").value(encode_base(multibase::base64pad, value));
                      if (hex) json.key("hex_dump").value(hex_dump(value));
                    });
                  });
}

inline auto run_datastore_put(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto* api, in.api());
  return api->record_put(in.arguments[0], as_bytes(in.arguments[1]));
}

inline auto run_datastore_count(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto const count, api->record_count(in.arguments[0]));
  return out.emit([&](std::string& text) { text += std::to_string(count) + "\n"; },
                  [&](json_writer& json) {
                    json.object([&] {
                      json.key("prefix").value(in.arguments[0]);
                      json.key("count").value(count);
                    });
                  });
}

// diag profile

inline constexpr std::string_view profile_collectors[]{"goroutines-stack", "goroutines-pprof", "version", "heap", "allocs", "bin", "cpu", "mutex", "block", "trace"};

/// What each thread used of the processors in that time.
inline auto processor_text(request const& in, running_node const& node, std::chrono::nanoseconds time) -> std::string {
  auto const before = threads_of_process();
  auto const end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end && !in.cancelled() && !node.ending())
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(std::chrono::milliseconds{50}, end - std::chrono::steady_clock::now()));
  auto out = "processor time of each thread within " + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) + "ms\n";
  for (auto const& [number, t] : threads_of_process()) {
    auto const was = before.find(number);
    out += std::to_string(number) + " " + t.name + " " + std::to_string(t.milliseconds - (was == before.end() ? 0 : was->second.milliseconds)) + "ms\n";
  }
  return out;
}

inline auto run_diag_profile(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto* node, daemon_of(in, "diag profile"));
  auto wanted = in.texts("collectors");
  if (wanted.empty()) wanted.assign(std::begin(profile_collectors), std::end(profile_collectors));
  for (auto const& w : wanted)
    if (std::find(std::begin(profile_collectors), std::end(profile_collectors), w) == std::end(profile_collectors)) return fail("unknown collector '" + w + "'");
  CAIRN_TRY(auto const time, parse_duration(in.text("profile-time").value_or("30s")));
  auto const asked = [&](auto... names) { return ((std::find(wanted.begin(), wanted.end(), names) != wanted.end()) || ...); };
  auto zip = zip_archive{};
  if (asked("cpu") && time > 0) zip.add("cpu.txt", processor_text(in, *node, std::chrono::nanoseconds{time}));
  if (asked("goroutines-stack", "goroutines-pprof")) zip.add("threads.txt", threads_text());
  if (asked("heap", "allocs")) zip.add("memory.txt", memory_text());
  if (asked("version")) {
    auto text = std::string{};
    auto json = json_writer{text};
    json.object([&] {
      json.key("Version").value(kubo_version);
      json.key("Commit").value(commit_name);
      json.key("Repo").value(repo_version_text);
      json.key("System").value(system_name);
      json.key("Golang").value(toolchain_name);
    });
    zip.add("version.json", text);
    CAIRN_TRY(auto* api, in.api());
    zip.add("metrics.txt", api->metrics());
    auto commands = std::string{};
    for (auto const& r : node->requests()) commands += r.command + (r.ended == 0 ? " runs\n" : " " + std::to_string((r.ended - r.began) / 1000) + "us\n");
    zip.add("commands.txt", commands);
  }
  if (asked("bin")) zip.add("cairn", proc_text("exe"));
  out.content("application/zip", std::nullopt);
  return out.raw(as_bytes(zip.finish()));
}

// version deps

inline auto run_version_deps(request&, output& out) -> io_result<void> {
  auto const line = [&](std::string const& path, std::string const& version) {
    return out.emit([&](std::string& text) { text += path + "@" + version + "\n"; },
                    [&](json_writer& json) {
                      json.object([&] {
                        json.key("Path").value(path);
                        json.key("Version").value(version);
                        json.key("ReplacedBy").value("");
                        json.key("Sum").value("");
                      });
                    });
  };
  CAIRN_TRY(line("cairn", "v" + std::string{program_version}));
  for (auto const& [path, version] : core_api::dependencies()) CAIRN_TRY(line(path, version));
  return {};
}

inline constexpr argument diff_arguments[]{{"obj_a", argument_type::text, true, false, "What was."}, {"obj_b", argument_type::text, true, false, "What is."}};
inline constexpr argument add_link_arguments[]{{"root", argument_type::text, true, false, "The node to begin at."},
                                               {"name", argument_type::text, true, false, "The names that lead to the link, with / between."},
                                               {"ref", argument_type::text, true, false, "What the link leads to."}};
inline constexpr argument rm_link_arguments[]{{"root", argument_type::text, true, false, "The node to begin at."}, {"name", argument_type::text, true, false, "The names that lead to the link."}};
inline constexpr option diff_options[]{{"verbose v", option_type::boolean, "Print sentences."}};
inline constexpr option object_patch_options[]{{"allow-big-block", option_type::boolean, "Allow blocks that other peers do not take.", "false"}};
inline constexpr option add_link_options[]{{"create p", option_type::boolean, "Make folders on the way that are missing."},
                                           {"allow-non-unixfs", option_type::boolean, "Whatever the root is."},
                                           {"allow-big-block", option_type::boolean, "Allow blocks that other peers do not take.", "false"}};
inline constexpr option rm_link_options[]{{"allow-non-unixfs", option_type::boolean, "Whatever the root is."}, {"allow-big-block", option_type::boolean, "Allow blocks that other peers do not take.", "false"}};
inline constexpr auto removed_object = std::string_view{"Removed, use 'ipfs dag' or 'ipfs files' instead."};
inline constexpr command object_patch_commands[]{
    {.name = "add-link", .summary = "Set a link of a dag-pb node.", .about = "Prints the CID of the new root. For directories use 'ipfs files cp'.",
     .examples = "> ipfs object patch add-link <root> name <cid>", .arguments = add_link_arguments, .options = add_link_options, .run = run_object_add_link, .status = command_status::deprecated},
    {.name = "append-data", .summary = removed_object, .run = run_object_removed, .status = command_status::removed},
    {.name = "rm-link", .summary = "Remove a link of a dag-pb node.", .about = "Prints the CID of the new root. For directories use 'ipfs files rm'.", .examples = "> ipfs object patch rm-link <root> name",
     .arguments = rm_link_arguments, .options = rm_link_options, .run = run_object_rm_link, .status = command_status::deprecated},
    {.name = "set-data", .summary = removed_object, .run = run_object_removed, .status = command_status::removed},
};
inline constexpr command object_commands[]{
    {.name = "data", .summary = removed_object, .run = run_object_removed, .status = command_status::removed},
    {.name = "diff", .summary = "Print what differs between two dag-pb nodes.", .about = "Goes down where both have a link of that name.", .examples = "> ipfs object diff <before> <after>",
     .arguments = diff_arguments, .options = diff_options, .run = run_object_diff, .status = command_status::deprecated},
    {.name = "get", .summary = removed_object, .run = run_object_removed, .status = command_status::removed},
    {.name = "links", .summary = removed_object, .run = run_object_removed, .status = command_status::removed},
    {.name = "new", .summary = removed_object, .run = run_object_removed, .status = command_status::removed},
    {.name = "patch", .summary = "Make a changed copy of a dag-pb node.", .options = object_patch_options, .children = object_patch_commands, .status = command_status::deprecated},
    {.name = "put", .summary = removed_object, .run = run_object_removed, .status = command_status::removed},
    {.name = "stat", .summary = removed_object, .run = run_object_removed, .status = command_status::removed},
};

inline constexpr argument datastore_key[]{{"key", argument_type::text, true, false, "The key, as /pins/state/dirty."}};
inline constexpr argument datastore_prefix[]{{"prefix", argument_type::text, true, false, "What the keys are below."}};
inline constexpr argument datastore_pair[]{{"key", argument_type::text, true, false, "The key."}, {"value", argument_type::text, true, false, "The value."}};
inline constexpr option datastore_get_options[]{{"hex", option_type::boolean, "Print the octets as a table."}};
inline constexpr command datastore_commands[]{
    {.name = "count", .summary = "Count keys.", .about = "Counts the keys below a prefix; / counts blocks too. The node must not run.", .examples = "> ipfs diag datastore count /pins",
     .arguments = datastore_prefix, .run = run_datastore_count, .status = command_status::experimental, .place = command_place::alone},
    {.name = "get", .summary = "Print the value of a key.", .about = "As it is, or as a table with --hex. The node must not run.", .examples = "> ipfs diag datastore get --hex /local/filesroot",
     .arguments = datastore_key, .options = datastore_get_options, .run = run_datastore_get, .status = command_status::experimental, .place = command_place::alone},
    {.name = "put", .summary = "Write the value of a key.", .about = "For tests: what the repo relies on can be damaged. The node must not run.", .examples = "> ipfs diag datastore put /test/key value",
     .arguments = datastore_pair, .run = run_datastore_put, .status = command_status::experimental, .place = command_place::alone},
};
inline constexpr option collect_options[]{
    {"output o", option_type::text, "The archive to write. Default: ./ipfs-profile-[timestamp].zip"},
    {"collectors", option_type::texts, "What to collect, by Kubo's names: goroutines-stack (the threads), heap, version, bin, cpu. Default: all"},
    {"profile-time", option_type::text, "How long to watch the processors; 0 does not.", "30s"},
    {"mutex-profile-fraction", option_type::int32, "Taken for Kubo's sake: locks are not sampled.", "4"},
    {"block-profile-rate", option_type::text, "Taken for Kubo's sake: waiting is not sampled.", "1ms"},
};
inline constexpr command diag_commands[]{
    {.name = "cmds", .summary = "List the commands of the running node.", .about = "Those that run now, and the latest ones.", .examples = "> ipfs diag cmds", .options = diag_cmds_options,
     .children = diag_cmds_children, .run = run_diag_cmds},
    {.name = "datastore", .summary = "Look into the records of the repo.", .children = datastore_commands, .status = command_status::experimental},
    {.name = "healthy", .summary = "Ask whether the node serves.", .about = "Reads a block of the repo.", .examples = "> ipfs diag healthy", .run = run_diag_healthy},
    {.name = "profile", .summary = "Collect what the running node can tell of itself.",
     .about = "Writes an archive: the threads, the memory, what each thread uses of the processors for a while, the metrics, the last commands by their names\nand times, the version and the program. Nothing of data, config, keys or addresses.",
     .examples = "> ipfs diag profile --profile-time 5s", .options = collect_options, .run = run_diag_profile},
    {.name = "sys", .summary = "Show facts of this machine.", .about = "Prints disk, memory, network and build as JSON.", .examples = "> ipfs diag sys", .run = run_diag_sys},
};
inline constexpr command version_commands[]{
    {.name = "check", .summary = "Compare this version with that of peers.", .about = "Needs a DHT.", .examples = "> ipfs version check", .options = version_check_options, .run = run_version_check},
    {.name = "deps", .summary = "List the libraries of this build.", .about = "Prints each with its version.", .examples = "> ipfs version deps", .run = run_version_deps, .place = command_place::no_repo},
};

}  // namespace cairn::service::detail
