#pragma once

#include <cairn/block.hpp>
#include <cairn/concept/blockstore.hpp>

#include <optional>
#include <span>

namespace cairn {

/// Keeps nothing: for naming files without storing them ("only hash"). It obeys no law but L2.
struct null_blockstore {
  auto has(cid const&) const -> io_result<bool> { return false; }
  auto get(cid const& id) const -> io_result<block> { return std::unexpected(error{block_errc::not_found}.about(to_string(id))); }
  auto get_size(cid const&) const -> io_result<std::optional<std::uint64_t>> { return std::nullopt; }
  auto put(block_view const&) -> io_result<void> { return {}; }
  auto put_many(std::span<block_view const>) -> io_result<void> { return {}; }
  auto remove(cid const&) -> io_result<void> { return {}; }
};

static_assert(blockstore<null_blockstore>);

}  // namespace cairn
