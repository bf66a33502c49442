#pragma once

#include <cairn/blockstore/packs/errc.hpp>
#include <cairn/blockstore/packs/file_system.hpp>
#include <cairn/core/config.hpp>
#include <cairn/multiformats/cid.hpp>

#include <optional>

namespace cairn::detail {

// A segment: CARv2 pragma [11], header [40], CARv1 header without roots [18], sections, and once sealed a MultihashIndexSorted.
inline constexpr std::size_t segment_data = 51;       ///< where the CARv1 begins
inline constexpr std::size_t segment_first = 69;      ///< where the first section begins
inline constexpr std::size_t segment_data_size_at = 11 + 24;  ///< where the header holds the length of the CARv1

struct segment_header {
  std::uint64_t data_size = 0, index_offset = 0;
};

/// All bytes before the first section.
CAIRN_DECL auto encode_segment_head(segment_header const& h) -> bytes;

/// errors    bad_segment: not the very bytes that encode_segment_head writes
CAIRN_DECL auto decode_segment_head(bytes_view in) -> result<segment_header, packs_errc>;

/// A section's place: header at `offset`, the block's bytes at `data`, its end at `end`.
struct segment_section {
  cid id;
  std::uint64_t offset = 0, data = 0, end = 0;
  auto length() const -> std::uint64_t { return end - data; }
};

inline constexpr std::size_t section_head_max = 10 + limits::cid + 24;

/// Append varint(length) and CID; the block's bytes follow.
CAIRN_DECL void append_section_head(bytes& out, cid const& id, std::size_t data_size);

/// Read the head of the section at `offset` of a file from its first bytes; nothing where there is none.
CAIRN_DECL auto read_section_head(bytes_view in, std::uint64_t offset) -> std::optional<segment_section>;

/// Reads heads of sections one after the other, skipping the bytes of blocks.
///
/// cost      large reads where blocks are small, one small read per block where they are large
class section_scanner {
public:
  section_scanner(open_file& file, std::uint64_t from, std::uint64_t to) : file_{file}, at_{from}, to_{to} {}
  /// The next section that ends at or before `to`; nothing at the first place that is no section. `offset()` is where it stopped.
  CAIRN_DECL auto next() -> io_result<std::optional<segment_section>>;
  auto offset() const -> std::uint64_t { return at_; }

private:
  open_file& file_;
  std::uint64_t at_, to_;
  bytes window_;
  std::uint64_t window_at_ = 0;
  bool small_ = false;
};

/// The index that ends a sealed segment (0x0401), from its sections.
///
/// spec      CARv2, MultihashIndexSorted
CAIRN_DECL auto encode_segment_index(std::span<segment_section const> sections) -> bytes;

/// Reads such an index: `entry(multihash code, digest, offset of the section)` for each. False where it is none.
CAIRN_DECL auto read_segment_index(bytes_view in, void (*entry)(void*, std::uint64_t, bytes_view, std::uint64_t), void* context) -> bool;

}  // namespace cairn::detail
