#pragma once

#include <cairn/core/bulk_write.hpp>
#include <cairn/blockstore/ref.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/unixfs/byte_sink.hpp>
#include <cairn/unixfs/data.hpp>
#include <cairn/unixfs/read_ahead.hpp>

#include <string>

namespace cairn {

/// Why a stored tree is not written to the local file system or to an archive.
enum class get_errc : byte {
  bad_name = 1,  ///< a name that is empty, "." or "..", or has a slash or a NUL, could lead outside the target       (CVE-2020-26279)
  bad_target,    ///< a symlink without a target, or with a NUL in it
  in_the_way,    ///< a symlink or something else that is no directory stands where a directory is to be
  too_deep,      ///< more directories inside each other than `get_tree` follows
  stopped,       ///< the listener asked to stop
};

template <>
struct errc_traits<get_errc> {
  static constexpr std::string_view module = "get";
  static constexpr auto describe(get_errc e) -> std::string_view {
    switch (e) {
      case get_errc::bad_name: return "relative UnixFS paths outside the root are not allowed, use CAR instead";
      case get_errc::bad_target: return "a symlink without a valid target";
      case get_errc::in_the_way: return "cannot extract to symlink or non-directory objects";
      case get_errc::too_deep: return "too many levels of directories";
      case get_errc::stopped: return "stopped";
    }
    return "get: unknown error";
  }
};

/// What `get_tree` tells while it goes on; called by the caller's thread.
class get_listener {
public:
  virtual ~get_listener() = default;
  /// So many more bytes of content have been written.
  virtual void wrote(std::uint64_t /*bytes*/) {}
  /// Which way large files are written; null: through the page cache.
  virtual auto pace() -> write_pace* { return nullptr; }
  /// What files are read ahead from; null: each as far as it likes.
  virtual auto budget() -> read_ahead_budget* { return nullptr; }
  /// Whether to give up; asked for each entry and each piece of a file.
  virtual auto stopped() -> bool { return false; }
};

/// Write a stored file, directory or symlink to the local file system, as Kubo's `get` does.
///
/// A directory becomes `path`, merging with one that is there. A file or symlink becomes `path`, or `path`/`name` where `path` is a
/// directory; what is there is replaced. A file is written under another name in its directory and then renamed, so that nobody sees
/// half of one, and a failure or a stop leaves none behind. Below `path` no symlink is followed, whoever made it.
/// Modes and times are restored where the tree has them; else files get 0644 and directories 0755.
///
/// memory    one directory block per level, 64 entries and what file_reader takes
/// errors    get_errc · errno of the file system · those of directories, files and the store
CAIRN_DECL auto get_tree(blockstore_ref store, cid const& root, std::string const& path, std::string const& name,
                         get_listener* listener = nullptr) -> io_result<void>;

/// Write the same tree as a TAR archive whose root is `name`; entries without a time get `when`.
///
/// errors    get_errc · those of tar_writer, directories, files, the store and the sink
CAIRN_DECL auto write_tar(blockstore_ref store, cid const& root, std::string const& name, sink_ref out, unixfs_time const& when,
                          get_listener* listener = nullptr) -> io_result<void>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/get_tree.ipp>
#  include <cairn/unixfs/impl/write_tar.ipp>
#endif
