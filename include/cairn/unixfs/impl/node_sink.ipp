#pragma once

#include <cairn/core/try.hpp>
#include <cairn/unixfs/node_sink.hpp>

namespace cairn {

CAIRN_DECL auto node_writer::put(bytes_view in) -> io_result<cid> {
  if (inline_limit_ && in.size() <= *inline_limit_) {
    CAIRN_TRY(auto hash, multihash::wrap(code::identity, in));
    return cid::v1(prefix_.codec, hash);
  }
  CAIRN_TRY(auto b, hash_block(prefix_, buffer{in}));
  return put(std::move(b));
}

CAIRN_DECL auto node_writer::put(block node) -> io_result<cid> {
  auto const id = node.id();
  waiting_bytes_ += node.data().size();
  waiting_.push_back(std::move(node));
  if (waiting_bytes_ >= limits::MiB) CAIRN_TRY(flush());
  return id;
}

CAIRN_DECL auto node_writer::flush() -> io_result<void> {
  if (waiting_.empty()) return {};
  auto views = std::vector<block_view>(waiting_.begin(), waiting_.end());
  auto done = store_.put_many(views);
  waiting_.clear();
  waiting_bytes_ = 0;
  return done;
}

CAIRN_DECL auto get_block(block_reader blocks, cid const& id) -> io_result<block> {
  if (id.hash().code() != code::identity) return blocks.get(id);
  CAIRN_TRY(auto b, verify(unverified_block{id, buffer{id.hash().digest()}}));
  return b;
}

}  // namespace cairn
