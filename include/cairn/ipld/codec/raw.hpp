#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/ipld/link_sink.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/multiformats/codes.hpp>

namespace cairn {

/// Why a node has no raw form.
enum class raw_errc : byte {
  not_bytes = 1,  ///< a raw block is one byte string
};

template <>
struct errc_traits<raw_errc> {
  static constexpr std::string_view module = "raw";
  static constexpr auto describe(raw_errc e) -> std::string_view {
    switch (e) {
      case raw_errc::not_bytes: return "raw: only bytes have a raw form";
    }
    return "raw: unknown error";
  }
};

/// The codec raw: the block is the byte string.
struct raw {
  using errc = raw_errc;
  static constexpr std::uint64_t code = cairn::code::raw;
  static constexpr std::string_view name = "raw";

  static auto decode(bytes_view in) -> result<ipld::node, errc> { return ipld::node{bytes(in.begin(), in.end())}; }
  /// errors    not_bytes
  static auto encode(ipld::node const& n, bytes& out) -> result<void, errc> {
    auto const* const octets = n.as_bytes();
    if (!octets) return std::unexpected(raw_errc::not_bytes);
    append(out, *octets);
    return {};
  }
  static auto links(bytes_view, link_sink) -> result<void, errc> { return {}; }
};

}  // namespace cairn
