#pragma once

#include <cairn/car/errc.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/result.hpp>
#include <cairn/multiformats/cid.hpp>

#include <span>
#include <vector>

namespace cairn {

/// The header of a CARv1; a CARv2 begins with one of version 2 without roots, its pragma.
struct car_header {
  std::uint64_t version = 1;
  std::vector<cid> roots;  ///< 0 to n (IX-67)
};

/// Decode the dag-cbor of a header, without its length. A CARv1 header without `roots`, or with null, has none.
///
/// errors    bad_header · bad_version · too_many_roots
/// cost      O(in.size()); no more memory than the roots that were read
CAIRN_DECL auto decode_car_header(bytes_view in, std::size_t max_roots = limits::car_roots) -> result<car_header, car_errc>;

/// Append the header of a CARv1, with its length.
CAIRN_DECL void append_car_header(bytes& out, std::span<cid const> roots);

/// What stands behind the pragma of a CARv2.
struct car_v2_header {
  digest<16> characteristics{};  ///< bit 0 (the highest of the first octet): the index holds every block
  std::uint64_t data_offset = 0;
  std::uint64_t data_size = 0;
  std::uint64_t index_offset = 0;  ///< 0: no index
  friend auto operator==(car_v2_header const&, car_v2_header const&) -> bool = default;
};

inline constexpr digest<11> car_v2_pragma{0x0a, 0xa1, 0x67, 'v', 'e', 'r', 's', 'i', 'o', 'n', 0x02};
inline constexpr std::size_t car_v2_header_size = 40;
inline constexpr std::uint64_t car_v2_data_offset_min = car_v2_pragma.size() + car_v2_header_size;

/// Decode the 40 octets behind the pragma.
///
/// errors    truncated · bad_v2_header
CAIRN_DECL auto decode_car_v2_header(bytes_view in) -> result<car_v2_header, car_errc>;
CAIRN_DECL void append_car_v2_header(bytes& out, car_v2_header const& h);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/car/impl/header.ipp>
#endif
