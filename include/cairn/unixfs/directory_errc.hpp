#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why a node is not a directory, or a name not in it.
enum class directory_errc : byte {
  not_a_directory = 1,  ///< the node is neither Directory nor HAMTShard
  no_link,              ///< no link of that name
  bad_name,             ///< a name of an entry is not empty and has no slash
};

template <>
struct errc_traits<directory_errc> {
  static constexpr std::string_view module = "directory";
  static constexpr auto describe(directory_errc e) -> std::string_view {
    switch (e) {
      case directory_errc::not_a_directory: return "merkledag node was not a directory or shard";
      case directory_errc::no_link: return "no link by that name";
      case directory_errc::bad_name: return "directory: a name is not empty and has no slash";
    }
    return "directory: unknown error";
  }
};

}  // namespace cairn
