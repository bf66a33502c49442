#pragma once

#include <cairn/core/try.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/unixfs/data.hpp>

namespace cairn {
namespace detail {

// Protobuf readers accept overlong varints, and there are blocks that have them; the CID is of the bytes, so nothing is lost.
inline auto read_unixfs_varint(bytes_view in) -> result<decoded<std::uint64_t>, unixfs_errc> {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (i == 10 || (i == 9 && in[i] > 1)) return std::unexpected(unixfs_errc::bad_varint);
    value |= static_cast<std::uint64_t>(in[i] & 0x7f) << (7 * i);
    if (in[i] < 0x80) return decoded<std::uint64_t>{value, in.subspan(i + 1)};
  }
  return std::unexpected(in.size() >= 10 ? unixfs_errc::bad_varint : unixfs_errc::truncated);
}

enum class unixfs_wire : byte { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct unixfs_field {
  std::uint64_t number = 0;
  unixfs_wire wire{};
  std::uint64_t value = 0;  // of varint and fixed32
  bytes_view body;          // of bytes
};

inline auto read_unixfs_field(bytes_view in) -> result<decoded<unixfs_field>, unixfs_errc> {
  CAIRN_TRY(auto tag, read_unixfs_varint(in));
  auto f = unixfs_field{tag.value >> 3, static_cast<unixfs_wire>(tag.value & 7), 0, {}};
  if (f.number == 0 || f.number > 0x1fffffff) return std::unexpected(unixfs_errc::bad_field);
  auto const fixed = [&](std::size_t n) -> result<decoded<unixfs_field>, unixfs_errc> {
    if (tag.rest.size() < n) return std::unexpected(unixfs_errc::truncated);
    for (std::size_t i = 0; i < n; ++i) f.value |= static_cast<std::uint64_t>(tag.rest[i]) << (8 * i);
    return decoded<unixfs_field>{f, tag.rest.subspan(n)};
  };
  switch (f.wire) {
    case unixfs_wire::varint: {
      CAIRN_TRY(auto v, read_unixfs_varint(tag.rest));
      f.value = v.value;
      return decoded<unixfs_field>{f, v.rest};
    }
    case unixfs_wire::bytes: {
      CAIRN_TRY(auto size, read_unixfs_varint(tag.rest));
      if (size.value > size.rest.size()) return std::unexpected(unixfs_errc::truncated);
      f.body = size.rest.first(static_cast<std::size_t>(size.value));
      return decoded<unixfs_field>{f, size.rest.subspan(f.body.size())};
    }
    case unixfs_wire::fixed64: return fixed(8);
    case unixfs_wire::fixed32: return fixed(4);
  }
  return std::unexpected(unixfs_errc::bad_field);
}

inline auto read_unixfs_time(bytes_view in) -> result<unixfs_time, unixfs_errc> {
  auto time = unixfs_time{};
  auto has_seconds = false;
  while (!in.empty()) {
    CAIRN_TRY(auto f, read_unixfs_field(in));
    in = f.rest;
    if (f.value.number == 1 && f.value.wire == unixfs_wire::varint) {
      time.seconds = static_cast<std::int64_t>(f.value.value);
      has_seconds = true;
    } else if (f.value.number == 2 && f.value.wire == unixfs_wire::fixed32) {
      time.nanos = static_cast<std::uint32_t>(f.value.value);
    }
  }
  if (!has_seconds) return std::unexpected(unixfs_errc::no_seconds);
  if (time.nanos > 999999999) return std::unexpected(unixfs_errc::bad_mtime);
  return time;
}

inline auto unixfs_time_size(unixfs_time const& t) -> std::size_t {
  return 1 + varint_size(static_cast<std::uint64_t>(t.seconds)) + (t.nanos ? 5 : 0);
}

}  // namespace detail

CAIRN_DECL auto block_sizes_view::iterator::operator++() -> iterator& {
  // decode_unixfs has walked the message once, so that nothing here can fail; were it otherwise, the view would just end
  while (packed_.empty()) {
    auto const f = rest_.empty() ? std::unexpected(unixfs_errc::truncated) : detail::read_unixfs_field(rest_);
    if (!f) {
      end_ = true;
      return *this;
    }
    rest_ = f->rest;
    if (f->value.number != 4) continue;
    if (f->value.wire == detail::unixfs_wire::varint) {
      value_ = f->value.value;
      return *this;
    }
    if (f->value.wire == detail::unixfs_wire::bytes) packed_ = f->value.body;
  }
  auto const v = detail::read_unixfs_varint(packed_);
  end_ = !v;
  value_ = v ? v->value : 0;
  packed_ = v ? v->rest : bytes_view{};
  return *this;
}

CAIRN_DECL auto block_sizes_view::sum() const -> std::optional<std::uint64_t> {
  constexpr auto max = static_cast<std::uint64_t>(INT64_MAX);
  std::uint64_t total = 0;
  for (auto const size : *this) {
    if (size > max - total) return std::nullopt;
    total += size;
  }
  return total;
}

CAIRN_DECL auto decode_unixfs(bytes_view in) -> result<unixfs_view, unixfs_errc> {
  using detail::unixfs_wire;
  auto out = unixfs_view{};
  auto has_type = false;
  auto sizes = 0uz;
  for (auto rest = in; !rest.empty();) {
    CAIRN_TRY(auto field, detail::read_unixfs_field(rest));
    rest = field.rest;
    auto const& f = field.value;
    auto const is = [&](std::uint64_t number, unixfs_wire wire) { return f.number == number && f.wire == wire; };
    if (is(1, unixfs_wire::varint)) {
      if (f.value > 5) return std::unexpected(unixfs_errc::unknown_type);
      out.type = static_cast<unixfs_type>(f.value);
      has_type = true;
    } else if (is(2, unixfs_wire::bytes)) {
      out.data = f.body;
    } else if (is(3, unixfs_wire::varint)) {
      out.filesize = f.value;
    } else if (is(4, unixfs_wire::varint)) {
      ++sizes;
    } else if (is(4, unixfs_wire::bytes)) {
      for (auto packed = f.body; !packed.empty(); ++sizes) {
        CAIRN_TRY(auto one, detail::read_unixfs_varint(packed));
        packed = one.rest;
      }
    } else if (is(5, unixfs_wire::varint)) {
      out.hash_type = f.value;
    } else if (is(6, unixfs_wire::varint)) {
      out.fanout = f.value;
    } else if (is(7, unixfs_wire::varint)) {
      out.mode = static_cast<std::uint32_t>(f.value);
    } else if (is(8, unixfs_wire::bytes)) {
      CAIRN_TRY(out.mtime, detail::read_unixfs_time(f.body));
    }
  }
  if (!has_type) return std::unexpected(unixfs_errc::no_type);
  out.block_sizes = {in, sizes};
  return out;
}

CAIRN_DECL auto encoded_size(unixfs_fields const& f) -> std::size_t {
  auto n = 2uz;
  if (f.data) n += 1 + varint_size(f.data->size()) + f.data->size();
  if (f.filesize) n += 1 + varint_size(*f.filesize);
  for (auto const size : f.block_sizes) n += 1 + varint_size(size);
  if (f.hash_type) n += 1 + varint_size(*f.hash_type);
  if (f.fanout) n += 1 + varint_size(*f.fanout);
  if (f.mode) n += 1 + varint_size(*f.mode);
  if (f.mtime) n += 2 + detail::unixfs_time_size(*f.mtime);
  return n;
}

CAIRN_DECL void append_unixfs(bytes& out, unixfs_fields const& f) {
  auto const number = [&](byte tag, std::uint64_t value) {
    out.push_back(tag);
    append_varint(out, value);
  };
  number(0x08, static_cast<std::uint64_t>(f.type));
  if (f.data) {
    number(0x12, f.data->size());
    append(out, *f.data);
  }
  if (f.filesize) number(0x18, *f.filesize);
  for (auto const size : f.block_sizes) number(0x20, size);
  if (f.hash_type) number(0x28, *f.hash_type);
  if (f.fanout) number(0x30, *f.fanout);
  if (f.mode) number(0x38, *f.mode);
  if (f.mtime) {
    number(0x42, detail::unixfs_time_size(*f.mtime));
    number(0x08, static_cast<std::uint64_t>(f.mtime->seconds));
    if (f.mtime->nanos) {
      out.push_back(0x15);
      for (auto shift = 0; shift < 32; shift += 8) out.push_back(static_cast<byte>(f.mtime->nanos >> shift));
    }
  }
}

CAIRN_DECL auto encode_unixfs(unixfs_fields const& f) -> bytes {
  auto out = bytes{};
  out.reserve(encoded_size(f));
  append_unixfs(out, f);
  return out;
}

}  // namespace cairn
