#pragma once

#include <cairn/core/try.hpp>
#include <cairn/repo/errc.hpp>
#include <cairn/repo/files.hpp>
#include <cairn/repo/impl/inner.hpp>

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn {
namespace detail {

inline auto repo_write_all(int fd, std::string_view text) -> bool {
  while (!text.empty()) {
    auto const n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace detail

CAIRN_DECL auto read_text_file(std::string const& path, std::size_t limit) -> io_result<std::optional<std::string>> {
  auto const file = detail::repo_fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0 && errno == ENOENT) return std::nullopt;
  if (file.fd < 0) return std::unexpected(error::system(errno, "cannot open", path));
  auto text = std::string{};
  char part[16384];
  for (;;) {
    auto const n = ::read(file.fd, part, sizeof part);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(error::system(errno, "cannot read", path));
    if (n == 0) return text;
    text.append(part, static_cast<std::size_t>(n));
    if (text.size() > limit) return std::unexpected(error::message("repo", "the file has more than " + std::to_string(limit) + " bytes").about(path));
  }
}

namespace detail {

/// durable   it and its name are synced
inline auto replace_file(std::string const& path, std::string_view text, unsigned mode, bool durable) -> io_result<void> {
  auto temporary = path + ".tmp-XXXXXX";
  {
    auto const file = detail::repo_fd{::mkostemp(temporary.data(), O_CLOEXEC)};
    if (file.fd < 0) return std::unexpected(error::system(errno, "cannot create a file beside it", path));
    if (!detail::repo_write_all(file.fd, text) || ::fchmod(file.fd, mode) != 0 || (durable && ::fsync(file.fd) != 0)) {
      auto e = error::system(errno, "cannot write", temporary);
      ::unlink(temporary.c_str());
      return std::unexpected(std::move(e));
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    auto e = error::system(errno, "cannot replace", path);
    ::unlink(temporary.c_str());
    return std::unexpected(std::move(e));
  }
  if (!durable) return {};
  auto const slash = path.rfind('/');
  auto const folder = detail::repo_fd{::open(slash == path.npos ? "." : path.substr(0, slash + 1).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.fd >= 0 && ::fsync(folder.fd) != 0) return std::unexpected(error::system(errno, "cannot sync the folder of", path));
  return {};
}

}  // namespace detail

CAIRN_DECL auto replace_text_file(std::string const& path, std::string_view text, unsigned mode) -> io_result<void> {
  return detail::replace_file(path, text, mode, true);
}

CAIRN_DECL auto default_repo_path() -> io_result<std::string> {
  auto const* const home = std::getenv("HOME");
  auto const* const given = std::getenv("IPFS_PATH");
  auto path = std::string{given && *given ? given : "~/.ipfs"};
  if (path == "~" || path.starts_with("~/")) {
    if (!home || !*home) return std::unexpected(error::message("repo", "neither IPFS_PATH nor HOME is set"));
    path.replace(0, 1, home);
  }
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

CAIRN_DECL auto repo_lock::take(std::string path) -> io_result<repo_lock> {
  for (;;) {
    auto const fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return std::unexpected(error::system(errno, "cannot lock", path));
    auto lock = repo_lock{path, fd};
    struct ::flock wanted {};
    wanted.l_type = F_WRLCK;
    wanted.l_whence = SEEK_SET;
    if (::fcntl(fd, F_SETLK, &wanted) != 0) {
      auto const number = errno;
      auto const busy = number == EACCES || number == EAGAIN;
      auto holder = wanted;
      auto const known = busy && ::fcntl(fd, F_GETLK, &holder) == 0 && holder.l_type != F_UNLCK && holder.l_pid > 0;
      lock.path_.clear();  // not ours: do not remove it
      if (!busy) return std::unexpected(error::system(number, "cannot lock", path));
      auto e = error{repo_errc::locked}.about("lock " + path);
      if (known) return std::unexpected(std::move(e).advise("process " + std::to_string(holder.l_pid) + " holds it; stop it, or talk to it over its API"));
      return std::unexpected(std::move(e).advise("another process holds it; stop it, or talk to it over its API"));
    }
    // whoever held it before may have removed the file between our open and our lock; then it locks nothing
    struct ::stat ours {}, there {};
    if (::fstat(fd, &ours) == 0 && ::stat(path.c_str(), &there) == 0 && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev) return lock;
    lock.path_.clear();
  }
}

CAIRN_DECL void repo_lock::release() noexcept {
  if (fd_ < 0) return;
  if (!path_.empty()) ::unlink(path_.c_str());  // before the close: after it the lock may be another's
  ::close(std::exchange(fd_, -1));
}

}  // namespace cairn
