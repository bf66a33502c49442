#pragma once
// The mutable files of a running node.

#include <cairn/blockstore/ref.hpp>
#include <cairn/mfs/tree.hpp>
#include <cairn/repo/leases.hpp>
#include <cairn/repo/repo.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace cairn::service::detail {

/// The store of the tree: puts are noted by the lease that is in force while the root in the metadata does not name them.
class files_store {
public:
  files_store(repo_blocks& blocks, block_leases& leases) : blocks_{&blocks}, leases_{&leases} {}

  auto has(cid const& id) const -> io_result<bool> { return blocks_->has(id); }
  auto get(cid const& id) const -> io_result<block> { return blocks_->get(id); }
  auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> { return blocks_->get_many(ids); }
  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> { return blocks_->get_size(id); }
  auto put(block_view const& b) -> io_result<void> { return put_many({&b, 1}); }
  auto put_many(std::span<block_view const> blocks) -> io_result<void> {
    lease().note(blocks);
    return blocks_->put_many(blocks);
  }
  auto remove(cid const& id) -> io_result<void> { return blocks_->remove(id); }
  auto sync() -> io_result<void> { return blocks_->sync(); }
  auto keys() const -> io_result<std::unique_ptr<key_cursor>> { return blocks_->keys(); }

  auto lease() -> block_leases::lease& {
    if (!lease_) lease_.emplace(leases_->take());
    return *lease_;
  }
  void release() { lease_.reset(); }

private:
  repo_blocks* blocks_;
  block_leases* leases_;
  std::optional<block_leases::lease> lease_;
};

struct files_state {
  files_state(repo_blocks& blocks, block_leases& leases) : store{blocks, leases} {}

  std::mutex guard;  // held by every look-up and change
  files_store store;
  std::optional<mfs_tree> tree{};
  std::optional<cid> kept{};      // the root that the metadata names
  std::uint64_t unflushed = 0;    // changes since the last flush
};

}  // namespace cairn::service::detail
