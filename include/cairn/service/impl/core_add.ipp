#pragma once
// The core API's import.

#include <cairn/blockstore/null.hpp>
#include <cairn/core/try.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/service/impl/import_config.hpp>
#include <cairn/service/impl/file_mode.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/name_rules.hpp>
#include <cairn/service/request.hpp>
#include <cairn/unixfs/add_tree.hpp>
#include <cairn/unixfs/directory.hpp>
#include <cairn/unixfs/importer.hpp>

namespace cairn::service {
namespace detail {

// Kubo's rules of what follows from what.
inline auto tree_options_of(add_request const& request, ipld::node const& config) -> io_result<tree_options> {
  auto const defaults = import_config{config.find("Import")};
  auto out = tree_options{};
  auto const hash_name = !request.hash.empty() ? request.hash : !defaults.text("HashFunction").empty() ? defaults.text("HashFunction") : "sha2-256";
  auto lower = hash_name;
  for (auto& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  auto const hash = hash_named(lower);
  if (!hash) return fail("unrecognized hash function: \"" + lower + "\"");
  CAIRN_TRY(check_safe_hash(*hash));
  auto version = request.cid_version ? request.cid_version : defaults.number("CidVersion");
  if (version && *version != 0 && *version != 1) return fail("unknown CID version: " + std::to_string(*version));
  if (*hash != code::sha2_256) {
    if (version == 0) return fail("CIDv0 only supports sha2-256");
    version = 1;
  }
  auto raw_leaves = request.raw_leaves ? request.raw_leaves : defaults.flag("UnixFSRawLeaves");
  if (request.no_copy) {
    if (raw_leaves == false) return fail("nocopy option requires '--raw-leaves' to be enabled as well");
    raw_leaves = true;
  }
  auto const metadata = request.preserve_mode || request.preserve_mtime || request.mode != 0 || request.mtime != 0;
  if (metadata) {
    if (raw_leaves == true) return fail("raw-leaves can't be used with UnixFS metadata like mode or modification time");
    raw_leaves = false;
  }
  out.file.cid_version = static_cast<unsigned>(version.value_or(0));
  out.file.hash = *hash;
  out.file.raw_leaves = raw_leaves;
  auto chunker = !request.chunker.empty() ? request.chunker : defaults.text("UnixFSChunker");
  auto parsed = parse_chunker(chunker);
  if (!parsed) {
    auto sentence = std::string{describe(parsed.error())};
    if (parsed.error() == chunker_errc::unrecognized) sentence = "unrecognized chunker option: " + chunker;
    return fail(std::move(sentence));
  }
  out.file.chunker = *parsed;
  auto const links = request.max_file_links ? request.max_file_links : defaults.number("UnixFSFileMaxLinks");
  auto const trickle = request.trickle ? *request.trickle : defaults.text("UnixFSDAGLayout") == "trickle";
  if (links == 1) return fail("max-file-links must be at least 2");
  auto const width = static_cast<std::size_t>(links && *links > 0 ? *links : 174);
  if (trickle) out.file.layout = trickle_layout{width};
  else out.file.layout = balanced_layout{width};
  if (request.inline_limit) {
    if (*request.inline_limit > static_cast<std::int64_t>(limits::digest))
      return fail("inline-limit " + std::to_string(*request.inline_limit) + " exceeds maximum allowed size of 128 bytes");
    out.file.inline_limit = out.directory.inline_limit = static_cast<std::size_t>(std::max<std::int64_t>(0, *request.inline_limit));
  }
  if (request.mtime == 0 && request.mtime_nanos != 0) return fail("option \"mtime-nsecs\" requires \"mtime\" to be provided as well");
  if (request.mode != 0) out.file.metadata.mode = out.directory.metadata.mode = request.mode & 0777;
  if (request.mtime != 0) out.file.metadata.mtime = out.directory.metadata.mtime = unixfs_time{request.mtime, request.mtime_nanos};

  out.directory.cid_version = out.file.cid_version;
  out.directory.hash = *hash;
  if (auto const n = request.max_directory_links ? request.max_directory_links : defaults.number("UnixFSDirectoryMaxLinks"); n && *n > 0)
    out.directory.max_links = static_cast<std::size_t>(*n);
  if (auto const n = request.max_hamt_fanout ? request.max_hamt_fanout : defaults.number("UnixFSHAMTDirectoryMaxFanout")) {
    if (*n < 8 || *n > 1024 || (*n & (*n - 1)) != 0) return fail("HAMT fanout must be a power of 2, between 8 and 1024 (got " + std::to_string(*n) + ")");
    out.directory.fanout = static_cast<std::size_t>(*n);
  }
  // the name that it had; a config with both makes no node
  auto const* const old_name = config.find("Internal");
  auto const* const before = old_name ? old_name->find("UnixFSShardingSizeThreshold") : nullptr;
  auto const* const now = defaults.get("UnixFSHAMTDirectorySizeThreshold");
  if (auto const* n = now || !before || before->is_null() ? now : before) {
    if (auto const* text = n->as_string()) {
      CAIRN_TRY(out.directory.threshold, parse_size(*text));
    } else if (auto const* i = n->as_integer()) {
      out.directory.threshold = static_cast<std::size_t>(i->to_uint64().value_or(out.directory.threshold));
    }
  }
  auto const estimate = defaults.text("UnixFSHAMTDirectorySizeEstimation");
  if (estimate == "block") out.directory.estimate = directory_estimate::block;
  else if (estimate == "disabled") out.directory.estimate = directory_estimate::off;
  else if (!estimate.empty() && estimate != "links") return fail("invalid Import.UnixFSHAMTDirectorySizeEstimation: " + estimate);

  out.hidden = request.hidden;
  out.empty_dirs = request.empty_dirs;
  out.dereference = request.dereference;
  out.dereference_args = request.dereference_args;
  // what is asked for by value wins over what the file has
  out.preserve_mode = request.preserve_mode && request.mode == 0;
  out.preserve_mtime = request.preserve_mtime && request.mtime == 0;
  return out;
}

/// Leaves stay in the files they are of; what the node has already is not referred to again.
class reference_keeper final : public leaf_keeper {
public:
  reference_keeper(filestore& files, core_work& work) : files_{files}, work_{work} {}

  /// Files below an argument are told by its name and the path below it.
  void begin_argument(std::string_view name, std::string_view path) {
    name_ = name;
    path_ = path;
  }
  auto begin_file(std::string_view name) -> io_result<void> override {
    auto path = path_;
    if (name.size() > name_.size()) path += name.substr(name_.size());
    if (!path.empty() && !path.starts_with('/')) path = std::filesystem::current_path().string() + "/" + path;
    CAIRN_TRY(current_, files_.references().relative(path));
    return {};
  }
  auto keep(cid const& leaf, std::uint64_t offset, std::uint64_t size) -> io_result<bool> override {
    work_.hold(leaf, true);  // it may be here as garbage that is going
    CAIRN_TRY(auto here, work_.keep(leaf));
    if (!here) CAIRN_TRY(files_.references().put(leaf.hash(), {current_, offset, size}));
    return true;
  }

private:
  filestore& files_;
  core_work& work_;
  std::string name_, path_, current_;
};

/// The store of an import that leaves out what lies in files: --fscache.
class blocks_beside_files {
public:
  blocks_beside_files(blockstore_ref below, file_references const& files) : below_{below}, files_{files} {}
  auto has(cid const& id) const -> io_result<bool> { return below_.has(id); }
  auto get(cid const& id) const -> io_result<block> { return below_.get(id); }
  auto put(block_view const& b) -> io_result<void> {
    CAIRN_TRY(auto const there, files_.has(b.id().hash()));
    return there ? io_result<void>{} : below_.put(b);
  }
  auto remove(cid const& id) -> io_result<void> { return below_.remove(id); }

private:
  blockstore_ref below_;
  file_references const& files_;
};

/// The names of a path, without those that stand for no entry: Go's path.Clean.
inline auto cleaned_names(std::string_view path) -> std::vector<std::string> {
  auto const rooted = path.starts_with('/');
  auto out = std::vector<std::string>{};
  while (!path.empty()) {
    auto const end = std::min(path.find('/'), path.size());
    auto const name = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (name.empty() || name == ".") continue;
    if (name == ".." && !out.empty() && out.back() != "..") {
      out.pop_back();
    } else if (name != ".." || !rooted) {
      out.emplace_back(name);
    }
  }
  return out;
}

inline auto joined(std::span<std::string const> names) -> std::string {
  auto out = std::string{};
  for (auto const& name : names) (out += out.empty() ? "" : "/") += name;
  return out;
}

/// The directories that the name of a stream asks for, from the inside out: what the outermost of them is called, and the entry.
inline auto wrap_stream(blockstore_ref store, tree_options const& options, added_entry entry, add_events& events) -> io_result<added_entry> {
  auto names = cleaned_names(entry.name);
  if (names.empty()) return entry;
  auto const rooted = entry.name.starts_with('/') ? "/" : "";
  events.added(rooted + joined(names), entry.id, entry.dag_size);
  for (; names.size() > 1; names.pop_back()) {
    auto around = directory{store, options.directory};
    CAIRN_TRY(around.set(names.back(), {entry.id, entry.dag_size}));
    CAIRN_TRY(auto const saved, around.save());
    entry.id = saved.id;
    entry.dag_size = saved.tsize;
    events.added(joined(std::span{names}.first(names.size() - 1)), entry.id, entry.dag_size);
  }
  entry.name = names.front();
  return entry;
}

inline auto check_no_copy(core_state const& state, add_request const& request) -> io_result<void> {
  if (!request.no_copy || state.node->files) return {};
  return fail("either the filestore or the urlstore must be enabled to use nocopy, see: "
              "https://github.com/ipfs/kubo/blob/master/docs/experimental-features.md#ipfs-filestore");
}

class add_relay final : public add_listener {
public:
  add_relay(core_state const& state, add_request const& request, add_events& events) : state_{state}, events_{events}, rules_{request.ignore} {}
  void added(added_entry const& e) override { events_.added(e.name, e.id, e.dag_size); }
  void progress(std::string_view name, std::uint64_t bytes) override { events_.progress(name, bytes); }
  auto excludes(std::string_view name, bool) -> bool override { return rules_.excludes(name); }
  auto stopped() -> bool override { return state_.options.cancelled && state_.options.cancelled(); }

private:
  core_state const& state_;
  add_events& events_;
  name_rules rules_;
};

}  // namespace detail

CAIRN_DECL auto core_api::add(add_request const& request, add_events& events) -> io_result<std::vector<cid>> {
  CAIRN_TRY(detail::check_no_copy(*state_, request));
  CAIRN_TRY(auto options, detail::tree_options_of(request, *config()));
  auto nowhere = null_blockstore{};
  auto work = detail::core_work{*state_};
  auto keeper = std::optional<detail::reference_keeper>{};
  if (request.no_copy && !request.only_hash) options.file.keeper = &keeper.emplace(*state_->node->files, work);
  auto beside = std::optional<detail::blocks_beside_files>{};
  if (request.fs_cache && state_->node->files) beside.emplace(work.blocks(), state_->node->files->references());
  auto const store = request.only_hash ? blockstore_ref{nowhere} : beside ? blockstore_ref{*beside} : work.blocks();
  auto relay = detail::add_relay{*state_, request, events};
  auto const stopped = [&](error e) -> error {
    if (e == add_errc::stopped) return error::message("core", "canceled");
    struct stat facts {};
    if (e == add_errc::file_type && ::lstat(e.subject().c_str(), &facts) == 0)
      return error::message("add", "unrecognized file type for " + e.subject() + ": " + detail::go_file_mode(facts.st_mode));
    if (e.is_system(ENOENT)) return error::message("add", "open " + e.subject() + ": no such file or directory");
    return e;
  };
  auto const add_stream = [&](add_request::item const& item) -> io_result<added_entry> {
    if (keeper) {
      keeper->begin_argument("", "");
      CAIRN_TRY(keeper->begin_file(""));
    }
    auto into = importer{store, options.file};
    struct watched {
      input_source& from;
      detail::add_relay& relay;
      std::string_view name;
      std::uint64_t done = 0;
      auto read(bytes_span out) -> io_result<std::size_t> {
        if (relay.stopped()) return std::unexpected(error{add_errc::stopped});
        CAIRN_TRY(auto n, from.read(out));
        if (relay.stopped()) return std::unexpected(error{add_errc::stopped});  // while it waited
        done += n;
        relay.progress(name, done);
        return n;
      }
    } source{*item.stream, relay, item.name};
    CAIRN_TRY(auto file, into.add(source));
    CAIRN_TRY(into.flush());
    return added_entry{item.name.empty() ? to_string(file.root) : item.name, file.root, file.dag_size};
  };

  auto roots = std::vector<cid>{};
  auto streams = false;
  for (auto const& item : request.items) streams = streams || item.stream;
  if (request.wrap && !streams && !keeper) {
    auto arguments = std::vector<tree_argument>{};
    for (auto const& item : request.items) arguments.push_back({item.path, item.name});
    auto top = add_wrapped(store, arguments, options, &relay);
    if (!top) return std::unexpected(stopped(std::move(top).error()));
    roots.push_back(top->id);
  } else {
    auto wrapper = directory{store, options.directory};
    for (auto const& item : request.items) {
      if (!item.stream && (item.path.starts_with("http://") || item.path.starts_with("https://"))) return detail::fail("cannot add " + item.path + ": this node keeps no references to what is on the web: add it without --nocopy");
      if (keeper) keeper->begin_argument(item.name, item.path);
      auto entry = item.stream ? add_stream(item) : add_tree(store, {item.path, item.name}, options, &relay);
      if (!entry) return std::unexpected(stopped(std::move(entry).error()));
      if (item.stream && request.wrap && entry->name.find('/') != std::string::npos) {
        CAIRN_TRY(*entry, detail::wrap_stream(store, options, *entry, events));
      } else if (item.stream) {
        events.added(entry->name, entry->id, entry->dag_size);
      }
      if (request.wrap) CAIRN_TRY(wrapper.set(entry->name, {entry->id, entry->dag_size}));
      else roots.push_back(entry->id);
    }
    if (request.wrap) {
      CAIRN_TRY(auto top, wrapper.save());
      events.added("", top.id, top.tsize);
      roots.push_back(top.id);
    }
  }
  if (request.only_hash) return roots;
  CAIRN_TRY(sync());
  if (request.pin) {
    CAIRN_TRY(auto* pins, state_->pins());
    for (auto const& root : roots)  // all of it was stored just now: nothing to look for
      CAIRN_TRY(pins->add({root, pin_mode::recursive, request.pin_name}));
  }
  return roots;
}

}  // namespace cairn::service
