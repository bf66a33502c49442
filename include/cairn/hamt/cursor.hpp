#pragma once

#include <cairn/core/try.hpp>
#include <cairn/hamt/policy.hpp>

#include <memory>
#include <type_traits>

namespace cairn {

namespace detail {
template <class P>
struct hamt_node;
}

/// All entries of a trie, one at a time, in the order of their hashes.
///
/// A node that cannot be read is reported once, in its place; `next` after that goes on behind it, so that a listing of a trie
/// with missing blocks gives all that is here.
/// memory    one node per level
/// lifetime  the policy outlives it; a cursor over an open `hamt` ends with the next change of it
template <hamt_policy P>
class hamt_cursor {
public:
  using entry = hamt_entry<typename P::value_type>;

  /// Over a stored trie.
  hamt_cursor(P& policy, typename P::link_type root) : policy_{&policy}, todo_{std::move(root)} {}

  /// Over a stored trie whose root has been read.
  hamt_cursor(P& policy, typename P::page_type root) : policy_{&policy} { stack_.push_back({nullptr, 0, std::move(root)}); }

  /// Over an open one.
  hamt_cursor(P& policy, detail::hamt_node<P> const& root) : policy_{&policy} { stack_.push_back({&root, 0, {}}); }

  /// The next entry; nothing at the end.
  ///
  /// errors    those of the policy's `open` and `next` · too_deep
  auto next() -> io_result<std::optional<entry>> {
    for (;;) {
      if (place_ < bucket_.size()) return std::move(bucket_[place_++]);
      if (todo_) {
        auto const link = *std::exchange(todo_, std::nullopt);
        // a chain of nodes longer than any hash has bits is not a trie
        if (stack_.size() * policy_->bits() >= hash_limit) return std::unexpected(hamt_errc::too_deep);
        CAIRN_TRY(auto page, policy_->open(link, stack_.empty()));
        stack_.push_back({nullptr, 0, std::move(page)});
      }
      if (stack_.empty()) return std::nullopt;
      CAIRN_TRY(step());
    }
  }

private:
  static constexpr std::size_t hash_limit = 512;
  struct frame {
    detail::hamt_node<P> const* node;  // of an open trie, or else a page of a stored one
    std::size_t place;
    std::optional<typename P::page_type> page;
  };

  auto step() -> io_result<void> {
    auto& top = stack_.back();
    if (top.node) {
      if (top.place == top.node->slots.size()) {
        stack_.pop_back();
        return {};
      }
      auto const& slot = top.node->slots[top.place++];
      if (auto const* const child = std::get_if<1>(&slot)) {
        if (child->node) stack_.push_back({child->node.get(), 0, {}});
        else todo_ = child->link;
      } else {
        take(std::get<0>(slot));
      }
      return {};
    }
    auto slot = top.page->next();
    if (!slot || !*slot) stack_.pop_back();
    if (!slot) return std::unexpected(std::move(slot).error());
    if (!*slot) return {};
    if (auto* const child = std::get_if<1>(&(*slot)->what)) todo_ = std::move(*child);
    else take(std::move(std::get<0>((*slot)->what)));
    return {};
  }

  void take(std::vector<entry> entries) {
    bucket_ = std::move(entries);
    place_ = 0;
  }

  P* policy_;
  std::optional<typename P::link_type> todo_;
  std::vector<frame> stack_;
  std::vector<entry> bucket_;
  std::size_t place_ = 0;
};

}  // namespace cairn
