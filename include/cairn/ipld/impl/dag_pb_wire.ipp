#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>

#include <algorithm>
#include <cstring>

namespace cairn {
namespace detail {

// Tags of the schema: field number << 3 | wire type.
inline constexpr byte pb_node_data = 0x0a, pb_node_links = 0x12, pb_link_hash = 0x0a, pb_link_name = 0x12, pb_link_tsize = 0x18;

struct pb_link_fields {
  bytes_view hash, name;
  std::uint64_t tsize = 0;
  bool has_hash = false, has_name = false, has_tsize = false;
};

inline auto read_pb_varint(bytes_view& in) -> result<std::uint64_t, dag_pb_errc> {
  if (!in.empty() && in[0] < 0x80) {  // nearly all of them
    auto const value = in[0];
    in = in.subspan(1);
    return value;
  }
  auto const v = read_varint<varint_width::protobuf>(in);
  if (!v) return std::unexpected(v.error() == varint_errc::truncated ? dag_pb_errc::truncated : dag_pb_errc::bad_varint);
  in = v->rest;
  return v->value;
}

inline auto read_pb_chunk(bytes_view& in) -> result<bytes_view, dag_pb_errc> {
  CAIRN_TRY(auto const size, read_pb_varint(in));
  if (size > in.size()) return std::unexpected(dag_pb_errc::truncated);
  auto const chunk = in.first(static_cast<std::size_t>(size));
  in = in.subspan(chunk.size());
  return chunk;
}

/// A tag of a message whose field `n` (from 1) has wire type `types[n - 1]`.
inline auto read_pb_tag(bytes_view& in, std::span<byte const> types) -> result<byte, dag_pb_errc> {
  CAIRN_TRY(auto const tag, read_pb_varint(in));
  auto const field = tag >> 3;
  if (field == 0 || field > types.size()) return std::unexpected(dag_pb_errc::unknown_field);
  if ((tag & 7) != types[static_cast<std::size_t>(field) - 1]) return std::unexpected(dag_pb_errc::bad_wire_type);
  return static_cast<byte>(tag);
}

inline auto is_one_cid(bytes_view in) -> bool {
  // the two forms that nearly every link has need no parse
  if (in.size() == 34 && in[0] == 0x12 && in[1] == 0x20) return true;
  if (in.size() == 36 && in[0] == 1 && in[1] < 0x80 && in[2] == 0x12 && in[3] == 0x20) return true;
  return decode_cid(in).has_value();
}

inline auto read_pb_link(bytes_view in) -> result<pb_link_fields, dag_pb_errc> {
  constexpr byte types[]{2, 2, 0};
  auto link = pb_link_fields{};
  while (!in.empty()) {
    CAIRN_TRY(auto const tag, read_pb_tag(in, types));
    if (tag == pb_link_hash) {
      if (link.has_hash) return std::unexpected(dag_pb_errc::duplicate_field);
      if (link.has_name || link.has_tsize) return std::unexpected(dag_pb_errc::field_order);
      CAIRN_TRY(link.hash, read_pb_chunk(in));
      link.has_hash = true;
    } else if (tag == pb_link_name) {
      if (link.has_name) return std::unexpected(dag_pb_errc::duplicate_field);
      if (link.has_tsize) return std::unexpected(dag_pb_errc::field_order);
      CAIRN_TRY(link.name, read_pb_chunk(in));
      link.has_name = true;
    } else {
      if (link.has_tsize) return std::unexpected(dag_pb_errc::duplicate_field);
      CAIRN_TRY(link.tsize, read_pb_varint(in));
      link.has_tsize = true;
    }
  }
  if (!link.has_hash) return std::unexpected(dag_pb_errc::missing_hash);
  if (!is_one_cid(link.hash)) return std::unexpected(dag_pb_errc::bad_hash);
  return link;
}

inline auto pb_cid_write(byte* out, cid const& id) -> byte* {
  if (id.version() != 0) {
    *out++ = 1;
    out += write_varint(out, id.codec());
  }
  out += write_varint(out, id.hash().code());
  auto const digest = id.hash().digest();
  out += write_varint(out, digest.size());
  if (!digest.empty()) std::memcpy(out, digest.data(), digest.size());
  return out + digest.size();
}

inline auto pb_chunk_size(std::size_t n) -> std::size_t { return 1 + varint_size(n) + n; }

inline auto pb_link_body_size(pb_link_view const& link) -> std::size_t {
  return pb_chunk_size(link.id.encoded_size()) + (link.has_name ? pb_chunk_size(link.name.size()) : 0) +
         (link.has_tsize ? 1 + varint_size(link.tsize) : 0);
}

inline auto pb_write_chunk(byte* out, byte tag, bytes_view in) -> byte* {
  *out++ = tag;
  out += write_varint(out, in.size());
  if (!in.empty()) std::memcpy(out, in.data(), in.size());
  return out + in.size();
}

}  // namespace detail

CAIRN_DECL void pb_view::link_iterator::read() {
  if (rest_.empty()) {
    done_ = true;
    return;
  }
  // read_dag_pb has checked every octet of this section
  rest_ = rest_.subspan(1);
  auto const fields = *detail::read_pb_link(*detail::read_pb_chunk(rest_));
  at_.id = *decode_cid(fields.hash);
  at_.name = as_text(fields.name);
  at_.tsize = fields.tsize;
  at_.has_name = fields.has_name;
  at_.has_tsize = fields.has_tsize;
}

CAIRN_DECL auto read_dag_pb(bytes_view in) -> result<pb_view, dag_pb_errc> {
  constexpr byte types[]{2, 2};
  auto view = pb_view{};
  auto links_closed = false;
  byte const* links_begin = nullptr;
  while (!in.empty()) {
    auto const* const field_begin = in.data();
    CAIRN_TRY(auto const tag, detail::read_pb_tag(in, types));
    CAIRN_TRY(auto const chunk, detail::read_pb_chunk(in));
    if (tag == detail::pb_node_data) {
      if (view.data_) return std::unexpected(dag_pb_errc::duplicate_data);
      view.data_ = chunk;
      links_closed = links_begin != nullptr;
    } else {
      if (links_closed) return std::unexpected(dag_pb_errc::split_links);
      CAIRN_TRY(detail::read_pb_link(chunk));
      if (!links_begin) links_begin = field_begin;
      view.links_ = {links_begin, in.data()};
      ++view.count_;
    }
  }
  return view;
}

CAIRN_DECL auto decode_dag_pb(bytes_view in) -> result<pb_node, dag_pb_errc> {
  CAIRN_TRY(auto const view, read_dag_pb(in));
  auto node = pb_node{};
  node.links.reserve(view.link_count());  // counted, not declared
  for (auto const& l : view.links()) node.links.push_back({l.id, std::string{l.name}, l.tsize, l.has_name, l.has_tsize});
  if (view.data()) node.data.emplace(view.data()->begin(), view.data()->end());
  return node;
}

CAIRN_DECL auto dag_pb_link_size(pb_link_view const& link) -> std::size_t {
  return detail::pb_chunk_size(detail::pb_link_body_size(link));
}

CAIRN_DECL auto dag_pb_data_size(std::size_t data_size) -> std::size_t { return detail::pb_chunk_size(data_size); }

CAIRN_DECL auto dag_pb_size(std::span<pb_link const> links, std::optional<bytes_view> data) -> std::size_t {
  auto size = data ? dag_pb_data_size(data->size()) : 0;
  for (auto const& l : links) size += dag_pb_link_size(l);
  return size;
}

CAIRN_DECL auto write_dag_pb_link(byte* out, pb_link_view const& link) -> byte* {
  *out++ = detail::pb_node_links;
  out += write_varint(out, detail::pb_link_body_size(link));
  *out++ = detail::pb_link_hash;
  out += write_varint(out, link.id.encoded_size());
  out = detail::pb_cid_write(out, link.id);
  if (link.has_name) out = detail::pb_write_chunk(out, detail::pb_link_name, as_bytes(link.name));
  if (link.has_tsize) {
    *out++ = detail::pb_link_tsize;
    out += write_varint(out, link.tsize);
  }
  return out;
}

CAIRN_DECL auto write_dag_pb_data(byte* out, bytes_view data) -> byte* {
  return detail::pb_write_chunk(out, detail::pb_node_data, data);
}

CAIRN_DECL void append_dag_pb_link(bytes& out, pb_link_view const& link) {
  auto const before = out.size();
  out.resize(before + dag_pb_link_size(link));
  write_dag_pb_link(out.data() + before, link);
}

CAIRN_DECL void append_dag_pb_data(bytes& out, bytes_view data) {
  auto const before = out.size();
  out.resize(before + dag_pb_data_size(data.size()));
  write_dag_pb_data(out.data() + before, data);
}

CAIRN_DECL void append_dag_pb(bytes& out, std::span<pb_link const> links, std::optional<bytes_view> data) {
  auto const before = out.size();
  out.resize(before + dag_pb_size(links, data));
  auto* at = out.data() + before;
  for (auto const& l : links) at = write_dag_pb_link(at, l);
  if (data) write_dag_pb_data(at, *data);
}

CAIRN_DECL auto encode_dag_pb(pb_node const& node) -> bytes {
  auto out = bytes{};
  append_dag_pb(out, node.links, node.data ? std::optional<bytes_view>{*node.data} : std::nullopt);
  return out;
}

CAIRN_DECL void sort_links(std::span<pb_link> links) {
  auto const by_name = [](pb_link const& a, pb_link const& b) { return a.name < b.name; };
  if (std::is_sorted(links.begin(), links.end(), by_name)) return;
  // links are big: sort their places, and move each link once; the place breaks ties, which makes it stable
  auto order = std::vector<std::size_t>(links.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    auto const c = links[a].name.compare(links[b].name);
    return c != 0 ? c < 0 : a < b;
  });
  auto sorted = std::vector<pb_link>{};
  sorted.reserve(links.size());
  for (auto i : order) sorted.push_back(std::move(links[i]));
  std::move(sorted.begin(), sorted.end(), links.begin());
}

}  // namespace cairn
