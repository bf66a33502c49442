#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/crypto/secret.hpp>

namespace cairn {

/// The key stream of XSalsa20, mixed into octets in place, from where the last call ended. It hides, it does not prove.
class xsalsa20 {
public:
  static constexpr std::size_t key_size = 32, nonce_size = 24;

  /// key       exactly [32]
  /// nonce     exactly [24], never used twice with one key
  CAIRN_DECL xsalsa20(bytes_view key, bytes_view nonce);

  CAIRN_DECL void mix(bytes_span in_place);

private:
  secret_bytes key_;
  digest<nonce_size> nonce_{};
  std::uint64_t block_ = 0;     // the next block of 64 octets
  digest<64> left_{};           // the last one, of which
  std::size_t unused_ = 0;      // so many octets at its end are not used
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/xsalsa20.ipp>
#endif
