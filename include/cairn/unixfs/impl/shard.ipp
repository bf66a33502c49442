#pragma once

#include <cairn/core/try.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/unixfs/shard.hpp>

#include <bit>
#include <cstring>

namespace cairn {
namespace detail {

inline auto shard_width(std::size_t fanout) -> unsigned {
  // as many digits as the highest position needs
  return static_cast<unsigned>((std::countr_zero(fanout) + 3) / 4);
}

inline void shard_prefix(std::string& out, unsigned index, unsigned width) {
  for (auto i = width; i-- > 0;) out.push_back("0123456789ABCDEF"[index >> 4 * i & 15]);
}

}  // namespace detail

CAIRN_DECL auto unixfs_name_hash(std::string_view name) -> hash_bits {
  auto const h = murmur3_128(as_bytes(name))[0];
  auto out = digest<8>{};
  for (auto i = 0; i < 8; ++i) out[static_cast<std::size_t>(i)] = static_cast<byte>(h >> (56 - 8 * i));
  return hash_bits{out};
}

CAIRN_DECL auto shard_bits(std::uint64_t fanout) -> result<unsigned, hamt_errc> {
  if (fanout < 8 || fanout > limits::hamt_fanout || !std::has_single_bit(fanout)) return std::unexpected(hamt_errc::bad_fanout);
  return static_cast<unsigned>(std::countr_zero(fanout));
}

CAIRN_DECL auto shard_page::open(block b, std::size_t fanout) -> io_result<shard_page> {
  auto const bad = [&](auto code) { return std::unexpected(error{code}.about(to_string(b.id()))); };
  if (b.id().codec() != code::dag_pb) return bad(hamt_errc::not_a_node);
  auto const links = read_dag_pb(b.data());
  if (!links) return bad(links.error());
  if (!links->data()) return bad(hamt_errc::not_a_node);
  auto const data = decode_unixfs(*links->data());
  if (!data) return bad(data.error());
  if (data->type != unixfs_type::hamt_shard) return bad(hamt_errc::not_a_node);
  if (data->hash_type != code::murmur3_x64_64) return bad(hamt_errc::unknown_hash);
  if (!shard_bits(data->fanout.value_or(0))) return bad(hamt_errc::bad_fanout);
  if (fanout != 0 && data->fanout != fanout) return bad(hamt_errc::fanout_differs);
  auto const taken = hamt_bitmap::read(data->content(), static_cast<std::size_t>(*data->fanout));
  if (!taken) return bad(taken.error());
  if (taken->count() != links->link_count()) return bad(hamt_errc::count_differs);
  auto page = shard_page{std::move(b), *links};
  page.taken_ = *taken;
  page.fanout_ = static_cast<std::size_t>(*data->fanout);
  page.width_ = detail::shard_width(page.fanout_);
  page.metadata_ = {data->permissions(), data->mtime};
  return page;
}

inline auto shard_page::make(unsigned index, pb_link_view const& link) const -> io_result<slot> {
  auto prefix = std::string{};
  detail::shard_prefix(prefix, index, width_);
  if (!link.name.starts_with(prefix)) return std::unexpected(error{hamt_errc::bad_link_name}.about(to_string(id())));
  auto const target = unixfs_link{link.id, link.tsize};
  if (link.name.size() == width_) return slot{index, target};
  auto entries = std::vector<hamt_entry<unixfs_link>>{};
  entries.push_back({std::string{link.name.substr(width_)}, target});
  return slot{index, std::move(entries)};
}

CAIRN_DECL auto shard_page::next() -> io_result<std::optional<slot>> {
  if (at_ == std::default_sentinel) return std::nullopt;
  index_ = taken_.next(index_);
  CAIRN_TRY(auto s, make(index_, *at_));
  ++index_;
  ++at_;
  return s;
}

CAIRN_DECL auto shard_page::find(unsigned index) const -> io_result<std::optional<slot>> {
  if (!taken_.test(index)) return std::nullopt;
  auto at = links_.links().begin();
  for (auto skip = taken_.rank(index); skip > 0; --skip) ++at;
  CAIRN_TRY(auto s, make(index, *at));
  return s;
}

CAIRN_DECL shard_writer::shard_writer(node_sink sink, std::size_t fanout, file_metadata const& metadata)
    : sink_{sink}, fanout_{fanout}, width_{detail::shard_width(fanout)}, metadata_{metadata} {}

inline void shard_writer::add(unsigned index, std::string_view name, unixfs_link const& link) {
  name_.clear();
  detail::shard_prefix(name_, index, width_);
  name_ += name;
  append_dag_pb_link(out_, {link.id, name_, link.tsize});
  taken_.set(index);
  total_ += link.tsize;
}

CAIRN_DECL void shard_writer::entries(unsigned index, std::span<hamt_entry<unixfs_link> const> entries) {
  for (auto const& e : entries) add(index, e.key, e.value);
}

CAIRN_DECL void shard_writer::child(unsigned index, unixfs_link const& link) { add(index, {}, link); }

CAIRN_DECL auto shard_writer::finish() -> io_result<unixfs_link> {
  auto bits = bytes{};
  taken_.append_to(bits);
  auto fields = unixfs_fields{.type = unixfs_type::hamt_shard, .data = bits, .hash_type = code::murmur3_x64_64, .fanout = fanout_};
  if (metadata_.mode != 0) fields.mode = metadata_.mode;
  fields.mtime = metadata_.mtime;
  append_dag_pb_data(out_, encode_unixfs(fields));
  CAIRN_TRY(auto id, sink_.put(out_));
  return unixfs_link{id, total_ + out_.size()};
}

CAIRN_DECL auto unixfs_shard_policy::open(unixfs_link const& link, bool root) const -> io_result<shard_page> {
  CAIRN_TRY(auto b, get_block(*blocks, link.id));
  return shard_page::open(std::move(b), root ? 0 : fanout);
}

}  // namespace cairn
