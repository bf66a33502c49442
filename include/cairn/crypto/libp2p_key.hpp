#pragma once

#include <cairn/crypto/key.hpp>

namespace cairn {

/// libp2p's protobuf of a key: {Type = 1: varint, Data = 2: bytes}, in that order and nothing else, as the octets are hashed.
/// It is what peer ids are made of, what `Identity.PrivKey` holds in base64, and what a key file of the keystore is.
///
/// spec      libp2p/specs peer-ids
CAIRN_DECL auto encode_libp2p_key(public_key const& key) -> bytes;
CAIRN_DECL auto encode_libp2p_key(private_key const& key) -> secret_bytes;

/// errors    bad_protobuf · those of public_key::make
CAIRN_DECL auto decode_libp2p_public_key(bytes_view in) -> result<public_key, key_errc>;

/// errors    bad_protobuf · those of private_key::make
CAIRN_DECL auto decode_libp2p_private_key(bytes_view in) -> result<private_key, key_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/libp2p_key.ipp>
#endif
