#pragma once
// The laws of <cairn/concept/dag_layout.hpp>, for any model: `laws::dag_layout(model)`.

#include <cairn/concept/dag_layout.hpp>

#include <support/property.hpp>

#include <vector>

namespace cairn::laws {

template <cairn::dag_layout L>
void dag_layout(L const& layout) {
  testing::check_property("layout laws", [&](std::uint16_t leaves) {
    struct node {
      open_node as_seen;
      std::vector<std::size_t> leaves;  // below it, from left to right
    };
    auto open = std::vector<node>{};
    for (std::size_t leaf = 0; leaf < leaves; ++leaf) {
      if (open.empty()) open.push_back({{0, layout.first_tag()}, {}});
      for (int steps = 0;; ++steps) {
        RC_ASSERT(steps < 1000);  // L2: an end
        auto const seen = open.back().as_seen;
        auto const step = layout.next(seen);
        auto const again = L{layout}.next(seen);
        RC_ASSERT(step.action == again.action && step.tag == again.tag);  // L1
        if (step.action == layout_action::leaf) break;
        if (step.action == layout_action::open) {
          open.push_back({{0, step.tag}, {}});
          continue;
        }
        RC_ASSERT(seen.children > 0u);  // L2
        auto closed = std::move(open.back());
        open.pop_back();
        if (open.empty()) open.push_back({{0, layout.above(closed.as_seen.tag)}, {}});
        auto& parent = open.back();
        ++parent.as_seen.children;
        parent.leaves.insert(parent.leaves.end(), closed.leaves.begin(), closed.leaves.end());
        RC_ASSERT(parent.as_seen.children <= layout.max_children());  // L3
      }
      ++open.back().as_seen.children;
      open.back().leaves.push_back(leaf);
      RC_ASSERT(open.back().as_seen.children <= layout.max_children());  // L3
      RC_ASSERT(open.size() <= 64u);
    }
    auto order = std::vector<std::size_t>{};  // L4: the stack, from the bottom, holds what lies to the left first
    for (auto const& n : open) order.insert(order.end(), n.leaves.begin(), n.leaves.end());
    for (std::size_t i = 0; i < order.size(); ++i) RC_ASSERT(order[i] == i);
    RC_ASSERT(order.size() == leaves);
  });
}

}  // namespace cairn::laws
