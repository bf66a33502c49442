#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/crypto/impl/ecdsa.ipp>
#include <cairn/crypto/impl/ed25519.ipp>
#include <cairn/crypto/impl/hash.ipp>
#include <cairn/crypto/impl/hash_types.ipp>
#include <cairn/crypto/impl/hasher.ipp>
#include <cairn/crypto/impl/key.ipp>
#include <cairn/crypto/impl/libp2p_key.ipp>
#include <cairn/crypto/impl/multikey_forms.ipp>
#include <cairn/crypto/impl/pkcs8.ipp>
#include <cairn/crypto/impl/random.ipp>
#include <cairn/crypto/impl/rsa.ipp>
#include <cairn/crypto/impl/secp256k1.ipp>
#include <cairn/crypto/impl/secret.ipp>
#include <cairn/crypto/impl/sha256.ipp>
