#pragma once

#include <cairn/crypto/aead.hpp>

namespace cairn {

/// The mask that hides the head of a QUIC packet (RFC 9001, 5.4): AES-128 or ChaCha20 under one key.
class header_mask {
public:
  static constexpr std::size_t sample_size = 16, mask_size = 5;

  /// kind      the suite's AEAD
  /// key       exactly [aead::key_size_of(kind)]
  CAIRN_DECL header_mask(aead_kind kind, bytes_view key);
  header_mask(header_mask&& other) noexcept : state_{std::exchange(other.state_, nullptr)} {}
  auto operator=(header_mask&& other) noexcept -> header_mask& { std::swap(state_, other.state_); return *this; }
  CAIRN_DECL ~header_mask();

  /// sample    exactly [16]
  /// out       room for 16
  CAIRN_DECL void make(byte const* sample, byte* out);

private:
  void* state_;  // the provider's
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/header_mask.ipp>
#endif
