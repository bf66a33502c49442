// Paths: what parses is printed as a text that parses to the same.
#include <cairn/ipld/path.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const text = as_text({data, size});
  for (auto const& s : {std::string{"/ipfs/bafkqaaa/"} + std::string{text}, std::string{text}}) {
    auto const p = parse_path_argument(s);
    if (auto const strict = parse_path(s)) CAIRN_LAW(p && to_string(*p) == to_string(*strict));
    if (!p) continue;
    auto const again = parse_path(to_string(*p));
    CAIRN_LAW(again && to_string(*again) == to_string(*p));
  }
  return 0;
}
