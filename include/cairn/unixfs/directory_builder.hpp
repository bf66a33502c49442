#pragma once

#include <cairn/unixfs/directory_options.hpp>
#include <cairn/unixfs/shard.hpp>

namespace cairn {

/// What a directory became.
struct built_directory {
  unixfs_link link;
  bool sharded = false;
};

/// A directory whose entries are all known before its first block is written: how an import makes them.
///
/// memory    the names, the binary CIDs and 24 bytes an entry
class directory_builder {
public:
  explicit directory_builder(directory_options const& options) : options_{options} {}

  /// Of entries of the same name the last one counts.
  CAIRN_DECL void add(std::string_view name, unixfs_link const& link);

  auto size() const -> std::size_t { return rows_.size(); }

  /// By the octets of the names, each name once; `entries` are in that order afterwards.
  CAIRN_DECL void sort();
  /// each      a function of `std::string_view`, `unixfs_link`
  template <class Each>
  void entries(Each each) const {
    for (auto const& r : rows_) each(name(r), link(r));
  }
  auto options() -> directory_options& { return options_; }

  /// Write it; the builder is empty after that.
  ///
  /// errors    bad_fanout · too_deep · those of the sink
  CAIRN_DECL auto finish(node_sink sink) -> io_result<built_directory>;

private:
  struct row {
    std::uint64_t at;  // in text_: the name, then the CID
    std::uint64_t tsize;
    std::uint32_t name_size;
    std::uint32_t cid_size;
  };
  friend struct directory_rows;
  auto name(row const& r) const -> std::string_view { return std::string_view{text_}.substr(r.at, r.name_size); }
  auto link(row const& r) const -> unixfs_link {
    return {*decode_cid(as_bytes(std::string_view{text_}.substr(r.at + r.name_size, r.cid_size))), r.tsize};
  }
  auto is_sharded(std::size_t data_size) const -> bool;

  directory_options options_;
  std::vector<row> rows_;
  std::string text_;
};

namespace detail {
/// Bytes that an entry adds to the estimate.
CAIRN_DECL auto directory_entry_weight(directory_estimate how, std::string_view name, unixfs_link const& link) -> std::size_t;
/// The Data message of a flat directory.
CAIRN_DECL auto directory_data(file_metadata const& metadata) -> bytes;
}  // namespace detail

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/directory_builder.ipp>
#endif
