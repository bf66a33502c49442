#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/core/config.hpp>
#include <cairn/hamt/hamt.hpp>
#include <cairn/ipld/block_reader.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/multiformats/codes.hpp>

#include <bit>

namespace cairn {

/// What the root of an IPLD HashMap says of itself.
struct hashmap_parameters {
  std::uint64_t hash = code::sha2_256;  ///< hashAlg, of the keys
  unsigned bit_width = 8;               ///< a node has 2^bit_width positions
  std::size_t bucket_size = 3;          ///< entries of a position before they become a node
  friend auto operator==(hashmap_parameters const&, hashmap_parameters const&) -> bool = default;
};

/// One block of an IPLD HashMap, read and checked.
class hashmap_page {
public:
  using slot = hamt_slot<ipld::node, cid>;

  auto next() -> io_result<std::optional<slot>>;
  auto find(unsigned index) const -> io_result<std::optional<slot>>;

private:
  friend struct hashmap_policy;
  std::vector<slot> slots_;  // in the order of their positions
  std::size_t at_ = 0;
};

/// Writes one block of an IPLD HashMap as dag-cbor.
class hashmap_writer {
public:
  hashmap_writer(blockstore_ref store, hashmap_parameters const& parameters, bool root) : store_{store}, parameters_{parameters}, root_{root} {}

  CAIRN_DECL void entries(unsigned index, std::span<hamt_entry<ipld::node> const> entries);
  CAIRN_DECL void child(unsigned index, cid const& link);
  CAIRN_DECL auto finish() -> io_result<cid>;

private:
  blockstore_ref store_;
  hashmap_parameters parameters_;
  bool root_;
  hamt_bitmap taken_{};
  ipld::list data_{};
};

/// IPLD's HashMap as a policy of the trie: keys are octets, values any node, blocks dag-cbor with sha2-256.
///
/// spec      specs/hashmap
struct hashmap_policy {
  using value_type = ipld::node;
  using link_type = cid;
  using page_type = hashmap_page;
  using writer_type = hashmap_writer;

  std::optional<block_reader> blocks{};   ///< to read from; a trie that is only built needs none
  std::optional<blockstore_ref> store{};  ///< to write to; a trie that is only read needs none
  std::uint64_t hash_code = code::sha2_256;
  unsigned bit_width = 8;
  std::size_t bucket_size = 3;

  auto bits() const -> unsigned { return bit_width; }
  CAIRN_DECL auto hash(std::string_view key) const -> hash_bits;
  /// A root sets the parameters.
  ///
  /// errors    not_a_node · bad_parameters · fanout_differs · count_differs · bad_bucket · those of the store and of dag-cbor
  CAIRN_DECL auto open(cid const& link, bool root) -> io_result<hashmap_page>;
  auto writer(bool root) const -> hashmap_writer { return {*store, parameters(), root}; }
  auto parameters() const -> hashmap_parameters { return {hash_code, bit_width, bucket_size}; }
};

static_assert(hamt_policy<hashmap_policy>);

/// A map of any size over blocks, open for changes. The same entries have the same root, whatever was done to get there.
using hashmap = hamt<hashmap_policy>;

/// An empty one.
///
/// errors    bad_parameters
CAIRN_DECL auto make_hashmap(block_reader blocks, blockstore_ref store, hashmap_parameters const& parameters = {}) -> io_result<hashmap>;

/// A stored one, to change it.
CAIRN_DECL auto open_hashmap(block_reader blocks, blockstore_ref store, cid const& root) -> io_result<hashmap>;

/// The value of a key in a stored one, reading only the blocks on its way.
CAIRN_DECL auto hashmap_get(block_reader blocks, cid const& root, std::string_view key) -> io_result<std::optional<ipld::node>>;

inline auto hashmap_page::next() -> io_result<std::optional<slot>> {
  if (at_ == slots_.size()) return std::nullopt;
  return std::move(slots_[at_++]);
}

inline auto hashmap_page::find(unsigned index) const -> io_result<std::optional<slot>> {
  for (auto const& s : slots_)
    if (s.index == index) return s;
  return std::nullopt;
}

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/hamt/impl/hashmap.ipp>
#endif
