#pragma once

#include <cairn/core/result.hpp>
#include <cairn/core/error.hpp>

#include <concepts>
#include <cstdint>

/// Blocks by CID. A store keeps bytes by multihash: the codec of a CID is not part of its key.
///
/// A store answers `get` with `block` (checked) or with `unverified_block` (as the disk gave it); only the former is a
/// `blockstore` that a node accepts, and the layer `verified` makes one from the latter.
///
/// Laws (tests/laws/blockstore.hpp)
///   L1  after put(b), get(b.id()) is b and has(b.id()) is true, whatever codec or version the CID has
///   L2  get of what was never put is block_errc::not_found
///   L3  put is idempotent
///   L4  after remove(c), has(c) is false; remove of what is not there succeeds
///   L5  keys() yields each stored multihash once, and ends with nothing or with an error, never early
///   L6  what was put before sync() returned outlives a crash, as far as the store promises durability at all
///   L7  a failed put leaves the store as it was
///
/// Optional, found by `requires`, with a fallback in <cairn/blockstore/ops.hpp>:
///   put_many(span<block_view const>) · get_many(span<cid const>) · get_size(cid) · keys() · sync()
/// Models: memory_blockstore · packs · flatfs_blockstore · the layers
namespace cairn {

class cid;
class block;
class block_view;
struct unverified_block;

template <class S>
concept raw_readable_blockstore = requires(S const& s, cid const& c) {
  { s.has(c) } -> std::same_as<io_result<bool>>;
  { s.get(c) } -> std::same_as<io_result<unverified_block>>;
};

template <class S>
concept readable_blockstore = requires(S const& s, cid const& c) {
  { s.has(c) } -> std::same_as<io_result<bool>>;
  { s.get(c) } -> std::same_as<io_result<block>>;
};

template <class S>
concept writable_blockstore = requires(S& s, cid const& c, block_view const& b) {
  { s.put(b) } -> std::same_as<io_result<void>>;
  { s.remove(c) } -> std::same_as<io_result<void>>;
};

/// What a node is built on.
template <class S>
concept blockstore = readable_blockstore<S> && writable_blockstore<S>;

/// What an engine on a disk is, before the layer `verified`.
template <class S>
concept raw_blockstore = raw_readable_blockstore<S> && writable_blockstore<S>;

}  // namespace cairn
