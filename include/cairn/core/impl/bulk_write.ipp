#pragma once

#include <cairn/core/bulk_write.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/uio.h>
#include <unistd.h>

namespace cairn {

CAIRN_DECL auto waited_for_processor() -> std::int64_t {
  struct statistics {
    int fd = ::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    statistics() = default;
    statistics(statistics const&) = delete;
    ~statistics() {
      if (fd >= 0) ::close(fd);
    }
  };
  thread_local statistics const of_this_thread;
  char text[96];
  auto const n = of_this_thread.fd < 0 ? -1 : ::pread(of_this_thread.fd, text, sizeof text, 0);
  if (n <= 0) return 0;
  auto const* const end = text + n;
  auto const* const second = std::find(text, text + n, ' ');  // nanoseconds run, nanoseconds waited, slices
  auto waited = std::int64_t{0};
  if (second != end) std::from_chars(second + 1, end, waited);
  return waited;
}

CAIRN_DECL auto write_pace::around() -> bool {
  if (refused_) return false;
  if (!now_) return true;
  if (cost_[0] < cheap) return false;  // or not yet known
  if (cost_[1] == 0) return true;
  auto const better = worth_ * cost_[1] < cost_[0];
  if (since_ < patience_) return better;
  since_ = 0;
  patience_ = std::min<std::uint64_t>(2 * patience_.load(), 4 * limits::GiB);
  return !better;
}

CAIRN_DECL void write_pace::took(bool around, std::size_t bytes, std::int64_t nanoseconds) {
  since_ += bytes;
  if (!now_ || bytes == 0) return;
  if (around && !warm_.exchange(true)) return;  // the first one also opens the way
  auto& cost = cost_[around ? 1 : 0];
  auto const fresh = std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(nanoseconds) * static_cast<double>(limits::MiB) / static_cast<double>(bytes)));
  auto const before = cost.load();
  cost = before == 0 || around != last_ ? fresh : (3 * before + fresh + 3) / 4;
  last_ = around;
}

CAIRN_DECL void write_pace::refuse() { refused_ = true; }

namespace detail {

/// Whether room that is reserved makes writes cheaper here, and `size` of it is a small part of what is free.
inline auto room_is_worth_it(int fd, std::uint64_t size) -> bool {
  constexpr auto ext4 = 0xEF53;
  struct statfs facts {};
  if (::fstatfs(fd, &facts) != 0 || facts.f_type != ext4) return false;
  return size <= std::uint64_t{facts.f_bavail} * static_cast<std::uint64_t>(facts.f_bsize) / 16;
}

CAIRN_DECL void room_ahead::before_write(std::uint64_t offset, std::size_t size) {
  auto const to = offset + size;
  if (refused_ || to < least || to <= end_) return;
  auto const from = std::max(end_.load(), offset);
  auto const end = to + std::min(to, most);
  if (room_is_worth_it(fd_, end - from) && ::fallocate(fd_, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(from), static_cast<off_t>(end - from)) == 0)
    end_ = end;
  else
    refused_ = true;
}

CAIRN_DECL void room_ahead::release(std::uint64_t size) {
  struct stat facts {};
  if (end_ <= size || ::fstat(fd_, &facts) != 0 || static_cast<std::uint64_t>(facts.st_size) != size) return;
  // what is reserved beyond the end goes with it; where this fails, it stays reserved
  if (::ftruncate(fd_, facts.st_size) == 0) end_ = 0;
}

CAIRN_DECL void room_ahead::release() {
  struct stat facts {};
  if (end_ != 0 && ::fstat(fd_, &facts) == 0) release(static_cast<std::uint64_t>(facts.st_size));
}

CAIRN_DECL void give_back_room(int fd) {
  struct stat facts {};
  if (::fstat(fd, &facts) != 0) return;
  auto const held = std::uint64_t{512} * static_cast<std::uint64_t>(facts.st_blocks);
  // less than that may be what the file system itself needs for the file; where it fails, it stays reserved
  if (held > static_cast<std::uint64_t>(facts.st_size) + limits::MiB && ::ftruncate(fd, facts.st_size) != 0) return;
}

CAIRN_DECL around_cache::~around_cache() {
  if (direct_ >= 0) ::close(direct_);
}

CAIRN_DECL auto around_cache::open() -> int {
  if (direct_ < 0) direct_ = ::open(("/proc/self/fd/" + std::to_string(fd_)).c_str(), O_WRONLY | O_DIRECT | O_CLOEXEC);
  return direct_ < 0 ? errno : 0;
}

CAIRN_DECL auto around_cache::allocate() -> aligned_memory { return aligned_memory{static_cast<byte*>(std::aligned_alloc(align, room))}; }

CAIRN_DECL auto around_cache::write_through(int fd, std::uint64_t offset, bytes_view in) -> int {
  while (!in.empty()) {
    auto const n = ::pwrite(fd, in.data(), in.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    in = in.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return 0;
}

CAIRN_DECL auto around_cache::write(std::uint64_t offset, bytes_view in) -> int {
  if (offset % align == 0) {
    while (in.size() >= align) {
      auto const n = ::pwrite(direct_, in.data(), in.size() / align * align, static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return errno;
      in = in.subspan(static_cast<std::size_t>(n));
      offset += static_cast<std::uint64_t>(n);
      if (n == 0 || n % static_cast<ssize_t>(align) != 0) break;
    }
  }
  return write_through(fd_, offset, in);
}

/// Pieces of a file that are written around the cache by a thread of its own: one is on its way while the next one is gathered.
class write_behind {
public:
  write_behind(int fd, write_pace* pace) : fd_{fd}, pace_{pace}, direct_{fd} {}
  write_behind(write_behind const&) = delete;
  ~write_behind();

  /// Before anything else: 0, or errno.
  auto open() -> int;
  /// Where the next piece is gathered: `around_cache::room` bytes.
  auto memory() -> byte* { return gathering_.get(); }
  /// The first `size` bytes of it, at `offset`, once what was handed over before is written. 0, or the errno of something before.
  auto write(std::uint64_t offset, std::size_t size) -> int;
  /// Everything handed over is written: 0, or the errno of something before.
  auto wait() -> int;

private:
  void work();

  int fd_;
  write_pace* pace_;
  around_cache direct_;
  aligned_memory gathering_, writing_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::uint64_t offset_ = 0;
  std::size_t size_ = 0;  // of what is being written; 0: nothing is
  int failure_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

inline write_behind::~write_behind() {
  if (!thread_.joinable()) return;
  {
    auto const guard = std::lock_guard{lock_};
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

inline auto write_behind::open() -> int {
  if (thread_.joinable()) return 0;
  if (auto const e = direct_.open(); e != 0) return e;
  gathering_ = around_cache::allocate();
  writing_ = around_cache::allocate();
  if (!gathering_ || !writing_) return ENOMEM;
  try {
    thread_ = std::thread{[this] { work(); }};
  } catch (std::system_error const&) {  // no more threads here
    return EAGAIN;
  }
  return 0;
}

inline auto write_behind::wait() -> int {
  auto guard = std::unique_lock{lock_};
  changed_.wait(guard, [this] { return size_ == 0; });
  return failure_;
}

inline auto write_behind::write(std::uint64_t offset, std::size_t size) -> int {
  if (auto const e = wait(); e != 0 || size == 0) return e;
  {
    auto const guard = std::lock_guard{lock_};
    std::swap(gathering_, writing_);
    offset_ = offset;
    size_ = size;
  }
  changed_.notify_all();
  return 0;
}

inline void write_behind::work() {
  auto guard = std::unique_lock{lock_};
  for (;;) {
    changed_.wait(guard, [this] { return size_ != 0 || stop_; });
    if (size_ == 0) return;
    guard.unlock();
    auto const begin = pace_->now();
    auto e = direct_.write(offset_, {writing_.get(), size_});
    if (e == EINVAL) {
      pace_->refuse();
      e = around_cache::write_through(fd_, offset_, {writing_.get(), size_});
    } else if (e == 0 && size_ == around_cache::room) {
      pace_->took(true, size_, pace_->now() - begin);
    }
    guard.lock();
    if (e != 0) failure_ = e;
    size_ = 0;
    changed_.notify_all();
  }
}

}  // namespace detail

CAIRN_DECL auto bulk_file::write(std::uint64_t offset, std::span<bytes_view const> parts) -> int {
  auto total = std::size_t{0};
  for (auto const& p : parts) total += p.size();
  if (!pace_ || total < write_pace::least) return write_cached(offset, parts);
  auto const around = pace_->around();
  room_.before_write(offset, total);
  auto const begin = pace_->now();
  auto done = around ? write_around(offset, parts) : write_cached(offset, parts);
  if (around && done == EINVAL) {
    pace_->refuse();
    return write_cached(offset, parts);
  }
  if (done == 0) pace_->took(around, total, pace_->now() - begin);
  return done;
}

inline auto bulk_file::write_around(std::uint64_t offset, std::span<bytes_view const> parts) -> int {
  struct turn {
    explicit turn(std::atomic<bool>& b) : busy{b} {
      while (busy.exchange(true)) busy.wait(true);
    }
    ~turn() {
      busy = false;
      busy.notify_one();
    }
    std::atomic<bool>& busy;
  } const mine{busy_};
  using detail::around_cache;
  if (direct_.open() != 0) return EINVAL;
  if (!gather_) gather_ = around_cache::allocate();
  if (!gather_) return ENOMEM;
  auto held = std::size_t{0};
  // the first piece ends where the next can start: on a boundary
  auto room = static_cast<std::size_t>((around_cache::align - offset % around_cache::align) % around_cache::align);
  if (room == 0) room = around_cache::room;
  for (auto part : parts) {
    while (!part.empty()) {
      auto const n = std::min(part.size(), room - held);
      std::memcpy(gather_.get() + held, part.data(), n);
      held += n;
      part = part.subspan(n);
      if (held < room) continue;
      if (auto const e = direct_.write(offset, {gather_.get(), held}); e != 0) return e;
      offset += held;
      held = 0;
      room = around_cache::room;
    }
  }
  return direct_.write(offset, {gather_.get(), held});
}

inline auto bulk_file::write_cached(std::uint64_t offset, std::span<bytes_view const> parts) -> int {
  constexpr auto most = std::size_t{512};
  auto skip = std::size_t{0};  // bytes of parts[0] that are written
  while (!parts.empty()) {
    iovec v[most];
    auto n = std::size_t{0};
    for (; n < most && n < parts.size(); ++n) {
      auto const part = n == 0 ? parts[0].subspan(skip) : parts[n];
      v[n] = {const_cast<byte*>(part.data()), part.size()};
    }
    auto const wrote = ::pwritev(fd_, v, static_cast<int>(n), static_cast<off_t>(offset));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return errno;
    auto left = static_cast<std::size_t>(wrote);
    offset += left;
    while (!parts.empty() && left >= parts[0].size() - skip) {
      left -= parts[0].size() - skip;
      skip = 0;
      parts = parts.subspan(1);
      if (left == 0 && (parts.empty() || !parts[0].empty())) break;
    }
    skip += left;
  }
  return 0;
}

CAIRN_DECL bulk_sink::bulk_sink(int fd, std::string name, write_pace* pace) : fd_{fd}, name_{std::move(name)}, pace_{pace}, room_{fd} {
  struct stat facts {};
  auto const flags = ::fcntl(fd, F_GETFL);
  auto const at = ::lseek(fd, 0, SEEK_CUR);
  plain_ = !pace || ::fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode) || flags < 0 || (flags & O_APPEND) != 0 || at < 0;
  if (!plain_) at_ = static_cast<std::uint64_t>(at);
}

CAIRN_DECL bulk_sink::~bulk_sink() {
  delete behind_;
  room_.release(at_);
}

inline auto bulk_sink::through(bytes_view in) -> io_result<void> {
  while (!in.empty()) {
    auto const n = ::write(fd_, in.data(), in.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(errno);
    in = in.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

/// What is held is on its way.
inline auto bulk_sink::flush() -> io_result<void> {
  if (held_ == 0) return {};
  room_.before_write(at_, held_);
  if (auto const e = behind_->write(at_, held_); e != 0) return failed(e);
  at_ += held_;
  held_ = 0;
  return {};
}

CAIRN_DECL auto bulk_sink::write(bytes_view in) -> io_result<void> {
  if (plain_) return through(in);
  using detail::around_cache;
  while (!in.empty()) {
    if (around_) {
      auto const n = std::min(in.size(), around_cache::room - held_);
      std::memcpy(behind_->memory() + held_, in.data(), n);
      held_ += n;
      in = in.subspan(n);
      if (held_ < around_cache::room) return {};
      CAIRN_TRY(flush());
      around_ = pace_->around();
      if (!around_)
        if (auto const e = behind_->wait(); e != 0) return failed(e);
      measured_ = 0, spent_ = 0;
      continue;
    }
    auto const chosen = measured_ >= around_cache::room;
    // to go around the cache, begin on a boundary: what is before it goes through
    auto const n = chosen ? std::min<std::size_t>(in.size(), (around_cache::align - at_ % around_cache::align) % around_cache::align) : in.size();
    if (n != 0) {
      room_.before_write(at_, n);
      auto const begin = pace_->now();
      if (auto const e = around_cache::write_through(fd_, at_, in.first(n)); e != 0) return failed(e);
      spent_ += pace_->now() - begin;
      measured_ += n;
      at_ += n;
      in = in.subspan(n);
    }
    if (!chosen || at_ % around_cache::align != 0) continue;
    pace_->took(false, measured_, spent_);
    measured_ = 0, spent_ = 0;
    if (pace_->around()) {
      if (!behind_) behind_ = new detail::write_behind{fd_, pace_};
      around_ = behind_->open() == 0;
    }
  }
  return {};
}

CAIRN_DECL auto bulk_sink::finish() -> io_result<void> {
  if (plain_) return {};
  CAIRN_TRY(flush());
  if (behind_)
    if (auto const e = behind_->wait(); e != 0) return failed(e);
  around_ = false;
  room_.release(at_);
  if (::lseek(fd_, static_cast<off_t>(at_), SEEK_SET) < 0) return failed(errno);
  return {};
}

}  // namespace cairn
