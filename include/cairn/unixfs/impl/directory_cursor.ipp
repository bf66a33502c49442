#pragma once

#include <cairn/core/try.hpp>
#include <cairn/unixfs/directory_cursor.hpp>
#include <cairn/unixfs/impl/directory_node.hpp>

namespace cairn {
CAIRN_DECL auto directory_cursor::open(blockstore_ref store, cid const& root) -> io_result<directory_cursor> {
  CAIRN_TRY(auto b, get_block(store, root));
  return open(store, std::move(b));
}

CAIRN_DECL auto directory_cursor::open(blockstore_ref store, block root) -> io_result<directory_cursor> {
  CAIRN_TRY(auto const node, detail::read_directory_node(root));
  auto out = directory_cursor{};
  out.metadata_ = {node.data.permissions(), node.data.mtime};
  if (node.data.type == unixfs_type::directory) {
    out.flat_ = node.links.links().begin();
    out.block_ = std::move(root);
    return out;
  }
  CAIRN_TRY(auto page, shard_page::open(std::move(root)));
  out.source_ = std::make_unique<source>(source{store, {.fanout = page.fanout()}});
  out.source_->policy.blocks = block_reader{out.source_->store};
  out.trie_.emplace(out.source_->policy, std::move(page));
  return out;
}

CAIRN_DECL auto directory_cursor::next() -> io_result<std::optional<directory_entry>> {
  if (trie_) {
    CAIRN_TRY(auto e, trie_->next());
    if (!e) return std::nullopt;
    return directory_entry{std::move(e->key), e->value};
  }
  if (flat_) {
    if (*flat_ == std::default_sentinel) return std::nullopt;
    auto const& l = **flat_;
    auto out = directory_entry{std::string{l.name}, {l.id, l.tsize}};
    ++*flat_;
    return out;
  }
  if (links_.empty()) return std::nullopt;
  auto const& l = links_.front();
  links_ = links_.subspan(1);
  return directory_entry{l.name, {l.id, l.tsize}};
}

CAIRN_DECL auto find_entry(block_reader blocks, cid const& directory, std::string_view name) -> io_result<std::optional<unixfs_link>> {
  CAIRN_TRY(auto b, get_block(blocks, directory));
  return find_entry(blocks, std::move(b), name);
}

CAIRN_DECL auto find_entry(block_reader blocks, block directory, std::string_view name) -> io_result<std::optional<unixfs_link>> {
  CAIRN_TRY(auto const node, detail::read_directory_node(directory));
  if (node.data.type == unixfs_type::directory) {
    for (auto const& l : node.links.links())
      if (l.name == name) return unixfs_link{l.id, l.tsize};
    return std::nullopt;
  }
  CAIRN_TRY(auto page, shard_page::open(std::move(directory)));
  auto policy = unixfs_shard_policy{.blocks = blocks, .fanout = page.fanout()};
  return hamt_lookup(policy, std::move(page), name);
}

}  // namespace cairn
