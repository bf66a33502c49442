#include "areas.hpp"

namespace conformance {

auto all_areas() -> std::vector<area> {
  return {
      car_area(),
      chunker_area(),
      cid_area(),
      codec_cross_area(),
      codec_dag_cbor_area(),
      codec_dag_json_area(),
      codec_dag_pb_area(),
      codec_negative_area(),
      crypto_area(),
      dag_jose_area(),
      dasl_area(),
      denylist_area(),
      dnslink_area(),
      gateway_area(),
      hamt_area(),
      ipns_area(),
      libp2p_tls_area(),
      multiaddr_area(),
      multibase_area(),
      multicodec_area(),
      multihash_area(),
      multikey_area(),
      noise_area(),
      patch_area(),
      paths_area(),
      peer_id_area(),
      routing_http_area(),
      schema_area(),
      selectors_area(),
      signed_records_area(),
      unixfs_area(),
      varint_area(),
  };
}

}  // namespace conformance
