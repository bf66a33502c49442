#pragma once

#include <cairn/core/try.hpp>
#include <cairn/unixfs/directory_builder.hpp>

#include <algorithm>

namespace cairn {

namespace detail {

CAIRN_DECL auto directory_entry_weight(directory_estimate how, std::string_view name, unixfs_link const& link) -> std::size_t {
  if (how == directory_estimate::off) return 0;
  if (how == directory_estimate::links) return name.size() + link.id.encoded_size();
  return dag_pb_link_size({link.id, name, link.tsize});
}

CAIRN_DECL auto directory_data(file_metadata const& metadata) -> bytes {
  auto fields = unixfs_fields{.type = unixfs_type::directory};
  if (metadata.mode != 0) fields.mode = metadata.mode;
  fields.mtime = metadata.mtime;
  return encode_unixfs(fields);
}

}  // namespace detail

/// The rows as build_hamt wants them.
struct directory_rows {
  directory_builder const& of;
  auto size() const -> std::size_t { return of.rows_.size(); }
  auto key(std::size_t i) const -> std::string_view { return of.name(of.rows_[i]); }
  auto entry(std::size_t i) const -> hamt_entry<unixfs_link> { return {std::string{key(i)}, of.link(of.rows_[i])}; }
};

CAIRN_DECL void directory_builder::add(std::string_view name, unixfs_link const& link) {
  auto const at = text_.size();
  text_ += name;
  byte id[limits::cid]{};
  auto size = 0uz;
  if (link.id.version() != 0) {
    id[size++] = 1;
    size += write_varint(id + size, link.id.codec());
  }
  size += write_varint(id + size, link.id.hash().code());
  auto const digest = link.id.hash().digest();
  size += write_varint(id + size, digest.size());
  text_ += as_text({id, size});
  text_ += as_text(digest);
  rows_.push_back({at, link.tsize, static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(size + digest.size())});
}

inline auto directory_builder::is_sharded(std::size_t data_size) const -> bool {
  if (options_.threshold == 0 || rows_.empty()) return false;
  if (options_.max_links != 0 && rows_.size() > options_.max_links) return true;
  if (options_.estimate == directory_estimate::off) return false;
  auto total = options_.estimate == directory_estimate::block ? dag_pb_data_size(data_size) : 0;
  for (auto const& r : rows_) {
    total += options_.estimate == directory_estimate::links ? r.name_size + r.cid_size : dag_pb_link_size({link(r).id, name(r), r.tsize});
    if (total > options_.threshold) return true;
  }
  return false;
}

CAIRN_DECL void directory_builder::sort() {
  auto const by_name = [this](row const& a, row const& b) {
    auto const c = name(a).compare(name(b));
    return c != 0 ? c < 0 : a.at < b.at;
  };
  if (!std::is_sorted(rows_.begin(), rows_.end(), by_name)) std::sort(rows_.begin(), rows_.end(), by_name);
  auto kept = 0uz;
  for (auto const& r : rows_) {
    if (kept != 0 && name(rows_[kept - 1]) == name(r)) --kept;
    rows_[kept++] = r;
  }
  rows_.resize(kept);
}

CAIRN_DECL auto directory_builder::finish(node_sink sink) -> io_result<built_directory> {
  sort();
  auto const data = detail::directory_data(options_.metadata);
  auto out = built_directory{};
  out.sharded = is_sharded(data.size());
  if (out.sharded) {
    CAIRN_TRY(shard_bits(options_.fanout));
    auto policy = unixfs_shard_policy{.sink = sink, .fanout = options_.fanout, .metadata = options_.metadata};
    CAIRN_TRY(out.link, build_hamt(policy, directory_rows{*this}));
  } else {
    auto node = bytes{};
    node.reserve(text_.size() + rows_.size() * 24 + data.size() + 16);
    for (auto const& r : rows_) {
      auto const l = link(r);
      append_dag_pb_link(node, {l.id, name(r), l.tsize});
      out.link.tsize += l.tsize;
    }
    append_dag_pb_data(node, data);
    CAIRN_TRY(out.link.id, sink.put(node));
    out.link.tsize += node.size();
  }
  rows_.clear();
  text_.clear();
  return out;
}

}  // namespace cairn
