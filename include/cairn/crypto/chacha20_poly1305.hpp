#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>

#include <utility>

namespace cairn {

/// ChaCha20-Poly1305 under one key (RFC 8439).
///
/// cost      the key is set up once; a message costs no allocation. 3.4 GB/s from 16 KiB messages on, by OpenSSL
class chacha20_poly1305 {
public:
  static constexpr std::size_t key_size = 32, nonce_size = 12, tag_size = 16;

  /// key       exactly [32]
  CAIRN_DECL explicit chacha20_poly1305(bytes_view key);
  chacha20_poly1305(chacha20_poly1305&& other) noexcept : state_{std::exchange(other.state_, nullptr)} {}
  auto operator=(chacha20_poly1305&& other) noexcept -> chacha20_poly1305& { std::swap(state_, other.state_); return *this; }
  CAIRN_DECL ~chacha20_poly1305();

  /// Encrypt `in` to `out`, which has room for in.size() + 16; both may begin at the same place.
  ///
  /// nonce     exactly [12]
  CAIRN_DECL void seal(bytes_view nonce, bytes_view associated, bytes_view in, byte* out);

  /// Decrypt `in` (cipher text and tag) to `out`, which has room for in.size() - 16; both may begin at the same place.
  /// False: forged, and what stands in `out` means nothing.
  [[nodiscard]] CAIRN_DECL auto open(bytes_view nonce, bytes_view associated, bytes_view in, byte* out) -> bool;

private:
  void* state_;  // the provider's
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/chacha20_poly1305.ipp>
#endif
