#pragma once
// A disk in memory that can lose power: after `crash`, any subset of what was not synced may be lost, in pages of 4 KiB, cuts of
// files, new names, renames and removals. Syncs of one site can be made to do nothing; any call can be made to fail. Several threads
// may use it: LevelDB compacts on its own.

#include <cairn/blockstore/packs/file_system.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace cairn::testing {

class simulated_disk final : public file_system, public std::enable_shared_from_this<simulated_disk> {
public:
  static constexpr std::size_t page = 4096;

  struct inode {
    bytes now, durable;
  };
  struct pending {
    enum kind { write, cut, name } what;
    std::shared_ptr<inode> file;
    std::uint64_t at = 0;  // write: offset; cut: size
    bytes data;
    std::string from, to;  // name: `from` empty: `to` is created; `to` empty: `from` is removed; else renamed
    std::string folder;
  };

  std::uint64_t operations = 0;     ///< calls that change the disk
  std::uint64_t fail_at = ~0ull;    ///< that operation alone fails
  std::uint64_t fail_from = ~0ull;  ///< that operation and all that follow fail
  int failure = ENOSPC;
  bool read_only = false;
  std::uint64_t capacity = ~0ull;   ///< bytes of all files together
  std::set<sync_site> useless;      ///< syncs that do nothing
  std::array<std::uint64_t, sync_sites> syncs{};

  /// Called before each operation that changes the disk, by the thread that changes it.
  void watch(std::function<void(simulated_disk&)> before_change) {
    auto const guard = std::lock_guard{mutex_};
    before_change_ = std::move(before_change);
  }

  auto open(std::string const& path, open_mode mode) -> io_result<std::unique_ptr<open_file>> override;
  auto rename(std::string const& from, std::string const& to) -> io_result<void> override {
    auto const guard = std::lock_guard{mutex_};
    if (!names_.contains(from)) return std::unexpected(error::system(ENOENT, "cannot rename", from));
    if (auto ok = change("cannot rename", from); !ok) return ok;
    names_[to] = names_[from];
    names_.erase(from);
    pending_.push_back({pending::name, names_[to], 0, {}, from, to, folder_of(to)});
    return {};
  }
  auto unlink(std::string const& path) -> io_result<void> override {
    auto const guard = std::lock_guard{mutex_};
    if (!names_.contains(path)) return std::unexpected(error::system(ENOENT, "cannot remove", path));
    if (auto ok = change("cannot remove", path); !ok) return ok;
    pending_.push_back({pending::name, names_[path], 0, {}, path, "", folder_of(path)});
    names_.erase(path);
    return {};
  }
  auto exists(std::string const& path) -> bool override {
    auto const guard = std::lock_guard{mutex_};
    return names_.contains(path);
  }
  auto list(std::string const& path) -> io_result<std::vector<std::string>> override {
    auto const guard = std::lock_guard{mutex_};
    auto out = std::vector<std::string>{};
    for (auto const& [name, file] : names_)
      if (folder_of(name) == path) out.push_back(name.substr(path.size() + 1));
    return out;
  }
  auto make_folder(std::string const&) -> io_result<void> override {
    if (read_only) return std::unexpected(error::system(EROFS, "cannot create the folder", "simulated"));
    return {};
  }
  auto sync_folder(std::string const& path, sync_site site) -> io_result<void> override {
    auto const guard = std::lock_guard{mutex_};
    if (auto ok = change("cannot sync", path); !ok) return ok;
    ++syncs[static_cast<std::size_t>(site)];
    if (useless.contains(site)) return {};
    settle([&](pending const& p) { return p.what == pending::name && p.folder == path; });
    return {};
  }
  struct held final : file_lock {
    held(std::shared_ptr<simulated_disk> d, std::string p) : disk{std::move(d)}, path{std::move(p)} {}
    ~held() override {
      auto const guard = std::lock_guard{disk->mutex_};
      disk->locks_.erase(path);
    }
    std::shared_ptr<simulated_disk> disk;
    std::string path;
  };
  auto lock(std::string const& path) -> io_result<std::unique_ptr<file_lock>> override {
    auto const guard = std::lock_guard{mutex_};
    if (read_only) return std::unexpected(error::system(EROFS, "cannot open", path));
    if (!locks_.insert(path).second) return std::unexpected(error::message("blockstore", "locked by process 1").about(path));
    return std::make_unique<held>(shared_from_this(), path);
  }

  auto unsynced() const -> std::size_t {
    auto const guard = std::lock_guard{mutex_};
    return pending_.size();
  }
  /// For `survives`, and where nobody else changes the disk.
  auto unsynced(std::size_t i) const -> pending const& { return pending_[i]; }

  /// A disk as a power cut leaves it: `survives(i)` says whether the i-th unsynced change made it.
  template <class Survives>
  auto after_crash(Survives survives) const -> std::shared_ptr<simulated_disk> {
    auto const guard = std::lock_guard{mutex_};
    auto out = std::make_shared<simulated_disk>();
    auto copies = std::map<inode const*, std::shared_ptr<inode>>{};
    auto const copy_of = [&](std::shared_ptr<inode> const& f) -> std::shared_ptr<inode> const& {
      auto& c = copies[f.get()];
      if (!c) c = std::make_shared<inode>(inode{f->durable, {}});  // what follows is applied to `now`
      return c;
    };
    auto names = std::map<std::string, std::shared_ptr<inode>>{};
    for (auto const& [name, file] : durable_names_) names[name] = copy_of(file);
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      if (!survives(i)) continue;
      auto const& p = pending_[i];
      if (p.what == pending::name) apply_name(names, p, copy_of(p.file));
      else apply_data(copy_of(p.file)->now, p);
    }
    for (auto& [name, file] : names) {
      file->durable = file->now;
      out->names_[name] = file;
    }
    out->durable_names_ = out->names_;
    return out;
  }
  /// A copy of the disk as it is now, unsynced changes included and still unsynced: the process was killed, the machine was not.
  auto after_kill() const -> std::shared_ptr<simulated_disk> {
    auto const guard = std::lock_guard{mutex_};
    auto out = std::make_shared<simulated_disk>();
    auto copies = std::map<inode const*, std::shared_ptr<inode>>{};
    auto const copy_of = [&](std::shared_ptr<inode> const& f) {
      auto& c = copies[f.get()];
      if (!c) c = std::make_shared<inode>(*f);
      return c;
    };
    for (auto const& [name, file] : names_) out->names_[name] = copy_of(file);
    for (auto const& [name, file] : durable_names_) out->durable_names_[name] = copy_of(file);
    out->pending_ = pending_;
    for (auto& p : out->pending_) p.file = copy_of(p.file);
    return out;
  }

  /// The bytes of a file, to look at and to damage.
  auto file(std::string const& path) -> bytes& { return names_.at(path)->now; }
  auto names() const -> std::vector<std::string> {
    auto out = std::vector<std::string>{};
    for (auto const& [name, f] : names_) out.push_back(name);
    return out;
  }

private:
  friend class simulated_file;
  static auto folder_of(std::string const& path) -> std::string { return path.substr(0, path.find_last_of('/')); }
  auto change(char const* doing, std::string const& path) -> io_result<void> {
    ++operations;
    if (before_change_) before_change_(*this);
    if (read_only) return std::unexpected(error::system(EROFS, doing, path));
    if (operations == fail_at || operations >= fail_from) return std::unexpected(error::system(failure, doing, path));
    return {};
  }
  auto full(std::uint64_t more) const -> bool {
    if (capacity == ~0ull) return false;
    auto used = std::uint64_t{0};
    for (auto const& [name, f] : names_) used += f->now.size();
    return used + more > capacity;
  }
  static void apply_data(bytes& content, pending const& p) {
    if (p.what == pending::cut) {
      content.resize(p.at);
      return;
    }
    if (content.size() < p.at + p.data.size()) content.resize(p.at + p.data.size());
    std::copy(p.data.begin(), p.data.end(), content.begin() + static_cast<std::ptrdiff_t>(p.at));
  }
  static void apply_name(std::map<std::string, std::shared_ptr<inode>>& names, pending const& p, std::shared_ptr<inode> const& file) {
    if (!p.from.empty()) {
      auto const at = names.find(p.from);
      if (at != names.end() && at->second == file) names.erase(at);
    }
    if (!p.to.empty()) names[p.to] = file;
  }
  template <class Which>
  void settle(Which which) {
    for (auto const& p : pending_) {
      if (!which(p)) continue;
      if (p.what == pending::name) apply_name(durable_names_, p, p.file);
      else apply_data(p.file->durable, p);
    }
    std::erase_if(pending_, which);
  }

  mutable std::recursive_mutex mutex_;  // who watches looks at the disk
  std::function<void(simulated_disk&)> before_change_;
  std::map<std::string, std::shared_ptr<inode>> names_, durable_names_;
  std::vector<pending> pending_;
  std::set<std::string> locks_;
};

class simulated_file final : public open_file {
public:
  simulated_file(std::shared_ptr<simulated_disk> disk, std::shared_ptr<simulated_disk::inode> file, std::string path)
      : disk_{std::move(disk)}, file_{std::move(file)}, path_{std::move(path)} {}

  auto pread(std::uint64_t offset, bytes_span out) -> io_result<std::size_t> override {
    auto const guard = std::lock_guard{disk_->mutex_};
    auto const& content = file_->now;
    if (offset >= content.size()) return 0;
    auto const n = std::min<std::size_t>(out.size(), content.size() - offset);
    std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(offset), n, out.begin());
    return n;
  }
  auto pwritev(std::uint64_t offset, std::span<bytes_view const> parts) -> io_result<void> override {
    auto const guard = std::lock_guard{disk_->mutex_};
    if (auto ok = disk_->change("cannot write", path_); !ok) return ok;
    bytes all;
    for (auto p : parts) append(all, p);
    if (offset + all.size() > file_->now.size() && disk_->full(offset + all.size() - file_->now.size()))
      return std::unexpected(error::system(ENOSPC, "cannot write", path_));
    for (std::size_t i = 0; i < all.size();) {
      auto const n = std::min<std::size_t>(simulated_disk::page - (offset + i) % simulated_disk::page, all.size() - i);
      simulated_disk::apply_data(file_->now, {simulated_disk::pending::write, file_, offset + i,
                                              bytes(all.begin() + static_cast<std::ptrdiff_t>(i), all.begin() + static_cast<std::ptrdiff_t>(i + n)), {}, {}, {}});
      // a page reaches the disk as the cache has it, earlier writes to it included
      auto const from = (offset + i) / simulated_disk::page * simulated_disk::page;
      auto const to = std::min<std::uint64_t>(from + simulated_disk::page, file_->now.size());
      disk_->pending_.push_back({simulated_disk::pending::write, file_, from,
                                 bytes(file_->now.begin() + static_cast<std::ptrdiff_t>(from), file_->now.begin() + static_cast<std::ptrdiff_t>(to)), {}, {}, {}});
      i += n;
    }
    return {};
  }
  auto truncate(std::uint64_t size) -> io_result<void> override {
    auto const guard = std::lock_guard{disk_->mutex_};
    if (auto ok = disk_->change("cannot cut", path_); !ok) return ok;
    if (size == file_->now.size()) return {};
    auto p = simulated_disk::pending{simulated_disk::pending::cut, file_, size, {}, {}, {}, {}};
    simulated_disk::apply_data(file_->now, p);
    disk_->pending_.push_back(std::move(p));
    return {};
  }
  auto allocate(std::uint64_t size) -> io_result<void> override {
    auto n = this->size();
    if (!n) return std::unexpected(std::move(n).error());
    {
      auto const guard = std::lock_guard{disk_->mutex_};
      if (*n < size && disk_->full(size - *n)) return std::unexpected(error::system(ENOSPC, "cannot reserve room", path_));
    }
    if (*n < size) return truncate(size);
    return {};
  }
  auto sync(sync_site site) -> io_result<void> override {
    auto const guard = std::lock_guard{disk_->mutex_};
    if (auto ok = disk_->change("cannot sync", path_); !ok) return ok;
    ++disk_->syncs[static_cast<std::size_t>(site)];
    if (disk_->useless.contains(site)) return {};
    disk_->settle([&](auto const& p) { return p.file == file_ && p.what != simulated_disk::pending::name; });
    return {};
  }
  auto size() -> io_result<std::uint64_t> override {
    auto const guard = std::lock_guard{disk_->mutex_};
    return file_->now.size();
  }

private:
  std::shared_ptr<simulated_disk> disk_;
  std::shared_ptr<simulated_disk::inode> file_;
  std::string path_;
};

inline auto simulated_disk::open(std::string const& path, open_mode mode) -> io_result<std::unique_ptr<open_file>> {
  auto const guard = std::lock_guard{mutex_};
  auto const at = names_.find(path);
  auto file = at == names_.end() ? nullptr : at->second;
  if (!file && (mode == open_mode::read || mode == open_mode::write)) return std::unexpected(error::system(ENOENT, "cannot open", path));
  if (mode != open_mode::read && read_only) return std::unexpected(error::system(EROFS, "cannot open", path));
  if (!file) {
    if (auto ok = change("cannot open", path); !ok) return std::unexpected(std::move(ok).error());
    file = std::make_shared<inode>();
    names_[path] = file;
    pending_.push_back({pending::name, file, 0, {}, "", path, folder_of(path)});
  } else if (mode == open_mode::truncate && !file->now.empty()) {
    if (auto ok = change("cannot open", path); !ok) return std::unexpected(std::move(ok).error());
    auto p = pending{pending::cut, file, 0, {}, {}, {}, {}};
    apply_data(file->now, p);
    pending_.push_back(std::move(p));
  }
  return std::make_unique<simulated_file>(shared_from_this(), file, path);
}

}  // namespace cairn::testing
