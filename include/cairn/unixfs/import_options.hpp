#pragma once

#include <cairn/core/error.hpp>
#include <cairn/multiformats/cid.hpp>
#include <cairn/multiformats/codes.hpp>
#include <cairn/unixfs/any_chunker.hpp>
#include <cairn/unixfs/data.hpp>
#include <cairn/unixfs/layout.hpp>

#include <optional>
#include <string_view>

namespace cairn {

/// What a UnixFS root may carry beside its content. It is written on the root of a file only, never on leaves (IX-34).
struct file_metadata {
  std::uint32_t mode = 0;  ///< twelve permission bits; 0 is not written
  std::optional<unixfs_time> mtime{};
  auto empty() const -> bool { return mode == 0 && !mtime; }
};

/// Takes raw leaves of files in place of the store: where the files themselves are the store.
class leaf_keeper {
public:
  virtual ~leaf_keeper() = default;
  /// What follows is of that file, by the name under which it is told.
  virtual auto begin_file(std::string_view name) -> io_result<void> = 0;
  /// A leaf, in the order of the content. Whether it is kept; else the store gets it.
  virtual auto keep(cid const& leaf, std::uint64_t offset, std::uint64_t size) -> io_result<bool> = 0;
};

/// How a file becomes blocks. The default is Kubo's.
struct import_options {
  unsigned cid_version = 0;
  std::uint64_t hash = code::sha2_256;   ///< any other than sha2-256 needs cid_version 1
  std::optional<bool> raw_leaves{};      ///< unset: with CIDv1, unless there is metadata
  any_chunker chunker{};
  any_layout layout{};
  std::optional<std::size_t> inline_limit{};  ///< blocks up to this many bytes [0 .. 128] become identity CIDs and are not stored
  file_metadata metadata{};
  leaf_keeper* keeper = nullptr;         ///< asked for each raw leaf by whichever thread links; borrowed
};

/// IPIP-499: named sets of parameters, so that the same file has the same CID everywhere.
struct unixfs_v0_2015 {
  static constexpr std::string_view name = "unixfs-v0-2015";
  static constexpr unsigned cid_version = 0;
  static constexpr bool raw_leaves = false;
  static constexpr std::size_t chunk_size = 256 * limits::KiB, max_links = 174;
  static constexpr std::size_t hamt_fanout = 256, hamt_threshold = 256 * limits::KiB;
  static constexpr bool hamt_threshold_by_links = true;  ///< names and CIDs of the links; else the size of the block
};

struct unixfs_v1_2025 {
  static constexpr std::string_view name = "unixfs-v1-2025";
  static constexpr unsigned cid_version = 1;
  static constexpr bool raw_leaves = true;
  static constexpr std::size_t chunk_size = 1 * limits::MiB, max_links = 1024;
  static constexpr std::size_t hamt_fanout = 256, hamt_threshold = 256 * limits::KiB;
  static constexpr bool hamt_threshold_by_links = false;
};

/// The options for files of a profile; `raw_leaves` stays unset so that metadata can turn it off.
template <class Profile>
auto options_of() -> import_options {
  auto o = import_options{};
  o.cid_version = Profile::cid_version;
  if (Profile::raw_leaves != (Profile::cid_version > 0)) o.raw_leaves = Profile::raw_leaves;
  o.chunker = size_chunker{Profile::chunk_size};
  o.layout = balanced_layout{Profile::max_links};
  return o;
}

}  // namespace cairn
