#pragma once

#include <cstdint>

namespace cairn {

/// Nanoseconds since some moment, never backwards. Nothing below the running tiers reads a clock: who wants something measured
/// hands one in.
using steady_nanoseconds = std::int64_t (*)();

}  // namespace cairn
