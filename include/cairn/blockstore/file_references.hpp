#pragma once

#include <cairn/block.hpp>
#include <cairn/core/config.hpp>
#include <cairn/datastore/ref.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace cairn {

/// Why a block that lies in a file of the user's cannot be had. The sentences are those that Kubo's users see.
enum class filestore_errc : byte {
  changed = 1,   ///< what the file has at that place is not the block any more
  no_file,       ///< the file is not there
  unreadable,    ///< the file cannot be read
  outside_root,  ///< files outside the folder that the repo lies in cannot be referred to
  bad_path,      ///< a stored path leads out of that folder: absolute, or with ".." or an empty name
  bad_entry,     ///< the stored entry is no reference
  is_url,        ///< the block is at a URL, and nothing here reads it
};

template <>
struct errc_traits<filestore_errc> {
  static constexpr std::string_view module = "filestore";
  static constexpr auto describe(filestore_errc e) -> std::string_view {
    switch (e) {
      case filestore_errc::changed: return "data in file did not match";
      case filestore_errc::no_file: return "no such file or directory";
      case filestore_errc::unreadable: return "the file cannot be read";
      case filestore_errc::outside_root: return "cannot add filestore references outside ipfs root";
      case filestore_errc::bad_path: return "the reference leads out of the folder of the repo";
      case filestore_errc::bad_entry: return "the reference is damaged";
      case filestore_errc::is_url: return "the block is at a URL, which this node does not read";
    }
    return "filestore: unknown error";
  }
};

/// Where a block lies: so many bytes of a file.
struct file_reference {
  std::string path;  ///< relative to the root, with '/'; or a URL
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  auto is_url() const -> bool { return path.starts_with("http://") || path.starts_with("https://"); }
  friend auto operator==(file_reference const&, file_reference const&) -> bool = default;
};

/// Blocks that lie in files of the user's, by multihash, in the metadata of a repo: Kubo's key (/filestore/<base32 of the multihash>)
/// and octets (protobuf {FilePath = 1, Offset = 2, Size = 3}).
///
/// security  A path of the store is not trusted: it is opened below the root and nowhere else, whatever links are on the way; what is
///           read is the block only if it hashes to its name (SEC-41).
/// lifetime  the store outlives it
class file_references {
public:
  /// root      the folder that paths are relative to: that of the repo's folder
  file_references(datastore_ref store, std::string root) : store_{store}, root_{std::move(root)} {}

  CAIRN_DECL auto get(multihash const& hash) const -> io_result<std::optional<file_reference>>;
  CAIRN_DECL auto has(multihash const& hash) const -> io_result<bool>;
  CAIRN_DECL auto put(multihash const& hash, file_reference const& reference) -> io_result<void>;
  CAIRN_DECL auto remove(multihash const& hash) -> io_result<void>;

  /// Each entry in the order of its key; one that is damaged with its error.
  template <class Sink>
  auto each(Sink const& sink) const -> io_result<void> {
    return each_to(&sink, [](void const* s, multihash const& hash, io_result<file_reference> const& r) { return (*static_cast<Sink const*>(s))(hash, r); });
  }

  /// The block, read from its file and checked.
  ///
  /// errors    changed · no_file · unreadable · bad_path · is_url · unknown_hash
  CAIRN_DECL auto read(cid const& id, file_reference const& reference) const -> io_result<block>;

  /// A path of this machine as references have it. errors: outside_root
  CAIRN_DECL auto relative(std::string_view absolute) const -> io_result<std::string>;

  auto root() const -> std::string const& { return root_; }

private:
  CAIRN_DECL auto each_to(void const* sink, io_result<void> (*call)(void const*, multihash const&, io_result<file_reference> const&)) const -> io_result<void>;

  datastore_ref store_;
  std::string root_;
};

/// The octets of an entry, and back.
CAIRN_DECL auto encode_file_reference(file_reference const& reference) -> bytes;
/// errors    bad_entry
CAIRN_DECL auto decode_file_reference(bytes_view in) -> result<file_reference, filestore_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/blockstore/impl/file_references.ipp>
#endif
