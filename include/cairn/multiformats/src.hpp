#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/multiformats/impl/cid.ipp>
#include <cairn/multiformats/impl/multiaddr.ipp>
#include <cairn/multiformats/impl/multiaddr_protocol.ipp>
#include <cairn/multiformats/impl/multibase.ipp>
#include <cairn/multiformats/impl/multicodec_overlay.ipp>
#include <cairn/multiformats/impl/multikey.ipp>
#include <cairn/multiformats/impl/peer_id.ipp>
