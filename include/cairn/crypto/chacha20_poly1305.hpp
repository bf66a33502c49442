#pragma once

#include <cairn/crypto/aead.hpp>

namespace cairn {

/// ChaCha20-Poly1305 under one key (RFC 8439).
class chacha20_poly1305 : public aead {
public:
  static constexpr std::size_t key_size = 32;

  /// key       exactly [32]
  explicit chacha20_poly1305(bytes_view key) : aead{aead_kind::chacha20_poly1305, key} {}
};

}  // namespace cairn
