#pragma once

#include <cairn/blockstore/packs/impl/rewrite.hpp>

namespace cairn::detail {

/// Where little of a sealed segment is alive, its living sections, found through the index at its end: then the rest need not be
/// read. False where much is, or where that index is not as it should be.
CAIRN_DECL auto segment_rewriter::few(packs_segment const& s, std::uint64_t data_end, open_file& file, living_blocks const& living) -> io_result<bool> {
  {
    auto const guard = std::shared_lock{state_.table};
    if (s.file_size <= data_end || living.offsets.size() * 8 > s.sections) return false;
  }
  CAIRN_TRY(auto tail, read_whole_file(file, data_end));
  struct known {
    std::vector<std::uint32_t> const& living;
    std::vector<std::uint64_t> sections{};
  } found{living.offsets};
  auto const whole = read_segment_index(tail, [](void* context, std::uint64_t, bytes_view, std::uint64_t offset) {
    auto& k = *static_cast<known*>(context);
    // a section's bytes begin before the next section's head does
    auto const data = std::upper_bound(k.living.begin(), k.living.end(), offset);
    if (data != k.living.end() && *data <= offset + section_head_max) k.sections.push_back(offset);
  }, &found);
  if (!whole || found.sections.size() < living.offsets.size()) return false;
  std::sort(found.sections.begin(), found.sections.end());
  auto sections = std::vector<segment_section>{};
  auto head = bytes{};
  for (auto const offset : found.sections) {
    head.resize(section_head_max);
    CAIRN_TRY(auto n, file.pread(offset, head));
    auto const section = read_section_head(bytes_view{head}.first(n), offset);
    if (!section || section->end > data_end) return false;
    if (has(living.offsets, section->data)) sections.push_back(*section);
  }
  if (sections.size() != living.offsets.size()) return false;
  for (auto const& section : sections) {
    in_.resize(static_cast<std::size_t>(section.end - section.offset));
    CAIRN_TRY(auto n, file.pread(section.offset, in_));
    if (n != in_.size()) return std::unexpected(error{packs_errc::bad_segment}.about(s.path));
    CAIRN_TRY(take(section, in_, has(living.damaged, section.data)));
  }
  return true;
}

CAIRN_DECL auto segment_rewriter::take(segment_section const& section, bytes_view whole, bool damaged) -> io_result<void> {
  if (!gone_.empty() && gone_.contains(section.id.hash())) return {};
  if (outputs_.empty() || outputs_.back().end + whole.size() > state_.options.segment_bytes || outputs_.back().sections >= state_.options.segment_sections) {
    if (!outputs_.empty()) CAIRN_TRY(finish());
    auto& o = outputs_.emplace_back();
    o.number = next_number_++;
    o.written = o.end;
    CAIRN_TRY(o.file, state_.files->open(state_.path(packs_state::segment_name(o.number)) + ".tmp", open_mode::truncate));
  }
  auto& o = outputs_.back();
  if (!out_.empty() && out_.size() + whole.size() > piece_bytes) CAIRN_TRY(write_out());
  append(out_, whole);
  auto const head = static_cast<std::size_t>(section.data - section.offset);
  append(o.heads, whole.first(head));
  auto const k = block_key{section.id.hash()};
  auto const length = static_cast<std::uint32_t>(section.length());
  moves_.push_back({static_cast<std::uint32_t>(keys_.size()), static_cast<std::uint32_t>(k.size),
                    {o.number, static_cast<std::uint32_t>(o.end + head), length, damaged}});
  append(keys_, k.view());
  o.end += whole.size();
  ++o.sections;
  return {};
}

CAIRN_DECL auto segment_rewriter::write_out() -> io_result<void> {
  if (out_.empty()) return {};
  auto& o = outputs_.back();
  auto const part = bytes_view{out_};
  CAIRN_TRY(o.file->pwritev(o.written, {&part, 1}));
  o.written += out_.size();
  out_.clear();
  return {};
}

CAIRN_DECL auto segment_rewriter::finish() -> io_result<void> {
  CAIRN_TRY(write_out());
  auto& o = outputs_.back();
  CAIRN_TRY(auto sealed, state_.seal_file(*o.file, o.end, sync_site::output, segment_first, o.heads));
  o.file_size = sealed.first;
  o.heads = {};
  return {};
}

CAIRN_DECL auto segment_rewriter::publish() -> io_result<void> {
  if (outputs_.empty()) return {};
  CAIRN_TRY(finish());
  auto const name = [&](output const& o) { return state_.path(packs_state::segment_name(o.number)); };
  auto const sync_folder = [&]() -> io_result<void> {
    return state_.commits() ? state_.files->sync_folder(state_.options.blocks, sync_site::folder) : io_result<void>{};
  };
  auto const mine = std::lock_guard{state_.index_writing};
  // named first, then moved to, durably; only then the old ones go
  CAIRN_TRY(sync_folder());
  {
    auto const guard = std::lock_guard{state_.writer};
    if (state_.failed) return std::unexpected(packs_errc::out_of_order);
    {
      auto const inner = std::unique_lock{state_.table};
      for (auto& o : outputs_) {
        auto s = std::make_shared<packs_segment>();
        s->number = o.number;
        s->path = name(o);
        s->data_end = o.end;
        s->file_size = o.file_size;
        s->sections = o.sections;
        s->file = o.file;
        state_.sealed_bytes += s->file_size;
        state_.segments.emplace(o.number, std::move(s));
      }
    }
    CAIRN_TRY(state_.write_manifest());
  }
  for (auto const& o : outputs_) CAIRN_TRY(state_.files->rename(name(o) + ".tmp", name(o)));
  CAIRN_TRY(sync_folder());
  // all that names an old place is then in the index; what is put or removed meanwhile is in memory, is newer, and comes after
  CAIRN_TRY(state_.flush_index());
  return apply_moves();
}

CAIRN_DECL auto segment_rewriter::apply_moves() -> io_result<void> {
  constexpr auto piece = std::size_t{4096};
  std::sort(moves_.begin(), moves_.end(), [&](move const& a, move const& b) { return compare(key(a), key(b)) < 0; });
  auto changes = std::vector<index_change>{};
  for (auto rest = std::span{moves_}; !rest.empty(); rest = rest.subspan(std::min(rest.size(), piece))) {
    auto const part = rest.first(std::min(rest.size(), piece));
    changes.clear();
    {
      // only a removal by others could have changed what the index said when the sweep looked; each of those is noted
      auto const guard = std::lock_guard{state_.writer};
      for (auto const& m : part)
        if (state_.unlinked.empty() || !state_.unlinked.contains(decode_multihash(key(m)).value_or(multihash{}))) changes.push_back({key(m), m.to});
    }
    CAIRN_TRY(state_.index->apply(changes, state_.index->state()));
  }
  return {};
}

}  // namespace cairn::detail
