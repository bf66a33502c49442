#pragma once

#include <cairn/core/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace cairn::detail {

/// Room that the metadata keeps for itself: on a full disk pins can still be removed, and a collection begins. LevelDB must not find
/// the disk full half-way through a record, what it writes after that is lost with the next open: so the room is looked at before.
class metadata_reserve {
public:
  static constexpr std::uint64_t size = 4 << 20;     ///< of the file
  static constexpr std::uint64_t least = 1 << 20;    ///< free before a change; a table of LevelDB fits
  static constexpr std::uint64_t plenty = 32 << 20;  ///< free before the reserve is taken

  /// path      of the file; empty: none
  explicit metadata_reserve(std::string path) : path_{std::move(path)} {}

  /// The reserve while somebody uses it. What is left is kept again at the end, before others write to the disk.
  class loan {
  public:
    explicit loan(metadata_reserve const* of) : of_{of} {}
    loan(loan&& other) noexcept : of_{std::exchange(other.of_, nullptr)} {}
    ~loan() {
      if (of_) of_->keep_what_is_left();
    }

  private:
    metadata_reserve const* of_;
  };

  /// Where less than that is free.
  auto lend(std::uint64_t wanted) const -> loan {
    return loan{!path_.empty() && free_at(folder()) < wanted && ::unlink(path_.c_str()) == 0 ? this : nullptr};
  }

  /// For a change of so many octets.
  auto lend_for(std::uint64_t octets) const -> io_result<loan> {
    auto out = lend(least + octets);
    if (path_.empty() || free_at(folder()) >= least / 8 + octets) return out;
    return std::unexpected(error{error::system(ENOSPC, "cannot write the metadata", folder()).advise("make room, then run 'ipfs repo gc'")});
  }

  void take() const {
    if (path_.empty()) return;
    struct ::stat facts {};
    auto const there = ::stat(path_.c_str(), &facts) == 0;
    if ((there && facts.st_size >= static_cast<off_t>(size)) || free_at(folder()) < plenty) return;
    allocate(size);
  }

private:
  void keep_what_is_left() const {
    constexpr auto block = std::uint64_t{64} << 10;
    auto const has = free_at(folder()) / block * block;
    if (has >= block) allocate(std::min(has, size));
  }
  void allocate(std::uint64_t octets) const {
    auto const file = ::open(path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return;
    auto const failed = ::posix_fallocate(file, 0, static_cast<off_t>(octets)) != 0;
    ::close(file);
    if (failed) ::unlink(path_.c_str());
  }
  auto folder() const -> std::string { return path_.substr(0, path_.rfind('/')); }
  static auto free_at(std::string const& folder) -> std::uint64_t {
    struct ::statvfs facts {};
    if (::statvfs(folder.c_str(), &facts) != 0 || facts.f_blocks == 0) return UINT64_MAX;
    return std::uint64_t{::geteuid() == 0 ? facts.f_bfree : facts.f_bavail} * facts.f_frsize;
  }
  std::string path_;
};

inline constexpr std::string_view reserve_file = "reserve";

}  // namespace cairn::detail
