#pragma once
// files

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <ctime>

namespace cairn::service::detail {

inline constexpr std::string_view files_stat_format = "<hash>\nSize: <size>\nCumulativeSize: <cumulsize>\nChildBlocks: <childs>\nType: <type>\nMode: <mode> (<mode-octal>)\nMtime: <mtime>";

inline auto files_flush_of(request const& in) -> bool { return in.given("flush") ? in.flag("flush") : true; }

/// --cid-version and --hash, where one of them was given.
inline auto files_prefix_of(request const& in) -> io_result<std::optional<files_prefix>> {
  if (!in.given("cid-version") && !in.given("hash")) return std::nullopt;
  auto version = in.number("cid-version").value_or(0);
  if (in.given("hash") && version == 0) version = 1;
  if (version != 0 && version != 1) return fail("unknown CID version: " + std::to_string(version));
  auto out = files_prefix{static_cast<unsigned>(version)};
  if (in.given("hash")) {
    auto name = std::string{in.text("hash").value_or("")};
    auto lower = name;
    for (auto& c : lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    auto const hash = hash_named(lower);
    if (!hash) return fail("unrecognized hash function: " + go_quoted(name));
    out.hash = *hash;
  }
  return out;
}

/// An argument that names content, or else something among the files.
struct files_source {
  std::optional<content_path> content{};
  std::string path;  ///< as it is shown
};

inline auto files_source_of(std::string const& text) -> io_result<files_source> {
  for (auto const* front : {"/ipfs/", "/ipns/", "/ipld/", "ipfs:", "ipns:"}) {
    if (!text.starts_with(front)) continue;
    auto const path = path_like{text};
    if (path.path()) return files_source{*path.path(), to_string(*path.path())};
  }
  CAIRN_TRY(auto path, core_files::clean(text));
  return files_source{std::nullopt, std::move(path)};
}

// What Go prints of these seconds: "2 Jan 2006, 15:04:05 UTC"
inline auto files_time_text(std::int64_t seconds) -> std::string {
  auto const at = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (!::gmtime_r(&at, &parts)) return "not set";
  char text[64];
  std::strftime(text, sizeof text, "%b %Y, %H:%M:%S UTC", &parts);
  return std::to_string(parts.tm_mday) + " " + text;
}

// Go's text of a mode in lower case.
inline auto files_mode_text(files_facts const& f) -> std::string {
  auto out = std::string{};
  if (f.mode == 0) return f.is_symlink ? "lrwxrwxrwx" : "not set";
  if (f.is_directory) out += 'd';
  if (f.is_symlink) out += 'l';
  if (f.mode & 04000) out += 'u';
  if (f.mode & 02000) out += 'g';
  if (f.mode & 01000) out += 't';
  if (out.empty()) out = "-";
  for (auto bit = 0; bit < 9; ++bit) out += f.mode & (0400u >> bit) ? "rwxrwxrwx"[bit] : '-';
  return out;
}

inline auto octal(std::uint32_t n) -> std::string {
  char text[16];
  return {text, std::to_chars(text, text + sizeof text, n, 8).ptr};
}

inline auto run_files_stat(request& in, output& out) -> io_result<void> {
  auto const hash = in.flag("hash"), size = in.flag("size");
  auto format = std::string{in.given("format") ? *in.text("format") : files_stat_format};
  auto const formatted = format != files_stat_format;
  if ((hash && size) || (size && formatted) || (hash && formatted))
    return fail("invalid parameters: format was set by multiple options. Only one format option is allowed");
  if (hash) format = "<hash>";
  else if (size) format = "<cumulsize>";
  CAIRN_TRY(auto path, first_argument(in, "path"));
  CAIRN_TRY(auto source, files_source_of(path));
  auto const locality = in.flag("with-local");
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  auto facts = io_result<files_facts>{files_facts{}};
  if (source.content) {
    CAIRN_TRY(auto at, api->resolve(path_like{*source.content}));
    facts = api->files().stat(at.id, locality);
  } else {
    facts = api->files().stat(source.path, locality);
  }
  if (!facts) return std::unexpected(std::move(facts).error());
  auto const& f = *facts;
  // Go's FileMode: its own bits for directories and the like stand above the permissions
  auto const kind = f.is_directory ? 1u << 31 : f.is_symlink ? 1u << 27 : 0;
  auto const go_mode = f.mode != 0 ? kind | (f.mode & 0777u) | (f.mode & 04000 ? 1u << 23 : 0) | (f.mode & 02000 ? 1u << 22 : 0) | (f.mode & 01000 ? 1u << 20 : 0)
                       : f.is_symlink ? 1u << 27 | 0777u : 0;
  auto const id = cid_text(f.id, style);
  return out.emit(
      [&](std::string& text) {
        auto const unset = std::string{"not set"};
        auto const timed = f.mtime && f.mtime->first > 0;
        auto filled = std::string{format};
        auto const fill = [&](std::string_view token, std::string const& value) {
          for (auto at = filled.find(token); at != filled.npos; at = filled.find(token, at + value.size())) filled.replace(at, token.size(), value);
        };
        fill("<hash>", id);
        fill("<size>", std::to_string(f.size));
        fill("<cumulsize>", std::to_string(f.cumulative_size));
        fill("<childs>", std::to_string(f.links));
        fill("<type>", f.is_directory ? "directory" : "file");
        fill("<mode>", files_mode_text(f));
        fill("<mode-octal>", go_mode ? "0" + octal(go_mode & 0777u) : unset);
        fill("<mtime>", timed ? files_time_text(f.mtime->first) : unset);
        fill("<mtime-secs>", timed ? std::to_string(f.mtime->first) : unset);
        fill("<mtime-nsecs>", timed ? std::to_string(f.mtime->second) : unset);
        text += filled + "\n";
        if (!locality) return;
        char percent[32];
        std::snprintf(percent, sizeof percent, "%.2f", 100.0 * static_cast<double>(f.size_local) / static_cast<double>(f.cumulative_size));
        text += "Local: " + human_size(f.size_local) + " of " + human_size(f.cumulative_size) + " (" + percent + "%)\n";
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Hash").value(id);
          json.key("Size").value(f.size);
          json.key("CumulativeSize").value(f.cumulative_size);
          json.key("Blocks").value(f.links);
          json.key("Type").value(f.is_directory ? "directory" : "file");
          if (locality) json.key("WithLocality").value(true);
          if (f.local) json.key("Local").value(true);
          if (f.size_local) json.key("SizeLocal").value(f.size_local);
          if (f.mtime && f.mtime->first != 0) json.key("Mtime").value(f.mtime->first);
          if (f.mtime && f.mtime->second != 0) json.key("MtimeNsecs").value(static_cast<std::uint64_t>(f.mtime->second));
          if (go_mode) json.key("Mode").value((go_mode < 01000 ? std::string(4 - std::min<std::size_t>(4, octal(go_mode).size()), '0') : "") + octal(go_mode));
        });
      });
}

inline auto run_files_ls(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto given, in.next_argument());
  CAIRN_TRY(auto path, core_files::clean(given ? *given : "/"));
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  auto const details = in.flag("long");
  // as Kubo: --cid-base is for a file that is named itself
  auto const text_of = [&](files_line const& l) { return l.in_directory ? to_string(*l.id) : cid_text(*l.id, style); };
  auto lines = std::vector<files_line>{};
  CAIRN_TRY(api->files().ls(path, details, [&](files_line const& l) -> io_result<void> {
    lines.push_back(l);
    return {};
  }));
  if (out.form() == encoding::text && !in.flag("U")) std::sort(lines.begin(), lines.end(), [](auto const& a, auto const& b) { return a.name < b.name; });
  return out.emit(
      [&](std::string& text) {
        for (auto const& l : lines) {
          text += l.name;
          if (details) text += std::string{l.is_directory ? "/" : ""} + "\t" + text_of(l) + "\t" + std::to_string(l.size);
          text += '\n';
        }
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Entries");
          if (lines.empty()) return json.null();
          json.array([&] {
            for (auto const& l : lines)
              json.object([&] {
                json.key("Name").value(l.name);
                json.key("Type").value(l.is_directory ? 1 : 0);
                json.key("Size").value(l.size);
                json.key("Hash").value(l.id ? text_of(l) : std::string{});
              });
          });
        });
      });
}

inline auto run_files_read(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto given, first_argument(in, "path"));
  CAIRN_TRY(auto path, core_files::clean(given));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto file, api->files().open(path));
  auto const offset = in.number("offset").value_or(0);
  if (offset < 0) return fail("cannot specify negative offset");
  auto const size = file->size();
  if (static_cast<std::uint64_t>(offset) > size) return fail("offset was past end of file (" + std::to_string(offset) + " > " + std::to_string(size) + ")");
  auto length = size - static_cast<std::uint64_t>(offset);
  if (in.given("count")) {
    auto const count = in.number("count").value_or(0);
    if (count < 0) return fail("cannot specify negative 'count'");
    length = std::min(length, static_cast<std::uint64_t>(count));
  }
  return file->read(static_cast<std::uint64_t>(offset), length, [&](bytes_view piece) { return out.raw(piece); });
}

inline auto run_files_write(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto given, first_argument(in, "path"));
  CAIRN_TRY(auto path, core_files::clean(given));
  CAIRN_TRY(auto prefix, files_prefix_of(in));
  auto request = files_write_request{.offset = in.number("offset").value_or(0)};
  if (in.given("count")) request.count = in.number("count");
  request.create = in.flag("create");
  request.parents = in.flag("parents");
  request.truncate = in.flag("truncate");
  request.flush = files_flush_of(in);
  if (in.given("raw-leaves")) request.raw_leaves = in.flag("raw-leaves");
  request.prefix = prefix;
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto file, in.next_file());
  if (!file) return fail("argument \"data\" is required");
  CAIRN_TRY(auto data, in.open_file(*file));
  return api->files().write(path, *data, request);
}

inline auto run_files_mkdir(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto given, first_argument(in, "path"));
  CAIRN_TRY(auto path, core_files::clean(given));
  CAIRN_TRY(auto prefix, files_prefix_of(in));
  CAIRN_TRY(auto* api, in.api());
  return api->files().mkdir(path, in.flag("parents"), prefix, files_flush_of(in));
}

inline auto run_files_cp(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto prefix, files_prefix_of(in));
  CAIRN_TRY(auto given, first_argument(in, "source"));
  CAIRN_TRY(auto given_to, first_argument(in, "dest"));
  CAIRN_TRY(auto source, files_source_of(given));
  CAIRN_TRY(auto to, core_files::clean(given_to));
  while (source.path.ends_with('/')) source.path.pop_back();
  CAIRN_TRY(auto* api, in.api());
  auto content = std::optional<cid>{};
  if (source.content) {
    auto at = api->resolve(path_like{*source.content});
    if (at && !at->remainder.empty()) return fail("cp: cannot get node from path " + source.path + ": no link named " + go_quoted(at->remainder.front()) + " under " + to_string(at->id));
    if (!at) return fail("cp: cannot get node from path " + source.path + ": " + to_string(at.error()));
    content = at->id;
  }
  return api->files().cp(content, source.path, to, in.flag("parents"), in.flag("force"), prefix, files_flush_of(in));
}

inline auto run_files_mv(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto from, first_argument(in, "source"));
  CAIRN_TRY(auto to, first_argument(in, "dest"));
  CAIRN_TRY(from, core_files::clean(from));
  CAIRN_TRY(to, core_files::clean(to));
  CAIRN_TRY(auto* api, in.api());
  return api->files().mv(from, to, files_flush_of(in));
}

inline auto run_files_rm(request& in, output& out) -> io_result<void> {
  if (!files_flush_of(in)) return fail("files rm always flushes for safety. The --flush flag cannot be set to false for this command");
  CAIRN_TRY(auto paths, in.all_arguments());
  CAIRN_TRY(auto* api, in.api());
  auto wrong = std::vector<std::string>{};
  for (auto const& given : paths) {
    auto const path = core_files::clean(given);
    if (!path) {
      wrong.push_back(given + " is not a valid path: " + to_string(path.error()));
      continue;
    }
    if (auto gone = api->files().rm(*path, in.flag("recursive"), in.flag("force")); !gone) wrong.push_back(*path + ": " + to_string(gone.error()));
  }
  for (auto const& why : wrong)
    CAIRN_TRY(out.emit([&](std::string& text) { append_json_string(text, why); text += '\n'; }, [&](json_writer& json) { json.value(why); }));
  if (wrong.empty()) return {};
  CAIRN_TRY(out.flush());  // the sentences are the answer, the error comes behind them
  return fail("can't remove some files");
}

inline auto run_files_flush(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto given, in.next_argument());
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto id, api->files().flush(given ? *given : "/"));
  auto const json = [&](json_writer& w) { w.object([&] { w.key("Cid").value(cid_text(id, style)); }); };
  return out.emit(
      [&](std::string& text) {
        auto writer = json_writer{text};
        json(writer);
        text += '\n';
      },
      json);
}

inline auto run_files_chcid(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto path, first_argument(in, "path"));
  if (path == "/") return fail("cannot change CID format of the MFS root; use 'ipfs config Import.CidVersion' and 'ipfs config Import.HashFunction' instead");
  CAIRN_TRY(auto prefix, files_prefix_of(in));
  CAIRN_TRY(auto* api, in.api());
  return api->files().chcid(path, prefix, files_flush_of(in));
}

inline auto run_files_chmod(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto text, first_argument(in, "mode"));
  CAIRN_TRY(auto given, first_argument(in, "path"));
  CAIRN_TRY(auto path, core_files::clean(given));
  auto mode = std::int32_t{0};
  auto const digits = std::string_view{text}.substr(text.starts_with('+') ? 1 : 0);
  auto const [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), mode, 8);
  if (failed == std::errc::result_out_of_range) return fail("strconv.ParseInt: parsing " + go_quoted(text) + ": value out of range");
  if (failed != std::errc{} || end != digits.data() + digits.size()) return fail("strconv.ParseInt: parsing " + go_quoted(text) + ": invalid syntax");
  CAIRN_TRY(auto* api, in.api());
  // as Kubo reads it: of Go's FileMode, whose bits above the permissions stand elsewhere
  auto const m = static_cast<std::uint32_t>(mode);
  return api->files().chmod(path, (m & 0xC00000u) >> 12 | (m & 0x100000u) >> 11 | (m & 0777u));
}

inline auto run_files_touch(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto given, first_argument(in, "path"));
  CAIRN_TRY(auto path, core_files::clean(given));
  CAIRN_TRY(auto* api, in.api());
  return api->files().touch(path, in.number("mtime").value_or(0), static_cast<std::uint32_t>(in.number("mtime-nsecs").value_or(0)));
}

inline auto run_files_chroot(request& in, output& out) -> io_result<void> {
  if (!in.flag("confirm")) return fail("this is a potentially destructive operation; pass --confirm to proceed");
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto given, in.next_argument());
  auto root = std::optional<cid>{};
  if (given) {
    auto parsed = read_cid_text(*given);
    if (!parsed) return fail("invalid CID " + go_quoted(*given) + ": invalid path " + go_quoted(*given) + ": path does not have enough components");
    root = *parsed;
  }
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto old, api->files().chroot(root));
  auto now = root ? cid_text(*root, style) : std::string{};
  if (!root) {
    CAIRN_TRY(auto facts, api->files().stat("/", false));
    now = cid_text(facts.id, style);
  }
  auto const was = old ? cid_text(*old, style) : std::string{};
  auto const message = old ? "MFS root changed from " + was + " to " + now + "\nThe old root " + was + " will be garbage collected unless pinned.\n" : "MFS root set to " + now + "\n";
  return out.emit([&](std::string& text) { text += message; }, [&](json_writer& json) { json.object([&] { json.key("Message").value(message); }); });
}

inline constexpr option files_options[]{{"flush f", option_type::boolean, "Write the change and the directories above it to the disk before the command ends. Default: true"}};
inline constexpr argument files_path[]{{"path", argument_type::text, true, false, "The path."}};
inline constexpr argument files_path_or_root[]{{"path", argument_type::text, false, false, "The path. Default: /"}};
inline constexpr argument files_paths[]{{"path", argument_type::text, true, true, "The paths."}};
inline constexpr argument files_two_paths[]{{"source", argument_type::text, true, false, "What to take."}, {"dest", argument_type::text, true, false, "Where to put it."}};
inline constexpr argument files_write_arguments[]{{"path", argument_type::text, true, false, "The file to write."}, {"data", argument_type::file, true, false, "What to write.", true}};
inline constexpr argument files_chmod_arguments[]{{"mode", argument_type::text, true, false, "The permissions, in octal digits."}, {"path", argument_type::text, true, false, "The path."}};
inline constexpr argument files_chroot_arguments[]{{"cid", argument_type::text, false, false, "The new root. Default: an empty directory"}};
inline constexpr option files_ls_options[]{
    {"long l", option_type::boolean, "Print CIDs and sizes too."},
    {"U", option_type::boolean, "Print in the order of the directory, unsorted."},
};
inline constexpr option files_stat_options[]{
    {"format", option_type::text, "How to print it, with <hash> <size> <cumulsize> <type> <childs> <mode> <mode-octal> <mtime> <mtime-secs> <mtime-nsecs>."},
    {"hash", option_type::boolean, "Print the CID only."},
    {"size", option_type::boolean, "Print the size of all blocks only."},
    {"with-local", option_type::boolean, "Tell how much of it is in the repo."},
};
inline constexpr option files_read_options[]{
    {"offset o", option_type::int64, "The byte to begin at."},
    {"count n", option_type::int64, "At most so many bytes."},
};
inline constexpr option files_write_options[]{
    {"offset o", option_type::int64, "The byte to begin at."},
    {"create e", option_type::boolean, "Make the file where there is none."},
    {"parents p", option_type::boolean, "Make the directories above it."},
    {"truncate t", option_type::boolean, "Empty the file first."},
    {"count n", option_type::int64, "At most so many bytes."},
    {"raw-leaves", option_type::boolean, "Store new pieces as raw blocks. Default: for files that are CIDv1"},
    {"cid-version cid-ver", option_type::int32, "0 or 1, of what is made."},
    {"hash", option_type::text, "The hash function of what is made; brings CIDv1."},
};
inline constexpr option files_mkdir_options[]{
    {"parents p", option_type::boolean, "Make the directories above it, and be content where it is there."},
    {"cid-version cid-ver", option_type::int32, "0 or 1, of what is made."},
    {"hash", option_type::text, "The hash function of what is made; brings CIDv1."},
};
inline constexpr option files_cp_options[]{
    {"force", option_type::boolean, "Replace a file that is there."},
    {"parents p", option_type::boolean, "Make the directories above it."},
};
inline constexpr option files_rm_options[]{
    {"recursive r", option_type::boolean, "Remove directories with all that is in them."},
    {"force", option_type::boolean, "Remove it whatever it is; it need not be there."},
};
inline constexpr option files_chcid_options[]{
    {"cid-version cid-ver", option_type::int32, "0 or 1."},
    {"hash", option_type::text, "The hash function; brings CIDv1."},
};
inline constexpr option files_touch_options[]{
    {"mtime", option_type::int64, "The time, in seconds since 1970. Default: now"},
    {"mtime-nsecs", option_type::uint32, "And its nanoseconds."},
};
inline constexpr option files_chroot_options[]{{"confirm", option_type::boolean, "Yes, do it."}};

inline constexpr command files_commands[]{
    {.name = "chcid", .summary = "Change how a directory is named.", .about = "Gives a directory another CID version or hash function, for its own blocks only.",
     .examples = "> ipfs files chcid --cid-version=1 /photos", .arguments = files_path, .options = files_chcid_options, .run = run_files_chcid},
    {.name = "chmod", .summary = "Change permissions.", .about = "Sets the permissions that a file or directory carries.", .examples = "> ipfs files chmod 0644 /notes.txt",
     .arguments = files_chmod_arguments, .run = run_files_chmod, .status = command_status::experimental},
    {.name = "chroot", .summary = "Put another directory in place of the root.",
     .about = "For a tree whose root is damaged. Without a CID the files are empty again. The old root goes with the next 'ipfs repo gc', unless it is pinned. No node may be running.",
     .examples = "> ipfs files chroot --confirm <cid>", .arguments = files_chroot_arguments, .options = files_chroot_options, .run = run_files_chroot,
     .status = command_status::experimental, .place = command_place::here_only},
    {.name = "cp", .summary = "Put content into the files.", .about = "Names a file or directory in the tree. Nothing is copied or fetched: the tree has a reference.",
     .examples = "> ipfs files cp /ipfs/<cid> /photos/cat.jpg\n> ipfs files cp -p /photos/cat.jpg /best/", .arguments = files_two_paths, .options = files_cp_options, .run = run_files_cp},
    {.name = "flush", .summary = "Write changes to the disk.", .about = "Writes what was changed with --flush=false, and prints the CID of the path.", .examples = "> ipfs files flush",
     .arguments = files_path_or_root, .run = run_files_flush},
    {.name = "ls", .summary = "List a directory.", .about = "Prints the names in a directory.", .examples = "> ipfs files ls -l /photos", .arguments = files_path_or_root,
     .options = files_ls_options, .run = run_files_ls},
    {.name = "mkdir", .summary = "Make directories.", .about = "Makes a directory. Paths are absolute.", .examples = "> ipfs files mkdir -p /photos/2026/may", .arguments = files_path,
     .options = files_mkdir_options, .run = run_files_mkdir},
    {.name = "mv", .summary = "Move files and directories.", .about = "Moves it into the destination where that is a directory, else to that name.",
     .examples = "> ipfs files mv /photos/cat.jpg /best/", .arguments = files_two_paths, .run = run_files_mv},
    {.name = "read", .summary = "Print a file.", .about = "Writes a file, or a part of it, to standard output.", .examples = "> ipfs files read -o 10 -n 5 /notes.txt", .arguments = files_path,
     .options = files_read_options, .run = run_files_read},
    {.name = "rm", .summary = "Remove files and directories.", .about = "Takes them out of the tree. The blocks go with the next 'ipfs repo gc', unless something else keeps them.",
     .examples = "> ipfs files rm -r /photos", .arguments = files_paths, .options = files_rm_options, .run = run_files_rm},
    {.name = "stat", .summary = "Show what a path is.", .about = "Prints CID, sizes, type, permissions and time.", .examples = "> ipfs files stat --hash /", .arguments = files_path,
     .options = files_stat_options, .run = run_files_stat},
    {.name = "touch", .summary = "Change the modification time.", .about = "Sets the time that a file or directory carries.", .examples = "> ipfs files touch --mtime=1630937926 /notes.txt",
     .arguments = files_path, .options = files_touch_options, .run = run_files_touch, .status = command_status::experimental},
    {.name = "write", .summary = "Write a file.", .about = "Writes data into a file at an offset; what is not written over stays. New pieces are appended as a trickle DAG.",
     .examples = "> echo hello | ipfs files write -e -p /notes/today.txt\n> echo world | ipfs files write -o 6 /notes/today.txt", .arguments = files_write_arguments,
     .options = files_write_options, .run = run_files_write},
};

}  // namespace cairn::service::detail
