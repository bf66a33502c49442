#pragma once

#include <cairn/core/try.hpp>
#include <cairn/hamt/policy.hpp>

namespace cairn {

/// The value of a key in a stored trie whose root has been read, reading only the nodes on its way.
///
/// errors    those of the policy's `open` and `find` · too_deep
/// cost      one node per level; nothing is kept
template <hamt_policy P>
auto hamt_lookup(P& policy, typename P::page_type page, std::string_view key) -> io_result<std::optional<typename P::value_type>> {
  auto const hash = policy.hash(key);
  for (std::size_t at = 0;; at += policy.bits()) {
    auto const index = hash.take(at, policy.bits());
    if (!index) return std::unexpected(hamt_errc::too_deep);
    CAIRN_TRY(auto slot, page.find(*index));
    if (!slot) return std::nullopt;
    if (auto* const child = std::get_if<1>(&slot->what)) {
      CAIRN_TRY(page, policy.open(*child, false));
      continue;
    }
    for (auto& e : std::get<0>(slot->what))
      if (e.key == key) return std::move(e.value);
    return std::nullopt;
  }
}

/// The same from the root's link.
template <hamt_policy P>
auto hamt_lookup(P& policy, typename P::link_type const& root, std::string_view key) -> io_result<std::optional<typename P::value_type>> {
  CAIRN_TRY(auto page, policy.open(root, true));
  return hamt_lookup(policy, std::move(page), key);
}

}  // namespace cairn
