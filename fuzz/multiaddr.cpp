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
    auto built = multiaddr{};
    for (auto const& c : *m) {
      CAIRN_LAW(m->find(c.code()) && decapsulate(*m, c.code()).bytes().size() < in.size());
      auto const one = make_multiaddr(c.code(), c.value());
      fuzz::says_why(one);
      if (!one) continue;
      CAIRN_LAW(equal(one->bytes(), c.bytes()));
      if (auto const more = encapsulate(built, *one)) built = *more;
    }
    if (built.bytes().size() == in.size()) CAIRN_LAW(built == *m);
    (void)read_http_endpoint(*m);
  }
  if (auto const m = parse_multiaddr(as_text(in))) {
    auto const decoded = decode_multiaddr(m->bytes());
    CAIRN_LAW(decoded && *decoded == *m);
    CAIRN_LAW(parse_multiaddr(to_string(*m)) == *m);
  }
  return 0;
}
