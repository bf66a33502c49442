#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/mfs/file_edit.hpp>
#include <cairn/mfs/tree.hpp>

#include <algorithm>

namespace cairn {

struct mfs_tree::node {
  std::string name;
  node* parent;
  directory dir;
  std::map<std::string, std::unique_ptr<node>, std::less<>> open{};  // loaded directories below
  bool stale = false;  // it or something below has changed since its link was written; then all above it is stale too
};

/// A directory that is loaded, or else what a link leads to.
struct mfs_tree::spot {
  node* dir = nullptr;
  unixfs_link link{};
};

namespace detail {

inline auto mfs_parts(std::string_view path) -> std::vector<std::string_view> {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  auto out = std::vector<std::string_view>{};
  if (path.empty()) return out;
  for (;;) {
    auto const slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == path.npos) return out;
    path.remove_prefix(slash + 1);
  }
}

inline auto mfs_joined(std::vector<std::string_view> const& parts, std::size_t count) -> std::string {
  auto out = std::string{};
  for (std::size_t i = 0; i < count; ++i) (out += i ? "/" : "") += parts[i];
  return out;
}

/// The folder of a path with its slash, and the name behind it.
inline auto mfs_split(std::string_view path) -> std::pair<std::string_view, std::string_view> {
  auto const slash = path.rfind('/');
  if (slash == path.npos) return {{}, path};
  return {path.substr(0, slash + 1), path.substr(slash + 1)};
}

inline auto mfs_failure(std::string sentence) { return std::unexpected(error::message("mfs", std::move(sentence))); }

}  // namespace detail

inline mfs_tree::mfs_tree(blockstore_ref store, mfs_options options) : store_{store}, options_{options} {}
CAIRN_DECL mfs_tree::mfs_tree(mfs_tree&&) noexcept = default;
CAIRN_DECL auto mfs_tree::operator=(mfs_tree&&) noexcept -> mfs_tree& = default;
CAIRN_DECL mfs_tree::~mfs_tree() = default;

CAIRN_DECL auto mfs_tree::open(blockstore_ref store, cid const& root, mfs_options options) -> io_result<mfs_tree> {
  auto out = mfs_tree{store, options};
  CAIRN_TRY(auto dir, directory::open(store, root, options.directories));
  out.root_ = std::make_unique<node>(node{{}, nullptr, std::move(dir)});
  auto const& wanted = options.directories;
  if (out.root_->dir.options().cid_version != wanted.cid_version || out.root_->dir.options().hash != wanted.hash) {
    CAIRN_TRY(out.root_->dir.set_prefix(wanted.cid_version, wanted.hash));
    out.root_->stale = true;
  }
  return out;
}

inline void mfs_tree::mark(node* n) {
  for (; n && !n->stale; n = n->parent) n->stale = true;
}

inline auto mfs_tree::adopt(node& in, std::string_view name, directory d) -> node* {
  auto& slot = in.open[std::string{name}];
  slot = std::make_unique<node>(node{std::string{name}, &in, std::move(d)});
  return slot.get();
}

inline auto mfs_tree::child(node& in, std::string_view name) -> io_result<spot> {
  if (auto const at = in.open.find(name); at != in.open.end()) return spot{at->second.get()};
  CAIRN_TRY(auto link, in.dir.find(name));
  if (!link) return std::unexpected(mfs_errc::not_exist);
  if (link->id.codec() == code::raw) return spot{nullptr, *link};
  if (link->id.codec() != code::dag_pb) return std::unexpected(mfs_errc::not_unixfs);
  CAIRN_TRY(auto b, get_block(store_, link->id));
  auto const pb = read_dag_pb(b.data());
  if (!pb) return std::unexpected(error{pb.error()}.about(to_string(link->id)));
  auto const data = decode_unixfs(pb->data().value_or(bytes_view{}));
  if (!data) return std::unexpected(error{data.error()}.about(to_string(link->id)));
  if (!data->is_directory()) return spot{nullptr, *link};
  CAIRN_TRY(auto dir, directory::open(store_, link->id, options_.directories));
  return spot{adopt(in, name, std::move(dir))};
}

inline auto mfs_tree::locate(std::string_view path) -> io_result<spot> {
  auto const parts = detail::mfs_parts(path);
  if (parts.size() > most_parts) return std::unexpected(mfs_errc::too_deep);
  auto at = spot{root_.get()};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!at.dir) return detail::mfs_failure("cannot access " + detail::mfs_joined(parts, i + 1) + ": Not a directory");
    CAIRN_TRY(at, child(*at.dir, parts[i]));
  }
  return at;
}

inline auto mfs_tree::directory_at(std::string_view path) -> io_result<node*> {
  CAIRN_TRY(auto at, locate(path));
  if (!at.dir) return detail::mfs_failure(std::string{path} + " is not a directory");
  return at.dir;
}

inline auto mfs_tree::save(node& n) -> io_result<unixfs_link> {
  for (auto& [name, below] : n.open) {
    if (!below->stale) continue;
    CAIRN_TRY(auto link, save(*below));
    CAIRN_TRY(n.dir.set(name, link));
    below->stale = false;
  }
  return n.dir.save(options_.most_held / 2);
}

inline auto mfs_tree::settled(node& n) -> io_result<unixfs_link> {
  CAIRN_TRY(auto link, save(n));
  if (n.parent && n.stale) {
    CAIRN_TRY(n.parent->dir.set(n.name, link));
    n.stale = false;
  }
  return link;
}

inline auto mfs_tree::held(node const& n) -> std::size_t {
  auto sum = n.dir.held() + 16;
  for (auto const& [name, below] : n.open) sum += held(*below);
  return sum;
}

CAIRN_DECL auto mfs_tree::save() -> io_result<unixfs_link> {
  CAIRN_TRY(auto link, save(*root_));
  root_->stale = false;
  if (held(*root_) > options_.most_held) root_->open.clear();
  return link;
}

CAIRN_DECL auto mfs_tree::find(std::string_view path) -> io_result<mfs_entry> {
  CAIRN_TRY(auto at, locate(path));
  if (!at.dir) return mfs_entry{at.link, false};
  CAIRN_TRY(auto link, settled(*at.dir));
  return mfs_entry{link, true};
}

CAIRN_DECL auto mfs_tree::entries(std::string_view path, std::function<io_result<void>(std::string_view, unixfs_link const&)> const& sink) -> io_result<void> {
  CAIRN_TRY(auto* const at, directory_at(path));
  CAIRN_TRY(settled(*at));
  auto all = at->dir.entries();
  for (;;) {
    CAIRN_TRY(auto e, all.next());
    if (!e) return {};
    CAIRN_TRY(sink(e->name, e->link));
  }
}

inline auto mfs_tree::put(node& in, std::string_view name, unixfs_link const& link) -> io_result<void> {
  CAIRN_TRY(in.dir.set(name, link));
  if (auto const at = in.open.find(name); at != in.open.end()) in.open.erase(at);
  mark(&in);
  return {};
}

inline auto mfs_tree::drop(node& in, std::string_view name) -> io_result<void> {
  CAIRN_TRY(auto was, in.dir.remove(name));
  if (!was) return std::unexpected(mfs_errc::not_exist);
  if (auto const at = in.open.find(name); at != in.open.end()) in.open.erase(at);
  mark(&in);
  return {};
}

CAIRN_DECL auto mfs_tree::insert(std::string_view path, unixfs_link const& link) -> io_result<void> {
  auto const [folder, name] = detail::mfs_split(path);
  if (name.empty()) return std::unexpected(mfs_errc::empty_name);
  CAIRN_TRY(auto* const in, directory_at(folder));
  CAIRN_TRY(auto there, in->dir.find(name));
  if (there) return std::unexpected(mfs_errc::entry_exists);
  return put(*in, name, link);
}

CAIRN_DECL auto mfs_tree::replace(std::string_view path, unixfs_link const& link) -> io_result<void> {
  auto const [folder, name] = detail::mfs_split(path);
  CAIRN_TRY(auto* const in, directory_at(folder));
  CAIRN_TRY(auto there, in->dir.find(name));
  if (!there) return std::unexpected(mfs_errc::not_exist);
  if (*there == link) return {};
  return put(*in, name, link);
}

CAIRN_DECL auto mfs_tree::remove(std::string_view path) -> io_result<void> {
  auto const [folder, name] = detail::mfs_split(path);
  CAIRN_TRY(auto* const in, directory_at(folder));
  return drop(*in, name);
}

CAIRN_DECL auto mfs_tree::make_directory(std::string_view path, bool parents, unsigned cid_version, std::uint64_t hash) -> io_result<void> {
  auto const parts = detail::mfs_parts(path);
  if (parts.size() > most_parts) return std::unexpected(mfs_errc::too_deep);
  if (parts.empty()) return parents ? io_result<void>{} : detail::mfs_failure("cannot create directory '/': Already exists");
  auto options = options_.directories;
  options.cid_version = cid_version;
  options.hash = hash;
  options.metadata = {};
  auto const make = [&](node& in, std::string_view name) -> io_result<node*> {
    auto dir = directory{store_, options};
    CAIRN_TRY(auto link, dir.save());
    CAIRN_TRY(put(in, name, link));
    return adopt(in, name, std::move(dir));
  };
  auto* at = root_.get();
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    auto next = child(*at, parts[i]);
    if (!next && next.error() == mfs_errc::not_exist && parents) {
      CAIRN_TRY(at, make(*at, parts[i]));
      continue;
    }
    if (!next) return std::unexpected(std::move(next).error());
    if (!next->dir) return detail::mfs_failure(detail::mfs_joined(parts, i) + " was not a directory");
    at = next->dir;
  }
  auto last = child(*at, parts.back());
  if (last) return parents && last->dir ? io_result<void>{} : std::unexpected(error{mfs_errc::exists});
  if (!(last.error() == mfs_errc::not_exist)) return std::unexpected(std::move(last).error());
  CAIRN_TRY(make(*at, parts.back()));
  return {};
}

CAIRN_DECL auto mfs_tree::move(std::string_view from, std::string_view to) -> io_result<void> {
  auto const [from_folder, from_name] = detail::mfs_split(from);
  auto [to_folder, to_name] = detail::mfs_split(to);
  if (to_name.empty()) to_name = from_name;
  CAIRN_TRY(auto* into, directory_at(to_folder));
  CAIRN_TRY(auto* const out_of, directory_at(from_folder));
  if (from_name.empty()) return std::unexpected(mfs_errc::not_exist);
  CAIRN_TRY(auto moved, child(*out_of, from_name));
  auto target = child(*into, to_name);
  if (!target && !(target.error() == mfs_errc::not_exist)) return std::unexpected(std::move(target).error());
  if (target && target->dir) {
    into = target->dir;
    to_name = from_name;
    CAIRN_TRY(auto there, into->dir.find(to_name));
    if (there) return std::unexpected(mfs_errc::entry_exists);
  }
  for (auto const* n = into; n; n = n->parent)
    if (moved.dir && n == moved.dir) return std::unexpected(mfs_errc::into_itself);
  if (into == out_of && to_name == from_name) return {};
  auto link = moved.link;
  if (moved.dir) {
    CAIRN_TRY(link, settled(*moved.dir));
  }
  CAIRN_TRY(put(*into, to_name, link));
  return drop(*out_of, from_name);
}

CAIRN_DECL auto mfs_tree::set_prefix(std::string_view path, unsigned cid_version, std::uint64_t hash) -> io_result<void> {
  CAIRN_TRY(auto at, locate(path));
  if (!at.dir) return detail::mfs_failure("can only update directories");
  CAIRN_TRY(at.dir->dir.set_prefix(cid_version, hash));
  mark(at.dir);
  return {};
}

CAIRN_DECL auto mfs_tree::set_metadata(std::string_view path, std::optional<std::uint32_t> mode, std::optional<unixfs_time> mtime) -> io_result<void> {
  CAIRN_TRY(auto at, locate(path));
  if (at.dir) {
    auto now = at.dir->dir.metadata();
    if (mode) now.mode = *mode & 0xfff;
    if (mtime) now.mtime = mtime;
    at.dir->dir.set_metadata(now);
    mark(at.dir);
    return {};
  }
  CAIRN_TRY(auto link, with_metadata(store_, at.link.id, mode, mtime));
  while (path.ends_with('/')) path.remove_suffix(1);
  return replace(path, link);
}

}  // namespace cairn
