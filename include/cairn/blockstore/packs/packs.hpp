#pragma once

#include <cairn/block.hpp>
#include <cairn/blockstore/packs/errc.hpp>
#include <cairn/blockstore/packs/options.hpp>
#include <cairn/blockstore/packs/report.hpp>
#include <cairn/concept/blockstore.hpp>
#include <cairn/core/config.hpp>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace cairn {

namespace detail {
struct packs_state;
struct packs_key_scan;
}  // namespace detail

/// Blocks in append-only CARv2 segments, with a derived index: the store of a new repo.
///
/// A put is one append; `sync` makes what was put and removed before it outlive a power cut (sync_mode::commit). Removed blocks
/// leave the disk when a collection sweeps. What `get` gives is unchecked: the layer `verified` goes on top.
///
/// memory    below 32 MiB, however many blocks
/// threads   every member may be called from several threads; readers never wait for a writer's disk
/// spec      docs/packs.md
class packs {
public:
  using options = packs_options;

  /// Open or make a store; reads what a killed process or a power cut left after the index's last note.
  ///
  /// errors    those of the disk · bad_manifest · locked by another process
  CAIRN_DECL static auto open(options o) -> io_result<packs>;

  /// Make the index again from the segments, and the MANIFEST where it is damaged; then open.
  CAIRN_DECL static auto rebuild(options o) -> io_result<packs>;

  CAIRN_DECL packs(packs&&) noexcept;
  CAIRN_DECL auto operator=(packs&&) noexcept -> packs&;
  /// Closes, if `close` was not called; what then fails is found at the next open.
  CAIRN_DECL ~packs();

  CAIRN_DECL auto has(cid const& id) const -> io_result<bool>;
  /// errors    block_errc::not_found · damaged_block · those of the disk
  CAIRN_DECL auto get(cid const& id) const -> io_result<unverified_block>;
  /// Blocks that lie together are read together.
  ///
  /// errors    those of get, of the first that has one
  CAIRN_DECL auto get_many(std::span<cid const> ids) const -> io_result<std::vector<unverified_block>>;
  CAIRN_DECL auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>>;

  /// errors    block_too_large · those of the disk; the store is then as it was
  CAIRN_DECL auto put(block_view const& b) -> io_result<void>;
  /// Blocks that are here already are not written again.
  ///
  /// cost      one write for all that is new
  CAIRN_DECL auto put_many(std::span<block_view const> blocks) -> io_result<void>;

  CAIRN_DECL auto remove(cid const& id) -> io_result<void>;
  CAIRN_DECL auto remove_many(std::span<cid const> ids) -> io_result<void>;

  /// All that was put and removed before outlives what `options.sync` promises; waiters share one sync.
  CAIRN_DECL auto sync() -> io_result<void>;

  /// Every stored multihash once, as of now.
  class cursor {
  public:
    CAIRN_DECL explicit cursor(std::unique_ptr<detail::packs_key_scan> scan);
    CAIRN_DECL cursor(cursor&&) noexcept;
    CAIRN_DECL auto operator=(cursor&&) noexcept -> cursor&;
    CAIRN_DECL ~cursor();
    CAIRN_DECL auto next() -> io_result<std::optional<multihash>>;

  private:
    std::unique_ptr<detail::packs_key_scan> scan_;
  };
  CAIRN_DECL auto keys() const -> io_result<cursor>;

  CAIRN_DECL auto stats() const -> packs_stats;

  /// Hash every live block, and compare every other byte with what it should be, as of now: others go on meanwhile. Damaged blocks are set aside: they are no longer
  /// served, and a put writes them anew.
  CAIRN_DECL auto verify() -> io_result<packs_verify_report>;

  /// Which of these are here; during a collection, they stay as if they had been put. Damaged blocks are not here.
  CAIRN_DECL auto keep(std::span<cid const> ids) -> io_result<std::vector<bool>>;

  /// A collection: what is put, or found to be here by a put or by `keep`, after `begin_collection` stays; then `sweep` removes the rest.
  ///
  /// lifetime  ends with `sweep` or when destroyed; the store outlives it; one at a time
  class collection {
  public:
    collection(collection&& other) noexcept : state_{std::exchange(other.state_, nullptr)} {}
    CAIRN_DECL ~collection();

    /// live      a function of `multihash const&`: true for what stays; always the same answer, on any thread
    template <class Live>
    auto sweep(Live const& live) -> io_result<packs_sweep_report> {
      return sweep(live, nullptr);
    }
    /// gone      a function of `multihash const&`, or null: hears of each block that goes
    template <class Live, class Gone>
    auto sweep(Live const& live, Gone const& gone) -> io_result<packs_sweep_report> {
      auto const ask = [](void const* l, multihash const& h) { return static_cast<bool>((*static_cast<Live const*>(l))(h)); };
      if constexpr (!std::is_null_pointer_v<Gone>)
        if (gone) return sweep(ask, &live, [](void const* g, multihash const& h) { (*static_cast<Gone const*>(g))(h); }, &gone);
      return sweep(ask, &live, nullptr, nullptr);
    }

  private:
    friend class packs;
    explicit collection(detail::packs_state* state) : state_{state} {}
    CAIRN_DECL auto sweep(bool (*live)(void const*, multihash const&), void const* live_context, void (*gone)(void const*, multihash const&),
                          void const* gone_context) -> io_result<packs_sweep_report>;
    detail::packs_state* state_;
  };
  CAIRN_DECL auto begin_collection() -> collection;

  /// Collections drop what is wholly dead and rewrite what is mostly dead; above so many bytes on the disk they go on, most dead first,
  /// until below, or until nothing dead is left.
  CAIRN_DECL void aim(std::uint64_t disk_bytes);

  /// Write the index out and let go of the files.
  CAIRN_DECL auto close() -> io_result<void>;

private:
  CAIRN_DECL explicit packs(std::unique_ptr<detail::packs_state> state);
  std::unique_ptr<detail::packs_state> state_;
};

static_assert(raw_blockstore<packs>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/blockstore/packs/src.hpp>
#endif
