#pragma once

#include <cairn/core/try.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/multiformats/peer_id.hpp>

namespace cairn {

namespace detail {
inline constexpr std::size_t inlined_key_size = 42;  // libp2p peer-ids: longer keys are hashed
}

CAIRN_DECL auto peer_id::make(multihash const& h) -> result<peer_id, peer_id_errc> {
  auto const size = h.digest().size();
  auto const hashed = h.code() == code::sha2_256 && size == 32;
  auto const inlined = h.code() == code::identity && size > 0 && size <= detail::inlined_key_size;
  if (!hashed && !inlined) return std::unexpected(peer_id_errc::bad_hash);
  return peer_id{h};
}

CAIRN_DECL auto peer_id::of(public_key const& key) -> peer_id {
  auto const octets = encode_libp2p_key(key);
  if (octets.size() <= detail::inlined_key_size) return peer_id{*multihash::wrap(code::identity, octets)};
  return peer_id{multihash::of(code::sha2_256, sha256(octets))};
}

CAIRN_DECL auto peer_id::inlined_key() const -> result<public_key, peer_id_errc> {
  if (hash_.code() != code::identity) return std::unexpected(peer_id_errc::no_inlined_key);
  return replace_error(decode_libp2p_public_key(hash_.digest()), peer_id_errc::bad_key);
}

CAIRN_DECL auto peer_id::is_of(public_key const& key) const -> bool {
  auto const octets = encode_libp2p_key(key);
  if (hash_.code() == code::identity) return equal(hash_.digest(), octets);
  return equal(hash_.digest(), sha256(octets));
}

CAIRN_DECL auto decode_peer_id(bytes_view in) -> result<peer_id, peer_id_errc> {
  auto const h = decode_multihash(in);
  if (!h) return std::unexpected(peer_id_errc::bad_multihash);
  return peer_id::make(*h);
}

CAIRN_DECL auto to_bytes(peer_id const& p) -> bytes { return to_bytes(p.hash()); }

CAIRN_DECL auto parse_peer_id(std::string_view text) -> result<peer_id, peer_id_errc> {
  if (text.size() < 2 || text.size() > 512) return std::unexpected(peer_id_errc::bad_text);
  if (text.starts_with("1") || text.starts_with("Qm")) {
    auto const raw = decode_base(multibase::base58btc, text);
    if (!raw) return std::unexpected(peer_id_errc::bad_text);
    auto const p = decode_peer_id(*raw);
    if (!p && p.error() == peer_id_errc::bad_multihash) return std::unexpected(peer_id_errc::bad_text);
    return p;
  }
  auto const c = parse_cid(text);
  if (!c) return std::unexpected(peer_id_errc::bad_text);
  if (c->codec() != code::libp2p_key) return std::unexpected(peer_id_errc::not_a_libp2p_key);
  return peer_id::make(c->hash());
}

CAIRN_DECL auto to_string(peer_id const& p) -> std::string { return encode_base(multibase::base58btc, to_bytes(p)); }

CAIRN_DECL auto to_cid(peer_id const& p) -> cid { return cid::v1(code::libp2p_key, p.hash()); }

CAIRN_DECL auto to_ipns_name(peer_id const& p) -> std::string { return *to_string(to_cid(p), multibase::base36); }

}  // namespace cairn
