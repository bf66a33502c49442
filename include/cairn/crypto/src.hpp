#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/crypto/impl/hash.ipp>
#include <cairn/crypto/impl/hash_types.ipp>
#include <cairn/crypto/impl/hasher.ipp>
#include <cairn/crypto/impl/sha256.ipp>
