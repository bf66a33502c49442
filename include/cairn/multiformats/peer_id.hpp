#pragma once

#include <cairn/crypto/key.hpp>
#include <cairn/multiformats/cid.hpp>

#include <optional>

namespace cairn {

/// Why octets or a text are not a peer id.
enum class peer_id_errc : byte {
  bad_multihash = 1,  ///< not a multihash
  bad_hash,           ///< the multihash is neither identity of a key nor 32 bytes of sha2-256      (libp2p peer-ids)
  bad_text,           ///< neither base58btc of a multihash nor a CID                               (libp2p peer-ids, "Decoding")
  not_a_libp2p_key,   ///< the codec of the CID is not libp2p-key                                   (RFC 0001)
  no_inlined_key,     ///< the id is a hash: the public key is not in it
  bad_key,            ///< the inlined public key is none
};

template <>
struct errc_traits<peer_id_errc> {
  static constexpr std::string_view module = "peer_id";
  static constexpr auto describe(peer_id_errc e) -> std::string_view {
    switch (e) {
      case peer_id_errc::bad_multihash: return "peer id: not a multihash";
      case peer_id_errc::bad_hash: return "peer id: neither an inlined key nor a 32-byte sha2-256";
      case peer_id_errc::bad_text: return "peer id: neither base58 of a multihash nor a CID";
      case peer_id_errc::not_a_libp2p_key: return "peer id: the codec of the CID is not libp2p-key";
      case peer_id_errc::no_inlined_key: return "peer id: the public key is not in it, only its hash";
      case peer_id_errc::bad_key: return "peer id: the inlined public key is not valid";
    }
    return "peer id: unknown error";
  }
};

/// Who a peer is: the multihash of its public key's protobuf, the key itself (identity) where that is at most 42 octets long.
///
/// spec      libp2p/specs peer-ids
class peer_id {
public:
  /// errors    bad_hash
  CAIRN_DECL static auto make(multihash const& h) -> result<peer_id, peer_id_errc>;

  /// Total: every key has one id.
  CAIRN_DECL static auto of(public_key const& key) -> peer_id;

  auto hash() const -> multihash const& { return hash_; }

  /// The key that the id holds, where it holds one (Ed25519, Secp256k1).
  ///
  /// errors    no_inlined_key · bad_key
  CAIRN_DECL auto inlined_key() const -> result<public_key, peer_id_errc>;

  /// Whether this is the key's id. An old id that hashes a short key is the same peer's too (IX-14).
  CAIRN_DECL auto is_of(public_key const& key) const -> bool;

  friend auto operator==(peer_id const& a, peer_id const& b) -> bool { return a.hash_ == b.hash_; }
  friend auto operator<=>(peer_id const& a, peer_id const& b) -> std::strong_ordering { return a.hash_ <=> b.hash_; }

private:
  explicit peer_id(multihash const& h) : hash_{h} {}

  multihash hash_;
};

/// errors    bad_multihash · bad_hash
CAIRN_DECL auto decode_peer_id(bytes_view in) -> result<peer_id, peer_id_errc>;
CAIRN_DECL auto to_bytes(peer_id const& p) -> bytes;

/// Any text form: base58btc of the multihash ("12D3...", "Qm..."), or a CIDv1 with codec libp2p-key in any base (IX-15).
///
/// errors    bad_text · not_a_libp2p_key · bad_hash
CAIRN_DECL auto parse_peer_id(std::string_view text) -> result<peer_id, peer_id_errc>;

/// base58btc: what is printed by default.
CAIRN_DECL auto to_string(peer_id const& p) -> std::string;

/// The id as a CID with codec libp2p-key.
CAIRN_DECL auto to_cid(peer_id const& p) -> cid;

/// An IPNS name as it is written by default: the CID in base36 ("k51...").
CAIRN_DECL auto to_ipns_name(peer_id const& p) -> std::string;

}  // namespace cairn

template <>
struct std::hash<cairn::peer_id> {
  auto operator()(cairn::peer_id const& p) const -> std::size_t { return std::hash<cairn::multihash>{}(p.hash()); }
};

#if CAIRN_HEADER_ONLY
#  include <cairn/multiformats/impl/peer_id.ipp>
#endif
