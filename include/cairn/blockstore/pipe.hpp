#pragma once

#include <cairn/blockstore/cached.hpp>
#include <cairn/blockstore/identity.hpp>
#include <cairn/blockstore/measured.hpp>
#include <cairn/blockstore/verified.hpp>
#include <cairn/concept/fwd.hpp>
#include <cairn/crypto/hash_set.hpp>

/// Layers as pipes, in the order in which bytes come out: `store | verified | cached(1024)`. Works on open stores, which the
/// layered store takes by value, and on parts of a recipe, which are opened later.
namespace cairn {

template <class S>
concept any_blockstore = blockstore<S> || raw_blockstore<S>;

/// A part of a recipe that opens a store.
template <class P>
concept blockstore_part = recipe_part<P> && requires(P const& p) {
  { *p.template open<hash_set<>>() };
  { p.peak_bytes() } -> std::convertible_to<std::uint64_t>;
};

namespace detail {
template <class P>
using store_of_part = typename decltype(std::declval<P const&>().template open<hash_set<>>())::value_type;
}

/// A part with a layer on it: itself a part.
template <blockstore_part P, blockstore_layer L>
struct layered_part {
  static constexpr std::string_view name = P::name;
  P below;
  L layer;

  template <class Hashes>
  auto open() const -> io_result<decltype(layer.template wrap<Hashes>(std::declval<typename decltype(below.template open<Hashes>())::value_type>()))> {
    CAIRN_TRY(auto store, below.template open<Hashes>());
    return layer.template wrap<Hashes>(std::move(store));
  }
  auto peak_bytes() const -> std::uint64_t { return below.peak_bytes() + layer.peak_bytes(); }
};

template <class S, blockstore_layer L>
  requires(any_blockstore<S> && !std::is_lvalue_reference_v<S> && L::template takes<S>)
auto operator|(S&& store, L layer) {
  return layer.wrap(std::move(store));
}

template <blockstore_part P, blockstore_layer L>
  requires(L::template takes<detail::store_of_part<P>>)
constexpr auto operator|(P part, L layer) -> layered_part<P, L> {
  return {std::move(part), std::move(layer)};
}

// What reads wrong does not compile; both compilers print the line with its advice.
template <blockstore_layer L, class S>
  requires(any_blockstore<std::remove_cvref_t<S>> || blockstore_part<std::remove_cvref_t<S>>)
auto operator|(L, S&&) = delete;  // a layer stands behind its store: store | verified

template <blockstore_layer A, blockstore_layer B>
auto operator|(A, B) = delete;  // a stack of layers begins with a store: store | verified | cached(1024)

template <any_blockstore S, blockstore_layer L>
  requires(L::template takes<S>)
auto operator|(S&, L) = delete;  // a layer owns its store: std::move(store) | verified

template <class S, blockstore_layer L>
  requires(raw_blockstore<std::remove_cvref_t<S>> && !L::template takes<std::remove_cvref_t<S>>)
auto operator|(S&&, L) = delete;  // what an engine on a disk gives is unchecked: put verified before this layer

template <blockstore_part P, blockstore_layer L>
  requires(raw_blockstore<detail::store_of_part<P>> && !L::template takes<detail::store_of_part<P>>)
auto operator|(P, L) = delete;  // what an engine on a disk gives is unchecked: put verified before this layer

template <class S, blockstore_layer L>
  requires(blockstore<std::remove_cvref_t<S>> && !L::template takes<std::remove_cvref_t<S>>)
auto operator|(S&&, L) = delete;  // this store checks its blocks already: leave verified out

template <blockstore_part P, blockstore_layer L>
  requires(blockstore<detail::store_of_part<P>> && !L::template takes<detail::store_of_part<P>>)
auto operator|(P, L) = delete;  // this store checks its blocks already: leave verified out

}  // namespace cairn
