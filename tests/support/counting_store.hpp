#pragma once
// A blockstore in memory that counts what is asked of it, and can lose blocks.

#include <cairn/blockstore/memory.hpp>

namespace cairn::testing {

struct counting_store {
  memory_blockstore inner{};
  mutable std::size_t reads = 0;
  std::size_t writes = 0;

  auto has(cid const& id) const -> io_result<bool> { return inner.has(id); }
  auto get(cid const& id) const -> io_result<block> {
    ++reads;
    return inner.get(id);
  }
  auto put(block_view const& b) -> io_result<void> {
    ++writes;
    return inner.put(b);
  }
  auto remove(cid const& id) -> io_result<void> { return inner.remove(id); }
};

static_assert(blockstore<counting_store>);

}  // namespace cairn::testing
