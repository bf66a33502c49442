#pragma once

#include <cairn/blockstore/packs/impl/state.hpp>
#include <cairn/blockstore/packs/packs.hpp>
#include <cairn/core/bulk_write.hpp>

#include <algorithm>

namespace cairn {

namespace detail {

CAIRN_DECL auto packs_state::segment_of(std::uint32_t number) const -> std::shared_ptr<packs_segment> {
  auto const guard = std::shared_lock{table};
  auto const at = segments.find(number);
  return at == segments.end() ? nullptr : at->second;
}

CAIRN_DECL auto packs_state::file_of(packs_segment& s) const -> io_result<std::shared_ptr<open_file>> {
  {
    auto const guard = std::lock_guard{s.opening};
    if (s.file) return s.file;
    CAIRN_TRY(auto file, files->open(s.path, open_mode::read));
    s.file = std::move(file);
  }
  // a store may have more segments than a process may have open files
  if (++open_segments > most_open_segments) {
    auto const guard = std::shared_lock{table};
    for (auto const& [number, other] : segments) {
      if (other.get() == &s || other == active) continue;
      auto const inner = std::unique_lock{other->opening, std::try_to_lock};
      if (inner && other->file) other->file.reset(), --open_segments;
    }
  }
  auto const guard = std::lock_guard{s.opening};
  if (s.file) return s.file;
  CAIRN_TRY(auto again, files->open(s.path, open_mode::read));
  ++open_segments;
  s.file = std::move(again);
  return s.file;
}

/// What was written since the last flush is in `recent`; an entry that names a segment not in use is none.
CAIRN_DECL auto packs_state::find(block_key const& key) const -> io_result<std::optional<block_location>> {
  {
    auto const guard = std::shared_lock{table};
    if (auto const* e = find_recent(key)) return e->removed ? std::nullopt : std::optional{e->where};
    if (index_empty) return std::nullopt;
  }
  CAIRN_TRY(auto where, index->get(key.view()));
  if (where && !segment_of(where->segment)) return std::nullopt;
  return where;
}

/// Whether a put can leave the copy that is here; it is then live for a running collection.
CAIRN_DECL auto packs_state::find_for_put(block_key const& key) -> io_result<bool> {
  CAIRN_TRY(auto where, find(key));
  if (!where) return false;
  if (where->damaged) {
    CAIRN_TRY(append_removals({&key, 1}));
    return false;
  }
  return stays(key, *where);
}

/// Whether a copy that is here will be: during a collection it is then live.
CAIRN_DECL auto packs_state::stays(block_key const& key, block_location const& where) -> bool {
  if (!collecting) return true;
  auto const hash = decode_multihash(key.view()).value_or(multihash{});
  if (condemned.contains(where.segment)) return survives(hash, where);
  touched.insert(hash);
  return true;
}

/// Whether a running sweep moves the block out of a condemned segment, rather than drop it.
CAIRN_DECL auto packs_state::survives(multihash const& hash, block_location const& where) const -> bool {
  return pack_position{where.segment, where.offset} >= collection_start || touched.contains(hash) || spared.contains(hash) ||
         collection_live(collection_context, hash);
}

CAIRN_DECL void packs_state::end_collection() {
  auto met = std::unordered_set<multihash>{}, kept = met, gone = met;  // freed when nobody waits
  auto const guard = std::lock_guard{writer};
  collecting = false;
  collection_live = nullptr;
  met.swap(touched);
  kept.swap(spared);
  gone.swap(unlinked);
  unlinked_places = {};
  condemned.clear();
}

inline void complete(packs_options& o) {
  while (o.blocks.size() > 1 && o.blocks.ends_with('/')) o.blocks.pop_back();
  if (o.index.empty()) {
    auto const slash = o.blocks.find_last_of('/');
    o.index = (slash == o.blocks.npos ? std::string{} : o.blocks.substr(0, slash + 1)) + "index";
  }
  if (o.files) return;
  if (o.sync == sync_mode::commit) o.files = posix_file_system(std::make_shared<write_pace>());
  else o.files = posix_file_system(o.clock ? std::make_shared<write_pace>(o.clock, 2, waited_for_processor) : nullptr);
}

struct packs_key_scan {
  packs_index::cursor at;
  recent_blocks recent{};    ///< as they were when the scan began: given out first, and not again from the index
  std::size_t given = 0;
  std::vector<bool> used{};  ///< by segment number, less `first`
  std::uint32_t first = 0;
};

}  // namespace detail

CAIRN_DECL packs::packs(std::unique_ptr<detail::packs_state> state) : state_{std::move(state)} {}
CAIRN_DECL packs::packs(packs&&) noexcept = default;
CAIRN_DECL auto packs::operator=(packs&& other) noexcept -> packs& {
  if (state_) static_cast<void>(close());
  state_ = std::move(other.state_);
  return *this;
}
CAIRN_DECL packs::~packs() {
  if (state_) static_cast<void>(close());
}

CAIRN_DECL auto packs::open(options o) -> io_result<packs> {
  detail::complete(o);
  for (auto again = false;; again = true) {
    auto state = std::make_unique<detail::packs_state>();
    state->files = o.files;
    state->options = o;
    auto opened = state->open();
    if (opened) return packs{std::move(state)};
    // what the last process left unread must be written, and the disk is full: then the reserve goes
    if (again || !detail::packs_state::disk_is_full(opened.error()) || !state->release_reserve()) return std::unexpected(std::move(opened).error());
  }
}

CAIRN_DECL auto packs::close() -> io_result<void> {
  if (!state_) return {};
  auto done = state_->settle();
  state_.reset();
  return done;
}

CAIRN_DECL auto packs::has(cid const& id) const -> io_result<bool> {
  CAIRN_TRY(auto where, state_->find(detail::block_key{id.hash()}));
  return where && !where->damaged;
}

CAIRN_DECL auto packs::get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> {
  CAIRN_TRY(auto where, state_->find(detail::block_key{id.hash()}));
  if (!where || where->damaged) return std::nullopt;
  return where->length;
}

CAIRN_DECL auto packs::get(cid const& id) const -> io_result<unverified_block> {
  auto const key = detail::block_key{id.hash()};
  for (auto attempt = 0;; ++attempt) {
    CAIRN_TRY(auto where, state_->find(key));
    if (!where) return std::unexpected(error{block_errc::not_found}.about(to_string(id)));
    if (where->damaged) return std::unexpected(error{packs_errc::damaged_block}.about(to_string(id)));
    if (where->length > limits::car_section) return std::unexpected(error{packs_errc::bad_location}.about(to_string(id)));
    // a sweep may move the block between the lookup and the read: the next lookup knows
    auto const segment = state_->segment_of(where->segment);
    if (!segment && attempt < 8) continue;
    if (!segment) return std::unexpected(error{block_errc::not_found}.about(to_string(id)));
    auto file = state_->file_of(*segment);
    if (!file && attempt < 8 && !state_->segment_of(where->segment)) continue;
    if (!file) return std::unexpected(std::move(file).error());
    auto read = io_result<std::size_t>{0};
    auto data = buffer::make(where->length, [&](bytes_span out) { read = (*file)->pread(where->offset, out); return read ? *read : 0; });
    if (!read) return std::unexpected(std::move(read).error());
    if (*read != where->length) return std::unexpected(error{packs_errc::bad_location}.about(to_string(id)));
    return unverified_block{id, std::move(data)};
  }
}

CAIRN_DECL auto packs::get_many(std::span<cid const> ids) const -> io_result<std::vector<unverified_block>> {
  constexpr auto most_bytes = std::uint64_t{8} << 20;
  constexpr auto most_parts = std::size_t{64}, most_gap = std::size_t{4096}, long_read = std::size_t{1} << 20;
  constexpr auto read_ahead = std::uint64_t{16} << 20;
  auto out = std::vector<unverified_block>{};
  out.reserve(ids.size());
  auto places = std::vector<std::optional<detail::block_location>>{};
  places.reserve(ids.size());
  for (auto const& id : ids) {
    CAIRN_TRY(auto where, state_->find(detail::block_key{id.hash()}));
    if (where && (where->damaged || where->length > limits::car_section)) where.reset();
    places.push_back(where);
  }
  auto between = bytes(most_gap);  // heads of sections
  auto parts = std::vector<bytes_span>{};
  for (std::size_t from = 0, to; from < ids.size(); from = to) {
    to = from + 1;
    if (places[from]) {
      auto end = std::uint64_t{places[from]->offset} + places[from]->length;
      for (; to < ids.size() && 2 * (to - from) + 1 < most_parts; ++to) {
        auto const& next = places[to];
        if (!next || next->segment != places[from]->segment || next->offset < end || next->offset > end + most_gap) break;
        if (next->offset + std::uint64_t{next->length} - places[from]->offset > most_bytes) break;
        end = std::uint64_t{next->offset} + next->length;
      }
    }
    auto const segment = to > from + 1 ? state_->segment_of(places[from]->segment) : nullptr;
    auto file = segment ? state_->file_of(*segment) : io_result<std::shared_ptr<open_file>>{};
    auto const first = out.size();
    if (segment && file) {
      parts.clear();
      auto wanted = std::size_t{0};
      auto end = std::uint64_t{places[from]->offset};
      for (auto i = from; i < to; ++i) {
        if (places[i]->offset > end) parts.push_back(bytes_span{between}.first(static_cast<std::size_t>(places[i]->offset - end)));
        // filled below, before anyone else sees it
        out.push_back({ids[i], buffer::make(places[i]->length, [&](bytes_span room) { parts.push_back(room); return room.size(); })});
        end = std::uint64_t{places[i]->offset} + places[i]->length;
      }
      for (auto const& part : parts) wanted += part.size();
      if (wanted >= long_read) {
        auto const begin = std::uint64_t{places[from]->offset};
        auto const before = segment->read_to.exchange(end);
        if (before <= begin && begin <= before + most_gap) (*file)->will_read(end, std::min(read_ahead, segment->data_end - std::min(segment->data_end, end)));
      }
      auto const got = (*file)->preadv(places[from]->offset, parts);
      if (got && *got == wanted) continue;
      out.resize(first, unverified_block{ids[from], {}});
    }
    // alone, or moved by a sweep meanwhile, or not as it should be: `get` knows what to do and to say
    for (auto i = from; i < to; ++i) {
      CAIRN_TRY(auto one, get(ids[i]));
      out.push_back(std::move(one));
    }
  }
  return out;
}

CAIRN_DECL auto packs::put(block_view const& b) -> io_result<void> { return put_many({&b, 1}); }

CAIRN_DECL auto packs::put_many(std::span<block_view const> blocks) -> io_result<void> {
  CAIRN_TRY(state_->wait_for_index());
  auto done = [&] {
    auto const guard = std::lock_guard{state_->writer};
    return state_->append_blocks(blocks);
  }();
  state_->after_change();
  return done;
}

CAIRN_DECL auto packs::remove(cid const& id) -> io_result<void> { return remove_many({&id, 1}); }

CAIRN_DECL auto packs::remove_many(std::span<cid const> ids) -> io_result<void> {
  auto keys = std::vector<detail::block_key>{};
  keys.reserve(ids.size());
  for (auto const& id : ids) keys.emplace_back(id.hash());
  auto done = [&] {
    auto const guard = std::lock_guard{state_->writer};
    return state_->append_removals(keys);
  }();
  state_->after_change();
  return done;
}

CAIRN_DECL auto packs::keep(std::span<cid const> ids) -> io_result<std::vector<bool>> {
  auto here = std::vector<bool>(ids.size());
  auto const guard = std::lock_guard{state_->writer};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto const key = detail::block_key{ids[i].hash()};
    CAIRN_TRY(auto where, state_->find(key));
    here[i] = where && !where->damaged && state_->stays(key, *where);
  }
  return here;
}

CAIRN_DECL auto packs::sync() -> io_result<void> { return state_->group_sync(); }

CAIRN_DECL packs::cursor::cursor(std::unique_ptr<detail::packs_key_scan> scan) : scan_{std::move(scan)} {}
CAIRN_DECL packs::cursor::cursor(cursor&&) noexcept = default;
CAIRN_DECL auto packs::cursor::operator=(cursor&&) noexcept -> cursor& = default;
CAIRN_DECL packs::cursor::~cursor() = default;

CAIRN_DECL auto packs::keys() const -> io_result<cursor> {
  // without the writer: a flush between the steps gives an entry twice, and the second time is seen; a sweep that moves an entry
  // does so between segments that were in use before or after
  auto used = std::vector<std::uint32_t>{};
  auto const note_segments = [&] {
    for (auto const& [number, s] : state_->segments) used.push_back(number);
  };
  auto recent = detail::recent_blocks{};
  {
    auto const guard = std::shared_lock{state_->table};
    recent = state_->recent;
    auto const& older = state_->writing;
    for (auto const& e : older.entries())
      if (auto const key = detail::block_key{older.key(e)}; !recent.find(key)) recent.set(key, e.removed ? std::nullopt : std::optional{e.where});
    note_segments();
  }
  auto scan = std::make_unique<detail::packs_key_scan>(detail::packs_key_scan{state_->index->entries(), std::move(recent)});
  {
    auto const guard = std::shared_lock{state_->table};
    note_segments();
  }
  auto const [first, last] = std::minmax_element(used.begin(), used.end());
  scan->first = *first;
  scan->used.resize(*last - *first + 1);
  for (auto n : used) scan->used[n - *first] = true;
  return cursor{std::move(scan)};
}

CAIRN_DECL auto packs::cursor::next() -> io_result<std::optional<multihash>> {
  auto const& recent = scan_->recent;
  while (scan_->given < recent.entries().size()) {
    auto const& e = recent.entries()[scan_->given++];
    if (e.removed || e.where.damaged) continue;
    CAIRN_TRY(auto hash, decode_multihash(recent.key(e)));
    return hash;
  }
  for (;;) {
    CAIRN_TRY(auto e, scan_->at.next());
    if (!e) return std::nullopt;
    if (recent.size() != 0 && recent.find(detail::block_key{e->key})) continue;
    auto const n = e->location.segment;
    if (e->location.damaged || n < scan_->first || n - scan_->first >= scan_->used.size() || !scan_->used[n - scan_->first]) continue;
    CAIRN_TRY(auto hash, decode_multihash(e->key));
    return hash;
  }
}

CAIRN_DECL auto packs::stats() const -> packs_stats {
  auto const guard = std::shared_lock{state_->table};
  return {state_->blocks, state_->block_bytes, state_->sealed_bytes + state_->active->file_size + state_->removed_end, state_->segments.size()};
}

CAIRN_DECL auto packs::verify() -> io_result<packs_verify_report> { return state_->verify(); }

CAIRN_DECL auto packs::begin_collection() -> collection {
  auto const guard = std::lock_guard{state_->writer};
  state_->collecting = true;
  state_->collection_start = state_->position();
  state_->touched.clear();
  return collection{state_.get()};
}

CAIRN_DECL void packs::aim(std::uint64_t disk_bytes) { state_->aim = disk_bytes; }

CAIRN_DECL packs::collection::~collection() {
  if (state_) state_->end_collection();
}

CAIRN_DECL auto packs::collection::sweep(bool (*live)(void const*, multihash const&), void const* live_context, void (*gone)(void const*, multihash const&),
                                         void const* gone_context) -> io_result<packs_sweep_report> {
  // what a sweep needs at most is one output and its index; the reserve goes only where the disk may not have that
  if (state_->files->free_bytes(state_->options.blocks) < 4 * state_->options.segment_bytes) static_cast<void>(state_->release_reserve());
  auto done = state_->sweep(live, live_context, gone, gone_context);
  state_->end_collection();
  auto const guard = std::lock_guard{state_->writer};
  if (!state_->take_reserve()) state_->reserve_used = true;
  return done;
}

CAIRN_DECL auto packs::rebuild(options o) -> io_result<packs> {
  auto opened = [&]() -> io_result<void> {
    auto state = std::make_unique<detail::packs_state>();
    auto p = o;
    detail::complete(p);
    state->files = p.files;
    state->options = p;
    CAIRN_TRY(state->files->make_folder(p.index));
    CAIRN_TRY(state->drop_index());
    if (auto read = state->read_manifest(); !read) {
      if (!(read.error() == packs_errc::bad_manifest)) return std::unexpected(std::move(read).error());
      CAIRN_TRY(state->rebuild_manifest());
    }
    return {};
  }();
  if (!opened) return std::unexpected(std::move(opened).error());
  return open(std::move(o));
}

}  // namespace cairn
