#pragma once

#include <cairn/blockstore/packs/impl/segment_frame.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <cstring>

namespace cairn::detail {

inline constexpr byte segment_pragma[]{0x0a, 0xa1, 0x67, 'v', 'e', 'r', 's', 'i', 'o', 'n', 0x02};
inline constexpr byte segment_car1[]{0x11, 0xa2, 0x65, 'r', 'o', 'o', 't', 's', 0x80, 0x67, 'v', 'e', 'r', 's', 'i', 'o', 'n', 0x01};
static_assert(sizeof segment_pragma == 11 && sizeof segment_car1 == segment_first - segment_data);

inline void append_little(bytes& out, std::uint64_t v, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<byte>(v >> (8 * i)));
}

inline auto read_little(bytes_view in) -> std::uint64_t {
  std::uint64_t v = 0;
  for (auto i = std::min<std::size_t>(in.size(), 8); i-- > 0;) v = v << 8 | in[i];
  return v;
}

CAIRN_DECL auto encode_segment_head(segment_header const& h) -> bytes {
  auto out = bytes(std::begin(segment_pragma), std::end(segment_pragma));
  append_little(out, h.index_offset != 0 ? 0x80 : 0, 8);  // characteristics: the index has every section
  append_little(out, 0, 8);
  append_little(out, segment_data, 8);
  append_little(out, h.data_size, 8);
  append_little(out, h.index_offset, 8);
  append(out, segment_car1);
  return out;
}

CAIRN_DECL auto decode_segment_head(bytes_view in) -> result<segment_header, packs_errc> {
  if (in.size() < segment_first) return std::unexpected(packs_errc::bad_segment);
  auto const h = segment_header{read_little(in.subspan(segment_data_size_at)), read_little(in.subspan(segment_data_size_at + 8))};
  if (!equal(encode_segment_head(h), in.first(segment_first))) return std::unexpected(packs_errc::bad_segment);
  if (h.data_size < sizeof segment_car1 || (h.index_offset != 0 && h.index_offset != segment_data + h.data_size))
    return std::unexpected(packs_errc::bad_segment);
  return h;
}

CAIRN_DECL void append_section_head(bytes& out, cid const& id, std::size_t data_size) {
  append_varint(out, id.encoded_size() + data_size);
  append_cid(out, id);
}

CAIRN_DECL auto read_section_head(bytes_view in, std::uint64_t offset) -> std::optional<segment_section> {
  auto const length = read_varint(in);
  if (!length || length->value == 0 || length->value > limits::car_section) return std::nullopt;
  auto const start = in.size() - length->rest.size();
  auto const c = read_cid(length->rest);
  if (!c) return std::nullopt;
  auto const head = in.size() - c->rest.size();
  if (head - start > length->value) return std::nullopt;
  return segment_section{c->value, offset, offset + head, offset + start + length->value};
}

CAIRN_DECL auto section_scanner::next() -> io_result<std::optional<segment_section>> {
  if (at_ >= to_) return std::nullopt;
  auto const have = at_ >= window_at_ && at_ < window_at_ + window_.size() ? window_at_ + window_.size() - at_ : 0;
  if (have < std::min<std::uint64_t>(section_head_max, to_ - at_)) {
    window_.resize(std::min<std::uint64_t>(small_ ? 256 * 1024 : 512, to_ - at_));
    CAIRN_TRY(auto n, file_.pread(at_, window_));
    window_.resize(n);
    window_at_ = at_;
  }
  auto const s = read_section_head(bytes_view{window_}.subspan(at_ - window_at_), at_);
  if (!s || s->end > to_) return std::nullopt;
  small_ = s->end - s->offset < 16384;
  at_ = s->end;
  return s;
}

CAIRN_DECL auto read_segment_index(bytes_view in, void (*entry)(void*, std::uint64_t, bytes_view, std::uint64_t), void* context) -> bool {
  auto const take = [&](std::size_t size) -> std::optional<std::uint64_t> {
    if (in.size() < size) return std::nullopt;
    auto const v = read_little(in.first(size));
    in = in.subspan(size);
    return v;
  };
  auto const format = read_varint(in);
  if (!format || format->value != 0x0401) return false;
  in = format->rest;
  auto codes = take(4);
  for (; codes && *codes > 0; --*codes) {
    auto const code = take(8);
    auto widths = take(4);
    for (; code && widths && *widths > 0; --*widths) {
      auto const width = take(4), length = take(8);
      if (!width || !length || *width < 8 || *length > in.size() || *length % *width != 0) return false;
      for (auto n = *length / *width; n > 0; --n) {
        auto const one = in.first(static_cast<std::size_t>(*width));
        entry(context, *code, one.first(one.size() - 8), read_little(one.last(8)) + segment_data);
        in = in.subspan(static_cast<std::size_t>(*width));
      }
    }
    if (!code || !widths) return false;
  }
  return codes && in.empty();
}

CAIRN_DECL auto encode_segment_index(std::span<segment_section const> sections) -> bytes {
  auto order = std::vector<segment_section const*>{};
  order.reserve(sections.size());
  for (auto const& s : sections) order.push_back(&s);
  std::sort(order.begin(), order.end(), [](auto const* a, auto const* b) {
    auto const &x = a->id.hash(), &y = b->id.hash();
    if (x.code() != y.code()) return x.code() < y.code();
    if (x.digest().size() != y.digest().size()) return x.digest().size() < y.digest().size();
    auto const by_digest = std::memcmp(x.digest().data(), y.digest().data(), x.digest().size());
    return by_digest != 0 ? by_digest < 0 : a->offset < b->offset;
  });
  auto const group_end = [&](std::size_t i, bool by_width) {
    auto j = i;
    while (j < order.size() && order[j]->id.hash().code() == order[i]->id.hash().code() &&
           (!by_width || order[j]->id.hash().digest().size() == order[i]->id.hash().digest().size()))
      ++j;
    return j;
  };
  auto groups = [&](std::size_t from, std::size_t to, bool by_width) {
    auto n = std::uint32_t{0};
    for (; from < to; from = group_end(from, by_width)) ++n;
    return n;
  };
  bytes out;
  append_varint(out, 0x0401);
  append_little(out, groups(0, order.size(), false), 4);
  for (std::size_t i = 0; i < order.size();) {
    auto const code_end = group_end(i, false);
    append_little(out, order[i]->id.hash().code(), 8);
    append_little(out, groups(i, code_end, true), 4);
    while (i < code_end) {
      auto const width_end = group_end(i, true);
      auto const width = order[i]->id.hash().digest().size() + 8;
      append_little(out, width, 4);
      append_little(out, width * (width_end - i), 8);
      for (; i < width_end; ++i) {
        append(out, order[i]->id.hash().digest());
        append_little(out, order[i]->offset - segment_data, 8);
      }
    }
  }
  return out;
}

}  // namespace cairn::detail
