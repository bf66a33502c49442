#pragma once

#include <cairn/blockstore/measured.hpp>
#include <cairn/blockstore/ref.hpp>
#include <cairn/core/nanoseconds.hpp>
#include <cairn/repo/datastore_spec.hpp>

#include <functional>
#include <memory>
#include <string>

namespace cairn {

namespace detail {
class repo_engine;
struct repo_blocks_state;
}  // namespace detail

/// What a sweep removed.
struct sweep_report {
  std::uint64_t removed_blocks = 0, removed_bytes = 0;
  std::uint64_t failed = 0;            ///< blocks that could not be removed; a second run tries again
  std::optional<error> first_failure{};
};

/// A block that is not what its name says.
struct damaged_block {
  std::optional<cid> id;  ///< where it can still be told; the codec is raw, for a store does not keep it
  std::string what;
};

struct verify_report {
  std::uint64_t blocks = 0, bytes = 0;  ///< that are right
  std::uint64_t damaged = 0;
};

/// What a store holds.
struct blocks_facts {
  std::uint64_t blocks = 0;
  std::uint64_t disk_bytes = 0;
};

/// The blocks of a repo, `engine | verified | cached | identity`, whichever engine its config names. Opened by the first call.
///
/// threads   every member but `close` from several threads
class repo_blocks {
public:
  /// clock        finds the faster way of writing; null: through the page cache, but for what is synced anyway
  /// cache_bytes  of blocks that are read again soon: kept checked, in memory; 0: none
  CAIRN_DECL repo_blocks(std::string repo_folder, datastore_spec const& spec, bool create, steady_nanoseconds clock = nullptr, std::uint64_t cache_bytes = 0);
  CAIRN_DECL repo_blocks(repo_blocks&&) noexcept;
  CAIRN_DECL auto operator=(repo_blocks&&) noexcept -> repo_blocks&;
  CAIRN_DECL ~repo_blocks();

  CAIRN_DECL auto has(cid const& id) const -> io_result<bool>;
  CAIRN_DECL auto get(cid const& id) const -> io_result<block>;
  CAIRN_DECL auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>>;
  CAIRN_DECL auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>>;
  CAIRN_DECL auto put(block_view const& b) -> io_result<void>;
  CAIRN_DECL auto put_many(std::span<block_view const> blocks) -> io_result<void>;
  CAIRN_DECL auto remove(cid const& id) -> io_result<void>;
  CAIRN_DECL auto sync() -> io_result<void>;
  CAIRN_DECL auto keys() const -> io_result<std::unique_ptr<key_cursor>>;

  /// packs: from its counters; flatfs: a listing, and its diskUsage.cache.
  CAIRN_DECL auto facts() const -> io_result<blocks_facts>;
  CAIRN_DECL auto disk_bytes() const -> io_result<std::uint64_t>;

  /// Hash every block; the sink hears of each damaged one.
  CAIRN_DECL auto verify(std::function<void(damaged_block const&)> const& sink) -> io_result<verify_report>;

  /// Which of these are here; during a collection, they stay. Damaged blocks are not here.
  CAIRN_DECL auto keep(std::span<cid const> ids) -> io_result<std::vector<bool>>;

  /// A collection: what is put from here on, or found to be here by a put or by `keep`, stays; `sweep` removes the rest. Puts that began
  /// before are the business of leases.
  class collection {
  public:
    CAIRN_DECL collection(collection&&) noexcept;
    CAIRN_DECL ~collection();
    /// live      false for what goes; always the same answer; asked more than once, by several threads at once
    /// removed   hears of each block that goes, on the thread that sweeps
    /// failed    hears of each that could not be removed, and why
    CAIRN_DECL auto sweep(std::function<bool(multihash const&)> const& live, std::function<void(multihash const&)> const& removed,
                          std::function<void(multihash const&, error const&)> const& failed = {}) -> io_result<sweep_report>;

    struct body;
    CAIRN_DECL explicit collection(std::unique_ptr<body> b);

  private:
    std::unique_ptr<body> body_;
  };
  CAIRN_DECL auto begin_collection() -> io_result<collection>;
  /// How many bytes on the disk a collection is to leave, if it can: StorageMax and its watermark.
  CAIRN_DECL auto aim(std::uint64_t disk_bytes) -> io_result<void>;

  auto engine() const -> block_engine { return engine_; }

  /// What was asked of the engine since it was opened, with latencies where there is a clock; null before.
  CAIRN_DECL auto counts() const -> store_counts const*;

  /// Give the memory of the cache back.
  CAIRN_DECL void forget_cached();

  /// Write out what the engine holds back; the next call opens it again.
  CAIRN_DECL auto close() -> io_result<void>;

private:
  CAIRN_DECL auto opened() const -> io_result<detail::repo_engine*>;
  block_engine engine_;
  std::unique_ptr<detail::repo_blocks_state> state_;
};

static_assert(blockstore<repo_blocks>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/repo/impl/blocks.ipp>
#endif
