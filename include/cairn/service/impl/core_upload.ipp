#pragma once
// The core API's import of what a client sends.

#include <cairn/blockstore/null.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_add.ipp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/unixfs/directory_builder.hpp>
#include <cairn/unixfs/importer.hpp>

#include <map>

namespace cairn::service {
namespace detail {

// Entries become a tree by their names; files are stored as they come, folders when all is there.
class upload_tree {
public:
  upload_tree(blockstore_ref store, tree_options const& options, add_relay& relay, reference_keeper* keeper)
      : store_{store}, files_{store, options.file}, options_{options}, relay_{relay}, keeper_{keeper}, top_{options.directory} {}

  auto run(upload_source& from) -> io_result<void> {
    for (auto any = false;;) {
      if (relay_.stopped()) return std::unexpected(error{add_errc::stopped});
      CAIRN_TRY(auto entry, from.next());
      if (!entry) return any ? io_result<void>{} : fail("expected a file argument");
      any = true;
      CAIRN_TRY(take(from, *entry));
    }
  }

  // The roots, each under its name; with `wrap` one folder around them all.
  auto finish(bool wrap) -> io_result<std::vector<cid>> {
    auto roots = std::vector<cid>{};
    auto told = std::vector<added_entry>{};
    if (wrap) {
      CAIRN_TRY(auto link, finish(top_, "", told));
      roots.push_back(link.id);
    } else {
      CAIRN_TRY(check_names(top_));
      for (auto& [name, child] : top_.folders) {
        CAIRN_TRY(auto link, finish(child, name, told));
        top_.files.add(name, link);
      }
      top_.files.sort();
      top_.files.entries([&](std::string_view, unixfs_link const& link) { roots.push_back(link.id); });
      for (auto const& [name, link] : nameless_) roots.push_back(link.id);
    }
    CAIRN_TRY(files_.flush());
    for (auto const& e : told) relay_.added(e);
    return roots;
  }

private:
  // A file is a row of its folder's builder: an upload of 10^5 files takes a hundred octets for each.
  struct folder {
    explicit folder(directory_options const& options) : files{options} {}
    std::map<std::string, folder, std::less<>> folders{};
    directory_builder files;
  };

  auto metadata_of(upload_entry const& e, bool directory) const -> file_metadata {
    auto out = directory ? options_.directory.metadata : options_.file.metadata;
    if (options_.preserve_mode && e.mode != 0) out.mode = e.mode;
    if (options_.preserve_mtime && e.mtime) out.mtime = unixfs_time{e.mtime->first, e.mtime->second};
    return out;
  }

  // The folder of that path, made where it is not there.
  auto folder_at(std::string_view path) -> io_result<folder*> {
    auto* at = &top_;
    for (auto depth = 0; !path.empty(); ++depth) {
      if (depth == 1000) return std::unexpected(error{add_errc::too_deep});
      auto const slash = path.find('/');
      auto const name = path.substr(0, slash);
      path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
      auto found = at->folders.find(name);
      if (found == at->folders.end()) found = at->folders.emplace(std::string{name}, folder{options_.directory}).first;
      at = &found->second;
    }
    return at;
  }

  static auto check_names(folder const& f) -> io_result<void> {
    auto both = std::string{};
    if (f.folders.empty()) return {};
    f.files.entries([&](std::string_view name, unixfs_link const&) {
      if (f.folders.contains(name)) both = name;
    });
    return both.empty() ? io_result<void>{} : fail("a file stands where a folder was sent: " + both);
  }

  auto take(upload_source& from, upload_entry const& e) -> io_result<void> {
    struct source {
      upload_source& from;
      add_relay& relay;
      std::string_view name;
      std::uint64_t done = 0, told = 0;
      auto read(bytes_span out) -> io_result<std::size_t> {
        if (relay.stopped()) return std::unexpected(error{add_errc::stopped});
        CAIRN_TRY(auto n, from.read(out));
        done += n;
        if (done - told >= 256 * limits::KiB) relay.progress(name, told = done);
        return n;
      }
    } content{from, relay_, e.path};
    if (e.type == upload_entry::kind::directory) {
      CAIRN_TRY(auto* at, folder_at(e.path));
      at->files.options().metadata = metadata_of(e, true);
      return {};
    }
    auto link = unixfs_link{};
    if (e.type == upload_entry::kind::symlink) {
      byte target[4096];
      auto size = 0uz;
      for (;;) {
        CAIRN_TRY(auto n, from.read(bytes_span{target}.subspan(size)));
        if (n == 0) break;
        if ((size += n) == sizeof target) return fail("the target of a symlink is longer than 4095 bytes: " + e.path);
      }
      auto fields = unixfs_fields{.type = unixfs_type::symlink, .data = bytes_view{target}.first(size)};
      fields.mtime = metadata_of(e, false).mtime;
      auto node = bytes{};
      append_dag_pb_data(node, encode_unixfs(fields));
      CAIRN_TRY(auto id, files_.put(node));
      link = {id, node.size()};
    } else {
      if (keeper_) {
        keeper_->begin_argument("", e.absolute);
        CAIRN_TRY(keeper_->begin_file(""));
      }
      CAIRN_TRY(auto file, files_.add(content, std::nullopt, metadata_of(e, false)));
      relay_.progress(e.path, content.done);
      link = {file.root, file.dag_size};
    }
    relay_.added({e.path.empty() ? to_string(link.id) : e.path, link.id, link.tsize});
    if (e.path.empty()) {
      nameless_.emplace_back(to_string(link.id), link);
      return {};
    }
    auto path = std::string_view{e.path};
    while (path.ends_with('/')) path.remove_suffix(1);
    auto const slash = path.rfind('/');
    auto const name = path.substr(slash + 1);  // npos + 1 is 0
    CAIRN_TRY(auto* at, folder_at(path.substr(0, path.size() - name.size())));
    if (at->folders.contains(name)) return fail("a file was sent where a folder stands: " + e.path);
    at->files.add(name, link);
    return {};
  }

  auto finish(folder& f, std::string const& path, std::vector<added_entry>& told) -> io_result<unixfs_link> {
    CAIRN_TRY(check_names(f));
    for (auto& [name, child] : f.folders) {
      CAIRN_TRY(auto link, finish(child, path.empty() ? name : path + "/" + name, told));
      f.files.add(name, link);
    }
    f.folders.clear();
    if (&f == &top_)
      for (auto const& [name, link] : nameless_) f.files.add(name, link);
    CAIRN_TRY(auto built, f.files.finish(files_));
    f.files = directory_builder{options_.directory};
    told.push_back({path, built.link.id, built.link.tsize});
    return built.link;
  }

  blockstore_ref store_;
  importer files_;
  tree_options const& options_;
  add_relay& relay_;
  reference_keeper* keeper_;
  folder top_;
  std::vector<std::pair<std::string, unixfs_link>> nameless_;
};

}  // namespace detail

CAIRN_DECL auto core_api::add(add_request const& request, upload_source& files, add_events& events) -> io_result<std::vector<cid>> {
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
  auto tree = detail::upload_tree{store, options, relay, keeper ? &*keeper : nullptr};
  auto const stopped = [](error e) -> error { return e == add_errc::stopped ? error::message("core", "canceled") : e; };
  if (auto done = tree.run(files); !done) return std::unexpected(stopped(std::move(done).error()));
  auto roots = tree.finish(request.wrap);
  if (!roots) return std::unexpected(stopped(std::move(roots).error()));
  if (request.only_hash) return roots;
  CAIRN_TRY(sync());
  if (request.pin) {
    CAIRN_TRY(auto* pins, state_->pins());
    for (auto const& root : *roots) CAIRN_TRY(pins->add({root, pin_mode::recursive, request.pin_name}));
  }
  return roots;
}

}  // namespace cairn::service
