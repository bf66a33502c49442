#pragma once

#include <cairn/crypto/random.hpp>

#include <cstdlib>

#include <unistd.h>

namespace cairn {

CAIRN_DECL auto random_source::system() -> random_source {
  return {nullptr, [](void*, bytes_span out) {
            while (!out.empty()) {
              auto const part = out.first(out.size() < 256 ? out.size() : 256);  // getentropy's limit
              if (::getentropy(part.data(), part.size()) != 0) std::abort();     // a kernel without randomness: no key may be made
              out = out.subspan(part.size());
            }
          }};
}

}  // namespace cairn
