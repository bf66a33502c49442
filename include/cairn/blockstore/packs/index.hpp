#pragma once

#include <cairn/blockstore/packs/file_system.hpp>
#include <cairn/blockstore/packs/location.hpp>
#include <cairn/core/config.hpp>

#include <memory>
#include <optional>
#include <span>

namespace cairn::detail {

/// What the index knows of itself; written with every batch, so it is as true as the batch.
struct index_state {
  pack_position upto;            ///< sections before it are indexed
  std::uint64_t removed_upto = 0;  ///< records of `removed` before this byte are applied
  std::uint64_t blocks = 0;        ///< entries that name a segment in use
  std::uint64_t block_bytes = 0;
  std::uint64_t dropped_blocks = 0, dropped_bytes = 0;  ///< the MANIFEST's, as `blocks` takes them into account
  std::uint32_t sections = 0;    ///< of segment `upto.segment`, before `upto`
};

/// Put an entry, or remove it (no location).
struct index_change {
  bytes_view key;  ///< a multihash, encoded
  std::optional<block_location> location;
};

/// multihash -> location, in LevelDB. Its log is not synced, so a power cut may take any part of what was written since the last
/// `barrier`; every batch carries a number, and a gap in the numbers is seen at `open`, which then goes back to that barrier.
///
/// threads   reads from several threads; changes and barriers, and what the index knows of itself, from one at a time
class packs_index {
  struct handle;

public:
  ~packs_index();

  /// syncs     whether LevelDB's tables and names are synced (the log never is)
  /// errors    those of the disk · what LevelDB says of a damaged index: remove the folder and build it again
  /// when_full called where a write meets a full disk; true where it made room and the write is worth another try. LevelDB itself
  ///           would write nothing more in this process.
  struct room {
    bool (*make)(void*) = nullptr;
    void* context = nullptr;
  };
  static auto open(std::shared_ptr<file_system> files, std::string folder, bool syncs, room when_full = {nullptr, nullptr})
      -> io_result<std::unique_ptr<packs_index>>;

  /// As of the last batch, or of the last barrier where batches after it were lost.
  auto state() const -> index_state const& { return state_; }
  /// Batches after the barrier were lost: entries after `state().upto` may be there or not.
  auto holes() const -> bool { return holes_; }
  /// No entry was ever written.
  auto fresh() const -> bool { return fresh_; }

  /// What the index holds at one moment, for who looks for long.
  struct moment {
    moment(handle* of, void const* taken) : of_{of}, taken_{taken} {}
    moment(moment const&) = delete;
    ~moment();
    handle* of_;
    void const* taken_;  // leveldb::Snapshot
  };
  auto now() const -> std::unique_ptr<moment const>;

  auto get(bytes_view key, moment const* when = nullptr) const -> io_result<std::optional<block_location>>;
  auto apply(std::span<index_change const> changes, index_state const& after) -> io_result<void>;
  /// Everything applied so far outlives a power cut.
  auto barrier() -> io_result<void>;
  /// Batches since the barrier, and entries in them: what the next open has to read again.
  auto unsettled() const -> std::uint64_t { return unsettled_; }

  class cursor {
  public:
    explicit cursor(void* iterator) : iterator_{iterator} {}
    cursor(cursor&& other) noexcept : iterator_{std::exchange(other.iterator_, nullptr)}, started_{other.started_}, placed_{other.placed_} {}
    auto operator=(cursor&& other) noexcept -> cursor& {
      std::swap(iterator_, other.iterator_);
      std::swap(started_, other.started_);
      std::swap(placed_, other.placed_);
      return *this;
    }
    ~cursor();
    struct entry {
      bytes_view key;  ///< valid until the next call
      block_location location;
    };
    auto next() -> io_result<std::optional<entry>>;
    /// Go on with the first entry behind a key.
    void seek_after(bytes_view key);

  private:
    void* iterator_;  // leveldb::Iterator
    bool started_ = false, placed_ = false;
  };
  /// All entries in key order, as of now. checked: every byte read is checked against LevelDB's sums.
  auto entries(bool checked = false, moment const* when = nullptr) const -> cursor;

private:
  explicit packs_index(std::unique_ptr<handle> h);
  auto recover() -> io_result<void>;

  std::unique_ptr<handle> handle_;
  index_state state_;
  std::uint64_t batch_ = 0, barrier_batch_ = 0, unsettled_ = 0;
  bool fresh_ = true, holes_ = false;
};

}  // namespace cairn::detail
