#pragma once

#include <cairn/crypto/secret.hpp>

#include <string.h>

namespace cairn {

CAIRN_DECL void wipe(bytes_span out) {
  if (!out.empty()) ::explicit_bzero(out.data(), out.size());
}

CAIRN_DECL auto equal_in_constant_time(bytes_view a, bytes_view b) -> bool {
  if (a.size() != b.size()) return false;
  byte volatile different = 0;
  for (std::size_t i = 0; i < a.size(); ++i) different = different | (a[i] ^ b[i]);
  return different == 0;
}

}  // namespace cairn
