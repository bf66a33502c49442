#pragma once
// The areas that this program knows.
//
// To add the area "foo":
//   1. write `foo.cpp` beside this file: a function `auto foo_area() -> area` in namespace conformance, returning
//        {"foo", run, expand, required}
//      `run(test_case const&) -> answer` looks at `c.op`, does it with the library and compares;
//      `expand(foreign_file const&) -> std::vector<json::object>` (or nullptr) turns a file of cases that is not in the format
//      "ipfs-vectors/1" into cases: one object per case with "id", "op", the inputs, and "status" where it has one;
//      files in the format need nothing. An op that cannot be run yet answers `unsupported("why")`.
//   2. declare `foo_area` below and add it to `all_areas` in areas.cpp. The file itself is globbed.
// With `required` (the default) the program fails when fewer cases of the area ran than the index counts.
// A runner never throws on a case's data but by way of `test_case`'s readers, and never answers from the case's id.

#include "case.hpp"

namespace conformance {

struct area {
  std::string_view name;
  auto (*run)(test_case const&) -> answer;
  auto (*expand)(foreign_file const&) -> std::vector<json::object> = nullptr;
  bool required = true;
};

auto car_area() -> area;
auto chunker_area() -> area;
auto cid_area() -> area;
auto codec_cross_area() -> area;
auto codec_dag_cbor_area() -> area;
auto codec_dag_json_area() -> area;
auto codec_dag_pb_area() -> area;
auto codec_negative_area() -> area;
auto crypto_area() -> area;
auto dag_jose_area() -> area;
auto dasl_area() -> area;
auto denylist_area() -> area;
auto dnslink_area() -> area;
auto gateway_area() -> area;
auto hamt_area() -> area;
auto ipns_area() -> area;
auto libp2p_tls_area() -> area;
auto multiaddr_area() -> area;
auto multibase_area() -> area;
auto multicodec_area() -> area;
auto multihash_area() -> area;
auto multikey_area() -> area;
auto noise_area() -> area;
auto patch_area() -> area;
auto paths_area() -> area;
auto peer_id_area() -> area;
auto routing_http_area() -> area;
auto schema_area() -> area;
auto selectors_area() -> area;
auto signed_records_area() -> area;
auto unixfs_area() -> area;
auto varint_area() -> area;

/// The operations of "crypto" that secure channels are made of; crypto.cpp gives it what it does not know.
auto run_crypto_exchange(test_case const& c) -> answer;

auto all_areas() -> std::vector<area>;

}  // namespace conformance
