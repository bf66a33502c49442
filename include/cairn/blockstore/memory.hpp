#pragma once

#include <cairn/block.hpp>
#include <cairn/concept/blockstore.hpp>

#include <optional>
#include <unordered_map>

namespace cairn {

/// Why a store of bounded size refuses.
enum class memory_blockstore_errc : byte {
  full = 1,  ///< the block does not fit under the bound that the store was made with
};

template <>
struct errc_traits<memory_blockstore_errc> {
  static constexpr std::string_view module = "memory";
  static constexpr auto describe(memory_blockstore_errc) -> std::string_view { return "memory: the store is full"; }
};

/// Blocks in memory, for tests, for light nodes, and as the exemplar of the concept. Holds checked blocks only.
///
/// memory    at most `max_bytes`: content, and `overhead` for each block
class memory_blockstore {
public:
  /// What one block costs beside its bytes: the key, the table's node and bucket, two allocations.
  static constexpr std::uint64_t overhead = sizeof(multihash) + sizeof(buffer) + 80;

  explicit memory_blockstore(std::uint64_t max_bytes = UINT64_MAX) : max_bytes_{max_bytes} {}

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

  /// errors    full
  auto put(block_view const& b) -> io_result<void> {
    if (blocks_.contains(b.id().hash())) return {};
    auto const cost = b.data().size() + overhead;
    if (cost > max_bytes_ - used_) return std::unexpected(error{memory_blockstore_errc::full}.about(to_string(b.id())));
    blocks_.try_emplace(b.id().hash(), buffer{b.data()});
    used_ += cost;
    return {};
  }

  auto remove(cid const& id) -> io_result<void> {
    auto const at = blocks_.find(id.hash());
    if (at == blocks_.end()) return {};
    used_ -= at->second.size() + overhead;
    blocks_.erase(at);
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
  auto used_bytes() const -> std::uint64_t { return used_; }

private:
  std::unordered_map<multihash, buffer> blocks_;
  std::uint64_t max_bytes_, used_ = 0;
};

static_assert(blockstore<memory_blockstore>);

}  // namespace cairn
