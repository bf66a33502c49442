#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why octets are not a CAR.
enum class car_errc : byte {
  truncated = 1,        ///< input ended inside the header, a section or the index
  bad_varint,           ///< a length or code is not a minimal unsigned varint
  header_too_long,      ///< header longer than the cap                                  (go-car, 32 MiB)
  bad_header,           ///< the header is no dag-cbor map of `roots` and `version`      (CAR, "Header")
  bad_version,          ///< the version is neither 1 nor 2
  too_many_roots,       ///< more roots than the cap
  section_too_long,     ///< section longer than the cap                                 (go-car, 8 MiB)
  zero_length_section,  ///< a section of no octets; padding is read only where asked for
  bad_cid,              ///< a section does not begin with a CID, or is shorter than it
  block_too_long,       ///< a block above the caller's limit
  bad_v2_header,        ///< offsets or sizes of the CARv2 header overlap or overflow    (CARv2, "Header")
  nested_v2,            ///< the data payload of a CARv2 is a CARv1
  bad_index,            ///< the index has an unknown format or its counts and widths do not fit
  index_too_long,       ///< index longer than the cap
  unsorted_index,       ///< entries of an index are sorted by digest
};

template <>
struct errc_traits<car_errc> {
  static constexpr std::string_view module = "car";
  static constexpr auto describe(car_errc e) -> std::string_view {
    switch (e) {
      case car_errc::truncated: return "car: input ended inside the header, a section or the index";
      case car_errc::bad_varint: return "car: a length or code is not a minimal unsigned varint";
      case car_errc::header_too_long: return "car: header longer than the allowed maximum";
      case car_errc::bad_header: return "car: the header is no dag-cbor map of roots and version";
      case car_errc::bad_version: return "car: the version is neither 1 nor 2";
      case car_errc::too_many_roots: return "car: more roots than the allowed maximum";
      case car_errc::section_too_long: return "car: section longer than the allowed maximum";
      case car_errc::zero_length_section: return "car: zero-length section";
      case car_errc::bad_cid: return "car: a section does not begin with a CID";
      case car_errc::block_too_long: return "car: block above the limit";
      case car_errc::bad_v2_header: return "car: offsets or sizes of the CARv2 header do not fit";
      case car_errc::nested_v2: return "car: the data payload of a CARv2 is not a CARv1";
      case car_errc::bad_index: return "car: unknown index format, or counts and widths that do not fit";
      case car_errc::index_too_long: return "car: index longer than the allowed maximum";
      case car_errc::unsorted_index: return "car: the entries of an index are not sorted";
    }
    return "car: unknown error";
  }
};

}  // namespace cairn
