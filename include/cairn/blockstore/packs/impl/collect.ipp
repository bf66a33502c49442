#pragma once

#include <cairn/blockstore/packs/impl/rewrite.hpp>
#include <cairn/blockstore/packs/impl/segment_removals.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace cairn::detail {

/// Where the disk has no room for the reserve, the store does without.
CAIRN_DECL auto packs_state::take_reserve() -> bool {
  if (options.reserve_bytes == 0 || (segments.size() < 2 && !reserve_used) || files->exists(path("reserve"))) return true;
  auto file = files->open(path("reserve"), open_mode::create);
  // a store that is to stay small keeps little
  if (file && (*file)->allocate(std::min(options.reserve_bytes, aim / 8))) {
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

/// Nobody else changes the index meanwhile: what it says holds wherever memory does not say otherwise.
template <class Live>
auto packs_state::remove_dead(std::set<std::uint32_t> const& in, Live const& is_live) -> io_result<void> {
  constexpr auto piece = std::size_t{1024};  // who puts waits for so many at most
  auto const mine = std::lock_guard{index_writing};
  auto gone = std::vector<placed_key>{};
  auto const remove = [&]() -> io_result<void> {
    auto const guard = std::lock_guard{writer};
    std::erase_if(gone, [&](placed_key const& k) {
      auto const hash = decode_multihash(k.first.view());
      return !hash || find_recent(k.first) || touched.contains(*hash) || spared.contains(*hash);
    });
    CAIRN_TRY(append_removals_of(gone));
    gone.clear();
    return {};
  };
  auto const is_full = [&] {
    auto const guard = std::shared_lock{table};
    return recent.size() + piece > options.recent_blocks;
  };
  auto last = bytes{};
  for (auto more = true; more;) {
    CAIRN_TRY(flush_index());
    auto at = index->entries();
    if (!last.empty()) at.seek_after(last);
    for (more = false; !more;) {
      CAIRN_TRY(auto e, at.next());
      if (!e) break;
      if (!in.contains(e->location.segment)) continue;
      CAIRN_TRY(auto hash, decode_multihash(e->key));
      if (is_live(hash, e->location)) continue;
      gone.emplace_back(block_key{e->key}, e->location);
      if (gone.size() < piece) continue;
      last.assign(e->key.begin(), e->key.end());
      CAIRN_TRY(remove());
      more = is_full();
    }
  }
  return remove();
}

CAIRN_DECL auto packs_state::sweep(bool (*live)(void const*, multihash const&), void const* context, void (*gone)(void const*, multihash const&),
                                   void const* gone_context) -> io_result<packs_sweep_report> {
  auto const alone = std::lock_guard{maintenance};
  auto report = packs_sweep_report{};
  constexpr auto piece = std::size_t{1024};  // entries that are changed while a put may wait
  struct tally {
    std::uint64_t live = 0, used = 0, dead = 0, dead_bytes = 0;  // used: with the heads of the sections, which are most of small blocks
    living_blocks living{};

    void add(std::size_t key, block_location const& l) {
      constexpr auto version_and_codec = std::size_t{2};
      ++live, used += l.length + key + version_and_codec + varint_size(key + l.length);
      living.offsets.push_back(l.offset);
      if (l.damaged) living.damaged.push_back(l.offset);
    }
  };
  auto tallies = std::map<std::uint32_t, tally>{};
  auto start = pack_position{}, tallied = pack_position{};
  auto tallied_removals = std::uint64_t{0};
  {
    auto const mine = std::lock_guard{index_writing};
    CAIRN_TRY(flush_index());
    tallied = index->state().upto;
    tallied_removals = index->state().removed_upto;
    auto const guard = std::lock_guard{writer};
    start = collection_start;
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
      // a put of the same block is in memory until the index is ours no longer
      auto const mine = std::lock_guard{index_writing};
      auto changes = std::vector<index_change>{};
      for (auto const& key : stale) {
        CAIRN_TRY(auto where, index->get(key));
        if (where && !segment_of(where->segment)) changes.push_back({key, std::nullopt});
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
        t.add(e->key.size(), e->location);
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
  auto gone_early = std::unordered_set<multihash>{};  // what others removed until then
  auto moved = std::unordered_set<multihash>{};  // from the dead to the living
  auto const count_spared = [&](std::unordered_set<multihash> const& hashes) -> io_result<void> {
    for (auto const& hash : hashes) {
      CAIRN_TRY(auto where, find(block_key{hash}));
      if (!where || pack_position{where->segment, where->offset} >= start || live(context, hash)) continue;
      auto& t = tallies[where->segment];
      t.add(block_key{hash}.size, *where);
      --t.dead, t.dead_bytes -= where->length;
      moved.insert(hash);
    }
    return {};
  };
  // what others removed since the tally was begun is among its dead, and is counted no second time
  auto const forget_unlinked = [&] {
    auto seen = std::set<pack_position>{};
    for (auto const& u : unlinked_places) {
      auto const at = pack_position{u.where.segment, u.where.offset};
      if (u.logged < tallied_removals || at >= tallied || is_live(u.hash, u.where) || moved.contains(u.hash) || !seen.insert(at).second) continue;
      auto& t = tallies[u.where.segment];
      --t.dead, t.dead_bytes -= u.where.length;
    }
    unlinked_places.clear();
  };
  // most of them while others go on
  auto met = std::unordered_set<multihash>{};
  for (;;) {
    auto part = std::unordered_set<multihash>{};
    {
      auto const guard = std::lock_guard{writer};
      if (touched.size() <= piece) break;
      part.swap(touched);
    }
    std::erase_if(part, [&](multihash const& h) { return met.contains(h); });
    CAIRN_TRY(count_spared(part));
    met.merge(part);
  }
  met.reserve(met.size() + 2 * piece);
  CAIRN_TRY(group_sync());  // so that a seal has little to sync
  {
    auto const guard = std::lock_guard{writer};
    std::erase_if(touched, [&](multihash const& h) { return met.contains(h); });
    CAIRN_TRY(count_spared(touched));
    met.merge(touched);
    spared.swap(met);
    touched.clear();
    gone_early.swap(unlinked);
    forget_unlinked();
    // what was put since the tally lives
    if (tallied < position()) {
      auto& t = tallies[tallied.segment];
      auto const end = segments.contains(tallied.segment) ? segments.at(tallied.segment)->data_end : tallied.offset;
      if (end > tallied.offset) ++t.live, t.used += end - tallied.offset;
    }
    auto const active_tally = tallies[active->number];
    auto active_goes = active->number <= tallied.segment && active_tally.dead > 0 && active_tally.used * 2 < active->data_end - segment_first;
    auto decide = [&](std::shared_ptr<packs_segment> const& s) {
      auto const& t = tallies[s->number];
      if (t.live == 0) drop.push_back(s);
      else if (t.used * 2 < s->data_end - segment_first) rewrite.push_back(s);
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
        auto const& t = tallies[s->number];
        auto const all = s->data_end - segment_first;
        return s->sections > t.live && t.used < all ? all - t.used : 0;
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
      auto const inner = std::unique_lock{table};
      settle_wanted = false;  // the first drop does it
    }
    auto const inner = std::unique_lock{table};
    for (auto const& s : drop) condemned.insert(s->number);
    for (auto const& s : rewrite) condemned.insert(s->number);
  }
  finish_segments();

  auto const count_gone = [&](std::shared_ptr<packs_segment> const& s) {
    auto const& t = tallies[s->number];
    report.removed_blocks += t.dead;
    report.removed_bytes += t.dead_bytes;
  };
  using segment_list = std::vector<std::shared_ptr<packs_segment>>;
  auto const much_room = files->free_bytes(options.blocks) >= 4 * options.segment_bytes;
  auto removals = segment_removals{*files, options.background && much_room};
  auto const drop_segments = [&](segment_list old) -> io_result<void> {
    if (old.empty()) return {};
    auto const mine = std::lock_guard{index_writing};
    // the index that knows the new places must be the one that a power cut leaves
    CAIRN_TRY(flush_index());
    CAIRN_TRY(index->barrier());
    auto guard = std::unique_lock{writer};
    if (failed) return std::unexpected(packs_errc::out_of_order);
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
    // no name leads to them any more: others go on while the disk frees them
    guard.unlock();
    CAIRN_TRY(flush_index());
    for (auto const& s : old) count_gone(s);
    removals.add(std::move(old));
    return {};
  };

  report.dropped_segments = drop.size();
  report.rewritten_segments = rewrite.size();
  CAIRN_TRY(drop_segments(std::exchange(drop, {})));
  // dead blocks of segments that stay: a record each, or a rebuilt index would bring them back
  if (!keep.empty()) {
    auto in_kept = std::set<std::uint32_t>{};
    for (auto const& s : keep) in_kept.insert(s->number);
    CAIRN_TRY(remove_dead(in_kept, is_live));
    CAIRN_TRY(group_sync());
    for (auto const& s : keep) count_gone(s);
  }
  // one output at a time, its originals dropped before the next one begins: that is all the room that a sweep needs
  auto const stays = [&](multihash const& h, block_location const& where) { return is_live(h, where) || spared.contains(h); };
  for (std::size_t from = 0, to; from < rewrite.size(); from = to) {
    auto alive = std::uint64_t{0}, alive_bytes = std::uint64_t{0};
    auto writer_of_group = segment_rewriter{*this, gone_early, output_next};
    for (to = from; to < rewrite.size(); ++to) {
      auto& t = tallies[rewrite[to]->number];
      alive += t.live, alive_bytes += t.used;
      if (to > from && (alive_bytes > options.segment_bytes || alive > options.segment_sections)) break;
      if (alive_bytes > limits::MiB) CAIRN_TRY(removals.wait());
      auto const unknown = rewrite[to]->number == tallied.segment ? tallied.offset : UINT64_MAX;
      CAIRN_TRY(writer_of_group.copy(*rewrite[to], t.living, unknown, stays));
      t.living = {};
    }
    auto group = segment_list(std::make_move_iterator(rewrite.begin() + static_cast<std::ptrdiff_t>(from)),
                              std::make_move_iterator(rewrite.begin() + static_cast<std::ptrdiff_t>(to)));
    CAIRN_TRY(writer_of_group.publish());
    CAIRN_TRY(drop_segments(std::move(group)));
  }
  CAIRN_TRY(removals.wait());
  return report;
}

}  // namespace cairn::detail
