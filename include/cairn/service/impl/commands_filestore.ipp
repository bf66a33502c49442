#pragma once
// filestore

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <cstdio>

namespace cairn::service::detail {

// Kubo's numbers and words for them.
inline auto filestore_code(filestore_entry::state s) -> int {
  constexpr int codes[]{0, 10, 11, 12, 20, 30};
  return codes[static_cast<std::size_t>(s)];
}
inline auto filestore_word(filestore_entry::state s) -> std::string_view {
  constexpr std::string_view words[]{"ok", "error", "no-file", "changed", "ERROR", "missing"};
  return words[static_cast<std::size_t>(s)];
}

inline void write_filestore_line(std::string& out, filestore_entry const& e, cid_style const& style) {
  char text[64];
  auto const id = cid_text(e.id, style);
  out += id;
  if (e.status == filestore_entry::state::missing || e.path.empty()) return;
  if (id.size() < 50) out.append(50 - id.size(), ' ');
  std::snprintf(text, sizeof text, " %6llu ", static_cast<unsigned long long>(e.size));
  out += text;
  out += escaped_name(e.path);
  std::snprintf(text, sizeof text, " %llu", static_cast<unsigned long long>(e.offset));
  out += text;
}

inline void write_filestore_json(json_writer& json, filestore_entry const& e) {
  json.object([&] {
    json.key("Status").value(filestore_code(e.status));
    json.key("ErrorMsg").value(e.why);
    json.key("Key").object([&] { json.key("/").value(to_string(e.id)); });
    json.key("FilePath").value(e.path);
    json.key("Offset").value(e.offset);
    json.key("Size").value(e.size);
  });
}

// The CIDs that are given; what is none is complained of.
inline auto filestore_ids(request& in, output& out, core_api& api, bool& failed) -> io_result<std::vector<cid>> {
  auto ids = std::vector<cid>{};
  CAIRN_TRY(auto texts, in.all_arguments());
  static_cast<void>(api);
  for (auto const& text : texts) {
    auto const path = path_like{text};
    auto const* fixed = path.path() ? std::get_if<immutable_path>(&*path.path()) : nullptr;
    if (fixed && fixed->segments.empty()) {
      ids.push_back(fixed->root);
      continue;
    }
    failed = true;
    out.complain(text + ": " + (path.path() ? "a single CID is wanted" : to_string(path.path().error())));
  }
  return ids;
}

inline auto run_filestore_ls(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  auto failed = false;
  CAIRN_TRY(api->filestore_is_enabled());
  CAIRN_TRY(auto ids, filestore_ids(in, out, *api, failed));
  if (!failed || !ids.empty()) {
    CAIRN_TRY(api->filestore_list(ids, in.flag("file-order"), false, [&](filestore_entry const& e) -> io_result<void> {
      if (e.status != filestore_entry::state::ok && out.form() == encoding::text) {
        failed = true;
        out.complain(e.why);
        return {};
      }
      return out.emit(
          [&](std::string& text) {
            write_filestore_line(text, e, style);
            text += '\n';
          },
          [&](json_writer& json) { write_filestore_json(json, e); });
    }));
  }
  if (failed) return fail("errors while displaying some entries");
  return {};
}

inline auto run_filestore_verify(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  auto const remove = in.flag("remove-bad-blocks");
  auto failed = false;
  auto bad = std::vector<cid>{};
  CAIRN_TRY(api->filestore_is_enabled());
  CAIRN_TRY(auto ids, filestore_ids(in, out, *api, failed));
  if (!failed || !ids.empty()) {
    CAIRN_TRY(api->filestore_list(ids, in.flag("file-order"), true, [&](filestore_entry const& e) -> io_result<void> {
      auto const goes = remove && e.status != filestore_entry::state::ok && e.status != filestore_entry::state::missing;
      if (goes) bad.push_back(e.id);
      if (e.status == filestore_entry::state::other) out.complain(e.why);
      return out.emit(
          [&](std::string& text) {
            auto const word = filestore_word(e.status);
            text += word;
            text.append(8 - std::min<std::size_t>(word.size(), 7), ' ');
            write_filestore_line(text, e, style);
            if (remove) text += goes ? " remove" : " keep";
            text += '\n';
          },
          [&](json_writer& json) { write_filestore_json(json, e); });
    }));
  }
  // the listing is over: what it read does not change under it
  for (auto const& id : bad) CAIRN_TRY(api->filestore_remove(id));
  if (failed) return fail("errors while displaying some entries");
  return {};
}

inline auto run_filestore_dups(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  return api->filestore_duplicates([&](cid const& id) {
    auto const text = cid_text(id, style);
    return out.emit([&](std::string& o) { o += text + "\n"; },
                    [&](json_writer& json) {
                      json.object([&] {
                        json.key("Ref").value(text);
                        json.key("Err").value("");
                      });
                    });
  });
}

inline constexpr argument filestore_objects[]{{"obj", argument_type::text, false, true, "CIDs of blocks; all without one."}};
inline constexpr option filestore_ls_options[]{{"file-order", option_type::boolean, "Sort by the paths of the files."}};
inline constexpr option filestore_verify_options[]{
    {"file-order", option_type::boolean, "Go through them in the order of the files."},
    {"remove-bad-blocks", option_type::boolean, "Forget the blocks that are not there any more. Pins may miss them then: run `pin verify`."},
};
inline constexpr command filestore_commands[]{
    {.name = "dups", .summary = "List blocks that are in a file and in the repo.", .about = "Prints the CID of each; the repo's own copy can go.",
     .examples = "> ipfs filestore dups", .run = run_filestore_dups},
    {.name = "ls", .summary = "List blocks that lie in files.", .about = "Prints CID, size, path and place in the file.", .examples = "> ipfs filestore ls --file-order", .arguments = filestore_objects,
     .options = filestore_ls_options, .run = run_filestore_ls},
    {.name = "verify", .summary = "Check that files still have the blocks.",
     .about = R"(Reads each block and prints how it is with it, then what `ls` prints:

  ok       the file has the block
  changed  the file has something else there
  no-file  there is no such file
  error    the file cannot be read
  missing  the CID that was asked for is no block of the filestore
  ERROR    the entry is damaged, or leads out of the folder of the repo)",
     .examples = "> ipfs filestore verify --remove-bad-blocks", .arguments = filestore_objects, .options = filestore_verify_options, .run = run_filestore_verify},
};

}  // namespace cairn::service::detail
