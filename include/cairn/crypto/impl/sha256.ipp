#pragma once

#include <cairn/crypto/impl/sha256.hpp>

namespace cairn {

CAIRN_DECL auto sha256(bytes_view data) -> digest<32> { return detail::sha256_on(data, detail::this_crypto_cpu()); }

CAIRN_DECL void sha256_many(std::span<bytes_view const> in, digest<32>* out) { detail::sha256_many_on(in, out, detail::this_crypto_cpu()); }

}  // namespace cairn
