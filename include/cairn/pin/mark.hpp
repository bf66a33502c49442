#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/multiformats/multihash_set.hpp>
#include <cairn/pin/pinset.hpp>

#include <functional>
#include <vector>

namespace cairn {

/// A block whose links could not be read, and why.
struct unreadable_block {
  cid id;
  error why;
};

/// What is reachable from roots: the first half of garbage collection.
///
/// A block is walked once for each codec under which it is linked; blocks without links (raw) are not read at all.
/// Where the links of any block cannot be read, nothing may be deleted: `complete()` is false and `problems()` say why.
///
/// memory    24 to 43 bytes a block, twice for blocks with links; 40 bytes for each CID that waits
class reachable_set {
public:
  /// stopped   asked now and then; true ends the marking where it is
  explicit reachable_set(blockstore_ref store, std::function<bool()> stopped = {}) : store_{store}, stopped_{std::move(stopped)} {}

  /// Everything below a root. `best_effort`: a missing block is no problem (the MFS root of a node that fetches lazily).
  CAIRN_DECL void mark(cid const& root, bool best_effort = false);

  /// One block, without what is below it.
  void mark_alone(cid const& id) { live_.insert(id.hash()); }

  /// Blocks without what is below them.
  void mark_all(multihash_set const& hashes) { live_.insert_all(hashes); }

  /// All pins: recursive ones with everything below, direct ones alone.
  ///
  /// errors    those of the metadata store
  CAIRN_DECL auto mark_pins(pinset const& pins) -> io_result<void>;

  auto contains(multihash const& h) const -> bool { return live_.contains(h); }
  auto size() const -> std::size_t { return live_.size(); }
  auto complete() const -> bool { return problem_count_ == 0; }

  /// The first hundred blocks whose links could not be read.
  auto problems() const -> std::vector<unreadable_block> const& { return problems_; }

private:
  CAIRN_DECL void report(cid const& id, error why);

  blockstore_ref store_;
  std::function<bool()> stopped_;
  multihash_set live_, walked_;
  bytes waiting_;  // a stack of binary CIDs, each followed by its size: a fifth of what `cid` values take
  std::vector<unreadable_block> problems_;
  std::size_t problem_count_ = 0;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/pin/impl/mark.ipp>
#endif
