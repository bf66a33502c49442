// Addresses, binary and text: whatever decodes keeps its octets, its text reads back to it, and its parts add up.
#include <cairn/multiformats/multiaddr.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  if (auto const m = decode_multiaddr(in)) {
    CAIRN_LAW(equal(m->bytes(), in));
    auto const again = parse_multiaddr(to_string(*m));
    CAIRN_LAW(again && *again == *m);
    std::size_t sum = 0;
    for (auto const& c : *m) sum += c.bytes().size();
    CAIRN_LAW(sum == in.size());
    CAIRN_LAW(decapsulate(*m, *m).empty());
    (void)read_http_endpoint(*m);
  }
  if (auto const m = parse_multiaddr(as_text(in))) {
    auto const decoded = decode_multiaddr(m->bytes());
    CAIRN_LAW(decoded && *decoded == *m);
    CAIRN_LAW(parse_multiaddr(to_string(*m)) == *m);
  }
  return 0;
}
