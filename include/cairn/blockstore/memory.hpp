#pragma once

#include <cairn/block.hpp>
#include <cairn/concept/blockstore.hpp>

#include <optional>
#include <unordered_map>

namespace cairn {

/// Blocks in memory, for tests, for light nodes, and as the exemplar of the concept. Holds checked blocks only.
class memory_blockstore {
public:
  auto has(cid const& id) const -> io_result<bool> { return blocks_.contains(id.hash()); }

  auto get(cid const& id) const -> io_result<block> {
    auto const at = blocks_.find(id.hash());
    if (at == blocks_.end()) return std::unexpected(error{block_errc::not_found}.about(to_string(id)));
    return detail::block_access::make(id, at->second);
  }

  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> {
    auto const at = blocks_.find(id.hash());
    if (at == blocks_.end()) return std::nullopt;
    return at->second.size();
  }

  auto put(block_view const& b) -> io_result<void> {
    blocks_.try_emplace(b.id().hash(), buffer{b.data()});
    return {};
  }

  auto remove(cid const& id) -> io_result<void> {
    blocks_.erase(id.hash());
    return {};
  }

  /// Yields each multihash once; the store must not change meanwhile.
  class cursor {
  public:
    auto next() -> io_result<std::optional<multihash>> {
      if (at_ == end_) return std::nullopt;
      return (at_++)->first;
    }

  private:
    friend class memory_blockstore;
    using iterator = std::unordered_map<multihash, buffer>::const_iterator;
    cursor(iterator at, iterator end) : at_{at}, end_{end} {}
    iterator at_, end_;
  };
  auto keys() const -> io_result<cursor> { return cursor{blocks_.begin(), blocks_.end()}; }

  auto size() const -> std::size_t { return blocks_.size(); }

private:
  std::unordered_map<multihash, buffer> blocks_;
};

static_assert(blockstore<memory_blockstore>);

}  // namespace cairn
