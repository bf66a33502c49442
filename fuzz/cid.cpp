// CIDs, binary and text: whatever decodes encodes to the same bytes, and text and bytes agree.
#include <cairn/multiformats/cid.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  if (auto const read = read_cid(in)) {
    auto const consumed = in.first(size - read->rest.size());
    CAIRN_LAW(equal(to_bytes(read->value), consumed));
    CAIRN_LAW(read->value.encoded_size() == consumed.size());
    auto const again = parse_cid(to_string(read->value));
    CAIRN_LAW(again && *again == read->value);
  }
  if (auto const parsed = parse_cid(as_text(in))) {
    auto const decoded = decode_cid(to_bytes(*parsed));
    CAIRN_LAW(decoded && *decoded == *parsed);
  }
  return 0;
}
