#pragma once

#include <cairn/core/config.hpp>
#include <cairn/multiformats/cid.hpp>

#include <vector>

namespace cairn {

/// CIDs that were seen, as they are written: a CIDv0 and its CIDv1 are two, as to Kubo, and so are the same bytes under two codecs.
///
/// cost      about 60 bytes per CID of 36; insert and contains O(1)
class cid_set {
public:
  /// Whether it was new.
  CAIRN_DECL auto insert(cid const& id) -> bool;
  CAIRN_DECL auto contains(cid const& id) const -> bool;
  auto size() const -> std::size_t { return size_; }
  CAIRN_DECL void clear();

private:
  struct key;
  auto slot_of(key const& k) const -> std::size_t;
  void grow();

  bytes keys_;                       // each: length [1], CID
  std::vector<std::uint64_t> table_; // place in keys_ + 1 in the low 48 bits, bits of its hash above; 0: free
  std::size_t size_ = 0;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/cid_set.ipp>
#endif
