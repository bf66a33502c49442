#pragma once

#include <cairn/car/errc.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/result.hpp>
#include <cairn/multiformats/multihash.hpp>
#include <cairn/unixfs/byte_source.hpp>

#include <optional>
#include <span>
#include <vector>

namespace cairn {

/// The two formats of an index; the value is the multicodec that stands before it.
enum class car_index_format : std::uint64_t {
  sorted = 0x0400,            ///< by digest alone
  multihash_sorted = 0x0401,  ///< by hash function, then digest
};

/// Where the sections of a CAR begin, by multihash: what a CARv2 holds behind its data, or a file of its own.
///
/// An index is a hint: whoever uses it checks what stands at the offset. Identity CIDs are not in it.
/// memory    the entries as they are in the file: digest and 8 octets each
class car_index {
public:
  explicit car_index(car_index_format format = car_index_format::multihash_sorted) : format_{format} {}

  /// Entries of one hash function (0 in the format `sorted`) and one digest size, each a digest and a little-endian offset.
  struct bucket {
    std::uint64_t code;
    std::uint32_t width;  ///< of an entry, in octets
    bytes entries;

    auto size() const -> std::size_t { return entries.size() / width; }
    auto digest(std::size_t i) const -> bytes_view { return bytes_view{entries}.subspan(i * width, width - 8); }
    CAIRN_DECL auto offset(std::size_t i) const -> std::uint64_t;
  };

  auto format() const -> car_index_format { return format_; }
  auto buckets() const -> std::span<bucket const> { return buckets_; }
  CAIRN_DECL auto size() const -> std::size_t;

  /// Add the section of a block; `sort` before anything is looked up or written. Identity digests are passed over: false.
  CAIRN_DECL auto add(multihash const& h, std::uint64_t offset) -> bool;
  CAIRN_DECL void sort();

  /// The offset of the first section with that digest, from the start of the CARv1.
  CAIRN_DECL auto find(multihash const& h) const -> std::optional<std::uint64_t>;

private:
  friend auto decode_car_index(bytes_view, std::size_t) -> result<car_index, car_errc>;
  car_index_format format_;
  std::vector<bucket> buckets_;
};

/// Decode an index, with the multicodec before it; octets behind it are not looked at.
///
/// errors    truncated · bad_varint · bad_index · index_too_long · unsorted_index
/// cost      O(in.size()); memory of the entries that are there
CAIRN_DECL auto decode_car_index(bytes_view in, std::size_t max_size = limits::car_index) -> result<car_index, car_errc>;

/// Read an index from a source, to its end.
///
/// errors    those of the source · those of decode_car_index
CAIRN_DECL auto read_car_index(source_ref source, std::size_t max_size = limits::car_index) -> io_result<car_index>;

/// Append an index, with the multicodec before it. It is sorted.
CAIRN_DECL void append_car_index(bytes& out, car_index const& index);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/car/impl/index.ipp>
#endif
