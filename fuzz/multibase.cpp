// Every base: what decodes, encodes to a text that decodes to the same octets.
#include <cairn/multiformats/multibase.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size > 4096) return 0;  // positional bases are quadratic
  auto const in = bytes_view{data, size};
  if (auto const decoded = decode_multibase(as_text(in))) {
    auto const again = decode_multibase(encode_multibase(decoded->first, decoded->second));
    CAIRN_LAW(again && *again == *decoded);
  }
  for (auto const& row : multibase_table()) {
    auto const back = decode_base(row.base, encode_base(row.base, in));
    CAIRN_LAW(back && equal(*back, in));
  }
  return 0;
}
