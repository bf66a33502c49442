#pragma once

#include <cairn/car/header.hpp>
#include <cairn/core/try.hpp>

namespace cairn {
namespace detail {

struct car_cbor_head {
  unsigned major;
  std::uint64_t value;
};

// A head in its shortest form; simple values and floats have major type 7.
inline auto read_car_cbor_head(bytes_view in) -> result<decoded<car_cbor_head>, car_errc> {
  if (in.empty()) return std::unexpected(car_errc::bad_header);
  auto const info = in[0] & 0x1fu;
  if (info < 24) return decoded<car_cbor_head>{{static_cast<unsigned>(in[0] >> 5), info}, in.subspan(1)};
  if (info > 27) return std::unexpected(car_errc::bad_header);
  auto const size = std::size_t{1} << (info - 24);
  if (in.size() < 1 + size) return std::unexpected(car_errc::bad_header);
  std::uint64_t value = 0;
  for (std::size_t i = 1; i <= size; ++i) value = value << 8 | in[i];
  constexpr std::uint64_t smallest[]{24, 0x100, 0x10000, 0x100000000};
  if (value < smallest[info - 24]) return std::unexpected(car_errc::bad_header);
  return decoded<car_cbor_head>{{static_cast<unsigned>(in[0] >> 5), value}, in.subspan(1 + size)};
}

inline auto read_car_cbor_string(bytes_view in, unsigned major) -> result<decoded<bytes_view>, car_errc> {
  CAIRN_TRY(auto head, read_car_cbor_head(in));
  if (head.value.major != major || head.value.value > head.rest.size()) return std::unexpected(car_errc::bad_header);
  auto const size = static_cast<std::size_t>(head.value.value);
  return decoded<bytes_view>{head.rest.first(size), head.rest.subspan(size)};
}

// The value of `roots`: a list of links, or null as go-car has written it for none.
inline auto read_car_roots(bytes_view in, std::size_t max, std::vector<cid>& out) -> result<bytes_view, car_errc> {
  constexpr byte null = 0xf6;
  if (!in.empty() && in[0] == null) return in.subspan(1);
  CAIRN_TRY(auto list, read_car_cbor_head(in));
  if (list.value.major != 4) return std::unexpected(car_errc::bad_header);
  if (list.value.value > max) return std::unexpected(car_errc::too_many_roots);
  auto rest = list.rest;
  for (std::uint64_t i = 0; i < list.value.value; ++i) {
    CAIRN_TRY(auto tag, read_car_cbor_head(rest));
    if (tag.value.major != 6 || tag.value.value != 42) return std::unexpected(car_errc::bad_header);
    CAIRN_TRY(auto link, read_car_cbor_string(tag.rest, 2));
    if (link.value.empty() || link.value[0] != 0) return std::unexpected(car_errc::bad_header);
    auto const id = decode_cid(link.value.subspan(1));
    if (!id) return std::unexpected(car_errc::bad_header);
    out.push_back(*id);
    rest = link.rest;
  }
  return rest;
}

inline void append_car_cbor_head(bytes& out, unsigned major, std::uint64_t value) {
  auto const first = static_cast<byte>(major << 5);
  auto const size = value < 24 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x100000000 ? 4 : 8;
  out.push_back(static_cast<byte>(first | (size == 0 ? value : size == 1 ? 24 : size == 2 ? 25 : size == 4 ? 26 : 27)));
  for (int i = size - 1; i >= 0; --i) out.push_back(static_cast<byte>(value >> 8 * i));
}

inline auto read_car_little(bytes_view in, std::size_t size = 8) -> std::uint64_t {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value |= static_cast<std::uint64_t>(in[i]) << 8 * i;
  return value;
}

inline void append_car_little(bytes& out, std::uint64_t value, std::size_t size = 8) {
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<byte>(value >> 8 * i));
}

}  // namespace detail

CAIRN_DECL auto decode_car_header(bytes_view in, std::size_t max_roots) -> result<car_header, car_errc> {
  CAIRN_TRY(auto map, detail::read_car_cbor_head(in));
  if (map.value.major != 5 || map.value.value > 2) return std::unexpected(car_errc::bad_header);
  auto out = car_header{0, {}};
  auto saw_roots = false, saw_version = false;
  auto rest = map.rest;
  for (std::uint64_t i = 0; i < map.value.value; ++i) {
    CAIRN_TRY(auto key, detail::read_car_cbor_string(rest, 3));
    if (as_text(key.value) == "roots" && !saw_roots) {
      saw_roots = true;
      CAIRN_TRY(rest, detail::read_car_roots(key.rest, max_roots, out.roots));
    } else if (as_text(key.value) == "version" && !saw_version) {
      saw_version = true;
      CAIRN_TRY(auto version, detail::read_car_cbor_head(key.rest));
      if (version.value.major != 0) return std::unexpected(car_errc::bad_header);
      out.version = version.value.value;
      rest = version.rest;
    } else {
      return std::unexpected(car_errc::bad_header);
    }
  }
  if (!saw_version || !rest.empty()) return std::unexpected(car_errc::bad_header);
  if (out.version != 1 && out.version != 2) return std::unexpected(car_errc::bad_version);
  if (out.version == 2 && saw_roots) return std::unexpected(car_errc::bad_header);
  return out;
}

CAIRN_DECL void append_car_header(bytes& out, std::span<cid const> roots) {
  auto header = bytes{};
  detail::append_car_cbor_head(header, 5, 2);
  detail::append_car_cbor_head(header, 3, 5);
  append(header, as_bytes("roots"));
  detail::append_car_cbor_head(header, 4, roots.size());
  for (auto const& root : roots) {
    detail::append_car_cbor_head(header, 6, 42);
    detail::append_car_cbor_head(header, 2, 1 + root.encoded_size());
    header.push_back(0);
    append_cid(header, root);
  }
  detail::append_car_cbor_head(header, 3, 7);
  append(header, as_bytes("version"));
  detail::append_car_cbor_head(header, 0, 1);
  append_varint(out, header.size());
  append(out, header);
}

CAIRN_DECL auto decode_car_v2_header(bytes_view in) -> result<car_v2_header, car_errc> {
  if (in.size() < car_v2_header_size) return std::unexpected(car_errc::truncated);
  auto h = car_v2_header{};
  for (std::size_t i = 0; i < 16; ++i) h.characteristics[i] = in[i];
  h.data_offset = detail::read_car_little(in.subspan(16));
  h.data_size = detail::read_car_little(in.subspan(24));
  h.index_offset = detail::read_car_little(in.subspan(32));
  constexpr auto most = std::uint64_t{1} << 62;  // sums of two stay far from overflow
  if (h.data_offset < car_v2_data_offset_min || h.data_offset > most || h.data_size == 0 || h.data_size > most)
    return std::unexpected(car_errc::bad_v2_header);
  if (h.index_offset != 0 && (h.index_offset > most || h.index_offset < h.data_offset + h.data_size))
    return std::unexpected(car_errc::bad_v2_header);
  return h;
}

CAIRN_DECL void append_car_v2_header(bytes& out, car_v2_header const& h) {
  append(out, h.characteristics);
  detail::append_car_little(out, h.data_offset);
  detail::append_car_little(out, h.data_size);
  detail::append_car_little(out, h.index_offset);
}

}  // namespace cairn
