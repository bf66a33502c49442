#pragma once

#include <string_view>

namespace cairn {

/// An omitted role: nothing is composed, nothing is paid.
struct none {
  static constexpr std::string_view name = "none";
};

template <class Codecs, class Hashes, class Blocks, class Host, class Exchange, class Routing>
struct node;

}  // namespace cairn
