#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>

#include <optional>
#include <string>
#include <string_view>

/// The small files of a repo.
namespace cairn {

/// The whole text of a file; nothing where there is none.
///
/// errors    those of the system · a file larger than `limit` bytes
CAIRN_DECL auto read_text_file(std::string const& path, std::size_t limit) -> io_result<std::optional<std::string>>;

/// Replace a file: a temporary beside it, synced, renamed over it, the folder synced. Whoever reads sees the old or the new.
CAIRN_DECL auto replace_text_file(std::string const& path, std::string_view text, unsigned mode = 0600) -> io_result<void>;

/// $IPFS_PATH, else ~/.ipfs; a leading "~" is the home folder.
///
/// errors    neither variable is set
CAIRN_DECL auto default_repo_path() -> io_result<std::string>;

/// The lock that Kubo takes too: `repo.lock`, by fcntl. Released with its owner, or when the process ends.
class repo_lock {
public:
  /// errors    locked: by which process
  CAIRN_DECL static auto take(std::string path) -> io_result<repo_lock>;

  repo_lock(repo_lock&& other) noexcept : path_{std::move(other.path_)}, fd_{std::exchange(other.fd_, -1)} {}
  auto operator=(repo_lock&& other) noexcept -> repo_lock& {
    std::swap(path_, other.path_);
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~repo_lock() { release(); }

  /// Whoever waits may take it now.
  CAIRN_DECL void release() noexcept;

private:
  repo_lock(std::string path, int fd) : path_{std::move(path)}, fd_{fd} {}
  std::string path_;
  int fd_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/repo/impl/files.ipp>
#endif
