#pragma once

#include <cairn/block/verify.hpp>
#include <cairn/blockstore/ref.hpp>
#include <cairn/core/config.hpp>
#include <cairn/ipld/block_reader.hpp>

#include <concepts>
#include <optional>

namespace cairn {

/// What takes new dag-pb nodes and names them; the bytes are copied or written before `put` returns.
/// Models: importer · node_writer · node_sink
template <class S>
concept node_store = requires(S& s, bytes_view in) {
  { s.put(in) } -> std::same_as<io_result<cid>>;
};

/// Any node_store, borrowed: two pointers.
class node_sink {
public:
  template <class S>
    requires(!std::same_as<S, node_sink>) && node_store<S>
  node_sink(S& s) : self_{&s}, put_{[](void* self, bytes_view in) { return static_cast<S*>(self)->put(in); }} {}

  auto put(bytes_view in) const -> io_result<cid> { return put_(self_, in); }

private:
  void* self_;
  io_result<cid> (*put_)(void*, bytes_view);
};

/// Names nodes and stores them in batches of at most 1 MiB.
///
/// lifetime  the store outlives it; what was not flushed when it goes is not stored
class node_writer {
public:
  node_writer(blockstore_ref store, cid_prefix prefix, std::optional<std::size_t> inline_limit = {})
      : store_{store}, prefix_{prefix}, inline_limit_{inline_limit} {}

  CAIRN_DECL auto put(bytes_view in) -> io_result<cid>;
  /// A node that has its name.
  CAIRN_DECL auto put(block node) -> io_result<cid>;
  CAIRN_DECL auto flush() -> io_result<void>;

private:
  blockstore_ref store_;
  cid_prefix prefix_;
  std::optional<std::size_t> inline_limit_;
  std::vector<block> waiting_;
  std::size_t waiting_bytes_ = 0;
};

static_assert(node_store<node_writer> && node_store<node_sink>);

/// A block of the store, or the content of an identity CID, which is in no store.
///
/// errors    those of the store · hash_mismatch
CAIRN_DECL auto get_block(block_reader blocks, cid const& id) -> io_result<block>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/node_sink.ipp>
#endif
