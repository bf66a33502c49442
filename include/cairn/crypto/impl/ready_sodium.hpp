#pragma once

#include <cstdlib>

#include <sodium.h>

namespace cairn::detail {

inline void ready_sodium() {
  static auto const ready = ::sodium_init();
  if (ready < 0) std::abort();  // no source of randomness
}

}  // namespace cairn::detail
