#pragma once

#include <cairn/crypto/hash.hpp>

#include <algorithm>
#include <iterator>

namespace cairn {

namespace detail {
inline constexpr hash_info hash_rows[]{{code::identity, "identity", 0}, {code::sha2_256, "sha2-256", 32}};
}

CAIRN_DECL auto hash_functions() -> std::span<hash_info const> { return detail::hash_rows; }

CAIRN_DECL auto hash_bytes(std::uint64_t code, bytes_view data, std::size_t digest_size) -> result<multihash, multihash_errc> {
  if (code == code::identity) return multihash::wrap(code, data);
  if (code != code::sha2_256) return std::unexpected(multihash_errc::unknown_hash);
  if (digest_size > 32) return std::unexpected(multihash_errc::bad_length);
  auto const full = sha256(data);
  return multihash::wrap(code, bytes_view{full}.first(digest_size == 0 ? 32 : digest_size));
}

}  // namespace cairn
