#include "areas.hpp"

namespace conformance {

auto all_areas() -> std::vector<area> {
  return {
      varint_area(),
  };
}

}  // namespace conformance
