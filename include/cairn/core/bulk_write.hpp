#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/nanoseconds.hpp>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <utility>

namespace cairn {

/// Nanoseconds that this thread was ready to run and did not, as the scheduler counts them; 0 where it does not say.
///
/// cost      a microsecond; a descriptor for each thread that asks, until it ends
CAIRN_DECL auto waited_for_processor() -> std::int64_t;

/// Which way large writes take: through the page cache, or around it.
///
/// The cache is the faster way where free memory is at hand, and keeps what was written for the next reader. Around it is faster where
/// memory is dear (a virtual machine that is given its pages one by one) and for what is synced at once anyway. Both are measured with
/// the writes themselves; the other one is looked at again after a while, ever more rarely. Since the next reader pays for what is not
/// in the cache, around it must be `worth` times as fast; 1 is for what goes elsewhere. A cache that takes 2.5 GB a second is not doubted.
///
/// threads   every member may be called from several threads
class write_pace {
public:
  static constexpr std::size_t least = limits::MiB;  ///< smaller writes always go through the cache
  static constexpr std::int64_t cheap = 400'000;      ///< nanoseconds of a MiB

  /// Whichever is faster by this clock; `waited` is what of it a thread has waited for a processor.
  explicit write_pace(steady_nanoseconds now, std::int64_t worth = 2, steady_nanoseconds waited = nullptr) : now_{now}, waited_{waited}, worth_{worth} {}
  /// Around the cache, wherever the file system can.
  write_pace() = default;

  /// Whether the next large write goes around the cache.
  CAIRN_DECL auto around() -> bool;
  CAIRN_DECL void took(bool around, std::size_t bytes, std::int64_t nanoseconds);
  /// The file system cannot: never around again.
  CAIRN_DECL void refuse();
  /// Differences count, within one thread.
  auto now() const -> std::int64_t { return !now_ ? 0 : waited_ ? now_() - waited_() : now_(); }

private:
  // estimates: what two threads note at once may lose one of the notes
  steady_nanoseconds now_ = nullptr, waited_ = nullptr;
  std::int64_t worth_ = 2;
  std::atomic<std::int64_t> cost_[2]{};  // nanoseconds of a MiB; 0: not yet known
  std::atomic<std::uint64_t> since_ = 0, patience_ = 64 * limits::MiB;
  std::atomic<bool> last_ = false, warm_ = false, refused_ = false;
};

namespace detail {

/// Room on the disk beyond the end of a file that grows by large writes: ext4 then need not count each page of theirs as it comes, which
/// is a third of what such a write costs. Nothing where the file system is another one, or nearly full. The file is borrowed.
class room_ahead {
public:
  static constexpr std::uint64_t least = 8 * limits::MiB, most = 64 * limits::MiB;

  explicit room_ahead(int fd) : fd_{fd} {}
  /// Before a write. Never more than what the file has already, so a small file stays small. By any thread.
  CAIRN_DECL void before_write(std::uint64_t offset, std::size_t size);
  /// What is not used goes back; the file is `size` long, or else nothing is done to it.
  CAIRN_DECL void release(std::uint64_t size);
  /// The same, whatever its length.
  CAIRN_DECL void release();
  /// The file was cut: what lay beyond its end is gone.
  void forget() { end_ = 0; }

private:
  int fd_;
  std::atomic<std::uint64_t> end_ = 0;  // of the room; 0: none yet
  std::atomic<bool> refused_ = false;
};

/// What a killed process had reserved for a file beyond its end.
CAIRN_DECL void give_back_room(int fd);

/// Memory that writes around the page cache can start from.
class aligned_memory {
public:
  aligned_memory() = default;
  explicit aligned_memory(byte* at) : at_{at} {}
  aligned_memory(aligned_memory&& other) noexcept : at_{std::exchange(other.at_, nullptr)} {}
  auto operator=(aligned_memory&& other) noexcept -> aligned_memory& {
    std::swap(at_, other.at_);
    return *this;
  }
  ~aligned_memory() { std::free(at_); }
  auto get() const -> byte* { return at_; }
  explicit operator bool() const { return at_ != nullptr; }

private:
  byte* at_ = nullptr;
};

/// A second descriptor of an open file, which goes around the page cache.
class around_cache {
public:
  static constexpr std::size_t align = 4096, room = 2 * limits::MiB;

  explicit around_cache(int fd) : fd_{fd} {}
  around_cache(around_cache const&) = delete;
  CAIRN_DECL ~around_cache();

  /// errno; EINVAL: not on this file system
  CAIRN_DECL auto open() -> int;
  /// `room` bytes; null: there are none.
  CAIRN_DECL static auto allocate() -> aligned_memory;
  /// The octets, which begin such memory, at `offset`: what is aligned goes around the cache, the ends through it. 0 or errno.
  CAIRN_DECL auto write(std::uint64_t offset, bytes_view in) -> int;
  CAIRN_DECL static auto write_through(int fd, std::uint64_t offset, bytes_view in) -> int;

private:
  int fd_, direct_ = -1;
};

class write_behind;

}  // namespace detail

/// Writes many pieces at an offset, the large ones of them as a `write_pace` says. Both are borrowed.
///
/// memory    2 MiB once a write went around the cache
/// threads   large writes wait for each other
class bulk_file {
public:
  bulk_file(int fd, write_pace* pace) : fd_{fd}, pace_{pace}, room_{fd}, direct_{fd} {}

  /// 0 or errno; what part of it is then there is unknown.
  CAIRN_DECL auto write(std::uint64_t offset, std::span<bytes_view const> parts) -> int;
  /// After the file was made shorter or longer. No write is under way.
  void was_cut() { room_.forget(); }
  /// Before the file is closed: what was reserved for it and is not used.
  void release() { room_.release(); }

private:
  auto write_around(std::uint64_t offset, std::span<bytes_view const> parts) -> int;
  auto write_cached(std::uint64_t offset, std::span<bytes_view const> parts) -> int;

  int fd_;
  write_pace* pace_;
  std::atomic<bool> busy_ = false;  // whoever has it may use `direct_`
  detail::room_ahead room_;
  detail::around_cache direct_;
  detail::aligned_memory gather_;
};

/// A byte_sink: a file that is written from where it stands to its end. The file is borrowed; `finish` writes what is still held, and an
/// error may come a write later.
///
/// memory    4 MiB, and a thread, once a write went around the cache
class bulk_sink {
public:
  /// pace      borrowed; null: through the cache
  CAIRN_DECL bulk_sink(int fd, std::string name, write_pace* pace);
  bulk_sink(bulk_sink const&) = delete;
  CAIRN_DECL ~bulk_sink();

  /// errors    errno of write(2), "cannot write"
  CAIRN_DECL auto write(bytes_view in) -> io_result<void>;
  CAIRN_DECL auto finish() -> io_result<void>;

private:
  auto through(bytes_view in) -> io_result<void>;
  auto flush() -> io_result<void>;
  auto failed(int number) const -> io_result<void> { return std::unexpected(error::system(number, "cannot write", name_)); }

  int fd_;
  std::string name_;
  write_pace* pace_;
  detail::write_behind* behind_ = nullptr;  // owned; <memory> is long
  detail::room_ahead room_;
  std::uint64_t at_ = 0;                // of the file, before what is held
  std::size_t held_ = 0, measured_ = 0;  // bytes in memory; bytes that went through the cache since the way was chosen
  std::int64_t spent_ = 0;
  bool plain_, around_ = false;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/core/impl/bulk_write.ipp>
#endif
