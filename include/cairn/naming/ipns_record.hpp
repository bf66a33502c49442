#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/utc_time.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/ipld/path.hpp>
#include <cairn/multiformats/peer_id.hpp>
#include <cairn/naming/ipns_errc.hpp>

#include <optional>
#include <span>
#include <string>

namespace cairn {

/// A signed statement "this name is that path", decoded; nothing of it is to be believed before `validate`.
///
/// What the fields say is read from the signed data (DAG-CBOR), never from the protobuf's own copies.
/// spec      IPNS Record
struct ipns_record {
  bytes value;                    ///< octets of a path; old writers put a binary CID there
  std::string validity;           ///< RFC 3339, opaque: kept as it was written
  std::uint64_t validity_type = 0;
  std::uint64_t sequence = 0;
  std::int64_t ttl = 0;           ///< nanoseconds

  bytes signature_v1, signature_v2, data, public_key;
  bool twins_differ = false;      ///< a protobuf field is not what the data says
  std::size_t size = 0;           ///< bytes of the whole

  /// When it ends. errors: unknown_validity · bad_validity
  CAIRN_DECL auto end_of_life() const -> result<utc_time, ipns_errc>;
  /// What the name is. An empty value is an empty file, a binary CID its path (Boxo does so for old records).
  /// errors    bad_value
  CAIRN_DECL auto path() const -> result<content_path, ipns_errc>;
  /// How long a reader may keep it: its TTL, not below zero and not beyond its end.
  CAIRN_DECL auto time_to_live(utc_time now) const -> std::int64_t;
};

/// A whole record.
///
/// errors    too_big · no_protobuf · malformed · no_data
/// cost      O(in.size()) time; what is kept is at most the input
CAIRN_DECL auto decode_ipns_record(bytes_view in) -> result<ipns_record, ipns_errc>;

/// Whether the record is this name's and still holds. Only signatureV2 counts.
///
/// errors    no_public_key · bad_public_key · other_public_key · bad_signature · not_the_same · negative_ttl ·
///           unknown_validity · bad_validity · expired
[[nodiscard]] CAIRN_DECL auto validate(ipns_record const& record, peer_id const& name, utc_time now) -> result<void, ipns_errc>;

/// Which of two valid records is the better one: more of sequence, then a later end; 0 where that does not tell.
CAIRN_DECL auto compare(ipns_record const& a, ipns_record const& b) -> int;

/// The place of the best record; nothing where none is one. Equal ones are told apart by their octets, the same everywhere.
CAIRN_DECL auto select_ipns_record(std::span<bytes_view const> records) -> std::optional<std::size_t>;

struct ipns_record_options {
  std::uint64_t sequence = 0;
  utc_time end_of_life{};
  std::int64_t ttl = 300'000'000'000;  ///< five minutes in nanoseconds; below zero it is zero
  bool v1_compatible = true;           ///< with signatureV1 and the fields that old readers want
};

/// A record in its encoding. RSA and ECDSA names carry their public key, which the name does not hold.
///
/// errors    too_big · provider_failed as bad_signature
CAIRN_DECL auto make_ipns_record(private_key const& key, std::string_view value, ipns_record_options const& options) -> result<bytes, ipns_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/naming/impl/ipns_record.ipp>
#endif
