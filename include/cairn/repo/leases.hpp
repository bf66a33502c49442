#pragma once

#include <cairn/repo/blocks.hpp>

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace cairn {

namespace detail {
struct lease_registry;
struct lease_entry;
}  // namespace detail

class reachable_set;

/// A root that work under way holds: with everything below it that is here, or alone.
struct held_root {
  cid id;
  bool alone = false;
};

/// Who stores blocks, or is about to pin some, holds a lease for as long as no pin and no root names them: a collection that runs
/// meanwhile removes nothing of it. Neither side waits for the other, but for one case: a lease that has stored more than
/// `most_noted` blocks is no longer noted block by block, and the next collection begins when it has ended.
///
/// The order that makes it safe: note, then store or look up. A collection first tells the store, then reads all leases, then the
/// roots; so what was noted before is read, and what is noted later meets a store that knows.
///
/// memory    24 to 43 bytes for each block noted by a lease in force
/// threads   all members from several threads
class block_leases {
public:
  static constexpr std::size_t most_noted = std::size_t{1} << 18;

  class lease {
  public:
    CAIRN_DECL lease(lease&& other) noexcept;
    CAIRN_DECL ~lease();
    lease(lease const&) = delete;

    /// To be called before these are put, also where they may be here already.
    CAIRN_DECL void note(std::span<block_view const> blocks);

    /// To be called before a DAG that is here is looked at in order to keep it. True: a sweep is under way, and each block has to be
    /// kept by `repo_blocks::keep` as it is met. False: it stays, and the look-up may go on as usual.
    CAIRN_DECL auto hold(cid const& root, bool alone = false) -> bool;

  private:
    friend class block_leases;
    lease(std::shared_ptr<detail::lease_registry> registry, detail::lease_entry* entry) : registry_{std::move(registry)}, entry_{entry} {}
    std::shared_ptr<detail::lease_registry> registry_;
    detail::lease_entry* entry_;
  };

  CAIRN_DECL block_leases();
  CAIRN_DECL auto take() -> lease;

  /// The collector's side; one at a time, the next one waits.
  class collection {
  public:
    CAIRN_DECL collection(collection&& other) noexcept;
    CAIRN_DECL ~collection();

    /// What leases hold now: noted blocks go into the set, roots are given back. After the store began its collection.
    CAIRN_DECL auto read(reachable_set& live) -> std::vector<held_root>;
    /// Roots that came since. None: from here on, holders are told that a sweep is under way.
    CAIRN_DECL auto late_roots() -> std::vector<held_root>;

  private:
    friend class block_leases;
    explicit collection(std::shared_ptr<detail::lease_registry> registry) : registry_{std::move(registry)} {}
    std::shared_ptr<detail::lease_registry> registry_;
  };
  /// stopped   asked while it waits; true ends the wait: nothing is given
  CAIRN_DECL auto begin_collection(std::function<bool()> const& stopped = {}) -> std::optional<collection>;

private:
  std::shared_ptr<detail::lease_registry> registry_;
};

/// The blocks of a repo as work under a lease stores them.
///
/// lifetime  the lease and the blocks outlive it
class leased_blocks {
public:
  leased_blocks(repo_blocks& blocks, block_leases::lease& held) : blocks_{&blocks}, lease_{&held} {}

  auto has(cid const& id) const -> io_result<bool> { return blocks_->has(id); }
  auto get(cid const& id) const -> io_result<block> { return blocks_->get(id); }
  auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> { return blocks_->get_many(ids); }
  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> { return blocks_->get_size(id); }
  auto put(block_view const& b) -> io_result<void> { return put_many({&b, 1}); }
  auto put_many(std::span<block_view const> blocks) -> io_result<void> {
    lease_->note(blocks);
    return blocks_->put_many(blocks);
  }
  auto remove(cid const& id) -> io_result<void> { return blocks_->remove(id); }
  auto sync() -> io_result<void> { return blocks_->sync(); }
  auto keys() const -> io_result<std::unique_ptr<key_cursor>> { return blocks_->keys(); }

private:
  repo_blocks* blocks_;
  block_leases::lease* lease_;
};

static_assert(blockstore<leased_blocks>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/repo/impl/leases.ipp>
#endif
