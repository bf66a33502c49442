#pragma once

#include <cairn/blockstore/packs/impl/state.hpp>

#include <algorithm>
#include <charconv>

namespace cairn::detail {

inline auto segment_number_of(std::string_view name) -> std::uint32_t {
  std::uint32_t n = 0;
  if (!name.ends_with(".car")) return 0;
  name.remove_suffix(4);
  auto const [end, why] = std::from_chars(name.data(), name.data() + name.size(), n);
  return why == std::errc{} && end == name.data() + name.size() && packs_state::segment_name(n) == std::string{name} + ".car" ? n : 0;
}

/// A fresh store: files first, then the MANIFEST that names them, then their folder.
CAIRN_DECL auto packs_state::create() -> io_result<void> {
  CAIRN_TRY(active, begin_segment(1));
  segments.emplace(1, active);
  next_number = 2;
  CAIRN_TRY(removed, files->open(path("removed"), open_mode::truncate));
  CAIRN_TRY(write_manifest());
  if (!commits()) return {};
  auto const slash = options.blocks.find_last_of('/');
  return files->sync_folder(slash == options.blocks.npos ? "." : slash == 0 ? "/" : options.blocks.substr(0, slash), sync_site::folder);
}

/// False where there is no store yet.
CAIRN_DECL auto packs_state::read_manifest() -> io_result<bool> {
  if (!files->exists(path("MANIFEST"))) {
    CAIRN_TRY(auto names, files->list(options.blocks));
    for (auto const& name : names) {
      if (segment_number_of(name) == 0) continue;
      CAIRN_TRY(auto file, files->open(path(name), open_mode::read));
      CAIRN_TRY(auto size, file->size());
      // a creation that was cut off leaves a head and no section
      if (size > segment_first) return std::unexpected(error{packs_errc::bad_manifest}.about(path("MANIFEST")).advise("'repo verify --rebuild' makes it again"));
    }
    return false;
  }
  CAIRN_TRY(auto file, files->open(path("MANIFEST"), open_mode::read));
  CAIRN_TRY(auto text, read_whole_file(*file));
  auto const m = decode_packs_manifest(as_text(text));
  if (!m) return std::unexpected(error{m.error()}.about(path("MANIFEST")).advise("'repo verify --rebuild' makes it again"));
  next_number = m->next;
  dropped_blocks = m->dropped_blocks;
  dropped_bytes = m->dropped_bytes;
  auto last = std::make_shared<packs_segment>();
  last->number = m->active;
  last->path = path(segment_name(m->active));
  for (auto const& s : m->sealed) {
    auto segment = std::make_shared<packs_segment>();
    segment->number = s.number;
    segment->path = path(segment_name(s.number));
    segment->data_end = s.data_end;
    segment->file_size = s.file_size;
    segment->sections = s.sections;
    segments.emplace(s.number, std::move(segment));
    sealed_bytes += s.file_size;
  }
  active = last;
  segments.emplace(m->active, active);
  return true;
}

/// From the segments alone: the one with the largest number is the active one, if it is not sealed.
CAIRN_DECL auto packs_state::rebuild_manifest() -> io_result<void> {
  CAIRN_TRY(auto names, files->list(options.blocks));
  auto numbers = std::vector<std::uint32_t>{};
  for (auto const& name : names)
    if (auto const n = segment_number_of(name); n != 0) numbers.push_back(n);
  std::sort(numbers.begin(), numbers.end());
  if (numbers.empty()) return create();
  segments.clear();
  sealed_bytes = 0;
  for (auto n : numbers) {
    auto s = std::make_shared<packs_segment>();
    s->number = n;
    s->path = path(segment_name(n));
    CAIRN_TRY(auto file, files->open(s->path, open_mode::write));
    CAIRN_TRY(s->file_size, file->size());
    auto head = bytes(segment_first);
    CAIRN_TRY(auto got, file->pread(0, head));
    head.resize(got);
    auto const h = decode_segment_head(head);
    s->data_end = h && h->index_offset != 0 ? h->index_offset : s->file_size;
    s->file = std::move(file);
    if (n != numbers.back()) {
      auto scan = section_scanner{*s->file, segment_first, s->data_end};
      for (;;) {
        CAIRN_TRY(auto section, scan.next());
        if (!section) break;
        ++s->sections;
      }
      sealed_bytes += s->file_size;
    }
    segments.emplace(n, s);
    active = s;
  }
  next_number = numbers.back() + 1;
  return write_manifest();
}

CAIRN_DECL auto packs_state::drop_index() -> io_result<void> {
  index.reset();
  CAIRN_TRY(auto names, files->list(options.index));
  for (auto const& name : names)
    if (name != "LOCK") CAIRN_TRY(files->unlink(options.index + "/" + name));
  // nothing of the old one may come back between the files of the new one
  if (commits()) CAIRN_TRY(files->sync_folder(options.index, sync_site::index_folder));
  CAIRN_TRY(index, packs_index::open(files, options.index, commits(), {make_room, this}));
  return {};
}

/// What no MANIFEST names goes; what it names and still has its first name gets the right one.
CAIRN_DECL auto packs_state::tidy(bool fresh) -> io_result<void> {
  CAIRN_TRY(auto names, files->list(options.blocks));
  for (auto const& name : names) {
    auto const temporary = name.ends_with(".tmp");
    auto const n = segment_number_of(temporary ? std::string_view{name}.substr(0, name.size() - 4) : std::string_view{name});
    auto const named = n != 0 && !fresh && segments.contains(n);
    if (named ? !temporary : !temporary && n == 0) continue;
    CAIRN_TRY(sync_names());  // the MANIFEST that we read must not be one that a power cut takes back
    if (named) {
      CAIRN_TRY(files->rename(path(name), path(segment_name(n))));
      names_durable = false;
    } else {
      CAIRN_TRY(files->unlink(path(name)));
    }
  }
  // a segment that was killed before its own index was complete
  for (auto const& [number, s] : segments) {
    if (fresh || s == active || s->file_size != s->data_end) continue;
    auto const file = files->open(s->path, open_mode::read);
    auto head = bytes(segment_first);
    if (auto const got = file ? (*file)->pread(0, head) : io_result<std::size_t>{0}; !got || *got != head.size()) continue;
    auto const h = decode_segment_head(head);
    if (!h || h->index_offset == 0) continue;
    if (auto const written = files->open(s->path, open_mode::write)) static_cast<void>(cut_index(**written, s->data_end));
  }
  return {};
}

CAIRN_DECL auto packs_state::open() -> io_result<void> {
  flush_at = options.recent_blocks;
  CAIRN_TRY(files->make_folder(options.blocks));
  CAIRN_TRY(files->make_folder(options.index));
  if (auto opened = packs_index::open(files, options.index, commits(), {make_room, this}); opened) {
    index = *std::move(opened);
  } else {
    // another process has it, or the disk refuses: neither is damage
    auto const text = std::string{opened.error().clause()};
    if (text.find("locked by") != text.npos || (text.find("Corruption") == text.npos && text.find("the index") == text.npos && text.find("NotFound") == text.npos))
      return std::unexpected(std::move(opened).error());
    CAIRN_TRY(drop_index());
  }
  CAIRN_TRY(auto exists, read_manifest());
  if (!exists) {
    CAIRN_TRY(tidy(true));
    if (!index->fresh()) CAIRN_TRY(drop_index());
    CAIRN_TRY(create());
  } else {
    CAIRN_TRY(tidy(false));
    // a MANIFEST may outlive a power cut without the names made before it; nothing was acknowledged in such a segment
    auto const must_exist = !index->fresh() && index->state().upto > pack_position{active->number, segment_first};
    CAIRN_TRY(active->file, files->open(active->path, must_exist ? open_mode::write : open_mode::create));
    CAIRN_TRY(removed, files->open(path("removed"), open_mode::create));
  }
  CAIRN_TRY(removed_end, removed->size());
  return read_tail();
}

/// One pass from "indexed up to" to the end of the active segment, with the removals of that stretch in their order.
CAIRN_DECL auto packs_state::read_tail() -> io_result<void> {
  CAIRN_TRY(auto size, active->file->size());
  auto head = bytes(segment_first);
  CAIRN_TRY(auto got, active->file->pread(0, head));
  head.resize(got);
  auto const header = decode_segment_head(head);
  auto state = index->state();
  if (index->fresh()) state = {};
  if (state.upto > pack_position{active->number, size} || state.removed_upto > removed_end) {
    // only a store that promises nothing about power cuts comes here: the index outlived what it names
    CAIRN_TRY(drop_index());
    state = {};
  }
  auto sealed_already = false;
  auto durable_end = std::uint64_t{segment_first};
  if (header) {
    durable_end = std::min(segment_data + header->data_size, size);
    sealed_already = header->index_offset != 0;
    if (sealed_already) size = durable_end;
  } else {
    // a head that never reached the disk, with or without its sections
    if (std::any_of(head.begin(), head.end(), [](byte b) { return b != 0; })) damage.push_back({std::nullopt, active->path + " at 0", "the head is damaged"});
    auto const fresh = encode_segment_head({segment_first - segment_data, 0});
    auto const part = bytes_view{fresh};
    CAIRN_TRY(active->file->pwritev(0, {&part, 1}));
    size = std::max<std::uint64_t>(size, segment_first);
  }
  durable = {active->number, durable_end};
  if (index->fresh()) state.dropped_blocks = dropped_blocks, state.dropped_bytes = dropped_bytes;
  // segments were dropped and the index was not told
  auto const unknown_drops = dropped_blocks - state.dropped_blocks;
  blocks = state.blocks - std::min(state.blocks, unknown_drops);
  block_bytes = state.block_bytes - std::min(state.block_bytes, dropped_bytes - state.dropped_bytes);
  index_empty = index->fresh();
  if (state.upto == pack_position{active->number, size} && state.removed_upto == removed_end && !sealed_already && !index->holes()) {
    active->data_end = active->file_size = size;
    active->sections = state.sections;
    return {};
  }

  CAIRN_TRY(auto log, read_whole_file(*removed, state.removed_upto));
  auto removals = removal_reader{log};
  auto next_removal = removals.next();
  auto newest_removal = pack_position{};
  auto const set = [&](block_key const& key, std::optional<block_location> where) -> io_result<void> {
    CAIRN_TRY(auto before, find(key));
    if (before) --blocks, block_bytes -= before->length;
    if (where) ++blocks, block_bytes += where->length;
    if (before || where) recent.set(key, where);
    return {};
  };
  auto const remove_before = [&](pack_position at) -> io_result<void> {
    for (; next_removal && next_removal->sequence <= at; next_removal = removals.next()) {
      newest_removal = std::max(newest_removal, next_removal->sequence);
      auto const key = block_key{next_removal->key};
      CAIRN_TRY(auto where, find(key));
      if (where && pack_position{where->segment, where->offset} < next_removal->sequence) CAIRN_TRY(set(key, std::nullopt));
    }
    return {};
  };

  for (auto const& [number, s] : segments) {
    if (number < state.upto.segment) continue;
    auto const is_active = s == active;
    auto const from = std::max<std::uint64_t>(number == state.upto.segment ? state.upto.offset : 0, segment_first);
    auto const to = is_active ? size : s->data_end;
    CAIRN_TRY(auto file, file_of(*s));
    auto at = from;
    auto counted = std::uint32_t{0};
    while (at < to) {
      auto scan = section_scanner{*file, at, to};
      for (;;) {
        CAIRN_TRY(auto section, scan.next());
        if (!section) break;
        if (is_active && section->end > durable_end) {
          auto data = bytes(static_cast<std::size_t>(section->length()));
          CAIRN_TRY(auto n, file->pread(section->data, data));
          auto const right = n == data.size() ? check(section->id, data) : std::unexpected(block_errc::hash_mismatch);
          if (!right && right.error() != block_errc::unknown_hash) break;
        }
        CAIRN_TRY(remove_before({number, section->offset}));
        CAIRN_TRY(set(block_key{section->id.hash()}, block_location{number, static_cast<std::uint32_t>(section->data), static_cast<std::uint32_t>(section->length()), false}));
        at = section->end;
        ++counted;
        if (recent.size() >= options.recent_blocks) {
          auto const progress = index_state{{number, at}, state.removed_upto, blocks, block_bytes, dropped_blocks, dropped_bytes, (number == state.upto.segment ? state.sections : 0) + counted};
          CAIRN_TRY(spill(progress));
        }
      }
      if (is_active && at >= durable_end) break;
      if (at >= to) break;
      // damage where an earlier sync had made the bytes durable: the next section that hashes right goes on
      auto const bad = at;
      CAIRN_TRY(at, find_section(*file, at + 1, is_active ? durable_end : to));
      damage.push_back({std::nullopt, s->path + " at " + std::to_string(bad), "no section of a CAR for " + std::to_string(at - bad) + " bytes"});
    }
    if (is_active) {
      active->data_end = active->file_size = std::max(at, std::min(durable_end, size));
      active->sections = (number == state.upto.segment ? state.sections : 0) + counted;
    }
  }
  CAIRN_TRY(remove_before({0xffffffffu, ~std::uint64_t{0}}));
  if (index->holes()) CAIRN_TRY(recount());
  if (removals.skipped() != 0) CAIRN_TRY(mend_removed(log, state.removed_upto));

  auto whole = std::uint64_t{0};
  CAIRN_TRY(whole, active->file->size());
  if (sealed_already) {
    // the MANIFEST that calls it sealed did not arrive
    CAIRN_TRY(seal());
    finish_segments();
  } else if (active->data_end < whole) {
    CAIRN_TRY(active->file->truncate(active->data_end));
    if (commits()) CAIRN_TRY(active->file->sync(sync_site::tail_cut));
  }
  // a removal outlived the data that stood before it: what is written next must stand behind the removal
  if (newest_removal > position()) {
    CAIRN_TRY(seal());
    finish_segments();
  }
  CAIRN_TRY(flush_index_here());
  if (index->holes()) CAIRN_TRY(index->barrier());
  return {};
}

/// A power cut left holes behind what was acknowledged: what is whole behind them moves up.
CAIRN_DECL auto packs_state::mend_removed(bytes_view log, std::uint64_t at) -> io_result<void> {
  bytes whole;
  auto good = std::size_t{0};
  auto reader = removal_reader{log};
  while (auto r = reader.next()) {
    append_removal(whole, *r);
    if (reader.skipped() == 0) good = whole.size();
  }
  CAIRN_TRY(removed->truncate(at + good));
  auto const rest = bytes_view{whole}.subspan(good);
  CAIRN_TRY(removed->pwritev(at + good, {&rest, 1}));
  removed_end = at + whole.size();
  if (commits()) CAIRN_TRY(removed->sync(sync_site::tail_cut));
  return {};
}

/// The first offset in [from, to) at which a section begins whose bytes hash right; `to` where there is none.
CAIRN_DECL auto packs_state::find_section(open_file& file, std::uint64_t from, std::uint64_t to) -> io_result<std::uint64_t> {
  auto window = bytes{};
  auto window_at = from;
  for (auto at = from; at < to; ++at) {
    if (at - window_at + section_head_max > window.size()) {
      window.resize(static_cast<std::size_t>(std::min<std::uint64_t>(256 * 1024, to - at)));
      CAIRN_TRY(auto n, file.pread(at, window));
      window.resize(n);
      window_at = at;
      if (n == 0) return to;
    }
    auto const s = read_section_head(bytes_view{window}.subspan(static_cast<std::size_t>(std::min<std::uint64_t>(at - window_at, window.size()))), at);
    if (!s || s->end > to) continue;
    auto data = bytes(static_cast<std::size_t>(s->length()));
    CAIRN_TRY(auto n, file.pread(s->data, data));
    if (n == data.size() && check(s->id, data)) return at;
  }
  return to;
}

/// Write what was read so far into the index, with its files durable first.
CAIRN_DECL auto packs_state::spill(index_state const& so_far) -> io_result<void> {
  if (commits()) {
    CAIRN_TRY(sync_names());
    CAIRN_TRY(active->file->sync(sync_site::segment_data));
    CAIRN_TRY(removed->sync(sync_site::removed));
  }
  auto changes = std::vector<index_change>{};
  for (auto const& e : recent.entries()) changes.push_back({recent.key(e), e.removed ? std::nullopt : std::optional{e.where}});
  CAIRN_TRY(index->apply(changes, so_far));
  if (!changes.empty()) index_empty = false;
  recent.clear();
  return {};
}

/// The counters from the entries themselves, where batches of the index were lost.
CAIRN_DECL auto packs_state::recount() -> io_result<void> {
  CAIRN_TRY(spill(index->state()));
  auto all = index->entries(true);
  blocks = block_bytes = 0;
  for (;;) {
    CAIRN_TRY(auto e, all.next());
    if (!e) break;
    if (!segments.contains(e->location.segment)) continue;
    ++blocks;
    block_bytes += e->location.length;
  }
  return {};
}

CAIRN_DECL auto packs_state::settle() -> io_result<void> {
  if (!index || !active) return {};
  join_background();
  finish_segments();
  auto const mine = std::lock_guard{index_writing};
  auto const guard = std::lock_guard{writer};
  if (!failed) {
    if (active->zeros_end > active->data_end) static_cast<void>(active->file->truncate(active->data_end));
    active->zeros_end = 0;
    CAIRN_TRY(flush_index_here());
    if (manifest_behind) CAIRN_TRY(write_manifest());
    // what the next open would read again from the index's log must stay small
    if (index->unsettled() > 4096) CAIRN_TRY(index->barrier());
    // what was synced is said to be: should the index be lost, damage before this place is an island and not the end of the segment
    if (commits() && durable.segment == active->number && durable.offset > segment_data) CAIRN_TRY(write_durable_size(*active, durable));
  }
  return {};
}

}  // namespace cairn::detail
