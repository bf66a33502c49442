#pragma once
// Hash functions, keys, signatures.
#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/hash_info.hpp>
#include <cairn/crypto/hash_set.hpp>
#include <cairn/crypto/hash_types.hpp>
#include <cairn/crypto/hasher.hpp>
