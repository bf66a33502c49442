#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/pin/pinset.hpp>

#include <functional>
#include <optional>

namespace cairn {

/// All pins under one CID: a trie of the pins by the sha2-256 of their CIDs, 256 wide, up to 8 in a place, in dag-cbor. Its form
/// depends on the pins alone, so two nodes with equal pins have equal CIDs, and one pin more writes three or four blocks anew.
///
///   node   [places taken: bytes, [slot, ...]]            the first node is ["pins", 1, places, slots]
///   slot   a link to a node | [[CID: link, mode: 0 recursive 1 direct, name: text], ...] in the order of the CIDs' octets
struct pin_snapshot {
  cid root;
  std::uint64_t pins = 0;
};

/// Store the snapshot of the pins as they are; nothing of it is pinned.
///
/// cost      one pass over the pins, about 150 bytes a pin while it runs
CAIRN_DECL auto save_pin_snapshot(pinset const& pins, blockstore_ref store) -> io_result<pin_snapshot>;

/// What a change of the pins is: none before where it came, none after where it went, both where mode or name differ.
using pin_change_sink = std::function<io_result<void>(std::optional<pin> const& before, std::optional<pin> const& after)>;

/// What differs between two snapshots.
///
/// errors    hamt_errc::not_a_node · too_deep · those of the store
/// cost      nodes that both share are not read
CAIRN_DECL auto diff_pin_snapshots(blockstore_ref store, cid const& before, cid const& after, pin_change_sink const& sink) -> io_result<void>;

/// Every pin of a set that a node before version 0.8 kept: the dag-pb tree below the key /local/pins.
///
/// errors    bad_record, about the block that is no set · those of the store · too deep a tree
/// spec      sets: links in 256 places, each a sub-set or the empty block, then the items
CAIRN_DECL auto read_old_pins(blockstore_ref store, cid const& root, std::function<io_result<void>(pin const&)> const& sink) -> io_result<void>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/pin/impl/old_pins.ipp>
#  include <cairn/pin/impl/snapshot.ipp>
#endif
