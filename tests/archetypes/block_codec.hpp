#pragma once
// The smallest model of block_codec: one octet is one truth value. What is generic over codecs compiles with it.

#include <cairn/concept/block_codec.hpp>
#include <cairn/ipld/link_sink.hpp>
#include <cairn/ipld/node.hpp>

namespace cairn::archetypes {

enum class truth_errc : byte { not_a_truth = 1 };

}  // namespace cairn::archetypes

template <>
struct cairn::errc_traits<cairn::archetypes::truth_errc> {
  static constexpr std::string_view module = "truth";
  static constexpr auto describe(cairn::archetypes::truth_errc) -> std::string_view { return "truth: neither 00 nor 01"; }
};

namespace cairn::archetypes {

struct truth {
  using errc = truth_errc;
  static constexpr std::uint64_t code = 0x300002;  // private use
  static constexpr std::string_view name = "truth";

  static auto decode(bytes_view in) -> result<ipld::node, errc> {
    if (in.size() != 1 || in[0] > 1) return std::unexpected(errc::not_a_truth);
    return ipld::node{in[0] == 1};
  }
  static auto encode(ipld::node const& n, bytes& out) -> result<void, errc> {
    if (!n.as_boolean()) return std::unexpected(errc::not_a_truth);
    out.push_back(*n.as_boolean());
    return {};
  }
  static auto links(bytes_view in, link_sink) -> result<void, errc> {
    if (auto const n = decode(in); !n) return std::unexpected(n.error());
    return {};
  }
};

static_assert(block_codec<truth>);

}  // namespace cairn::archetypes
