#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cairn {

class write_pace;

/// Which promise a sync keeps; the crash tests take out one at a time and must turn red.
enum class sync_site : byte {
  segment_data,   ///< what was put, before it is acknowledged, or before its header calls it durable
  seal,           ///< the index and the header of a segment, before the MANIFEST calls it sealed
  output,         ///< the output of a rewrite, before the MANIFEST names it
  tail_cut,       ///< the cut of a bad tail, before anything is appended after it
  removed,        ///< records of removals, before they are acknowledged or reach the index
  manifest,       ///< the MANIFEST's new text, before its rename
  folder,         ///< names: of the MANIFEST, of segments, of the files of a fresh store
  index_table,    ///< LevelDB's tables, manifest and CURRENT
  index_folder,   ///< LevelDB's names
};
inline constexpr std::size_t sync_sites = 9;

/// An open file. Reads and writes name their offset, so one file serves many threads.
class open_file {
public:
  virtual ~open_file() = default;
  /// Fills `out`, or as much of it as the file has.
  virtual auto pread(std::uint64_t offset, bytes_span out) -> io_result<std::size_t> = 0;
  /// Fills all parts one after the other, or as much of them as the file has.
  CAIRN_DECL virtual auto preadv(std::uint64_t offset, std::span<bytes_span const> parts) -> io_result<std::size_t>;
  /// Says that this is about to be read: the disk may begin.
  virtual void will_read(std::uint64_t /*offset*/, std::uint64_t /*size*/) {}
  /// Writes all parts one after the other, or answers why not; what part of them is then there is unknown.
  virtual auto pwritev(std::uint64_t offset, std::span<bytes_view const> parts) -> io_result<void> = 0;
  virtual auto truncate(std::uint64_t size) -> io_result<void> = 0;
  /// Take the room for `size` bytes, so that later writes cannot meet a full disk.
  virtual auto allocate(std::uint64_t size) -> io_result<void> = 0;
  virtual auto sync(sync_site site) -> io_result<void> = 0;
  virtual auto size() -> io_result<std::uint64_t> = 0;
};

/// Ends when destroyed, or with the process.
class file_lock {
public:
  virtual ~file_lock() = default;
};

enum class open_mode : byte {
  read,      ///< an existing file
  write,     ///< an existing file, also for writing
  create,    ///< a fresh file or the existing one, also for writing
  truncate,  ///< a fresh file, or the existing one emptied
};

/// The calls that `packs` and its index make on a disk: POSIX in production, a simulated disk that crashes in tests.
///
/// threads   all calls may come from several threads
class file_system {
public:
  virtual ~file_system() = default;
  virtual auto open(std::string const& path, open_mode mode) -> io_result<std::unique_ptr<open_file>> = 0;
  virtual auto rename(std::string const& from, std::string const& to) -> io_result<void> = 0;
  virtual auto unlink(std::string const& path) -> io_result<void> = 0;
  virtual auto exists(std::string const& path) -> bool = 0;
  /// Names in a folder, in no order.
  virtual auto list(std::string const& path) -> io_result<std::vector<std::string>> = 0;
  /// The folder and what is missing above it.
  virtual auto make_folder(std::string const& path) -> io_result<void> = 0;
  /// How much room the disk below a folder has; 0: not known.
  virtual auto free_bytes(std::string const& /*path*/) -> std::uint64_t { return 0; }
  virtual auto sync_folder(std::string const& path, sync_site site) -> io_result<void> = 0;
  /// At most one holder; a second one is told who holds it, where the system knows.
  virtual auto lock(std::string const& path) -> io_result<std::unique_ptr<file_lock>> = 0;
};

/// The files of this machine.
///
/// pace      which way large writes take; null: through the page cache
CAIRN_DECL auto posix_file_system(std::shared_ptr<write_pace> pace = {}) -> std::shared_ptr<file_system>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/blockstore/packs/impl/file_system.ipp>
#endif
