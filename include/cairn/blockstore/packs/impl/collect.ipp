#pragma once

#include <cairn/blockstore/packs/impl/state.hpp>

#include <algorithm>
#include <cerrno>

namespace cairn::detail {

/// Where the disk has no room for the reserve, the store does without.
CAIRN_DECL auto packs_state::take_reserve() -> bool {
  if (options.reserve_bytes == 0 || (segments.size() < 2 && !reserve_used) || files->exists(path("reserve"))) return true;
  auto file = files->open(path("reserve"), open_mode::create);
  if (file && (*file)->allocate(options.reserve_bytes)) {
    reserve_used = false;
    return true;
  }
  file = std::unexpected(error{packs_errc::bad_segment});  // closed before it is removed
  static_cast<void>(files->unlink(path("reserve")));
  return false;
}

CAIRN_DECL auto packs_state::release_reserve() -> bool { return files->exists(path("reserve")) && files->unlink(path("reserve")).has_value(); }

CAIRN_DECL auto packs_state::disk_is_full(error const& e) -> bool {
  // LevelDB passes an error on as a text only
  return e.is_system(ENOSPC) || e.clause().find("No space left") != std::string_view::npos;
}

/// Where little of a sealed segment is alive, its living sections, found through the index at its end: then the rest need not be
/// read. Nothing where much is, or where that index is not as it should be.
template <class Live>
auto packs_state::few_live_sections(packs_segment const& s, open_file& file, std::uint64_t live, Live const& is_live) const
    -> io_result<std::optional<std::vector<segment_section>>> {
  if (s.file_size <= s.data_end || live * 8 > s.sections) return std::nullopt;
  CAIRN_TRY(auto tail, read_whole_file(file, s.data_end));
  struct known {
    packs_state const& state;
    packs_segment const& segment;
    Live const& is_live;
    std::vector<std::uint64_t> offsets{};
    std::optional<error> failed{};
  } found{*this, s, is_live};
  auto const whole = read_segment_index(tail, [](void* context, std::uint64_t code, bytes_view digest, std::uint64_t offset) {
    auto& k = *static_cast<known*>(context);
    auto const hash = multihash::wrap(code, digest);
    if (!hash || k.failed) return;
    auto where = k.state.find(block_key{*hash});
    if (!where) k.failed = std::move(where).error();
    else if (*where && (*where)->segment == k.segment.number && (*where)->offset > offset && (*where)->offset <= offset + section_head_max && k.is_live(*hash, **where))
      k.offsets.push_back(offset);
  }, &found);
  if (found.failed) return std::unexpected(*std::move(found.failed));
  if (!whole || found.offsets.size() < live) return std::nullopt;
  std::sort(found.offsets.begin(), found.offsets.end());
  auto sections = std::vector<segment_section>{};
  auto head = bytes{};
  for (auto const offset : found.offsets) {
    head.resize(section_head_max);
    CAIRN_TRY(auto n, file.pread(offset, head));
    auto const section = read_section_head(bytes_view{head}.first(n), offset);
    if (!section || section->end > s.data_end) return std::nullopt;
    sections.push_back(*section);
  }
  return sections;
}

CAIRN_DECL auto packs_state::sweep(bool (*live)(void const*, multihash const&), void const* context, void (*gone)(void const*, multihash const&),
                                   void const* gone_context) -> io_result<packs_sweep_report> {
  auto report = packs_sweep_report{};
  constexpr auto piece = std::size_t{1024};  // entries that are changed while a put may wait
  struct tally {
    std::uint64_t live = 0, live_bytes = 0, dead = 0, dead_bytes = 0;
  };
  auto tallies = std::map<std::uint32_t, tally>{};
  auto start = pack_position{}, tallied = pack_position{};
  {
    auto const guard = std::lock_guard{writer};
    CAIRN_TRY(flush_index());
    start = collection_start;
    tallied = position();
    collection_live = live;
    collection_context = context;
  }
  auto const is_live = [&](multihash const& h, block_location const& l) {
    return pack_position{l.segment, l.offset} >= start || live(context, h);
  };

  // who is alive, segment by segment; entries of segments that earlier sweeps dropped go now
  {
    auto stale = std::vector<bytes>{};
    auto const remove_stale = [&]() -> io_result<void> {
      auto const guard = std::lock_guard{writer};
      auto changes = std::vector<index_change>{};
      for (auto const& key : stale) {
        CAIRN_TRY(auto where, index->get(key));
        if (where && !segments.contains(where->segment)) changes.push_back({key, std::nullopt});
      }
      auto done = changes.empty() ? io_result<void>{} : index->apply(changes, index->state());
      stale.clear();
      return done;
    };
    auto all = index->entries();
    auto used = std::vector<bool>{};
    {
      auto const guard = std::shared_lock{table};
      for (auto const& [number, s] : segments) used.resize(number + 1), used.back() = true;
    }
    for (;;) {
      CAIRN_TRY(auto e, all.next());
      if (!e) break;
      if (e->location.segment >= used.size() || !used[e->location.segment]) {
        stale.emplace_back(e->key.begin(), e->key.end());
        if (stale.size() >= 16384) CAIRN_TRY(remove_stale());
        continue;
      }
      CAIRN_TRY(auto hash, decode_multihash(e->key));
      auto& t = tallies[e->location.segment];
      if (is_live(hash, e->location)) {
        ++t.live, t.live_bytes += e->location.length;
      } else {
        ++t.dead, t.dead_bytes += e->location.length;
        if (gone) gone(gone_context, hash);
      }
    }
    CAIRN_TRY(remove_stale());
  }

  // decide with the writer stopped: from here on a put does not count on a copy in what goes
  auto drop = std::vector<std::shared_ptr<packs_segment>>{}, rewrite = drop, keep = drop;
  auto output_numbers = std::uint32_t{0}, output_next = std::uint32_t{0};
  auto spared = std::unordered_set<multihash>{};
  {
    auto const guard = std::lock_guard{writer};
    for (auto const& hash : touched) {
      CAIRN_TRY(auto where, find(block_key{hash}));
      if (!where || pack_position{where->segment, where->offset} >= start || live(context, hash)) continue;
      auto& t = tallies[where->segment];
      ++t.live, t.live_bytes += where->length;
      --t.dead, t.dead_bytes -= where->length;
    }
    spared = touched;
    // what was put since the tally lives
    if (tallied < position()) {
      auto& t = tallies[tallied.segment];
      auto const end = segments.contains(tallied.segment) ? segments.at(tallied.segment)->data_end : tallied.offset;
      if (end > tallied.offset) ++t.live, t.live_bytes += end - tallied.offset;
    }
    auto const active_tally = tallies[active->number];
    auto active_goes = active->number <= tallied.segment && active_tally.dead > 0 && active_tally.live_bytes * 2 < active->data_end - segment_first;
    auto decide = [&](std::shared_ptr<packs_segment> const& s) {
      auto const& t = tallies[s->number];
      if (t.live == 0) drop.push_back(s);
      else if (t.live_bytes * 2 < s->data_end - segment_first) rewrite.push_back(s);
      else if (t.dead > 0) keep.push_back(s);
    };
    for (auto const& [number, s] : segments)
      if (s != active && number <= tallied.segment) decide(s);
    if (active_goes) {
      decide(active);
    } else if (active_tally.dead > 0) {
      keep.push_back(active);
    }
    // above the aim what is less dead goes too, most dead first; what earlier sweeps left dead has no entry any more, and counts as well
    if (aim != UINT64_MAX) {
      auto const dead_in = [&](std::shared_ptr<packs_segment> const& s) -> std::uint64_t {
        constexpr auto head = std::uint64_t{40};
        auto const& t = tallies[s->number];
        auto const all = s->data_end - segment_first, used = t.live_bytes + t.live * head;
        return s->sections > t.live && used < all ? all - used : 0;
      };
      auto disk = sealed_bytes + active->file_size + removed_end;
      auto less_dead = std::vector<std::shared_ptr<packs_segment>>{};
      for (auto const& s : drop) disk -= std::min(disk, s->file_size);
      for (auto const& s : rewrite) disk -= std::min(disk, dead_in(s));
      for (auto const& [number, s] : segments)
        if (number <= tallied.segment && dead_in(s) > 0 && std::find(drop.begin(), drop.end(), s) == drop.end() &&
            std::find(rewrite.begin(), rewrite.end(), s) == rewrite.end())
          less_dead.push_back(s);
      auto const share = [&](auto const& s) { return static_cast<double>(dead_in(s)) / static_cast<double>(s->data_end); };
      std::sort(less_dead.begin(), less_dead.end(), [&](auto const& a, auto const& b) { return share(a) < share(b); });
      for (; disk > aim && !less_dead.empty(); less_dead.pop_back()) {
        auto const& s = less_dead.back();
        disk -= std::min(disk, dead_in(s));
        active_goes = active_goes || s == active;
        std::erase(keep, s);
        rewrite.push_back(s);
      }
    }
    output_numbers = static_cast<std::uint32_t>(rewrite.size());
    if (active_goes || output_numbers > 0) {
      // outputs stand before the next active segment and behind everything older
      output_next = next_number;
      next_number += output_numbers;
      CAIRN_TRY(seal(!active_goes));
    }
    for (auto const& s : drop) condemned.insert(s->number);
    for (auto const& s : rewrite) condemned.insert(s->number);
  }

  auto const count_gone = [&](std::shared_ptr<packs_segment> const& s) {
    auto const& t = tallies[s->number];
    report.removed_blocks += t.dead;
    report.removed_bytes += t.dead_bytes;
  };
  using segment_list = std::vector<std::shared_ptr<packs_segment>>;
  auto const drop_segments = [&](segment_list const& old) -> io_result<void> {
    if (old.empty()) return {};
    auto guard = std::unique_lock{writer};
    if (failed) return std::unexpected(packs_errc::out_of_order);
    // the index that knows the new places, and counts what goes now, must be the one that a power cut leaves
    CAIRN_TRY(flush_index());
    CAIRN_TRY(index->barrier());
    {
      auto const inner = std::unique_lock{table};
      for (auto const& s : old) {
        segments.erase(s->number);
        sealed_bytes -= s->file_size;
        auto const& t = tallies[s->number];
        blocks -= std::min(blocks, t.dead);
        block_bytes -= std::min(block_bytes, t.dead_bytes);
        dropped_blocks += t.dead;
        dropped_bytes += t.dead_bytes;
      }
    }
    CAIRN_TRY(write_manifest());
    CAIRN_TRY(flush_index());
    // no name leads to them any more: others go on while the disk frees them
    guard.unlock();
    for (auto const& s : old) {
      CAIRN_TRY(files->unlink(s->path));
      count_gone(s);
    }
    return {};
  };

  // copy the living out of what is mostly dead
  struct move {
    bytes key;
    block_location from, to;
  };
  struct output {
    std::uint32_t number = 0;
    std::unique_ptr<open_file> file;
    std::uint64_t end = segment_first;
    std::uint32_t sections = 0;
    std::uint64_t file_size = 0;
  };
  auto const rewrite_segments = [&](segment_list const& group) -> io_result<void> {
    auto outputs = std::vector<output>{};
    auto moves = std::vector<move>{};
    auto const finish = [&](output& o) -> io_result<void> {
      CAIRN_TRY(auto sealed, seal_file(*o.file, o.end, sync_site::output, o.end, {}));
      o.file_size = sealed.first;
      return {};
    };
    auto const stays = [&](multihash const& h, block_location const& where) { return is_live(h, where) || spared.contains(h); };
    auto const move_out = [&](packs_segment const& s, open_file& file, segment_section const& section) -> io_result<void> {
      auto const key = block_key{section.id.hash()};
      CAIRN_TRY(auto where, find(key));
      if (!where || where->segment != s.number || where->offset != section.data) return {};
      if (!stays(section.id.hash(), *where)) return {};
      auto const size = section.end - section.offset;
      if (outputs.empty() || outputs.back().end + size > options.segment_bytes || outputs.back().sections >= options.segment_sections) {
        if (!outputs.empty()) CAIRN_TRY(finish(outputs.back()));
        auto& o = outputs.emplace_back();
        o.number = output_next++;
        CAIRN_TRY(o.file, files->open(path(segment_name(o.number)) + ".tmp", open_mode::truncate));
      }
      auto& o = outputs.back();
      auto data = bytes(static_cast<std::size_t>(size));
      CAIRN_TRY(auto n, file.pread(section.offset, data));
      if (n != data.size()) return std::unexpected(error{packs_errc::bad_segment}.about(s.path));
      auto const part = bytes_view{data};
      CAIRN_TRY(o.file->pwritev(o.end, {&part, 1}));
      moves.push_back({bytes(key.view().begin(), key.view().end()), *where,
                       {o.number, static_cast<std::uint32_t>(o.end + (section.data - section.offset)), where->length, where->damaged}});
      o.end += size;
      ++o.sections;
      return {};
    };
    for (auto const& s : group) {
      CAIRN_TRY(auto file, file_of(*s));
      CAIRN_TRY(auto few, few_live_sections(*s, *file, tallies[s->number].live, stays));
      if (few) {
        for (auto const& section : *few) CAIRN_TRY(move_out(*s, *file, section));
        continue;
      }
      for (auto scan = section_scanner{*file, segment_first, s->data_end};;) {
        CAIRN_TRY(auto section, scan.next());
        if (!section) break;
        CAIRN_TRY(move_out(*s, *file, *section));
      }
    }
    if (outputs.empty()) return {};
    CAIRN_TRY(finish(outputs.back()));
    auto guard = std::unique_lock{writer};
    if (failed) return std::unexpected(packs_errc::out_of_order);
    // named first, then moved to, durably; only then the old ones go
    names_durable = false;
    CAIRN_TRY(sync_names());
    {
      auto const inner = std::unique_lock{table};
      for (auto& o : outputs) {
        auto s = std::make_shared<packs_segment>();
        s->number = o.number;
        s->path = path(segment_name(o.number));
        s->data_end = o.end;
        s->file_size = o.file_size;
        s->sections = o.sections;
        s->file = std::move(o.file);
        sealed_bytes += s->file_size;
        segments.emplace(o.number, std::move(s));
      }
    }
    CAIRN_TRY(write_manifest());
    for (auto const& o : outputs) CAIRN_TRY(files->rename(path(segment_name(o.number)) + ".tmp", path(segment_name(o.number))));
    names_durable = false;
    CAIRN_TRY(sync_names());
    CAIRN_TRY(flush_index());
    guard.unlock();
    // a piece at a time: who puts waits for one piece, not for all
    auto changes = std::vector<index_change>{};
    for (auto rest = std::span{moves}; !rest.empty(); rest = rest.subspan(std::min(rest.size(), piece))) {
      auto const again = std::lock_guard{writer};
      changes.clear();
      for (auto const& m : rest.first(std::min(rest.size(), piece))) {
        CAIRN_TRY(auto now, find(block_key{m.key}));
        if (now && *now == m.from) changes.push_back({m.key, m.to});
      }
      CAIRN_TRY(index->apply(changes, index->state()));
    }
    return {};
  };

  CAIRN_TRY(drop_segments(drop));
  // dead blocks of segments that stay: a record each, or a rebuilt index would bring them back
  if (!keep.empty()) {
    auto in_kept = std::set<std::uint32_t>{};
    for (auto const& s : keep) in_kept.insert(s->number);
    auto keys = std::vector<std::pair<block_key, block_location>>{};
    auto const remove_keys = [&]() -> io_result<void> {
      auto const guard = std::lock_guard{writer};
      auto still = std::vector<block_key>{};
      for (auto const& [key, where] : keys) {
        CAIRN_TRY(auto hash, decode_multihash(key.view()));
        CAIRN_TRY(auto now, find(key));
        if (now && *now == where && !touched.contains(hash)) still.push_back(key);
      }
      keys.clear();
      return append_removals(still);
    };
    auto all = index->entries();
    for (;;) {
      CAIRN_TRY(auto e, all.next());
      if (!e) break;
      if (!in_kept.contains(e->location.segment)) continue;
      CAIRN_TRY(auto hash, decode_multihash(e->key));
      if (is_live(hash, e->location)) continue;
      keys.emplace_back(block_key{e->key}, e->location);
      if (keys.size() >= piece) CAIRN_TRY(remove_keys());
    }
    CAIRN_TRY(remove_keys());
    CAIRN_TRY(group_sync());
    for (auto const& s : keep) count_gone(s);
  }
  // one output at a time, its originals dropped before the next one begins: that is all the room that a sweep needs
  for (std::size_t from = 0, to; from < rewrite.size(); from = to) {
    auto alive = std::uint64_t{0};
    for (to = from; to < rewrite.size(); ++to) {
      alive += tallies[rewrite[to]->number].live_bytes;
      if (to > from && alive > options.segment_bytes) break;
    }
    auto const group = segment_list(rewrite.begin() + static_cast<std::ptrdiff_t>(from), rewrite.begin() + static_cast<std::ptrdiff_t>(to));
    CAIRN_TRY(rewrite_segments(group));
    CAIRN_TRY(drop_segments(group));
  }
  report.dropped_segments = drop.size();
  report.rewritten_segments = rewrite.size();
  return report;
}

}  // namespace cairn::detail
