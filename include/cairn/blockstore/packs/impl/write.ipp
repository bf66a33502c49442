#pragma once

#include <cairn/blockstore/packs/impl/state.hpp>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace cairn::detail {

/// A sync of octets within the length of a file waits for them alone, one that moves the end of the file waits for the file system's
/// own log too. So where little is written at a time and synced, zeros stand behind the data: as many as there are data, 256 KiB at most.
/// They read as no section, and go when the segment is sealed or closed, or opened after a kill.
CAIRN_DECL void packs_state::write_zeros_ahead(std::uint64_t before) {
  constexpr auto most = std::uint64_t{256} << 10, least_free = std::uint64_t{64} << 20;
  static constexpr byte zeros[4096]{};
  auto const end = active->data_end;
  if (!commits() || end <= active->zeros_end || end - before > most / 4) return;
  {
    auto const guard = std::lock_guard{durable_lock};
    if (data_syncs < 2 || durable < pack_position{active->number, before}) return;
  }
  active->zeros_end = end;
  if (auto const free = files->free_bytes(options.blocks); free != 0 && free < least_free) return;
  auto const size = std::min({most, end, options.segment_bytes - std::min(options.segment_bytes, end)}) / sizeof zeros * sizeof zeros;
  auto const parts = std::vector<bytes_view>(size / sizeof zeros, bytes_view{zeros});
  if (parts.empty()) return;
  if (active->file->pwritev(end, parts)) active->zeros_end = end + size;
  else static_cast<void>(active->file->truncate(end));
}

/// The blocks that are new, once each, in one write per segment. Small ones are gathered into one piece first: a piece per block
/// would cost more than the copy.
CAIRN_DECL auto packs_state::append_blocks(std::span<block_view const> blocks) -> io_result<void> {
  if (failed) return std::unexpected(packs_errc::out_of_order);
  if (reserve_used && !take_reserve())
    return std::unexpected(error::system(ENOSPC, "cannot put", options.blocks).advise("the rest of the disk is kept for 'repo gc'"));
  constexpr auto gather = std::size_t{4096};
  struct fresh_block {
    std::size_t which;
    block_key key;
  };
  thread_local std::vector<fresh_block> fresh;
  thread_local recent_blocks seen;  // of this batch
  fresh.clear();
  if (blocks.size() > 1) seen.clear();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    auto const& b = blocks[i];
    if (b.id().encoded_size() + b.data().size() > limits::car_section)
      return std::unexpected(error{packs_errc::block_too_large}.about(to_string(b.id())));
    auto const key = block_key{b.id().hash()};
    CAIRN_TRY(auto here, find_for_put(key));
    if (here) continue;
    if (blocks.size() > 1) {
      if (seen.find(key)) continue;
      seen.set(key, block_location{});
    }
    fresh.push_back({i, key});
  }
  for (std::size_t from = 0; from < fresh.size();) {
    scratch.clear();
    thread_local std::vector<bytes_view> parts;
    thread_local std::vector<block_location> where;
    parts.clear(), where.clear();
    auto const begin = active->data_end;
    auto end = begin;
    auto to = from;
    auto room = std::size_t{0};
    // all heads first, so that scratch does not move while parts point into it
    for (; to < fresh.size() && active->sections + (to - from) < options.segment_sections; ++to) {
      auto const& b = blocks[fresh[to].which];
      auto const section = varint_size(b.id().encoded_size() + b.data().size()) + b.id().encoded_size() + b.data().size();
      if (end + section > options.segment_bytes && end > segment_first) break;
      where.push_back({active->number, static_cast<std::uint32_t>(end + section - b.data().size()), static_cast<std::uint32_t>(b.data().size()), false});
      end += section;
      room += section - (b.data().size() > gather ? b.data().size() : 0);
      if (room > (4u << 20)) { ++to; break; }
    }
    if (to == from) {
      CAIRN_TRY(seal());
      continue;
    }
    scratch.reserve(room);
    auto piece = std::size_t{0};
    for (auto i = from; i < to; ++i) {
      auto const& b = blocks[fresh[i].which];
      append_section_head(scratch, b.id(), b.data().size());
      if (b.data().size() <= gather) {
        append(scratch, b.data());
      } else {
        parts.push_back({scratch.data() + piece, scratch.size() - piece});
        parts.push_back(b.data());
        piece = scratch.size();
      }
    }
    if (piece < scratch.size()) parts.push_back({scratch.data() + piece, scratch.size() - piece});
    if (auto written = active->file->pwritev(active->data_end, parts); !written) {
      static_cast<void>(active->file->truncate(active->data_end));  // what cannot be cut now is cut at the next open, or written over
      active->zeros_end = 0;
      return written;
    }
    {
      auto const guard = std::unique_lock{table};
      recent.reserve(to - from);
      for (auto i = from; i < to; ++i) {
        recent.set(fresh[i].key, where[i - from]);
        block_bytes += where[i - from].length;
      }
      this->blocks += to - from;
      if (heads_of != active->number) {
        heads.clear();
        heads_from = active->data_end;
        heads_of = active->number;
      }
      for (auto i = from; i < to; ++i) append_section_head(heads, blocks[fresh[i].which].id(), blocks[fresh[i].which].data().size());
      active->data_end = active->file_size = end;
      active->sections += static_cast<std::uint32_t>(to - from);
    }
    write_zeros_ahead(begin);
    from = to;
  }
  return {};
}

/// A record each, then tombstones; the index follows when it is flushed, after the records are durable.
CAIRN_DECL auto packs_state::append_removals(std::span<block_key const> keys) -> io_result<void> {
  if (failed) return std::unexpected(packs_errc::out_of_order);
  auto gone = std::vector<placed_key>{};
  for (auto const& key : keys) {
    CAIRN_TRY(auto where, find(key));
    if (!where) continue;
    gone.push_back({key, *where});
    if (!collecting) continue;
    auto const hash = decode_multihash(key.view()).value_or(multihash{});
    unlinked.insert(hash);
    unlinked_places.push_back({hash, *where, removed_end});
  }
  return append_removals_of(gone);
}

CAIRN_DECL auto packs_state::append_removals_of(std::span<placed_key const> gone) -> io_result<void> {
  if (failed) return std::unexpected(packs_errc::out_of_order);
  if (gone.empty()) return {};
  bytes log;
  for (auto const& [key, where] : gone) append_removal(log, {key.view(), position()});
  auto const part = bytes_view{log};
  if (auto written = removed->pwritev(removed_end, {&part, 1}); !written) {
    static_cast<void>(removed->truncate(removed_end));
    return written;
  }
  {
    auto const guard = std::unique_lock{table};
    removed_end += log.size();
    for (auto const& [key, where] : gone) {
      if (auto const* e = recent.find(key); e && e->removed) continue;  // named twice in this call
      // what a sweep drops is in its own count
      if (auto const h = decode_multihash(key.view()); condemned.contains(where.segment) && h && !survives(*h, where)) {
        recent.set(key, std::nullopt);
        continue;
      }
      recent.set(key, std::nullopt);
      --blocks;
      block_bytes -= where.length;
    }
  }
  return {};
}

/// What was appended is there, whether the index can be written or not: a failure is met again at the next flush, which waits
/// until twice as much has gathered.
CAIRN_DECL void packs_state::after_change() {
  {
    auto const guard = std::shared_lock{table};
    if (recent.size() < flush_at && !settle_wanted && unfinished.empty()) return;
  }
  if (!options.background) return do_after_change();
  auto const guard = std::unique_lock{background_guard, std::try_to_lock};
  if (!guard || background_works) return;
  if (background.joinable()) background.join();
  background_works = true;
  try {
    background = std::thread{[this] {
      do_after_change();
      background_works = false;
    }};
  } catch (std::system_error const&) {  // no more threads here
    do_after_change();
    background_works = false;
  }
}

CAIRN_DECL void packs_state::join_background() {
  auto const guard = std::lock_guard{background_guard};
  if (background.joinable()) background.join();
}

CAIRN_DECL void packs_state::do_after_change() {
  finish_segments();
  auto const mine = std::unique_lock{index_writing, std::try_to_lock};
  if (!mine) return;  // whoever writes it now leaves the rest to the next change
  auto settles = false;
  {
    auto const guard = std::unique_lock{table};
    settles = std::exchange(settle_wanted, false);
  }
  // an index that cannot be written now is read from the segments at the next open
  auto const done = flush_index();
  if (done && settles) static_cast<void>(index->barrier());
  auto const guard = std::unique_lock{table};
  flush_at = done ? options.recent_blocks : std::max(options.recent_blocks, recent.size() * 2);
}

/// Before a put: what gathers in memory has a bound, and who gathers waits there for the index.
CAIRN_DECL auto packs_state::wait_for_index() -> io_result<void> {
  auto gathered = std::size_t{0}, bound = std::size_t{0};
  {
    auto const guard = std::shared_lock{table};
    gathered = recent.size();
    bound = std::max(4 * options.recent_blocks + 4096, 2 * flush_at);
  }
  if (gathered <= bound) return {};
  auto const mine = std::lock_guard{index_writing};
  auto done = flush_index();
  // it failed several times: say why, before memory runs out
  return gathered > 16 * options.recent_blocks + 4096 ? done : io_result<void>{};
}

CAIRN_DECL auto packs_state::sync_names() -> io_result<void> {
  if (!commits() || names_durable) return {};
  CAIRN_TRY(files->sync_folder(options.blocks, sync_site::folder));
  names_durable = true;
  return {};
}

CAIRN_DECL auto packs_state::commit() -> io_result<void> {
  if (!commits()) return {};
  if (failed) return std::unexpected(packs_errc::out_of_order);
  auto synced = pack_position{};
  auto removed_synced = std::uint64_t{0};
  {
    auto const guard = std::lock_guard{durable_lock};
    synced = durable;
    removed_synced = removed_durable;
  }
  auto done = [&]() -> io_result<void> {
    CAIRN_TRY(sync_names());
    if (synced < position()) {
      if (synced.segment == active->number) CAIRN_TRY(write_durable_size(*active, synced));
      CAIRN_TRY(active->file->sync(sync_site::segment_data));
    }
    if (removed_synced < removed_end) CAIRN_TRY(removed->sync(sync_site::removed));
    return {};
  }();
  auto const guard = std::lock_guard{durable_lock};
  if (!done) failed = true;
  else {
    if (synced < position()) ++data_syncs;
    durable = position(), removed_durable = removed_end;
  }
  return done;
}

/// The disk works without `writer`, so others append meanwhile; who waits on `syncing` finds his bytes synced by the next one.
CAIRN_DECL auto packs_state::group_sync() -> io_result<void> {
  if (!commits()) return {};
  auto target = pack_position{};
  auto removed_target = std::uint64_t{0};
  {
    auto const guard = std::lock_guard{writer};
    target = position();
    removed_target = removed_end;
  }
  auto const leader = std::lock_guard{syncing};
  auto from = pack_position{}, to = pack_position{};
  auto removed_to = std::uint64_t{0};
  auto segment = std::shared_ptr<packs_segment>{};
  auto removed_dirty = false;
  {
    auto const guard = std::lock_guard{writer};
    if (failed) return std::unexpected(packs_errc::out_of_order);
    CAIRN_TRY(sync_names());
    {
      auto const inner = std::lock_guard{durable_lock};
      if (target <= durable && removed_target <= removed_durable) return {};
      from = durable;
      removed_dirty = removed_durable < removed_end;
    }
    to = position();
    removed_to = removed_end;
    segment = active;
    if (from < to && from.segment == segment->number) CAIRN_TRY(write_durable_size(*segment, from));
  }
  auto done = io_result<void>{};
  if (from < to) done = segment->file->sync(sync_site::segment_data);
  if (done && removed_dirty) done = removed->sync(sync_site::removed);
  auto const guard = std::lock_guard{durable_lock};
  if (!done) {
    failed = true;
    return done;
  }
  if (from < to) ++data_syncs;
  durable = std::max(durable, to);
  removed_durable = std::max(removed_durable, removed_to);
  return {};
}

inline auto sorted_changes(recent_blocks const& from) -> std::vector<index_change> {
  auto changes = std::vector<index_change>{};
  changes.reserve(from.size());
  for (auto const& e : from.entries()) changes.push_back({from.key(e), e.removed ? std::nullopt : std::optional{e.where}});
  std::sort(changes.begin(), changes.end(), [](auto const& a, auto const& b) { return compare(a.key, b.key) < 0; });
  return changes;
}

CAIRN_DECL auto packs_state::index_is_current() const -> bool {
  auto const after = index_now();
  auto const& before = index->state();
  if (recent.size() != 0) return false;
  if (index->fresh()) return after.upto.offset == segment_first && removed_end == 0;
  return before.upto == after.upto && before.removed_upto == after.removed_upto && before.dropped_blocks == after.dropped_blocks;
}

/// The index never names what a power cut could take: data and removals are synced first. Others put and remove meanwhile: what is
/// on its way is still looked up in memory, and comes back there where it cannot be written.
CAIRN_DECL auto packs_state::flush_index() -> io_result<void> {
  auto after = index_state{};
  {
    auto const guard = std::lock_guard{writer};
    if (index_is_current()) return {};
    after = index_now();
    auto const inner = std::unique_lock{table};
    std::swap(recent, writing);
  }
  auto done = [&]() -> io_result<void> {
    CAIRN_TRY(group_sync());
    return index->apply(sorted_changes(writing), after);
  }();
  auto const guard = std::unique_lock{table};
  if (done) {
    if (writing.size() != 0) index_empty = false;
  } else {
    for (auto const& e : recent.entries()) writing.set(block_key{recent.key(e)}, e.removed ? std::nullopt : std::optional{e.where});
    std::swap(recent, writing);
  }
  writing.clear();
  return done;
}

CAIRN_DECL auto packs_state::flush_index_here() -> io_result<void> {
  if (index_is_current()) return {};
  auto const after = index_now();
  CAIRN_TRY(commit());
  CAIRN_TRY(index->apply(sorted_changes(recent), after));
  auto const guard = std::unique_lock{table};
  if (recent.size() != 0) index_empty = false;
  recent.clear();
  return {};
}

CAIRN_DECL auto packs_state::begin_segment(std::uint32_t number) -> io_result<std::shared_ptr<packs_segment>> {
  auto s = std::make_shared<packs_segment>();
  s->number = number;
  s->path = path(segment_name(number));
  CAIRN_TRY(auto file, files->open(s->path, open_mode::truncate));
  auto const head = encode_segment_head({segment_first - segment_data, 0});
  auto const part = bytes_view{head};
  CAIRN_TRY(file->pwritev(0, {&part, 1}));
  s->file = std::move(file);
  return s;
}

/// Append the index and complete the header; `known` are the heads of the sections from `heads_begin` on; answers the size of the file and how many sections there are.
CAIRN_DECL auto packs_state::seal_file(open_file& file, std::uint64_t data_end, sync_site site, std::uint64_t heads_begin, bytes_view known)
    -> io_result<std::pair<std::uint64_t, std::uint32_t>> {
  auto sections = std::vector<segment_section>{};
  for (auto scan = section_scanner{file, segment_first, heads_begin};;) {
    CAIRN_TRY(auto s, scan.next());
    if (s) sections.push_back(*s);
    else break;
  }
  for (auto at = heads_begin; !known.empty();) {
    auto const s = read_section_head(known, at);
    if (!s) return std::unexpected(packs_errc::bad_segment);
    sections.push_back(*s);
    known = known.subspan(static_cast<std::size_t>(s->data - s->offset));
    at = s->end;
  }
  auto const tail = encode_segment_index(sections);
  auto const head = encode_segment_head({data_end - segment_data, data_end});
  auto const tail_part = bytes_view{tail}, head_part = bytes_view{head};
  // the head first: where a kill leaves a part of the index, it says where the data end
  CAIRN_TRY(file.pwritev(0, {&head_part, 1}));
  CAIRN_TRY(file.pwritev(data_end, {&tail_part, 1}));
  CAIRN_TRY(file.truncate(data_end + tail.size()));
  if (commits()) CAIRN_TRY(file.sync(site));
  return std::pair{data_end + tail.size(), static_cast<std::uint32_t>(sections.size())};
}

CAIRN_DECL auto packs_state::seal(bool with_index) -> io_result<void> {
  CAIRN_TRY(commit());
  auto const old = active;
  // an empty one has nothing to commit, but a head that the MANIFEST is about to vouch for
  if (commits() && old->data_end == segment_first) CAIRN_TRY(old->file->sync(sync_site::seal));
  auto const number = next_number;
  CAIRN_TRY(auto fresh, begin_segment(number));
  {
    auto const guard = std::unique_lock{table};
    active = fresh;
    segments.emplace(number, active);
    next_number = number + 1;
    old->file_size = old->data_end;
  }
  if (auto named = write_manifest(); !named) {
    if (failed) return named;
    auto const guard = std::unique_lock{table};
    segments.erase(number);
    active = old;
    static_cast<void>(files->unlink(path(segment_name(number))));
    return named;
  }
  {
    auto const guard = std::unique_lock{table};
    sealed_bytes += old->file_size;
    settle_wanted = true;
    if (with_index) {
      auto const known = heads_of == old->number;
      unfinished.push_back({old, old->file, known ? heads_from : old->data_end, known ? std::move(heads) : bytes{}});
      heads = {};
      heads_of = 0;
    }
  }
  {
    auto const guard = std::lock_guard{durable_lock};
    durable = position();
  }
  if (!collection_live) static_cast<void>(take_reserve());  // a sweep has let go of it, and takes it again at its end
  return {};
}

/// Without its index a segment is whole all the same: the MANIFEST then says that it ends with its data.
CAIRN_DECL void packs_state::finish_segments() {
  auto todo = std::vector<unfinished_segment>{};
  {
    auto const guard = std::unique_lock{table};
    todo.swap(unfinished);
  }
  for (auto& u : todo) {
    auto const data_end = u.segment->data_end;
    auto const sealed = seal_file(*u.file, data_end, sync_site::seal, u.heads_from, u.heads);
    if (!sealed) {
      static_cast<void>(cut_index(*u.file, data_end));
      continue;
    }
    auto const guard = std::lock_guard{writer};
    auto const inner = std::unique_lock{table};
    if (!segments.contains(u.segment->number)) continue;  // a sweep was faster
    sealed_bytes += sealed->first - u.segment->file_size;
    u.segment->file_size = sealed->first;
    u.segment->sections = sealed->second;
    manifest_behind = true;
  }
}

CAIRN_DECL auto packs_state::cut_index(open_file& file, std::uint64_t data_end) const -> io_result<void> {
  CAIRN_TRY(file.truncate(data_end));
  auto const head = encode_segment_head({data_end - segment_data, 0});
  auto const part = bytes_view{head};
  return file.pwritev(0, {&part, 1});
}

CAIRN_DECL auto packs_state::write_manifest() -> io_result<void> {
  auto m = packs_manifest{next_number, active->number, dropped_blocks, dropped_bytes, {}};
  for (auto const& [number, s] : segments)
    if (s != active) m.sealed.push_back({number, s->data_end, s->file_size, s->sections});
  auto const text = encode_packs_manifest(m);
  auto const part = as_bytes(text);
  CAIRN_TRY(auto file, files->open(path("MANIFEST.tmp"), open_mode::truncate));
  CAIRN_TRY(file->pwritev(0, {&part, 1}));
  if (commits()) CAIRN_TRY(file->sync(sync_site::manifest));
  CAIRN_TRY(files->rename(path("MANIFEST.tmp"), path("MANIFEST")));
  names_durable = false;
  manifest_behind = false;
  auto synced = sync_names();
  if (!synced) failed = true;  // which MANIFEST a power cut leaves is unknown
  return synced;
}

}  // namespace cairn::detail
