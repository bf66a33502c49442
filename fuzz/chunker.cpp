// Chunkers by their text, on any content: chunks are within bounds, depend on their own bytes only, and make up the input.
#include <cairn/unixfs/any_chunker.hpp>

#include "law.hpp"

#include <algorithm>

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  auto const end = std::find(in.begin(), in.end(), byte{0});
  auto const text = as_text({in.begin(), end});
  auto const chunker = parse_chunker(text);
  if (!chunker || end == in.end()) return 0;
  CAIRN_LAW(chunker->max_size() >= 1);
  for (auto rest = bytes_view{end + 1, in.end()}; !rest.empty();) {
    auto const n = chunker->cut(rest);
    auto const most = std::min(rest.size(), chunker->max_size());
    CAIRN_LAW(n >= 1 && n <= most);
    CAIRN_LAW(chunker->cut(rest.first(most)) == n);
    rest = rest.subspan(n);
  }
  return 0;
}
