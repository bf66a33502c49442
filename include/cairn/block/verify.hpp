#pragma once

#include <cairn/block/block.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/crypto/hash.hpp>

#include <vector>
#include <cairn/multiformats/cid_prefix.hpp>

namespace cairn {

/// Why bytes are not the block of a CID.
enum class block_errc : byte {
  hash_mismatch = 1,  ///< the hash of the bytes differs from the CID's
  unknown_hash,       ///< the CID's hash function is not composed in
  digest_too_short,   ///< digests below 20 bytes are not trusted, but identity's      (Boxo verifcid)
  not_found,          ///< no such block here
};

template <>
struct errc_traits<block_errc> {
  static constexpr std::string_view module = "block";
  static constexpr auto describe(block_errc e) -> std::string_view {
    switch (e) {
      case block_errc::hash_mismatch: return "block: the hash of the bytes differs from the CID's";
      case block_errc::unknown_hash: return "block: unknown hash function";
      case block_errc::digest_too_short: return "block: digest below 20 bytes";
      case block_errc::not_found: return "block not found";
    }
    return "block: unknown error";
  }
};

/// Whether `data` hashes to the CID's digest; a truncated digest is checked by its prefix (IX-09).
///
/// errors    hash_mismatch · unknown_hash · digest_too_short
CAIRN_DECL auto check(cid const& id, bytes_view data) -> result<void, block_errc>;

/// Bytes become a block.
///
/// errors    those of check
CAIRN_DECL auto verify(unverified_block b) -> result<block, block_errc>;

/// Many at once, as a store reads them: several sha2-256 are computed side by side in one core.
///
/// errors    those of check, of the first that fails
CAIRN_DECL auto verify_many(std::vector<unverified_block> in) -> result<std::vector<block>, block_errc>;

/// Borrowed bytes become a borrowed block.
CAIRN_DECL auto verify_view(cid const& id, bytes_view data) -> result<block_view, block_errc>;

/// The CID of bytes. A version 0 prefix that is not dag-pb with sha2-256 is an error.
CAIRN_DECL auto hash_cid(cid_prefix const& prefix, bytes_view data) -> io_result<cid>;

/// Name new bytes: the other way to make a block.
CAIRN_DECL auto hash_block(cid_prefix const& prefix, buffer data) -> io_result<block>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/block/impl/verify.ipp>
#endif
