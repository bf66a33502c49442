#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/result.hpp>
#include <cairn/crypto/key_error.hpp>
#include <cairn/crypto/secret.hpp>

namespace cairn {

/// The public key of a secret one (RFC 7748).
///
/// secret    exactly [32]
CAIRN_DECL auto x25519_public(bytes_view secret) -> digest<32>;

/// What both sides of an exchange get.
///
/// errors    wrong_length · not_on_curve: the other's point is of low order, the result would be known to all
CAIRN_DECL auto x25519(bytes_view secret, bytes_view other) -> result<secret_bytes, key_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/x25519.ipp>
#endif
