// Every base: what decodes, encodes to a text that decodes to the same octets.
#include <cairn/multiformats/multibase.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size > 4096) return 0;  // positional bases are quadratic
  auto const in = bytes_view{data, size};
  auto const decoded = decode_multibase(as_text(in));
  fuzz::says_why(decoded);
  if (decoded) {
    CAIRN_LAW(read_multibase_prefix(as_text(in)) == decoded->first);
    auto const again = decode_multibase(encode_multibase(decoded->first, decoded->second));
    CAIRN_LAW(again && *again == *decoded);
  }
  for (auto const& row : multibase_table()) {
    auto const back = decode_base(row.base, encode_base(row.base, in));
    CAIRN_LAW(back && equal(*back, in));
    CAIRN_LAW(parse_multibase_name(to_string(row.base)) == row.base);
  }
  if (auto const base = parse_multibase_name(as_text(in))) CAIRN_LAW(to_string(*base) == as_text(in));
  return 0;
}
