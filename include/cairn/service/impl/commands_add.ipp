#pragma once
// add

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

namespace cairn::service::detail {

class add_printer final : public add_events {
public:
  add_printer(request& in, output& out, cid_style style)
      : out_{out}, upload_{in.flag("wrap-with-directory") ? nullptr : in.upload()}, style_{style}, quiet_{in.flag("quiet")}, quieter_{in.flag("quieter")}, silent_{in.flag("silent")},
        bar_{!silent_ && (in.given("progress") ? in.flag("progress") : !quiet_ && !quieter_ && out.messages_on_terminal())},
        told_{!silent_ && in.flag("progress") && out.form() == encoding::json}, collects_roots_{in.given("to-files")} {}

  void added(std::string_view name, cid const& id, std::uint64_t dag_size) override {
    last_ = cid_text(id, style_);
    if (collects_roots_ && name.find('/') == name.npos) roots_.emplace_back(name, id);
    finished_ += std::exchange(current_, 0);
    if (silent_ || (quieter_ && out_.form() == encoding::text) || !done_) return;
    done_ = out_.emit(
        [&](std::string& text) {
          if (quiet_) {
            (text += last_) += '\n';
            return;
          }
          text += "added " + last_ + " " + escaped_name(name) + "\n";
        },
        [&](json_writer& json) {
          json.object([&] {
            json.key("Name").value(name);
            json.key("Hash").value(last_);
            json.key("Size").value(std::to_string(dag_size));
            write_metadata(json);
          });
        });
  }

  void progress(std::string_view name, std::uint64_t bytes) override {
    if (bytes < current_) finished_ += current_;  // another file began
    current_ = bytes;
    if (bar_) out_.progress(finished_ + current_, 0);
    if (!told_ || !done_) return;
    done_ = out_.emit([](std::string&) {},
                      [&](json_writer& json) {
                        json.object([&] {
                          json.key("Name").value(name);
                          if (bytes) json.key("Bytes").value(bytes);
                          write_metadata(json);
                        });
                      });
  }

  /// --to-files
  auto put_into_files(core_api& api, request const& in) -> io_result<void> {
    auto first = true;
    for (auto const& [name, id] : roots_) {
      CAIRN_TRY(api.files().put_added(in.text("to-files").value_or(""), name == to_string(id) ? std::string_view{} : std::string_view{name}, id, first));
      first = false;
    }
    return {};
  }

  auto finish() -> io_result<void> {
    if (!done_) return done_;
    if (quieter_ && !silent_ && out_.form() == encoding::text) return out_.text(last_ + "\n");
    return {};
  }

private:
  // as Kubo: what the sender told of the entry above
  void write_metadata(json_writer& json) const {
    if (!upload_) return;
    auto const& top = upload_->top();
    if (!top.mode_text.empty()) json.key("Mode").value(top.mode_text);
    if (!top.mtime) return;
    if (top.mtime->first != 0) json.key("Mtime").value(top.mtime->first);
    if (top.mtime->second != 0) json.key("MtimeNsecs").value(static_cast<std::uint64_t>(top.mtime->second));
  }

  output& out_;
  upload_source const* upload_;
  cid_style style_;
  bool quiet_, quieter_, silent_, bar_, told_, collects_roots_;
  std::vector<std::pair<std::string, cid>> roots_;
  std::string last_;
  std::uint64_t finished_ = 0, current_ = 0;
  io_result<void> done_{};
};

/// has_line  set where the line of the root was printed, whatever failed after it
inline auto add_all(request& in, output& out, bool& has_line) -> io_result<void> {
  auto request = add_request{};
  auto const number = [&](std::string_view name) -> std::optional<std::int64_t> { return in.given(name) ? in.number(name) : std::nullopt; };
  auto const flag = [&](std::string_view name) -> std::optional<bool> { return in.given(name) ? std::optional{in.flag(name)} : std::nullopt; };
  request.only_hash = in.flag("only-hash");
  request.wrap = in.flag("wrap-with-directory");
  request.pin = in.flag("pin") && !request.only_hash;
  if (in.flag("inline")) {
    request.inline_limit = in.number("inline-limit");
    if (request.inline_limit > 128) return fail("inline-limit " + std::to_string(*request.inline_limit) + " exceeds maximum allowed size of 128 bytes");
  }
  if (auto const name = in.text("pin-name")) {
    if (name->size() > 255) return fail("pin name is " + std::to_string(name->size()) + " bytes (max 255 bytes)");
    request.pin_name = *name;
  }
  auto const no_root = [&](std::string_view why) -> io_result<void> {
    if (in.upload() && in.flag("quieter") && out.form() == encoding::text) CAIRN_TRY(out.text("\n"));
    return fail(std::string{why});
  };
  if (in.given("to-files") && request.only_hash) return no_root("only-hash and to-files options are not compatible");
  request.no_copy = in.flag("nocopy");
  request.fs_cache = in.flag("fscache");
  if (!request.pin && in.given("pin-name")) return fail("pin-name option requires pin to be set");
  if (in.given("to-files") && request.wrap) return no_root("wrap-with-directory and to-files options are not compatible");
  request.cid_version = number("cid-version");
  request.hash = in.text("hash").value_or("");
  request.raw_leaves = flag("raw-leaves");
  request.chunker = in.text("chunker").value_or("");
  request.trickle = flag("trickle");
  request.max_file_links = number("max-file-links");
  request.max_directory_links = number("max-directory-links");
  request.max_hamt_fanout = number("max-hamt-fanout");
  request.hidden = in.flag("hidden");
  request.empty_dirs = in.flag("empty-dirs");
  request.dereference = in.flag("dereference-symlinks");
  request.dereference_args = in.flag("dereference-args");
  request.preserve_mode = in.flag("preserve-mode");
  request.preserve_mtime = in.flag("preserve-mtime");
  request.mode = static_cast<std::uint32_t>(in.number("mode").value_or(0));
  request.mtime = in.number("mtime").value_or(0);
  request.mtime_nanos = static_cast<std::uint32_t>(in.number("mtime-nsecs").value_or(0));
  if (request.mtime_nanos > 999'999'999) return fail("mtime nanoseconds must be in range [1, 999999999]");
  if (auto const path = in.text("ignore-rules-path"); path && !path->empty()) {
    CAIRN_TRY(auto text, in.read_file({{}, std::string{*path}}, 16 * limits::MiB));
    auto rest = as_text(text);
    while (!rest.empty()) {
      auto const end = rest.find('\n');
      request.ignore.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }
  for (auto& rule : in.texts("ignore")) request.ignore.push_back(std::move(rule));
  CAIRN_TRY(auto style, style_of(in));
  if (auto* const upload = in.upload()) {
    CAIRN_TRY(auto* api, in.api());
    auto printer = add_printer{in, out, style};
    auto const kept = in.given("to-files") ? api->begin_work() : nullptr;
    CAIRN_TRY(api->add(request, *upload, printer));
    auto const put = printer.put_into_files(*api, in);
    CAIRN_TRY(printer.finish());  // what was added is said, also where it found no place
    return put;
  }
  if (in.files.empty()) return fail("expected a file argument");
  auto streams = std::vector<std::unique_ptr<input_source>>{};
  for (auto const& f : in.files) {
    auto item = add_request::item{f.name, f.path};
    if (f.path.empty() || (f.is_url() && !request.no_copy)) {
      CAIRN_TRY(auto stream, in.open_file(f));
      item.stream = streams.emplace_back(std::move(stream)).get();
    }
    request.items.push_back(std::move(item));
  }
  CAIRN_TRY(auto* api, in.api());
  auto printer = add_printer{in, out, style};
  auto const kept = in.given("to-files") ? api->begin_work() : nullptr;
  CAIRN_TRY(api->add(request, printer));
  auto const put = printer.put_into_files(*api, in);
  out.progress_end();
  CAIRN_TRY(printer.finish());
  has_line = true;
  return put;
}

inline auto run_add(request& in, output& out) -> io_result<void> {
  auto has_line = false;
  auto done = add_all(in, out, has_line);
  // on the command line the line of -Q comes all the same, empty, where it was no file that failed
  if (!done && !has_line && !in.upload() && in.flag("quieter") && done.error().module() == "command") CAIRN_TRY(out.text("\n"));
  return done;
}

inline constexpr argument add_arguments[]{{"path", argument_type::file, true, true, "The files and directories.", true, true}};
inline constexpr option add_options[]{
    {"recursive r", option_type::boolean, "Add directories with all that is in them."},
    {"dereference-args", option_type::boolean, "DEPRECATED: use --dereference-symlinks. Follow symlinks among the arguments only."},
    {"stdin-name", option_type::text, "The name of what comes from standard input."},
    {"hidden H", option_type::boolean, "Add names that begin with a dot too. Only with -r."},
    {"ignore", option_type::texts, "A rule as in .gitignore: what it fits is left out."},
    {"ignore-rules-path", option_type::text, "A file with such rules."},
    {"empty-dirs E", option_type::boolean, "Add empty directories too.", "true"},
    {"dereference-symlinks", option_type::boolean, "Add what symlinks point to, in place of the symlinks."},
    {"quiet q", option_type::boolean, "Print CIDs only."},
    {"quieter Q", option_type::boolean, "Print the last CID only."},
    {"silent", option_type::boolean, "Print nothing."},
    {"progress p", option_type::boolean, "Show how much was read. Default: where stderr is a terminal"},
    {"only-hash n", option_type::boolean, "Name the content, store nothing."},
    {"wrap-with-directory w", option_type::boolean, "Put everything into one directory."},
    {"pin", option_type::boolean, "Pin what was added.", "true"},
    {"pin-name", option_type::text, "A name for the pin."},
    {"to-files", option_type::text, "Also put it into the files of the node (MFS), at this path."},
    {"cid-version", option_type::int32, "0 or 1. CIDv1 brings raw leaves. Default: Import.CidVersion"},
    {"hash", option_type::text, "The hash function; others than sha2-256 bring CIDv1. Default: Import.HashFunction"},
    {"raw-leaves", option_type::boolean, "Store the pieces of files as raw blocks. Default: with CIDv1 (Import.UnixFSRawLeaves)"},
    {"chunker s", option_type::text, "How files are cut: size-[bytes], rabin-[min]-[avg]-[max] or buzhash. Default: Import.UnixFSChunker"},
    {"trickle t", option_type::boolean, "Lay files out as trickle DAGs."},
    {"max-file-links", option_type::int32, "Most links of a node of a file. Default: Import.UnixFSFileMaxLinks"},
    {"max-directory-links", option_type::int32, "Most links of a flat directory. Default: Import.UnixFSDirectoryMaxLinks"},
    {"max-hamt-fanout", option_type::int32, "Width of a sharded directory, a power of two from 8 to 1024. Default: Import.UnixFSHAMTDirectoryMaxFanout"},
    {"inline", option_type::boolean, "Put small blocks into their CIDs."},
    {"inline-limit", option_type::int32, "The largest such block, at most 128 bytes.", "32"},
    {"nocopy", option_type::boolean, "Refer to the files in place of storing them. Needs the filestore."},
    {"fscache", option_type::boolean, "Do not store blocks that a file of the filestore has."},
    {"preserve-mode", option_type::boolean, "Keep the permissions of the files. No raw leaves then."},
    {"preserve-mtime", option_type::boolean, "Keep the modification times of the files. No raw leaves then."},
    {"mode", option_type::uint32, "Permissions for everything that is added. No raw leaves then."},
    {"mtime", option_type::int64, "A modification time for everything that is added, in seconds since 1970. No raw leaves then."},
    {"mtime-nsecs", option_type::uint32, "And its nanoseconds."},
    {"fast-provide-root", option_type::boolean, "Announce the root at once. Needs a running node. Default: Import.FastProvideRoot"},
    {"fast-provide-dag", option_type::boolean, "Announce all blocks at once. Needs a running node. Default: Import.FastProvideDAG"},
    {"fast-provide-wait", option_type::boolean, "Wait until that is done. Needs a running node. Default: Import.FastProvideWait"},
};

}  // namespace cairn::service::detail
