#pragma once

#include <cairn/concept/block_exchange.hpp>
#include <cairn/concept/content_router.hpp>
#include <cairn/crypto/hash_set.hpp>
#include <cairn/crypto/hash_types.hpp>
#include <cairn/ipld/codec_set.hpp>
#include <cairn/node/blocks.hpp>
#include <cairn/node/fwd.hpp>
#include <cairn/node/host.hpp>

namespace cairn {

namespace detail {

template <class T>
struct is_codec_set : std::false_type {};
template <class... C>
struct is_codec_set<codec_set<C...>> : std::true_type {};

template <class T>
struct is_hash_set : std::false_type {};
template <class... H>
struct is_hash_set<hash_set<H...>> : std::true_type {};

template <class P, class Hashes>
constexpr auto opens_blockstore() -> bool {
  if constexpr (blocks_part<P, Hashes>)
    return blockstore<opened_blocks<P, Hashes>>;
  else
    return true;  // the rule before this one has spoken
}

template <class P>
constexpr auto wants_host() -> bool {
  if constexpr (requires { P::requires_role; })
    return P::requires_role == std::string_view{"host"};
  else
    return false;
}

}  // namespace detail

/// The hash functions of a node that names none: what CIDs of today are made with.
using default_hashes = hash_set<sha2_256, sha2_512, blake3, blake2b<256>, sha1, dbl_sha2_256>;

/// A recipe: which part plays which role. Roles are named fields, an omitted one takes its default.
///
///   auto recipe = node{.codecs = codec_set<raw, dag_pb>{}, .blocks = memory{}};
///
/// A regular value; `open(recipe)` makes the running node. Each rule below is a sentence of the compiler.
template <class Codecs = default_codecs, class Hashes = default_hashes, class Blocks = memory, class Host = none, class Exchange = none,
          class Routing = none>
struct node {
  using codecs_type = Codecs;
  using hashes_type = Hashes;
  using blocks_type = Blocks;

  [[no_unique_address]] Codecs codecs{};
  [[no_unique_address]] Hashes hashes{};
  Blocks blocks{};
  [[no_unique_address]] Host host{};
  [[no_unique_address]] Exchange exchange{};
  [[no_unique_address]] Routing routing{};

  static_assert(detail::is_codec_set<Codecs>::value, "node.codecs must be a codec_set, for example codec_set<raw, dag_pb>{}");
  static_assert(detail::is_hash_set<Hashes>::value, "node.hashes must be a hash_set, for example hash_set<sha2_256>{}");
  static_assert(blocks_part<Blocks, Hashes>, "node.blocks must be a part that opens a store: memory{}, or packs{\"dir\"} | verified");
  static_assert(detail::opens_blockstore<Blocks, Hashes>(),
                "node.blocks must give checked blocks: an engine on a disk needs the layer `verified` behind it");
  static_assert(std::same_as<Host, none> || is_host_stack<Host>::value,
                "node.host must be a whole stack: transport | secure channel | muxer, or any_of several");
  static_assert(std::same_as<Exchange, none> || block_exchange<Exchange>, "node.exchange must model block_exchange");
  static_assert(!detail::wants_host<Exchange>() || !std::same_as<Host, none>,
                "node.exchange speaks to peers over streams: compose node.host too");
  static_assert(std::same_as<Routing, none> || content_router<Routing>, "node.routing must model content_router");
  static_assert(!detail::wants_host<Routing>() || !std::same_as<Host, none>,
                "node.routing speaks to peers over streams: compose node.host too");
};

}  // namespace cairn
