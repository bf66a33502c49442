#pragma once
// Hash functions, keys, signatures.
#include <cairn/crypto/der.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/hash_info.hpp>
#include <cairn/crypto/hash_set.hpp>
#include <cairn/crypto/hash_types.hpp>
#include <cairn/crypto/hasher.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/crypto/key_error.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/crypto/multikey_forms.hpp>
#include <cairn/crypto/pkcs8.hpp>
#include <cairn/crypto/random.hpp>
#include <cairn/crypto/secret.hpp>
#include <cairn/crypto/signature_schemes.hpp>
