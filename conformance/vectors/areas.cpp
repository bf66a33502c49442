#include "areas.hpp"

namespace conformance {

auto all_areas() -> std::vector<area> {
  return {
      chunker_area(),
      varint_area(),
  };
}

}  // namespace conformance
