#pragma once

#include <cairn/concept/datastore.hpp>
#include <cairn/core/config.hpp>
#include <cairn/datastore/batch.hpp>

#include <memory>
#include <string>

namespace cairn {

namespace detail {
struct leveldb_handle;
struct leveldb_scan;
}  // namespace detail

/// What a LevelDB datastore is opened with.
struct leveldb_options {
  bool sync = true;         ///< a change is acknowledged after it is on the disk
  bool create = true;       ///< make the folder if it is not there
  bool room_ahead = false;  ///< logs have zeros behind their records while they are open: a sync is faster
  std::size_t write_buffer = 1 << 20;  ///< bytes held before a table is written
  std::size_t cache = 1 << 20;         ///< bytes of decoded tables held
};

/// Keys and values in a LevelDB folder: the `datastore/` of a repo, with the bytes of Kubo's.
///
/// cost      one process at a time; memory: write_buffer twice, and cache
/// errors    leveldb errors become io errors that name the folder; damage says so
class leveldb_datastore {
public:
  CAIRN_DECL static auto open(std::string folder, leveldb_options options = {}) -> io_result<leveldb_datastore>;

  CAIRN_DECL leveldb_datastore(leveldb_datastore&&) noexcept;
  CAIRN_DECL auto operator=(leveldb_datastore&&) noexcept -> leveldb_datastore&;
  CAIRN_DECL ~leveldb_datastore();

  CAIRN_DECL auto get(std::string_view key) const -> io_result<std::optional<bytes>>;
  CAIRN_DECL auto has(std::string_view key) const -> io_result<bool>;
  CAIRN_DECL auto put(std::string_view key, bytes_view value) -> io_result<void>;
  CAIRN_DECL auto remove(std::string_view key) -> io_result<void>;
  CAIRN_DECL auto apply(write_batch const& batch) -> io_result<void>;

  /// As of its start (law L5); must not outlive the store.
  class cursor {
  public:
    CAIRN_DECL cursor(cursor&&) noexcept;
    CAIRN_DECL ~cursor();
    CAIRN_DECL auto next() -> io_result<bool>;
    CAIRN_DECL auto key() const -> std::string_view;
    CAIRN_DECL auto value() const -> bytes_view;

  private:
    friend class leveldb_datastore;
    CAIRN_DECL explicit cursor(std::unique_ptr<detail::leveldb_scan> scan);
    std::unique_ptr<detail::leveldb_scan> scan_;
  };
  CAIRN_DECL auto scan(std::string_view prefix) const -> io_result<cursor>;

private:
  CAIRN_DECL explicit leveldb_datastore(std::unique_ptr<detail::leveldb_handle> handle);
  std::unique_ptr<detail::leveldb_handle> handle_;
};

static_assert(datastore<leveldb_datastore>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/datastore/impl/leveldb.ipp>
#endif
