#pragma once

#include <cairn/unixfs/directory_builder.hpp>
#include <cairn/unixfs/importer.hpp>

#include <memory>
#include <span>
#include <string>

namespace cairn {

/// How a local tree becomes a UnixFS DAG. The default is Kubo's `add -r`.
struct tree_options {
  import_options file{};
  directory_options directory{};
  bool hidden = false;         ///< also names that begin with a dot, below the arguments
  bool empty_dirs = true;      ///< also directories without entries, below the arguments
  bool dereference = false;    ///< a symlink becomes what it points to; else a UnixFS symlink
  bool dereference_args = false;  ///< the same for the arguments alone
  bool preserve_mode = false;  ///< each entry's own permissions, in place of those in `file` and `directory`
  bool preserve_mtime = false;
};

/// Something that is in the store now, by the name it has for the user.
struct added_entry {
  std::string name;  ///< the argument's name and the path below it; empty: the directory that wraps all arguments
  cid id;
  std::uint64_t dag_size = 0;
};

/// What an import tells while it goes on. `added` is called by the caller's thread, `excludes` by the one that walks the tree;
/// `progress` and `stopped` by whichever thread reads a big file, one at a time.
class add_listener {
public:
  virtual ~add_listener() = default;
  /// Files in the order of the walk, then directories, each after what is in it; never before its blocks are in the store.
  virtual void added(added_entry const&) {}
  /// So many bytes of a file have been read; every MiB and at its end.
  virtual void progress(std::string_view /*name*/, std::uint64_t /*bytes*/) {}
  /// Whether to leave out an entry, by its last name.
  virtual auto excludes(std::string_view /*name*/, bool /*is_directory*/) -> bool { return false; }
  /// Whether to give up; asked often.
  virtual auto stopped() -> bool { return false; }
};

/// A file, directory or symlink of the local file system, and the name it gets.
struct tree_argument {
  std::string path;
  std::string name;
};

/// Why a local tree cannot be added.
enum class add_errc : byte {
  file_type = 1,  ///< only regular files, directories and symlinks can be added
  stopped,        ///< the listener asked to stop
  too_deep,       ///< more directories inside each other than `add_tree` follows, as behind a symlink into its own parent
};

template <>
struct errc_traits<add_errc> {
  static constexpr std::string_view module = "add";
  static constexpr auto describe(add_errc e) -> std::string_view {
    switch (e) {
      case add_errc::file_type: return "unrecognized file type: neither a regular file nor a directory nor a symlink";
      case add_errc::stopped: return "stopped";
      case add_errc::too_deep: return "too many levels of directories";
    }
    return "add: unknown error";
  }
};

/// Add one local file, directory or symlink.
///
/// A second thread walks the tree and reads the files while the caller's hashes and stores them.
/// order     entries by the octets of their names, depth first, as Kubo
/// memory    the names of one directory per level, 64 KiB a file and at most 4 MiB of files ahead; per entry of an open directory
///           its name, its CID and 24 bytes
/// errors    file_type · stopped · too_deep · errno of the file system · those of importer and directory_builder
CAIRN_DECL auto add_tree(blockstore_ref store, tree_argument const& argument, tree_options const& options = {}, add_listener* listener = nullptr)
    -> io_result<added_entry>;

/// Add several and put them into one directory, which is the last entry that is told.
///
/// errors    those of add_tree
CAIRN_DECL auto add_wrapped(blockstore_ref store, std::span<tree_argument const> arguments, tree_options const& options = {},
                            add_listener* listener = nullptr) -> io_result<added_entry>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/add_tree.ipp>
#endif
