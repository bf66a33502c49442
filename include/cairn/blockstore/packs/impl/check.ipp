#pragma once

#include <cairn/blockstore/packs/impl/state.hpp>
#include <cairn/crypto/hash.hpp>

#include <thread>

namespace cairn::detail {

/// A segment as it was when a verification began; others put and remove meanwhile.
struct checked_segment {
  std::shared_ptr<packs_segment> segment;
  std::uint64_t data_end, file_size;
  std::uint32_t sections;
  bool is_active;
};

/// Checks segments one after the other; two of these share the work.
class packs_checker {
public:
  packs_checker(packs_state& state, std::vector<checked_segment> const& all, packs_index::moment const& when, std::atomic<std::size_t>& next)
      : state_{state}, all_{all}, when_{when}, next_{next} {}

  void run() {
    for (std::size_t i; (i = next_.fetch_add(1)) < all_.size();)
      if (auto done = check_segment(all_[i]); !done) {
        failed = std::move(done).error();
        return;
      }
  }

  packs_verify_report report;
  std::optional<error> failed;
  std::vector<std::pair<block_key, block_location>> bad;  ///< live blocks with wrong bytes
  std::uint64_t entries = 0;                               ///< live sections: each is one entry of the index

private:
  void damage(checked_segment const& s, std::uint64_t at, std::string what, std::optional<cid> id = {}) {
    report.damage.push_back({std::move(id), s.segment->path + " at " + std::to_string(at), std::move(what)});
  }

  auto check_segment(checked_segment const& s) -> io_result<void> {
    auto opened = state_.file_of(*s.segment);
    if (!opened) {
      damage(s, 0, std::string{opened.error().clause()});
      return {};
    }
    auto& file = **opened;
    auto sections = std::vector<segment_section>{};
    constexpr auto piece = std::size_t{4} << 20;
    constexpr auto whole = piece + limits::car_section + section_head_max;  // room for the longest section
    buffer_.resize(std::max(buffer_.size(), piece));
    auto at = std::uint64_t{segment_first};
    while (at < s.data_end) {
      // one long read; the sections that are whole in it are hashed together
      auto const wanted = std::min<std::uint64_t>(wanted_, s.data_end - at);
      CAIRN_TRY(auto n, file.pread(at, bytes_span{buffer_}.first(static_cast<std::size_t>(wanted))));
      auto const have = bytes_view{buffer_}.first(n);
      file.will_read(at + n, std::min<std::uint64_t>(piece, s.data_end - std::min(s.data_end, at + n)));
      auto const from = sections.size();
      auto offset = std::size_t{0};
      auto too_long = false;
      while (offset < have.size()) {
        auto const section = read_section_head(have.subspan(offset), at + offset);
        if (!section || section->end > s.data_end) break;
        if (section->end > at + have.size()) { too_long = true; break; }
        sections.push_back(*section);
        offset = static_cast<std::size_t>(section->end - at);
      }
      CAIRN_TRY(hash(s, have, at, std::span{sections}.subspan(from)));
      at += offset;
      if (offset == 0 || (!too_long && offset < have.size() && have.size() - offset >= section_head_max)) {
        if (too_long && wanted_ < whole) {
          buffer_.resize(whole);
          wanted_ = whole;
          continue;
        }
        CAIRN_TRY(auto next, state_.find_section(file, at + 1, s.data_end));
        damage(s, at, "no section of a CAR for " + std::to_string(next - at) + " bytes");
        at = next;
      }
      wanted_ = piece;
    }
    return frame(s, file, sections);
  }

  auto hash(checked_segment const& s, bytes_view have, std::uint64_t at, std::span<segment_section const> sections) -> io_result<void> {
    views_.clear();
    for (auto const& x : sections) views_.push_back(have.subspan(static_cast<std::size_t>(x.data - at), static_cast<std::size_t>(x.length())));
    auto right = std::vector<bool>(sections.size());
    auto plain = std::vector<bytes_view>{};
    auto which = std::vector<std::size_t>{};
    for (std::size_t i = 0; i < sections.size(); ++i) {
      auto const& h = sections[i].id.hash();
      if (h.code() == code::sha2_256 && h.digest().size() == 32) plain.push_back(views_[i]), which.push_back(i);
      else if (auto const checked = check(sections[i].id, views_[i]); checked || checked.error() != block_errc::hash_mismatch) right[i] = true;
    }
    digests_.resize(plain.size());
    sha256_many(plain, digests_.data());
    for (std::size_t i = 0; i < plain.size(); ++i) right[which[i]] = equal(digests_[i], sections[which[i]].id.hash().digest());
    for (std::size_t i = 0; i < sections.size(); ++i) {
      auto const& x = sections[i];
      auto const key = block_key{x.id.hash()};
      CAIRN_TRY(auto where, state_.index->get(key.view(), &when_));
      auto const live = where && where->segment == s.segment->number && where->offset == x.data && where->length == x.length();
      if (live) ++entries;
      if (right[i]) {
        if (live) ++report.blocks, report.bytes += x.length();
        else ++report.dead;
        continue;
      }
      damage(s, x.offset, live ? "the bytes differ from the hash" : "the bytes of a dead copy differ from the hash", x.id);
      if (live && !where->damaged) bad.push_back({key, *where});
    }
    return {};
  }

  /// Every byte that is not a block's is what the sections say it must be.
  auto frame(checked_segment const& s, open_file& file, std::span<segment_section const> sections) -> io_result<void> {
    auto head = bytes(segment_first);
    CAIRN_TRY(auto n, file.pread(0, head));
    head.resize(n);
    auto const h = decode_segment_head(head);
    if (s.is_active || s.file_size == s.data_end) {
      // by now it may have grown, or been sealed, or have got its index
      auto const end = [&] {
        auto const guard = std::shared_lock{state_.table};
        return s.segment->data_end;
      }();
      if (!h || (h->index_offset != 0 && h->index_offset != end) || segment_data + h->data_size > end) damage(s, 0, "the head is damaged");
      return {};
    }
    if (!h || h->index_offset != s.data_end) damage(s, 0, "the head is damaged");
    CAIRN_TRY(auto tail, read_whole_file(file, s.data_end));
    if (!equal(tail, encode_segment_index(sections)) || s.sections != sections.size()) damage(s, s.data_end, "the index of the segment does not fit its sections");
    return {};
  }

  packs_state& state_;
  std::vector<checked_segment> const& all_;
  packs_index::moment const& when_;
  std::atomic<std::size_t>& next_;
  bytes buffer_;
  std::size_t wanted_ = std::size_t{4} << 20;
  std::vector<bytes_view> views_;
  std::vector<digest<32>> digests_;
};

CAIRN_DECL auto packs_state::verify() -> io_result<packs_verify_report> {
  auto const alone = std::lock_guard{maintenance};
  finish_segments();
  auto all = std::vector<checked_segment>{};
  auto used = std::set<std::uint32_t>{};
  auto when = std::unique_ptr<packs_index::moment const>{};
  auto blocks_then = std::uint64_t{0}, removed_then = std::uint64_t{0};
  {
    // what is here at one moment, in the index and on the disk
    auto const mine = std::lock_guard{index_writing};
    CAIRN_TRY(flush_index());
    auto const guard = std::lock_guard{writer};
    CAIRN_TRY(flush_index_here());
    for (auto const& [number, s] : segments) {
      all.push_back({s, s->data_end, s->file_size, s->sections, s == active});
      used.insert(number);
    }
    when = index->now();
    blocks_then = blocks;
    removed_then = removed_end;
  }
  auto next = std::atomic<std::size_t>{0};
  auto first = packs_checker{*this, all, *when, next}, second = packs_checker{*this, all, *when, next};
  if (all.size() > 1) {
    auto other = std::thread{[&] { second.run(); }};
    first.run();
    other.join();
  } else {
    first.run();
  }
  auto report = packs_verify_report{};
  report.damage = damage;
  auto named = std::uint64_t{0};
  for (auto* part : {&first, &second}) {
    if (part->failed) return std::unexpected(*part->failed);
    report.blocks += part->report.blocks;
    report.bytes += part->report.bytes;
    report.dead += part->report.dead;
    named += part->entries;
    report.damage.insert(report.damage.end(), part->report.damage.begin(), part->report.damage.end());
    auto const guard = std::lock_guard{writer};
    for (auto& [key, where] : part->bad) {
      CAIRN_TRY(auto now, find(key));
      if (!now || *now != where) continue;  // removed meanwhile
      where.damaged = true;
      auto const inner = std::unique_lock{table};
      recent.set(key, where);
    }
  }
  // entries that no section stands behind, and entries that a flipped bit hides from the scan
  auto entries = index->entries(true, when.get());
  auto counted = std::uint64_t{0};
  for (;;) {
    auto e = entries.next();
    if (!e) {
      report.damage.push_back({std::nullopt, options.index, std::string{e.error().clause()}});
      break;
    }
    if (!*e) break;
    if (used.contains((*e)->location.segment)) ++counted;
  }
  if (counted != named)
    report.damage.push_back({std::nullopt, options.index, std::to_string(counted) + " entries, " + std::to_string(named) + " sections that they name"});
  else if (counted != blocks_then)
    report.damage.push_back({std::nullopt, options.index, std::to_string(counted) + " entries, its notes say " + std::to_string(blocks_then)});
  auto log = bytes(static_cast<std::size_t>(removed_then));
  CAIRN_TRY(auto logged, removed->pread(0, log));
  log.resize(logged);
  auto reader = removal_reader{log};
  while (reader.next()) {}
  if (reader.skipped() != 0) report.damage.push_back({std::nullopt, path("removed"), std::to_string(reader.skipped()) + " bytes are no record"});
  auto const manifest = files->open(path("MANIFEST"), open_mode::read);
  if (!manifest) {
    report.damage.push_back({std::nullopt, path("MANIFEST"), std::string{manifest.error().clause()}});
  } else {
    CAIRN_TRY(auto text, read_whole_file(**manifest));
    if (!decode_packs_manifest(as_text(text))) report.damage.push_back({std::nullopt, path("MANIFEST"), "its sum does not fit"});
  }
  return report;
}

}  // namespace cairn::detail
