#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/links.hpp>
#include <cairn/unixfs/list.hpp>

namespace cairn {

CAIRN_DECL auto list_cursor::open(blockstore_ref store, cid const& id, bool look) -> io_result<list_cursor> {
  auto out = list_cursor{store, look};
  CAIRN_TRY(auto b, get_block(store, id));
  if (id.codec() != code::dag_pb) {
    CAIRN_TRY(auto const targets, links_of(id.codec(), b.data()));
    for (auto const& target : targets) out.links_.push_back({{}, {target, 0}});
    return out;
  }
  auto directory = directory_cursor::open(store, b);
  if (directory) {
    out.directory_ = *std::move(directory);
    return out;
  }
  if (!(directory.error() == directory_errc::not_a_directory)) return std::unexpected(std::move(directory).error());
  CAIRN_TRY(auto const node, read_dag_pb(b.data()));
  for (auto const& l : node.links()) out.links_.push_back({std::string{l.name}, {l.id, l.tsize}});
  return out;
}

CAIRN_DECL auto list_cursor::next() -> io_result<std::optional<list_entry>> {
  auto found = directory_entry{};
  if (directory_) {
    auto e = directory_->next();
    if (!e) return std::unexpected(std::move(e).error().during("failed to fetch all nodes"));
    if (!*e) return std::nullopt;
    found = **std::move(e);
  } else {
    if (at_ == links_.size()) return std::nullopt;
    found = std::move(links_[at_++]);
  }
  auto out = list_entry{std::move(found.name), found.link.id};
  if (out.id.codec() == code::raw) {
    out.type = list_entry::kind::file;
    out.size = found.link.tsize;
    return out;
  }
  if (out.id.codec() != code::dag_pb || !look_) return out;
  CAIRN_TRY(auto const b, get_block(store_, out.id));
  CAIRN_TRY(auto const node, read_dag_pb(b.data()));
  if (!node.data()) return std::unexpected(error{unixfs_errc::no_data}.about(to_string(out.id)));
  CAIRN_TRY(auto const data, decode_unixfs(*node.data()));
  switch (data.type) {
    case unixfs_type::file:
    case unixfs_type::raw: out.type = list_entry::kind::file; break;
    case unixfs_type::symlink:
      out.type = list_entry::kind::symlink;
      out.target = as_text(data.content());
      break;
    default: out.type = list_entry::kind::directory;
  }
  out.size = data.size();
  out.metadata = {data.permissions(), data.mtime};
  return out;
}

}  // namespace cairn
