#pragma once

#include <cairn/core/config.hpp>
#include <cairn/ipld/block_reader.hpp>
#include <cairn/ipld/cid_set.hpp>

#include <limits>
#include <optional>
#include <unordered_map>
#include <vector>

namespace cairn {

struct walk_options {
  std::size_t max_depth = std::numeric_limits<std::size_t>::max();  ///< links followed from a root; 0: the roots only
  bool unique = true;           ///< each block once; without it a block comes as often as paths lead to it
  bool read_leaves = true;      ///< without it raw blocks, which have no links, are named and not read (nor looked for)
  bool skip_missing = false;    ///< blocks that are not here are left out and counted, in place of an error
};

/// A DAG's blocks, parents before children, children in the order of links: pull one after the other.
///
/// Blocks are told apart by codec and multihash, because the same bytes have other links under another codec.
/// errors    those of the store (but not_found with skip_missing) · unknown_codec · those of the codec, about the block
/// memory    the set of what was seen (about 60 bytes a block) and the links not yet followed on the way down
/// cost      each block is read once; iterative
class dag_walk {
public:
  struct item {
    cid id;
    std::size_t depth;
    std::optional<block> data;  ///< nothing for a leaf that was not to be read
  };

  CAIRN_DECL dag_walk(block_reader blocks, cid const& root, walk_options options = {});
  /// Another root; what was seen stays seen.
  CAIRN_DECL void add(cid const& root);

  /// The next block; nothing at the end. Unless `leave_out()` is called before the next call, its links are followed.
  CAIRN_DECL auto next() -> io_result<std::optional<item>>;
  /// Do not follow the links of the block that came last.
  void leave_out() { last_.reset(); }

  auto missing() const -> std::size_t { return missing_; }

private:
  struct pending {
    cid id;
    std::size_t depth;
  };
  enum class seen : byte { never, deeper, enough };

  auto follow() -> io_result<void>;
  auto see(pending const& p) -> seen;

  block_reader blocks_;
  walk_options options_;
  std::vector<cid> roots_;  // of which next_root_ were begun
  std::size_t next_root_ = 0;
  std::vector<pending> stack_;
  std::optional<item> last_;
  cid_set seen_;
  std::unordered_map<cid, std::size_t> depths_;  // only with max_depth: a block seen too deep is followed again from above
  std::size_t missing_ = 0;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/traversal.ipp>
#endif
