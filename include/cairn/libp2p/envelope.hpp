#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/multiformats/multiaddr.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <span>
#include <vector>

namespace cairn {

/// Why octets are not a signed envelope, or not a peer record.
enum class envelope_errc : byte {
  bad_protobuf = 1,  ///< not the message Envelope, or not PeerRecord               (RFC 0002, RFC 0003)
  bad_key,           ///< public_key is none                                        (RFC 0002, "Wire Format")
  bad_signature,     ///< the signature is not of domain, type and payload          (RFC 0002, "Signature Production / Verification")
  wrong_type,        ///< payload_type is not that of a peer record, 0x0301         (RFC 0003)
  wrong_peer,        ///< the record is about another peer than the one that signed (RFC 0003)
  too_many,          ///< more addresses than a peer may have here                  (SEC-16)
  cannot_sign,       ///< the key refused to sign
};

template <>
struct errc_traits<envelope_errc> {
  static constexpr std::string_view module = "envelope";
  static constexpr auto describe(envelope_errc e) -> std::string_view {
    switch (e) {
      case envelope_errc::bad_protobuf: return "envelope: not the expected protobuf";
      case envelope_errc::bad_key: return "envelope: the public key is not valid";
      case envelope_errc::bad_signature: return "envelope: the signature is wrong";
      case envelope_errc::wrong_type: return "envelope: the payload is of another type";
      case envelope_errc::wrong_peer: return "envelope: the record is about another peer than its signer";
      case envelope_errc::too_many: return "envelope: more addresses than a peer may have";
      case envelope_errc::cannot_sign: return "envelope: the key did not sign";
    }
    return "envelope: unknown error";
  }
};

/// A payload whose signature was checked. Only `open_envelope` makes one.
class opened_envelope {
public:
  auto signer() const -> public_key const& { return signer_; }
  auto payload_type() const -> bytes_view { return type_; }
  auto payload() const -> bytes_view { return payload_; }

private:
  friend auto open_envelope(bytes_view in, std::string_view domain) -> result<opened_envelope, envelope_errc>;
  opened_envelope(public_key signer, bytes type, bytes payload)
      : signer_{std::move(signer)}, type_{std::move(type)}, payload_{std::move(payload)} {}

  public_key signer_;
  bytes type_, payload_;
};

/// errors    bad_protobuf · bad_key · bad_signature
/// spec      libp2p/specs RFC 0002
[[nodiscard]] CAIRN_DECL auto open_envelope(bytes_view in, std::string_view domain) -> result<opened_envelope, envelope_errc>;

/// errors    cannot_sign
CAIRN_DECL auto seal_envelope(private_key const& key, std::string_view domain, bytes_view payload_type, bytes_view payload)
    -> result<bytes, envelope_errc>;

/// Where a peer says that it is. The newest `seq` counts.
struct peer_record {
  static constexpr std::string_view domain = "libp2p-peer-record";
  static constexpr byte payload_type[]{0x03, 0x01};
  static constexpr std::size_t max_addresses = 256;

  peer_id peer;
  std::uint64_t seq = 0;
  std::vector<multiaddr> addresses{};

  friend auto operator==(peer_record const&, peer_record const&) -> bool = default;
};

/// The payload of an envelope. Addresses that are empty or that cannot be read are left out (IX-17).
///
/// errors    bad_protobuf · too_many
CAIRN_DECL auto decode_peer_record(bytes_view in) -> result<peer_record, envelope_errc>;
CAIRN_DECL auto encode_peer_record(peer_record const& r) -> bytes;

/// A peer record in its envelope, of its own signer (IX-16).
///
/// errors    those of open_envelope and decode_peer_record · wrong_type · wrong_peer
[[nodiscard]] CAIRN_DECL auto open_peer_record(bytes_view in) -> result<peer_record, envelope_errc>;

/// errors    cannot_sign
CAIRN_DECL auto seal_peer_record(private_key const& key, std::uint64_t seq, std::vector<multiaddr> addresses) -> result<bytes, envelope_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/envelope.ipp>
#endif
