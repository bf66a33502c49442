// dag-cbor: strict bytes are canonical, lax reads all that strict reads, DRISL reads less; links agree with the node.
#include <cairn/ipld/codec/dag_cbor.hpp>

#include "codec_law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  auto const ignore = [](cid const&) {};
  (void)dag_cbor::links(in, link_sink{ignore});
  auto const strict = dag_cbor::decode(in);
  auto const lax = dag_cbor::decode(in, codec_mode::lax);
  fuzz::same_document<dag_cbor>(in, strict, codec_mode::strict);
  fuzz::same_document<dag_cbor>(in, lax, codec_mode::lax);
  if (strict) {
    CAIRN_LAW(lax && *lax == *strict);
    auto out = bytes{};
    CAIRN_LAW(dag_cbor::encode(*strict, out) && equal(out, in));
  }
  if (lax) {
    fuzz::same_links<dag_cbor>(in, *lax);
    auto out = bytes{};
    CAIRN_LAW(dag_cbor::encode(*lax, out, codec_mode::lax));
    auto const again = dag_cbor::decode(out, codec_mode::lax);
    CAIRN_LAW(again && *again == *lax);
  }
  if (drisl::decode(in)) CAIRN_LAW(strict);
  if (plain_cbor::decode(in)) CAIRN_LAW(lax && fuzz::links<dag_cbor>(in).empty());
  return 0;
}
