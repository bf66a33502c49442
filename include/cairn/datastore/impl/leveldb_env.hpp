#pragma once

#include <leveldb/env.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace cairn::detail {

/// A log of LevelDB with zeros written ahead: as many as it has octets, 256 KiB at most. A sync of a record within the length of the
/// file waits for that record alone, one that moves the end of the file waits for the file system's own log too. LevelDB passes over
/// zeros behind the last record; closing cuts them off.
class log_with_room final : public leveldb::WritableFile {
public:
  log_with_room(int fd, std::string path) : fd_{fd}, path_{std::move(path)} {}
  ~log_with_room() override { static_cast<void>(Close()); }

  auto Append(leveldb::Slice const& in) -> leveldb::Status override {
    waiting_.append(in.data(), in.size());
    return waiting_.size() < 65536 ? leveldb::Status::OK() : Flush();
  }
  auto Flush() -> leveldb::Status override {
    if (!write(waiting_)) return failed();
    waiting_.clear();
    return leveldb::Status::OK();
  }
  auto Sync() -> leveldb::Status override {
    if (auto done = Flush(); !done.ok()) return done;
    write_zeros();
    return ::fdatasync(fd_) == 0 ? leveldb::Status::OK() : failed();
  }
  auto Close() -> leveldb::Status override {
    if (fd_ < 0) return leveldb::Status::OK();
    auto done = Flush();
    if (done.ok() && zeros_end_ > at_ && ::ftruncate(fd_, static_cast<off_t>(at_)) != 0) done = failed();
    ::close(std::exchange(fd_, -1));
    return done;
  }

private:
  auto failed() const -> leveldb::Status { return leveldb::Status::IOError(path_, std::generic_category().message(errno)); }

  auto write(std::string_view in) -> bool {
    while (!in.empty()) {
      auto const n = ::pwrite(fd_, in.data(), in.size(), static_cast<off_t>(at_));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return false;
      at_ += static_cast<std::uint64_t>(n);
      in.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  void write_zeros() {
    constexpr auto most = std::uint64_t{256} << 10, least_free = std::uint64_t{64} << 20;
    if (at_ <= zeros_end_) return;
    zeros_end_ = at_;
    struct ::statvfs disk {};
    if (::fstatvfs(fd_, &disk) != 0 || std::uint64_t{disk.f_bavail} * disk.f_frsize < least_free) return;
    static constexpr char zeros[4096]{};
    for (auto const end = at_ + std::min(most, at_) / sizeof zeros * sizeof zeros; zeros_end_ < end; zeros_end_ += sizeof zeros)
      if (::pwrite(fd_, zeros, sizeof zeros, static_cast<off_t>(zeros_end_)) != static_cast<ssize_t>(sizeof zeros)) return;
  }

  int fd_;
  std::string path_, waiting_;
  std::uint64_t at_ = 0, zeros_end_ = 0;
};

/// This machine's files, and room ahead in logs.
class env_with_room final : public leveldb::EnvWrapper {
public:
  env_with_room() : leveldb::EnvWrapper{leveldb::Env::Default()} {}
  auto NewWritableFile(std::string const& path, leveldb::WritableFile** out) -> leveldb::Status override {
    if (!path.ends_with(".log")) return EnvWrapper::NewWritableFile(path, out);
    auto const fd = ::open(path.c_str(), O_TRUNC | O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    *out = fd < 0 ? nullptr : new log_with_room{fd, path};
    return fd < 0 ? leveldb::Status::IOError(path, std::generic_category().message(errno)) : leveldb::Status::OK();
  }
};

}  // namespace cairn::detail
