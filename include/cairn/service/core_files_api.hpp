#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/service/core_types.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace cairn::service {

namespace detail {
struct core_state;
}

/// How new nodes are named; unset: by the config's section Import.
struct files_prefix {
  unsigned cid_version = 0;
  std::uint64_t hash = code::sha2_256;
};

/// What `files stat` tells.
struct files_facts {
  cid id;
  std::uint64_t size = 0, cumulative_size = 0, links = 0;
  bool is_directory = false, is_symlink = false;
  std::uint32_t mode = 0;  ///< twelve permission bits; 0: not set
  std::optional<std::pair<std::int64_t, std::uint32_t>> mtime{};
  bool local = false;            ///< with locality: all blocks are here
  std::uint64_t size_local = 0;  ///< with locality: bytes of those that are
};

struct files_line {
  std::string name;
  bool is_directory = false;
  std::uint64_t size = 0;
  std::optional<cid> id{};  ///< with details
  bool in_directory = true; ///< false: the path itself, which is a file
};
using files_sink = std::function<io_result<void>(files_line const&)>;

struct files_write_request {
  std::int64_t offset = 0;
  std::optional<std::int64_t> count{};
  bool create = false, parents = false, truncate = false, flush = true;
  std::optional<bool> raw_leaves{};
  std::optional<files_prefix> prefix{};
};

/// The mutable files of a node: a tree whose root is kept at /local/filesroot of the metadata, as Kubo keeps it. `core_api::files`
/// gives it.
///
/// A change with `flush` is durable when the call returns: its blocks first, then the root. Without it, it is in memory until `flush`,
/// the next change with `flush` or the end of the node, and what it names is safe from collections meanwhile.
/// threads   as core_api; changes and look-ups wait for each other, reading of content does not
/// errors    Kubo's sentences
class core_files {
public:
  explicit core_files(detail::core_state& state) : state_{&state} {}

  /// A path as Kubo cleans it: absolute, without "." and "..", a slash at the end kept. errors: empty · not absolute
  CAIRN_DECL static auto clean(std::string_view path) -> io_result<std::string>;

  /// locality  walk all that is below
  CAIRN_DECL auto stat(std::string_view path, bool locality) -> io_result<files_facts>;
  CAIRN_DECL auto stat(cid const& content, bool locality) -> io_result<files_facts>;
  CAIRN_DECL auto ls(std::string_view path, bool details, files_sink const& sink) -> io_result<void>;
  /// errors    /a was not a file · symlinks not yet supported · ...
  CAIRN_DECL auto open(std::string_view path) -> io_result<std::unique_ptr<content_reader>>;
  CAIRN_DECL auto write(std::string_view path, input_source& data, files_write_request const& request) -> io_result<void>;
  CAIRN_DECL auto mkdir(std::string_view path, bool parents, std::optional<files_prefix> prefix, bool flush) -> io_result<void>;
  /// content   what is copied; nothing: what `from` names among these files
  /// from      as it was given, for the name of the copy and for errors
  CAIRN_DECL auto cp(std::optional<cid> content, std::string_view from, std::string_view to, bool parents, bool force, std::optional<files_prefix> prefix, bool flush)
      -> io_result<void>;
  CAIRN_DECL auto mv(std::string_view from, std::string_view to, bool flush) -> io_result<void>;
  CAIRN_DECL auto rm(std::string_view path, bool recursive, bool force) -> io_result<void>;
  /// What the path names, after everything was flushed.
  CAIRN_DECL auto flush(std::string_view path) -> io_result<cid>;
  CAIRN_DECL auto chcid(std::string_view path, std::optional<files_prefix> prefix, bool flush) -> io_result<void>;
  CAIRN_DECL auto chmod(std::string_view path, std::uint32_t mode) -> io_result<void>;
  CAIRN_DECL auto touch(std::string_view path, std::int64_t seconds, std::uint32_t nanos) -> io_result<void>;
  /// Put another directory in place of the root, without reading the old one; nothing: an empty one. The old root.
  CAIRN_DECL auto chroot(std::optional<cid> root) -> io_result<std::optional<cid>>;
  /// What `add --to-files` does with a root that was added. first: no other went to this place before.
  CAIRN_DECL auto put_added(std::string_view to, std::string_view name, cid const& root, bool first) -> io_result<void>;
  /// Flush, where the tree was opened and has changed: before the node ends.
  CAIRN_DECL auto finish() -> io_result<void>;

private:
  detail::core_state* state_;
};

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/core_api.hpp>  // whose bodies come with those of this
#endif
