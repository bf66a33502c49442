#pragma once

#include <cairn/blockstore/packs/index.hpp>
#include <cairn/blockstore/packs/manifest.hpp>
#include <cairn/blockstore/packs/packs.hpp>
#include <cairn/blockstore/packs/impl/recent_blocks.hpp>
#include <cairn/blockstore/packs/removal_log.hpp>
#include <cairn/blockstore/packs/impl/segment_frame.hpp>
#include <cairn/core/try.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <thread>
#include <unordered_set>

namespace cairn::detail {

/// A segment in use. Its file is opened by the first reader and stays readable for whoever holds it, also when it is replaced.
struct packs_segment {
  std::uint32_t number = 0;
  std::string path;
  std::uint64_t data_end = segment_first, file_size = segment_first;
  std::uint64_t zeros_end = 0;  ///< of the active one: zeros were written ahead up to there, a part of no section
  std::uint32_t sections = 0;

  std::mutex opening;
  std::shared_ptr<open_file> file;
  std::atomic<std::uint64_t> read_to = 0;  ///< where the last long read ended: the next one from there on is one of many
};

/// Into the header: how much of the segment a sync has made durable.
inline auto write_durable_size(packs_segment& segment, pack_position durable) -> io_result<void> {
  byte size[8];
  for (int i = 0; i < 8; ++i) size[i] = static_cast<byte>((durable.offset - segment_data) >> (8 * i));
  auto const part = bytes_view{size};
  return segment.file->pwritev(segment_data_size_at, {&part, 1});
}

/// A segment that was sealed without its own index, which is still to be written behind its data.
struct unfinished_segment {
  std::shared_ptr<packs_segment> segment;
  std::shared_ptr<open_file> file;
  std::uint64_t heads_from = 0;  ///< of the first section in `heads`
  bytes heads;
};

/// What others removed during a collection.
struct unlinked_block {
  multihash hash;
  block_location where;
  std::uint64_t logged = 0;  ///< where its record stands in `removed`
};

/// Everything of an open store. Locks are taken in the order maintenance, index_writing, syncing, writer, table, durable_lock. Who
/// puts holds `writer` alone, and takes `index_writing` before it or only tries it: writing the index, and waiting for the disk, is
/// done without `writer`.
struct packs_state {
  packs_options options;
  std::shared_ptr<file_system> files;
  std::unique_ptr<packs_index> index;

  std::mutex maintenance;           ///< held by a sweep and by a verification, so that segments stay what they are
  std::mutex index_writing;         ///< held by whoever changes the index, or makes a barrier in it
  std::mutex writer;                ///< appends, the MANIFEST; held by whoever changes the store
  mutable std::shared_mutex table;  ///< guards `segments`, `recent`, `writing`, `condemned`; held for microseconds
  std::map<std::uint32_t, std::shared_ptr<packs_segment>> segments;
  std::set<std::uint32_t> condemned;  ///< a sweep is about to drop them: a put does not count on their copies
  recent_blocks recent;
  recent_blocks writing;  ///< on their way into the index; what `recent` has is newer. Changed by the holder of `index_writing`
  std::vector<unfinished_segment> unfinished;
  std::thread background;      ///< does what changes left to do; started and joined by the holder of `background_guard`
  std::mutex background_guard;
  std::atomic<bool> background_works = false;
  bool manifest_behind = false;  ///< a segment got its index since the MANIFEST was written
  bool settle_wanted = false;  ///< a segment was sealed: the index is to be written up to it, with a barrier
  std::size_t flush_at = 0;  ///< how many of them make a batch of the index
  std::shared_ptr<packs_segment> active;  ///< data_end is where the next section goes
  static constexpr int most_open_segments = 256;
  mutable std::atomic<int> open_segments = 0;  ///< opened to be read; about right, which is enough for a bound
  bytes heads;                      ///< of the active segment's sections from `heads_from` on, so that sealing need not read them back
  std::uint64_t heads_from = 0;
  std::uint32_t heads_of = 0;       ///< that segment
  std::uint32_t next_number = 1;
  std::unique_ptr<open_file> removed;
  std::uint64_t removed_end = 0;
  std::uint64_t blocks = 0, block_bytes = 0, sealed_bytes = 0;
  std::uint64_t dropped_blocks = 0, dropped_bytes = 0;
  bool index_empty = false;  ///< LevelDB holds no entry: a lookup need not ask it

  std::mutex syncing;       ///< one syncs, the others wait and find it done
  std::mutex durable_lock;
  pack_position durable;
  std::uint64_t removed_durable = 0;
  std::uint64_t data_syncs = 0;  ///< since it was opened
  bool names_durable = false;  ///< the folder was synced since it was opened
  std::atomic<bool> failed = false;  ///< a sync failed

  std::atomic<std::uint64_t> aim = UINT64_MAX;  ///< how much of the disk a collection is to leave in use
  bool collecting = false;
  pack_position collection_start;
  bool (*collection_live)(void const*, multihash const&) = nullptr;
  void const* collection_context = nullptr;
  std::unordered_set<multihash> touched;  ///< hits of puts during a collection
  std::unordered_set<multihash> spared;   ///< those before its sweep decided what goes; they do not change from then on
  std::unordered_set<multihash> unlinked; ///< removed by others during a collection
  std::vector<unlinked_block> unlinked_places;  ///< and where each was

  std::atomic<bool> reserve_used = false;  ///< puts wait until there is room for it again
  std::vector<packs_damage> damage;  ///< found while opening
  bytes scratch;

  auto commits() const -> bool { return options.sync == sync_mode::commit; }
  auto path(std::string const& name) const -> std::string { return options.blocks + "/" + name; }
  static auto segment_name(std::uint32_t number) -> std::string {
    auto digits = std::to_string(number);
    return std::string(digits.size() < 8 ? 8 - digits.size() : 0, '0') + digits + ".car";
  }
  auto index_now() const -> index_state { return {position(), removed_end, blocks, block_bytes, dropped_blocks, dropped_bytes, active->sections}; }
  auto position() const -> pack_position { return {active->number, active->data_end}; }

  // lookups (packs.ipp)
  auto find_recent(block_key const& key) const -> recent_blocks::entry const* {
    auto const* e = recent.find(key);
    return e || writing.size() == 0 ? e : writing.find(key);
  }
  auto find(block_key const& key) const -> io_result<std::optional<block_location>>;
  auto find_for_put(block_key const& key) -> io_result<bool>;
  auto stays(block_key const& key, block_location const& where) -> bool;
  auto survives(multihash const& hash, block_location const& where) const -> bool;
  auto segment_of(std::uint32_t number) const -> std::shared_ptr<packs_segment>;
  auto file_of(packs_segment& s) const -> io_result<std::shared_ptr<open_file>>;

  // changes, with `writer` held (write.ipp)
  auto append_blocks(std::span<block_view const> blocks) -> io_result<void>;
  void write_zeros_ahead(std::uint64_t before);
  using placed_key = std::pair<block_key, block_location>;
  auto append_removals(std::span<block_key const> keys) -> io_result<void>;
  auto append_removals_of(std::span<placed_key const> gone) -> io_result<void>;
  auto commit() -> io_result<void>;                        ///< sync what is written, here and now
  auto sync_names() -> io_result<void>;
  auto seal(bool with_index = true) -> io_result<void>;    ///< seal the active segment and begin the next one; `after_change` does the rest
  auto seal_file(open_file& file, std::uint64_t data_end, sync_site site, std::uint64_t heads_begin, bytes_view known) -> io_result<std::pair<std::uint64_t, std::uint32_t>>;
  auto begin_segment(std::uint32_t number) -> io_result<std::shared_ptr<packs_segment>>;
  auto cut_index(open_file& file, std::uint64_t data_end) const -> io_result<void>;
  auto write_manifest() -> io_result<void>;
  auto index_is_current() const -> bool;
  auto flush_index_here() -> io_result<void>;              ///< with `index_writing` held too: nothing is recent afterwards

  // without `writer` held (write.ipp)
  auto group_sync() -> io_result<void>;
  auto wait_for_index() -> io_result<void>;
  auto flush_index() -> io_result<void>;                   ///< with `index_writing` held
  void finish_segments();                                  ///< the indexes of segments that were sealed without
  void after_change();                                     ///< what a change left to do, which others need not wait for
  void do_after_change();
  void join_background();

  // opening (recover.ipp)
  auto open() -> io_result<void>;
  auto create() -> io_result<void>;
  auto read_manifest() -> io_result<bool>;
  auto rebuild_manifest() -> io_result<void>;
  auto drop_index() -> io_result<void>;
  auto tidy(bool foreign) -> io_result<void>;
  auto read_tail() -> io_result<void>;
  auto mend_removed(bytes_view log, std::uint64_t at) -> io_result<void>;
  auto recount() -> io_result<void>;
  auto spill(index_state const& so_far) -> io_result<void>;
  auto find_section(open_file& file, std::uint64_t from, std::uint64_t to) -> io_result<std::uint64_t>;
  auto settle() -> io_result<void>;                        ///< what close does

  auto sweep(bool (*live)(void const*, multihash const&), void const* context, void (*gone)(void const*, multihash const&), void const* gone_context)
      -> io_result<packs_sweep_report>;
  template <class Live>
  auto remove_dead(std::set<std::uint32_t> const& in, Live const& is_live) -> io_result<void>;
  void end_collection();

  // the reserve (collect.ipp)
  auto take_reserve() -> bool;  ///< false where the disk has no room for it
  auto release_reserve() -> bool;
  static auto make_room(void* self) -> bool {
    auto& state = *static_cast<packs_state*>(self);
    return state.release_reserve() && (state.reserve_used = true);
  }
  static auto disk_is_full(error const& e) -> bool;
  auto verify() -> io_result<packs_verify_report>;
};

/// A whole small file.
inline auto read_whole_file(open_file& file, std::uint64_t from = 0) -> io_result<bytes> {
  CAIRN_TRY(auto size, file.size());
  auto out = bytes(size > from ? static_cast<std::size_t>(size - from) : 0);
  CAIRN_TRY(auto n, file.pread(from, out));
  out.resize(n);
  return out;
}

}  // namespace cairn::detail
