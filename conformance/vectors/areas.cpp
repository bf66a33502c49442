#include "areas.hpp"

namespace conformance {

auto all_areas() -> std::vector<area> {
  return {
      chunker_area(),
      cid_area(),
      multiaddr_area(),
      multibase_area(),
      multicodec_area(),
      multihash_area(),
      unixfs_area(),
      varint_area(),
  };
}

}  // namespace conformance
