#pragma once
// A node of a file's tree in a form that can be changed.

#include <cairn/block/verify.hpp>
#include <cairn/blockstore/ref.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/mfs/errc.hpp>
#include <cairn/unixfs/data.hpp>
#include <cairn/unixfs/node_sink.hpp>

#include <vector>

namespace cairn::detail {

struct file_node {
  bool raw = false;  // a raw block: `data` is all of it
  cid_prefix prefix{0, code::dag_pb, code::sha2_256, 0};
  unixfs_type type = unixfs_type::file;
  std::optional<bytes> data{};
  std::optional<std::uint64_t> filesize{};
  std::vector<std::uint64_t> sizes{};
  std::vector<pb_link> links{};
  std::optional<std::uint32_t> mode{};
  std::optional<unixfs_time> mtime{};

  auto own() const -> std::uint64_t { return data ? data->size() : 0; }
  auto size() const -> std::uint64_t { return raw ? own() : filesize.value_or(0); }
  auto bare() const -> bool { return mode.value_or(0) == 0 && !mtime; }
  void add_child(cid const& id, std::uint64_t tsize, std::uint64_t size) {
    links.push_back({id, {}, tsize});
    sizes.push_back(size);
    filesize = filesize.value_or(0) + size;
  }
  void drop_children(std::size_t keep) {
    while (links.size() > keep) {
      filesize = filesize.value_or(0) - sizes.back();
      links.pop_back();
      sizes.pop_back();
    }
  }
  auto encoded() const -> bytes {
    if (raw) return data.value_or(bytes{});
    auto fields = unixfs_fields{.type = type, .filesize = filesize, .block_sizes = sizes, .mode = mode, .mtime = mtime};
    if (data) fields.data = *data;
    auto out = bytes{};
    append_dag_pb(out, links, encode_unixfs(fields));
    return out;
  }
};

inline auto read_file_node(block const& b) -> io_result<file_node> {
  auto out = file_node{};
  auto const& id = b.id();
  out.prefix = {id.version(), id.codec(), id.hash().code(), 0};
  if (id.codec() == code::raw) {
    out.raw = true;
    out.data = bytes(b.data().begin(), b.data().end());
    return out;
  }
  if (id.codec() != code::dag_pb) return std::unexpected(error{mfs_errc::not_unixfs}.about(to_string(id)));
  auto const node = read_dag_pb(b.data());
  if (!node) return std::unexpected(error{node.error()}.about(to_string(id)));
  auto const view = decode_unixfs(node->data().value_or(bytes_view{}));
  if (!view) return std::unexpected(error{view.error()}.about(to_string(id)));
  if (view->is_directory()) return std::unexpected(error{mfs_errc::not_a_file}.about(to_string(id)));
  out.type = view->type;
  if (view->data) out.data = bytes(view->data->begin(), view->data->end());
  out.filesize = view->filesize;
  out.sizes.reserve(view->block_sizes.size());
  for (auto const s : view->block_sizes) out.sizes.push_back(s);
  out.links.reserve(node->link_count());
  for (auto const& l : node->links()) out.links.push_back({l.id, std::string{l.name}, l.tsize, l.has_name, l.has_tsize});
  out.mode = view->mode;
  out.mtime = view->mtime;
  auto const sum = view->block_sizes.sum();
  if (out.links.size() != out.sizes.size() || !sum || *sum > UINT64_MAX / 2 - out.own()) return std::unexpected(error{mfs_errc::sizes_differ}.about(to_string(id)));
  if (out.type != unixfs_type::symlink && out.size() != *sum + out.own()) return std::unexpected(error{mfs_errc::sizes_differ}.about(to_string(id)));
  return out;
}

/// Nodes on their way into a store, in batches; an identity CID that would be too long is a sha2-256 instead.
class node_batch {
public:
  explicit node_batch(blockstore_ref store) : store_{store} {}

  auto get(cid const& id) -> io_result<file_node> {
    for (auto const& b : waiting_)
      if (b.id() == id) return read_file_node(b);
    CAIRN_TRY(auto b, get_block(store_, id));
    return read_file_node(b);
  }

  auto put(file_node const& n) -> io_result<unixfs_link> {
    auto out = n.encoded();
    auto link = unixfs_link{cid{}, out.size()};
    for (auto const& l : n.links) link.tsize += l.tsize;
    CAIRN_TRY(link.id, put(std::move(out), n.prefix, n.raw ? code::raw : code::dag_pb));
    return link;
  }

  auto put(bytes data, cid_prefix prefix, std::uint64_t codec) -> io_result<cid> {
    prefix.codec = codec;
    if (prefix.version == 0 && codec != code::dag_pb) prefix.version = 1;
    if (prefix.hash == code::identity && data.size() > limits::digest) prefix.hash = code::sha2_256;
    CAIRN_TRY(auto b, hash_block(prefix, buffer{std::move(data)}));
    auto id = b.id();
    if (prefix.hash == code::identity) return id;
    bytes_ += b.data().size();
    waiting_.push_back(std::move(b));
    if (bytes_ >= limits::MiB || waiting_.size() >= 256) CAIRN_TRY(flush());
    return id;
  }

  auto flush() -> io_result<void> {
    if (waiting_.empty()) return {};
    auto views = std::vector<block_view>(waiting_.begin(), waiting_.end());
    CAIRN_TRY(store_.put_many(views));
    waiting_.clear();
    bytes_ = 0;
    return {};
  }

private:
  blockstore_ref store_;
  std::vector<block> waiting_;
  std::size_t bytes_ = 0;
};

}  // namespace cairn::detail
