// CIDs, binary and text: whatever decodes encodes to the same bytes, and text and bytes agree.
#include <cairn/multiformats/cid.hpp>

#include "law.hpp"

using namespace cairn;

namespace {

void laws(cid const& c) {
  for (auto base : {multibase::base58btc, multibase::base16, multibase::base36}) {
    auto const text = to_string(c, base);
    CAIRN_LAW(text ? parse_cid(*text) == c : c.version() == 0 && base != multibase::base58btc);
  }
  auto const modern = c.to_v1();
  CAIRN_LAW(((modern <=> c) == 0) == (c.version() == 1) && modern.hash() == c.hash());
  auto const old = to_v0(c);
  if (old) CAIRN_LAW(old->version() == 0 && old->to_v1() == modern);
  fuzz::says_why(old);
  CAIRN_LAW(std::hash<cid>{}(parse_cid(to_string(c)).value()) == std::hash<cid>{}(c));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  auto const read = read_cid(in);
  fuzz::says_why(read);
  if (read) {
    auto const consumed = in.first(size - read->rest.size());
    CAIRN_LAW(equal(to_bytes(read->value), consumed));
    CAIRN_LAW(read->value.encoded_size() == consumed.size());
    auto const again = parse_cid(to_string(read->value));
    CAIRN_LAW(again && *again == read->value);
    laws(read->value);
  }
  auto const parsed = parse_cid(as_text(in));
  fuzz::says_why(parsed);
  if (parsed) {
    laws(*parsed);
    auto const decoded = decode_cid(to_bytes(*parsed));
    CAIRN_LAW(decoded && *decoded == *parsed);
  }
  return 0;
}
