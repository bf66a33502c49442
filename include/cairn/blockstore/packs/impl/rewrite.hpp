#pragma once

#include <cairn/blockstore/packs/impl/state.hpp>

#include <algorithm>
#include <optional>
#include <span>

namespace cairn::detail {

/// What of a segment is alive: where the blocks' bytes begin, in any order, and which of them are known to be damaged.
struct living_blocks {
  std::vector<std::uint32_t> offsets, damaged;
};

/// Copies the living out of segments that are mostly dead into new ones, and tells the index.
///
/// memory    about 70 bytes a block, up to `publish`; two pieces of 4 MiB
class segment_rewriter {
public:
  /// gone      what others removed before the numbers of the new segments were given out: it stays behind
  segment_rewriter(packs_state& state, std::unordered_set<multihash> const& gone, std::uint32_t& next_number)
      : state_{state}, gone_{gone}, next_number_{next_number} {}

  /// unknown   where in the segment blocks may begin that are not among the living: each of them is looked up
  /// errors    those of the disk · bad_segment
  template <class Stays>
  auto copy(packs_segment& s, living_blocks& living, std::uint64_t unknown, Stays const& stays) -> io_result<void>;

  /// Name the new segments in the MANIFEST, then move what the index says of their blocks.
  CAIRN_DECL auto publish() -> io_result<void>;

private:
  struct output {
    std::uint32_t number = 0;
    std::shared_ptr<open_file> file;
    std::uint64_t written = 0, end = segment_first, file_size = 0;
    std::uint32_t sections = 0;
    bytes heads;
  };
  struct move {
    std::uint32_t key_at, key_size;
    block_location to;
  };
  auto key(move const& m) const -> bytes_view { return {keys_.data() + m.key_at, m.key_size}; }

  CAIRN_DECL auto take(segment_section const& section, bytes_view whole, bool damaged) -> io_result<void>;
  CAIRN_DECL auto write_out() -> io_result<void>;
  CAIRN_DECL auto finish() -> io_result<void>;
  CAIRN_DECL auto few(packs_segment const& s, std::uint64_t data_end, open_file& file, living_blocks const& living) -> io_result<bool>;
  CAIRN_DECL auto apply_moves() -> io_result<void>;
  static auto has(std::vector<std::uint32_t> const& sorted, std::uint64_t offset) -> bool { return std::binary_search(sorted.begin(), sorted.end(), offset); }

  static constexpr std::size_t piece_bytes = std::size_t{4} << 20;

  packs_state& state_;
  std::unordered_set<multihash> const& gone_;
  std::uint32_t& next_number_;
  std::vector<output> outputs_;
  std::vector<move> moves_;
  bytes keys_, in_, out_;
};

template <class Stays>
auto segment_rewriter::copy(packs_segment& s, living_blocks& living, std::uint64_t unknown, Stays const& stays) -> io_result<void> {
  std::sort(living.offsets.begin(), living.offsets.end());
  std::sort(living.damaged.begin(), living.damaged.end());
  auto const data_end = [&] {
    auto const guard = std::shared_lock{state_.table};
    return s.data_end;
  }();
  CAIRN_TRY(auto file, state_.file_of(s));
  if (unknown >= data_end) {
    CAIRN_TRY(auto done, few(s, data_end, *file, living));
    if (done) return {};
  }
  auto const wanted = [&](segment_section const& section) -> io_result<bool> {
    if (section.data < unknown) return has(living.offsets, section.data);
    CAIRN_TRY(auto where, state_.find(block_key{section.id.hash()}));
    return where && where->segment == s.number && where->offset == section.data && stays(section.id.hash(), *where);
  };
  for (auto at = std::uint64_t{segment_first}; at < data_end;) {
    in_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, data_end - at)));
    CAIRN_TRY(auto n, file->pread(at, in_));
    auto const have = bytes_view{in_}.first(n);
    auto next = at;
    while (next < at + n) {
      auto const rest = have.subspan(static_cast<std::size_t>(next - at));
      auto const section = read_section_head(rest, next);
      if (!section && next != at && rest.size() < section_head_max) break;  // whole in the next piece
      if (!section || section->end > data_end) {
        CAIRN_TRY(next, state_.find_section(*file, next + 1, data_end));  // damage: behind it may be more
        continue;
      }
      CAIRN_TRY(auto const take_it, wanted(*section));
      auto const size = static_cast<std::size_t>(section->end - section->offset);
      if (take_it && size <= rest.size()) {
        CAIRN_TRY(take(*section, rest.first(size), has(living.damaged, section->data)));
      } else if (take_it) {
        auto whole = bytes(size);
        CAIRN_TRY(auto got, file->pread(section->offset, whole));
        if (got != size) return std::unexpected(error{packs_errc::bad_segment}.about(s.path));
        CAIRN_TRY(take(*section, whole, has(living.damaged, section->data)));
      }
      next = section->end;
    }
    if (next == at) break;  // the file is shorter than it says
    at = next;
  }
  return {};
}

}  // namespace cairn::detail
