#pragma once

#include <cairn/crypto/hash.hpp>

namespace cairn {

/// A hash that is fed piece by piece; an inline value, copied with its state.
///
/// size      about 2 KiB
/// cost      no allocation
class hasher {
public:
  /// errors    unknown_hash; identity is no hash that can be fed
  CAIRN_DECL static auto make(std::uint64_t code) -> result<hasher, multihash_errc>;

  CAIRN_DECL void update(bytes_view in);

  /// The digest of all that was fed; the hasher itself may be fed on.
  ///
  /// digest_size  as in hash_bytes
  /// errors       bad_length
  [[nodiscard]] CAIRN_DECL auto finish(std::size_t digest_size = 0) const -> result<multihash, multihash_errc>;

  auto code() const -> std::uint64_t { return code_; }

private:
  hasher() = default;

  std::uint64_t code_ = 0;
  std::size_t row_ = 0;
  alignas(64) byte state_[2048];
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/hasher.ipp>
#endif
