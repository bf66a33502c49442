#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why a change of a tree cannot be; the words are Kubo's where it has some.
enum class mfs_errc : byte {
  not_exist = 1,    ///< no entry of that name
  exists,           ///< mkdir: there is an entry of that name
  entry_exists,     ///< insert: there is an entry of that name
  empty_name,       ///< a path that ends with a slash names no file
  too_deep,         ///< a path has more than `mfs_tree::most_parts` parts
  into_itself,      ///< a directory is not moved into itself
  not_a_file,       ///< symlinks and directories are not written
  not_unixfs,       ///< an entry is neither a raw block nor UnixFS
  is_symlink,       ///< symlinks are neither read nor written
  sizes_differ,     ///< a node says other sizes than its children have
};

template <>
struct errc_traits<mfs_errc> {
  static constexpr std::string_view module = "mfs";
  static constexpr auto describe(mfs_errc e) -> std::string_view {
    switch (e) {
      case mfs_errc::not_exist: return "file does not exist";
      case mfs_errc::exists: return "file already exists";
      case mfs_errc::entry_exists: return "directory already has entry by that name";
      case mfs_errc::empty_name: return "cannot create file with empty name";
      case mfs_errc::too_deep: return "path has too many parts";
      case mfs_errc::into_itself: return "cannot move a directory into itself";
      case mfs_errc::not_a_file: return "unsupported fsnode type for 'file'";
      case mfs_errc::not_unixfs: return "unrecognized node type in cache node";
      case mfs_errc::is_symlink: return "symlinks not yet supported";
      case mfs_errc::sizes_differ: return "the sizes that a node of a file tells are not those of its children";
    }
    return "mfs: unknown error";
  }
};

}  // namespace cairn
