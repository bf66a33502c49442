#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace cairn::detail {

enum cbor_major : byte { cbor_uint, cbor_negative, cbor_bytes, cbor_text, cbor_list, cbor_map, cbor_tag, cbor_simple };

inline constexpr std::uint64_t cbor_link_tag = 42;

struct cbor_rules {
  bool lax = false;
  bool links = true;
  bool sort = true;  ///< on encoding
  bool dasl = false;
};

struct cbor_head {
  byte major = 0;
  byte info = 0;
  std::uint64_t argument = 0;
};

inline auto cbor_read_head(bytes_view& in) -> result<cbor_head, dag_cbor_errc> {
  if (in.empty()) return std::unexpected(dag_cbor_errc::truncated);
  auto head = cbor_head{static_cast<byte>(in[0] >> 5), static_cast<byte>(in[0] & 31), 0};
  if (head.info < 24) {
    head.argument = head.info;
    in = in.subspan(1);
    return head;
  }
  if (head.info == 31) return std::unexpected(dag_cbor_errc::indefinite_length);
  if (head.info > 27) return std::unexpected(dag_cbor_errc::reserved_head);
  auto const width = std::size_t{1} << (head.info - 24);
  if (in.size() <= width) return std::unexpected(dag_cbor_errc::truncated);
  for (std::size_t i = 1; i <= width; ++i) head.argument = head.argument << 8 | in[i];
  // the argument of major 7 is a float or a simple value, whose width is a matter of its own
  constexpr std::uint64_t smallest[]{24, 0x100, 0x10000, 0x100000000};
  if (head.major != cbor_simple && head.argument < smallest[head.info - 24]) return std::unexpected(dag_cbor_errc::non_minimal_int);
  in = in.subspan(1 + width);
  return head;
}

inline auto cbor_take(bytes_view& in, std::uint64_t size) -> result<bytes_view, dag_cbor_errc> {
  if (size > in.size()) return std::unexpected(dag_cbor_errc::truncated);
  auto const chunk = in.first(static_cast<std::size_t>(size));
  in = in.subspan(chunk.size());
  return chunk;
}

/// Shorter keys first, then by octets.
inline auto cbor_key_less(std::string_view a, std::string_view b) -> bool {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

/// Most texts are short and ASCII.
inline auto cbor_is_utf8(bytes_view in) -> bool {
  constexpr auto highs = std::uint64_t{0x8080808080808080};
  auto const word = [&](std::size_t at) {
    auto w = std::uint64_t{};
    return std::memcpy(&w, in.data() + at, 8), w;
  };
  if (in.size() < 8) {
    auto all = byte{0};
    for (auto const b : in) all |= b;
    if (all < 0x80) return true;
  } else if (in.size() <= 32) {
    auto all = word(in.size() - 8);
    for (auto at = 0uz; at + 8 < in.size(); at += 8) all |= word(at);
    if ((all & highs) == 0) return true;
  }
  return is_utf8(in);
}

}  // namespace cairn::detail
