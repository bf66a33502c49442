#pragma once

#include <cairn/core/bytes.hpp>

namespace cairn {

/// How much a decoder forgives. `strict` is the specification. `lax` also reads what deployed nodes wrote and Kubo 0.43
/// accepts, wherever it has one meaning; what would be changed in silence is refused in both.
enum class codec_mode : byte { strict, lax };

}  // namespace cairn
