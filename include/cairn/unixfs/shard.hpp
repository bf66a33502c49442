#pragma once

#include <cairn/hamt/hamt.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/unixfs/data.hpp>
#include <cairn/unixfs/import_options.hpp>
#include <cairn/unixfs/node_sink.hpp>

namespace cairn {

/// What a directory knows of an entry: where it is, and the bytes of all its blocks.
struct unixfs_link {
  cid id;
  std::uint64_t tsize = 0;
  friend auto operator==(unixfs_link const&, unixfs_link const&) -> bool = default;
};

/// The bits that place a name in a sharded directory: murmur3-x64-64, big-endian (IX-23).
CAIRN_DECL auto unixfs_name_hash(std::string_view name) -> hash_bits;

/// log2 of a fanout that is allowed: a power of two and a multiple of 8, at most 1024 (IX-25).
///
/// errors    bad_fanout
CAIRN_DECL auto shard_bits(std::uint64_t fanout) -> result<unsigned, hamt_errc>;

/// One block of a sharded directory, checked; its links are read as they are asked for.
///
/// cost      no allocation that the block's claims decide
/// spec      UnixFS, HAMTDirectory
class shard_page {
public:
  using slot = hamt_slot<unixfs_link, unixfs_link>;

  /// fanout    what it must be; 0: what the block says
  /// errors    not_a_node · bad_fanout · fanout_differs · unknown_hash · bitmap_too_wide · count_differs · those of dag-pb and Data
  CAIRN_DECL static auto open(block b, std::size_t fanout = 0) -> io_result<shard_page>;

  /// errors    bad_link_name
  CAIRN_DECL auto next() -> io_result<std::optional<slot>>;
  CAIRN_DECL auto find(unsigned index) const -> io_result<std::optional<slot>>;

  auto fanout() const -> std::size_t { return fanout_; }
  auto metadata() const -> file_metadata const& { return metadata_; }
  auto id() const -> cid const& { return block_.id(); }
  auto size() const -> std::size_t { return links_.link_count(); }

private:
  shard_page(block b, pb_view links) : block_{std::move(b)}, links_{links}, at_{links_.links().begin()} {}
  auto make(unsigned index, pb_link_view const& link) const -> io_result<slot>;

  block block_;
  pb_view links_;
  pb_view::link_iterator at_;
  hamt_bitmap taken_;
  unsigned index_ = 0;
  std::size_t fanout_ = 0;
  unsigned width_ = 0;
  file_metadata metadata_;
};

/// Writes one block of a sharded directory.
class shard_writer {
public:
  CAIRN_DECL shard_writer(node_sink sink, std::size_t fanout, file_metadata const& metadata);

  CAIRN_DECL void entries(unsigned index, std::span<hamt_entry<unixfs_link> const> entries);
  CAIRN_DECL void child(unsigned index, unixfs_link const& link);
  CAIRN_DECL auto finish() -> io_result<unixfs_link>;

private:
  void add(unsigned index, std::string_view name, unixfs_link const& link);

  node_sink sink_;
  std::size_t fanout_;
  unsigned width_;
  file_metadata metadata_;
  hamt_bitmap taken_;
  bytes out_;
  std::uint64_t total_ = 0;
  std::string name_;
};

/// Sharded UnixFS directories as a policy of the trie: 0x22, one entry a position, dag-pb nodes.
struct unixfs_shard_policy {
  using value_type = unixfs_link;
  using link_type = unixfs_link;
  using page_type = shard_page;
  using writer_type = shard_writer;
  static constexpr std::size_t bucket_size = 1;

  std::optional<block_reader> blocks{};  ///< to read from; a trie that is only built needs none
  std::optional<node_sink> sink{};        ///< to write to; a trie that is only read needs none
  std::size_t fanout = 256;               ///< of the root; `shard_bits` has accepted it
  file_metadata metadata{};               ///< of the root

  auto bits() const -> unsigned { return static_cast<unsigned>(std::countr_zero(fanout)); }
  auto hash(std::string_view key) const -> hash_bits { return unixfs_name_hash(key); }
  CAIRN_DECL auto open(unixfs_link const& link, bool root) const -> io_result<shard_page>;
  auto writer(bool root) const -> shard_writer { return {*sink, fanout, root ? metadata : file_metadata{}}; }
};

static_assert(hamt_policy<unixfs_shard_policy>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/shard.ipp>
#endif
