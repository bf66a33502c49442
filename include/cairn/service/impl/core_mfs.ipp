#pragma once
// The core API's mutable files.

#include <cairn/core/try.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/mfs/file_edit.hpp>
#include <cairn/mfs/tree.hpp>
#include <cairn/service/core_files_api.hpp>
#include <cairn/service/impl/core_dag.ipp>
#include <cairn/service/impl/core_files.ipp>
#include <cairn/service/impl/locked_files.hpp>
#include <cairn/unixfs/directory_cursor.hpp>
#include <cairn/unixfs/file_reader.hpp>

namespace cairn::service {

CAIRN_DECL auto core_files::clean(std::string_view path) -> io_result<std::string> {
  if (path.empty()) return detail::fail("paths must not be empty");
  if (path[0] != '/') return detail::fail("paths must start with a leading slash");
  auto parts = std::vector<std::string_view>{};
  for (auto rest = path.substr(1);;) {
    auto const slash = rest.find('/');
    auto const part = rest.substr(0, slash);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    if (slash == rest.npos) break;
    rest.remove_prefix(slash + 1);
  }
  auto out = std::string{};
  for (auto const p : parts) (out += '/') += p;
  if (out.empty()) out = "/";
  if (path.ends_with('/') && path != "/") out += '/';
  return out;
}

CAIRN_DECL auto core_files::stat(cid const& content, bool locality) -> io_result<files_facts> {
  CAIRN_TRY(auto b, detail::load(*state_, content));
  auto out = files_facts{.id = content};
  if (content.codec() == code::raw) {
    out.size = out.cumulative_size = b.data().size();
  } else if (content.codec() == code::dag_pb) {
    CAIRN_TRY(auto both, detail::unixfs_of(b));
    auto const& [node, data] = both;
    out.cumulative_size = b.data().size();
    for (auto const& l : node.links()) out.cumulative_size += l.tsize;
    out.links = node.link_count();
    out.size = data.size();
    out.is_directory = data.is_directory();
    out.is_symlink = data.type == unixfs_type::symlink;
    out.mode = data.permissions();
    if (data.mtime) out.mtime = {data.mtime->seconds, data.mtime->nanos};
  } else {
    return detail::fail("not unixfs node (proto or raw)");
  }
  if (!locality) return out;
  CAIRN_TRY(auto facts, detail::locality_walk{*state_}.of(b));
  out.local = facts.first;
  out.size_local = facts.second;
  return out;
}

CAIRN_DECL auto core_files::stat(std::string_view path, bool locality) -> io_result<files_facts> {
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  auto at = tree->find(path);
  if (!at) return std::unexpected(detail::offline_error_of(std::move(at).error()));
  files.unlock();
  return stat(at->link.id, locality);
}

CAIRN_DECL auto core_files::ls(std::string_view path, bool details, files_sink const& sink) -> io_result<void> {
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  auto at = tree->find(path);
  if (!at) return std::unexpected(detail::offline_error_of(std::move(at).error()));
  files.unlock();
  auto const tell = [&](std::string name, unixfs_link const& link) -> io_result<void> {
    auto line = files_line{.name = std::move(name)};
    line.in_directory = at->is_directory;
    if (details) {
      CAIRN_TRY(auto facts, detail::describe_link(*state_, {}, {}, link.id, link.tsize));
      line.is_directory = facts.type == directory_link::kind::directory;
      line.size = facts.size;
      line.id = link.id;
    }
    return sink(line);
  };
  if (!at->is_directory) return tell(std::string{path.substr(path.rfind('/') + 1)}, at->link);
  // what was found does not change: others go on meanwhile
  CAIRN_TRY(auto cursor, directory_cursor::open(state_->reading(), at->link.id));
  for (;;) {
    auto entry = cursor.next();
    if (!entry) return std::unexpected(detail::offline_error_of(std::move(entry).error()));
    if (!*entry) return {};
    CAIRN_TRY(tell(std::move((*entry)->name), (*entry)->link));
    CAIRN_TRY(state_->check_cancelled());
  }
}

CAIRN_DECL auto core_files::open(std::string_view path) -> io_result<std::unique_ptr<content_reader>> {
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  auto at = tree->find(path);
  if (!at) return std::unexpected(detail::around(std::string{path} + ": ", detail::offline_error_of(std::move(at).error())));
  files.unlock();
  if (at->is_directory) return detail::fail(std::string{path} + " was not a file");
  CAIRN_TRY(auto b, detail::load(*state_, at->link.id));
  if (auto const both = detail::unixfs_of(b); b.id().codec() == code::dag_pb && both && both->second.type == unixfs_type::symlink)
    return std::unexpected(error::message("files", "symlinks not yet supported"));
  CAIRN_TRY(auto file, open_file(state_->reading(), b));
  return std::make_unique<detail::file_content>(*state_, std::move(file));
}

CAIRN_DECL auto core_files::mkdir(std::string_view path, bool parents, std::optional<files_prefix> asked, bool flush) -> io_result<void> {
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  CAIRN_TRY(files.count(flush));
  CAIRN_TRY(auto prefix, files.prefix(asked));
  auto made = tree->make_directory(path, parents, prefix.cid_version, prefix.hash);
  if (!made) return std::unexpected(detail::offline_error_of(std::move(made).error()));
  return files.finish(flush);
}

CAIRN_DECL auto core_files::cp(std::optional<cid> content, std::string_view from, std::string_view to, bool parents, bool force,
                               std::optional<files_prefix> asked, bool flush) -> io_result<void> {
  auto work = detail::core_work{*state_};
  if (content) CAIRN_TRY(detail::keep_whole(*state_, work, *content));
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  CAIRN_TRY(auto prefix, files.prefix(asked));
  auto target = std::string{to};
  if (target.ends_with('/')) target += detail::files_base(from);
  auto const no_source = [&](error e) { return std::unexpected(detail::around("cp: cannot get node from path " + std::string{from} + ": ", detail::offline_error_of(std::move(e)))); };
  auto link = unixfs_link{};
  if (content) {
    link.id = *content;
  } else {
    auto at = tree->find(from);
    if (!at) return no_source(std::move(at).error());
    link = at->link;
  }
  constexpr std::string_view no_unixfs = "cp: source must be a valid UnixFS (dag-pb or raw codec)";
  files.hold(link.id);
  auto b = detail::load(*state_, link.id);
  if (!b) return no_source(std::move(b).error());
  if (link.id.codec() != code::raw && link.id.codec() != code::dag_pb) {
    if (auto const node = detail::decode_lax(link.id.codec(), b->data()); !node) return no_source(detail::decoder_error(link.id.codec(), node.error()));
    return detail::fail(std::string{no_unixfs});
  }
  link.tsize = b->data().size();
  auto is_directory = false;
  if (link.id.codec() == code::dag_pb) {
    auto const both = detail::unixfs_of(*b);
    if (!both) return detail::fail(std::string{no_unixfs} + ": " + std::string{both.error().clause()});
    for (auto const& l : both->first.links()) link.tsize += l.tsize;
    is_directory = both->second.is_directory();
  }
  if (parents && detail::files_folder(target) != "/") {
    auto made = tree->make_directory(detail::files_folder(target), true, prefix.cid_version, prefix.hash);
    if (!made) return std::unexpected(detail::offline_error_of(std::move(made).error()));
  }
  if (force) {
    auto const bad = [&](std::string why) { return detail::fail("cp: cannot unlink existing file: " + std::move(why)); };
    auto const there = tree->find(target);
    if (there && there->is_directory) return bad("not a file: " + target);
    if (there) CAIRN_TRY(tree->remove(target));
    else if (auto const folder = tree->find(detail::files_folder(target)); folder && !folder->is_directory)
      return bad("not a directory: " + target.substr(0, target.rfind('/') + 1));
  }
  CAIRN_TRY(files.count(flush));
  if (auto put = tree->insert(target, link); !put)
    return std::unexpected(detail::around("cp: cannot put node in path " + target + ": ", detail::offline_error_of(std::move(put).error())));
  if (!flush) return {};
  auto told = io_result<void>{};
  if (!is_directory) {
    auto flushed = flushed_file(files.files().store, link, {});
    if (!flushed) told = std::unexpected(detail::around("cp: cannot flush the created file " + target + ": ", detail::offline_error_of(std::move(flushed).error())));
    else CAIRN_TRY(tree->replace(target, *flushed));
  }
  CAIRN_TRY(files.commit());
  return told;
}

CAIRN_DECL auto core_files::mv(std::string_view from, std::string_view to, bool flush) -> io_result<void> {
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  CAIRN_TRY(files.count(flush));
  auto moved = tree->move(from, to);
  if (!moved) return std::unexpected(detail::offline_error_of(std::move(moved).error()));
  return files.finish(flush);
}

CAIRN_DECL auto core_files::rm(std::string_view given, bool recursive, bool force) -> io_result<void> {
  if (given == "/") return detail::fail("cannot delete root");
  auto path = given;
  if (path.ends_with('/')) path.remove_suffix(1);
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  auto const no = [&](error e) -> io_result<void> {
    if (force && e == mfs_errc::not_exist) return {};
    return std::unexpected(detail::offline_error_of(std::move(e)));
  };
  auto folder = tree->find(detail::files_folder(path));
  if (!folder) return no(std::move(folder).error());
  if (!folder->is_directory) return detail::fail("expected *mfs.Directory, didn't get it. This is likely a race condition");
  if (!force) {
    auto at = tree->find(path);
    if (!at) return no(std::move(at).error());
    if (at->is_directory && !recursive) return detail::fail("path is a directory, use -r to remove directories");
  }
  if (auto gone = tree->remove(path); !gone) return no(std::move(gone).error());
  return files.commit();
}

CAIRN_DECL auto core_files::flush(std::string_view path) -> io_result<cid> {
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  auto at = tree->find(path);
  if (!at) return std::unexpected(detail::offline_error_of(std::move(at).error()));
  if (!at->is_directory) {
    auto flushed = flushed_file(files.files().store, at->link, {});
    if (!flushed) return std::unexpected(detail::offline_error_of(std::move(flushed).error()));
    CAIRN_TRY(tree->replace(path, *flushed));
    at->link = *flushed;
  }
  CAIRN_TRY(files.commit());
  return at->link.id;
}

CAIRN_DECL auto core_files::chcid(std::string_view path, std::optional<files_prefix> prefix, bool flush) -> io_result<void> {
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  if (prefix) {
    if (auto done = tree->set_prefix(path, prefix->cid_version, prefix->hash); !done) return std::unexpected(detail::offline_error_of(std::move(done).error()));
  } else if (auto at = tree->find(path); flush && !at) {
    return std::unexpected(detail::offline_error_of(std::move(at).error()));
  }
  return files.finish(flush);
}

CAIRN_DECL auto core_files::chmod(std::string_view path, std::uint32_t mode) -> io_result<void> {
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  if (auto done = tree->set_metadata(path, mode, {}); !done) return std::unexpected(detail::offline_error_of(std::move(done).error()));
  return files.commit();
}

CAIRN_DECL auto core_files::touch(std::string_view path, std::int64_t seconds, std::uint32_t nanos) -> io_result<void> {
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  auto const now = detail::now_of_files();
  auto const time = seconds != 0 ? unixfs_time{seconds + nanos / 1'000'000'000, nanos % 1'000'000'000} : now;
  if (auto done = tree->set_metadata(path, {}, time); !done) return std::unexpected(detail::offline_error_of(std::move(done).error()));
  return files.commit();
}

CAIRN_DECL auto core_files::write(std::string_view path, input_source& data, files_write_request const& request) -> io_result<void> {
  auto options = file_edit_options{.now = detail::now_of_files()};
  auto work = detail::core_work{*state_};  // for as long as no root names what is written
  auto edit = std::optional<file_edit>{};
  auto prefix = files_prefix{};
  {
    auto files = detail::locked_files{*state_};
    CAIRN_TRY(auto* const tree, files.tree());
    CAIRN_TRY(files.count(request.flush));
    CAIRN_TRY(auto import, files.import_options_now());
    options.chunker = import.file.chunker;
    options.raw_leaves = request.raw_leaves ? request.raw_leaves : import.file.raw_leaves;
    CAIRN_TRY(prefix, files.prefix(request.prefix));
    if (request.offset < 0) return detail::fail("cannot have negative write offset");
    if (request.parents && detail::files_folder(path) != "/") {
      auto made = tree->make_directory(detail::files_folder(path), true, prefix.cid_version, prefix.hash);
      if (!made) return std::unexpected(detail::offline_error_of(std::move(made).error()));
    }
    auto at = tree->find(path);
    if (at && at->is_directory) return detail::fail(std::string{path} + " was not a file");
    if (!at && !(request.create && at.error() == mfs_errc::not_exist && !path.ends_with('/'))) return std::unexpected(detail::offline_error_of(std::move(at).error()));
    if (at) {
      auto opened = file_edit::open(work.blocks(), at->link.id, options);
      if (!opened) return std::unexpected(detail::offline_error_of(std::move(opened).error()));
      edit.emplace(*std::move(opened));
    } else {
      edit.emplace(file_edit::create(work.blocks(), prefix.cid_version, prefix.hash, options));
      auto empty = file_edit::create(files.files().store, prefix.cid_version, prefix.hash, options);
      CAIRN_TRY(auto link, empty.finish());
      auto put = tree->insert(path, link);
      if (!put && put.error() == mfs_errc::not_exist) return std::unexpected(std::move(put).error());
      if (!put) return std::unexpected(detail::offline_error_of(std::move(put).error()));
    }
  }
  if (request.truncate) CAIRN_TRY(edit->truncate(0));
  if (request.count && *request.count < 0) return detail::fail("cannot have negative byte count");
  CAIRN_TRY(edit->seek(static_cast<std::uint64_t>(request.offset)));
  // pieces as Kubo's: where they end decides where leaves end, in files of more than 2 MiB
  auto left = request.count ? static_cast<std::uint64_t>(*request.count) : UINT64_MAX;
  auto piece = std::make_unique<byte[]>(32 * limits::KiB);
  for (auto ended = false; !ended && left != 0;) {
    auto size = 0uz;
    auto const most = static_cast<std::size_t>(std::min<std::uint64_t>(32 * limits::KiB, left));
    while (size < most) {
      CAIRN_TRY(auto n, data.read({piece.get() + size, most - size}));
      if (n == 0) {
        ended = true;
        break;
      }
      size += n;
    }
    left -= size;
    CAIRN_TRY(state_->check_cancelled());
    if (size != 0) CAIRN_TRY(edit->write({piece.get(), size}));
  }
  CAIRN_TRY(auto link, edit->finish());
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  files.files().store.lease().hold(link.id);  // what was just stored outlives a sweep under way
  // a file that was removed meanwhile stays removed
  while (path.ends_with('/')) path.remove_suffix(1);
  if (auto put = tree->replace(path, link); !put && !(put.error() == mfs_errc::not_exist)) return std::unexpected(detail::offline_error_of(std::move(put).error()));
  return files.finish(request.flush);
}

CAIRN_DECL auto core_files::chroot(std::optional<cid> root) -> io_result<std::optional<cid>> {
  auto const& store = state_->blocks();
  auto empty = directory{store, {}};
  if (!root) {
    CAIRN_TRY(auto made, empty.save());
    root = made.id;
  }
  auto b = store.get(*root);
  if (!b && b.error() == block_errc::not_found) return detail::fail("new root " + to_string(*root) + " does not exist locally; fetch it first with 'ipfs block get'");
  if (!b) return std::unexpected(std::move(b).error());
  auto const pb = read_dag_pb(b->data());
  if (!pb || root->codec() != code::dag_pb) return detail::fail("new root is not a valid dag-pb node");
  auto const data = decode_unixfs(pb->data().value_or(bytes_view{}));
  if (!data) return detail::fail("new root is not a valid UnixFS node: " + std::string{describe(data.error())});
  constexpr std::string_view names[]{"Raw", "Directory", "File", "Metadata", "Symlink", "HAMTShard"};
  if (!data->is_directory()) return detail::fail("new root must be a directory, got " + std::string{names[static_cast<std::size_t>(data->type)]});
  auto files = detail::locked_files{*state_};
  auto old = read_files_root(state_->opened().metadata());
  CAIRN_TRY(state_->blocks().sync());
  CAIRN_TRY(state_->opened().metadata().put(detail::files_root_key, to_bytes(*root)));
  files.files().tree.reset();
  files.files().kept = root;
  if (!old) return std::nullopt;
  return *old;
}

CAIRN_DECL auto core_files::put_added(std::string_view to, std::string_view name, cid const& root, bool first) -> io_result<void> {
  auto const bad = [](std::string why) { return detail::fail("to-files: " + std::move(why)); };
  if (name.empty()) return bad("cannot add unnamed files to MFS");
  auto cleaned = clean(to.empty() ? "/" : to);
  if (!cleaned) return bad(to_string(cleaned.error()));
  auto target = *std::move(cleaned);
  auto files = detail::locked_files{*state_};
  CAIRN_TRY(auto* const tree, files.tree());
  auto const into = target.ends_with('/');
  if (into) {
    auto const at = tree->find(target);
    if (!at) return bad("MFS destination directory " + go_quoted(target) + " does not exist: " + to_string(at.error()));
    if (!at->is_directory) return bad("MFS destination " + go_quoted(target) + " is not a directory");
    target += detail::files_base(name);
  } else if (!first) {
    return bad("MFS destination is a file: only one entry can be copied to " + go_quoted(target));
  }
  auto const folder = detail::files_folder(target);
  if (auto const at = tree->find(folder); !at) return bad("MFS destination parent " + go_quoted(target) + " " + go_quoted(folder) + " does not exist: " + to_string(at.error()));
  files.hold(root);
  CAIRN_TRY(auto b, detail::load(*state_, root));
  auto link = unixfs_link{root, b.data().size()};
  if (root.codec() == code::dag_pb) {
    CAIRN_TRY(auto both, detail::unixfs_of(b));
    for (auto const& l : both.first.links()) link.tsize += l.tsize;
  }
  if (auto put = tree->insert(target, link); !put) return bad("cannot put node in path " + go_quoted(target) + ": " + to_string(put.error()));
  return files.commit();
}

CAIRN_DECL auto core_files::finish() -> io_result<void> {
  auto files = detail::locked_files{*state_};
  if (!files.files().tree) return {};
  auto done = files.commit();
  files.files().tree.reset();
  return done;
}

}  // namespace cairn::service
