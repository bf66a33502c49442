#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why bytes are not an IPNS record, or a record is not valid for a name. The sentences are those that Boxo's users see.
enum class ipns_errc : byte {
  too_big = 1,           ///< a record has at most 10 KiB                              (IPNS Record, "Record Size Limit")
  no_protobuf,           ///< not the protobuf IpnsEntry
  malformed,             ///< the field data is no map of the signed keys
  no_data,               ///< V1 records, without the field data, are refused          (IPNS Record, "Record Verification" 2)
  bad_signature,         ///< signatureV2 is not the key's, of "ipns-signature:" and the field data
  not_the_same,          ///< a protobuf field differs from its twin in the field data (IPNS Record, "Record Verification" 6)
  unknown_validity,      ///< the validity type is not 0, EOL
  bad_validity,          ///< the validity is no RFC 3339 time
  expired,               ///< the time of validity has passed
  negative_ttl,          ///< a TTL below zero
  no_public_key,         ///< the name is a hash, and the record has no public key
  bad_public_key,        ///< the public key in the record is none
  other_public_key,      ///< the public key in the record is not the name's
  bad_value,             ///< the value is no content path
  sequence_exhausted,    ///< there is no sequence number above the current one
};

template <>
struct errc_traits<ipns_errc> {
  static constexpr std::string_view module = "ipns";
  static constexpr auto describe(ipns_errc e) -> std::string_view {
    switch (e) {
      case ipns_errc::too_big: return "record exceeds allowed size limit";
      case ipns_errc::no_protobuf: return "record is malformed\nproto: cannot parse invalid wire-format data";
      case ipns_errc::malformed: return "record is malformed";
      case ipns_errc::no_data: return "record is malformed\nrecord is missing the dag-cbor data field";
      case ipns_errc::bad_signature: return "signature verification failed";
      case ipns_errc::not_the_same: return "record is malformed: a field of the protobuf differs from the signed data";
      case ipns_errc::unknown_validity: return "record contains an unrecognized validity type";
      case ipns_errc::bad_validity: return "record contains an invalid validity";
      case ipns_errc::expired: return "record is expired";
      case ipns_errc::negative_ttl: return "record is malformed: negative TTL";
      case ipns_errc::no_public_key: return "public key not found";
      case ipns_errc::bad_public_key: return "public key is invalid";
      case ipns_errc::other_public_key: return "public key in record did not match expected public key";
      case ipns_errc::bad_value: return "value is not a valid content path";
      case ipns_errc::sequence_exhausted: return "the sequence number of the name has reached its end: no other value can be published under it";
    }
    return "ipns: unknown error";
  }
};

}  // namespace cairn
