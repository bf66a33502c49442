#pragma once

#include <cairn/car/impl/header.ipp>
#include <cairn/car/index.hpp>
#include <cairn/core/try.hpp>
#include <cairn/multiformats/codes.hpp>

#include <algorithm>
#include <numeric>

namespace cairn {

CAIRN_DECL auto car_index::bucket::offset(std::size_t i) const -> std::uint64_t {
  return detail::read_car_little(bytes_view{entries}.subspan(i * width + width - 8, 8));
}

CAIRN_DECL auto car_index::size() const -> std::size_t {
  std::size_t n = 0;
  for (auto const& b : buckets_) n += b.size();
  return n;
}

CAIRN_DECL auto car_index::add(multihash const& h, std::uint64_t offset) -> bool {
  if (h.code() == code::identity) return false;
  auto const key = format_ == car_index_format::sorted ? 0 : h.code();
  auto const width = static_cast<std::uint32_t>(h.digest().size() + 8);
  auto at = std::find_if(buckets_.begin(), buckets_.end(), [&](bucket const& b) { return b.code == key && b.width == width; });
  if (at == buckets_.end()) at = buckets_.insert(buckets_.end(), {key, width, {}});
  append(at->entries, h.digest());
  detail::append_car_little(at->entries, offset);
  return true;
}

CAIRN_DECL void car_index::sort() {
  std::sort(buckets_.begin(), buckets_.end(),
            [](bucket const& a, bucket const& b) { return a.code != b.code ? a.code < b.code : a.width < b.width; });
  for (auto& b : buckets_) {
    auto order = std::vector<std::uint32_t>(b.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](auto i, auto k) {
      auto const c = compare(b.digest(i), b.digest(k));
      return c != 0 ? c < 0 : i < k;  // the first section of equal ones first
    });
    auto sorted = bytes{};
    sorted.reserve(b.entries.size());
    for (auto i : order) append(sorted, bytes_view{b.entries}.subspan(std::size_t{i} * b.width, b.width));
    b.entries = std::move(sorted);
  }
}

CAIRN_DECL auto car_index::find(multihash const& h) const -> std::optional<std::uint64_t> {
  auto const key = format_ == car_index_format::sorted ? 0 : h.code();
  for (auto const& b : buckets_) {
    if (b.code != key || b.width != h.digest().size() + 8) continue;
    std::size_t low = 0, high = b.size();
    while (low < high) {
      auto const middle = low + (high - low) / 2;
      if (compare(b.digest(middle), h.digest()) < 0)
        low = middle + 1;
      else
        high = middle;
    }
    if (low < b.size() && equal(b.digest(low), h.digest())) return b.offset(low);
  }
  return std::nullopt;
}

namespace detail {

// The buckets of one hash function: a count, then width, size and entries of each. Appends to `out`; returns the rest.
inline auto read_index_buckets(bytes_view in, std::uint64_t code, std::vector<car_index::bucket>& out) -> result<bytes_view, car_errc> {
  if (in.size() < 4) return std::unexpected(car_errc::truncated);
  auto const count = read_car_little(in, 4);
  if (count > INT32_MAX) return std::unexpected(car_errc::bad_index);
  in = in.subspan(4);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (in.size() < 12) return std::unexpected(car_errc::truncated);
    auto const width = read_car_little(in, 4), size = read_car_little(in.subspan(4));
    in = in.subspan(12);
    if (width <= 8 || width > 8 + limits::digest || size == 0 || size % width != 0) return std::unexpected(car_errc::bad_index);
    if (size > in.size()) return std::unexpected(car_errc::truncated);
    auto const n = static_cast<std::size_t>(size);
    auto b = car_index::bucket{code, static_cast<std::uint32_t>(width), bytes(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(n))};
    for (std::size_t k = 1; k < b.size(); ++k)
      if (compare(b.digest(k - 1), b.digest(k)) > 0) return std::unexpected(car_errc::unsorted_index);
    out.push_back(std::move(b));
    in = in.subspan(n);
  }
  return in;
}

}  // namespace detail

CAIRN_DECL auto decode_car_index(bytes_view in, std::size_t max_size) -> result<car_index, car_errc> {
  if (in.size() > max_size) return std::unexpected(car_errc::index_too_long);
  auto const codec = read_varint(in);
  if (!codec) return std::unexpected(codec.error() == varint_errc::truncated ? car_errc::truncated : car_errc::bad_varint);
  auto const format = static_cast<car_index_format>(codec->value);
  if (format != car_index_format::sorted && format != car_index_format::multihash_sorted) return std::unexpected(car_errc::bad_index);
  auto out = car_index{format};
  auto rest = codec->rest;
  if (format == car_index_format::sorted) {
    CAIRN_TRY(detail::read_index_buckets(rest, 0, out.buckets_));
    return out;
  }
  if (rest.size() < 4) return std::unexpected(car_errc::truncated);
  auto const functions = detail::read_car_little(rest, 4);
  if (functions > INT32_MAX) return std::unexpected(car_errc::bad_index);
  rest = rest.subspan(4);
  for (std::uint64_t i = 0; i < functions; ++i) {
    if (rest.size() < 8) return std::unexpected(car_errc::truncated);
    auto const code = detail::read_car_little(rest);
    CAIRN_TRY(rest, detail::read_index_buckets(rest.subspan(8), code, out.buckets_));
  }
  return out;
}

CAIRN_DECL auto read_car_index(source_ref source, std::size_t max_size) -> io_result<car_index> {
  auto octets = bytes{};
  for (;;) {
    auto const have = octets.size();
    octets.resize(have + std::min<std::size_t>(std::max(have, 64 * limits::KiB), limits::MiB));
    CAIRN_TRY(auto n, source.read(bytes_span{octets}.subspan(have)));
    octets.resize(have + n);
    if (n == 0) break;
    if (octets.size() > max_size) return std::unexpected(error{car_errc::index_too_long});
  }
  CAIRN_TRY(auto index, decode_car_index(octets, max_size));
  return index;
}

CAIRN_DECL void append_car_index(bytes& out, car_index const& index) {
  append_varint(out, static_cast<std::uint64_t>(index.format()));
  auto const buckets = index.buckets();
  auto const append_buckets = [&](std::span<car_index::bucket const> some) {
    detail::append_car_little(out, some.size(), 4);
    for (auto const& b : some) {
      detail::append_car_little(out, b.width, 4);
      detail::append_car_little(out, b.entries.size());
      append(out, b.entries);
    }
  };
  if (index.format() == car_index_format::sorted) return append_buckets(buckets);
  // buckets of one hash function are neighbours
  auto const end_of = [&](std::size_t first) {
    auto last = first;
    while (last < buckets.size() && buckets[last].code == buckets[first].code) ++last;
    return last;
  };
  std::size_t functions = 0;
  for (std::size_t i = 0; i < buckets.size(); i = end_of(i)) ++functions;
  detail::append_car_little(out, functions, 4);
  for (std::size_t i = 0; i < buckets.size(); i = end_of(i)) {
    detail::append_car_little(out, buckets[i].code);
    append_buckets(buckets.subspan(i, end_of(i) - i));
  }
}

}  // namespace cairn
