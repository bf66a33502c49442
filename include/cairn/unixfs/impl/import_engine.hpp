#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/unixfs/impl/file_tree.hpp>
#include <cairn/unixfs/impl/import_slot.hpp>
#include <cairn/unixfs/importer.hpp>

#include <condition_variable>
#include <mutex>

namespace cairn::detail {

/// What `importer` is. A file passes through slots in four stages: read (in order, one thread at a time), hash (any slot, any
/// thread), link and store (in order, one thread at a time). Whoever is free takes the latest stage that can go on, so the work
/// divides itself whichever stage is the slow one.
class import_engine {
public:
  import_engine(blockstore_ref store, import_options options, unsigned helpers);

  auto add(source_ref in, std::optional<std::uint64_t> size_hint, file_metadata const& metadata) -> io_result<imported_file>;
  auto put(bytes_view node, std::uint64_t codec) -> io_result<cid>;
  auto flush() -> io_result<void>;
  auto options() const -> import_options const& { return options_; }
  auto named() const -> std::uint64_t { return named_; }
  auto stored() const -> std::uint64_t { return stored_; }

private:
  enum class stage : byte { free, reading, filled, hashing, hashed, storing };

  // reading
  auto check_options(file_metadata const& metadata) -> result<void, unixfs_errc>;
  auto read_some(bytes_span out) -> io_result<std::size_t>;
  auto more() -> io_result<bool>;
  auto fill(import_slot& s) -> io_result<void>;
  auto fill_fixed(import_slot& s) -> io_result<void>;
  auto fill_cut(import_slot& s) -> io_result<void>;
  auto fill_window() -> io_result<void>;
  auto take(import_slot& s, std::size_t size) -> io_result<void>;

  // hashing, linking, storing
  auto name(bytes_view data, std::uint64_t codec) const -> io_result<cid>;
  auto hash(import_slot& s) const -> io_result<void>;
  auto link(import_slot& s) -> io_result<void>;
  auto emit(import_slot& s, bytes_view node, std::uint64_t codec) -> io_result<cid>;
  auto put_pending(import_slot& s) -> io_result<void>;
  auto store(import_slot& s) -> io_result<void>;
  auto finish(import_slot& s) -> io_result<imported_file>;

  // the file that does not fit one slot
  auto run_pipeline() -> io_result<void>;
  void work();
  auto slot_at(std::uint64_t sequence) -> std::size_t { return (current_ + sequence) % slots_.size(); }
  auto slot(std::size_t i) -> import_slot&;

  blockstore_ref store_;
  import_options options_;
  unsigned helpers_;
  std::size_t slot_size_;
  std::vector<std::unique_ptr<import_slot>> slots_;
  std::size_t current_ = 0;  // the slot that gathers small files
  file_tree tree_;

  // the file being read; touched by the thread that has the stage "reading" only
  std::optional<source_ref> in_;
  file_metadata metadata_;
  bool raw_leaves_ = false, end_ = false, has_carry_ = false;
  byte carry_ = 0;
  std::uint64_t leaves_read_ = 0, file_size_ = 0, linked_size_ = 0;
  std::uint64_t named_ = 0, stored_ = 0;  // blocks, in one order
  bytes window_;
  std::size_t window_begin_ = 0, window_end_ = 0, next_cut_ = 0;

  // the pipeline
  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<stage> stages_;
  std::uint64_t read_seq_ = 0, store_seq_ = 0;
  bool reading_ = false, storing_ = false, read_all_ = false;
  std::optional<error> failure_;  // of this file
  std::optional<error> broken_;   // of the store
};

}  // namespace cairn::detail
