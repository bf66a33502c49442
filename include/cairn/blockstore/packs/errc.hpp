#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why a store of packs refuses.
enum class packs_errc : byte {
  block_too_large = 1,  ///< a section is at most 8 MiB                                    (packs, "at most 8 MiB")
  bad_manifest,         ///< the MANIFEST does not have its sum, or names what is not there (packs, "On disk")
  bad_segment,          ///< a segment is not a CARv2 of this store's form
  bad_location,         ///< the index names bytes that the segment does not have
  damaged_block,        ///< the block was found to differ from its hash
  out_of_order,         ///< an earlier sync failed; what is durable is unknown until the store is opened again
};

template <>
struct errc_traits<packs_errc> {
  static constexpr std::string_view module = "packs";
  static constexpr auto describe(packs_errc e) -> std::string_view {
    switch (e) {
      case packs_errc::block_too_large: return "packs: a block and its CID are at most 8 MiB";
      case packs_errc::bad_manifest: return "packs: the MANIFEST is damaged";
      case packs_errc::bad_segment: return "packs: the segment is damaged";
      case packs_errc::bad_location: return "packs: the index names bytes that are not there";
      case packs_errc::damaged_block: return "packs: the stored bytes of the block are damaged";
      case packs_errc::out_of_order: return "packs: an earlier sync failed; open the store again";
    }
    return "packs: unknown error";
  }
};

}  // namespace cairn
