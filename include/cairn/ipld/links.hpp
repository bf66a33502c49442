#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/ipld/link_sink.hpp>
#include <cairn/multiformats/cid.hpp>

#include <vector>

namespace cairn {

/// Why the links of a block are not known.
enum class links_errc : byte {
  unknown_codec = 1,  ///< no codec of this build reads such blocks
};

template <>
struct errc_traits<links_errc> {
  static constexpr std::string_view module = "links";
  static constexpr auto describe(links_errc e) -> std::string_view {
    switch (e) {
      case links_errc::unknown_codec: return "links: no codec of this build reads such blocks";
    }
    return "links: unknown error";
  }
};

/// Whether `for_each_link` knows the links of blocks of this codec.
CAIRN_DECL auto knows_links_of(std::uint64_t codec) -> bool;

/// Call `sink` with each link of a block, in the order of its bytes, duplicates included.
///
/// errors    unknown_codec · those of the codec's decoder; links that stand before the fault may have been given out
/// cost      O(in.size()), no allocation, no tree; but dag-jose, which makes its node
CAIRN_DECL auto visit_links(std::uint64_t codec, bytes_view in, link_sink sink) -> io_result<void>;

/// The same, with any callable in place of a sink.
template <class F>
auto for_each_link(std::uint64_t codec, bytes_view in, F&& f) -> io_result<void> {
  return visit_links(codec, in, link_sink{f});
}

/// All links of a block at once.
CAIRN_DECL auto links_of(std::uint64_t codec, bytes_view in) -> io_result<std::vector<cid>>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/links.ipp>
#endif
