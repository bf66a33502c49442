#pragma once

#include <cairn/concept/block_codec.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/codec/dag_jose.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/codec/dag_pb.hpp>
#include <cairn/ipld/codec/git_raw.hpp>
#include <cairn/ipld/codec/raw.hpp>
#include <cairn/multiformats/multicodec.hpp>

#include <array>
#include <optional>
#include <span>

namespace cairn {

/// Why a codec set cannot help.
enum class codec_set_errc : byte {
  unknown_codec = 1,  ///< the code is of no codec in the set
};

template <>
struct errc_traits<codec_set_errc> {
  static constexpr std::string_view module = "codec";
  static constexpr auto describe(codec_set_errc e) -> std::string_view {
    switch (e) {
      case codec_set_errc::unknown_codec: return "codec: no such codec is composed in";
    }
    return "codec: unknown error";
  }
};

/// One codec of a set, behind function pointers.
struct codec_row {
  std::uint64_t code;
  std::string_view name;
  io_result<ipld::node> (*decode)(bytes_view, codec_mode);
  io_result<void> (*encode)(ipld::node const&, bytes&, codec_mode);
  io_result<void> (*links)(bytes_view, link_sink);
};

namespace detail {

template <class C>
auto codec_decode(bytes_view in, codec_mode mode) {
  if constexpr (requires { C::decode(in, mode); })
    return C::decode(in, mode);
  else
    return C::decode(in);
}

template <class C>
auto codec_encode(ipld::node const& n, bytes& out, codec_mode mode) {
  if constexpr (requires { C::encode(n, out, mode); })
    return C::encode(n, out, mode);
  else
    return C::encode(n, out);
}

template <class C>
constexpr auto codec_row_of() -> codec_row {
  return {C::code, C::name,
          [](bytes_view in, codec_mode mode) -> io_result<ipld::node> {
            auto n = codec_decode<C>(in, mode);
            if (!n) return std::unexpected(error{n.error()});
            return *std::move(n);
          },
          [](ipld::node const& n, bytes& out, codec_mode mode) -> io_result<void> {
            auto const done = codec_encode<C>(n, out, mode);
            if (!done) return std::unexpected(error{done.error()});
            return {};
          },
          [](bytes_view in, link_sink sink) -> io_result<void> {
            auto const done = C::links(in, sink);
            if (!done) return std::unexpected(error{done.error()});
            return {};
          }};
}

template <std::size_t N>
constexpr auto sorted_codecs(std::array<codec_row, N> rows) -> std::array<codec_row, N> {
  for (std::size_t i = 1; i < N; ++i)
    for (auto j = i; j > 0 && rows[j].code < rows[j - 1].code; --j) std::swap(rows[j], rows[j - 1]);
  return rows;
}

constexpr auto distinct_codecs(std::span<codec_row const> sorted) -> bool {
  for (std::size_t i = 0; i < sorted.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (sorted[i].code == sorted[j].code || sorted[i].name == sorted[j].name) return false;
  return true;
}

/// A code or a name of the registry belongs to its row; others are private.
constexpr auto agrees_with_table(std::uint64_t code, std::string_view name) -> bool {
  auto const* const by_code = find_multicodec(code);
  auto const* const by_name = find_multicodec(name);
  return by_code == by_name && (!by_code || by_code->name == name);
}

}  // namespace detail

/// The codecs of a node, as a list of types; one of them is reached by its code through a sorted table.
///
/// cost      find O(log n); a set is an empty type
template <class... Codecs>
struct codec_set {
  static_assert((block_codec<Codecs> && ...), "codec_set: every member must model block_codec");
  static_assert((detail::agrees_with_table(Codecs::code, Codecs::name) && ...),
                "codec_set: a codec's code or name is another codec's in the multicodec table");

  static constexpr auto rows = detail::sorted_codecs(std::array<codec_row, sizeof...(Codecs)>{detail::codec_row_of<Codecs>()...});
  static_assert(detail::distinct_codecs(rows), "codec_set: two codecs have the same code or the same name");

  static constexpr auto find(std::uint64_t code) -> codec_row const* {
    auto low = std::size_t{0}, high = rows.size();
    while (low < high) {
      auto const middle = (low + high) / 2;
      if (rows[middle].code == code) return &rows[middle];
      if (rows[middle].code < code)
        low = middle + 1;
      else
        high = middle;
    }
    return nullptr;
  }
  static constexpr auto find(std::string_view name) -> codec_row const* {
    for (auto const& row : rows)
      if (row.name == name) return &row;
    return nullptr;
  }
  static constexpr auto contains(std::uint64_t code) -> bool { return find(code) != nullptr; }

  /// Codecs of one mode ignore the mode.
  ///
  /// errors    unknown_codec · those of the codec
  static auto decode(std::uint64_t code, bytes_view in, codec_mode mode = codec_mode::strict) -> io_result<ipld::node> {
    auto const* const row = find(code);
    if (!row) return std::unexpected(error{codec_set_errc::unknown_codec}.about("0x" + to_hex_code(code)));
    return row->decode(in, mode);
  }
  static auto encode(std::uint64_t code, ipld::node const& n, bytes& out, codec_mode mode = codec_mode::strict) -> io_result<void> {
    auto const* const row = find(code);
    if (!row) return std::unexpected(error{codec_set_errc::unknown_codec}.about("0x" + to_hex_code(code)));
    return row->encode(n, out, mode);
  }
  static auto links(std::uint64_t code, bytes_view in, link_sink sink) -> io_result<void> {
    auto const* const row = find(code);
    if (!row) return std::unexpected(error{codec_set_errc::unknown_codec}.about("0x" + to_hex_code(code)));
    return row->links(in, sink);
  }

private:
  static auto to_hex_code(std::uint64_t code) -> std::string {
    auto out = std::string{};
    do out.insert(out.begin(), "0123456789abcdef"[code & 15]);
    while (code >>= 4);
    return out;
  }
};

/// The codecs that Kubo reads and writes.
using default_codecs = codec_set<raw, dag_pb, dag_cbor, git_raw, dag_jose, dag_json, plain_cbor, plain_json>;

}  // namespace cairn
