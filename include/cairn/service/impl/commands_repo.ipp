#pragma once
// repo, init

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/commands_read.ipp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>
#include <cairn/service/version.hpp>

namespace cairn::service::detail {

inline auto run_repo_stat(request& in, output& out) -> io_result<void> {
  auto const size_only = in.flag("size-only"), human = in.flag("human");
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto facts, api->repo_stat(size_only));
  return out.emit(
      [&](std::string& text) {
        auto columns = text_columns{};
        auto const size = [&](std::uint64_t n) { return human ? human_size(n) : std::to_string(n); };
        if (!size_only) columns.row({"NumObjects:", std::to_string(facts.blocks)});
        columns.row({"RepoSize:", size(facts.size)});
        columns.row({"StorageMax:", size(facts.storage_max)});
        if (!size_only) {
          columns.row({"RepoPath:", facts.path});
          columns.row({"Version:", facts.version});
        }
        columns.write(text);
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("RepoSize").value(facts.size);
          json.key("StorageMax").value(facts.storage_max);
          json.key("NumObjects").value(facts.blocks);
          json.key("RepoPath").value(size_only ? "" : facts.path);
          json.key("Version").value(size_only ? "" : facts.version);
        });
      });
}

inline auto run_repo_gc(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  auto const quiet = in.flag("quiet"), silent = in.flag("silent"), stream_errors = in.flag("stream-errors");
  auto failed = io_result<void>{};
  auto problems = std::string{};
  auto const tell_error = [&](std::string const& what) -> io_result<void> {
    return out.emit([&](std::string& text) { text += "Error: " + what + "\n"; },
                    [&](json_writer& json) {
                      json.object([&] {
                        json.key("Key").raw("null");
                        json.key("Error").value(what);
                      });
                    });
  };
  auto const problem = [&](std::string const& what) {
    if (!stream_errors) problems += what + "; ";
    else if (failed) failed = tell_error(what);
  };
  auto done = api->collect(
      [&](cid const& id) -> io_result<void> {
        if (silent) return {};
        return out.emit([&](std::string& text) { text += (quiet ? "" : "removed ") + cid_text(id, style) + "\n"; },
                        [&](json_writer& json) { json.object([&] { json.key("Key").raw("{\"/\":\"" + to_string(id) + "\"}"); }); });
      },
      problem);
  if (done) return {};
  if (!stream_errors) return fail(problems + to_string(done.error()));
  CAIRN_TRY(std::move(failed));
  CAIRN_TRY(tell_error(to_string(done.error())));
  return fail("encountered errors during gc run");
}

inline auto run_repo_verify(request& in, output& out) -> io_result<void> {
  if (in.flag("heal")) return fail("this command must be run in online mode. Try running 'ipfs daemon' first");
  if (auto const timeout = parse_duration(in.text("heal-timeout").value_or("30s")); !timeout) return fail("invalid heal-timeout: " + to_string(timeout.error()));
  CAIRN_TRY(auto* api, in.api());
  auto const drop = in.flag("drop");
  CAIRN_TRY(auto sum, api->verify_blocks(drop, [&](block_damage const& b) -> io_result<void> {
    auto line = "block " + (b.id ? to_string(*b.id) : std::string{"without a name"}) + " was corrupt (" + b.why + ")";
    if (drop) line += b.removed ? ", removed" : ", failed to remove (" + b.remove_error + ")";
    return out.emit([&](std::string& text) { text += line + "\n"; },
                    [&](json_writer& json) {
                      json.object([&] {
                        json.key("Msg").value(line);
                        json.key("Progress").value(0);
                      });
                    });
  }));
  CAIRN_TRY(out.emit([](std::string&) {},
                     [&](json_writer& json) {
                       json.object([&] {
                         json.key("Msg").value("");
                         json.key("Progress").value(sum.blocks);
                       });
                     }));
  auto summary = std::string{"verify complete, all blocks validated."};
  if (sum.damaged != 0) {
    summary = "verify complete, " + std::to_string(sum.damaged) + " blocks corrupt";
    if (sum.removed) summary += ", " + std::to_string(sum.removed) + " removed";
    if (sum.not_removed) summary += ", " + std::to_string(sum.not_removed) + " failed to remove";
    if (!drop || sum.not_removed) return fail(std::move(summary));
  }
  return out.emit([&](std::string& text) { text += summary + "\n"; },
                  [&](json_writer& json) {
                    json.object([&] {
                      json.key("Msg").value(summary);
                      json.key("Progress").value(0);
                    });
                  });
}

inline auto run_repo_version(request& in, output& out) -> io_result<void> {
  return out.emit([&](std::string& text) { text += (in.flag("quiet") ? "fs-repo@" : "ipfs repo version fs-repo@") + std::string{repo_version_text} + "\n"; },
                  [](json_writer& json) { json.object([&] { json.key("Version").value(repo_version_text); }); });
}

inline auto init_with(request& in, output& out, std::string_view profiles) -> io_result<void> {
  CAIRN_TRY(auto path, in.repo_path());
  auto config = ipld::node{};
  auto message = std::string{};
  if (!in.files.empty()) {
    CAIRN_TRY(auto text, in.read_file(in.files[0], 16 * limits::MiB));
    CAIRN_TRY(config, parse_config(as_text(text)));
    auto const key = config_value(config, "Identity.PrivKey");
    if (!key || !(*key)->as_string() || (*key)->as_string()->empty())
      return fail("config file has no Identity.PrivKey. Pass a copy of a repo's 'config' file, not the output of 'ipfs config show'");
  } else {
    auto const type = in.text("algorithm").value_or("ed25519");
    auto bits = in.given("bits") ? in.number("bits") : std::nullopt;
    CAIRN_TRY(config, core_api::new_config(type, bits));
    auto upper = std::string{type};
    for (auto& c : upper)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c & ~0x20);
    message = "generating " + (type == "rsa" ? std::to_string(bits.value_or(2048)) + "-bit " : std::string{}) + upper + " keypair...done\n";
    if (auto const id = config_value(config, "Identity.PeerID"); id && (*id)->as_string()) message += "peer identity: " + *(*id)->as_string() + "\n";
  }
  CAIRN_TRY(out.text(message + "initializing IPFS node at " + path + "\n"));
  while (!profiles.empty()) {
    auto const comma = profiles.find(',');
    CAIRN_TRY(core_api::apply_first_profile(config, profiles.substr(0, comma)));
    profiles.remove_prefix(comma == std::string_view::npos ? profiles.size() : comma + 1);
  }
  return core_api::create(path, config);
}

inline auto run_init(request& in, output& out) -> io_result<void> { return init_with(in, out, in.text("profile").value_or("")); }

inline auto run_repo_convert(request& in, output& out) -> io_result<void> {
  auto const engine = std::string{in.text("to").value_or("")};
  if (engine.empty()) return fail("the engine is missing: --to=packs or --to=flatfs");
  CAIRN_TRY(auto path, in.repo_path());
  auto blocks = std::uint64_t{0};
  CAIRN_TRY(core_api::convert(path, engine, [&](std::uint64_t n, std::uint64_t bytes) {
    blocks = n;
    out.progress(bytes, 0);
  }));
  out.progress_end();
  return out.emit([&](std::string& text) { text += "converted " + std::to_string(blocks) + " blocks to " + engine + "\n"; },
                  [&](json_writer& json) {
                    json.object([&] {
                      json.key("Engine").value(engine);
                      json.key("Blocks").value(blocks);
                    });
                  });
}

inline constexpr argument init_arguments[]{{"default-config", argument_type::file, false, false, "A config to begin with.", true}};
inline constexpr option init_options[]{
    {"algorithm a", option_type::text, "The type of the node's key: ed25519, rsa, secp256k1.", "ed25519"},
    {"bits b", option_type::int32, "The size of an RSA key in bits."},
    {"empty-repo e", option_type::boolean, "Add no help files; this program never does.", "true"},
    {"profile p", option_type::text, "Profiles to apply, with commas between (see 'ipfs config profile --help')."},
};
inline constexpr option repo_stat_options[]{
    {"size-only s", option_type::boolean, "Print sizes only."},
    {"human H", option_type::boolean, "Print sizes for people: 1.2 kB."},
};
inline constexpr option repo_gc_options[]{
    {"stream-errors", option_type::boolean, "Go on after errors."},
    {"quiet q", option_type::boolean, "Print CIDs only."},
    {"silent", option_type::boolean, "Print nothing."},
};
inline constexpr option repo_verify_options[]{
    {"drop", option_type::boolean, "Remove damaged blocks."},
    {"heal", option_type::boolean, "Remove damaged blocks and fetch them again. Needs a running node."},
    {"heal-timeout", option_type::text, "How long to try to fetch each.", "30s"},
};
inline constexpr option repo_version_options[]{{"quiet q", option_type::boolean, "Print less."}};
inline constexpr option repo_convert_options[]{{"to", option_type::text, "The engine: packs or flatfs."}};
inline auto run_repo_migrate(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto folder, in.repo_path());
  auto const file = in.read_file({{}, folder + "/version"}, 64);
  if (!file) return fail("no IPFS repo found in " + folder + ".\nplease run: 'ipfs init'");
  auto text = std::string{as_text(*file)};
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  auto const now = parse_go_unsigned(text).value_or(0), latest = parse_go_unsigned(repo_version_text).value_or(0);
  if (now == 0) return fail(folder + "/version has no number");
  auto const to = in.given("to") ? static_cast<std::uint64_t>(in.number("to").value_or(0)) : latest;
  if (now == to) return out.text("Repository is already at version " + text + ".\n");
  auto const way = "version " + text + " to " + std::to_string(to);
  if (to < now && !in.flag("allow-downgrade")) return fail("downgrade from " + way + " requires --allow-downgrade flag");
  return fail("this build has no migration from " + way + ": Kubo's `ipfs repo migrate` has them");
}

inline constexpr option migrate_options[]{{"to", option_type::int32, "The version to go to.", "18"}, {"allow-downgrade", option_type::boolean, "Also to an older version."}};
inline constexpr command repo_commands[]{
    {.name = "convert", .summary = "Move the blocks to another store.",
     .about = R"(Moves all blocks to the other engine: packs, which keeps many blocks in a file, or flatfs, Kubo's file per block, so that Kubo can
open the repo. What is interrupted goes on with the next call. Needs the room for a second copy.)",
     .examples = "> ipfs repo convert --to flatfs", .options = repo_convert_options, .run = run_repo_convert, .place = command_place::here_only},
    {.name = "gc", .summary = "Remove what no pin holds.", .about = "Marks everything below the pins and removes all other blocks.", .examples = "> ipfs repo gc --quiet | wc -l",
     .options = repo_gc_options, .run = run_repo_gc},
    {.name = "ls", .summary = "List all blocks of the repo.", .about = "Prints each block of the repo once, as a CIDv1 with the codec raw.", .examples = "> ipfs repo ls | wc -l",
     .run = run_refs_local},
    {.name = "migrate", .summary = "Bring the repo to another version of its layout.", .about = "Says what the version is; moving is done by Kubo's program.", .examples = "> ipfs repo migrate",
     .options = migrate_options, .run = run_repo_migrate, .place = command_place::here_only},
    {.name = "stat", .summary = "Count what is in the repo.", .about = "Prints the number of blocks, the size on the disk and the limit, the folder and the version.",
     .examples = "> ipfs repo stat --human", .options = repo_stat_options, .run = run_repo_stat},
    {.name = "verify", .summary = "Check all blocks.", .about = "Reads every block and compares it with its hash.", .examples = "> ipfs repo verify", .options = repo_verify_options,
     .run = run_repo_verify},
    {.name = "version", .summary = "Show the version of the repo's layout.", .about = "Prints the version of repos that this program reads and writes.",
     .examples = "> ipfs repo version\nipfs repo version fs-repo@18", .options = repo_version_options, .run = run_repo_version},
};

}  // namespace cairn::service::detail
