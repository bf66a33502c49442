#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>

#include <array>
#include <string>
#include <string_view>

namespace cairn {

/// Why a folder is not a flatfs store, or a file of it not a block.
enum class flatfs_errc : byte {
  no_sharding = 1,  ///< a flatfs folder has a file SHARDING
  bad_sharding,     ///< SHARDING says "/repo/flatfs/shard/v1/<prefix|suffix|next-to-last>/<n>"
  too_big,          ///< the file is larger than any block
  other_sharding,   ///< the folder exists with another sharding function
};

template <>
struct errc_traits<flatfs_errc> {
  static constexpr std::string_view module = "flatfs";
  static constexpr auto describe(flatfs_errc e) -> std::string_view {
    switch (e) {
      case flatfs_errc::no_sharding: return "flatfs: no file SHARDING in this folder";
      case flatfs_errc::bad_sharding: return "flatfs: SHARDING names no function \"/repo/flatfs/shard/v1/<prefix|suffix|next-to-last>/<n>\"";
      case flatfs_errc::too_big: return "flatfs: the file is larger than any block";
      case flatfs_errc::other_sharding: return "flatfs: the store was made with another sharding function";
    }
    return "flatfs: unknown error";
  }
};

/// Which letters of a key name its folder.
struct flatfs_shard {
  enum class kind : byte { prefix, suffix, next_to_last };

  kind which = kind::next_to_last;
  std::uint8_t letters = 2;  ///< [1 .. 64]

  /// The folder of a key; a key that is too short is filled up with '_'. Writes `letters` characters.
  CAIRN_DECL void write(char* out, std::string_view key) const;

  friend auto operator==(flatfs_shard const&, flatfs_shard const&) -> bool = default;
};

/// Read the text of a file SHARDING, or the field shardFunc of a Datastore.Spec; space around it is ignored.
///
/// errors    bad_sharding
CAIRN_DECL auto parse_flatfs_shard(std::string_view text) -> result<flatfs_shard, flatfs_errc>;

/// "/repo/flatfs/shard/v1/next-to-last/2"
CAIRN_DECL auto to_string(flatfs_shard const& shard) -> std::string;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/blockstore/impl/flatfs_shard.ipp>
#endif
