#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>

namespace cairn {

/// HMAC with SHA-256 (RFC 2104); keys of any size.
CAIRN_DECL auto hmac_sha256(bytes_view key, bytes_view message) -> digest<32>;

/// HKDF with SHA-256 (RFC 5869): fills `out`, at most 255 * 32 octets.
CAIRN_DECL void hkdf_sha256(bytes_view salt, bytes_view secret, bytes_view info, bytes_span out);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/hkdf.ipp>
#endif
