#pragma once
// pin

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/commands_pin_more.ipp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

namespace cairn::service::detail {

inline auto check_pin_name(std::string_view name) -> io_result<void> {
  if (name.size() <= 255) return {};
  return fail("pin name is " + std::to_string(name.size()) + " bytes (max 255 bytes)");
}

inline void write_pins(json_writer& json, std::vector<std::string> const& pins) {
  json.object([&] {
    json.key("Pins").array([&] {
      for (auto const& p : pins) json.value(p);
    });
  });
}

inline auto run_pin_add(request& in, output& out) -> io_result<void> {
  auto const name = in.text("name").value_or("");
  CAIRN_TRY(check_pin_name(name));
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto paths, in.all_arguments());
  CAIRN_TRY(auto* api, in.api());
  auto const recursive = in.flag("recursive");
  auto told = io_result<void>{};
  auto progress = std::function<void(std::uint64_t, std::uint64_t)>{};
  if (in.flag("progress"))
    progress = [&](std::uint64_t blocks, std::uint64_t bytes) {
      if (!out.tells_progress()) return out.complain("Fetched/Processed " + std::to_string(blocks) + " nodes (" + human_size(bytes) + ")");
      if (told)
        told = out.emit([](std::string&) {},
                        [&](json_writer& json) {
                          json.object([&] {
                            json.key("Progress").value(blocks);
                            if (bytes != 0) json.key("Bytes").value(bytes);
                          });
                        });
    };
  auto pins = std::vector<std::string>{};
  for (auto const& path : paths) {
    CAIRN_TRY(auto at, api->resolve(path));
    CAIRN_TRY(api->pin_add(at.id, recursive, name, false, progress));
    CAIRN_TRY(told);
    pins.push_back(cid_text(at.id, style));
  }
  CAIRN_TRY(api->sync());
  return out.emit([&](std::string& text) { for (auto const& p : pins) text += "pinned " + p + (recursive ? " recursively\n" : " directly\n"); },
                  [&](json_writer& json) { write_pins(json, pins); });
}

inline auto run_pin_rm(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto paths, in.all_arguments());
  CAIRN_TRY(auto* api, in.api());
  auto pins = std::vector<std::string>{};
  for (auto const& path : paths) {
    CAIRN_TRY(auto at, api->resolve(path));
    CAIRN_TRY(api->pin_remove(at.id, in.flag("recursive")));
    pins.push_back(cid_text(at.id, style));
  }
  return out.emit([&](std::string& text) { for (auto const& p : pins) text += "unpinned " + p + "\n"; },
                  [&](json_writer& json) { write_pins(json, pins); });
}

inline auto run_pin_update(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto from, api->resolve(in.arguments[0]));
  CAIRN_TRY(auto to, api->resolve(in.arguments[1]));
  CAIRN_TRY(api->pin_update(from.id, to.id, in.flag("unpin")));
  auto const pins = std::vector<std::string>{cid_text(from.id, style), cid_text(to.id, style)};
  return out.emit([&](std::string& text) { text += "updated " + pins[0] + " to " + pins[1] + "\n"; },
                  [&](json_writer& json) { write_pins(json, pins); });
}

inline auto run_pin_ls(request& in, output& out) -> io_result<void> {
  auto const type = in.text("type").value_or("all"), name = in.text("name").value_or("");
  CAIRN_TRY(check_pin_name(name));
  auto kinds = pin_kinds::all;
  if (type == "recursive") kinds = pin_kinds::recursive;
  else if (type == "direct") kinds = pin_kinds::direct;
  else if (type == "indirect") kinds = pin_kinds::indirect;
  else if (type != "all") return fail("invalid type '" + std::string{type} + "', must be one of {direct, indirect, recursive, all}");
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  auto const stream = in.flag("stream"), quiet = in.flag("quiet"), names = in.flag("names") || !name.empty();
  auto const mode_of = [&](pin_facts const& p) { return p.through ? "indirect through " + cid_text(*p.through, style) : p.mode; };
  auto const line = [&](std::string& text, pin_facts const& p) {
    text += cid_text(p.id, style);
    if (!quiet) {
      text += " " + mode_of(p);
      if (!p.name.empty()) text += " " + (out.answer_on_terminal() ? escaped_name(p.name) : p.name);
    }
    text += '\n';
  };
  auto listed = std::vector<pin_facts>{};
  auto const take = [&](pin_facts const& p) -> io_result<void> {
    if (!name.empty() && p.name.find(name) == std::string::npos) return {};
    if (!stream && out.form() == encoding::json) {
      listed.push_back(p);
      return {};
    }
    return out.emit([&](std::string& text) { line(text, p); },
                    [&](json_writer& json) {
                      json.object([&] {
                        json.key("Cid").value(cid_text(p.id, style));
                        if (!p.name.empty()) json.key("Name").value(p.name);
                        json.key("Type").value(mode_of(p));
                      });
                    });
  };
  if (!in.arguments.empty()) {
    // all are looked up before any is printed
    auto found = std::vector<pin_facts>{};
    for (auto const& path : in.arguments) {
      CAIRN_TRY(auto at, api->resolve(path));
      CAIRN_TRY(auto p, api->pin_of(at.id, kinds, names));
      if (!p) return fail("path '" + path + "' is not pinned");
      found.push_back(*std::move(p));
    }
    for (auto const& p : found) {
      if (!stream && out.form() == encoding::json) listed.push_back(p);
      else CAIRN_TRY(out.emit([&](std::string& text) { line(text, p); },
                    [&](json_writer& json) {
                      json.object([&] {
                        json.key("Cid").value(cid_text(p.id, style));
                        if (!p.name.empty()) json.key("Name").value(p.name);
                        json.key("Type").value(mode_of(p));
                      });
                    }));
    }
  } else {
    CAIRN_TRY(api->pin_list(kinds, names, take));
  }
  if (stream || out.form() == encoding::text) return {};
  std::sort(listed.begin(), listed.end(), [](auto const& a, auto const& b) { return to_string(a.id) < to_string(b.id); });
  return out.emit([](std::string&) {},
                  [&](json_writer& json) {
                    json.object([&] {
                      if (listed.empty()) return;
                      json.key("Keys").object([&] {
                        for (auto const& p : listed) {
                          json.key(cid_text(p.id, style)).object([&] {
                            json.key("Type").value(mode_of(p));
                            json.key("Name").value(p.name);
                          });
                        }
                      });
                    });
                  });
}

inline auto run_pin_verify(request& in, output& out) -> io_result<void> {
  auto const verbose = in.flag("verbose"), quiet = in.flag("quiet");
  if (verbose && quiet) return fail("the --verbose and --quiet options can not be used at the same time");
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  return api->pin_verify([&](cid const& root, std::vector<pin_fault> const& faults) -> io_result<void> {
    if (faults.empty() && !verbose) return {};
    auto const key = cid_text(root, style);
    return out.emit(
        [&](std::string& text) {
          if (quiet) {
            text += key + "\n";
            return;
          }
          text += key + (faults.empty() ? " ok\n" : " broken\n");
          for (auto const& f : faults) text += "  " + cid_text(f.id, style) + ": " + f.why + "\n";
        },
        [&](json_writer& json) {
          json.object([&] {
            json.key("Cid").value(key);
            json.key("Ok").value(faults.empty());
            if (!faults.empty() && !quiet)
              json.key("BadNodes").array([&] {
                for (auto const& f : faults)
                  json.object([&] {
                    json.key("Cid").value(cid_text(f.id, style));
                    json.key("Err").value(f.why);
                  });
              });
          });
        });
  });
}

inline constexpr argument pin_paths[]{{"ipfs-path", argument_type::text, true, true, "The paths of what is pinned.", true}};
inline constexpr argument pin_some_paths[]{{"ipfs-path", argument_type::text, false, true, "The paths to look up."}};
inline constexpr argument pin_two_paths[]{{"from-path", argument_type::text, true, false, "What is pinned now."}, {"to-path", argument_type::text, true, false, "What shall be pinned."}};
inline constexpr option pin_add_options[]{
    {"recursive r", option_type::boolean, "Pin everything below too.", "true"},
    {"name n", option_type::text, "A name for the pin."},
    {"progress", option_type::boolean, "Show how much was looked at."},
    {"fast-provide-root", option_type::boolean, "Announce the root at once. Needs a running node."},
    {"fast-provide-dag", option_type::boolean, "Announce all blocks at once. Needs a running node."},
    {"fast-provide-wait", option_type::boolean, "Wait until that is done. Needs a running node."},
};
inline constexpr option pin_rm_options[]{{"recursive r", option_type::boolean, "Remove recursive pins too.", "true"}};
inline constexpr option pin_ls_options[]{
    {"type t", option_type::text, "Which pins: direct, indirect, recursive, or all.", "all"},
    {"quiet q", option_type::boolean, "Print CIDs only."},
    {"name n", option_type::text, "Only pins with this text in their name. Implies --names."},
    {"stream s", option_type::boolean, "Print pins as they are found."},
    {"names", option_type::boolean, "Print the names of pins."},
};
inline constexpr option pin_update_options[]{
    {"unpin", option_type::boolean, "Remove the old pin.", "true"},
    {"fast-provide-root", option_type::boolean, "Announce the root at once. Needs a running node."},
    {"fast-provide-dag", option_type::boolean, "Announce all blocks at once. Needs a running node."},
    {"fast-provide-wait", option_type::boolean, "Wait until that is done. Needs a running node."},
};
inline constexpr option pin_verify_options[]{
    {"verbose", option_type::boolean, "Print pins that are whole too."},
    {"quiet q", option_type::boolean, "Print the CIDs of broken pins only."},
};
inline constexpr command pin_commands[]{
    {.name = "add", .summary = "Pin what paths name.", .about = "What is pinned stays in the repo. All of it must be in the repo already.",
     .examples = "> ipfs pin add --name photos <cid>", .arguments = pin_paths, .options = pin_add_options, .run = run_pin_add},
    {.name = "diff", .summary = "Compare two snapshots.", .about = "Prints what came (+) and what went (-) between two snapshots. What both share is not read.",
     .examples = "> ipfs pin diff <snapshot> <snapshot>", .arguments = pin_snapshots, .run = run_pin_diff},
    {.name = "ls", .summary = "List pins.", .about = "Lists pins. Indirect pins are the blocks below recursive pins; to find them, all of those are read.",
     .examples = "> ipfs pin ls --type recursive --names", .arguments = pin_some_paths, .options = pin_ls_options, .run = run_pin_ls},
    {.name = "remote", .summary = "Pins at a pinning service.", .children = pin_remote_commands},
    {.name = "rm", .summary = "Remove pins.", .about = "What no pin holds any more can go with the next collection (repo gc).",
     .examples = "> ipfs pin rm <cid>", .arguments = pin_paths, .options = pin_rm_options, .run = run_pin_rm},
    {.name = "snapshot", .summary = "Put all pins under one CID.",
     .about = "Stores the set of pins and prints its CID: the same for the same pins, on every node. The snapshot itself is not pinned.",
     .examples = "> ipfs pin snapshot", .run = run_pin_snapshot},
    {.name = "update", .summary = "Move a recursive pin.", .about = "Pins another root in place of one that is pinned recursively. What both share is not read again.",
     .examples = "> ipfs pin update <old-cid> <new-cid>", .arguments = pin_two_paths, .options = pin_update_options, .run = run_pin_update},
    {.name = "verify", .summary = "Check that recursive pins are whole.", .about = "Reads everything below each recursive pin and names what is missing.",
     .examples = "> ipfs pin verify --verbose", .options = pin_verify_options, .run = run_pin_verify},
};

}  // namespace cairn::service::detail
