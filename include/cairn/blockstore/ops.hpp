#pragma once

#include <cairn/block.hpp>
#include <cairn/concept/blockstore.hpp>
#include <cairn/core/try.hpp>

#include <optional>
#include <span>
#include <vector>

/// What a store may offer beyond has, get, put and remove, each with a fallback.
namespace cairn {

/// Store many blocks in one go; one sync covers all of them.
template <writable_blockstore S>
auto put_many(S& store, std::span<block_view const> blocks) -> io_result<void> {
  if constexpr (requires { { store.put_many(blocks) } -> std::same_as<io_result<void>>; })
    return store.put_many(blocks);
  else {
    for (auto const& b : blocks) CAIRN_TRY(store.put(b));
    return {};
  }
}

/// Read many blocks in one go: `result[i]` is the block of `ids[i]`. It fails as a whole, with the error of one of them.
///
/// A store with a faster way offers get_many(span<cid const>) itself: vector<block>, or vector<unverified_block> of a raw store.
template <readable_blockstore S>
auto get_many(S const& store, std::span<cid const> ids) -> io_result<std::vector<block>> {
  if constexpr (requires { { store.get_many(ids) } -> std::same_as<io_result<std::vector<block>>>; })
    return store.get_many(ids);
  else {
    auto out = std::vector<block>{};
    out.reserve(ids.size());
    for (auto const& id : ids) {
      CAIRN_TRY(auto b, store.get(id));
      out.push_back(std::move(b));
    }
    return out;
  }
}

/// The size of a block in bytes without reading it; nothing where it is not here.
template <class S>
auto get_size(S const& store, cid const& id) -> io_result<std::optional<std::uint64_t>> {
  if constexpr (requires { { store.get_size(id) } -> std::same_as<io_result<std::optional<std::uint64_t>>>; })
    return store.get_size(id);
  else {
    CAIRN_TRY(auto here, store.has(id));
    if (!here) return std::nullopt;
    CAIRN_TRY(auto b, store.get(id));
    if constexpr (requires { b.data(); })
      return b.data().size();
    else
      return b.data.size();  // unverified
  }
}

/// Wait until what was put is as durable as the store promises.
template <class S>
auto sync(S& store) -> io_result<void> {
  if constexpr (requires { { store.sync() } -> std::same_as<io_result<void>>; })
    return store.sync();
  else
    return {};
}

}  // namespace cairn
