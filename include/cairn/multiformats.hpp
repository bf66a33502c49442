#pragma once
// Identity: names for bases, codecs, hashes, content, keys, peers and addresses.
#include <cairn/multiformats/cid.hpp>
#include <cairn/multiformats/codes.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/multiformats/multihash.hpp>
