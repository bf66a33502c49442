#pragma once
// The smallest model of the concept: what generic code may rely on, and nothing more.

#include <cairn/concept/chunker.hpp>

namespace cairn::archetypes {

/// Cuts behind every newline.
struct chunker {
  auto max_size() const -> std::size_t { return 1024; }
  auto cut(bytes_view rest) const -> std::size_t {
    for (std::size_t i = 0; i < rest.size() && i < max_size(); ++i)
      if (rest[i] == '\n') return i + 1;
    return rest.size() < max_size() ? rest.size() : max_size();
  }
};

static_assert(cairn::chunker<chunker>);

}  // namespace cairn::archetypes
