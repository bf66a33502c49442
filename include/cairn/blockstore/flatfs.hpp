#pragma once

#include <cairn/block.hpp>
#include <cairn/blockstore/flatfs_shard.hpp>
#include <cairn/concept/blockstore.hpp>
#include <cairn/concept/fwd.hpp>

#include <memory>
#include <optional>
#include <span>

namespace cairn {

namespace detail {
struct flatfs_state;
struct flatfs_walk;
}  // namespace detail

struct flatfs_options {
  bool sync = false;    ///< a put is acknowledged after the file and its folder are on the disk
  bool create = false;  ///< make the folder if it is not there
  std::optional<flatfs_shard> shard{};  ///< create: the function (default next-to-last/2); open: what SHARDING must say
};

/// One file per block, with the names and bytes of Kubo's go-ds-flatfs: `blocks/XX/<KEY>.data`, KEY the upper-case base32 of
/// the multihash. What else lies in the folders is left alone and is not listed.
///
/// Unchecked: `| verified` makes a blockstore of it. A block becomes visible with a rename, so a reader sees all of it or
/// nothing. `diskUsage.cache` is kept up to date at `sync` and on destruction.
///
/// threads   const members and put may be called from several threads; a put of many blocks takes one thread more for the call, seven where it syncs
/// cost      has 1, get 4, put 4 to 5 calls of the system; no allocation but the block's own
class flatfs_blockstore {
public:
  /// errors    no_sharding · bad_sharding · other_sharding · those of the system
  CAIRN_DECL static auto open(std::string folder, flatfs_options options = {}) -> io_result<flatfs_blockstore>;

  CAIRN_DECL flatfs_blockstore(flatfs_blockstore&&) noexcept;
  CAIRN_DECL auto operator=(flatfs_blockstore&&) noexcept -> flatfs_blockstore&;
  CAIRN_DECL ~flatfs_blockstore();

  CAIRN_DECL auto has(cid const& id) const -> io_result<bool>;
  CAIRN_DECL auto get(cid const& id) const -> io_result<unverified_block>;
  CAIRN_DECL auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>>;
  CAIRN_DECL auto put(block_view const& b) -> io_result<void>;
  CAIRN_DECL auto put_many(std::span<block_view const> blocks) -> io_result<void>;
  CAIRN_DECL auto remove(cid const& id) -> io_result<void>;

  /// Write `diskUsage.cache`; files are synced by `put` where the options ask for it.
  CAIRN_DECL auto sync() -> io_result<void>;

  /// Bytes of all files and shard folders, as `diskUsage.cache` has it; counted once where that file is missing.
  CAIRN_DECL auto disk_usage() const -> io_result<std::uint64_t>;

  CAIRN_DECL auto folder() const -> std::string const&;
  CAIRN_DECL auto shard() const -> flatfs_shard const&;

  /// Yields each multihash once, in no order; what is put or removed meanwhile may be in or out. No allocation per key or folder.
  class cursor {
  public:
    CAIRN_DECL cursor(cursor&&) noexcept;
    CAIRN_DECL ~cursor();
    CAIRN_DECL auto next() -> io_result<std::optional<multihash>>;

  private:
    friend class flatfs_blockstore;
    CAIRN_DECL explicit cursor(std::unique_ptr<detail::flatfs_walk> walk);
    std::unique_ptr<detail::flatfs_walk> walk_;
  };
  CAIRN_DECL auto keys() const -> io_result<cursor>;

private:
  CAIRN_DECL explicit flatfs_blockstore(std::unique_ptr<detail::flatfs_state> state);
  std::unique_ptr<detail::flatfs_state> state_;
};

static_assert(raw_blockstore<flatfs_blockstore>);

/// The part of a recipe that opens one: `flatfs{"/var/ipfs/blocks"} | verified`.
struct flatfs : part {
  static constexpr std::string_view name = "flatfs";
  std::string folder;
  flatfs_options options{.create = true};

  flatfs(std::string in, flatfs_options with = {.create = true}) : folder{std::move(in)}, options{with} {}

  template <class Hashes>
  auto open() const -> io_result<flatfs_blockstore> { return flatfs_blockstore::open(folder, options); }
  auto peak_bytes() const -> std::uint64_t { return 128 * limits::KiB; }  // two buffers of a listing
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/blockstore/impl/flatfs.ipp>
#  include <cairn/blockstore/impl/flatfs_walk.ipp>
#endif
