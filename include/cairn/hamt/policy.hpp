#pragma once

#include <cairn/core/error.hpp>
#include <cairn/hamt/errc.hpp>
#include <cairn/hamt/hash_bits.hpp>

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What makes a trie of hashed keys a certain format: its hash, width, values, and how its nodes are read and written.
///
///   value_type, link_type                what a key maps to; how a node names a child node
///   bucket_size                          entries that share a position before it becomes a child node; a constant or a member
///   bits()                               log2 of the width
///   hash(key)                            the bits that choose the positions
///   open(link, root) -> page_type        a stored node, read and checked: `next()` gives its positions in order, `find(i)` one
///   writer(root) -> writer_type          `entries(i, span)` and `child(i, link)` in ascending order, then `finish() -> link`
///
/// Laws (tests/hamt)
///   P1  what a writer was told, the page of its link tells again, in the same order
///   P2  equal nodes have equal links
///   P3  find(i) is what next() gives for i
/// Models: unixfs_shard_policy · hashmap_policy
namespace cairn {

template <class Value>
struct hamt_entry {
  std::string key;
  Value value;
};

/// One taken position of a node: its entries, in the order of their keys, or a child node.
template <class Value, class Link>
struct hamt_slot {
  unsigned index = 0;
  std::variant<std::vector<hamt_entry<Value>>, Link> what;
};

template <class P>
using hamt_slot_of = hamt_slot<typename P::value_type, typename P::link_type>;

template <class P>
concept hamt_policy = requires(P& p, typename P::page_type& page, typename P::writer_type& w, typename P::link_type const& link,
                               std::span<hamt_entry<typename P::value_type> const> entries, unsigned i, bool root, std::string_view key) {
  { p.bucket_size } -> std::convertible_to<std::size_t>;
  { p.bits() } -> std::same_as<unsigned>;
  { p.hash(key) } -> std::same_as<hash_bits>;
  { p.open(link, root) } -> std::same_as<io_result<typename P::page_type>>;
  { p.writer(root) } -> std::same_as<typename P::writer_type>;
  { page.next() } -> std::same_as<io_result<std::optional<hamt_slot_of<P>>>>;
  { page.find(i) } -> std::same_as<io_result<std::optional<hamt_slot_of<P>>>>;
  { w.entries(i, entries) } -> std::same_as<void>;
  { w.child(i, link) } -> std::same_as<void>;
  { w.finish() } -> std::same_as<io_result<typename P::link_type>>;
};

}  // namespace cairn
