#pragma once

#include <cairn/blockstore/ref.hpp>
#include <cairn/core/config.hpp>
#include <cairn/ipld/cid_set.hpp>

#include <unordered_map>
#include <vector>

namespace cairn {

/// What fetching a DAG did.
struct fetch_report {
  std::uint64_t blocks = 0, bytes = 0;  ///< all of the DAG
  std::uint64_t fetched = 0;            ///< blocks that were not in the store
};

/// Which blocks of a DAG have to be asked for, and when: as many at once as `window`. A machine.
class dag_fetch {
public:
  explicit dag_fetch(cid root, std::size_t window = 256) : todo_{root}, window_{window} { (void)seen_.insert(root); }

  /// Blocks to ask for now; those that are in the store are walked on the way.
  ///
  /// errors    a block that cannot be decoded
  CAIRN_DECL auto next(blockstore_ref store) -> io_result<std::vector<cid>>;
  /// A block that was asked for came.
  ///
  /// errors    it cannot be decoded
  CAIRN_DECL auto came(block const& b) -> io_result<void>;

  auto is_done() const -> bool { return todo_.empty() && open_.empty(); }
  auto open_count() const -> std::size_t { return open_.size(); }
  auto report() const -> fetch_report const& { return report_; }

private:
  auto walk(cid const& id, bytes_view data) -> io_result<void>;

  std::vector<cid> todo_;  // the last is the next
  cid_set seen_{};
  std::unordered_map<multihash, std::vector<cid>> open_{};  // the same octets may be asked for under two codecs
  std::size_t window_;
  fetch_report report_{};
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/exchange/impl/dag_fetch.ipp>
#endif
