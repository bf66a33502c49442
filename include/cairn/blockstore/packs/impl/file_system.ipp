#pragma once

#include <cairn/blockstore/packs/file_system.hpp>
#include <cairn/core/bulk_write.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <set>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

namespace cairn {

CAIRN_DECL auto open_file::preadv(std::uint64_t offset, std::span<bytes_span const> parts) -> io_result<std::size_t> {
  auto done = std::size_t{0};
  for (auto const& part : parts) {
    auto n = pread(offset + done, part);
    if (!n) return n;
    done += *n;
    if (*n < part.size()) break;
  }
  return done;
}

namespace detail {

class posix_file final : public open_file {
public:
  posix_file(int fd, std::string path, std::shared_ptr<write_pace> pace) : fd_{fd}, path_{std::move(path)}, pace_{std::move(pace)}, bulk_{fd, pace_.get()} {}
  ~posix_file() override {
    bulk_.release();
    ::close(fd_);
  }

  auto pread(std::uint64_t offset, bytes_span out) -> io_result<std::size_t> override {
    auto done = std::size_t{0};
    while (done < out.size()) {
      auto const n = ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return std::unexpected(failed("cannot read"));
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

  auto preadv(std::uint64_t offset, std::span<bytes_span const> parts) -> io_result<std::size_t> override {
    constexpr auto most = std::size_t{64};
    if (parts.size() > most) return open_file::preadv(offset, parts);
    iovec v[most];
    auto total = std::size_t{0};
    for (std::size_t i = 0; i < parts.size(); ++i) v[i] = {parts[i].data(), parts[i].size()}, total += parts[i].size();
    // what the page cache has costs one call; for what it has not, one long read is begun, which costs far less than page by page
    auto n = ::preadv2(fd_, v, static_cast<int>(parts.size()), static_cast<off_t>(offset), RWF_NOWAIT);
    if (n >= 0 && static_cast<std::size_t>(n) == total) return total;
    will_read(offset, total);
    n = ::preadv(fd_, v, static_cast<int>(parts.size()), static_cast<off_t>(offset));
    if (n >= 0 && static_cast<std::size_t>(n) == total) return total;
    return open_file::preadv(offset, parts);
  }

  void will_read(std::uint64_t offset, std::uint64_t size) override {
    static_cast<void>(::readahead(fd_, static_cast<off64_t>(offset), static_cast<std::size_t>(size)));
  }

  auto pwritev(std::uint64_t offset, std::span<bytes_view const> parts) -> io_result<void> override {
    if (auto const e = bulk_.write(offset, parts); e != 0) return std::unexpected(error::system(e, "cannot write", path_));
    return {};
  }

  auto truncate(std::uint64_t size) -> io_result<void> override {
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return std::unexpected(failed("cannot cut"));
    bulk_.was_cut();
    return {};
  }

  auto allocate(std::uint64_t size) -> io_result<void> override {
    if (auto const e = ::posix_fallocate(fd_, 0, static_cast<off_t>(size)); e != 0)
      return std::unexpected(error::system(e, "cannot reserve room", path_));
    return {};
  }

  auto sync(sync_site) -> io_result<void> override {
    if (::fdatasync(fd_) != 0) return std::unexpected(failed("cannot sync"));
    return {};
  }

  auto size() -> io_result<std::uint64_t> override {
    struct stat st;
    if (::fstat(fd_, &st) != 0) return std::unexpected(failed("cannot stat"));
    return static_cast<std::uint64_t>(st.st_size);
  }

private:
  auto failed(std::string_view doing) const -> error { return error::system(errno, doing, path_); }
  int fd_;
  std::string path_;
  std::shared_ptr<write_pace> pace_;
  bulk_file bulk_;
};

/// fcntl locks do not exclude within a process, so the process keeps a set of its own beside them.
class posix_lock final : public file_lock {
public:
  struct held {
    std::mutex mutex;
    std::set<std::string> paths;
  };
  posix_lock(int fd, std::string path, std::shared_ptr<held> all) : fd_{fd}, path_{std::move(path)}, all_{std::move(all)} {}
  ~posix_lock() override {
    ::close(fd_);
    auto const guard = std::lock_guard{all_->mutex};
    all_->paths.erase(path_);
  }

private:
  int fd_;
  std::string path_;
  std::shared_ptr<held> all_;
};

class posix_files final : public file_system {
public:
  explicit posix_files(std::shared_ptr<write_pace> pace) : pace_{std::move(pace)} {}

  auto open(std::string const& path, open_mode mode) -> io_result<std::unique_ptr<open_file>> override {
    auto const flags = mode == open_mode::read     ? O_RDONLY
                       : mode == open_mode::write  ? O_RDWR
                       : mode == open_mode::create ? O_RDWR | O_CREAT
                                                   : O_RDWR | O_CREAT | O_TRUNC;
    auto const fd = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
    if (fd < 0) return std::unexpected(error::system(errno, "cannot open", path));
    if (mode == open_mode::write) detail::give_back_room(fd);
    return std::make_unique<posix_file>(fd, path, pace_);
  }

  auto rename(std::string const& from, std::string const& to) -> io_result<void> override {
    if (::rename(from.c_str(), to.c_str()) != 0) return std::unexpected(error::system(errno, "cannot rename", from));
    return {};
  }

  auto unlink(std::string const& path) -> io_result<void> override {
    if (::unlink(path.c_str()) != 0) return std::unexpected(error::system(errno, "cannot remove", path));
    return {};
  }

  auto exists(std::string const& path) -> bool override { return ::access(path.c_str(), F_OK) == 0; }

  auto list(std::string const& path) -> io_result<std::vector<std::string>> override {
    auto* folder = ::opendir(path.c_str());
    if (!folder) return std::unexpected(error::system(errno, "cannot list", path));
    auto names = std::vector<std::string>{};
    for (errno = 0; auto* entry = ::readdir(folder); errno = 0) names.emplace_back(entry->d_name);
    auto const why = errno;
    ::closedir(folder);
    if (why != 0) return std::unexpected(error::system(why, "cannot list", path));
    std::erase(names, ".");
    std::erase(names, "..");
    return names;
  }

  auto make_folder(std::string const& path) -> io_result<void> override {
    if (::mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return {};
    auto const slash = path.find_last_of('/');
    if (errno == ENOENT && slash != path.npos && slash > 0) {
      CAIRN_TRY(make_folder(path.substr(0, slash)));
      if (::mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return {};
    }
    return std::unexpected(error::system(errno, "cannot create the folder", path));
  }

  auto free_bytes(std::string const& path) -> std::uint64_t override {
    struct statvfs facts {};
    return ::statvfs(path.c_str(), &facts) == 0 ? std::uint64_t{facts.f_bavail} * facts.f_frsize : 0;
  }

  auto sync_folder(std::string const& path, sync_site) -> io_result<void> override {
    auto const fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return std::unexpected(error::system(errno, "cannot open", path));
    auto const failed = ::fsync(fd) != 0 ? errno : 0;
    ::close(fd);
    if (failed != 0) return std::unexpected(error::system(failed, "cannot sync", path));
    return {};
  }

  auto lock(std::string const& path) -> io_result<std::unique_ptr<file_lock>> override {
    auto const guard = std::lock_guard{held_->mutex};
    if (held_->paths.contains(path)) return std::unexpected(taken(path, ::getpid()));
    auto const fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return std::unexpected(error::system(errno, "cannot open", path));
    struct flock wanted {};
    wanted.l_type = F_WRLCK;
    wanted.l_whence = SEEK_SET;
    if (::fcntl(fd, F_SETLK, &wanted) != 0) {
      auto const who = ::fcntl(fd, F_GETLK, &wanted) == 0 && wanted.l_type != F_UNLCK ? wanted.l_pid : 0;
      ::close(fd);
      return std::unexpected(taken(path, who));
    }
    held_->paths.insert(path);
    return std::make_unique<posix_lock>(fd, path, held_);
  }

private:
  static auto taken(std::string const& path, long who) -> error {
    return error::message("blockstore", who != 0 ? "locked by process " + std::to_string(who) : "locked by another process").about(path);
  }
  std::shared_ptr<write_pace> pace_;
  std::shared_ptr<posix_lock::held> held_ = process_locks();
  static auto process_locks() -> std::shared_ptr<posix_lock::held> {
    static auto const all = std::make_shared<posix_lock::held>();  // the locks belong to the process, as the system's do
    return all;
  }
};

}  // namespace detail

CAIRN_DECL auto posix_file_system(std::shared_ptr<write_pace> pace) -> std::shared_ptr<file_system> {
  return std::make_shared<detail::posix_files>(std::move(pace));
}

}  // namespace cairn
