#pragma once

#include <cairn/core/config.hpp>
#include <cairn/crypto/hash_info.hpp>
#include <cairn/multiformats/codes.hpp>
#include <cairn/multiformats/multihash.hpp>

#include <array>
#include <span>

namespace cairn {

/// All hash functions of this build, by code.
CAIRN_DECL auto hash_functions() -> std::span<hash_info const>;

/// The row of one code, or nothing.
///
/// cost      constant
CAIRN_DECL auto find_hash(std::uint64_t code) -> hash_info const*;

/// Hash by code, through a flat table.
///
/// digest_size  0: the function's own size; smaller: truncated; larger: only SHAKE and BLAKE3 can; identity ignores it
/// errors       unknown_hash · bad_length · digest_too_long
/// cost         no allocation
CAIRN_DECL auto hash_bytes(std::uint64_t code, bytes_view data, std::size_t digest_size = 0) -> result<multihash, multihash_errc>;

/// SHA-256 of one message.
CAIRN_DECL auto sha256(bytes_view data) -> digest<32>;

/// SHA-256 of independent messages, several at once in one core: `out[i]` is the digest of `in[i]`.
///
/// cost      no allocation; from eleven messages of like size on twice the speed of one at a time (AVX-512), below that 1.3 to 2
///           times (SHA extensions interleaved). Give it many: messages of any size may be mixed
CAIRN_DECL void sha256_many(std::span<bytes_view const> in, digest<32>* out);

/// MurmurHash3 x64-128: the two halves. UnixFS takes the first half of a name's hash, big-endian (IX-23).
CAIRN_DECL auto murmur3_128(bytes_view data, std::uint64_t seed = 0) -> std::array<std::uint64_t, 2>;

/// MurmurHash3 x86-32.
CAIRN_DECL auto murmur3_x86_32(bytes_view data, std::uint32_t seed = 0) -> std::uint32_t;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/hash.ipp>
#  include <cairn/crypto/impl/sha256.ipp>
#endif
