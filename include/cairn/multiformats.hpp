#pragma once
// Identity: names for bases, codecs, hashes, content, keys, peers and addresses.
#include <cairn/multiformats/base_of.hpp>
#include <cairn/multiformats/cid.hpp>
#include <cairn/multiformats/cid_prefix.hpp>
#include <cairn/multiformats/codes.hpp>
#include <cairn/multiformats/multiaddr.hpp>
#include <cairn/multiformats/multiaddr_protocol.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/multiformats/multicodec.hpp>
#include <cairn/multiformats/multicodec_overlay.hpp>
#include <cairn/multiformats/multicodec_table.hpp>
#include <cairn/multiformats/multihash.hpp>
#include <cairn/multiformats/multihash_set.hpp>
#include <cairn/multiformats/multikey.hpp>
#include <cairn/multiformats/peer_id.hpp>
