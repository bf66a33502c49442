#pragma once

#include <cairn/node/node.hpp>

#include <string>
#include <vector>

namespace cairn {

/// What a recipe is made of, for people and for generated pages: the type is the documentation.
struct manifest_of_node {
  std::vector<std::string> codecs, hashes;
  std::string blocks, host, exchange, routing;
  std::uint64_t peak_bytes = 0;
};

namespace detail {
template <class P>
auto peak_of(P const& p) -> std::uint64_t {
  if constexpr (requires { p.peak_bytes(); })
    return p.peak_bytes();
  else
    return 0;
}

template <class P>
auto described(P const& p) -> std::string {
  if constexpr (requires { p.describe(); })
    return p.describe();
  else
    return std::string{P::name};
}
}  // namespace detail

/// What the node itself holds beside its parts while one operation runs: four batches of 2 MiB of a CAR, or the 6 MiB of an
/// importer, or twice the read-ahead of a walk with its CIDs, and what the C library keeps of freed memory.
inline constexpr std::uint64_t node_working_bytes = 20 * limits::MiB;

/// The most memory that a node of this recipe holds at once, in bytes: the sum of its parts' bounds and of what its own
/// operations hold, one at a time.
template <class... Roles>
auto peak_bytes(node<Roles...> const& recipe) -> std::uint64_t {
  return node_working_bytes + detail::peak_of(recipe.blocks) + detail::peak_of(recipe.host) + detail::peak_of(recipe.exchange) +
         detail::peak_of(recipe.routing);
}

/// Lists codecs, hashes, stores, roles and the memory bound of a recipe.
template <class Codecs, class Hashes, class... Roles>
auto manifest(node<Codecs, Hashes, Roles...> const& recipe) -> manifest_of_node {
  auto m = manifest_of_node{};
  for (auto const& row : Codecs::rows) m.codecs.emplace_back(row.name);
  for (auto const& name : Hashes::names) m.hashes.emplace_back(name);
  m.blocks = detail::described(recipe.blocks);
  m.host = detail::described(recipe.host);
  m.exchange = detail::described(recipe.exchange);
  m.routing = detail::described(recipe.routing);
  m.peak_bytes = peak_bytes(recipe);
  return m;
}

/// Lines of "role: parts".
inline auto to_string(manifest_of_node const& m) -> std::string {
  auto const joined = [](std::vector<std::string> const& names) {
    auto out = std::string{};
    for (auto const& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
  };
  return "codecs: " + joined(m.codecs) + "\nhashes: " + joined(m.hashes) + "\nblocks: " + m.blocks + "\nhost: " + m.host +
         "\nexchange: " + m.exchange + "\nrouting: " + m.routing + "\npeak: " + std::to_string(m.peak_bytes / limits::MiB) + " MiB\n";
}

}  // namespace cairn
