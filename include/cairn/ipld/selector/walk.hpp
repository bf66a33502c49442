#pragma once

#include <cairn/core/config.hpp>
#include <cairn/ipld/block_reader.hpp>
#include <cairn/ipld/cid_set.hpp>
#include <cairn/ipld/selector/selector.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::ipld {

/// How far a walk may go. Each is an error where it is reached, so that no selector and no data make it run for ever.
struct select_limits {
  std::size_t depth = 1024;                   ///< segments of a path
  std::size_t nodes = 10'000'000;             ///< values visited
  std::size_t blocks = 1'000'000;             ///< blocks loaded
  std::size_t open_bytes = 32 * cairn::limits::MiB;  ///< blocks on the way from the root to where the walk stands
  std::uint64_t steps = 1'000'000'000;        ///< selectors applied to values
};

struct select_options {
  select_limits limits{};
  bool unique_blocks = false;  ///< a link that was followed before is passed over
  bool skip_missing = false;   ///< blocks that are not here are passed over and counted, in place of an error
};

/// What "~" (interpret as) calls: a value seen as another one, as a sharded directory seen as a map.
class layout_set {
public:
  virtual ~layout_set() = default;
  /// `only` is set where nothing but that part of bytes or of a string is wanted; then a value with just that part will do.
  ///
  /// errors    unknown_layout · those of the layout
  virtual auto interpret(block_reader blocks, std::string_view layout, node const& value, std::optional<slice> only) const
      -> io_result<node> = 0;
  /// Whether values of a layout come cut to `only` where that is set.
  virtual auto cuts(std::string_view layout) const -> bool { return (void)layout, false; }
};

/// A walk over values along a selector, from block to block: pull one visit after the other, parents before children.
///
/// Links are followed and not visited. Fields and indices come in the order of the selector, all items in the order of the data.
/// errors    depth_exceeded and the others of select_limits · unknown_layout · those of the store and of the codecs
/// memory    the decoded blocks on the way down, bounded by open_bytes; at most selector_nodes states a level
/// cost      each step compares the selectors that are at work, at most as many as the program has
/// lifetime  the program, the root value and the layouts outlive it
class select_walk {
public:
  struct visit {
    std::vector<std::string> const* path;  ///< from the root, over all blocks
    node const* value;                     ///< what is there, or the part of it that a subset selects
    bool matched;                          ///< in the result, or only on the way to it
    std::string_view label;                ///< of the matcher, where it has one
    cid const* block;                      ///< the block that holds the value; nullptr inside the root value
    auto path_text() const -> std::string;
  };

  /// From a value in memory.
  CAIRN_DECL select_walk(block_reader blocks, node const& root, selector_program program, select_options options = {}, layout_set const* layouts = nullptr);
  /// From a block.
  CAIRN_DECL select_walk(block_reader blocks, cid const& root, selector_program program, select_options options = {}, layout_set const* layouts = nullptr);

  /// The next visit, valid until the next call; nothing at the end.
  CAIRN_DECL auto next() -> io_result<std::optional<visit>>;

  auto missing() const -> std::size_t { return missing_; }
  auto blocks_loaded() const -> std::size_t { return blocks_loaded_; }

private:
  struct state {
    std::uint32_t op;
    std::uint64_t depth;    // left in the innermost recursion
    bool stepped = false;   // came here by a step: an edge leads back
  };
  using states = std::vector<state>;
  struct held {  // a value that the walk keeps: a block, or what a layout made of one
    node value;
    cid id;
    std::shared_ptr<std::size_t> open;
    std::size_t bytes;
    ~held() { *open -= bytes; }
  };
  struct arrival {  // a value to be visited
    node const* value = nullptr;
    std::shared_ptr<held const> holder{};
    states at{};
    std::string_view layout{};  // to be seen as this first
    bool root = false;
    bool cut = false;           // is the subset already
  };
  struct frame {
    node const* value;
    std::shared_ptr<held const> holder;
    states at;
    std::size_t path_size;
    bool all = false;                     // every item, else those of `chosen`
    std::size_t place = 0;
    std::vector<std::size_t> chosen{};
  };
  struct mark {  // of an op: whether it is among the states that are being gathered, and how deep it may go
    std::uint64_t epoch = 0;
    std::uint64_t depth = 0;
    std::size_t place = 0;
  };

  auto keep(node value, cid const& id, std::size_t bytes) -> io_result<std::shared_ptr<held const>>;
  auto load(cid const& id) -> io_result<std::shared_ptr<held const>>;
  auto interpret(arrival& a) -> io_result<void>;
  auto take(arrival a) -> io_result<std::optional<visit>>;
  void expand(state s, node const& value, states& into, states& interpreted);
  void queue(arrival const& a, states const& interpreted);
  auto choose(frame& f) -> io_result<void>;
  auto descend() -> io_result<void>;
  auto step(frame const& f, std::size_t item, node const& child) -> states;
  auto stopped(std::uint32_t op, node const& child) -> bool;
  auto spend() -> io_result<void>;

  block_reader blocks_;
  selector_program program_;
  select_options options_;
  layout_set const* layouts_;
  std::optional<cid> root_;
  std::vector<arrival> pending_;  // at the path as it is, the next one last
  std::vector<frame> stack_;
  std::vector<std::string> path_;
  node part_;
  std::shared_ptr<held const> shown_;  // the value of the last visit
  std::vector<mark> marks_;
  std::shared_ptr<std::size_t> open_bytes_ = std::make_shared<std::size_t>(0);
  cid_set followed_;
  std::size_t nodes_ = 0, blocks_loaded_ = 0, missing_ = 0;
  std::uint64_t steps_ = 0, epoch_ = 0;
};

inline auto select_walk::visit::path_text() const -> std::string {
  auto out = std::string{};
  for (auto const& segment : *path) (out += out.empty() && &segment == path->data() ? "" : "/") += segment;
  return out;
}

}  // namespace cairn::ipld

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/selector_walk.ipp>
#endif
